"""What is counted, averaged or summed up, of all rows or of each group of them."""

from __future__ import annotations

from ...corpus.phases import phase_of
from ...corpus.words import stems
from ..english.names import singular
from ..english.words import OF_MONEY, STORES
from .cells import read_number
from .draft import LEAST, STEP, WHOLE, Draft, Target, is_count, is_key
from .kinds import Column
from .model import Table
from .money import is_amount, money_column
from .plan import NOTHING, ColumnReference, Condition, Function
from .word_links import ColumnName, WordLink

Measure = tuple[Function, ColumnReference | None]
PIECES = frozenset(("quantity", "qty", "pieces", "units", "copies", "anzahl", "menge", "stück"))
_PLAIN = frozenset(("number", "total", "count", "of", "no", "item", "items", "in", "stock"))
"""Words beside those that make no other number of it: an order quantity is not how many there are."""
HELD = frozenset((*STORES, "store", "hand", "shelf", "available", "left", "remaining", "lager", "vorrat", "bestand"))
"""What a column is called that says how many there are."""
_TAKEN = frozenset(
    "paid pay pays spent spend spends expense expenses cost costs outgoing debit debits charged withdrawn".split()  # noqa: SIM905
)
_GIVEN = frozenset("received receive earned earn income deposit deposits credit credited incoming".split())  # noqa: SIM905
_MISSING = frozenset(("missing", "unknown", "blank", "empty", "unrecorded"))
_NUMBERS = ("integer", "number")
_LOOKED_AT = 200
"""Different cells of a column."""


def measure_of(
    draft: Draft, owner: Table, target: Target, shown: tuple[ColumnReference, ...]
) -> tuple[Measure | None, tuple[ColumnReference, ...]] | None:
    """The measure, and what is still shown beside it; ``None`` where what is asked for cannot be measured."""
    wanted = draft.intent.wanted
    if wanted in ("avg", "sum"):
        numeric = [one for one in shown if draft.column(one).kind in _NUMBERS]
        if not target.columns:
            money = money_column(owner)
            numeric = [ColumnReference(target.path, money)] if money else []
            if not numeric or not (draft.score or draft.conditions) or _names_other(draft, owner, money):
                return None
            draft.guesses.append(f"what is meant is {numeric[0].column}")
            use_money(draft)
        if not numeric:
            return None
        add_direction(draft, numeric[0])
        if "price" in numeric[0].column.split("_") and (pieces := pieces_of(draft.table)):
            draft.doubts.append(f"{numeric[0].column} is of one piece, and {pieces} says how many there are")
        return ("avg" if wanted == "avg" else "sum", numeric[0]), ()
    if target.columns and (absent := _said_missing(draft)) is not None:
        draft.used.add(absent)
        draft.conditions.append(Condition(shown[0], "=", NOTHING))
        return ("count", None), ()
    measurable = bool(target.columns) and draft.column(shown[0]).kind in _NUMBERS
    if measurable and (phase := phase_of(draft.intent.question)) and (other := _of_phase(owner, phase)):
        shown = (ColumnReference(target.path, other),)
        draft.conditions = [one for one in draft.conditions if one.of != shown[0]]
    if measurable and (whole := _named_whole(draft, owner, shown[0].column)):
        shown = (ColumnReference(target.path, whole),)
    if measurable and is_count(shown[0].column):
        return None, shown
    if measurable and shown[0].column == money_column(owner):  # "how many payments": each is a row
        return ("count", None), ()
    if measurable:
        draft.score -= 0.2
        return ("sum", shown[0]), ()
    if target.columns and draft.conditions and _has_numbers(draft, shown[0]):
        return None, shown
    if target.columns and any(
        one.operator == "=" and not one.of.path and _is_one_thing(draft, one) for one in draft.conditions
    ):
        return None  # one row has one cell, however many things that may tell
    if target.columns:
        return ("count", shown[0]), ()
    if target.condition is not None and not target.condition.of.path:
        named = _named_number(draft, target.condition)
        if named is not None:
            return ("sum", ColumnReference((), named.column)), ()
        if pieces := pieces_of(draft.table):
            return ("sum", ColumnReference((), pieces)), ()
        if _is_one_thing(draft, target.condition):
            return None  # that there is one row of it does not say how many there are
    if target.path:
        return ("count", ColumnReference(target.path[:-1], target.path[-1].column)), ()
    return ("count", _repeated_name(owner)), ()


def _named_whole(draft: Draft, owner: Table, column: str) -> str:
    """The one column of numbers all of whose words the question has, where it has not all those of ``column``: what was
    sold, not the free tickets, of "how many tickets were sold"."""
    said = set(stems(draft.intent.question))
    if set(stems(column.replace("_", " "))) <= said:
        return ""
    named = [
        one.name for one in owner.columns if one.kind in _NUMBERS and set(stems(one.name.replace("_", " "))) <= said
    ]
    return named[0] if len(named) == 1 and not is_key(owner, named[0]) else ""


