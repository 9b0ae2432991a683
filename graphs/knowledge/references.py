"""Whom the pronouns of all documents mean; after an edit only those of documents are read whose persons are others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...corpus.phrases.persons import DOUBT, SURE
from .accept import Rows
from .facts import NAME, OPENER
from .pronouns import OPENS, REACH, NamedPerson, agreeing, resolve
from .spoken import Spoken, Unchanged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PERSON, _MAY_BE = 1, 2
_RESOLVED, _PERSONS = "pronouns, resolved", "persons"


@dataclass(frozen=True, slots=True)
class ResolvedPronouns:
    rows: NDArray[np.int64]
    """``[p, 6]``, as ``PronounReference`` has them, by sentence; each with whom its document makes it mean."""
    persons: NDArray[np.int8]
    """Of each entity, whether it is a person, and whether nothing speaks against that."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {_RESOLVED: self.rows.astype("int32"), _PERSONS: self.persons}


def resolve_pronouns(
    rows: Rows, spoken: Spoken, before: Mapping[str, NDArray[Any]] | None, unchanged: Unchanged | None
) -> ResolvedPronouns:
    """``before``: the graph of an earlier state, to go on from."""
    import numpy as np

    persons = _find_persons(rows, spoken)
    if before is None or unchanged is None:
        return ResolvedPronouns(_resolve_in(rows, spoken, persons, np.ones(len(spoken.documents), np.bool_)), persons)
    same, renumbered = unchanged.same.copy(), unchanged.renumbered
    were = np.append(before[_PERSONS], 0)
    was = np.zeros(len(persons) + 1, np.int8)
    still = renumbered >= 0
    was[renumbered[still]] = were[still]
    other = (was != np.append(persons, 0))[spoken.owners]
    same[spoken.sentences[spoken.places[other], 0]] = -1
    # Sentences of a document stand in one row, so that theirs are moved by as much as its first one is.
    now_at = np.searchsorted(spoken.sentences[:, 0], np.arange(len(same)))
    then_at = np.searchsorted(unchanged.then.sentences[:, 0], np.arange(len(unchanged.then.documents)))
    document = np.full(len(then_at), -1, np.int64)
    document[same[same >= 0]] = np.flatnonzero(same >= 0)
    kept = before[_RESOLVED].astype(np.int64)
    own = unchanged.then.sentences[kept[:, 1], 0]
    kept, own = kept[document[own] >= 0], own[document[own] >= 0]
    kept[:, 0] = renumbered[kept[:, 0]]
    kept[:, 1:3] += (now_at[document[own]] - then_at[own])[:, None]
    found = np.concatenate([kept, _resolve_in(rows, spoken, persons, same < 0)])
    return ResolvedPronouns(found[np.argsort(found[:, 1], kind="stable")], persons)


def referring(resolved: ResolvedPronouns, subjects: NDArray[np.int64]) -> NDArray[np.int32]:
    """``[r, 5]``: a person, the sentence that has a pronoun for her, the one that names her, the pronoun's place; by
    person and place. ``subjects``: of the sentences."""
    import numpy as np

    found = agreeing(resolved.rows)
    # A section speaks of what heads it in all its sentences, with a pronoun or without.
    found = found[subjects[found[:, 1]] != found[:, 0]]
    by_person: NDArray[np.int32] = found[np.argsort(found[:, 0], kind="stable"), :5].astype(np.int32)
    return by_person


def _find_persons(rows: Rows, spoken: Spoken) -> NDArray[np.int8]:
    import numpy as np

    held, size = np.flatnonzero(spoken.owners >= 0), len(spoken.phrases)
    owners, signs = spoken.owners[held], rows.signs[held]
    plus = np.bincount(owners, np.maximum(signs, 0), size)
    minus = np.bincount(owners, np.maximum(-signs, 0), size)
    in_capitals = np.bincount(owners[rows.mentions[held, 5] == NAME], minlength=size)
    persons = (plus >= SURE) & (plus >= DOUBT * minus)
    may_be = (minus == 0) & (in_capitals > 0)
    found: NDArray[np.int8] = (_PERSON * persons + _MAY_BE * may_be).astype(np.int8)
    return found


def _resolve_in(
    rows: Rows, spoken: Spoken, persons: NDArray[np.int8], documents: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Resolves the pronouns of the ``documents`` that are true: rows as ``PronounReference`` has them."""
    import numpy as np

    raw, of_document = rows.mentions, rows.sentences[:, 0]
    pronouns = rows.pronouns[documents[of_document[rows.pronouns[:, 0]]]]
    near = np.zeros(len(rows.sentences), np.bool_)
    for back in range(REACH + 1):
        near[np.maximum(0, pronouns[:, 0] - back)] = True
    has_pronoun = np.zeros(len(rows.sentences), np.bool_)
    has_pronoun[pronouns[:, 0]] = True
    chosen = np.flatnonzero((spoken.owners >= 0) & near[raw[:, 4]] & np.isin(raw[:, 5], (NAME, OPENER)))
    owners, places = spoken.owners[chosen], raw[chosen, 4]
    is_person, may_be = (persons[owners] & _PERSON) > 0, (persons[owners] & _MAY_BE) > 0
    begins = raw[chosen, 2] - rows.sentences[places, 1] <= OPENS
    told = is_person | (may_be & (begins | has_pronoun[places]))
    named: dict[int, list[NamedPerson]] = {}
    columns = (owners, raw[chosen, 2], begins, is_person, may_be)
    names = map(NamedPerson, *(column[told].tolist() for column in columns))
    for sentence, one in zip(places[told].tolist(), names, strict=True):
        named.setdefault(sentence, []).append(one)
    found = list(resolve(map(tuple, pronouns.tolist()), named, of_document.tolist()))
    return np.asarray(found, np.int64).reshape(-1, 6)
