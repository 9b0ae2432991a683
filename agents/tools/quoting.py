"""Answers that are made of numbered quotes: lines of text, their citations, and the part of the graph they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...corpus.document import Evidence
from ...corpus.quotes import quote_holds
from ...corpus.store import Store
from ...graphs.knowledge.graph import Knowledge
from ...graphs.knowledge.statements import ImportedStatement
from ..answer import Answer, Citation, Status


@dataclass
class QuotedText:
    """Takes lines and quotes in the order of the answer. A quote that does not equal the stored text is left out."""

    store: Store
    graph: Knowledge
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    entities: dict[int, None] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    """What models of imported indexes said."""

    def say(self, line: str) -> None:
        self.lines.append(line)

    def quote(self, evidence: Evidence, before: str = "") -> int:
        """Adds a quote and gives its number; 0 for a quote that does not hold. The same quote keeps its number."""
        known = next((one for one in self.citations if one.evidence.span == evidence.span), None)
        if known is None:
            if not quote_holds(self.store, evidence):
                return 0
            known = Citation(len(self.citations) + 1, evidence.quote, evidence, True)
            self.citations.append(known)
        above = "".join(f"{' '.join(governor.quote.strip('# ').split())}: " for governor in evidence.governors)
        self.lines.append(f"{before}{above}{' '.join(evidence.quote.split())} [{known.number}]")
        return known.number

    def tell(self, statement: ImportedStatement, before: str) -> int:
        """Adds what a model said, marked as that, and the sentence of the text that it had read, where the library
        holds it: the number of that citation, or 0."""
        self.told.append({"said": statement.description, "origin": statement.origin, "kind": statement.kind})
        kind = f"{statement.kind}: " if statement.kind else ""
        said = kind + (statement.description or "the two are related")
        self.say(f"{before}a model said ({statement.origin}; no quote): {said}")
        return self.quote(statement.evidence, f"{before}from its text: ") if statement.evidence else 0

    def node(self, entity: int) -> None:
        self.entities.setdefault(entity)

    def edge(self, source: int, target: int, label: str, citation: int) -> None:
        self.node(source)
        self.node(target)
        names = self.graph.name(source), self.graph.name(target)
        if any({edge["source"], edge["target"]} == {*names} and edge["label"] == label for edge in self.edges):
            return  # shown with an earlier quote
        self.edges.append({"source": names[0], "target": names[1], "label": label, "citation": citation})

    def answer(
        self, question: str, verb: str, reasons: Sequence[str] = (), short: str = "", **more: Any
    ) -> Answer | None:
        """Makes the answer of what was said; ``None`` when no quote is left, and nothing that a model said; what only a
        model said counts as written. ``more`` is metadata."""
        if not self.citations and not self.told:
            return None
        nodes = [{"name": self.graph.name(one), "kind": self.graph.kind(one)} for one in self.entities]
        metadata: dict[str, Any] = {"verb": verb, "graph": {"nodes": nodes, "edges": self.edges}, **more}
        if self.told:
            metadata["told"] = self.told
        text = "\n".join(self.lines)
        status: Status = "quoted" if self.citations else "written"
        return Answer(
            question, text, status, tuple(self.citations), reasons=tuple(reasons), metadata=metadata, short=short
        )
