"""What lacks the very thing that is asked about is unsure at best."""

from __future__ import annotations

import pytest

from evidentia.questions.fit import fit
from evidentia.questions.focus import focus
from evidentia.questions.question import parse


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What will a jar of honey cost in spring?", "honei"),
        ("How long does the fence last?", "fenc"),
        ("What notice do the bakers have to give?", "baker"),
        ("How heavy is the anvil?", "anvil"),
        ("What is it?", ""),
        ("Who has the anvil?", ""),
        ("Are candles allowed in the barn?", "candl"),
        ("Can we bring our parrot into the hall?", "parrot"),
        ("Do towels cost extra?", "towel"),
        ("Can I come earlier?", ""),
    ],
)
def test_the_thing_is_told_by_its_place(question: str, thing: str):
    assert focus(parse(question)) == (frozenset([thing]) if thing else frozenset())


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("What will a jar of honey cost next year?", "From 1 May 2027 marmalade will cost £4.20 a jar."),
        ("What is the average depth of the pond?", "Depth of the pond 3 m."),
        ("What notice do the bakers have to give?", "One party gives notice of three months."),
        ("Are candles allowed in the barn?", "Cut flowers are allowed in the barn."),
        ("Why did Ruth Lind leave the barn?", "The bill went to Ruth Lind in the barn."),
    ],
)
def test_a_statement_about_another_thing_is_unsure_and_not_made_likely_by_the_ranker(question: str, statement: str):
    found = fit(parse(question), statement)
    assert found.level in ("unsure", "no")
    assert not found.worded_otherwise


def test_a_pronoun_may_stand_for_the_thing():
    assert fit(parse("How long does the fence last?"), "It lasts 12 years.").level == "likely"
