"""Look-ups in tables: of the row that a question names, the cell of the column that it asks for.

Deterministic: the question's words that stand in the row's own cells say which row it is, the others which column.
"Room 12" names rows by one column alone, whatever other cells hold a 12.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ..corpus import words
from ..corpus.cell_words import asked_cells
from ..corpus.document import Place
from ..corpus.languages import ENGLISH
from ..corpus.phases import Phase, phase_of
from ..corpus.spans.statements import Statement
from . import kinds
from .days import possible_days
from .foreign import Kind
from .opposites import each
from .paraphrases import alike
from .question import Question
from .question_forms import LIGHT, VALUES
from .range_cells import cells_in_range, crossing_of_range
from .ranges import asked_magnitudes, is_of_unit

_LABEL = 6
"""Words of a label; what is longer is a text."""
_KEY = 5
"""Characters of a value that names its row wherever it stands."""
_PREFIX = 6
"""Letters that a verb and its noun have in common."""
_LEAST = 0.2
"""Weight of a word that stands in every row's header, and so nearly everywhere."""
_FURTHER = 0.01
"""Taken off for each further word of a column's name; added for each that the column of the row's name has too."""
_REFERENCES, _FOR_MACHINES = frozenset({"id", "kei", "code", "link", "url", "uri", "uuid"}), 5
"""Names of columns that refer to the thing, which another column calls by its name; further words that they count."""
_COUNTING = frozenset(words.stems("count number total num nr quantity qty amount sum of per"))
_QUANTITY = re.compile(
    r"(?i:free|gratis|kostenlos|none|nil)|[-+<>~≈±]?\s?[$€£¥]?\s?\d[\d.,  ]*\s?[^\W\d_]{0,10}[%°/²³\w]{0,4}"
)
_LINE = re.compile(r"\W*(?:v|(?P<letter>[a-z])[-_ ]?)?(?P<number>\d+)(?:\.[x*])*\W*", re.IGNORECASE)
_WHICH = re.compile(r"(?:[a-z]+ )?(?:which|what) ([^\W\d_]{3,})", re.IGNORECASE)
_CONTENTS = re.compile(
    r"what(?:['’]?s| is| are| was| were)(?: there| left| stored| kept| still)* (?:in|on|under|inside|at)\b"
    r"|(?:list|show)\b|was (?:ist|liegt|steht) (?:in|im|auf|unter)\b",
    re.IGNORECASE,
)
_SHORT_DAYS = {
    name[:letters]: name
    for name in each("""
        monday tuesday wednesday thursday friday saturday sunday january february march april june july august
        september october november december
        """)
    for letters in (3, 4)
}
_MONTHS = frozenset(words.stems(" ".join(_SHORT_DAYS.values())))
_MOST_SHORT = 7
"""Characters of a header that is a day or month, cut short."""
_PEOPLE = frozenset(
    words.stems("""
        host leader owner teacher trainer instructor manager contact responsible author chair coach driver doctor tutor
        speaker guide organiser organizer lead head person staff member nurse assignee reviewer maintainer editor
        """)
)
"""Names of columns with people in them."""
_PRICES = frozenset(words.stems("price cost fee charge fare rent rate preis kosten gebühr miete"))
DUTY = frozenset(
    words.stems("handle manage oversee responsible charge duty deal look after care run organise organize")
)
"""Words for what somebody has to do with a thing by office."""
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}")

Cells = Sequence[tuple[str, str]]
"""The columns and values of a row."""


def cells_of(text: str, row: Statement) -> list[tuple[str, str]]:
    return [(cell.header, text[slice(*cell.value)]) for cell in row.cells]


def names_row(asked: Question, cells: Cells) -> bool:
    """Whether the question holds the row's label, its first cell with text in it; or the row all names and identifiers
    of the question; or the question names it by a column and its number."""
    if crosses(asked, cells) or cells_in_range(asked, cells) or _is_of_day(asked, cells):
        return True
    label = next((value for _, value in cells if any(map(str.isalpha, value))), "")
    if 0 < len(_stems(label)) <= _LABEL and _holds(asked.text, label):
        return True
    if (asked.identifiers or asked.names) and all(
        any(_holds(value, thing) for _, value in cells) for thing in asked.identifiers
    ):
        naming = frozenset().union(*map(_stems, asked.names))
        return naming <= frozenset().union(*(_stems(value) for _, value in cells))
    return bool(_cells_of_columns(asked, cells)) or any(
        _is_key(value) and _holds(asked.text, value) for _, value in cells
    )


def _is_of_day(asked: Question, cells: Cells) -> bool:
    """Whether the first day in the row is one that the question names."""
    dated = next((found for _, value in cells if (found := possible_days(value))), set())
    return bool(dated & possible_days(asked.text))


