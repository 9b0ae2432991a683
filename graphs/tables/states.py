"""States of a row that an empty or filled cell tells: "open invoices" have no ``paid_on``, "free lockers" no
``member``, and who pays nothing owes nothing."""

from __future__ import annotations

from ..english.words import OWING, PEOPLE, root
from .deeds import owing, tells_of
from .draft import Draft
from .kinds import Column
from .money import is_amount
from .plan import NOTHING, ColumnReference, Condition
from .question_words import are_people
from .standing import cells_of_state, state_of

_OPEN = frozenset(("open", "outstanding", "pending", "unsettled", "unfinished", "incomplete"))
_FINISHED = tuple(
    root(word)
    for word in "paid settled closed completed done finished resolved returned delivered answered".split()  # noqa: SIM905
)
_VACANT = frozenset(("free", "vacant", "unoccupied", "unassigned", "unclaimed", "unallocated", "available", "empty"))
_TAKEN = frozenset(("occupied", "taken", "assigned", "rented", "let", "allocated"))
_HOLDERS = PEOPLE | frozenset(
    """
    tenant owner user holder keeper driver occupant occupier borrower assignee renter lessee resident player name
    hirer lodger rider pupil child
    """.split()  # noqa: SIM905
)
_ASSIGNED = ("assigned", "booked", "reserved", "taken", "rented", "used", "occupied", "let", "borrowed")
_NAMING = frozenset(("to", "by"))
_NUMBERS = ("integer", "number")


def is_state(word: str) -> bool:
    plain = word.casefold()
    return plain in _OPEN | _VACANT | _TAKEN or (plain.startswith("un") and plain.endswith(("ed", "paid", "sold")))


def add_states(draft: Draft) -> None:
    """Makes conditions of adjectives that nothing else in the question's words was taken for."""
    for at, token in enumerate(draft.linked.tokens):
        word = token.text.casefold()
        following = next((one.text.casefold() for one in draft.linked.tokens[at + 1 : at + 2]), "")
        if at in draft.used or at in draft.intent.negations:
            continue
        before = draft.linked.tokens[at - 1].text.casefold() if at else ""
        if word in _VACANT | _TAKEN or (before, word) == ("in", "use"):
            found = _vacant(draft, "taken" if word == "use" else word)
        elif word in _OPEN | OWING or (word.startswith("un") and len(word) > 4):
            found = _open_conditions(draft, word)
        elif state_of(word):
            found = _standing(draft, word)
        elif state_of(both := f"{word} {following}"):
            found = _standing(draft, both)
            draft.used |= {at + 1} if found else set()
        else:
            continue
        if found:
            draft.conditions += found
            draft.used.add(at)
            draft.score += 0.95


def _open_conditions(draft: Draft, word: str) -> list[Condition]:
    if word in _OPEN | OWING and (told := [one for one in draft.table.columns if _is_truth_of(one, word)]):
        draft.guesses.append(f"{word!r} was taken for not {told[0].name}")
        return [Condition(ColumnReference((), told[0].name), "=", (0,))] if len(told) == 1 else []
    verbs = _FINISHED if word in _OPEN else (root("paid" if word in OWING else word.removeprefix("un")),)
    found = [one for one in draft.table.columns if one.missing and any(tells_of(one, verb) for verb in verbs)]
    if len(found) != 1 or found[0].kind == "boolean":
        return []
    draft.guesses.append(f"{word!r} was taken for no {found[0].name}")
    of = ColumnReference((), found[0].name)
    return [Condition(of, "=", NOTHING), *owing(draft, found[0])]


def _is_truth_of(column: Column, word: str) -> bool:
    """Whether the column says with yes and no whether it was paid, or done."""
    verbs = _FINISHED if word in _OPEN else (root("paid"),)
    return column.kind == "boolean" and any(tells_of(column, verb) for verb in verbs)


def _vacant(draft: Draft, word: str) -> list[Condition]:
    """The cell of who has the thing is empty; of what has a price and no holder, the price is nothing."""
    holders = [] if are_people(draft.table) else [one for one in draft.table.columns if one.missing and _is_holder(one)]
    if len(holders) == 1:
        of = ColumnReference((), holders[0].name)
        draft.guesses.append(f"{word!r} was taken for {'a' if word in _TAKEN else 'no'} {holders[0].name}")
        return [Condition(of, "<>" if word in _TAKEN else "=", NOTHING)]
    prices = [one.name for one in draft.table.columns if one.kind in _NUMBERS and is_amount(draft.table, one)]
    if word != "free" or holders or len(prices) != 1:
        return []
    if not draft.model.run(f'SELECT 1 FROM "{draft.table.name}" WHERE "{prices[0]}" = 0 LIMIT 1'):  # noqa: S608
        return []
    return [Condition(ColumnReference((), prices[0]), "=", (0,))]


def _standing(draft: Draft, word: str) -> list[Condition]:
    """ "Which trips were cancelled", where a remark begins with the word."""
    cells = {
        one.name: cells_of_state(draft.model, draft.table.name, one.name, word)
        for one in draft.table.columns
        if one.kind in ("text", "category")
    }
    found = [(name, values) for name, values in cells.items() if values]
    return [Condition(ColumnReference((), found[0][0]), "=", found[0][1])] if len(found) == 1 else []


def _is_holder(column: Column) -> bool:
    words = column.name.split("_")
    named = words[-1] in _HOLDERS or (words[0] in _ASSIGNED and _NAMING.issuperset(words[1:]))
    return column.kind in ("text", "category", "identifier") and named
