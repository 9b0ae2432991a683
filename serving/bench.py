"""What drafting brings on this machine, measured on the model itself: each prompt is answered with and without guesses,
the two taking turns, and only ratios of such pairs are reported.

Knows nothing of terminals; ``evidentia model bench`` shows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from .base import Message, Sampling
from .engine.costs import measure
from .engine.request import EngineRequest, TokenUsage
from .network import torch_thread

if TYPE_CHECKING:
    from .models.local import LocalTransformers

_PASSAGE = (
    "The Great Tit is a small bird that is common across Europe, the Middle East and Central Asia. Its song is loud "
    "and has been described as a squeaky wheel. A pair raises one or two broods a year, and a clutch has five to "
    "twelve eggs. In winter the birds gather in flocks with other species and visit gardens, where they take "
    "sunflower seeds, peanuts and suet from feeders. The oldest ringed bird that is known reached an age of fifteen "
    "years."
)
PROMPTS = {
    "quote": f"{_PASSAGE}\n\nQuote the sentence that says how many eggs a clutch has, then answer: how many?",
    "answer": f"{_PASSAGE}\n\nWhat do the birds eat in winter?",
    "summary": f"{_PASSAGE}\n\nSummarise the text in two sentences.",
    "list": "List the twelve months of the year, one per line, each with its number of days.",
    "code": "Write a Python function that returns the sum of the squares of a list of numbers, and show how to use it.",
    "explain": "Explain in a few sentences why the sky is blue.",
    "letter": "Write a short letter that thanks a neighbour for watering the plants.",
    "translate": "Translate into French: The train leaves at nine, and the journey takes two hours.",
}
"""What an answer looks like matters more to drafting than what it says."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One prompt, once without guesses and once with."""

    kind: str
    off: float
    on: float
    """Seconds from the first token to the last."""
    usage: TokenUsage
    """What the reply with guesses took."""
    same: bool
    """Whether the two replies are the same tokens."""


@dataclass(frozen=True, slots=True)
class BenchReport:
    model: str
    dtype: str
    network: str
    drafter: str
    pairs: tuple[Pair, ...]
    seconds: dict[int, float] = field(default_factory=dict)
    """Seconds of a pass, by its width."""
    weights_bytes: int = 0
    bytes_per_token: int = 0

    def ratio(self, kind: str | None = None) -> float:
        """Median over prompts of the time without guesses over the time with them; above 1 guesses pay."""
        return median(pair.off / pair.on for pair in self._of(kind))

    def accepted_per_pass(self, kind: str | None = None) -> float:
        """Tokens written per pass."""
        pairs = self._of(kind)
        return sum(pair.usage.written for pair in pairs) / max(1, sum(pair.usage.passes for pair in pairs))

    def drafted_per_pass(self, kind: str | None = None) -> float:
        """Guesses verified per pass."""
        pairs = self._of(kind)
        return sum(pair.usage.drafted for pair in pairs) / max(1, sum(pair.usage.passes for pair in pairs))

    def cost(self, width: int) -> float:
        """``C(q)``."""
        return self.seconds[width] / self.seconds[1]

    @property
    def kinds(self) -> list[str]:
        return sorted({pair.kind for pair in self.pairs})

    def _of(self, kind: str | None) -> list[Pair]:
        return [pair for pair in self.pairs if kind in (None, pair.kind)]


