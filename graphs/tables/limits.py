"""What there is of a thing, set against the limit beside it: "what is below the minimum", "what must we reorder". The
limit is a column; which other one it limits is not said, and is the only one that says how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..english.amounts import Operator
from ..english.words import root
from .draft import LEAST, Draft
from .measures import HELD
from .plan import ColumnReference, Condition

_LEAST = {root(word) for word in "minimum min least reorder threshold safety floor required".split()}  # noqa: SIM905
_MOST = {root(word) for word in "maximum max most limit capacity ceiling".split()}  # noqa: SIM905
_BELOW = re.compile(r"(?:below|under|beneath|less than|fewer than|lower than|short of)(?: (?:the|their|its|our))?$")
_ABOVE = re.compile(r"(?:above|over|beyond|more than|higher than|exceeds?|exceed)(?: (?:the|their|its|our))?$")
_SHORT = re.compile(
    r"\b(?:re-?order(?:ed|ing)?|re-?stock(?:ed|ing)?|running (?:low|short|out)|low (?:on|in) stock|in short supply)\b"
)
_LIGHT = frozenset(("need", "needs", "must", "should", "have", "be", "to", "thing", "things", "what", "which"))


def limits(draft: Draft) -> Iterator[tuple[Condition, frozenset[int], str]]:
    """The condition, the words that it understands, and what it takes for granted."""
    numbers = [one.name for one in draft.table.columns if one.kind in ("integer", "number")]
    held = [name for name in numbers if HELD & {*name.split("_")}]
    if len(held) != 1:
        return
    texts = [token.text.casefold() for token in draft.linked.tokens]
    for link in draft.linked.links:
        before = " ".join(texts[max(0, link.start - 4) : link.start])
        for form, roots, operator in _SIDES:
            found = form.search(before)
            named = {
                name.column
                for name in link.columns
                if name.table == draft.table.name and name.fit >= LEAST and name.column in numbers
                if roots & set(map(root, name.column.split("_")))
            } - {*held}
            if found is None or len(named) != 1:
                continue
            words = {*range(link.start - len(found[0].split()), link.end)}
            words |= {at for at in (link.end,) if at < len(texts) and root(texts[at]) in map(root, held[0].split("_"))}
            yield _condition(held[0], operator, named.pop()), frozenset(words), ""
    least = [name for name in numbers if name not in held and _LEAST & set(map(root, name.split("_")))]
    short = _SHORT.search(draft.intent.question.casefold())
    if short is not None and len(least) == 1:
        tokens = draft.linked.tokens
        words = {at for at, token in enumerate(tokens) if short.start() <= token.start < short.end()}
        words |= {at for at, text in enumerate(texts) if text in _LIGHT}
        yield _condition(held[0], "<", least[0]), frozenset(words), f"what is short has {held[0]} below {least[0]}"


_SIDES: tuple[tuple[re.Pattern[str], set[str], Operator], ...] = ((_BELOW, _LEAST, "<"), (_ABOVE, _MOST | _LEAST, ">"))


def _condition(held: str, operator: Operator, limit: str) -> Condition:
    return Condition(ColumnReference((), held), operator, (), ColumnReference((), limit))
