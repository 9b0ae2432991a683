"""Retrievers put together: ``lexical + dense`` fuses, ``fused >> reader`` ranks again, ``seal % 20`` takes 20 hits.

An expression is a value that opens nothing; ``str`` writes it as it is read. A user's own retriever, any object with
``name`` and ``search``, may stand wherever a name does; behind ``>>`` also a function of the question and the hits.
``%`` binds closer than ``+``, and ``+`` closer than ``>>``, as in Python.

>>> str((lexical % 20 + dense) >> reader)
'lexical % 20 + dense >> reader'
>>> parse("(lexical + dense) % 5") == (lexical + dense) % 5
True
>>> parse("lexcal + dense")
Traceback (most recent call last):
...
evidentia.errors.InputError: no retriever has this name: lexcal. Did you mean lexical?
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..corpus.cancellation import check
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..errors import InputError, NotFoundError, require
from ..serving.base import LanguageModel
from .base import Embedder, Retriever
from .fusion import DEPTH, FusedRetriever, reciprocal_rank
from .registry import OVER, READ_BY_MODEL, RETRIEVERS, SPARSE

LONGEST, MOST, DEEPEST = 200, 8, 10_000
"""Characters of an expression, names in it, and hits that ``%`` may ask for: it may come from a stranger."""
_HOW = "write it like: lexical % 20 + dense >> reader"
_TOKEN = re.compile(r"\s*(>>|[+%()]|\w+|\S)")

Rerank = Callable[[str, Sequence[Evidence]], Sequence[Evidence]]


@dataclass(frozen=True)
class SearchContext:
    """What retrievers are opened with. ``embedder`` and ``model`` are called only by those that need them."""

    store: Store
    embedder: Callable[[], Embedder]
    model: Callable[[], LanguageModel]


class Expression(ABC):
    """One or several retrievers put together; see the module."""

    @abstractmethod
    def open(self, context: SearchContext) -> Retriever:
        """Opens it on a library. Raises ``MissingExtra`` where a package that it needs is not installed."""

    @abstractmethod
    def names(self) -> Iterator[str]:
        """The names of all retrievers in it, those of users too."""

    def __add__(self, other: Expression | Retriever) -> Expression:
        parts = self.parts if isinstance(self, FusedParts) else (self,)
        expression = as_expression(other)
        return FusedParts((*parts, *(expression.parts if isinstance(expression, FusedParts) else (expression,))))

    def __radd__(self, other: Retriever) -> Expression:
        return as_expression(other) + self

    def __rshift__(self, other: Expression | Rerank) -> Expression:
        if isinstance(other, NamedRetriever) and other.name in OVER:
            return Reranked(self, other)
        if isinstance(other, Expression) or not callable(other):
            raise InputError(
                "it does not rank what another retriever found",
                where=str(other),
                fix=f"write behind >> one of {', '.join(OVER)}, or a function of the question and the hits",
            )
        return Reranked(self, other)

    def __rrshift__(self, other: Retriever) -> Expression:
        return as_expression(other) >> self

    def __mod__(self, most: int) -> Expression:
        if not isinstance(most, int) or not 1 <= most <= DEEPEST:
            raise InputError(f"behind % stands a number from 1 to {DEEPEST:,}", where=str(most), fix=_HOW)
        return FirstHits(self, most)


@dataclass(frozen=True)
class NamedRetriever(Expression):
    name: str

    def open(self, context: SearchContext) -> Retriever:
        return self.open_over(None, context)

    def open_over(self, first: Retriever | None, context: SearchContext) -> Retriever:
        if self.name in SPARSE:
            require("scipy", "local")
        more = {} if first is None else {"first": first}
        made: Retriever = RETRIEVERS.load(self.name)(context.store, context.embedder, context.model, **more)
        return made

    def names(self) -> Iterator[str]:
        yield self.name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class OwnRetriever(Expression):
    """A retriever of the user's own, as it is."""

    retriever: Retriever

    def open(self, context: SearchContext) -> Retriever:
        return self.retriever

    def names(self) -> Iterator[str]:
        yield self.retriever.name

    def __str__(self) -> str:
        return self.retriever.name


