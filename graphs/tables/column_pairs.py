"""Two columns of one row set against each other: "where is the price above the cost", "which games did the home side
win", "in which games was it a draw".

What compares them is read by its words, and both columns must be of one table and of one kind; the rest of the question
is read as any other. A side wins where its score is the higher one of a pair of columns that differ in that word alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..english.amounts import Operator
from ..english.words import root
from .draft import Draft
from .kinds import Column
from .limits import limits
from .model import Table
from .plan import ColumnReference, Condition
from .row_nouns import use_row_noun
from .word_links import ColumnName, WordLink

_LEAST = 0.3
"""Of a column's name: "than planned" says half of "guests planned"."""
_HIGHER = r"higher|greater|larger|bigger|more|longer|later|taller|heavier|better"
_LOWER = r"lower|smaller|less|fewer|shorter|earlier|lighter|cheaper|worse"
_LIGHT = r"(?:the|its|their|his|her|that|which|is|was|are|were|been|be|lies|lay|stands?|had|has|have|a|an)"
_BEFORE, _BEHIND = rf"(?:{_LIGHT} )*", rf"(?: {_LIGHT})*"
_BETWEEN: Sequence[tuple[str, Operator]] = (
    (rf"(?P<not>not )?(?:(?:{_HIGHER}) than|above|over|exceeds?|exceeded|exceeding|after)", ">"),
    (rf"(?P<not>not )?(?:(?:{_LOWER}) than|below|under|before)", "<"),
    (r"(?P<not>not )?(?:equals?|equal to|the same as|same as|identical to)", "="),
    (r"(?:different from|different to|other than|differs? from)", "<>"),
)
_AHEAD: Sequence[tuple[str, Operator]] = ((_HIGHER, ">"), (_LOWER, "<"), ("the same|same|as many|as much", "="))
_DENIED: dict[Operator, Operator] = {">": "<=", "<": ">=", "=": "<>"}
_SIDES = (("home", "away"), ("home", "visitor"), ("home", "guest"), ("host", "guest"), ("host", "visitor"))
_OF_FIRST = frozenset(("home", "host", "hosts"))
_OF_SECOND = frozenset(("away", "visitor", "visitors", "visiting", "guest", "guests"))
_TEAM = frozenset(("side", "sides", "team", "teams", "club", "clubs"))
_WON, _LOST = root("win"), root("lose")
_EVEN = frozenset(("draw", "draws", "drawn", "drew", "tie", "tied", "ties", "level"))
_SCORES = ("score", "goals", "points", "runs", "result", "sets")
_NUMBERS = ("integer", "number")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that compare two columns, each of which other words name."""

    left: WordLink
    operator: Operator
    right: WordLink
    words: frozenset[int]


def drafts_with_pairs(draft: Draft) -> Iterator[Draft]:
    """The draft, with a condition on two columns of its table where the question compares them."""
    paired = [(condition, words, "") for condition, words in (*_comparisons(draft), *_outcomes(draft))]
    for condition, words, guess in (*paired, *limits(draft)):
        intent = draft.intent
        if intent.superlative is not None and intent.superlative.at in words:  # the minimum is a column
            intent = replace(intent, superlative=None, limit=0)
        where = intent.target > 0 and draft.linked.tokens[intent.target - 1].text.casefold() == "where"
        rest = tuple(one for one in draft.linked.links if words.isdisjoint(range(one.start, one.end)))
        found = replace(
            draft,
            linked=replace(draft.linked, links=rest),
            intent=replace(
                intent,
                asks="" if intent.asks == "where" else intent.asks,
                target=0 if where else intent.target,
                negations=intent.negations - words,
                negated=frozenset(),
                used=intent.used | words,
            ),
            conditions=[condition],
            guesses=[guess] if guess else [],
            doubts=[],
            understood=words,
            score=1.0 * len(words),
            whole_rows=True,
        )
        use_row_noun(found)
        yield found


def _comparisons(draft: Draft) -> Iterator[tuple[Condition, frozenset[int]]]:
    for phrase in _phrases(draft):
        names = best_pair(draft, phrase.left, phrase.right, phrase.operator)
        if names is not None:
            left, right = (ColumnReference((), name) for name in names)
            yield Condition(left, phrase.operator, (), right), phrase.words


def _phrases(draft: Draft) -> Iterator[_Phrase]:
    links = [one for one in draft.linked.links if one.columns and one.amount is None]
    for left, right in pairwise(links):
        between = text_between(draft, left.end, right.start)
        for form, operator in _BETWEEN:
            found = re.fullmatch(rf"{_BEFORE}(?:{form}){_BEHIND}", between)
            if found is not None:
                kept = _DENIED.get(operator, operator) if found.groupdict().get("not") else operator
                yield _Phrase(left, kept, right, frozenset(range(left.start, right.end)))
        before = text_between(draft, max(0, left.start - 2), left.start)
        for form, operator in _AHEAD:
            ahead = re.search(rf"(?:^| )(?:{form})$", before)
            if ahead is not None and re.fullmatch(rf"{_BEFORE}(?:than|as){_BEHIND}", between):
                first = left.start - len(ahead[0].split())
                yield _Phrase(left, operator, right, frozenset(range(first, right.end)))


def text_between(draft: Draft, start: int, end: int) -> str:
    return " ".join(token.text.casefold() for token in draft.linked.tokens[start:end])


def best_pair(draft: Draft, left: WordLink, right: WordLink, operator: Operator | None) -> tuple[str, str] | None:
    """The two columns of the table that the words name best; ``None`` where two pairs are named as well, or their kinds
    cannot be compared. Without an operator both must be numbers."""
    found = sorted(
        (-_worth(draft, left, one) - _worth(draft, right, other), one.column, other.column)
        for one in left.columns
        for other in right.columns
        if one.table == other.table == draft.table.name and one.column != other.column
        if min(one.fit, other.fit) >= _LEAST
        if _are_comparable(draft.table.column(one.column), draft.table.column(other.column), operator)
    )
    if not found or (len(found) > 1 and found[1][0] == found[0][0]):
        return None
    return found[0][1:]


def _worth(draft: Draft, link: WordLink, name: ColumnName) -> float:
    """The words themselves say more than words that mean the same: a price is no cost where there are both."""
    said = {token.text.casefold() for token in draft.linked.tokens[link.start : link.end]}
    return name.fit + 0.6 * bool(said & {*name.column.split("_")})


def _are_comparable(one: Column, other: Column, operator: Operator | None) -> bool:
    if one.kind in _NUMBERS and other.kind in _NUMBERS:
        return True
    if operator is not None and one.kind == other.kind == "date":
        return True
    texts = ("text", "category", "identifier")
    return operator in ("=", "<>") and one.kind in texts and other.kind in texts


def _outcomes(draft: Draft) -> Iterator[tuple[Condition, frozenset[int]]]:
    words = [token.text.casefold() for token in draft.linked.tokens]
    pair = _scores(draft.table)
    if pair is None:
        return
    first, second = (ColumnReference((), name) for name in pair)
    even = {at for at, word in enumerate(words) if word in _EVEN}
    side = _side(words)
    if (both := _between_sides(words)) is not None:
        higher, at = both
        teams = {n for n, token in enumerate(draft.linked.tokens) if token.root in map(root, pair[0].split("_"))}
        yield Condition(first, ">" if higher else "<", (), second), frozenset(at | teams)
        return
    if even and side is None:
        yield Condition(first, "=", (), second), frozenset(even)
        return
    same = {at for at, word in enumerate(words) if word == "same"}
    scores = {at for at, token in enumerate(draft.linked.tokens) if token.root in map(root, pair[0].split("_"))}
    if "both" in words and same and scores and side is None:
        teams = {at for at, word in enumerate(words) if word == "both" or word in _TEAM}
        yield Condition(first, "=", (), second), frozenset(same | scores | teams)
        return
    deed = next((at for at, token in enumerate(draft.linked.tokens) if token.root in (_WON, _LOST)), None)
    if side is None or deed is None:
        return
    is_first, at = side
    higher = is_first == (draft.linked.tokens[deed].root == _WON)
    team = {n for n in at if n in range(len(words))}
    yield Condition(first, ">" if higher else "<", (), second), frozenset({*team, deed})


def _between_sides(words: Sequence[str]) -> tuple[bool, set[int]] | None:
    """ "The home side beat the visitors", "home scored more than away": whether the first is the higher one."""
    said = [(at, word in _OF_FIRST) for at, word in enumerate(words) if word in _OF_FIRST | _OF_SECOND]
    if len(said) != 2 or said[0][1] == said[1][1]:
        return None
    (start, is_first), (end, _) = said
    between = " ".join(word for word in words[start + 1 : end] if word not in _TEAM)
    more = re.fullmatch(
        r"(?:.* )?(?:beat|beaten|beats|defeat|defeated|won against|(?:more|higher|better)(?: \w+)? than)(?: the)?",
        between,
    )
    less = re.fullmatch(r"(?:.* )?(?:lose to|lost to|(?:less|fewer|lower|worse)(?: \w+)? than)(?: the)?", between)
    if more is None and less is None:
        return None
    tail = {end + 1} if words[end + 1 : end + 2] and words[end + 1] in _TEAM else set[int]()
    return is_first == (more is not None), {*range(start, end + 1), *tail}


def _side(words: Sequence[str]) -> tuple[bool, set[int]] | None:
    """Whether the first or the second side is spoken of, and the words that say so."""
    said = [(at, word in _OF_FIRST) for at, word in enumerate(words) if word in _OF_FIRST | _OF_SECOND]
    if len(said) != 1:
        return None
    at, is_first = said[0]
    return is_first, {at, *([at + 1] if words[at + 1 : at + 2] and words[at + 1] in _TEAM else [])}


def _scores(table: Table) -> tuple[str, str] | None:
    """The columns of what both sides scored; none where a column tells by itself who won."""
    numbers = {one.name for one in table.columns if one.kind in _NUMBERS}
    if any({_WON, root("winner")} & set(map(root, one.name.split("_"))) for one in table.columns):
        return None
    found = []
    for name in numbers:
        for one, other in _SIDES:
            words = name.split("_")
            twin = "_".join(other if word == one else word for word in words)
            if one in words and twin in numbers and any(score in words for score in _SCORES):
                rank = min(_SCORES.index(word) for word in words if word in _SCORES)
                found.append((rank, len(words), name, twin))
    return min(found)[2:] if found else None
