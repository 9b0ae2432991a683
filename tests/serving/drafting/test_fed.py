"""A drafter that is fed with a library guesses from its texts, and changes no token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.corpus.passages import texts_spread
from evidentia.serving.base import Sampling
from evidentia.serving.drafting.aded import best_first, tree_search
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.models.local import LocalTransformers

SAID = "The valve of the boiler must be checked every spring by a plumber."


@pytest.fixture
def library(tmp_path: Path, tiny_checkpoint: Callable[..., Path]) -> Library:
    settings = Settings(library=tmp_path / "library", embedder="hash", model=str(tiny_checkpoint("llama")))
    (tmp_path / "a.md").write_text(f"# Boiler\n\n{SAID}\n")
    with Library(settings=replace(settings, drafter="aded")) as made:
        made.add(tmp_path / "a.md")
        yield made


def guessed(model: LocalTransformers, prompt: str, count: int) -> str:
    assert model.engine.drafter is not None
    tree = model.engine.drafter.start(model.encode(prompt)).draft(count)
    at, found = -1, []
    for number, (token, parent) in enumerate(zip(tree.tokens.tolist(), tree.parents.tolist(), strict=True)):
        if parent == at:
            found.append(token)
            at = number
    return model.decode(found)


def test_the_model_of_a_library_guesses_from_its_passages(library: Library, tmp_path: Path) -> None:
    model = library.model()
    assert isinstance(model, LocalTransformers)
    said = "va" + guessed(model, "qqq The va", 16)
    assert said.startswith("valv")
    assert all(said[at : at + 3] in SAID for at in range(len(said) - 2))
    (tmp_path / "a.md").write_text("# Kiln\n\nNobody opens a kiln that glows.\n")
    library.add(tmp_path / "a.md")
    assert not guessed(model, "qqq The va", 16).startswith("lv")
    assert guessed(model, "that gl", 16).startswith("ows")


def test_passages_are_taken_from_all_over_a_large_library(library: Library, tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.md").write_text(f"# Pump {number}\n\nPump {number} has valve {number * 7}.\n")
    library.add(*tmp_path.glob("*.md"))
    everything = list(texts_spread(library.store, 1_000_000))
    assert sum("has valve" in text for text in everything) == 40
    some = list(texts_spread(library.store, 300))
    assert 0 < sum(map(len, some)) < 450
    assert any("Pump 3" in text for text in some)
    assert set(some) < set(everything)
    assert sum(map(len, texts_spread(library.store, 5))) <= 5


@pytest.mark.parametrize("make", [best_first, tree_search])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_fed_with_what_is_written_guesses_hold_and_no_token_changes(
    small: Callable[..., LocalTransformers], make: Callable[..., object], temperature: float
) -> None:
    model = small()
    free = Prices({1: 1.0, 64: 1.0})
    request = EngineRequest(tuple(range(5, 25)), Sampling(60, temperature, seed=3), ignore_ends=True)

    def reply(drafter: object) -> tuple[list[int], int]:
        engine = Engine(model.network, model.ends, 128, drafter=drafter, prices=free)
        made = engine.submit(request)
        tokens = [token for chunk in made for token in chunk.tokens]
        engine.close()
        return tokens, made.usage.accepted

    alone, _ = reply(None)
    unfed, _ = reply(make())
    fed, accepted = reply(make(lambda: [[*request.prompt, *alone]]))
    assert alone == unfed == fed
    assert accepted > 20
