"""Pairs for the judge: a statement of SQuAD's or SciFact's train split, and a claim that it carries or does not.

True claims are statements made of questions and answers, and sentences that were shortened or reworded by rule. False
ones are the same, changed by the rules of ``falsehoods.py`` or true of another sentence. True and false claims pass
through the same rewordings, so that a change alone tells nothing.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from evidentia.corpus import words
from evidentia.corpus.spans import sentences
from evidentia.training.claims import Claim, cut, joined, names, wrong
from evidentia.training.falsehoods import Changes
from evidentia.training.statements import Template, template
from evidentia.training.wordnet import WordNet

FALSE = (
    "antonym",
    "sister",
    "opposite",
    "number",
    "unit",
    "month",
    "negation",
    "qualifier",
    "firm",
    "swapped",
    "turned",
)
FOCUSED = ("foreign", "foreign", "sister", "antonym", "spliced", "detail", "swapped", "turned", "subject", "opposite")
TRUE = ("synonym", "synonym", "broader", "shorter", "digits", "active")


@dataclass(frozen=True, slots=True)
class Pair:
    statement: str
    claim: str
    carried: bool
    wrong: tuple[tuple[int, int], ...] | None
    """Characters of the claim that are wrong; ``None`` where they are not known."""
    kind: str
    title: str = ""
    """What stands above the statement; often nothing."""

    @property
    def shown(self) -> str:
        """The statement as the judge sees it."""
        return f"{self.title}. {self.statement}" if self.title else self.statement

    @property
    def above(self) -> tuple[str, ...]:
        return (self.title,) if self.title else ()


@dataclass(frozen=True, slots=True)
class Asked:
    template: Template
    answer: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    title: str
    sentences: list[str]
    asked: list[Asked]


def paragraphs(articles: Sequence[dict[str, Any]], net: WordNet) -> list[list[Paragraph]]:
    found = []
    for article in articles:
        mine = []
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            places = sentences(text, 0, len(text))
            asked = []
            for qa in paragraph["qas"]:
                answer = qa["answers"][0]["text"].strip(" .,")
                start = qa["answers"][0].get("answer_start", -1)
                if start < 0 or text[start : start + len(answer)] != answer:
                    start = text.find(answer)
                at = next((n for n, (a, z) in enumerate(places) if a <= start < z), None)
                if at is None or not answer or len(answer.split()) > 8:
                    continue
                made = template(qa["question"], answer, text[slice(*places[at])], net)
                if made:
                    asked.append(Asked(made, answer, at))
            mine.append(Paragraph(article["title"].replace("_", " "), [text[a:z].strip() for a, z in places], asked))
        found.append(mine)
    return found


def shown(paragraph: Paragraph, at: int, rng: Random) -> tuple[str, str]:
    """Title, which stands above most of the time, and statement, sometimes with the sentence before it."""
    text = paragraph.sentences[at]
    if at and rng.random() < 0.12:
        text = f"{paragraph.sentences[at - 1]} {text}"
    return (paragraph.title if rng.random() < 0.75 else ""), text


def held(claim: str, statement: str) -> bool:
    """Every name and number of ``claim`` stands in ``statement``, and a third of its words."""
    low = statement.lower()
    proper = re.findall(r"(?<!^)\b[A-Z][\w-]+|\d[\d,.]*\d|\d", claim)
    own, other = set(words.stems(claim)), set(words.stems(statement))
    return all(one.lower() in low for one in proper) and len(own & other) >= 0.4 * len(own)


class Maker:
    """``focused``: only falsehoods that the exact rules cannot know."""

    def __init__(self, articles: Sequence[dict[str, Any]], net: WordNet, focused: bool = False) -> None:
        self.focused = focused
        self.changes = Changes(net)
        self.articles = paragraphs(articles, net)
        self.titles = [article[0].title for article in self.articles]

    def epoch(self, rng: Random) -> Iterator[Pair]:
        order = [(a, p) for a, article in enumerate(self.articles) for p in range(len(article))]
        rng.shuffle(order)
        for a, p in order:
            yield from self.of(self.articles[a][p], rng)

    def of(self, paragraph: Paragraph, rng: Random) -> Iterator[Pair]:
        for one in paragraph.asked:
            yield from self._asked(paragraph, one, rng)
        for at in range(len(paragraph.sentences)):
            if rng.random() < 0.5 and 5 <= len(paragraph.sentences[at].split()) <= 45:
                yield from self._sentence(paragraph, at, rng)

    def _asked(self, paragraph: Paragraph, one: Asked, rng: Random) -> Iterator[Pair]:
        statement, text = shown(paragraph, one.sentence, rng), one.template(one.answer)
        if held(text, " ".join(statement)):
            claim = cut(text)
            yield from self._pair(statement, self._reworded(claim, rng, 0.35), True, "asked")
            if rng.random() < 0.8:
                yield from self._false(paragraph, one.sentence, statement, claim, rng)
        others = [other.answer for other in paragraph.asked if other.answer.lower() not in text.lower()]
        near = [other.answer for other in paragraph.asked if other.sentence == one.sentence and other.answer in others]
        if others and rng.random() < 0.5:
            answer = rng.choice(near or others)
            filled = [*cut(one.template.head), *wrong(answer), *cut(one.template.tail), *cut(".")]
            yield from self._pair(statement, self._reworded(filled, rng, 0.2), False, "answer")
        elsewhere = [n for n in range(len(paragraph.sentences)) if n != one.sentence]
        if elsewhere and rng.random() < 0.25:
            other = rng.choice(elsewhere)
            statement = shown(paragraph, other, rng)
            if one.answer.lower() not in " ".join(statement).lower():
                stems = set(words.stems(" ".join(statement)))
                claim = [w if not w.text.isalnum() or set(words.stems(w.text)) & stems or w.low in words.STOPWORDS
                         else wrong(w.text)[0] for w in cut(text)]  # fmt: skip
                yield from self._pair(statement, claim, False, "elsewhere")

    def _sentence(self, paragraph: Paragraph, at: int, rng: Random) -> Iterator[Pair]:
        statement, claim = shown(paragraph, at, rng), cut(paragraph.sentences[at])
        short = self.changes.shorter(claim, rng) or claim
        if rng.random() < 0.7:
            yield from self._pair(statement, self._reworded(short, rng, 0.8), True, "reworded")
        for _ in range(1 if self.focused else 2):
            yield from self._false(paragraph, at, statement, short, rng)

    def _reworded(self, claim: Claim, rng: Random, often: float) -> Claim:
        for _ in range(3):
            if rng.random() < often:
                claim = getattr(self.changes, rng.choice(TRUE))(claim, rng) or claim
        return claim

    def _false(
        self, paragraph: Paragraph, at: int, statement: tuple[str, str], claim: Claim, rng: Random
    ) -> Iterator[Pair]:
        kinds = [
            *FALSE,
            "attributed",
            "subject",
            "spliced",
            "detail",
            "swapped",
            "turned",
            "sister",
            "antonym",
            "foreign",
        ]
        if self.focused:
            kinds = [*FOCUSED]
        rng.shuffle(kinds)
        for kind in kinds:
            made = self._changed(kind, paragraph, at, claim, rng)
            if made and joined(made)[0].lower() not in statement[1].lower():
                yield from self._pair(statement, self._reworded(made, rng, 0.3), False, kind)
                return

    def _changed(self, kind: str, paragraph: Paragraph, at: int, claim: Claim, rng: Random) -> Claim | None:
        if kind in FALSE:
            made: Claim | None = getattr(self.changes, kind)(claim, rng)
            return made
        other = cut(rng.choice(paragraph.sentences))
        if kind in ("spliced", "detail", "foreign"):
            return getattr(self.changes, kind)(claim, rng, other)
        spans = names(other)
        name = " ".join(w.text for w in other[slice(*rng.choice(spans))]) if spans else rng.choice(self.titles)
        if name.lower() in paragraph.sentences[at].lower():
            return None
        return getattr(self.changes, kind)(claim, rng, name)

    def _pair(self, statement: tuple[str, str], claim: Claim, carried: bool, kind: str) -> Iterator[Pair]:
        text, places = joined(claim)
        if 4 <= len(claim) <= 50 and carried != bool(places):
            yield Pair(statement[1], text, carried, tuple(places), kind, statement[0])


def scifact(folder: Path) -> list[Pair]:
    """Claims with the sentences of their evidence, train split."""
    claims = {row["_id"]: row["text"] for row in rows(folder / "queries.jsonl")}
    proofs = rows(folder / "evidence_train.jsonl")
    needed = {row["corpus-id"] for row in proofs}
    texts = {row["_id"]: row for row in rows(folder / "corpus.jsonl.gz") if row["_id"] in needed}
    found = []
    for row in proofs:
        abstract = texts[row["corpus-id"]]
        said = " ".join(abstract["sentences"][at].strip() for at in row["sentences"])
        carried = row["label"] == "SUPPORT"
        found.append(
            Pair(said, claims[row["query-id"]], carried, () if carried else None, "scifact", abstract["title"])
        )
        rest = [s for at, s in enumerate(abstract["sentences"]) if at not in row["sentences"]]
        if rest and len(row["sentences"]) == 1:
            found.append(
                Pair(
                    rest[len(said) % len(rest)].strip(),
                    claims[row["query-id"]],
                    False,
                    None,
                    "scifact other",
                    abstract["title"],
                )
            )
    return found


def rows(path: Path) -> list[dict[str, Any]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.splitlines()]
