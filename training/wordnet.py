"""Synonyms, antonyms and sisters of common words, from WordNet's files (Debian's package ``wordnet-base``).

Only the first sense of a word counts, and only where it is the usual one: a rule that changes words cannot tell senses.
Used in training alone; nothing of WordNet is shipped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from evidentia.questions.paraphrases import IRREGULAR

NAMES = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
USUAL = 0.45
"""Share of a word's uses that its first sense must have."""
COMMON = 4
"""Counts, in WordNet's tagged texts, from which on a word may replace another."""
VOWELS = "aeiou"


@dataclass
class WordNet:
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Uses of a word as a part of speech."""
    first: dict[tuple[str, str], str] = field(default_factory=dict)
    """The usual synset of a word, where there is one."""
    often: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """The two most used synsets of a word."""
    members: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    opposite: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    above: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    below: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    bases: dict[tuple[str, str], str] = field(default_factory=dict)
    """Irregular forms."""

    def pos(self, base: str) -> str:
        """The part of speech that ``base`` mostly is; empty where it is none or several."""
        found = {pos: self.counts[base, pos] for pos in ("noun", "verb", "adj", "adv")}
        best = max(found, key=lambda pos: found[pos])
        return best if found[best] and found[best] >= 0.8 * sum(found.values()) else ""

    def verb_share(self, base: str) -> float:
        total = sum(self.counts[base, pos] for pos in ("noun", "verb", "adj", "adv"))
        return self.counts[base, "verb"] / total if total else 0.0

    def synonyms(self, base: str, pos: str) -> list[str]:
        at = self.first.get((base, pos))
        return [w for w in self.members.get((at or "", pos), []) if w != base and self._fits(w, pos, at)]

    def broader(self, base: str, pos: str) -> list[str]:
        at = self.first.get((base, pos), "")
        return [w for up in self.above.get((at, pos), []) for w in self.members[up, pos] if self._fits(w, pos, up)]

    def antonyms(self, base: str, pos: str) -> list[str]:
        return sorted(self.opposite.get((base, pos), ()))

    def sisters(self, base: str, pos: str) -> list[str]:
        at = self.first.get((base, pos), "")
        beside = [low for up in self.above.get((at, pos), []) for low in self.below.get((up, pos), []) if low != at]
        return [w for low in beside[:60] for w in self.members[low, pos] if self._fits(w, pos, low)]

    def _fits(self, word: str, pos: str, at: str | None) -> bool:
        return "_" not in word and self.counts[word, pos] >= COMMON and at in self.often.get((word, pos), ())

    def base(self, low: str, pos: str) -> tuple[str, str]:
        """The dictionary form of a word, and which form it stands in: plain, s, ed, ing, en; empty when unknown."""
        if (low, pos) in self.bases:
            found = self.bases[low, pos]
            return found, "ed" if pos == "verb" else "s" if pos == "noun" else "other"
        for ending, form, instead in (
            ("ies", "s", "y"), ("es", "s", ""), ("s", "s", ""), ("ied", "ed", "y"), ("ed", "ed", "e"), ("ed", "ed", ""),
            ("ing", "ing", "e"), ("ing", "ing", ""),
        ):  # fmt: skip
            if form != "s" and pos != "verb":
                continue
            stem = low[: -len(ending)] + instead
            if low.endswith(ending) and len(stem) > 2:
                doubled = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else ""
                for one in (stem, doubled):
                    if one and self.counts[one, pos] and not self.counts[low, pos]:
                        return one, form
        return (low, "plain") if self.counts[low, pos] else ("", "")


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    found = {}
    for line in IRREGULAR.strip().splitlines():
        forms = line.split()
        found[forms[0]] = (forms[1], forms[-1])
    return found | {"be": ("was", "been"), "have": ("had", "had"), "do": ("did", "done"), "go": ("went", "gone")}


def inflected(base: str, form: str) -> str:
    """``form``: plain, s, ed, en, ing."""
    if form in ("ed", "en") and base in _irregular():
        return _irregular()[base][form == "en"]
    short = len(base) > 2 and base[-1] not in "wxyaeiou" and base[-2] in VOWELS and base[-3] not in VOWELS
    double = base[-1] if short and len(base) < 5 else ""
    match form:
        case "s":
            if base.endswith("y") and base[-2] not in VOWELS:
                return base[:-1] + "ies"
            return base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")
        case "ed" | "en":
            if base.endswith("y") and base[-2] not in VOWELS:
                return base[:-1] + "ied"
            return base + ("d" if base.endswith("e") else f"{double}ed")
        case "ing":
            return (base[:-1] if base.endswith("e") and not base.endswith("ee") else base + double) + "ing"
    return base


def load(folder: Path) -> WordNet:
    found, senses = WordNet(), Counter[tuple[str, str, str]]()
    for line in (folder / "cntlist.rev").read_text().splitlines():
        key, number, count = line.split()
        lemma, rest = key.split("%")
        pos = NAMES[rest[0]]
        found.counts[lemma, pos] += int(count)
        senses[lemma, pos, number] += int(count)
    for pos in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"{pos}.exc").read_text().splitlines():
            low, base = line.split()[:2]
            found.bases[low, pos] = base
        for line in (folder / f"index.{pos}").read_text().splitlines():
            if not line.startswith(" "):
                parts = line.split()
                lemma, first = parts[0], parts[6 + int(parts[3]) :][0] if len(parts) > 6 else ""
                found.often[lemma, pos] = parts[6 + int(parts[3]) :][:2]
                total, most = found.counts[lemma, pos], senses[lemma, pos, "1"]
                if total and most >= USUAL * total:
                    found.first[lemma, pos] = first
        for line in (folder / f"data.{pos}").read_text().splitlines():
            if not line.startswith(" "):
                _synset(found, pos, line.split(" | ")[0].split())
    return found


def _synset(found: WordNet, pos: str, parts: list[str]) -> None:
    at, count = parts[0], int(parts[3], 16)
    lemmas = [parts[4 + 2 * number].split("(")[0].lower() for number in range(count)]
    found.members[at, pos] = lemmas
    pointers = parts[5 + 2 * count :]
    for number in range(int(parts[4 + 2 * count])):
        sign, target, kind, where = pointers[4 * number : 4 * number + 4]
        if sign == "@" and NAMES.get({"n": "1", "v": "2", "a": "3", "r": "4", "s": "5"}[kind]) == pos:
            found.above.setdefault((at, pos), []).append(target)
            found.below.setdefault((target, pos), []).append(at)
        if sign == "!" and where[:2] != "00":
            lemma = lemmas[int(where[:2], 16) - 1]
            found.opposite.setdefault((lemma, pos), set()).add(f"{target} {int(where[2:], 16)}")


def named(found: WordNet) -> WordNet:
    """Antonyms by their words instead of their synsets, once all synsets are known."""
    for (lemma, pos), targets in list(found.opposite.items()):
        words = {found.members[t.split()[0], pos][int(t.split()[1]) - 1] for t in targets if " " in t}
        found.opposite[lemma, pos] = {word for word in words if found.counts[word, pos] >= 2 and "_" not in word}
    return found


def opened(folder: Path) -> WordNet:
    return named(load(folder))
