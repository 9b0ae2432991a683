# ruff: noqa: E501
"""Changes of a sentence by rule: those that keep it true, and those that make it false, with the words that are wrong.

A claim is a list of words; each knows whether it is wrong, so that training can say not only that a claim is not
carried but where. Every rule gives ``None`` where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from evidentia.questions import opposites
from evidentia.training.claims import (
    AUXES,
    Claim,
    Word,
    is_conditional,
    is_finite,
    lower_start,
    names,
    pick,
    put,
    wrong,
)
from evidentia.training.wordnet import WordNet, inflected

_NUMBER = re.compile(r"\$?\d[\d,]*(?:\.\d+)?")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
UNITS = [
    each.split()
    for each in (
        "million billion thousand trillion", "seconds minutes hours days weeks months years decades centuries",
        "metres kilometres miles feet inches metre kilometre mile", "meters kilometers miles feet",
        "kilograms grams tonnes tons pounds", "percent points", "daily weekly monthly annually yearly",
        "dollars euros pounds yen", "bytes kilobytes megabytes gigabytes", "hour day week month year century decade",
    )
]  # fmt: skip
QUALIFIERS = ["only", "all", "always", "never", "most", "some", "many", "few", "every", "usually", "often", "rarely",
              "sometimes", "mainly", "partly", "mostly", "nearly", "almost", "exactly", "at least", "at most"]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
HEDGES = {"may": "", "might": "", "possibly": "", "probably": "", "reportedly": "", "allegedly": "", "perhaps": ""}


class Changes:
    def __init__(self, net: WordNet) -> None:
        self.net = net

    # What keeps it true.

    def synonym(self, claim: Claim, rng: Random) -> Claim | None:
        return self._word(claim, rng, lambda base, pos: self.net.synonyms(base, pos), False)

    def broader(self, claim: Claim, rng: Random) -> Claim | None:
        return self._word(claim, rng, lambda base, pos: self.net.broader(base, pos) if pos == "noun" else [], False)

    def shorter(self, claim: Claim, rng: Random) -> Claim | None:
        """Without what stands in brackets, behind a last comma or before a first one."""
        commas = [n for n, word in enumerate(claim) if word.text in ",;("]
        if not commas:
            return None
        at = rng.choice(commas)
        first, last = claim[:at], claim[at + 1 :]
        if len(first) >= 6 and is_finite(first) and not is_conditional(last):
            return first
        if len(last) >= 6 and is_finite(last) and len(first) < 8 and not is_conditional(first):
            return last
        return None

    def digits(self, claim: Claim, rng: Random) -> Claim | None:
        at = pick(
            [n for n, w in enumerate(claim) if w.low in SMALL[2:] or (w.text.isdigit() and int(w.text) < 20)], rng
        )
        if at is None:
            return None
        low = claim[at].low
        return put(claim, at, SMALL[int(low)] if low.isdigit() else str(SMALL.index(low)), False)

    def active(self, claim: Claim, rng: Random) -> Claim | None:
        """ "A was found by B." to "B found A.", where nothing else stands there."""
        by = next((n for n, w in enumerate(claim) if w.low == "by" and n > 2), None)
        if by is None or len(claim) > 22:
            return None
        verb = claim[by - 1].low
        base, form = self.net.base(verb, "verb")
        if form != "ed" or claim[by - 2].low not in ("was", "were") or any(w.text in ",;" for w in claim):
            return None
        agent = claim[by + 1 :]
        end = next(
            (n for n, w in enumerate(agent) if w.low in ("in", "on", "at", "from", "during", ".") and n), len(agent)
        )
        return [*agent[:end], Word(inflected(base, "ed")), *lower_start(claim[: by - 2]), *agent[end:]]

    # What makes it false.

    def antonym(self, claim: Claim, rng: Random) -> Claim | None:
        return self._word(claim, rng, self.net.antonyms, True)

    def sister(self, claim: Claim, rng: Random) -> Claim | None:
        return self._word(claim, rng, self.net.sisters, True)

    def _word(
        self, claim: Claim, rng: Random, others: Callable[[str, str], Sequence[str]], false: bool
    ) -> Claim | None:
        places = list(range(len(claim)))
        rng.shuffle(places)
        for at in places:
            word = claim[at]
            if (
                word.wrong
                or not word.text.isalpha()
                or word.text[0].isupper()
                or len(word.text) < 4
                or word.low in AUXES
            ):
                continue
            pos = next((p for p in ("verb", "noun", "adj", "adv") if self.net.base(word.low, p)[1] not in ("", "other")
                        and self.net.pos(self.net.base(word.low, p)[0]) == p), "")  # fmt: skip
            if not pos:
                continue
            base, form = self.net.base(word.low, pos)
            found = [one for one in others(base, pos) if one not in (base, word.low)]
            if not found:
                continue
            if form == "ed" and at and claim[at - 1].low in AUXES | {"been", "be"}:
                form = "en"
            return put(claim, at, inflected(rng.choice(found), form), false)
        return None

    def opposite(self, claim: Claim, rng: Random) -> Claim | None:
        places = [(n, _OPPOSITES[w.low]) for n, w in enumerate(claim) if w.low in _OPPOSITES and not w.wrong]
        if not places:
            return None
        at, others = rng.choice(places)
        return put(claim, at, rng.choice(others), True)

    def number(self, claim: Claim, rng: Random) -> Claim | None:
        at = pick([n for n, w in enumerate(claim) if _NUMBER.fullmatch(w.text) or w.low in (*SMALL[2:], *TENS, *ORDINALS)], rng)  # fmt: skip
        if at is None:
            return None
        word = claim[at]
        for series in (SMALL, TENS, ORDINALS):
            if word.low in series:
                return put(claim, at, rng.choice([one for one in series if one != word.low]), True)
        figures = list(word.text)
        place = rng.choice([n for n, sign in enumerate(figures) if sign.isdigit()])
        figures[place] = rng.choice([d for d in "123456789" if d != figures[place]])
        return put(claim, at, "".join(figures), True)

    def unit(self, claim: Claim, rng: Random) -> Claim | None:
        found = [(n, group) for n, w in enumerate(claim) for group in UNITS if w.low in group]
        if not found:
            return None
        at, group = rng.choice(found)
        return put(claim, at, rng.choice([one for one in group if one != claim[at].low]), True)

    def month(self, claim: Claim, rng: Random) -> Claim | None:
        at = pick([n for n, w in enumerate(claim) if w.text in MONTHS], rng)
        return None if at is None else put(claim, at, rng.choice([m for m in MONTHS if m != claim[at].text]), True)

    def negation(self, claim: Claim, rng: Random) -> Claim | None:
        """Adds a "not", or takes one away."""
        nots = [n for n, w in enumerate(claim) if w.low in ("not", "never", "no", "without")]
        if nots and rng.random() < 0.7:
            at = rng.choice(nots)
            if claim[at].low == "without":
                return put(claim, at, "with", True)
            kept = [*claim[:at], *claim[at + 1 :]]
            return [replace(w, wrong=w.wrong or n in (at - 1, at)) for n, w in enumerate(kept)]
        auxiliary = pick([n for n, w in enumerate(claim) if w.low in AUXES and n], rng)
        if auxiliary is not None:
            said = rng.choice(["not", "not", "never", "hardly", "no longer"])
            return [*claim[: auxiliary + 1], *wrong(said), *claim[auxiliary + 1 :]]
        for n, word in enumerate(claim):
            base, form = self.net.base(word.low, "verb")
            if n and form in ("ed", "s") and self.net.verb_share(base) > 0.8:
                said = rng.choice(["did not {}", "never {}ed", "failed to {}", "refused to {}"] if form == "ed" else ["does not {}", "fails to {}"])  # fmt: skip
                text = f"never {word.text}" if "{}ed" in said else said.format(base)
                return put(claim, n, text, True)
        return None

    def qualifier(self, claim: Claim, rng: Random) -> Claim | None:
        """Another, one more or one less of: only, all, some, never …"""
        at = pick([n for n, w in enumerate(claim) if w.low in QUALIFIERS], rng)
        if at is not None and rng.random() < 0.7:
            if rng.random() < 0.5:
                kept = [*claim[:at], *claim[at + 1 :]]
                return [replace(w, wrong=w.wrong or n == at) for n, w in enumerate(kept)]
            return put(claim, at, rng.choice([q for q in QUALIFIERS if q != claim[at].low]), True)
        at = pick([n + 1 for n, w in enumerate(claim) if w.low in AUXES and n], rng)
        if at is None:
            at = pick([n for n, w in enumerate(claim) if w.low in ("in", "by", "for", "from", "on") and n > 1], rng)
        if at is None:
            return None
        return [
            *claim[:at],
            *wrong(rng.choice(["only", "always", "never", "rarely", "all", "mainly", "exclusively"])),
            *claim[at:],
        ]

    def firm(self, claim: Claim, rng: Random) -> Claim | None:
        """What was only possible is said to be so."""
        at = pick([n for n, w in enumerate(claim) if w.low in HEDGES and n], rng)
        if at is None or at + 1 >= len(claim):
            return None
        if claim[at].low in ("may", "might") and claim[at + 1].low == "be":
            return put(claim, at, "is", True, 2)
        return put(claim, at, "will" if claim[at].low in ("may", "might") else "certainly", True)

    def swapped(self, claim: Claim, rng: Random) -> Claim | None:
        """Two names, or two numbers, in each other's place."""
        spans = names(claim) if rng.random() < 0.7 else [
            (n, n + 1) for n, w in enumerate(claim) if _NUMBER.fullmatch(w.text)
        ]  # fmt: skip
        if len(spans) < 2:
            return None
        (a, b), (c, d) = sorted(rng.sample(spans, 2))
        one, other = claim[a:b], claim[c:d]
        if [w.low for w in one] == [w.low for w in other] or (
            any(w.low in ("and", "or") or w.text == "," for w in claim[b:c]) and c - b < 2
        ):
            return None
        mark = lambda words: [replace(w, wrong=True) for w in words]  # noqa: E731
        return [*claim[:a], *mark(other), *claim[b:c], *mark(one), *claim[d:]]

    def turned(self, claim: Claim, rng: Random) -> Claim | None:
        """Cause and effect, agent and patient, turned round at the word between them."""
        for n, word in enumerate(claim):
            pair = (word.low, claim[n + 1].low if n + 1 < len(claim) else "")
            width = 2 if pair in _CAUSES2 else 1 if word.low in _CAUSES else 0
            passive = pair[1] == "by" and self.net.base(word.low, "verb")[1] == "ed"
            if passive:
                width = 2
            if width and n > 1 and n + width + 2 < len(claim):
                start = n - 1 if claim[n - 1].low in AUXES else n
                left, right = claim[:start], claim[n + width :]
                end = next((m for m, w in enumerate(right) if w.text in ".,;"), len(right))
                if len(left) > 14 or end > 14:
                    return None
                mark = lambda words: [replace(w, wrong=True) for w in words]  # noqa: E731
                return [*mark(right[:end]), *claim[start : n + width], *mark(lower_start(left)), *right[end:]]
        return None

    def attributed(self, claim: Claim, rng: Random, name: str) -> Claim | None:
        """Said by somebody who did not say it."""
        said = rng.choice(["According to {},", "{} claimed that", "{} argued that", "In the view of {},"])
        return [*wrong(said.format(name)), *lower_start(claim)]

    def subject(self, claim: Claim, rng: Random, name: str) -> Claim | None:
        """A name of the sentence replaced by another."""
        spans = names(claim)
        if not spans:
            return None
        a, b = spans[0] if rng.random() < 0.5 else rng.choice(spans)
        if name.lower() in " ".join(w.low for w in claim):
            return None
        return put(claim, a, name, True, b - a)

    def spliced(self, claim: Claim, rng: Random, other: Claim) -> Claim | None:
        """The first half of one sentence and the second of another."""
        ends = [n for n, w in enumerate(claim) if w.low in _JOINTS and n >= 3]
        starts = [n for n, w in enumerate(other) if w.low in _JOINTS and n > 1 and len(other) - n > 3]
        if not ends or not starts:
            return None
        a, b = rng.choice(ends), rng.choice(starts)
        same = [z for z in starts if other[z].low == claim[a].low]
        b = rng.choice(same) if same else b
        held = {w.low for w in claim}
        tail = [replace(w, wrong=w.low not in held and w.text.isalnum()) for w in other[b:]]
        return [*claim[:a], *tail] if any(w.wrong for w in tail) else None

    def foreign(self, claim: Claim, rng: Random, other: Claim) -> Claim | None:
        """A word of another sentence in the place of one of its kind."""
        held = {w.low for w in claim}
        found = [(w.low, kind) for w in other if w.low not in held and (kind := self._kind(w))]
        mine = [(n, kind) for n, w in enumerate(claim) if (kind := self._kind(w)) and any(kind == k for _, k in found)]
        if not mine:
            return None
        at, kind = rng.choice(mine)
        return put(claim, at, rng.choice([low for low, k in found if k == kind]), True)

    def _kind(self, word: Word) -> str:
        """Part of speech and form of a plain word; empty for others."""
        if word.wrong or not word.text.isalpha() or not word.text.islower() or len(word.text) < 4 or word.low in AUXES:
            return ""
        for pos in ("verb", "noun", "adj"):
            base, form = self.net.base(word.low, pos)
            if form not in ("", "other") and self.net.pos(base) == pos:
                return f"{pos} {form}"
        return ""

    def detail(self, claim: Claim, rng: Random, other: Claim) -> Claim | None:
        """A phrase of another sentence at the end: more than was said."""
        starts = [
            n for n, w in enumerate(other) if w.low in ("in", "for", "by", "with", "because", "after", "from") and n
        ]
        if not starts:
            return None
        at = rng.choice(starts)
        held = {w.low for w in claim}
        phrase = [replace(w, wrong=w.low not in held and w.text.isalnum()) for w in other[at : at + rng.randint(3, 7)]]
        bare = [*claim[:-1]] if claim and claim[-1].text == "." else [*claim]
        return [*bare, *phrase, Word(".")] if any(w.wrong for w in phrase) else None


