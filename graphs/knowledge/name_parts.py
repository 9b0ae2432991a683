"""Parts of a person's name that stand for the whole: *Scrooge* for *Ebenezer Scrooge*, *Satya* for *Satya Nadella*.

A part is merged in the documents where one thing alone of that first name or surname is named in full, and in all of
them where the library knows no other and half of the documents that use the part name her in full. Both must be
persons by what the texts say around them (``corpus/phrases/persons.py``); a name that is none stands in the way, too.
*Mr. Scrooge* is a part as well, and a rival of everybody of that surname whom the texts call *she*.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ...corpus.phrases.names import normal
from ...corpus.phrases.persons import FEMALE, HONORIFICS, MALE, is_person
from ...corpus.words import STOPWORDS
from .merges import NAME_PART, Merge
from .pronouns import HE, SHE

KEPT_FORMS = 1 << 18
"""Phrases of which is kept what their letters say: an edit of one document goes over all names again."""
SHORTEST = 3
"""Letters of a part."""
LONGEST = 4
"""Words of a name that has parts."""
MOSTLY = 0.5
"""Share of the documents with a part that name its person in full, from which on it means her in the others, too."""
RARE = 0.05
"""Of the mentions of a part, how many those of another name with that word may be: a sentence that begins *Enter
Scrooge* names nobody else."""
_PARTICLES = frozenset(re.findall(r"\w+", "de da del della der den di do dos du el la le van von bin ibn al af av zu"))
BEFORE = HONORIFICS | _PARTICLES
"""What may stand before a surname: *Mr. Darcy*, *van Gogh*."""
_PATRONYMIC = frozenset(["bin", "ibn", "bint", "ben", "ap"])
"""Behind these stands somebody else's name."""
_PLAIN = frozenset(["old", "young", "poor", "dear", "late", "little", "big", "great", "good"])
"""Words with a capital before a name that make no other name of it."""
_BEFORE_NAMES = BEFORE | _PLAIN
_LAST = frozenset(re.findall(r"\w+", "jr sr ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi"))
"""What stands behind a surname, or makes a first name that of a monarch."""
_CAMEL = re.compile(r"(?:[A-Z][a-z]+){2,3}")
_INSIDE_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLES = HONORIFICS | {"ceo", "cfo", "cto", "coach", "chairman", "director", "minister", "secretary"}


@dataclass
class NameUse:
    """How the texts use one phrase that may be a person's name."""

    written: str
    may_be_part: bool
    """Its form is that of a part, it may be a person, and nothing is called so."""
    documents: dict[int, int] = field(default_factory=dict)
    """Document -> the first sentence that has it."""
    mentions: dict[int, int] = field(default_factory=dict)
    """By document."""
    signs: dict[int, int] = field(default_factory=dict)
    """Document -> the sum of the signs that it is a person."""
    doubted: dict[int, int] = field(default_factory=dict)
    """Document -> how many mentions speak against it; only where there are any."""
    signs_for: int = 0
    signs_against: int = 0
    called: dict[int, int] = field(default_factory=dict)
    """How often *he* or *she* stands in its sentence or the next one."""

    @property
    def is_person(self) -> bool:
        return is_person(self.signs_for, self.signs_against)

    @property
    def sex(self) -> int:
        """``HE``, ``SHE``, or 0 where the texts do not say."""
        he, she = self.called.get(HE, 0), self.called.get(SHE, 0)
        return HE if he > 2 * she else SHE if she > 2 * he else 0


@dataclass(frozen=True, slots=True)
class _Holder:
    """Somebody whose name has the part."""

    root: int
    phrase: str
    use: NameUse
    is_surname: bool


def name_part_merges(
    uses: Mapping[str, NameUse], roots: Mapping[str, int], pages: Mapping[int, Collection[str]]
) -> list[Merge]:
    """``uses``: of all names; ``roots``: phrase -> the thing that it means by the merges so far; ``pages``: the persons
    whom a page or a section of a document is about."""
    first_names, surnames = _holders(uses, roots)
    alike = _by_form(uses)
    found: list[Merge] = []
    for phrase in sorted(phrase for phrase, use in uses.items() if use.may_be_part):
        title, space, key = phrase.rpartition(" ")
        if space and title not in BEFORE:
            continue
        if len(key) < SHORTEST or key in _TITLES:
            continue
        holders = surnames.get(key, []) + (first_names.get(key, []) if not space else [])
        sex = HE if title in MALE else SHE if title in FEMALE else 0
        fitting = [one for one in holders if one.phrase != phrase and (not sex or _sex_of(one) == sex)]
        if title in _PARTICLES:
            fitting = [one for one in fitting if one.phrase.endswith(f" {phrase}")]
        if fitting:
            rivals = {} if space else _rivals(key, uses, surnames.get(key, []))
            # *Scrooge and Marley* is no other Scrooge, *William of Orange* is another William.
            places = {"last" if one.is_surname else "first" for one in fitting}
            named = [one for place in sorted(places) for one in alike.get((place, key), ())]
            rivals |= {one: uses[one] for one in named if not _says_the_same(one, fitting)}
            # What is rare beside *Scrooge* is rare beside *Mr. Scrooge*, too.
            plain = uses.get(key) if space else None
            found += _merges_of(phrase, uses[phrase], fitting, rivals=list(rivals.values()), pages=pages, plain=plain)
    return found