@dataclass(frozen=True)
class FusedParts(Expression):
    """Fuses dense and lexical search, each once and nothing else, by what their scores mean, and all others by rank."""

    parts: tuple[Expression, ...]

    def open(self, context: SearchContext) -> Retriever:
        opened = [part.open(context) for part in self.parts]
        kinds = [_kind(part) for part in self.parts]
        if sorted(kinds) == ["dense", "lexical"]:
            near, said = (opened[kinds.index(kind)] for kind in ("dense", "lexical"))
            return FusedRetriever(context.store, context.embedder, near=near, said=said)
        return FusedByRank(str(self), opened)

    def names(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.names()

    def __str__(self) -> str:
        return " + ".join(_inside(part, Reranked) for part in self.parts)


@dataclass(frozen=True)
class Reranked(Expression):
    first: Expression
    by: NamedRetriever | Rerank

    def open(self, context: SearchContext) -> Retriever:
        first = self.first.open(context)
        if isinstance(self.by, NamedRetriever):
            return self.by.open_over(first, context)
        return RankedByFunction(str(self), first, self.by)

    def names(self) -> Iterator[str]:
        yield from self.first.names()
        if isinstance(self.by, NamedRetriever):
            yield self.by.name

    def __str__(self) -> str:
        return f"{self.first} >> {getattr(self.by, '__name__', self.by)}"


@dataclass(frozen=True)
class FirstHits(Expression):
    of: Expression
    most: int

    def open(self, context: SearchContext) -> Retriever:
        return CutRetriever(str(self), self.of.open(context), self.most)

    def names(self) -> Iterator[str]:
        return self.of.names()

    def __str__(self) -> str:
        return f"{_inside(self.of, Reranked, FusedParts)} % {self.most}"


@dataclass(frozen=True)
class FusedByRank:
    name: str
    parts: Sequence[Retriever]

    def search(self, question: str, k: int) -> list[Evidence]:
        depth = max(k, DEPTH)
        return reciprocal_rank([part.search(question, depth) for part in self.parts], k)


@dataclass(frozen=True)
class RankedByFunction:
    name: str
    first: Retriever
    by: Rerank

    def search(self, question: str, k: int) -> list[Evidence]:
        return list(self.by(question, self.first.search(question, max(k, DEPTH))))[:k]


@dataclass(frozen=True)
class CutRetriever:
    name: str
    of: Retriever
    most: int

    def search(self, question: str, k: int) -> list[Evidence]:
        return self.of.search(question, min(k, self.most))


def as_expression(one: Expression | Retriever | str) -> Expression:
    """Makes an expression of a name, of text, or of a user's retriever; an expression stays what it is."""
    if isinstance(one, str):
        return parse(one)
    if isinstance(one, Expression):
        return one
    if not callable(getattr(one, "search", None)) or not isinstance(getattr(one, "name", None), str):
        raise InputError("a retriever has a name and a method search(question, k)", where=repr(one), fix=_HOW)
    return OwnRetriever(one)


def parse(text: str) -> Expression:
    """Reads an expression from text. Raises ``InputError`` for what is no expression, and for a name that no retriever
    has."""
    if len(text) > LONGEST:
        raise InputError(f"the retriever has {len(text):,} characters, more than {LONGEST}", fix=_HOW)
    expression = _Parser(text).whole()
    if len(list(expression.names())) > MOST:
        raise InputError(f"it names more than {MOST} retrievers", where=text, fix="leave some out")
    return expression


def is_read_by_model(text: str | None) -> bool:
    """Whether a language model reads for an expression, be it right or wrong: such a search takes long."""
    return text is not None and not READ_BY_MODEL.isdisjoint(_TOKEN.findall(text[:LONGEST]))


def open_retriever(
    retriever: str | Expression | Retriever,
    store: Store,
    embedder: Callable[[], Embedder],
    model: Callable[[], LanguageModel],
) -> Retriever:
    """Opens a retriever on a library. Raises ``InputError`` for what is no retriever, ``MissingExtra`` where a package
    that it needs is not installed."""
    check()
    return as_expression(retriever).open(SearchContext(store, embedder, model))


class _Parser:
    """A recursive descent: ``>>`` of sums of cuts of names and brackets."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._at = text, _TOKEN.findall(text), 0

    def whole(self) -> Expression:
        expression = self._reranking()
        if self._next:
            raise self._wrong(f"{self._next} stands where + or >> or % or the end is expected")
        return expression

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, token: str) -> bool:
        if self._next != token:
            return False
        self._at += 1
        return True

    def _reranking(self) -> Expression:
        expression = self._sum()
        while self._take(">>"):
            expression = expression >> self._sum()
        return expression

    def _sum(self) -> Expression:
        expression = self._cut()
        while self._take("+"):
            expression = expression + self._cut()
        return expression

    def _cut(self) -> Expression:
        expression = self._single()
        while self._take("%"):
            number = self._next
            if not number.isdecimal():
                raise self._wrong(f"a number is missing behind %{f', where {number} stands' if number else ''}")
            self._at += 1
            expression = expression % int(number)
        return expression

    def _single(self) -> Expression:
        if self._take("("):
            inner = self._reranking()
            if not self._take(")"):
                raise self._wrong("a bracket is not closed")
            return inner
        name = self._next
        if not name or not (name[0].isalpha() or name[0] == "_"):
            raise self._wrong(f"the name of a retriever is missing{f' before {name}' if name else ' at the end'}")
        try:
            RETRIEVERS.check(name)
        except NotFoundError as error:
            raise InputError(error.what, where=name, fix=error.fix) from error
        self._at += 1
        return NamedRetriever(name)

    def _wrong(self, what: str) -> InputError:
        return InputError(what, where=self._text, fix=_HOW)


def _kind(expression: Expression) -> str:
    """The kind is told by the scale of its scores: that of a name, of however few of its hits."""
    inner = expression.of if isinstance(expression, FirstHits) else expression
    return inner.name if isinstance(inner, NamedRetriever) else ""


def _inside(expression: Expression, *looser: type[Expression]) -> str:
    return f"({expression})" if isinstance(expression, looser) else str(expression)


dense = NamedRetriever("dense")
lexical = NamedRetriever("lexical")
ngram = NamedRetriever("ngram")
seal = NamedRetriever("seal")
cfic = NamedRetriever("cfic")
likelihood = NamedRetriever("likelihood")
multihop = NamedRetriever("multihop")
structure = NamedRetriever("structure")
relational = NamedRetriever("relational")
fused = NamedRetriever("fused")
reader = NamedRetriever("reader")
