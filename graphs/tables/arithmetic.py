"""What two columns of one row make: "what is quantity times price in total", "home score plus away score", "the
difference between price and cost". Of the two columns nothing is guessed: both are named, and what joins them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .column_pairs import best_pair, text_between
from .draft import Draft
from .plan import ColumnReference, ComputedColumn, Condition, Function, Sign

_THE = r"(?: (?:the|its|their|by|of))*"
_JOINING: Sequence[tuple[str, Sign]] = (
    (rf"(?:times|x|multiplied by){_THE}", "*"),
    (rf"(?:plus|added to){_THE}", "+"),
    (rf"minus{_THE}", "-"),
)
_SIGNS: dict[str, Sign] = {"*": "*", "×": "*", "+": "+", "-": "-", "−": "-", "–": "-"}
_AROUND: Sequence[tuple[str, Sign]] = (
    (r"(?:sum|total) of(?: the)?", "+"),
    (r"difference (?:between|of)(?: the)?", "-"),
    (r"product of(?: the)?", "*"),
)
_TOGETHER = re.compile(r"\b(?:total|sum|altogether|overall|in all|combined|together)\b", re.IGNORECASE)
_RESULT = frozenset(("worth", "value", "product", "result", "equal", "equals", "sum", "total", "difference"))


def drafts_with_arithmetic(draft: Draft) -> Iterator[Draft]:
    """The draft with what two columns of its table make, where the question says what is done with them."""
    links = [one for one in draft.linked.links if one.columns and one.amount is None]
    for left, right in pairwise(links):
        found = _sign(draft, (left.start, left.end), right.start)
        names = best_pair(draft, left, right, None) if found is not None else None
        if found is None or names is None:
            continue
        sign, first = found
        words = frozenset(range(first, right.end)) | {
            at for at, token in enumerate(draft.linked.tokens) if token.text.casefold() in _RESULT
        }
        computed = ComputedColumn((), f"{names[0]} {sign} {names[1]}", names[0], sign, names[1])
        rest = tuple(one for one in draft.linked.links if words.isdisjoint(range(one.start, one.end)))
        intent = draft.intent
        summed = first == left.start and _TOGETHER.search(intent.question) and intent.superlative is None
        wanted = "sum" if summed and intent.wanted != "avg" else "avg" if intent.wanted == "avg" else "rows"
        yield replace(
            draft,
            linked=replace(draft.linked, links=rest),
            intent=replace(intent, wanted=wanted, asks="", used=intent.used | words),  # type: ignore[arg-type]
            understood=words,
            score=1.0 * len(words),
            whole_rows=True,
            computed=computed,
        )


def _sign(draft: Draft, left: tuple[int, int], right: int) -> tuple[Sign, int] | None:
    """What is done with the columns, and the first word that says so."""
    start, end = left
    tokens = draft.linked.tokens
    written = draft.intent.question[tokens[end - 1].end : tokens[right].start].strip()
    if written in _SIGNS:
        return _SIGNS[written], start
    between = text_between(draft, end, right)
    for form, sign in _JOINING:
        if re.fullmatch(form, between):
            return sign, start
    before = text_between(draft, max(0, start - 3), start)
    for form, sign in _AROUND:
        ahead = re.search(rf"(?:^| )(?:{form})$", before)
        if ahead is not None and re.fullmatch(rf"and{_THE}", between):
            return sign, start - len(ahead[0].split())
    return None


def computed_measure(draft: Draft) -> tuple[Function, ColumnReference] | None:
    """The sum or the average of what the columns make; ``None`` where each row is asked for."""
    if draft.computed is None or draft.intent.wanted not in ("sum", "avg"):
        return None
    if any(draft.table.column(name).missing for name in (draft.computed.left, draft.computed.right)):
        draft.guesses.append("rows in which one of the two is missing are left out")
    return ("sum" if draft.intent.wanted == "sum" else "avg"), draft.computed


def shown_pair(conditions: Sequence[Condition]) -> list[ColumnReference]:
    """The columns that conditions set against each other, which people want to see beside the row."""
    return [each for one in conditions if one.other is not None for each in (one.of, one.other)]
