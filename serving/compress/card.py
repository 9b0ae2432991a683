"""The card of a compressed model: what it costs and what it gives, beside the model that it was made from.

Written as ``card.json`` and as the checkpoint's ``README.md``. Sizes and perplexity are known when a model is made;
``measure`` adds speed and memory on this machine, each row in a process of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ...errors import NotFoundError
from ..base import Message, Sampling
from ..models.checkpoint import CARD, PLOT, README

TOKENS = 64
"""Length of the reply that is timed."""


@dataclass(frozen=True, slots=True)
class CardRow:
    """One model, kept one way."""

    model: str
    kept: str
    """How its weights are kept (``network/linear.py``)."""
    parameters: int
    bytes: int
    """Size of the checkpoint on disk."""
    perplexity: float | None = None
    plain: float | None = None
    guessed: float | None = None
    """Tokens per second, without guesses and with them."""
    first: float | None = None
    """Seconds to the first token behind a prompt of a few hundred tokens."""
    memory: int | None = None
    """Bytes that the process had at most."""
    four_bits: str = ""
    """How many of the matrices are multiplied as four bits."""
    jobs: Mapping[str, float] = field(default_factory=dict)
    """Shares of the product's own jobs that it does right (``benchmarks/jobs.py --card``)."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    model: str
    facts: Mapping[str, Any]
    rows: tuple[CardRow, ...]
    machine: str = ""


def first(name: str, source: Path, folder: Path, facts: Mapping[str, Any]) -> ModelCard:
    """What is known when the model has just been written to ``folder``."""
    perplexity, zeros = facts["perplexity"], 0
    if widths := facts.get("widths"):
        wide = json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden_size"]
        zeros = 3 * wide * sum(max(widths) - width for width in widths)
    rows = (
        CardRow(str(facts["name"]), "as stored", parameters(source), size(source), perplexity["dense"]),
        CardRow(name, "as stored", parameters(folder) - zeros, size(folder), perplexity["compressed"]),
    )
    return ModelCard(name, facts, rows)


def write(folder: Path, card: ModelCard) -> None:
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1), encoding="utf-8")
    (folder / README).write_text(markdown(card), encoding="utf-8")
    (folder / PLOT).write_text(plot(card), encoding="utf-8")