def _is_key(value: str) -> bool:
    """A number or code that is hardly found twice."""
    return len(value) >= _KEY and any(map(str.isdigit, value)) and not possible_days(value)


def _holds(text: str, thing: str) -> bool:
    """What has digits must stand there as it is written."""
    if any(map(str.isdigit, thing)):
        return re.search(rf"(?<!\w){re.escape(thing)}(?!\w)", text, re.IGNORECASE) is not None
    return _stems(thing) <= _stems(text)


def of_other_row(asked: Question, cells: Cells) -> tuple[str, str] | None:
    """The cell by which a row is another than the question names: of room 7, not 12; of another day."""
    titles = [words.words(header) for header, _ in cells]
    for name, number in asked_cells(asked.text):
        if any(number in title for title in titles) or name in _MONTHS or is_of_unit(asked.text, number):
            continue  # the column is asked for: "bus 3", or "January 2025" is
        under = [(header, value) for header, value in cells if name in _stems(header)]
        if under and all(_of_line(value, header) != number.lstrip("0") for header, value in under):
            return under[0]
    wanted = possible_days(asked.text)
    dated = [(header, value) for header, value in cells if possible_days(value)]
    if wanted and dated and all(wanted.isdisjoint(possible_days(value)) for _, value in dated):
        return dated[0]
    return None


def _cells_of_columns(asked: Question, cells: Cells) -> set[int]:
    """Places of the cells that the question names by their columns."""
    return {
        place
        for place, (header, value) in enumerate(cells)
        for name, number in asked_cells(asked.text)
        if name in _stems(header) and number in (value, _of_line(value, header))
    }


def _of_line(value: str, header: str) -> str:
    """The number of a line of versions, 7 of ``7.x``, ``v7`` or ``07``, or behind its column's letter: tree ``T7``."""
    found = _LINE.fullmatch(value.strip())
    if found is None or (found["letter"] and found["letter"].lower() != header[:1].lower()):
        return value.lstrip("0")
    return found["number"].lstrip("0")


def asked_cell(asked: Question, weights: Mapping[str, float], text: str, row: Statement) -> Place | None:
    """Where the value stands that the question asks for, by its stems and their ``weights`` (idf); ``None`` where the
    row is not named or no column is."""
    cells = cells_of(text, row)
    crossing = _crossing(asked, cells)
    if crossing is not None and len(_stems(cells[crossing][0])) > 1 and not _asked_phase(asked):
        return row.cells[crossing].value  # a column that is named by several words is meant, whatever stands in it
    place = _asked_cell(asked, {stem: max(weight, _LEAST) for stem, weight in weights.items()}, cells)
    if place is not None and _asks_contents(asked) and _stems(cells[place][1]) <= _stems(asked.text):
        place = None  # what is in drawer C is not told by the C
    if place is None:
        ways = (_labelled_cell, _crossing, _whose, in_charge, _by_prefix)
        numbered = _numbered_columns(cells, weights, [_stems(value) for _, value in cells], frozenset())
        found = next((found for way in ways if (found := way(asked, cells)) is not None), None)
        place = found if not numbered or found in numbered else None
    if place is not None and _is_left_empty(asked, cells, place):
        return None
    return row.cells[place].value if place is not None else None


def _asked_phase(asked: Question) -> Phase:
    return phase_of(asked.text) if asked.kind in ("count", "number", "duration") else ""


def _is_left_empty(asked: Question, cells: Cells, place: int) -> bool:
    """Whether an empty cell stands in a column that has more words of the question than that of ``place``."""
    words = _stems(asked.text)
    own = len(_stems(cells[place][0]) & words)
    return any(not value and len(_stems(header) & words) > own for header, value in cells)


