"""The way from the facts of all documents to entities and edges: counts of who stands with whom in a sentence.

The outcome is a function of the facts alone, in the order of the documents' paths, so that a graph after any edit
equals one that is made afresh. Linear in the mentions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...corpus.array_file import Arrays
from ...corpus.store import Store
from .edges import edges
from .facts import DATE, LOOSE, NAME, OPENER, TERM, common_spelling
from .imports import imported_rows
from .merges import groups, merges
from .storage import apart, stored_facts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "2"
DROPPED = -1
"""Instead of a kind: no mention after all."""
OPENING = 0.1
"""A word that has its capital inside a sentence less often than that, of the times that it opens one, is no name."""
BEHIND = 0.25
"""Share of a single word's mentions that stand behind a determiner, from which on it is a noun."""


def build(store: Store) -> Arrays:
    import numpy as np

    gathered = _Gathered(store)
    kept, kinds = _accept(gathered)
    order = sorted(kept.tolist(), key=gathered.phrases.__getitem__)
    rank = np.full(len(gathered.phrases), -1, np.int64)
    rank[order] = np.arange(len(order))
    phrases = [gathered.phrases[at] for at in order]
    kinds = kinds[order]
    spellings = [
        common_spelling(gathered.spellings[at].items(), small=kind == TERM)
        for at, kind in zip(order, kinds.tolist(), strict=True)
    ]
    found = merges(
        phrases,
        spellings,
        {phrase for phrase, kind in zip(phrases, kinds.tolist(), strict=True) if kind == TERM},
        names={phrase for phrase, kind in zip(phrases, kinds.tolist(), strict=True) if kind == NAME},
        headings={gathered.phrases[at] for at in order if gathered.only_heads[at]},
        defined=gathered.defined,
        apart=apart(store.connection),
    )
    number = {phrase: at for at, phrase in enumerate(phrases)}
    root = groups(len(phrases), ((number[one.one], number[one.other]) for one in found))
    entity_of = np.asarray(root, np.int64)
    mentions, definitions = _place_mentions(gathered, rank, entity_of)
    subject = _map_phrases(gathered.sentences[:, 3], rank, entity_of)
    head = _heads(entity_of, mentions, len(phrases))
    sentences = np.column_stack([gathered.sentences[:, [0, 1, 2]], subject, gathered.sentences[:, 4]])
    return {
        "documents": np.asarray(gathered.documents, np.int64),
        "phrases": _text(phrases),
        "spellings": _text(spellings),
        "kinds": kinds.astype(np.int8),
        "entity": entity_of,
        "head": head,
        "mentions": mentions,
        "sentences": sentences.astype(np.int32),
        "definitions": definitions,
        "sections": _sections(gathered, rank, entity_of),
        **_imported_arrays(gathered, rank, entity_of),
        "merges": np.asarray(
            [(number[m.one], number[m.other], m.document, m.sentence) for m in found], np.int64
        ).reshape(-1, 4),
        "reasons": _text([merge.reason for merge in found]),
        **edges(len(phrases), mentions, sentences, kinds),
    }


