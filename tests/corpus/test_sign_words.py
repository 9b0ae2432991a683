"""Signs as words of the index and of questions."""

from __future__ import annotations

import pytest

from evidentia.corpus.sign_words import asked_sign, asked_sign_words, sign_words, signs_of, term_sign


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("what does the ~ symbol mean", "~"),
        ("what is & on the chart?", "&"),
        ("What does '^K' do?", "^K"),
        ("what is the '?' key for", "?"),
        ("what's the | sign", "|"),
        ("what is a lease & a licence", ""),
        ("what does it mean?", ""),
        ("what is -x", ""),
    ],
)
def test_the_sign_that_is_asked_about(question, sign) -> None:
    assert asked_sign(question) == sign


def test_signs_stand_before_their_meaning_in_cells_or_in_quotes():
    assert signs_of('  ~    Eddies.\nPress `^K\' or "!".\n| % | wreck |\n') == {"~", "^K", "!", "%"}
    assert not signs_of("-  a bullet\n*  another\nYes! And no? (So it is.)")
    assert term_sign("~    Eddies.") == "~"
    assert not term_sign("Eddies: ~  or so")
    assert set(asked_sign_words("what does ~ mean")) <= set(sign_words("~   Eddies.").split())
