"""Things that are counted and stand as words within cells: "How many Berlingos are there?", where cells are "Citroën
Berlingo" and "Citroën Berlingo Long"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...corpus.words import STOPWORDS
from ..english.names import singular
from ..english.words import ASKING, LIGHT
from .database import normal
from .draft import LEAST, Draft, Target
from .measures import pieces_of
from .plan import ColumnReference, Condition

MOST = 200
"""Different cells that hold the words."""
_LONGEST = 3
"""Words of the thing."""


def counted_words(draft: Draft) -> Iterator[tuple[range, Target]]:
    """The words behind "how many", and the rows of the table whose cells hold them. A name may stand anywhere in a
    cell; another word must be its last, since an umbrella stand is no umbrella, and is doubted where other cells of the
    table have it, too."""
    at = draft.intent.target
    end = at
    tokens = draft.linked.tokens
    while end < min(len(tokens), at + _LONGEST) and tokens[end].text.casefold() not in STOPWORDS | LIGHT | ASKING:
        end += 1
    if draft.intent.wanted != "count" or end == at or _is_named(draft, at, end):
        return
    words = [word for token in tokens[at:end] for word in normal(token.text).split()]
    is_name = any(token.is_name for token in tokens[at:end])
    spellings = {" ".join(words), " ".join([*words[:-1], singular(words[-1])])} if words else set[str]()
    columns = [column for column in draft.table.columns if column.kind in ("text", "category")]
    anywhere = {one.name: _cells(draft, one.name, sorted(spellings), True) for one in columns}
    for column in columns:
        if anywhere[column.name]:
            cells = anywhere[column.name] if is_name else _cells(draft, column.name, sorted(spellings), False)
            if cells:
                said = tokens[at].text if end == at + 1 else " ".join(token.text for token in tokens[at:end])
                guess = f"{said!r} was taken for the rows whose {column.name} has the word"
                condition = Condition(ColumnReference((), column.name), "=", tuple(cells))
                likely = is_name or (sum(map(len, anywhere.values())) == len(cells) and not pieces_of(draft.table))
                yield (
                    range(at, end),
                    Target((), (), 0.8, condition, doubt="" if likely else guess, guess=guess if likely else ""),
                )


def _is_named(draft: Draft, start: int, end: int) -> bool:
    """Whether the words are the name of a table or column, or a sort of things that stands so in the cells."""
    for one in draft.linked.links:
        if one.start < end and start < one.end:
            names = max((*(name.fit for name in one.columns), *(name.fit for name in one.tables)), default=0.0)
            if names >= LEAST or (one.values and not draft.linked.tokens[one.start].is_name):
                return True
    return False


def _cells(draft: Draft, column: str, spellings: Sequence[str], anywhere: bool) -> list[str]:
    tests = " OR ".join([_ANYWHERE if anywhere else _AT_THE_END] * len(spellings))
    query = f"SELECT json_extract(value, '$[0]') FROM cell_values WHERE owner = ? AND columns = ? AND ({tests})"  # noqa: S608
    marks = [f"% {one} %" if anywhere else f"% {one}" for one in spellings]
    rows = draft.model.run(query, (draft.table.name, f'["{column}"]', *marks), most=MOST + 1)
    return [] if len(rows) > MOST else [str(row[0]) for row in rows]


_ANYWHERE, _AT_THE_END = "' ' || normal || ' ' LIKE ?", "' ' || normal LIKE ?"
