"""Columns under one merged header, "Early: room, staff code": a word that names them all, and the noun that people say
behind it ("the early shift"), which no cell has."""

from __future__ import annotations

from ..english.words import root
from .draft import Draft, root_of
from .plan import ColumnReference
from .word_links import WordLink

_LEAST = 2
"""Columns of a group."""


def group_word(draft: Draft, link: WordLink) -> int | None:
    """The place of the noun behind the words, where these name a group of columns of the table and the noun is known to
    nobody."""
    tokens, behind = draft.linked.tokens, link.end
    if link.end - link.start != 1 or behind >= len(tokens) or not is_group(draft, tokens[link.start].root):
        return None
    known = any(one.start <= behind < one.end for one in draft.linked.links) or behind in draft.intent.used
    return None if known or not tokens[behind].text.isalpha() or tokens[behind].is_name else behind


def is_group(draft: Draft, word: str) -> bool:
    names = [column.name.split("_") for column in draft.table.columns]
    nouns = {root(part) for table in draft.model.tables.values() for part in root_of(table).split("_")}
    led = {key.column.partition("_")[0] for key in draft.table.foreign}
    found = [name[0] for name in names if len(name) > 1 and root(name[0]) == word]
    return len(found) >= _LEAST and word not in nouns and found[0] in led


def use_groups(draft: Draft, references: list[ColumnReference]) -> None:
    """Nouns behind the words of a group are understood where the reading goes through a column of that group."""
    through = {key.column for one in references for key in one.path[:1]} | {
        one.column for one in references if not one.path
    }
    firsts = {root(name.partition("_")[0]) for name in through}
    for link in draft.linked.links:
        at = group_word(draft, link)
        if at is not None and draft.linked.tokens[link.start].root in firsts:
            draft.used |= {link.start, at}
            group, noun = (draft.linked.tokens[n].text for n in (link.start, at))
            draft.guesses.append(f"{noun!r} was taken for the columns of {group!r}")
