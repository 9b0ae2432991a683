"""A text as it is compared: its tokens, stems, paraphrases, deciding words, names and identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ..corpus.languages import UNSPACED
from ..corpus.words import STOPWORDS, stems
from .days import months_of
from .opposites import TOKEN, Sign, signs
from .paraphrases import alike
from .question_forms import IDENTIFIER
from .spellings import hyphenless_stems

_TERSE = re.compile(r"\s*(?:\||[-*•]\s|\d+[.)]\s|[\w .()/-]{1,40}\s?[:=]\s)")


@dataclass(frozen=True, slots=True)
class View:
    """A text as it is compared."""

    text: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]
    lows: tuple[str, ...]
    by_token: tuple[str, ...]
    """The stem of each token, or the token itself for a stopword."""
    stems: frozenset[str]
    terms: frozenset[str]
    """Stems and the groups of paraphrases that they belong to."""
    signs: tuple[Sign, ...]
    capitals: frozenset[str]
    """Capitalised tokens that are names by their place, in lower case."""
    identifiers: frozenset[str] = field(default_factory=frozenset)
    language: str = "en"

    @property
    def terse(self) -> bool:
        """An item, a row or a key with its value: all words count."""
        return len(self.tokens) < 16 and _TERSE.match(self.text) is not None


@lru_cache(maxsize=8192)
def token_stem(low: str, language: str) -> str:
    """The stem of one token in lower case, or the token itself for a stopword."""
    if low in STOPWORDS:
        return low
    found = stems(low, language)
    return found[0] if len(found) == 1 else low


@lru_cache(maxsize=4096)
def view(text: str, language: str) -> View:
    """The same text gives the same object."""
    found = list(TOKEN.finditer(text))
    tokens = tuple(match[0] for match in found)
    lows = tuple(token.lower() for token in tokens)
    by_token = tuple(token_stem(re.sub(r"['’]s$", "", low), language) for low in lows)
    present = {stem for stem, low in zip(by_token, lows, strict=True) if low not in STOPWORDS}
    for token in tokens:
        if not token.isalnum() or not (token.islower() or token.isupper() or token.istitle()):
            present.update(stems(token, language))  # an identifier counts in its parts too
    present |= hyphenless_stems(text, language)
    present.update(stem for month in months_of(text) for stem in stems(month, language))
    told = signs(tokens, language)
    present.update(token_stem(sign.side, language) for sign in told if sign.group in ("weekday", "month"))
    if UNSPACED.search(text):
        present.update(stems(text, language))
    groups = {
        group for one in {*present, *(low for low in lows if low in ("by", "when", "because"))} for group in alike(one)
    }
    starts = tuple(match.start() for match in found)
    capitals = frozenset(
        re.sub(r"['’]s$", "", low)
        for at, (token, low) in enumerate(zip(tokens, lows, strict=True))
        if token[0].isupper() and low not in STOPWORDS and (not _begins(text, starts[at]) or _name_first(tokens, at))
    )
    return View(
        text, tokens, starts, lows=lows, by_token=by_token, stems=frozenset(present), terms=frozenset(present | groups),
        signs=tuple(told), capitals=capitals,
        identifiers=frozenset(match.strip("`").lower() for match in IDENTIFIER.findall(text)), language=language,
    )  # fmt: skip


def _begins(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“„(*_`#-|")
    return not before or before[-1] in ".!?:\n" or text[:start].rstrip(" ").endswith("|")


def _name_first(tokens: tuple[str, ...], at: int) -> bool:
    """A first word is taken for a name when capitals go on, or it is one of capitals."""
    token = tokens[at]
    return (len(token) > 1 and not token[1:].islower()) or (at + 1 < len(tokens) and tokens[at + 1][0].isupper())