def bench(
    model: LocalTransformers,
    *,
    tokens: int = 96,
    repeats: int = 2,
    prompts: dict[str, str] | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> BenchReport:
    """Greedy replies of at most ``tokens`` tokens to every prompt, ``repeats`` times, the order alternating. What the
    drafter learns from one reply it knows in the next, as in use. Raises ``ModelError`` for a model with a running
    state."""
    engine, pairs = model.engine, []
    asked = list((prompts or PROMPTS).items()) * repeats
    seconds = torch_thread.run(measure, engine.network)
    _time_reply(model, "Say hello.", 8, drafts=True)
    for number, (kind, prompt) in enumerate(asked):
        if progress is not None:
            progress("prompts", number, len(asked))
        runs = {
            drafts: _time_reply(model, prompt, tokens, drafts=drafts) for drafts in (number % 2 == 0, number % 2 == 1)
        }
        (off, plain, _), (on, guessed, usage) = runs[False], runs[True]
        pairs.append(Pair(kind, off, on, usage, plain == guessed))
    shape = engine.network.shape
    return BenchReport(
        model=model.name,
        dtype=str(shape.dtype).removeprefix("torch."),
        network=getattr(engine.network, "kind", type(engine.network).__name__),
        drafter=engine.drafter.name if engine.drafter else "none",
        pairs=tuple(pairs),
        seconds=seconds,
        weights_bytes=sum(weight.nbytes for weight in model.model.parameters()),
        bytes_per_token=shape.bytes_per_token,
    )


def _time_reply(
    model: LocalTransformers, prompt: str, tokens: int, *, drafts: bool
) -> tuple[float, list[int], TokenUsage]:
    ids = tuple(model.chat_tokens([Message("user", prompt)]))
    reply = model.engine.submit(EngineRequest(ids, Sampling(max_tokens=tokens), drafts=drafts))
    written: list[int] = []
    start = time.perf_counter()
    for chunk in reply:
        if not written:
            start = time.perf_counter()
        written.extend(chunk.tokens)
    return max(1e-6, time.perf_counter() - start), written, reply.usage


def machine() -> str:
    """Processor, cores and date."""
    import datetime
    import os
    import platform

    return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {datetime.date.today()}"


def card(report: BenchReport, machine: str) -> str:
    """The figures as the section of a model card, in Markdown."""
    rows = [
        f"| {kind} | {report.ratio(kind):.2f} | {report.accepted_per_pass(kind):.2f} "
        f"| {report.drafted_per_pass(kind):.1f} |"
        for kind in report.kinds
    ]
    widths = sorted(report.seconds)
    same = sum(pair.same for pair in report.pairs)
    return "\n".join(
        [
            f"## Speculative decoding of {report.model}",
            "",
            f"{machine}. Weights {report.dtype}, {report.network}; drafter: {report.drafter}; greedy.",
            "",
            "| prompt | times faster | tokens per pass | guesses per pass |",
            "|---|---|---|---|",
            *rows,
            f"| all | {report.ratio():.2f} | {report.accepted_per_pass():.2f} | {report.drafted_per_pass():.1f} |",
            "",
            f"A pass over one token takes {report.seconds[1] * 1e3:.1f} ms; C(q), beside it: "
            + ", ".join(f"{width}: {report.cost(width):.2f}" for width in widths)
            + ".",
            f"Replies that are the same with and without guesses: {same} of {len(report.pairs)}.",
            f"Memory: weights {report.weights_bytes / 1e6:.0f} MB, a token {report.bytes_per_token / 1e3:.1f} KB.",
            "",
        ]
    )


def chart(report: BenchReport) -> str:
    """``C(q)`` and the gain by kind of prompt as an SVG document, by hand."""
    widths = sorted(report.seconds)
    found: list[tuple[str, float]] = [(f"C({width})", report.cost(width)) for width in widths]
    found += [(kind, report.ratio(kind)) for kind in report.kinds]
    return bars(found, f"{report.model}: cost of a pass, and how many times faster with guesses", len(widths))


def bars(found: Sequence[tuple[str, float]], title: str, first: int) -> str:
    """Bars with their names and values and a line at 1, as an SVG document; the ``first`` have another colour."""
    from xml.sax.saxutils import escape

    height, left, step = 60 + 22 * len(found), 150, 22
    largest = max(1.0, *(value for _, value in found))
    parts = [f'<text x="16" y="24" font-size="15">{escape(title)}</text>']
    for row, (name, value) in enumerate(found):
        top, wide = 44 + step * row, 380 * value / largest
        colour = "#1b6ca8" if row < first else "#2e933c"
        parts.append(f'<text x="{left - 8}" y="{top + 12}" font-size="12" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="{left}" y="{top}" width="{wide:.1f}" height="16" fill="{colour}"/>')
        parts.append(f'<text x="{left + wide + 6:.1f}" y="{top + 12}" font-size="12">{value:.2f}</text>')
    one = left + 380 / largest
    parts.append(f'<path d="M{one:.1f} 40V{height - 16}" stroke="#888" stroke-dasharray="4 4"/>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {height}" font-family="sans-serif">\n'
        f'<rect width="600" height="{height}" fill="white"/>\n{body}\n</svg>\n'
    )
