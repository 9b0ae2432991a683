"""ECMA's regular expressions in the engine's words, and expressions for all texts but some."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.patterns import exactly, other_than, translate

TEXTS = st.lists(st.text("ab\n\\é", max_size=4), max_size=5)


def python(expression: str) -> re.Pattern[str]:
    """The same in Python's syntax."""
    return re.compile(
        re.sub(r"\\x\{([0-9A-F]+)\}", lambda match: f"\\U{int(match[1], 16):08x}", expression)[:-1] + r"\Z"
    )


@pytest.mark.parametrize(
    ("ecma", "ours"),
    [
        ("^a.b$", r"^a[^\n\r\x{2028}\x{2029}]b$"),
        (r"\d+\w", "[0-9]+[A-Za-z0-9_]"),
        (r"[\d.-]", "[0-9.-]"),
        (r"\u00e9\xe9\cA\/\-", r"\x{E9}\x{E9}\x{1}\x{2F}\x{2D}"),
        (r"\uD83D\uDE00", r"\x{1F600}"),
        ("(?<year>[0-9]{4}?)a*?", "(?:[0-9]{4})a*"),
        (r"[a&&b[c]", r"[a\x{26}\x{26}b\x{5B}c]"),
        (r"\p{L}", r"\p{L}"),
    ],
)
def test_the_same_texts_match(ecma: str, ours: str) -> None:
    assert translate(ecma, "#") == ours


@pytest.mark.parametrize("ecma", ["(?=a)", "(?<!a)", r"(a)\1", r"\bword", r"\uD800", r"\k<year>"])
def test_what_the_engine_cannot_say_is_refused(ecma: str) -> None:
    with pytest.raises(InputError, match="#/pattern"):
        translate(ecma, "#/pattern")


@given(texts=TEXTS, probe=st.text("ab\n\\é", max_size=5))
def test_other_than_is_the_opposite_of_exactly(texts: list[str], probe: str) -> None:
    inside = bool(texts) and python(exactly(texts)).match(probe) is not None
    assert inside == (probe in texts)
    assert (python(other_than(texts)).match(probe) is None) == inside