def _repeated_name(table: Table) -> ColumnReference | None:
    """The column by which a table's rows are called, where one thing stands in several of them: a hotel has a row for
    each season. Where each row has a key of its own, two rows of one name are two things."""
    if any(is_key(table, one.name) and one.distinct >= table.rows for one in table.columns):
        return None
    own = singular(table.name)
    names = [one for one in table.columns if one.name in (own, f"{own}_name") and one.kind in ("text", "category")]
    return ColumnReference((), names[0].name) if names and 1 < names[0].distinct < table.rows else None


def _names_other(draft: Draft, owner: Table, money: str) -> bool:
    """Whether the question names another number than the amount."""
    return any(
        name.table == owner.name and name.column != money and name.fit >= LEAST and _is_summable(owner, column)
        for link in draft.linked.links
        for name in link.columns
        if (column := draft.model.tables[name.table].column(name.column))
    )


def _said_missing(draft: Draft) -> int | None:
    """ "How many temperatures are missing?" counts empty cells."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    return next((at for at, word in enumerate(words) if word in _MISSING), None)


def group_of(draft: Draft) -> tuple[ColumnReference, ...] | None:
    """What there is one result for; nothing where the question asks for none, ``None`` where it is not understood."""
    at = draft.intent.group
    if at is None or any(one.start < at < one.end for one in draft.linked.links):  # a column "hours per week"
        return ()
    link = next((one for one in draft.linked.links if one.start == at), None)
    found = _groups(draft, link) if link is not None else []
    if link is None or not found:
        return None
    draft.use(link, 1.0)
    draft.used.add(at - 1)
    return max(found, key=lambda one: one[0])[1]


def _groups(draft: Draft, link: WordLink) -> list[tuple[float, tuple[ColumnReference, ...]]]:
    found: list[tuple[float, tuple[ColumnReference, ...]]] = []
    for name in link.columns:
        path = draft.way(name.table)
        if path is not None and name.fit >= LEAST:
            kind = draft.model.tables[name.table].column(name.column).kind
            if kind in ("category", "text", "integer", "boolean") and not is_key(
                draft.model.tables[name.table], name.column
            ):
                found.append((name.fit - STEP * len(path), (ColumnReference(path, name.column),)))
    for one in link.tables:
        path = draft.way(one.table)
        if path and one.fit >= LEAST:
            owner = draft.model.tables[one.table]
            key = [owner.key] if owner.key and owner.key not in owner.shown else []
            columns = tuple(ColumnReference(path, column) for column in (*key, *owner.shown))
            found.append((one.fit - STEP * len(path), columns))
    return found


def sum_for_most(draft: Draft, target: Target, link: WordLink | None) -> Measure | None:
    """ "The most sunshine", "paid the most": what is added up for each thing that is asked for."""
    if not target.path and not target.columns:
        return None
    if link is not None and any(one.fit >= WHOLE for one in link.tables):
        return None  # "the most goals" are counted where each is a row
    names = link.columns if link is not None else ()
    named = [
        one.column
        for one in names
        if one.table == draft.table.name
        and one.fit >= 0.9
        and _is_summable(draft.table, draft.table.column(one.column))
    ]
    if not named and OF_MONEY & {token.text.casefold() for token in draft.linked.tokens}:
        named = [one for one in [money_column(draft.table)] if one]
        use_money(draft)
        link = None
    if len(named) != 1 or target.columns == (named[0],):
        return None
    if link is not None:
        draft.use(link, 0.9)
    draft.score += 0.3
    rate = _is_rate(draft.table.column(named[0]))
    (draft.doubts if rate else draft.guesses).append(f"{named[0]} is added up")
    of = ColumnReference((), named[0])
    if draft.table.column(named[0]).missing:  # of whom nothing is told is no one with the least
        draft.conditions.append(Condition(of, "<>", NOTHING))
    draft.reversed = has_both_signs(draft, of) and add_direction(draft, of, of_thing=bool(target.columns))
    return "sum", of


def _is_rate(column: Column) -> bool:
    """Whether its numbers are per something, or a state, so that their sum means nothing: µg/l, km/h, %, °C."""
    return any(mark in column.unit for mark in "/%°") or bool(_OF_RATES & {*column.name.split("_")})


_OF_RATES = frozenset(
    "rate percent percentage share average mean temperature temp ph speed density index ratio level humidity".split()  # noqa: SIM905
)


def add_payment(draft: Draft) -> None:
    """ "When was the insurance paid": what is paid is each row's amount, where the table has one."""
    money = money_column(draft.table)
    words = [token.text.casefold() for token in draft.linked.tokens]
    paid = [at for at, word in enumerate(words) if word in OF_MONEY and at not in draft.used]
    if money and paid and draft.conditions:
        of = ColumnReference((), money)
        if has_both_signs(draft, of):
            add_direction(draft, of)
        draft.used.update(paid)
        draft.guesses.append(f"the rows of {draft.table.name} are what was {words[paid[0]]}")