def _asked_cell(asked: Question, weights: Mapping[str, float], cells: Cells) -> int | None:
    met = _cells_of_columns(asked, cells)
    bound = frozenset(part for pair in asked_cells(asked.text) for part in pair) if met else frozenset()
    if within := cells_in_range(asked, cells):
        met |= within
        bound |= _stems(" ".join(one.text for one in asked_magnitudes(asked.text)))
    held = [_stems(value) - bound for _, value in cells]
    columns = frozenset().union(*(_stems(header) for header, _ in cells))
    sought = (_property(asked) & columns) - bound
    named = {stem for stem in weights if stem in bound or any(stem in value for value in held)} - sought
    if not named and not met:
        return None
    whole = [place for place, value in enumerate(held) if place in met or (value and value <= named)]
    keys = frozenset().union(*(_stems(cells[place][0]) for place in whole))
    free = [at for at, (_, value) in enumerate(cells) if value and at not in met and _may_be(asked.kind, value)]
    if numbered := _numbered_columns(cells, weights, held, bound):
        free = [place for place in free if place in numbered]
    if phase := _asked_phase(asked):
        of_phase = [at for at in free if phase_of(cells[at][0]) == phase]
        return of_phase[0] if len(of_phase) == 1 else None
    wanted = {stem: weight for stem, weight in weights.items() if stem not in named}
    own = {stem: weight for stem, weight in wanted.items() if stem in _property(asked)}
    # "Manager M-45": the word belongs to the key, unless it is what is asked for.
    further = {stem: weight for stem, weight in wanted.items() if stem not in keys or stem in own} or wanted
    # Other words for a column count only where none is called by the question's own.
    ways = [(_stems, own), (_stems, further), (_groups, _by_group(own)), (_groups, _by_group(further))]
    if own and asked.kind == "count":  # a column with "team" in its name need not count teams
        ways = ways[::2]
        headers = {at: _stems(cells[at][0]) for at in free}
        free = [at for at, header in headers.items() if header <= {*own, *_COUNTING} or not header & {*own}]
    for names_of, worth in ways:
        scores = {
            place: _score(names_of(cells[place][0]), worth, keys) - sum(weights[stem] for stem in held[place] & named)
            for place in free
        }
        best = max(scores, key=lambda place: scores[place], default=0)
        if scores.get(best, 0.0) > 0:
            return best
    if any(stem not in columns and stem not in LIGHT and stem not in _COUNTING for stem in wanted):
        return None
    return _by_kind(
        asked, {place: cells[place][1] for place in free if not held[place] & named}, [header for header, _ in cells]
    )


def _numbered_columns(
    cells: Cells, weights: Mapping[str, float], held: Sequence[frozenset[str]], bound: frozenset[str]
) -> set[int]:
    """Columns with a year or number of the question in their name, which no value has: "Present 2024"."""
    taken = bound.union(*held)
    numbers = {stem for stem in weights if any(map(str.isdigit, stem)) and stem not in taken}
    return {place for place, (header, _) in enumerate(cells) if numbers & _stems(header)}


def _labelled_cell(asked: Question, cells: Cells) -> int | None:
    """The only value beside a label that says what is asked for: "Payment due | 2 April", "Total | | 561.60"."""
    filled = [place for place, (_, value) in enumerate(cells) if value.strip()]
    if len(filled) != 2 or len(_stems(cells[filled[0]][1])) > _LABEL or any(map(str.isdigit, cells[filled[0]][1])):
        return None
    label, value = _stems(cells[filled[0]][1]), cells[filled[1]][1]
    if asked.asked:
        says = all(stem in label or _groups_of(label) & set(alike(stem)) for stem in asked.asked)
    else:
        says = asked.kind in VALUES and bool(label & set(asked.subject))
    fits = not asked.negated and _may_be(asked.kind, value) and not _stems(value) <= _stems(asked.text)
    return filled[1] if says and fits else None


def crosses(asked: Question, cells: Cells) -> bool:
    """Whether the question names a cell by both its row and its column, or a row by a column and its value there."""
    return any(way(asked, cells) is not None for way in (_crossing, _whose, in_charge))


def _asks_contents(asked: Question) -> bool:
    """Whether it asks for all that is in a place."""
    return asked.kind in ("list", "passage") and _CONTENTS.match(asked.text) is not None


def _crossing(asked: Question, cells: Cells) -> int | None:
    """Where the row that the question names by its label meets the only column that it names."""
    said = _stems(asked.text)
    if not cells or asked.negated or not (label := _stems(cells[0][1])):
        return None
    if within := cells_in_range(asked, cells):
        return crossing_of_range(asked, said, cells, within)
    if not label <= said:
        return None
    headers = {place: _stems(header) for place, (header, _) in enumerate(cells) if place}
    named = [place for place, of in headers.items() if of and of <= said - label]
    if not named and asked.kind in ("number", "value", "duration"):
        named = _columns_by_measure(said - label, headers, cells)
    # Asked when "isolation ends", the column "Isolation" is not meant.
    whole = [place for place in named if not any(headers[place] < headers[other] for other in named)]
    return whole[0] if len(whole) == 1 and cells[whole[0]][1].strip() else None


def _columns_by_measure(said: frozenset[str], headers: Mapping[int, frozenset[str]], cells: Cells) -> list[int]:
    """The columns of numbers that are called after what an adjective or verb of the question measures: "Minimum age"
    of "how old"."""
    asked = {group for stem in said for group in alike(stem)}
    alike_it = (at for at, of in headers.items() if any(asked.intersection(alike(stem)) for stem in of))
    return [at for at in alike_it if any(map(str.isdigit, cells[at][1]))]


