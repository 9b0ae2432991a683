"""Which things of a kind are mentioned: companies, people, places, dates, names.

What is one is told by the texts' own definitions ("X is a company", "X, the director"), by legal forms and honorifics.
A text need not say what a thing is, so such a list is never called complete; one of all names or dates is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...corpus.phrases.names import normal
from ...corpus.words import holding, stems, words
from .facts import DATE, NAME, TERM
from .quotes import Quotes

MOST_PASSAGES = 20_000
"""With a thing's words that are looked at."""
_KINDS = {"names": NAME, "terms": TERM, "dates": DATE}
_LEGAL = re.compile(r".+ (?:inc|incorporated|corp|corporation|ltd|limited|llc|plc|gmbh|ag|bank|company|group|holdings)")
_HONORIFIC = re.compile(r"(?:mr|mrs|ms|dr|prof|professor|sir|lord|lady|president|king|queen|prince|princess) .+")
_MEANT = {
    "company": "company firm corporation subsidiary manufacturer bank startup business publisher retailer supplier",
    "organization": (
        "organization organisation agency institution university association union party committee company firm team "
        "club"
    ),
    "person": (
        "person man woman officer director president professor founder author actor actress writer politician engineer "
        "scientist singer king queen analyst manager chairman composer producer artist player player poet"
    ),
    "place": "place city town village country region river mountain island state province county capital district",
    "product": "product service platform tool application device system software",
}
_SAME = {
    "companies": "company", "firms": "company", "businesses": "company", "corporations": "company",
    "organizations": "organization", "organisations": "organization", "people": "person", "persons": "person",
    "places": "place", "locations": "place", "countries": "country", "cities": "city", "products": "product",
}  # fmt: skip
_HEAD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """``sentence`` says that it is one; -1 where its name alone does."""

    entity: int
    sentence: int


def most_mentioned(quotes: Quotes, kind: str) -> tuple[list[Mentioned], bool]:
    """Those of a kind, the most mentioned first, and whether these are all that the documents name."""
    graph = quotes.graph
    wanted = kind.casefold().strip()
    if wanted in _KINDS:
        found = [
            Mentioned(entity, -1)
            for entity in graph.entities
            if graph.kinds[graph.head[entity]] == _KINDS[wanted] and graph.count(entity)
        ]
        return sorted(found, key=lambda one: (-graph.count(one.entity), one.entity)), True
    single = _SAME.get(wanted, _singular(wanted))
    heads = set(stems(_MEANT.get(single, single)))
    said = _by_definition(quotes, heads)
    for entity in graph.entities:
        key = graph.phrases[graph.head[entity]]
        by_form = (single in ("company", "organization") and _LEGAL.fullmatch(key)) or (
            single == "person" and _HONORIFIC.fullmatch(key)
        )
        if by_form and graph.kinds[graph.head[entity]] == NAME:
            said.setdefault(entity, -1)
    ranked = sorted(said.items(), key=lambda pair: (-graph.count(pair[0]), pair[0]))
    return [Mentioned(*pair) for pair in ranked], False


def _by_definition(quotes: Quotes, heads: Iterable[str]) -> dict[int, int]:
    """Names whose definition has one of these words as its head, each with the sentence."""
    graph, wanted = quotes.graph, set(heads)
    found: dict[int, int] = {}
    for mention, start, end in graph.definitions.tolist():
        entity, _, document, _, _, sentence = graph.mentions[mention].tolist()
        if entity in found or graph.kinds[graph.head[entity]] != NAME:
            continue
        if head_of(quotes.slice(document, start, end)) & wanted:
            found[entity] = sentence
    return found


def head_of(definition: str) -> set[str]:
    """Stems of the head noun, and of the words before it: "an American technology company" -> company."""
    noun = re.split(r" (?:of|in|for|from|with|based|by|on|at|to) ", definition, maxsplit=1)[0]
    found = _HEAD.findall(noun)
    return set(stems(found[-1])) if found else set()


def _singular(word: str) -> str:
    form = normal(word)
    return f"{form[:-3]}y" if form.endswith("ies") else form[:-1] if form.endswith("s") and len(form) > 3 else form


@dataclass(frozen=True, slots=True)
class Holders:
    """The documents that name a thing."""

    documents: list[tuple[int, int, int]]
    """``(document, start of the first place, number of places)``, those with most places first."""
    complete: bool
    """Every document that has its words was read."""


def holders(quotes: Quotes, entity: int) -> Holders:
    """Finds the documents that have one of the entity's spellings, word for word in any case, in prose or elsewhere."""
    graph = quotes.graph
    spellings = [graph.name(entity), *graph.aliases(entity)]
    phrases = [" ".join(words(one)) for one in spellings]
    query = " OR ".join(f'body : "{phrase}" OR heading : "{phrase}"' for phrase in dict.fromkeys(phrases) if phrase)
    passages = holding(quotes.store, query, MOST_PASSAGES) if query else []
    found = {document for _, document, _ in passages}
    known = {at.document for at in graph.places(entity)}
    rows = sorted(known | {row for document in found if (row := quotes.row_of(document)) >= 0})
    forms = [r"\W+".join(map(re.escape, one.split())) for one in sorted(spellings, key=len, reverse=True)]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?:['’]?s|es)?(?!\w)", re.IGNORECASE)
    named = []
    for row in rows:
        places = [match.start() for match in pattern.finditer(quotes.whole(row))]
        own = [at.start for at in graph.places(entity) if at.document == row] if row in known and not places else []
        if places or own:
            named.append((row, (places or own)[0], len(places or own)))
    return Holders(sorted(named, key=lambda one: (-one[2], one[0])), complete=len(passages) < MOST_PASSAGES)