def use_money(draft: Draft) -> None:
    draft.used |= {at for at, token in enumerate(draft.linked.tokens) if token.text.casefold() in OF_MONEY}


def add_direction(draft: Draft, of: ColumnReference, of_thing: bool = False) -> bool:
    """Whether only what was taken is meant: of amounts that were given and taken, the question says which. What a thing
    (a partner, a shop) received was taken from whom the rows are of."""
    if not has_both_signs(draft, of):
        return False
    words = {token.text.casefold(): at for at, token in enumerate(draft.linked.tokens)}
    taken, given = _TAKEN & {*words}, _GIVEN & {*words}
    if bool(taken) == bool(given):
        draft.guesses.append(f"{of.column} has both signs")
        return False
    draft.used |= {words[one] for one in taken | given}
    below = bool(taken) != of_thing
    draft.conditions.append(Condition(of, "<" if below else ">", (0,)))
    return below


def has_both_signs(draft: Draft, of: ColumnReference) -> bool:
    """Whether it is an amount of money that goes both ways."""
    owner = draft.owner(of.path)
    column = owner.column(of.column)
    if not is_amount(owner, column) or "balance" in column.name.split("_"):
        return False
    low, high = draft.model.run(f'SELECT min("{of.column}"), max("{of.column}") FROM "{owner.name}"')[0]  # noqa: S608
    return low is not None and low < 0 < high


def _is_summable(table: Table, column: Column) -> bool:
    return column.kind in _NUMBERS and not is_key(table, column.name) and not is_count(column.name)


def pieces_of(table: Table) -> str:
    """The column that says how many of a thing a row is about: "how many oars" are its sum, not the rows."""
    numbers = [one.name for one in table.columns if one.kind in _NUMBERS]
    plain = PIECES | _PLAIN | {*singular(table.name).split("_")}
    pieces = [name for name in numbers if PIECES & {*name.split("_")} and {*name.split("_")} <= plain]
    held = [name for name in numbers if HELD & {*name.split("_")}]
    return next((found[0] for found in (held, pieces) if len(found) == 1), "")


def _named_number(draft: Draft, given: Condition) -> ColumnName | None:
    """The one column of numbers that the question names beside the thing: by all its words, else by some."""
    named = [
        (name, link)
        for link in draft.linked.links
        if not any(value.columns == (given.of.column,) for value in link.values)
        for name in link.columns
        if name.table == draft.table.name and _is_summable(draft.table, draft.table.column(name.column))
    ]
    for least in (WHOLE, LEAST):
        found = [(name, link) for name, link in named if name.fit >= least]
        if len({name.column for name, _ in found}) == 1:
            draft.use(found[0][1], found[0][0].fit)
            return found[0][0]
    return None


def _has_numbers(draft: Draft, of: ColumnReference) -> bool:
    """Whether half of the cells of a column of texts are numbers, the others words such as "unlimited"."""
    if draft.column(of).kind not in ("text", "category"):
        return False
    query = f'SELECT DISTINCT "{of.column}" FROM "{draft.owner(of.path).name}" WHERE "{of.column}" IS NOT NULL'  # noqa: S608
    cells = [str(row[0]) for row in draft.model.run(query, most=_LOOKED_AT)]
    return 0 < len(cells) <= 2 * sum(read_number(cell) is not None for cell in cells)


def _is_one_thing(draft: Draft, given: Condition) -> bool:
    """Whether each row is another thing by the column in which the question names one, and numbers tell of it."""
    column = draft.column(given.of)
    numbers = [one for one in draft.table.columns if one.kind in _NUMBERS and not is_key(draft.table, one.name)]
    return bool(numbers) and column.distinct == draft.table.rows and len(given.values) == 1


def _of_phase(table: Table, phase: str) -> str:
    """The only column that says what is left, or what was taken, of an amount."""
    found = [one.name for one in table.columns if one.kind in _NUMBERS and phase_of(one.name) == phase]
    return found[0] if len(found) == 1 else ""


_RATES = frozenset(("rate", "rates", "level", "levels"))
_MONEY_RATES = frozenset(("interest", "tax", "discount", "exchange"))
"""Of these an amount and its rate are two things."""


def rates_said(draft: Draft) -> set[int]:
    """The words that say behind a column's name that it is no number of things: "the murder rate" of a column of
    numbers with decimals, none of which is money."""
    tokens, found = draft.linked.tokens, set[int]()
    for link in draft.linked.links:
        if link.end >= len(tokens) or tokens[link.end].text.casefold() not in _RATES:
            continue
        for name in link.columns:
            column = draft.model.tables[name.table].column(name.column)
            money = column.name == money_column(draft.table) or _MONEY_RATES & {*column.name.split("_")}
            if name.table == draft.table.name and name.fit >= WHOLE and column.kind == "number" and not money:
                found.add(link.end)
    return found