_CAUSES = {"because", "caused", "causes", "preceded", "followed", "replaced", "defeated", "influenced", "before", "after",
           "exceeds", "outnumbered"}  # fmt: skip
_CAUSES2 = {("led", "to"), ("leads", "to"), ("resulted", "in"), ("results", "in"), ("due", "to"), ("because", "of"),
            ("more", "than"), ("less", "than"), ("rather", "than"), ("derived", "from")}  # fmt: skip
_JOINTS = AUXES | {"in", "by", "for", "with", "to", "from", "of", "that", "which", "and", "as", "on", "at"}


def _table() -> dict[str, list[str]]:
    """Single words of the product's table of opposites, each to the words of the other sides."""
    found: dict[str, list[str]] = {}
    for line in opposites._ENGLISH.strip().splitlines():
        group, sides = line.split(":", 1)
        if group in ("extreme", "ordinal", "month", "weekday", "stage", "permission"):
            continue
        words = [[phrase.strip() for phrase in side.split(",")] for side in sides.split("|")]
        for n, side in enumerate(words):
            others = [one for m, other in enumerate(words) if m != n for one in other]
            for place, word in enumerate(side):
                rank = [other[place] for m, other in enumerate(words) if m != n and len(other) == len(side)]
                if " " not in word and len(word) > 2:
                    found.setdefault(word, []).extend(rank or others[:2])
    for one, other in (("maximum", "minimum"), ("highest", "lowest"), ("most", "least"), ("largest", "smallest"),
                       ("greatest", "smallest"), ("more", "less"), ("more", "fewer"), ("over", "under"),
                       ("above", "below"), ("better", "worse"), ("allowed", "forbidden"), ("must", "may"),
                       ("required", "optional"), ("success", "failure"), ("increasing", "decreasing"),
                       ("grow", "shrink"), ("increase", "reduce"), ("majority", "minority"), ("both", "neither")):  # fmt: skip
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


_OPPOSITES = _table()
