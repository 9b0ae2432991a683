"""What people call the rows of a table that is called otherwise: "which games", where the table is ``fixtures``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..english.names import singular
from ..english.words import root
from .draft import LEAST, WHOLE, Draft, is_key
from .question_words import are_people
from .word_links import WordLink

_ANY_ROW = {
    root(word)
    for word in "game match fixture event case item thing product entry line record occasion".split()  # noqa: SIM905
}
"""What rows of many tables may be called. Any other noun may be a thing that the table has nothing of."""
_SORTS = {
    "vehicle": "car van bus minibus lorry truck coach motorbike motorcycle scooter taxi automobile trailer",
    "car": "vehicle automobile",
    "van": "vehicle minibus car lorry",
    "boat": "canoe kayak dinghy ship vessel yacht punt",
    "ship": "vessel boat",
    "animal": "dog cat horse cow sheep goat pig hen chicken rabbit pet bird",
    "pet": "animal dog cat rabbit",
    "staff": "employee worker colleague person technician",
    "employee": "worker colleague person staff technician",
    "member": "person man woman player",
    "person": "man woman child member",
    "plant": "tree flower shrub bush herb",
    "appliance": "device machine fridge freezer oven kettle washer",
    "device": "appliance machine gadget",
    "machine": "device appliance model",
    "property": "flat house apartment room building",
    "room": "office hall",
    "instrument": "piano violin guitar flute drum",
    "trip": "tour outing excursion journey voyage ride hike",
    "tour": "trip outing excursion",
    "book": "novel title volume",
    "course": "class lesson workshop",
    "product": "article item good",
    "bike": "bicycle cycle",
    "colony": "nest hive",
    "death": "victim casualty person people",
    "victim": "person people casualty",
    "accident": "victim casualty",
    "mammal": "animal species",
    "bird": "animal species",
    "species": "animal plant",
}
"""Of what things are sorts, or what else they are called: a car is one of the vehicles."""
_DYING = frozenset(("died", "die", "killed", "dead", "deceased", "perished"))
_HAPPENED = dict.fromkeys(("death", "casualty", "fatality", "killing", "homicide", "victim"), _DYING)
"""What happened to each row of a table that is called after it."""
_PERSONS = {root(word) for word in ("person", "people", "individual", "human")}
_ARE_SORTS = {root(word): {root(one) for one in sorts.split()} for word, sorts in _SORTS.items()}
_NUMBERS = ("integer", "number")


def use_row_noun(draft: Draft) -> bool:
    """Takes the noun that is asked for as the table's rows, where nothing else is known by it."""
    at, tokens = draft.intent.target, draft.linked.tokens
    if at >= len(tokens) or at in draft.intent.used or any(one.start <= at < one.end for one in draft.linked.links):
        return False
    if not (tokens[at].text.isalpha() and tokens[at].text.islower()):
        return False
    draft.intent = replace(draft.intent, used=draft.intent.used | {at})
    known = tokens[at].root in _ANY_ROW or is_sort_of_rows(draft, tokens[at].root)
    (draft.guesses if known else draft.doubts).append(
        f"{tokens[at].text!r} was taken for the rows of {draft.table.name}"
    )
    return True


def is_sort_of_rows(draft: Draft, word: str) -> bool:
    """Whether a noun is a sort of what the table is called after."""
    named = {root(singular(part)) for part in draft.table.name.split("_")}
    return any(word in _ARE_SORTS.get(one, ()) for one in named) or (word in _PERSONS and are_people(draft.table))


def words_of_rows(draft: Draft) -> set[int]:
    """Places of words that say what every row is: "killed" of a table that is called deaths, "victim", and words of its
    name: "in the UK" of the table ``uk_shops``."""
    happened = {word for part in draft.table.name.split("_") for word in _HAPPENED.get(singular(part), ())}
    named = {at for one in draft.linked.links if _means_other(draft, one) for at in range(one.start, one.end)}
    parts = {*draft.table.name.split("_")}
    found = set()
    for at, token in enumerate(draft.linked.tokens):
        word = token.text.casefold()
        sort = draft.intent.asks == "who" and is_sort_of_rows(draft, token.root)
        if word in happened or (at not in named and (word in parts or sort)):
            found.add(at)
    return found


def _means_other(draft: Draft, link: WordLink) -> bool:
    """Whether the words mean a value, a column or another table."""
    columns = any(one.fit >= LEAST for one in link.columns)
    tables = any(one.table != draft.table.name and one.fit >= LEAST for one in link.tables)
    return bool(link.values) or columns or tables or link.amount is not None


def is_head(link: WordLink, behind: WordLink) -> bool:
    """Whether the next words name what is asked for, and these only say by what: "the most violent states"."""
    names = (*(one.fit for one in behind.columns), *(one.fit for one in behind.tables))
    return behind.start == link.end and not behind.values and max(names, default=0.0) >= WHOLE


def narrows(draft: Draft, one: WordLink, other: WordLink) -> bool:
    """Whether a value of the table stands before its rows, or before a sort of them, which is what is asked for: "how
    many Black men", "which European cars"."""
    own = draft.table.name
    asked = one.start > 0 and draft.linked.tokens[one.start - 1].text.casefold() in ("which", "many")
    rows = any(each.table == own and each.fit >= WHOLE for each in other.tables)
    sorts = any(each.table == own for each in other.values)
    return asked and one.end == other.start and any(each.table == own for each in one.values) and (rows or sorts)


def drafts_with_row_noun(draft: Draft) -> Iterator[Draft]:
    """ "Which game had the highest attendance": rows are told apart by a number that is named, or by how they are
    compared. "Which car has no tow bar": a sort of what the rows are needs neither."""
    tokens, superlative = draft.linked.tokens, draft.intent.superlative
    if draft.intent.asks or draft.intent.wanted not in ("rows", "count"):
        return
    at = next((n for n in range(draft.intent.target, len(tokens)) if n not in draft.intent.used), len(tokens))
    if at == len(tokens):
        return
    is_sort = is_sort_of_rows(draft, tokens[at].root)
    if not is_sort and (superlative is None or tokens[at].root not in _ANY_ROW or draft.intent.wanted != "rows"):
        return
    named = {
        name.column
        for one in draft.linked.links
        for name in one.columns
        if name.table == draft.table.name and name.fit >= LEAST and not is_key(draft.table, name.column)
    }
    graded = superlative is not None and bool(superlative.by or superlative.time)
    if is_sort or graded or any(draft.table.column(name).kind in _NUMBERS for name in named):
        found = replace(draft, guesses=[], doubts=[], whole_rows=True)
        found.intent = replace(found.intent, target=at)
        if use_row_noun(found):
            yield found


def drafts_with_owner(draft: Draft) -> Iterator[Draft]:
    """ "Whose birthday is in July": the rows of the table, by what is said of the thing."""
    if draft.linked.tokens[:1] and draft.linked.tokens[0].text.casefold() == "whose":
        yield replace(draft, guesses=[], doubts=[], whole_rows=True)
