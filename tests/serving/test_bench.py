"""The figures of ``evidentia model bench`` are those of the replies that were written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evidentia.serving.bench import PROMPTS, BenchReport, bench, card, chart
from evidentia.serving.models.local import load_local


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, make_checkpoint: Callable[..., Path]) -> BenchReport:
    folder = make_checkpoint(tmp_path_factory.mktemp("bench"), "llama", max_position_embeddings=2048)
    model = load_local(folder, "tiny", dtype="float32", device="cpu")
    return bench(model, tokens=24, repeats=1, prompts={kind: text[:200] for kind, text in PROMPTS.items()})


def test_every_prompt_is_answered_with_and_without_guesses(found: BenchReport) -> None:
    assert found.kinds == sorted(PROMPTS)
    assert all(pair.same and pair.on > 0 and pair.off > 0 for pair in found.pairs)
    assert all(pair.usage.written <= 24 for pair in found.pairs)
    assert found.accepted_per_pass() >= 1
    assert found.cost(1) == 1


def test_the_card_and_the_chart_show_each_kind(found: BenchReport) -> None:
    text, drawing = card(found, "a machine"), chart(found)
    assert all(f"| {kind} |" in text for kind in PROMPTS)
    assert "the same with and without guesses: 8 of 8" in text
    shown = "".join(ElementTree.fromstring(drawing).itertext())
    assert all(kind in shown for kind in PROMPTS)