def _whose(asked: Question, cells: Cells) -> int | None:
    """The label of a row that has, in a column that the question names, the value that it names: who has "night" under
    "Sat"."""
    kind = asked.kind in ("person", "name", "list", "place") or _asks_contents(asked)
    if not kind or asked.negated or len(cells) < len("abc"):
        return None
    said = _stems(asked.text)
    label, *others = ((place, header, _stems(value)) for place, (header, value) in enumerate(cells))
    named = [value for _, header, value in others if (of := _stems(header)) and of <= said]
    meets = any(value and (value <= said or value & said & _MONTHS) for value in named)
    return label[0] if meets and label[2] and not label[2] <= said else None


def in_charge(asked: Question, cells: Cells) -> int | None:
    """The person whom a row begins with, where another of its cells holds all of what somebody is asked to be in charge
    of: "who handles refunds"."""
    if asked.kind != "person" or asked.negated or len(cells) < 2 or not DUTY & _stems(asked.text):
        return None
    duty = {*asked.subject, *asked.asked} - DUTY - LIGHT
    name = cells[0][1]
    is_person = _PERSON.fullmatch(name) is not None and name.istitle()
    held = any(duty <= _stems(value) for _, value in cells[1:])
    return 0 if is_person and duty and held and not asked.names and not asked.identifiers else None


def _by_prefix(asked: Question, cells: Cells) -> int | None:
    """The only column whose name begins as a word of the question does, in another language than English: "Nachzahlung"
    for "nachzahlen"."""
    if asked.language == ENGLISH or not names_row(asked, cells):
        return None
    heads = {word[:_PREFIX] for word in words.words(asked.text) if len(word) > _PREFIX}
    found = [
        place
        for place, (header, value) in enumerate(cells)
        if any(word[:_PREFIX] in heads and len(word) > _PREFIX for word in words.words(header))
        and value
        and _may_be(asked.kind, value)
    ]
    return found[0] if len(found) == 1 else None


def _groups_of(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(group for stem in stems for group in alike(stem))


def _property(asked: Question) -> frozenset[str]:
    """What is asked for: "price" of …, "which country"."""
    noun = _WHICH.match(asked.text)
    return frozenset(asked.asked) | (_stems(noun[1]) if noun else frozenset())


def _score(names: frozenset[str], worth: Mapping[str, float], keys: frozenset[str]) -> float:
    """What share of the words is held, the shorter name and the one beside the row's key before others."""
    held = sum(worth.get(name, 0.0) for name in names)
    further = len(names) - 2 * len(names & keys) + _FOR_MACHINES * len(names & _REFERENCES)
    return held - _FURTHER * further if held else 0.0


def _may_be(kind: Kind, value: str) -> bool:
    """Whether a cell can be the person, day or number that is asked for."""
    match kind:
        case "person":
            return value.lower() != value.upper() and not any(map(str.isdigit, value))
        case "date":
            return kinds.exact_date(value)
        case "count" | "number":
            return _QUANTITY.fullmatch(value) is not None
        case _:
            return True


def _by_kind(asked: Question, values: Mapping[int, str], headers: Sequence[str]) -> int | None:
    """The only cell that looks like the person of "who" or the day of "when", by its column where several do; the only
    price of what something costs."""
    if asked.kind == "number" and asked.unit == "money":
        prices = [place for place, value in values.items() if _is_price(headers[place], value)]
        return prices[0] if len(prices) == 1 else None
    if asked.kind not in ("person", "date"):
        return None
    found = [place for place, value in values.items() if asked.kind == "date" or _PERSON.fullmatch(value)]
    if asked.kind == "person" and len(found) > 1:
        found = [place for place in found if _stems(headers[place]) & _PEOPLE]
    return found[0] if len(found) == 1 else None


def _is_price(header: str, value: str) -> bool:
    named = bool(_stems(header) & _PRICES) or re.search(r"[$€£¥]|\b(?:EUR|USD|GBP|CHF)\b", header + value) is not None
    return named and _QUANTITY.fullmatch(value) is not None


def _by_group(weights: Mapping[str, float]) -> dict[str, float]:
    return {group: weight for stem, weight in weights.items() if stem not in LIGHT for group in alike(stem)}


@lru_cache(maxsize=2048)
def _groups(header: str) -> frozenset[str]:
    return _groups_of(_stems(header))


@lru_cache(maxsize=8192)
def _stems(text: str) -> frozenset[str]:
    if len(text) < _MOST_SHORT:
        text = _SHORT_DAYS.get(text.strip().lower().rstrip("."), text)
    return frozenset(words.stems(text)) if text else frozenset()
