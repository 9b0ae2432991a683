"""What people call the rows of a table that is called otherwise: "which games", where the table is ``fixtures``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..english.words import root
from .draft import LEAST, Draft, is_key

_ANY_ROW = {
    root(word)
    for word in "game match fixture event case item thing product entry line record occasion".split()  # noqa: SIM905
}
"""What rows of many tables may be called. Any other noun may be a thing that the table has nothing of."""
_NUMBERS = ("integer", "number")


def use_row_noun(draft: Draft) -> bool:
    """Takes the noun that is asked for as the table's rows, where nothing else is known by it."""
    at, tokens = draft.intent.target, draft.linked.tokens
    if at >= len(tokens) or at in draft.intent.used or any(one.start <= at < one.end for one in draft.linked.links):
        return False
    if not (tokens[at].text.isalpha() and tokens[at].text.islower()):
        return False
    draft.intent = replace(draft.intent, used=draft.intent.used | {at})
    known = tokens[at].root in _ANY_ROW
    (draft.guesses if known else draft.doubts).append(
        f"{tokens[at].text!r} was taken for the rows of {draft.table.name}"
    )
    return True


def drafts_with_row_noun(draft: Draft) -> Iterator[Draft]:
    """ "Which game had the highest attendance": rows are told apart by a number that is named."""
    at, tokens = draft.intent.target, draft.linked.tokens
    if draft.intent.superlative is None or at >= len(tokens) or tokens[at].root not in _ANY_ROW:
        return
    named = {
        name.column
        for one in draft.linked.links
        for name in one.columns
        if name.table == draft.table.name and name.fit >= LEAST and not is_key(draft.table, name.column)
    }
    if any(draft.table.column(name).kind in _NUMBERS for name in named):
        found = replace(draft, guesses=[], doubts=[], whole_rows=True)
        if use_row_noun(found):
            yield found