class _Gathered:
    """All facts in one row of arrays; phrases are numbered as they come."""

    def __init__(self, store: Store) -> None:
        import numpy as np

        found = stored_facts(store.connection)
        self.documents = found.documents
        self.numbers: dict[str, int] = {}
        self.spellings: dict[int, Counter[str]] = defaultdict(Counter)
        """How many documents spell a phrase so."""
        local: list[int] = []
        for phrases in found.phrases:
            for normal, spelling in phrases:
                number = self.numbers.setdefault(normal, len(self.numbers))
                local.append(number)
                self.spellings[number][spelling] += 1
        self.imported = imported_rows(store.connection)
        """What models of other indexes found, which is no fact of a document."""
        for form, spelling, _ in self.imported.entities:
            number = self.numbers.setdefault(form, len(self.numbers))
            if number not in self.spellings:
                self.spellings[number][spelling] += 1
        self.phrases = list(self.numbers)
        local.append(-1)
        starts = [
            _starts(map(len, part))
            for part in (found.phrases, found.mentions, found.sentences, found.definitions, found.sections)
        ]
        number_of = np.asarray(local, np.int64)

        def rows(parts: list[bytes], columns: int) -> NDArray[np.int64]:
            return np.frombuffer(b"".join(parts), np.int32).reshape(-1, columns).astype(np.int64)

        mentions, sentences = rows(found.mentions, 5), rows(found.sentences, 4)
        of_mention = np.repeat(np.arange(len(self.documents)), np.diff(starts[1]) // (5 * 4))
        of_sentence = np.repeat(np.arange(len(self.documents)), np.diff(starts[2]) // (4 * 4))
        first_phrase, first_sentence = starts[0], starts[2] // (4 * 4)
        subject = np.where(sentences[:, 2] >= 0, sentences[:, 2] + first_phrase[of_sentence], -1)
        self.mentions = np.column_stack(
            [
                number_of[mentions[:, 0] + first_phrase[of_mention]],
                of_mention,
                mentions[:, 1:3],
                mentions[:, 3] + first_sentence[of_mention],
                mentions[:, 4],
            ]
        )
        """Phrase, document (row), start, end, sentence, kind."""
        self.sentences = np.column_stack([of_sentence, sentences[:, :2], number_of[subject], sentences[:, 3]])
        """Document (row), start, end, subject (phrase or -1), passage (its number in the document)."""
        self.definitions = rows(found.definitions, 3)
        """Mention, start, end."""
        sections = rows(found.sections, 3)
        of_section = np.repeat(np.arange(len(self.documents)), np.diff(starts[4]) // (3 * 4))
        headings = number_of[sections[:, 0] + first_phrase[of_section]]
        self.sections = np.column_stack([headings, of_section, sections[:, 1:]])
        """Phrase, document (row), first and last passage (their numbers in the document)."""
        self.only_heads = np.zeros(len(self.phrases), np.bool_)
        """Phrases that head a section and that no sentence has as a name: set once mentions are judged."""
        of_definition = np.repeat(np.arange(len(self.documents)), np.diff(starts[3]) // (3 * 4))
        self.definitions[:, 0] += (starts[1] // (5 * 4))[of_definition]
        self.defined: dict[tuple[str, str], tuple[int, int]] = {}
        for row, (phrases, pairs) in enumerate(zip(found.phrases, found.abbreviations, strict=True)):
            for short, long, at in pairs:
                place = (row, at + int(first_sentence[row]))
                self.defined.setdefault((phrases[short][0], phrases[long][0]), place)


def _starts(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Where each part begins, and the end."""
    import numpy as np

    return np.concatenate([[0], np.cumsum(np.fromiter(lengths, np.int64))]).astype(np.int64)


def _accept(gathered: _Gathered) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The phrases that are entities, and the kind of every phrase: a name where most mentions have the form of one."""
    import numpy as np

    is_name = _names(gathered, _counts(gathered))
    _drop_longer(gathered, is_name)
    counts = _counts(gathered)
    gathered.only_heads = _titled_phrases(gathered) & (counts[NAME] + counts[OPENER] == 0)
    words = np.asarray([phrase.count(" ") for phrase in gathered.phrases], np.int64)
    small = counts[TERM] + counts[LOOSE]
    behind = (counts[TERM] > 0) & ((words > 0) | (counts[TERM] >= BEHIND * small))
    named = (counts[NAME] >= OPENING * counts[OPENER]) & (counts[NAME] > 0)
    is_term = behind | ((counts[LOOSE] > 0) & (words > 0)) | (named & (small > 0)) | _opens(counts)
    is_term |= _titled_phrases(gathered)
    imported = np.asarray([gathered.numbers[form] for form, *_ in gathered.imported.entities], np.int64)
    is_term[imported] = True
    is_name[imported] |= counts.sum(axis=0)[imported] == 0
    is_term[[gathered.numbers[phrase] for pair in gathered.defined for phrase in pair]] = True
    kinds = np.where(counts[DATE] > 0, DATE, np.where(is_name, NAME, TERM))
    return np.flatnonzero(is_name | is_term | (counts[DATE] > 0)), kinds


def _counts(gathered: _Gathered) -> NDArray[np.int64]:
    """``[kinds, phrases]``."""
    import numpy as np

    size = len(gathered.phrases)
    by_kind = (gathered.mentions[gathered.mentions[:, 5] == kind, 0] for kind in (NAME, OPENER, TERM, LOOSE, DATE))
    return np.stack([np.bincount(phrases, minlength=size) for phrases in by_kind])


def _names(gathered: _Gathered, counts: NDArray[np.int64]) -> NDArray[np.bool_]:

    in_capitals, in_small = counts[NAME] + counts[OPENER], counts[TERM] + counts[LOOSE]
    named = (counts[NAME] > 0) & (counts[NAME] >= OPENING * counts[OPENER])
    mostly = in_capitals >= in_small
    found: NDArray[np.bool_] = ((_titled_phrases(gathered) | named) & mostly) | (_opens(counts) & (counts[OPENER] > 1))
    return found


def _titled_phrases(gathered: _Gathered) -> NDArray[np.bool_]:
    """Phrases that name a page or head a section."""
    import numpy as np

    subjects, headings = gathered.sentences[:, 3], gathered.sections[:, 0]
    both = np.concatenate([subjects[subjects >= 0], headings])
    found: NDArray[np.bool_] = np.bincount(both, minlength=len(gathered.phrases)) > 0
    return found


def _opens(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Words with a capital that only ever open sentences, and that no text has in small letters: names, perhaps."""
    found: NDArray[np.bool_] = (counts[OPENER] > 0) & (counts[NAME] + counts[TERM] + counts[LOOSE] == 0)
    return found


def _drop_longer(gathered: _Gathered, is_name: NDArray[np.bool_]) -> None:
    """Forgets the longer runs that begin with a name at the beginning of a sentence: "Zanzibar burned" is no term."""
    import numpy as np

    rows = gathered.mentions
    place = rows[:, 1] << 32 | rows[:, 2]
    named = place[(rows[:, 5] == OPENER) & is_name[rows[:, 0]]] if len(rows) else place
    rows[(rows[:, 5] == LOOSE) & np.isin(place, named), 5] = DROPPED


def _map_phrases(phrases: NDArray[np.int64], rank: NDArray[np.int64], entity: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of phrases as they came -> entities; -1 for what is none."""
    import numpy as np

    if not len(rank):
        return np.full(len(phrases), -1, np.int64)
    found = np.where(phrases >= 0, rank[phrases], -1)
    return np.where(found >= 0, entity[found], -1) if len(entity) else np.full(len(phrases), -1, np.int64)


def _place_mentions(
    gathered: _Gathered, rank: NDArray[np.int64], entity: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Mentions ``[n, 6]`` of entities (entity, phrase, document, start, end, sentence) by entity and place; definitions
    ``[k, 3]`` with the mention's row."""
    import numpy as np

    raw = gathered.mentions
    phrase = rank[raw[:, 0]] if len(rank) else raw[:, 0]
    held = (phrase >= 0) & (raw[:, 5] != DROPPED)
    owner = np.where(held, entity[phrase], -1) if len(entity) else phrase
    order = np.lexsort((raw[:, 2], raw[:, 1], owner))
    order = order[held[order]]
    back = np.full(len(raw), -1, np.int64)
    back[order] = np.arange(len(order))
    mentions = np.column_stack([owner, phrase, raw[:, 1:5]])[order]
    definitions = gathered.definitions.copy()
    definitions[:, 0] = back[definitions[:, 0]] if len(definitions) else 0
    definitions = definitions[definitions[:, 0] >= 0]
    definitions = definitions[np.argsort(definitions[:, 0], kind="stable")]
    return mentions.astype(np.int32), definitions.astype(np.int32)


def _sections(gathered: _Gathered, rank: NDArray[np.int64], entity: NDArray[np.int64]) -> NDArray[np.int32]:
    """``[n, 4]``: entity, document, first and last passage; by entity and place, each once."""
    import numpy as np

    found = gathered.sections.copy()
    found[:, 0] = _map_phrases(found[:, 0], rank, entity)
    return np.unique(found[found[:, 0] >= 0], axis=0).astype(np.int32).reshape(-1, 4)


def _imported_arrays(
    gathered: _Gathered, rank: NDArray[np.int64], entity: NDArray[np.int64]
) -> dict[str, NDArray[np.int32]]:
    """``told`` ``[t, 2]``: entity, row of the imported entity; ``relations`` ``[r, 3]``: both ends, row of the imported
    relation."""
    import numpy as np

    def entities(forms: Iterable[str]) -> NDArray[np.int64]:
        return _map_phrases(np.asarray([gathered.numbers[form] for form in forms], np.int64), rank, entity)

    found = gathered.imported
    told = np.column_stack([entities(row[0] for row in found.entities), [row[2] for row in found.entities]])
    sources, targets = entities(row[0] for row in found.relations), entities(row[1] for row in found.relations)
    relations = np.column_stack([sources, targets, [row[2] for row in found.relations]])
    return {
        "told": told.astype(np.int32).reshape(-1, 2),
        "relations": relations[sources != targets].astype(np.int32).reshape(-1, 3),
    }


def _heads(entity: NDArray[np.int64], mentions: NDArray[np.int32], size: int) -> NDArray[np.int64]:
    """The phrase that is shown for each entity: the one with most mentions, the first of equals."""
    import numpy as np

    counts = np.bincount(mentions[:, 1], minlength=size)
    order = np.lexsort((np.arange(size), -counts, entity))
    head = np.full(size, -1, np.int64)
    owners, first = np.unique(entity[order], return_index=True)
    head[owners] = order[first]
    return head


def _text(lines: list[str]) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer("\n".join(lines).encode(errors="replace"), np.uint8)