def read(folder: Path) -> ModelCard:
    """Raises ``NotFoundError`` for a model that has none."""
    try:
        stored = json.loads((folder / CARD).read_text(encoding="utf-8"))
        return ModelCard(
            stored["model"], stored["facts"], tuple(CardRow(**row) for row in stored["rows"]), stored["machine"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotFoundError(
            "this model has no card", where=folder.name, fix="run: evidentia model compress, or model bench --card"
        ) from error


def parameters(folder: Path) -> int:
    """Numbers in the checkpoint's files."""
    from math import prod

    from safetensors import safe_open

    total = 0
    for path in folder.glob("*.safetensors"):
        with safe_open(path, "np") as file:
            total += sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
    return total


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def surprise(model: Any, windows: Any) -> float:
    """Mean negative log likelihood of a token of ``windows`` ``[windows, tokens]`` (transformers' model)."""
    found = surprises(model, windows)
    return sum(found) / len(found)


def surprises(model: Any, windows: Any) -> list[float]:
    """``surprise`` of each window, for comparing models in pairs."""
    import torch

    found = []
    with torch.no_grad():
        for window in windows:
            scores = model(window[None], use_cache=False).logits[0, :-1].float()
            found.append(float(torch.nn.functional.cross_entropy(scores, window[1:])))
    return found


def served_surprises(model: Any, windows: Any) -> list[float]:
    """``surprises`` of a model on the grid of four bits as it is served, on the kernel that multiplies them."""
    import torch

    from ..network.dtype import fastest_dtype
    from ..network.lean import LeanNetwork
    from ..network.network import SequenceInput

    network, found = LeanNetwork(model.to(fastest_dtype("cpu")), "int4"), []
    memory = network.memory(windows.shape[1])
    for window in windows:
        memory.length = 0
        scores = network.forward([SequenceInput(memory, window[:-1].tolist())]).logits
        found.append(float(torch.nn.functional.cross_entropy(scores.float(), window[1:])))
    return found


def measure(card: ModelCard, source: Path, folder: Path, kinds: Sequence[str]) -> ModelCard:
    """The card with speed and memory of both models on this machine, for each way to keep weights in ``kinds``."""
    known = {row.model: row for row in card.rows}
    rows = []
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        for kind in kinds:
            for name, place in ((str(card.facts["name"]), source), (card.model, folder)):
                found = processes.submit(speeds, str(place), name, kind).result()
                rows.append(replace(known[name], kept=kind, **found))
    from ..bench import machine

    return replace(card, rows=tuple(rows), machine=machine())


def speeds(folder: str, name: str, kind: str) -> dict[str, Any]:
    """Measures one model, in this process."""
    import resource

    from ..bench import PROMPTS
    from ..models.local import load_local

    model = load_local(Path(folder), name, kind=kind)
    prompt = tuple(model.chat_tokens([Message("user", PROMPTS["answer"])]))
    found: dict[str, Any] = {"four_bits": four_bits(model.model) if kind == "int4" else ""}
    _time_reply(model, prompt[:8], 4, drafts=False)
    found["first"], found["plain"] = _time_reply(model, prompt, TOKENS, drafts=False)
    _, found["guessed"] = _time_reply(model, prompt, TOKENS, drafts=True)
    model.close()
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return found


def _time_reply(model: Any, prompt: tuple[int, ...], tokens: int, *, drafts: bool) -> tuple[float, float]:
    """Seconds to the first token of a reply, and tokens per second behind it."""
    from ..engine.request import EngineRequest

    start, times, written = time.perf_counter(), [], 0
    for chunk in model.engine.submit(EngineRequest(prompt, Sampling(max_tokens=tokens), drafts=drafts)):
        times.append(time.perf_counter())
        written += len(chunk.tokens) if len(times) > 1 else 0
    return times[0] - start, written / max(1e-9, times[-1] - times[0])


def four_bits(model: Any) -> str:
    """``matrices that the four-bit kernel can multiply / all`` of transformers' model."""
    import torch

    from ..network.grid import grid_of

    layers = [one.weight.detach() for one in model.modules() if isinstance(one, torch.nn.Linear)]
    return f"{sum(grid_of(one.to(torch.bfloat16)) is not None for one in layers)}/{len(layers)}"


HEAD = ("model", "weights", "parameters", "file", "perplexity", "tokens/s", "with guesses", "first token", "memory")


def markdown(card: ModelCard) -> str:
    head, rows = columns(card)
    shown = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        [
            f"# {card.model}",
            "",
            describe(card),
            "",
            f"| {' | '.join(head)} |",
            "|" + "---|" * len(head),
            *shown,
            "",
            f"![beside the model that it was made from]({PLOT})",
            "",
        ]
    )


def columns(card: ModelCard) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of the table: columns that nothing is known of are left out."""
    jobs = list(dict.fromkeys(job for row in card.rows for job in row.jobs))
    head = [*HEAD, *jobs]
    rows = [[*cells(row), *(f"{row.jobs[job]:.2f}" if job in row.jobs else "" for job in jobs)] for row in card.rows]
    shown = [at for at in range(len(head)) if any(row[at] for row in rows)]
    return [head[at] for at in shown], [[row[at] for at in shown] for row in rows]


def plot(card: ModelCard) -> str:
    """Each figure of the compressed model beside the dense one's, which is 1, as an SVG document: bars to the right
    are more."""
    from ..bench import bars

    found: list[tuple[str, float]] = []
    for row in card.rows:
        dense = next(one for one in card.rows if one.kept == row.kept)
        if row is dense:
            continue
        kept = f" ({row.kept})" if len(card.rows) > 2 else ""
        figures: dict[str, tuple[float | None, float | None]] = {
            "parameters": (row.parameters, dense.parameters),
            "file": (row.bytes, dense.bytes),
        }
        figures |= {"perplexity": (row.perplexity, dense.perplexity), "tokens/s": (row.plain, dense.plain)}
        figures |= {"with guesses": (row.guessed, dense.guessed), "first token": (row.first, dense.first)}
        figures |= {"memory": (row.memory, dense.memory)}
        figures |= {job: (share, dense.jobs.get(job)) for job, share in row.jobs.items()}
        found += [(f"{name}{kept}", new / old) for name, (new, old) in figures.items() if new and old]
    return bars(found, f"{card.model}: times the figure of {card.facts['name']}", len(found))


def describe(card: ModelCard) -> str:
    """How the model came about, and what its figures are of."""
    facts, recipe = card.facts, card.facts["recipe"]
    again = ", and rounded onto the grid of four bits again" if facts["four_bits"] else ""
    lines = [
        f"Made from {facts['name']}: {100 * (1 - recipe['keep']):g} % of the feed-forward channels were taken away by "
        f"{recipe['strategy']}, calibrated on {recipe['windows']} windows of {recipe['length']} tokens{again}.",
        f"Perplexity is of {facts['perplexity']['tokens']:,} tokens of the same text that were not calibrated on.",
        f"Seed {recipe['seed']}; SHA-256 of the text's tokens {facts['text'][:16]}…, of the source's weights "
        f"{facts['weights'][:16]}….",
    ]
    if widths := facts.get("widths"):
        lines.append(
            f"Layers keep {min(widths):,} to {max(widths):,} channels; the file is filled up with zeros, which our "
            "engine leaves out and other programs multiply."
        )
    if learnt := facts.get("recovered"):
        how = f"changes of rank {recipe['rank']} shared by {recipe['ranks']}, merged afterwards"
        if "merge" not in facts["steps"]:
            how = "scales and middles of its groups of weights, on the grid of four bits"
        lines.insert(
            1,
            f"It then read what the whole model says for {learnt['seconds'] / 60:.0f} processor minutes "
            f"({learnt['steps']:,} steps, {how}; distance {learnt['first']:.2f} to {learnt['last']:.2f} nats).",
        )
    return "\n".join([*lines, f"Speed and memory: {card.machine}."] if card.machine else lines)


def cells(row: CardRow) -> list[str]:
    """The cells that are shown under ``HEAD``."""

    def figure(value: float | None, form: str) -> str:
        return "" if value is None else form.format(value)

    return [
        row.model,
        f"{row.kept}{f' ({row.four_bits} as four bits)' if row.four_bits else ''}",
        f"{row.parameters / 1e6:.1f} M",
        f"{row.bytes / 1e6:.0f} MB",
        figure(row.perplexity, "{:.2f}"),
        figure(row.plain, "{:.1f}"),
        figure(row.guessed, "{:.1f}"),
        "" if row.first is None else f"{row.first:.2f} s",
        "" if row.memory is None else f"{row.memory / 1e6:.0f} MB",
    ]
