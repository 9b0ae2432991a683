"""The names of tables, columns, labels and properties, and how much of one a question says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ...corpus.words import STOPWORDS
from .words import WORDS_BEHIND, root

GENERIC = ("name", "id", "key", "label", "code")
"""Last words of properties' names that anything may have."""


def singular(word: str) -> str:
    """
    >>> singular("host_countries"), singular("matches"), singular("bus")
    ('host_country', 'match', 'bus')
    """
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(?:ch|sh|x|ss|zz)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2 else word


def property_name(title: str) -> str:
    """The name as Cypher takes it without backticks: ``Stadium capacity`` is ``stadium_capacity``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])(?!(?<=\b[a-z])[A-Z][a-z]?\b)", "_", title)
    name = re.sub(r"\W+", "_", parted).strip("_").lower() or "column"
    return f"column_{name}" if name[0].isdigit() else name


def name_fit(asked: Sequence[str], together: str, name: Sequence[str]) -> float:
    """The share of ``name`` that was said, where all that was said is of it; the last word of a name weighs more."""
    if together == root("".join(name)) or together == "".join(name):
        return 1.0
    if not name or not set(asked) <= set(name) or len(asked) != len(set(asked)):
        return 0.0
    return (len(asked) - 0.1 * (name[-1] not in asked)) / len(name)


@lru_cache(maxsize=4096)
def name_roots(name: str) -> tuple[str, ...]:
    return tuple(root(word) for word in name.split("_") if word not in STOPWORDS - {"own"} or word == "own")


@lru_cache(maxsize=16_384)
def property_names(owner: str, name: str) -> tuple[tuple[str, ...], ...]:
    whole = name_roots(name)
    own = set(name_roots(singular(owner)))
    bare = tuple(one for one in whole if one not in own)
    found = [whole, bare]
    for one in (whole, bare):
        if len(one) > 1 and name.rpartition("_")[2] in GENERIC:
            found.append(one[:-1])
        if len(one) > 1 and name.partition("_")[0] in ("is", "has", "was", "count", "number", "num"):
            found.append(one[1:])
        if one and (behind := WORDS_BEHIND.get(name.rpartition("_")[2])):
            found.append((*one, root(behind)))
    return tuple(dict.fromkeys(one for one in found if one and one != (root("name"),)))
