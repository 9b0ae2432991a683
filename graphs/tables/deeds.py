"""Verbs of a question that columns are nouns of: "who drives KA-377" by ``driver``, "who has not paid" by ``payment``.

A verb means a column only in these two forms. Anywhere else it would mean too much: "played" is no ``player_id``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..english.words import DEEDS, kin, root
from .draft import WHOLE, Draft, leads_elsewhere
from .kinds import Column
from .money import money_column
from .plan import NOTHING, ColumnReference, Condition

_AUXILIARIES = frozenset("is are was were has have had been being will does do did the a an".split())  # noqa: SIM905
_AGENT = ("er", "or", "ee", "ist", "ant")
_OF_A_DEED = frozenset(("on", "at", "date", "day", "when", "made"))
"""Words behind the verb in the name of a column that tells whether it was done: ``paid_on``."""
_HAVING = {root(word) for word in ("have", "has", "keep", "hold", "use", "own", "possess", "rent")}
HAVERS = frozenset(
    "member tenant owner user holder keeper occupant occupier borrower renter resident custodian".split()  # noqa: SIM905
)
"""Who has the thing that a row is of."""
_OBJECT = 4
"""Words of a deed with its object: "paid a deposit"."""
_UNITS = {root(word) for word in ("eur", "gbp", "usd", "chf", "amount", "total")}
_NO, _YES = frozenset(("no", "n", "not", "false", "none", "never")), frozenset(("yes", "y", "true"))


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb at a place of the question, and the column that is made of it."""

    at: int
    column: str


def doers(draft: Draft) -> Iterator[Deed]:
    """ "Who drives …", "by whom is … driven": the columns that are called after who does that."""
    if draft.intent.asks != "who":
        return
    for at in _verbs(draft):
        found = [one for one in draft.table.columns if _is_doer(draft, one, draft.linked.tokens[at].root)]
        if len(found) == 1:
            yield Deed(at, found[0].name)


def _verbs(draft: Draft) -> list[int]:
    """The word behind "who", and the last one of a passive."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    first = next((at + 1 for at, word in enumerate(words) if word in ("who", "whom")), 0)
    while first < len(words) and words[first] in _AUXILIARIES:
        first += 1
    passive = [
        at for at in range(first + 1, len(words)) if words[at : at + 2] == [words[at], "by"] or at == len(words) - 1
    ]
    linked = {at for one in draft.linked.links for at in range(one.start, one.end) if one.values}
    return [
        at for at in dict.fromkeys((first, *passive)) if at < len(words) and at not in linked and words[at].islower()
    ]


def _is_doer(draft: Draft, column: Column, verb: str) -> bool:
    """Each of "driver / keeper" is one."""
    nouns = [*re.split(r"\W*[/|&,]\W*| or | and ", column.title.casefold()), column.name.rpartition("_")[2]]
    return any(_does(draft, column, noun.split()[-1], verb) for noun in dict.fromkeys(nouns) if noun.split())


def _does(draft: Draft, column: Column, noun: str, verb: str) -> bool:
    if noun == "by":  # ``approved_by``
        return root(column.name.rpartition("_by")[0].rpartition("_")[2]) == verb and not leads_elsewhere(
            draft.table, column.name
        )
    if column.kind not in ("text", "category") or leads_elsewhere(draft.table, column.name):
        return False
    named = all(one[:1].isalpha() and not any(map(str.isdigit, one)) for one in column.samples)
    return named and (
        kin(verb, root(noun))
        or (verb in _HAVING and noun in HAVERS)
        or verb == root(DEEDS.get(noun, ""))
        or (verb == root(noun) and (noun.endswith(_AGENT) or noun == verb))
    )


def add_undone(draft: Draft) -> None:
    """ "Who has not paid": the cell of what tells of it is empty, or says no."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    for at in sorted(draft.intent.negations):
        verb = at + 1
        while verb < len(words) and words[verb] in {*_AUXILIARIES, "yet"}:
            verb += 1
        if verb >= len(words) or verb in draft.used or _is_truth(draft, verb):
            continue
        found = [one for one in draft.table.columns if tells_of(one, draft.linked.tokens[verb].root)]
        condition = _undone(found[0]) if len(found) == 1 else None
        if condition is None and (nought := _amount_of_deed(draft, verb)) is not None:
            column, said = nought
            draft.conditions.append(Condition(ColumnReference((), column), "=", (0,)))
            draft.used |= {at, *said}
            draft.denied |= {at}
            draft.score += 0.95 * len(said)
        elif condition is not None:
            draft.conditions += [condition, *(owing(draft, found[0]) if condition.is_blank else [])]
            draft.used |= {at, verb}
            draft.denied |= {at}
            draft.score += 0.95


