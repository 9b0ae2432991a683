"""Nothing is shown unchecked: a quote must equal the stored text, a written sentence must be carried by its evidence.

The check of sentences is strict: it would rather mark a true sentence as unsupported than let a false one pass. A
sentence passes when one quote holds all its numbers and names, nearly all its content words in nearly the same order,
and negates as it does. A freer wording passes when the reader, asked the question, takes the same answer from the
sentence as from the quote; numbers, names and negation must agree all the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ..corpus import catalog, soundness, words
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..retrieval.reader import open_reader

WORDS_CARRIED, ORDER_KEPT = 0.85, 0.7
FREELY_CARRIED, FREELY_KEPT = 0.5, 0.5
"""Of a sentence whose answer the reader finds in the quote too."""
MIN_WORDS = 4
"""A bare name or a fragment says nothing that could be true."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w-]+")
_CODE_NAME = re.compile(r"[A-Za-z_]*(?:[._][A-Za-z_]\w*)+|[a-z]+[A-Z]\w*")
_NEGATION = re.compile(r"\b(?:no|not|never|none|neither|nor|without|cannot)\b|n't\b", re.IGNORECASE)


def quote_holds(store: Store, evidence: Evidence) -> bool:
    """True when the quote and what governs it are, character by character, the stored text at their spans, and the
    document is what was read; rows were just read."""
    if evidence.span is None:
        return bool(evidence.query)
    pieces = [(evidence.span, evidence.quote), *((governor.span, governor.quote) for governor in evidence.governors)]
    return all(catalog.stored_text(store, span) == quote for span, quote in pieces) and all(
        soundness.is_sound(store, uri) for uri in {span.document for span, _ in pieces}
    )


def carries(quote: str, sentence: str, carried: float = WORDS_CARRIED, kept_order: float = ORDER_KEPT) -> bool:
    """``carried``: share of the sentence's content words that must stand in the quote, ``kept_order``: share of those
    that must stand there in the same order."""
    stems = words.stems(sentence)
    if len(sentence.split()) < MIN_WORDS or not set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(quote)):
        return False
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(quote)):
        return False
    if not {name.lower() for name in _NAME.findall(sentence)} <= set(words.words(quote)):
        return False
    found = words.stems(quote)
    kept = [stem for stem in stems if stem in set(found)]
    return len(kept) >= carried * len(stems) and _in_order(kept, found) >= kept_order * len(kept)


def freely_carries(question: str, quote: str, sentence: str) -> bool:
    """True when the two agree in numbers, names, negation and half of the words, and the reader answers the question
    from both, with the same words."""
    if not carries(quote, sentence, FREELY_CARRIED, FREELY_KEPT):
        return False
    said, shown = open_reader().read(question, [sentence, quote])
    if min(said.answered, shown.answered) < 0:
        return False
    one, other = (set(words.stems(text[slice(*read.answer)])) for text, read in ((sentence, said), (quote, shown)))
    return bool(one) and (one <= other or other <= one)


def rows_carry(evidence: Evidence, sentence: str) -> bool:
    """True when every name written like code, and every number, stands in the rows or in the query that gave them."""
    known = f"{evidence.quote}\n{evidence.query}"
    names = set(_CODE_NAME.findall(sentence))
    return (
        bool(names)
        and names <= set(_CODE_NAME.findall(known)) | set(re.findall(r"\w+", known))
        and set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(known))
    )


def _in_order(some: Sequence[str], all_of: Sequence[str]) -> int:
    """Length of the longest run of ``some`` that keeps the order of ``all_of`` (distinct stems: increasing places)."""
    tails: list[int] = []
    for place in (all_of.index(stem) for stem in some):
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def holds(quote: str, answer: str) -> bool:
    """True when a short answer stands in ``quote`` word for word, whatever the white space."""
    plain = r"\s+".join(map(re.escape, answer.split()))
    return bool(plain) and re.search(rf"(?<!\w){plain}(?!\w)", quote) is not None