def _sex_of(holder: _Holder) -> int:
    title = holder.phrase.partition(" ")[0]
    return HE if title in MALE else SHE if title in FEMALE else holder.use.sex


def _by_form(uses: Mapping[str, NameUse]) -> dict[tuple[str, str], list[str]]:
    """Names of several words by their first and by their last, whatever they name."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for phrase in sorted(uses):
        first, last = ends_of_phrase(phrase)
        if first and first not in _BEFORE_NAMES:
            found["first", first].append(phrase)
            found["last", last].append(phrase)
    return found


@lru_cache(maxsize=KEPT_FORMS)
def ends_of_phrase(phrase: str) -> tuple[str, str]:
    """The first and the last word of a phrase of several."""
    first, space, rest = phrase.partition(" ")
    return (first, rest.rpartition(" ")[2]) if space else ("", "")


def _says_the_same(phrase: str, holders: Sequence[_Holder]) -> bool:
    """Whether it is a holder's name, or has it inside: *George Washington University*."""
    return any(f" {one.phrase} " in f" {phrase} " or f" {phrase} " in f" {one.phrase} " for one in holders)


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
            first_names[parts[0]].append(_Holder(roots[phrase], phrase, use, is_surname=False))
            if parts[-1] not in _LAST:
                surnames[parts[-1]].append(_Holder(roots[phrase], phrase, use, is_surname=True))
    return first_names, surnames


@lru_cache(maxsize=KEPT_FORMS)
def parts_of_name(phrase: str, written: str) -> tuple[str, ...]:
    """The words of a name, without what stands before or behind it; none of what is no name of a person by its form."""
    words = normal(_INSIDE_CAMEL.sub(" ", written)).split() if _CAMEL.fullmatch(written) else phrase.split()
    while len(words) > 2 and words[-1] in _LAST and words[-1] not in ("v", "x"):
        words.pop()
    if words and words[0] in HONORIFICS | _PLAIN:
        words = words[1:]
    plain = all(word.isalpha() for word in words) and STOPWORDS.isdisjoint(words)
    return tuple(words) if plain and 1 < len(words) <= LONGEST and _PATRONYMIC.isdisjoint(words) else ()


def may_be_person(phrase: str, signs_for: int, signs_against: int) -> bool:
    """Whether a part of a name may be a person's: behind a title, or by what the texts say around it."""
    return " " in phrase or (signs_for > 0 and is_person(signs_for + 1, signs_against))


def _is_about(page: Collection[str], phrase: str) -> bool:
    return any(f" {phrase} " in f" {name} " for name in page)


def _rivals(key: str, uses: Mapping[str, NameUse], holders: Sequence[_Holder]) -> dict[str, NameUse]:
    """*Mr.* and *Mrs.* with this surname who are none of those who are named in full."""
    found: dict[str, NameUse] = {}
    for titles, sex in ((MALE, HE), (FEMALE, SHE)):
        if not any(holder.use.sex == sex for holder in holders):
            found |= {name: uses[name] for title in sorted(titles) if (name := f"{title} {key}") in uses}
    return found


def _merges_of(
    phrase: str,
    use: NameUse,
    holders: Sequence[_Holder],
    *,
    rivals: Sequence[NameUse],
    pages: Mapping[int, Collection[str]],
    plain: NameUse | None,
) -> Iterator[Merge]:
    """``plain``: the part without the title before it."""
    meant: dict[int, _Holder] = {}
    counted = [use] if plain is None else [use, plain]
    for document in use.documents:
        inside = [one for one in holders if document in one.use.documents]
        # On a page about a person a name that she has, too, may be that of a daughter or a husband.
        if document in pages and not all(_is_about(pages[document], one.phrase) for one in inside):
            continue
        rare = RARE * sum(one.mentions.get(document, 0) for one in counted)
        alone = len({one.root for one in inside}) == 1 and all(
            rival.mentions.get(document, 0) <= rare for rival in rivals
        )
        # Of *his daughter Mary* the surname may be another; once among many mentions says nothing.
        doubtful = use.doubted.get(document, 0) > rare and not inside[0].is_surname if inside else False
        if alone and use.signs.get(document, 0) >= 0 and not doubtful:
            meant[document] = max(inside, key=lambda one: (len(one.use.documents), one.phrase))
    rare = RARE * sum(sum(one.mentions.values()) for one in counted)
    everywhere = len({one.root for one in holders}) == 1 and all(sum(one.mentions.values()) <= rare for one in rivals)
    if meant and everywhere and len(meant) >= MOSTLY * len(use.documents):
        document, holder = min(meant.items())
        yield Merge(phrase, holder.phrase, NAME_PART, document, holder.use.documents[document])
        return
    for document, holder in sorted(meant.items()):
        yield Merge(phrase, holder.phrase, NAME_PART, document, holder.use.documents[document], only_there=True)
