"""Drafters that were trained, each beside its rivals: mean accepted tokens per pass of the local model.

Greedy replies are replayed, so that a drafter is asked at every place where it would be asked; sampled ones are written
live by the engine. ``--weights`` is the folder with the runs of ``training/``: ``kangaroo``, ``s2d``, ``draft-plain``,
``draft-grounded``, and of ``training/fspad.py`` ``eagle``, ``sampling``, ``partial``, ``both``. What is missing there
is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from evidentia.agents import grounded
from evidentia.evaluation.prompts import mixed_prompts, quote_prompts
from evidentia.evaluation.recorded_replies import add_options
from evidentia.evaluation.report import arguments, report
from evidentia.serving import load
from evidentia.serving.base import Message, Sampling
from evidentia.serving.drafting.draft_model import DraftChain, draft_model
from evidentia.serving.drafting.drafter import Drafter, PassOutcome
from evidentia.serving.drafting.fspad import fspad
from evidentia.serving.drafting.kangaroo import kangaroo
from evidentia.serving.drafting.rsd import Beam, Constant, Independent
from evidentia.serving.drafting.s2d import s2d, sorted_network
from evidentia.serving.drafting.small_model import Grow
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.engine.verify import walk
from evidentia.serving.models.adapters import with_adapter
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.network import SequenceInput
from evidentia.settings import Settings

FREE = Prices({1: 1.0, 64: 1.0})
"""Nothing is saved on guesses: what a drafter brings is measured, not what pays here."""


@dataclass(frozen=True)
class Text:
    prompt: list[int]
    reply: list[int]
    hidden: torch.Tensor
    """``[tokens - 1, width]``: outputs of the last layer."""


@dataclass(frozen=True)
class Row:
    part: str
    name: str
    drafter: Drafter
    budget: int


def texts(model: Any, prompts: list[list[int]], longest: int) -> list[Text]:
    """Greedy replies of ``model``."""
    engine = Engine(model.network, model.ends, model.context)
    replies = [engine.submit(EngineRequest(tuple(prompt), Sampling(longest))) for prompt in prompts]
    written = [[token for chunk in reply for token in chunk.tokens] for reply in replies]
    engine.close()
    return [
        Text(prompt, reply, hidden(model.network, prompt + reply))
        for prompt, reply in zip(prompts, written, strict=True)
        if len(reply) > 1
    ]


def hidden(network: LeanNetwork, tokens: list[int]) -> torch.Tensor:
    memory, layers = network.memory(), [network.shape.layers]
    parts = [tokens[first : first + 256] for first in range(0, len(tokens) - 1, 256)]
    return torch.cat([network.forward([SequenceInput(memory, part)], [], layers).hidden[0] for part in parts])


def step(
    text: Text, first: int, read: np.ndarray, parents: np.ndarray, path: np.ndarray, written: tuple[int, ...]
) -> PassOutcome:
    """What the engine would say; rows of guesses that do not stay are left empty."""
    known = torch.zeros(1, len(read), text.hidden.shape[1], dtype=text.hidden.dtype)
    known[0, path.tolist()] = text.hidden[first : first + len(path)]
    return PassOutcome(read, parents, np.empty((len(read), 0), np.int32), path, written, known)


def replay(drafter: Drafter, text: Text, budget: int) -> tuple[int, int, int]:
    """Tokens, passes and guesses."""
    drafting, place, passes, guesses = drafter.start(text.prompt), 0, 0, 0
    prompt = np.array(text.prompt[:-1], np.int32)
    rows = np.arange(len(prompt), dtype=np.int32)
    drafting.learn(step(text, 0, prompt, rows - 1, rows, ()))
    while place < len(text.reply):
        tree, ahead = drafting.draft(min(budget, len(text.reply) - place - 1)), text.reply[place:]
        found = walk(tree, lambda row, depth, ahead=ahead: ahead[depth], lambda token: False)  # type: ignore[misc]
        root = text.prompt[-1] if place == 0 else text.reply[place - 1]
        read = np.concatenate([np.array([root], np.int32), tree.tokens])
        parents = np.concatenate([np.array([-1], np.int32), tree.parents + 1])
        first = len(text.prompt) - 1 + place
        drafting.learn(step(text, first, read, parents, np.array(found.path), found.written))
        place, passes, guesses = place + len(found.written), passes + 1, guesses + len(tree)
    return place, passes, guesses


def live(row: Row, network: LeanNetwork, prompts: list[list[int]], longest: int) -> tuple[int, int, int]:
    """The same at temperature 1, written by the engine."""
    engine = Engine(network, frozenset(), 8192, drafter=row.drafter, nodes=row.budget)
    engine.prices = FREE
    total = np.zeros(3, int)
    for number, prompt in enumerate(prompts):
        reply = engine.submit(EngineRequest(tuple(prompt), Sampling(longest, 1.0, seed=number)))
        total += sum(len(chunk.tokens) for chunk in reply), reply.usage.passes, reply.usage.drafted
    engine.close()
    return tuple(total.tolist())


def trees() -> Iterator[tuple[str, Grow, int]]:
    """RSD-C, RSD-S and independent paths: equally deep, then equally many guesses."""
    yield "chain, 4 deep", DraftChain(4), 4
    yield "RSD-C 2·2·2·1, 4 deep, 22 guesses", Constant((2, 2, 2, 1)), 64
    yield "RSD-S 6 wide, 4 deep, 24 guesses", Beam(6, 4), 64
    yield "independent, 6 paths, 4 deep", Independent(6, 4), 64
    yield "RSD-C 4·2·1, 20 guesses", Constant((4, 2, 1)), 64
    yield "RSD-S 5 wide, 4 deep, 20 guesses", Beam(5, 4), 64
    yield "independent, 20 guesses", Independent(8, 4), 20


def features_rows(network: LeanNetwork, weights: Path) -> Iterator[Row]:
    names = {
        "eagle": "EAGLE",
        "sampling": "EAGLE + feature sampling",
        "partial": "EAGLE + partial alignment",
        "both": "FSPAD: both",
    }
    for folder, name in names.items():
        if (file := weights / folder / "features.safetensors").exists():
            yield Row("FSPAD", f"{name}, beam 4 · 4", fspad(target=network, weights=file), 16)


def kangaroo_rows(network: LeanNetwork, weights: Path) -> Iterator[Row]:
    if (file := weights / "kangaroo" / "kangaroo.safetensors").exists():
        yield Row("Kangaroo", "confidence exit 0.6, at most 6", kangaroo(target=network, weights=file), 16)
        for steps in (2, 4, 6):
            fixed = kangaroo(target=network, weights=file, steps=steps, least=0.0)
            yield Row("Kangaroo", f"fixed length {steps}", fixed, 16)


def sorted_rows(part: str, network: LeanNetwork, weights: Path, own: str) -> Iterator[Row]:
    if (file := weights / "s2d" / "s2d.safetensors").exists():
        exits = sorted_network(network, file)
        yield Row(part, "S2D, exit when sure (0.6)", s2d(target=network, weights=file, steps=4), 16)
        for at, exit in enumerate(exits.exits):
            alone = draft_model(network=exits.alone(at), steps=4)
            yield Row(part, f"S2D, exit {exit} alone", alone, 16)
    if (file := weights / own / "s2d.safetensors").exists():
        network_of = sorted_network(network, file)
        yield Row(
            part,
            f"a drafter of its own, {network_of.exits[-1]} layers",
            draft_model(network=network_of.alone(0), steps=4),
            16,
        )


def asked(model: Any, chosen: argparse.Namespace) -> list[list[int]]:
    found = mixed_prompts(chosen.data, 24, 80)[: chosen.questions]
    return [model.chat_tokens([Message("user", text)])[-chosen.longest_prompt :] for _, _, text in found]


def asked_grounded(model: Any, chosen: argparse.Namespace) -> list[list[int]]:
    found = list(quote_prompts(chosen.data, chosen.questions))
    pairs = [text.removeprefix("Passage:\n").split("\n\n")[:2] for _, _, text in found]
    return [
        model.chat_tokens(grounded.messages(asked.removeprefix("Question: "), [passage])) for passage, asked in pairs
    ]


def main() -> None:
    parser = arguments(__doc__)
    add_options(parser)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=24)
    parser.add_argument("--longest", type=int, default=64, help="tokens of a reply")
    parser.add_argument("--longest-prompt", type=int, default=400, help="tokens of a prompt, its end")
    parser.add_argument("--parts", nargs="+", default=["RSD", "S2D", "FSPAD", "Kangaroo"])
    parser.add_argument("--drafts", default="both", help="the head that RSD draws from, or s2d")
    chosen = parser.parse_args()
    model: Any = load(Settings.from_env().model, Settings.from_env())
    network: LeanNetwork = model.network
    prompts = asked(model, chosen)
    plain = texts(model, prompts, chosen.longest)
    rows: list[list[object]] = []

    def measure(row: Row, said: Callable[[Row], tuple[int, int, int]]) -> None:
        tokens, passes, guesses = said(row)
        rows.append([row.part, row.name, tokens / passes, guesses / passes])
        print(rows[-1], flush=True)

    def replayed(on: list[Text]) -> Callable[[Row], tuple[int, int, int]]:
        return lambda row: tuple(np.sum([replay(row.drafter, text, row.budget) for text in on], 0).tolist())

    if "FSPAD" in chosen.parts:
        for row in features_rows(network, chosen.weights):
            measure(row, replayed(plain))
    if "Kangaroo" in chosen.parts:
        for row in kangaroo_rows(network, chosen.weights):
            measure(row, replayed(plain))
    if "S2D" in chosen.parts:
        for row in sorted_rows("S2D, plain", network, chosen.weights, "draft-plain"):
            measure(row, replayed(plain))
        other: Any = with_adapter(model, "grounded")
        written = texts(other, asked_grounded(other, chosen), chosen.longest)
        for row in sorted_rows("S2D, grounded", other.network, chosen.weights, "draft-grounded"):
            measure(row, replayed(written))
    if "RSD" in chosen.parts:
        for name, growing, budget in trees():
            drafter = drawing(network, chosen, growing)
            measure(Row("RSD, greedy", name, drafter, budget), replayed(plain))
            measure(
                Row("RSD, temperature 1", name, drafter, budget),
                lambda row: live(row, network, prompts, chosen.longest),
            )
    metrics = {f"{part} / {name}": value for part, name, value, _ in rows}
    report(chosen.json, "Trained drafters", ["part", "drafter", "tokens a pass", "guesses a pass"], rows, metrics)


def drawing(network: LeanNetwork, chosen: argparse.Namespace, growing: Grow) -> Drafter:
    if chosen.drafts == "s2d":
        exits = sorted_network(network, chosen.weights / "s2d" / "s2d.safetensors")
        made = draft_model(network=exits.alone(len(exits.exits) - 1))
        made.growing = growing
        return made
    file = chosen.weights / chosen.drafts / "features.safetensors"
    return fspad(target=network, weights=file, growing=growing)


if __name__ == "__main__":
    main()
