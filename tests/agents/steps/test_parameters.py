"""Defaults of parameters, read from the signatures that declare them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library
from evidentia.agents.steps.parameters import defaults
from evidentia.retrieval.embedders.hash import HashEmbedder

PUMP = """class Pump:
    def __init__(
        self,
        rate: int = 7,
        limits: dict[str, int] = {"low": 1, "high": 9},
        max_wait: float = 2.5,
    ) -> None:
        self.rate = rate


def fill(tank, litres=30):
    return tank + litres
"""


@pytest.mark.parametrize(
    ("question", "value", "quoted"),
    [
        ("What is the default rate of `Pump`?", "7", "rate: int = 7"),
        ("What is the default maximum wait of `Pump`?", "2.5", "max_wait: float = 2.5"),
        ("How many litres does `fill` take by default?", "30", "def fill(tank, litres=30):"),
        ("What is the default max_wait of Pump?", "2.5", "max_wait: float = 2.5"),
    ],
)
def test_a_default_is_answered_by_the_signature(tmp_path: Path, question: str, value: str, quoted: str) -> None:
    (tmp_path / "pump.py").write_text(PUMP)
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "pump.py")
        answer = library.ask(question)
    assert (answer.short, answer.fit) == (value, "likely")
    assert quoted in answer.citations[0].quote
    assert answer.citations[0].verified


def test_what_stands_in_brackets_is_no_parameter() -> None:
    found = list(defaults("def f(a, b: Callable[[int], str]=lambda x=1: 'a', *, c: Literal['=']='=') -> None"))
    assert [name for name, _ in found] == ["b", "c"]


@pytest.mark.parametrize(
    "signature",
    [
        "function fill(tank, litres = 30)",
        "fill(tank: Tank, litres?: number = 30): void",
        "def fill(tank, litres: 30)",
        "public static function fill(Tank $tank, int $litres = 30): void",
        "public void Fill(Tank tank, long litres = 30)",
        "void fill(Tank& tank, const int litres = 30)",
    ],
)
def test_every_language_has_its_way_to_write_a_default(signature: str) -> None:
    assert list(defaults(signature)) == [("litres", "30")]