def _amount_of_deed(draft: Draft, verb: int) -> tuple[str, set[int]] | None:
    """ "Paid a deposit": the number that tells how much of it was done (``deposit_paid``), where its zeros tell that
    nothing was, or the truth value that tells whether; and the words that name it."""
    places = {draft.linked.tokens[at].root: at for at in range(verb, min(verb + _OBJECT, len(draft.linked.tokens)))}
    found = [
        (one.name, {places[word] for word in map(root, one.name.split("_")) if word in places})
        for one in draft.table.columns
        if one.kind in ("integer", "number", "boolean")
        and {draft.linked.tokens[verb].root} < set(map(root, one.name.split("_"))) <= {*places, *_UNITS}
    ]
    if len(found) != 1:
        return None
    query = f'SELECT 1 FROM "{draft.table.name}" WHERE "{found[0][0]}" = 0 LIMIT 1'  # noqa: S608
    return found[0] if draft.model.run(query) else None


def use_verbs(draft: Draft) -> None:
    """ "Trips led by Ann", "did Ann lead": the verb of whose name stands in ``leader``."""
    nouns = {root(one.of.column.rpartition("_")[2]) for one in draft.conditions if one.operator == "=" and one.values}
    for at, token in enumerate(draft.linked.tokens):
        if at and at not in draft.used and token.text.islower() and any(kin(token.root, noun) for noun in nouns):
            draft.used.add(at)


def _is_truth(draft: Draft, at: int) -> bool:
    """Whether the word is the name of a truth value, whose condition is made of every such name."""
    names = [name for one in draft.linked.links if one.start <= at < one.end for name in one.columns]
    own = [name for name in names if name.table == draft.table.name and name.fit >= WHOLE]
    return any(draft.table.column(one.column).kind == "boolean" for one in own)


def tells_of(column: Column, verb: str) -> bool:
    first, *others = column.name.split("_")
    return _OF_A_DEED.issuperset(others) and (root(first) == verb or kin(verb, root(first)))


def _undone(column: Column) -> Condition | None:
    """What a row has in the column that tells that it was not done; ``None`` where all were, or nothing tells."""
    of = ColumnReference((), column.name)
    if column.kind == "boolean":
        return Condition(of, "=", (0,))
    said = {one.casefold(): one for one in column.samples}
    if said.keys() & _YES and (no := [said[one] for one in said if one in _NO]):
        return Condition(of, "=", (no[0],))
    return Condition(of, "=", NOTHING) if column.missing else None


def owing(draft: Draft, column: Column) -> list[Condition]:
    """Who has not paid owes something: rows with nothing to pay are left out."""
    money = money_column(draft.table)
    if root(column.name.partition("_")[0]) not in (root("paid"), root("settled")) or not money:
        return []
    query = f'SELECT 1 FROM "{draft.table.name}" WHERE "{column.name}" IS NULL AND coalesce("{money}", 0) = 0 LIMIT 1'  # noqa: S608
    if not draft.model.run(query):
        return []
    draft.guesses.append(f"rows without a {money} are left out")
    return [Condition(ColumnReference((), money), ">", (0,))]
