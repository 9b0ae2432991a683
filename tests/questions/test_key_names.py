"""Keys are the same keys however they are written."""

from __future__ import annotations

import pytest

from evidentia.questions.key_names import keys_in


@pytest.mark.parametrize("text", ["^C", "Ctrl-C", "CTRL+C", "Control-c", "C-c", "`Ctrl`+`C`", "Strg+C"])
def test_one_name_for_each_way_to_write_it(text: str):
    assert keys_in(f"press {text} to stop") == {"ctrl+c"}


def test_words_with_hyphens_are_no_keys():
    assert not keys_in("c-section, M-Audio, a^b, option-all, meta-data, C-Cs")
    assert keys_in("M-x, then Alt+F4") == {"alt+x", "alt+f4"}
