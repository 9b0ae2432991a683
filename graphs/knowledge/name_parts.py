"""Parts of a person's name that stand for the whole: *Scrooge* for *Ebenezer Scrooge*, *Satya* for *Satya Nadella*.

A part is merged in the documents where just one person of that first name or surname is named in full, and in all of
them where the library knows no other and half of the documents that use the part name her in full. Both must be
persons by what the texts say around them (``corpus/phrases/persons.py``). *Mr. Scrooge* is a part, too, and a rival of
everybody of that surname whom the texts call *she*.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...corpus.phrases.names import normal
from ...corpus.phrases.persons import FEMALE, HONORIFICS, MALE, is_person
from .merges import NAME_PART, Merge
from .pronouns import HE, SHE

SHORTEST = 3
"""Letters of a part."""
LONGEST = 4
"""Words of a name that has parts."""
MOSTLY = 0.5
"""Share of the documents with a part that name its person in full, from which on it means her in the others, too."""
_PARTICLES = frozenset(re.findall(r"\w+", "de da del della der den di do dos du el la le van von bin ibn al af av zu"))
BEFORE = HONORIFICS | _PARTICLES
"""What may stand before a surname: *Mr. Darcy*, *van Gogh*."""
_LAST = frozenset(re.findall(r"\w+", "jr sr ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi"))
"""What stands behind a surname, or makes a first name that of a monarch."""
_CAMEL = re.compile(r"(?:[A-Z][a-z]+){2,3}")
_INSIDE_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLES = HONORIFICS | {"ceo", "cfo", "cto", "coach", "chairman", "director", "minister", "secretary"}


@dataclass
class NameUse:
    """How the texts use one phrase that may be a person's name."""

    written: str
    documents: dict[int, int] = field(default_factory=dict)
    """Document -> the first sentence that has it."""
    signs: Counter[int] = field(default_factory=Counter)
    """Document -> the sum of the signs that it is a person."""
    signs_for: int = 0
    signs_against: int = 0
    called: Counter[int] = field(default_factory=Counter)
    """How often *he* or *she* stands in its sentence or the next one."""

    @property
    def is_person(self) -> bool:
        return is_person(self.signs_for, self.signs_against)

    @property
    def sex(self) -> int:
        """``HE``, ``SHE``, or 0 where the texts do not say."""
        he, she = self.called[HE], self.called[SHE]
        return HE if he > 2 * she else SHE if she > 2 * he else 0


@dataclass(frozen=True, slots=True)
class _Holder:
    """Somebody whose name has the part."""

    root: int
    phrase: str
    use: NameUse


def name_part_merges(uses: Mapping[str, NameUse], roots: Mapping[str, int]) -> list[Merge]:
    """``uses``: of all names; ``roots``: phrase -> the thing that it means by the merges so far."""
    first_names, surnames = _holders(uses, roots)
    found: list[Merge] = []
    for phrase in sorted(uses):
        title, space, key = phrase.rpartition(" ")
        if space and title not in BEFORE:
            continue
        if len(key) < SHORTEST or key in _TITLES:
            continue
        holders = surnames.get(key, []) + (first_names.get(key, []) if not space else [])
        sex = HE if title in MALE else SHE if title in FEMALE else 0
        fitting = [one for one in holders if one.phrase != phrase and (not sex or one.use.sex == sex)]
        if fitting and _may_be_person(uses[phrase], titled=bool(space)):
            rivals = [] if space else _rivals(key, uses, surnames.get(key, []))
            found += _merges_of(phrase, uses[phrase], fitting, rivals)
    return found


def _holders(
    uses: Mapping[str, NameUse], roots: Mapping[str, int]
) -> tuple[dict[str, list[_Holder]], dict[str, list[_Holder]]]:
    """Persons by their first names, and by their surnames."""
    first_names: dict[str, list[_Holder]] = defaultdict(list)
    surnames: dict[str, list[_Holder]] = defaultdict(list)
    for phrase in sorted(uses):
        use = uses[phrase]
        parts = parts_of_name(phrase, use.written)
        if len(parts) > 1 and use.is_person:
            holder = _Holder(roots[phrase], phrase, use)
            first_names[parts[0]].append(holder)
            if parts[-1] not in _LAST:
                surnames[parts[-1]].append(holder)
    return first_names, surnames


def parts_of_name(phrase: str, written: str) -> list[str]:
    """The words of a name, without what stands before or behind it; none of what is no name of a person by its form."""
    words = normal(_INSIDE_CAMEL.sub(" ", written)).split() if _CAMEL.fullmatch(written) else phrase.split()
    while len(words) > 2 and words[-1] in _LAST and words[-1] not in ("v", "x"):
        words.pop()
    if words and words[0] in HONORIFICS:
        words = words[1:]
    plain = all(word.isalpha() for word in words)
    return words if plain and 1 < len(words) <= LONGEST and not {"of", "the", "and"} & set(words) else []


def _may_be_person(use: NameUse, titled: bool) -> bool:
    return titled or (use.signs_for > 0 and is_person(use.signs_for + 1, use.signs_against))


def _rivals(key: str, uses: Mapping[str, NameUse], holders: Sequence[_Holder]) -> list[NameUse]:
    """*Mr.* and *Mrs.* with this surname who are none of those who are named in full."""
    found = []
    for titles, sex in ((MALE, HE), (FEMALE, SHE)):
        known = any(holder.use.sex == sex for holder in holders)
        found += [uses[f"{title} {key}"] for title in titles if f"{title} {key}" in uses and not known]
    return found


def _merges_of(phrase: str, use: NameUse, holders: Sequence[_Holder], rivals: Sequence[NameUse]) -> Iterator[Merge]:
    meant: dict[int, _Holder] = {}
    for document in use.documents:
        inside = [one for one in holders if document in one.use.documents]
        alone = len({one.root for one in inside}) == 1 and not any(document in rival.documents for rival in rivals)
        if alone and use.signs[document] >= 0:
            meant[document] = max(inside, key=lambda one: (len(one.use.documents), one.phrase))
    everywhere = len({one.root for one in holders}) == 1 and not rivals
    if meant and everywhere and len(meant) >= MOSTLY * len(use.documents):
        document, holder = min(meant.items())
        yield Merge(phrase, holder.phrase, NAME_PART, document, holder.use.documents[document])
        return
    for document, holder in sorted(meant.items()):
        yield Merge(phrase, holder.phrase, NAME_PART, document, holder.use.documents[document], only_there=True)
