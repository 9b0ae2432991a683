"""Entities, typed relations and claims that the language model reads out of documents: planned, paid for by a budget,
kept document by document.

Opt-in, and never needed: the graph stands without a model. A run that is cut off, or whose budget is spent, goes on
where it ended; a document that changes is read again. What the model says is shown as what a model said.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..corpus.cancellation import check
from ..corpus.texts import named_text, parts_of
from ..corpus.tokens import tokens
from ..errors import InputError
from ..graphs.knowledge.extracted import CLAIM, DocumentReading, SaidEntity, SaidRelation, speed
from ..graphs.knowledge.facts import NO_PROSE
from ..serving.base import LanguageModel, Message, Sampling
from ..serving.talk.structured import write_json
from .tools.asked import AskedKnowledge

PIECE = 800
"""Tokens of text in one call, by the estimate of ``corpus/tokens.py``."""
REPLY = 700
"""Tokens of a reply at most."""
TRIES = 2
"""Replies that are asked for where the first is no JSON of the schema: the second is told what was wrong."""
_WRITTEN = 250
"""Tokens of a usual reply, for the plan."""
_ASSUMED = 30.0
"""Tokens a second that a model writes, where no earlier call tells; it reads ten times as fast."""
_MOST = 16
_SYSTEM = (
    "Read the text and write what it says as JSON. entities: people, organizations, places, products and other things "
    "that it names, each with its type and one short sentence. relations: two of them, a verb or role that joins them, "
    "and one short sentence. claims: what is said of one of them, with its date where one is said. Only what the text "
    "says; names as the text writes them; empty lists where it says nothing."
)


def _texts(*names: str, needed: Sequence[str]) -> dict[str, Any]:
    properties = {name: {"type": "string", "maxLength": 200} for name in names}
    items = {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}
    return {"type": "array", "items": items, "maxItems": _MOST}


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "entities": _texts("name", "type", "description", needed=("name", "type", "description")),
        "relations": _texts(
            "source", "type", "target", "description", needed=("source", "type", "target", "description")
        ),
        "claims": _texts("subject", "claim", "date", needed=("subject", "claim", "date")),
    },
    "required": ["entities", "relations", "claims"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """Money for a million tokens."""

    read: float = 0.0
    written: float = 0.0

    def of(self, read: int, written: int) -> float:
        return (read * self.read + written * self.written) / 1e6


FREE = TokenPrices()


@dataclass(frozen=True, slots=True)
class ExtractionBudget:
    """The most that a run may take: no call is begun that could go beyond it."""

    tokens: int
    money: float | None = None
    prices: TokenPrices = FREE

    def allows(self, read: int, written: int) -> bool:
        enough = self.money is None or self.prices.of(read, written) <= self.money
        return read + written <= self.tokens and enough


@dataclass(frozen=True, slots=True)
class ExtractionPlan:
    """What reading the rest would take; upper estimates, and nothing was called."""

    documents: int
    calls: int
    read: int
    """Tokens."""
    written: int
    minutes: float
    measured: bool
    """The minutes come from earlier calls of this model."""
    money: float
    enough: int
    """A budget of tokens that reaches the end where no reply is broken."""


@dataclass(frozen=True, slots=True)
class ExtractionReport:
    documents: int
    calls: int
    read: int
    written: int
    money: float
    entities: int
    relations: int
    broken: tuple[str, ...]
    """Pieces of which no reply could be used, each with the reason."""
    left: int
    """Documents that no model has read yet."""
    ended: Literal["done", "budget"]


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int

    @property
    def read(self) -> int:
        return tokens(self.text) + tokens(_SYSTEM) + tokens(json.dumps(SCHEMA))


@dataclass
class _Spent:
    calls: int = 0
    read: int = 0
    written: int = 0

    def add(self, other: _Spent) -> None:
        self.calls, self.read, self.written = (
            self.calls + other.calls, self.read + other.read, self.written + other.written
        )  # fmt: skip


def plan_extraction(
    knowledge: AskedKnowledge, model: str, prices: TokenPrices = FREE, piece: int = PIECE
) -> ExtractionPlan:
    """The dry run, by the names of models alone: nothing is loaded."""
    connection = knowledge.store.connection
    documents = calls = read = 0
    for document, _ in knowledge.unread():
        own = list(_pieces(knowledge, document, piece))
        documents += bool(own)
        calls += len(own)
        read += sum(one.read for one in own)
    written = calls * _WRITTEN
    before = speed(connection, model)
    seconds = written / _ASSUMED + read / (10 * _ASSUMED)
    if before.seconds and before.read + before.written:
        seconds = (read + written) * before.seconds / (before.read + before.written)
    money = prices.of(read, written)
    return ExtractionPlan(
        documents,
        calls,
        read,
        written=written,
        minutes=seconds / 60,
        measured=bool(before.seconds),
        money=money,
        enough=read + calls * REPLY,
    )


def extract(
    knowledge: AskedKnowledge,
    model: LanguageModel,
    budget: ExtractionBudget,
    progress: Callable[[int, int], None] | None = None,
    *,
    piece: int = PIECE,
) -> ExtractionReport:
    """Has the model read the documents that it has not read as they are now. Each document is kept when it is done, and
    one that the budget does not reach whole is left for the next run. Raises ``LibraryLocked`` when another process
    writes, ``ModelError`` when the model fails."""
    spent, done, broken = _Spent(), 0, list[str]()
    entities = relations = 0
    ended: Literal["done", "budget"] = "done"
    with knowledge.store.writing():
        waiting = knowledge.unread()
        for number, (document, passage) in enumerate(waiting):
            check()
            pieces = list(_pieces(knowledge, document, piece))
            started, own, found = time.monotonic(), _Spent(), list[tuple[_Piece, dict[str, Any]]]()
            failed: list[str] = []
            for each in pieces:
                if not budget.allows(spent.read + own.read + each.read, spent.written + own.written + REPLY):
                    ended = "budget"
                    break
                value = _ask(model, each, own, failed, budget=budget, before=spent)
                if value is not None:
                    found.append((each, value))
            spent.add(own)
            if ended == "budget":
                break
            reading = _reading(found, own, time.monotonic() - started, len(failed))
            knowledge.put_reading(document, passage, model.name, reading)
            done += bool(pieces)
            entities, relations = entities + len(reading.entities), relations + len(reading.relations)
            name = getattr(named_text(knowledge.store.connection, document), "name", "")
            broken += [f"{name}: {why}" for why in failed]
            if progress is not None:
                progress(number + 1, len(waiting))
        left = len(knowledge.unread())
    money = budget.prices.of(spent.read, spent.written)
    return ExtractionReport(
        done,
        spent.calls,
        spent.read,
        written=spent.written,
        money=money,
        entities=entities,
        relations=relations,
        broken=tuple(broken),
        left=left,
        ended=ended,
    )


def _pieces(knowledge: AskedKnowledge, document: int, most: int) -> Iterator[_Piece]:
    """The prose of a document, neighbouring passages together while they fit."""
    connection = knowledge.store.connection
    named = named_text(connection, document)
    parts = [part for part in parts_of(connection, document) if part.kind not in NO_PROSE]
    if named is None or not parts:
        return
    start, end = parts[0].start, parts[0].end
    for part in parts[1:]:
        if tokens(named.text[start : part.end]) > most:
            yield from _cut(named.text, start, end, most)
            start = part.start
        end = part.end
    yield from _cut(named.text, start, end, most)


def _cut(text: str, start: int, end: int, most: int) -> Iterator[_Piece]:
    """One passage may be longer than a piece: it is cut at the ends of lines or words."""
    size = 3 * most  # three bytes a token, by the estimate
    while end - start > size:
        at = max(text.rfind("\n", start + size // 2, start + size), text.rfind(" ", start + size // 2, start + size))
        at = at if at > start else start + size
        yield _Piece(text[start:at], start, at)
        start = at
    if text[start:end].strip():
        yield _Piece(text[start:end], start, end)


def _ask(
    model: LanguageModel, piece: _Piece, own: _Spent, failed: list[str], *, budget: ExtractionBudget, before: _Spent
) -> dict[str, Any] | None:
    """The value of a reply, after a second try where the first is broken; ``None`` with the reason in ``failed``."""
    messages = [Message("system", _SYSTEM), Message("user", piece.text)]
    why = ""
    for turn in range(TRIES):
        read = piece.read if turn == 0 else sum(tokens(message.content) for message in messages)
        if turn and not budget.allows(before.read + own.read + read, before.written + own.written + REPLY):
            break
        try:
            reply = write_json(model, messages, SCHEMA, Sampling(max_tokens=REPLY))
        except InputError as error:  # the piece does not fit the model's context
            failed.append(str(error))
            return None
        own.calls, own.read, own.written = own.calls + 1, own.read + read, own.written + tokens(reply)
        try:
            return _parse_reply(reply)
        except ValueError as error:
            why = str(error)
            told = f"That is not what was asked for ({why}). Write one JSON object with entities, relations and claims."
            messages += [Message("assistant", reply), Message("user", told)]
    failed.append(f"the model's reply is not JSON of the schema ({why})")
    return None


def _parse_reply(reply: str) -> dict[str, Any]:
    """The object of a reply, around which some models write a fence. Raises ``ValueError`` with what is wrong."""
    bare = reply.strip()
    if bare.startswith("```"):
        bare = bare.partition("\n")[2].rpartition("```")[0]
    try:
        value = json.loads(bare)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    for name, array in SCHEMA["properties"].items():
        rows = value.get(name)
        if not isinstance(rows, list):
            raise ValueError(f"{name} is no list")
        for row in rows:
            needed = array["items"]["required"]
            if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in needed):
                raise ValueError(f"an entry of {name} lacks one of: {', '.join(needed)}")
    return value


def _reading(
    found: Sequence[tuple[_Piece, dict[str, Any]]], own: _Spent, seconds: float, broken: int
) -> DocumentReading:
    """Only names that stand in the text that was read: what a model made up is left out."""
    entities: dict[tuple[str, str], SaidEntity] = {}
    relations: dict[tuple[str, ...], SaidRelation] = {}
    for piece, value in found:
        place = piece.start, piece.end
        inside = " ".join(piece.text.casefold().split())
        for row in value["entities"]:
            if _stands(row["name"], inside):
                said = SaidEntity(row["name"], row["type"].casefold(), row["description"], *place)
                entities.setdefault((row["name"].casefold(), row["description"]), said)
        for row in value["claims"]:
            if _stands(row["subject"], inside):
                text = f"{row['date']}: {row['claim']}" if row["date"] else row["claim"]
                entities.setdefault((row["subject"].casefold(), text), SaidEntity(row["subject"], CLAIM, text, *place))
        for row in value["relations"]:
            if _stands(row["source"], inside) and _stands(row["target"], inside):
                key = tuple(row[name].casefold() for name in ("source", "type", "target"))
                relation = SaidRelation(row["source"], row["target"], row["type"], row["description"], *place)
                relations.setdefault(key, relation)
    return DocumentReading(
        [*entities.values()],
        [*relations.values()],
        own.calls,
        read=own.read,
        written=own.written,
        seconds=seconds,
        broken=broken,
    )


def _stands(name: str, text: str) -> bool:
    bare = " ".join(name.casefold().split())
    return bool(bare) and bare in text
