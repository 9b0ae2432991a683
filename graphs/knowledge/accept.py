"""Which phrases of the documents are entities, and of which kind: what the counts over all documents say."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from .facts import COMPOSED, DATE, LOOSE, NAME, OPENER, TERM, common_spelling
from .gathered import Gathered
from .imports import ImportedRows
from .letters import known_letters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DROPPED = -1
"""Instead of a kind: no mention after all."""
OPENING = 0.1
"""A word that has its capital inside a sentence less often than that, of the times that it opens one, is no name."""
BEHIND = 0.25
"""Share of a single word's mentions that stand behind a determiner, from which on it is a noun."""
REPEATED = 2
"""How often two terms stand with a small word between, from which on they are one."""


class Rows:
    """All facts by the numbers of the whole library: phrases in the order of the alphabet, documents and sentences in
    that of the paths."""

    def __init__(self, gathered: Gathered, imported: ImportedRows) -> None:
        import numpy as np

        self.gathered, self.imported = gathered, imported
        self.phrases = gathered.forms
        number_of = np.arange(-1, len(gathered.forms))
        self.told = self._number_imported(number_of)
        """The phrase of each imported entity."""
        self.letters = known_letters(self.phrases, gathered.letters, number_of[1:])
        """Of the phrases."""
        self._number_of = number_of
        """Phrase of the documents -> its number here; by one more, so that none is none."""
        mentions = gathered.rows["mentions"].astype(np.int64)
        where = [gathered.owners("mentions"), mentions[:, 1], mentions[:, 2], gathered.sentences_of("mentions")]
        self.mentions = np.column_stack([number_of[mentions[:, 0] + 1], *where, mentions[:, 4]])
        """Phrase, document (row), start, end, sentence, kind."""
        self.signs = mentions[:, 5]
        """Of each mention, whether it seems to be a person."""
        sentences = gathered.rows["sentences"].astype(np.int64)
        subjects = number_of[sentences[:, 2] + 1]
        self.sentences = np.column_stack([gathered.owners("sentences"), sentences[:, :2], subjects, sentences[:, 3]])
        """Document (row), start, end, subject (phrase or -1), passage (its number in the document)."""
        self.definitions = gathered.rows["definitions"].astype(np.int64)
        """Mention, start, end."""
        self.definitions[:, 0] += gathered.firsts("mentions")[gathered.owners("definitions")]
        sections = gathered.rows["sections"].astype(np.int64)
        self.sections = np.column_stack([number_of[sections[:, 0] + 1], gathered.owners("sections"), sections[:, 1:]])
        """Phrase, document (row), first and last passage (their numbers in the document)."""
        self.pronouns = gathered.rows["pronouns"].astype(np.int64)
        """Sentence, start, end, *he* or *she*."""
        self.pronouns[:, 0] = gathered.sentences_of("pronouns")
        self.only_heads = np.zeros(len(self.phrases), np.bool_)
        """Phrases that head a section and that no sentence has as a name: set once mentions are judged."""

    def _number_imported(self, number_of: NDArray[np.int64]) -> NDArray[np.int64]:
        import numpy as np

        forms = [form for form, *_ in self.imported.entities]
        if not forms:
            return np.zeros(0, np.int64)
        self.phrases = sorted({*self.phrases, *forms})
        number = {form: at for at, form in enumerate(self.phrases)}
        number_of[1:] = [number[form] for form in self.gathered.forms]
        return np.asarray([number[form] for form in forms], np.int64)

    @property
    def defined_phrases(self) -> NDArray[np.int64]:
        """Abbreviations and their long forms."""
        found: NDArray[np.int64] = self._number_of[self.gathered.rows["abbreviations"][:, :2].ravel() + 1]
        return found

    def definitions_of_abbreviations(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(short form, long form) -> document and sentence of the first one."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        owners, firsts = self.gathered.owners("abbreviations").tolist(), self.gathered.firsts("sentences")
        forms = self.gathered.forms
        for (short, long, at), row in zip(self.gathered.rows["abbreviations"].tolist(), owners, strict=True):
            found.setdefault((forms[short], forms[long]), (row, at + int(firsts[row])))
        return found

    def spellings(self, small: NDArray[np.bool_]) -> list[str]:
        """The commonest spelling of each phrase; of those that are ``small`` one that begins with a small letter, if
        there is one."""
        import numpy as np

        spellings, pairs = self.gathered.spellings, self.gathered.rows["spelled"].astype(np.int64)
        keys = np.sort(pairs[:, 0] * max(1, len(spellings)) + pairs[:, 1])
        distinct = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(distinct, append=len(keys))
        forms, spelled = np.divmod(keys[distinct], max(1, len(spellings)))
        starts = np.searchsorted(forms, np.arange(len(self.gathered.forms) + 1))
        found = self._imported_spellings()
        if found:
            for phrase, at in zip(self._number_of[1:].tolist(), spelled[starts[:-1]].tolist(), strict=True):
                found[phrase] = spellings[at]
        else:
            found = [spellings[at] for at in spelled[starts[:-1]].tolist()]
        for form in np.flatnonzero(np.diff(starts) > 1).tolist():
            several, phrase = slice(starts[form], starts[form + 1]), int(self._number_of[form + 1])
            names = [spellings[at] for at in spelled[several].tolist()]
            found[phrase] = common_spelling(
                zip(names, counts[several].tolist(), strict=True), small=bool(small[phrase])
            )
        return found

    def _imported_spellings(self) -> list[str]:
        """Gives for each phrase its name in what is imported, or nothing at all where nothing is imported."""
        if not self.imported.entities:
            return []
        found = [""] * len(self.phrases)
        for phrase, (_, name, _) in zip(self.told.tolist()[::-1], self.imported.entities[::-1], strict=True):
            found[phrase] = name
        return found


def accept(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The phrases that are entities, and the kind of every phrase: a name where most mentions have the form of one."""
    import numpy as np

    titled = titled_phrases(rows)
    is_name = _names(_counts(rows), titled)
    _drop_longer(rows, is_name)
    counts = _counts(rows)
    rows.only_heads = titled & (counts[NAME] + counts[OPENER] == 0)
    words = np.fromiter(map(str.count, rows.phrases, repeat(" ")), np.int64)
    small = counts[TERM] + counts[LOOSE]
    behind = (counts[TERM] > 0) & ((words > 0) | (counts[TERM] >= BEHIND * small))
    named = (counts[NAME] >= OPENING * counts[OPENER]) & (counts[NAME] > 0)
    is_term = behind | ((counts[LOOSE] > 0) & (words > 0)) | (named & (small > 0)) | _opens(counts)
    is_term |= titled | (counts[COMPOSED] >= REPEATED)
    is_term[rows.told] = True
    is_name[rows.told] |= counts.sum(axis=0)[rows.told] == 0
    is_term[rows.defined_phrases] = True
    kinds = np.where(counts[DATE] > 0, DATE, np.where(is_name, NAME, TERM))
    return np.flatnonzero(is_name | is_term | (counts[DATE] > 0)), kinds


def _counts(rows: Rows) -> NDArray[np.int64]:
    """``[kinds, phrases]``."""
    import numpy as np

    size, held = len(rows.phrases), rows.mentions[:, 5] != DROPPED
    keys = rows.mentions[held, 5] * size + rows.mentions[held, 0]
    return np.bincount(keys, minlength=(COMPOSED + 1) * size).reshape(COMPOSED + 1, size)


def _names(counts: NDArray[np.int64], titled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    in_capitals, in_small = counts[NAME] + counts[OPENER], counts[TERM] + counts[LOOSE]
    named = (counts[NAME] > 0) & (counts[NAME] >= OPENING * counts[OPENER])
    mostly = in_capitals >= in_small
    found: NDArray[np.bool_] = ((titled | named) & mostly) | (_opens(counts) & (counts[OPENER] > 1))
    return found


def titled_phrases(rows: Rows) -> NDArray[np.bool_]:
    """Phrases that name a page or head a section."""
    import numpy as np

    subjects, headings = rows.sentences[:, 3], rows.sections[:, 0]
    both = np.concatenate([subjects[subjects >= 0], headings])
    found: NDArray[np.bool_] = np.bincount(both, minlength=len(rows.phrases)) > 0
    return found


def _opens(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Words with a capital that only ever open sentences, and that no text has in small letters: names, perhaps."""
    found: NDArray[np.bool_] = (counts[OPENER] > 0) & (counts[NAME] + counts[TERM] + counts[LOOSE] == 0)
    return found


def _drop_longer(rows: Rows, is_name: NDArray[np.bool_]) -> None:
    """Forgets the longer runs that begin with a name at the beginning of a sentence: "Zanzibar burned" is no term."""
    import numpy as np

    raw = rows.mentions
    place = raw[:, 1] << 32 | raw[:, 2]
    named = place[(raw[:, 5] == OPENER) & is_name[raw[:, 0]]] if len(raw) else place
    loose = np.flatnonzero(raw[:, 5] == LOOSE)
    raw[loose[np.isin(place[loose], named)], 5] = DROPPED
