"""An answer: its text, citations that can be checked, and the trace of how it came about."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ..corpus.document import Evidence, Place
from .notebook import html, markdown

Status = Literal["quoted", "written", "rows", "not_found"]
FitLevel = Literal["sure", "likely", "unsure", "no", ""]
"""How well the quoted statement fits the question; that a quote is verbatim (``verified``) is another matter."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation stands as ``[number]`` in the text. ``quote`` is the stored text at ``evidence.span`` or the rows of
    ``evidence.query``."""

    number: int
    quote: str
    evidence: Evidence
    verified: bool
    """The quote was compared with the stored document (or the query was run) before it was shown."""
    focus: tuple[Place, ...] = ()
    """Characters of ``quote`` that were chosen, where it holds what stands around them too: the statement, and before
    it what governs it (the term that it defines, the lead-in of its list)."""

    @property
    def place(self) -> str:
        """The place as people read it: ``name:line``, ``name:line-line`` or ``name, page n``, with the sheet, the
        attachment or the time behind it in brackets."""
        span = self.evidence.span
        if span is None:
            return self.evidence.name
        within = f" ({span.label})" if span.label else ""
        if span.page is not None:
            return f"{self.evidence.name}, page {span.page}{within}"
        lines = f"{span.line}" if span.line == span.end_line else f"{span.line}-{span.end_line}"
        return f"{self.evidence.name}:{lines}{within}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that a model wrote, and what the check said."""

    text: str
    supported: bool
    citation: int | None
    """Number of the citation that supports it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, what came of it, how long. ``name``: scope, route, knowledge, graph, tables, query or
    spelling before the search; the retriever's (fused), exact, rows or read for it; fit, rank, doubt, tools, map,
    reduce, write or verify after it.
    """

    name: str
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    text: str
    """Plain text with ``[n]`` marks; for ``not_found`` one sentence that says so."""
    status: Status
    citations: tuple[Citation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    """Only for a written answer."""
    trace: tuple[Step, ...] = ()
    model: str = ""
    """The language model that wrote; empty when the answer is quoted."""
    metadata: dict[str, Any] = field(default_factory=dict)
    short: str = ""
    """The few words that answer, verbatim from the first citation; empty where the question asks for more than that."""
    fit: FitLevel = ""
    """Of the first citation; ``no`` for what is only near, empty for rows and where nothing was quoted."""
    reasons: tuple[str, ...] = ()
    """Why the fit is not better, each a phrase: "speaks of the minimum"."""
    notes: tuple[str, ...] = ()
    """What the asker should know of the library beside the answer: that it is unfinished, or damaged."""

    @property
    def full_text(self) -> str:
        """The text below the few words that answer, where there are any."""
        return f"{self.short}\n\n{self.text}" if self.short else self.text

    def to_dict(self) -> dict[str, Any]:
        """The answer in values that JSON can hold: the ``--json`` form of the CLI and the body of the HTTP API."""
        result = asdict(self)
        for citation, plain in zip(self.citations, result["citations"], strict=True):
            plain["place"] = citation.place
        return result

    def _repr_markdown_(self) -> str:
        """A notebook shows this."""
        return markdown(self)

    def _repr_html_(self) -> str:
        return html(self)


Event = Step | Sentence | Answer
"""What comes while a question is answered: steps and sentences, and the answer last."""
