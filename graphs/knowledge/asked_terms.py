"""Terms that somebody asks about and that are no entity: found in the texts, and put into the graph for this question.

A term is a noun phrase by the corpus's own statistics: it stands inside runs of words that may be one, and is not
always part of the same longer one (C-value). The graph that is kept is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...corpus.catalog import document_text
from ...corpus.phrases.names import Word, normal, text_words
from ...corpus.phrases.terms import c_value, noun_runs
from ...corpus.store import Store
from ...corpus.words import STOPWORDS, holding, words
from .edges import BESIDE, TOGETHER, weigh
from .facts import LONGEST_SENTENCE, NAME, TERM
from .graph import Knowledge

MOST_PASSAGES = 2_000
"""That are looked through for one term."""
LONGEST = 6
"""Words of a term."""
REPEATED = 2
"""Places from which on a phrase is a term although one of its words is a verb elsewhere: *read replica*."""
_INSIDE = frozenset(["of", "to", "for", "in", "on", "and", "or", "the", "a", "an", "per", "by", "with", "at", "as"])
"""Small words that may stand within a term: *time to live*."""


@dataclass(frozen=True, slots=True)
class _Place:
    row: int
    """Of the document."""
    start: int
    end: int
    sentence: int
    sure: bool
    """All its words may be nouns there."""
    longer: str
    """The longer candidate that it is part of; empty where it stands alone."""


def find_term(store: Store, graph: Knowledge, name: str) -> tuple[Knowledge, int | None]:
    """The graph with the term as one more entity; the entity of a longer term where the texts have it only as part of
    that one; the graph as it was and ``None`` for what is no term or stands nowhere."""
    asked = normal(name).split()
    if not _may_be_term(asked):
        return graph, None
    places = list(_places(store, graph, name, asked))
    if len(places) < REPEATED and not any(place.sure for place in places):
        return graph, None
    longer = Counter(place.longer for place in places if place.longer)
    if c_value(len(asked), len(places), longer) <= 0:
        whole = graph.find(next(iter(longer)))
        if whole is not None:
            return graph, whole
    return _with_term(graph, " ".join(asked), name, places), len(graph.phrases)


def _may_be_term(asked: Sequence[str]) -> bool:
    inner = all(word not in STOPWORDS or word in _INSIDE for word in asked[1:-1])
    return 0 < len(asked) <= LONGEST and inner and STOPWORDS.isdisjoint((asked[0], asked[-1]))


def other_numbers(form: str) -> Iterator[str]:
    """A phrase as one where it is many, as many where it is one: in normal form, the likelier first."""
    if form.endswith("ies") and len(form) > 4:
        yield f"{form[:-3]}y"
    elif form.endswith(("ches", "shes", "sses", "xes", "zes")):
        yield form[:-2]
    if form.endswith("s"):
        yield form[:-1]
        return
    if form.endswith("y") and not form.endswith(("ay", "ey", "oy", "uy")):
        yield f"{form[:-1]}ies"
    elif form.endswith(("ch", "sh", "x", "z")):
        yield f"{form}es"
    yield f"{form}s"


def _places(store: Store, graph: Knowledge, name: str, asked: Sequence[str]) -> Iterator[_Place]:
    form = " ".join(asked)
    wanted = [one.split() for one in (form, *other_numbers(form))]
    phrases = dict.fromkeys(" ".join(words(one)) for one in (name, *map(" ".join, wanted)))
    query = " OR ".join(f'body : "{phrase}"' for phrase in phrases)
    documents = {document for _, document, _ in holding(store, query, MOST_PASSAGES)}
    rows = [row for row, key in enumerate(graph.documents.tolist()) if key in documents]
    for row in rows:
        text = document_text(store, int(graph.documents[row]))
        for sentence in graph.of_document(row):
            start, end = graph.sentences[sentence, [1, 2]].tolist()
            if end - start <= LONGEST_SENTENCE:
                for first, last, sure, longer in _inside(text[start:end], wanted):
                    yield _Place(row, start + first, start + last, sentence=sentence, sure=sure, longer=longer)


def _inside(sentence: str, wanted: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, bool, str]]:
    """``(start, end, sure, longer candidate)`` of each place of a phrase whose head may be a noun there: the last word,
    or the first where small words follow it."""
    if sentence.isascii() and not any(one[0] in sentence.lower() for one in wanted):
        return
    found = text_words(sentence)
    places = [(at, len(one)) for at in range(len(found)) for one in wanted if _stands(found, at, one)]
    runs = list(noun_runs(sentence, found)) if places else []
    for at, length in places:
        first, last = _run_of(runs, at), _run_of(runs, at + length - 1)
        small = any(word.normal in _INSIDE for word in found[at + 1 : at + length - 1])
        if (first if small else last) is None:
            continue
        nested = first is not None and first == last and first != (at, at + length)
        longer = " ".join(word.normal for word in found[slice(*first)]) if nested and first else ""
        yield found[at].start, found[at + length - 1].end, first is not None and last is not None, longer


def _stands(found: Sequence[Word], at: int, wanted: Sequence[str]) -> bool:
    if at + len(wanted) > len(found):
        return False
    *before, last = found[at : at + len(wanted)]
    return wanted[-1] in (last.normal, last.owner) and all(
        word.normal == one for word, one in zip(before, wanted, strict=False)
    )


def _run_of(runs: Sequence[tuple[int, int]], at: int) -> tuple[int, int] | None:
    return next((run for run in runs if run[0] <= at < run[1]), None)


def _with_term(graph: Knowledge, form: str, name: str, places: Sequence[_Place]) -> Knowledge:
    """One more entity behind all others, with its mentions and its edges."""
    import numpy as np

    new = len(graph.phrases)
    mentions = np.asarray([(new, new, one.row, one.start, one.end, one.sentence) for one in places], np.int32)
    own = {one.sentence for one in places}
    together: Counter[int] = Counter()
    beside: Counter[int] = Counter()
    for sentence in own:
        together.update(_entities(graph, sentence))
        for other in (sentence - 1, sentence + 1):
            if (
                0 <= other < len(graph.sentences)
                and (graph.sentences[other, [0, 4]] == graph.sentences[sentence, [0, 4]]).all()
            ):
                beside.update(one for one in _entities(graph, other) if graph.kinds[graph.head[one]] == NAME)
    targets = np.asarray(sorted({*together, *beside}), np.int64)
    spread = np.append(graph.spread, len(own))
    both = np.asarray([together[one] for one in targets.tolist()], np.int64)
    apart = np.asarray([beside[one] for one in targets.tolist()], np.int64)
    ends = targets, np.full(len(targets), new, np.int64)
    counts = (TOGETHER * both + BESIDE * apart).astype(np.int32)
    weight = weigh(counts, ends, spread, max(1, len(graph.sentences)))
    grown: dict[str, Any] = {
        "kinds": np.append(graph.kinds, TERM).astype(graph.kinds.dtype),
        "entity": np.append(graph.entity, new),
        "head": np.append(graph.head, new),
        "mentions": np.concatenate([graph.mentions, mentions]),
        "spread": spread,
        "ends": np.concatenate([graph.ends, np.stack(ends).astype(graph.ends.dtype)], axis=1),
        "together": np.append(graph.together, both).astype(graph.together.dtype),
        "beside": np.append(graph.beside, apart).astype(graph.beside.dtype),
        "further": np.append(graph.further, np.zeros(len(targets), graph.further.dtype)),
        "referred": np.append(graph.referred, np.zeros(len(targets), graph.referred.dtype)),
        "weight": np.append(graph.weight, weight).astype(graph.weight.dtype),
        "near": np.append(graph.near, np.zeros(len(targets), np.bool_)),
    }
    spellings = [*graph.spellings, " ".join(name.split())]
    return replace(graph, phrases=[*graph.phrases, form], spellings=spellings, **grown)


def _entities(graph: Knowledge, sentence: int) -> set[int]:
    """Those that a sentence speaks of."""
    subject = int(graph.sentences[sentence, 3])
    return {entity for entity, *_ in graph.in_sentence(sentence)} | ({subject} if subject >= 0 else set())
