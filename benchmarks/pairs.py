"""Two statements that differ in one deciding word (minimum, left, before, seller …): each is asked for, in both orders.

    python benchmarks/pairs.py [--show]

44 pairs (``data/pairs.txt``), a document each: 176 questions. Right: the first quote is the statement asked for and the
short answer, where one is given, is its own. Pairs at even places may be looked at while choosing, the others count.
Beside: the sentence that BM25's and the embedder's scores alone would quote.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from evidentia import Answer, Library
from evidentia.corpus import words
from evidentia.evaluation.report import machine

if TYPE_CHECKING:
    from evidentia.retrieval.base import Embedder

DATA = Path(__file__).parent / "data" / "pairs.txt"
COLUMNS = ("right", "wrong, unsure", "wrong, fitting", "not found")

Asked = tuple[str, str, str]
"""Statement, question, the words of its answer."""


def load() -> list[tuple[Asked, Asked]]:
    found: list[tuple[Asked, Asked]] = []
    for block in DATA.read_text(encoding="utf-8").split("\n\n")[1:]:
        lines = [line[2:] for line in block.strip().splitlines()]
        one, other = ((lines[at], *lines[at + 1].rsplit(": ", 1)) for at in (0, 2))
        found.append(((one[0], one[1], one[2]), (other[0], other[1], other[2])))
    return found


def verdict(answer: Answer, asked: Asked, other: Asked) -> str:
    if answer.status == "not_found":
        return "not found"
    first = answer.citations[0].quote
    short_is_right = not answer.short or asked[2] in answer.short or answer.short in asked[2]
    if asked[0] in first and other[0] not in first and short_is_right:
        return "right"
    return "wrong, fitting" if answer.fit in ("sure", "likely") else "wrong, unsure"


def by_words(question: str, pair: tuple[str, str]) -> int:
    asked = set(words.stems(question))
    return max((0, 1), key=lambda at: len(asked & set(words.stems(pair[at]))))


def by_meaning(embedder: Embedder, question: str, pair: tuple[str, str]) -> int:
    vectors = embedder.encode([question, *pair])
    return int(np.argmax(vectors[1:] @ vectors[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print the questions of even pairs that fail")
    options = parser.parse_args()
    totals = {"even": Counter[str](), "odd": Counter[str]()}
    embedder = None
    for number, pair in enumerate(load()):
        half = "odd" if number % 2 else "even"
        for order in (pair, pair[::-1]):
            statements = (order[0][0], order[1][0])
            with TemporaryDirectory() as at, Library(Path(at) / "library", embedder=embedder) as library:
                folder = Path(at) / "texts"
                folder.mkdir()
                (folder / "text.md").write_text("\n\n".join(statements) + "\n", encoding="utf-8")
                library.add(folder)
                embedder = library.embedder()
                for place, asked in enumerate(order):
                    said = verdict(library.ask(asked[1]), asked, order[1 - place])
                    totals[half][said] += 1
                    totals[half]["asked"] += 1
                    totals[half]["words"] += by_words(asked[1], statements) == place
                    totals[half]["meaning"] += by_meaning(embedder, asked[1], statements) == place
                    if options.show and half == "even" and said != "right":
                        answer = library.ask(asked[1])
                        print(
                            f"{said:15} {asked[1]}\n    {answer.fit} {answer.text!r} {answer.short!r} {answer.reasons}"
                        )
    heads = ("pairs", "asked", *COLUMNS, "words alone", "meaning alone")
    print(f"{machine()}\n\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    for half, total in totals.items():
        shares = [f"{total[column] / total['asked']:.0%}" for column in (*COLUMNS, "words", "meaning")]
        print(f"| {half} | {total['asked']} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
