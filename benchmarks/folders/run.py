"""Questions to sixty small folders as people have them: how many are answered rightly, and how many wrongly as fitting.

    python benchmarks/folders/run.py [--split dev|held|all] [--folder NAME] [--show] [--json FILE]

Households, firms, clubs, schools, laboratories, projects: 97 files of some twenty formats, several folders with
documents that differ in one value. Written by somebody who had not seen how answers are found. ``held`` was kept out of
every choice. ``--show`` prints what was not right, of ``dev`` alone.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from evidentia import Answer, Library
from evidentia.evaluation.report import report

HERE = Path(__file__).resolve().parent
FITTING = ("sure", "likely")
UNANSWERABLE = "Not found"
COLUMNS = ("asked", "right", "right and fitting", "beside others", "wrong", "wrong as fitting", "false not found")


@dataclass(frozen=True, slots=True)
class Result:
    folder: str
    question: str
    tags: tuple[str, ...]
    answerable: bool
    shown: str
    fit: str
    right: bool
    refused: bool
    held: bool
    """The expected words were shown, whatever else was."""

    @property
    def columns(self) -> tuple[bool, ...]:
        fitting = self.fit in FITTING
        told = not self.refused
        wrong = told and not self.right and not (self.answerable and self.held)
        return (
            True,
            self.right,
            self.right and (fitting or not self.answerable),
            told and self.answerable and self.held and not self.right,
            wrong,
            told and not self.right and fitting,
            self.refused and self.answerable,
        )


def judge(asked: dict[str, Any], answer: Answer, folder: str) -> Result:
    """Of a question without an answer, ``not_found`` and ``unsure`` are right."""
    text = " | ".join([answer.text, *(citation.quote for citation in answer.citations)])
    refused, answerable = answer.status == "not_found", asked["expected"] != UNANSWERABLE
    held = answerable and re.search(asked["expected"], text, re.IGNORECASE | re.DOTALL) is not None
    forbidden = asked.get("forbidden")
    mixed = forbidden and re.search(forbidden, text, re.IGNORECASE | re.DOTALL) is not None
    right = (held and not mixed and not refused) if answerable else (refused or answer.fit == "unsure")
    return Result(
        folder, asked["question"], tuple(asked["tags"]), answerable, answer.text, answer.fit, right, refused, held
    )


def results(split: str, only: str | None) -> Iterator[Result]:
    embedder = None
    with tempfile.TemporaryDirectory() as place, ZipFile(HERE / f"{split}.zip") as packed:
        packed.extractall(place)
        for case in json.loads((Path(place) / "questions.json").read_text(encoding="utf-8")):
            if only not in (None, case["id"]):
                continue
            with Library(Path(place) / "libraries" / case["id"], embedder=embedder) as library:
                library.add(Path(place) / case["id"])
                embedder = library.embedder()
                for asked in case["questions"]:
                    yield judge(asked, library.ask(asked["question"]), case["id"])


def row(name: str, found: Sequence[Result]) -> list[str]:
    totals = [sum(column) for column in zip(*(one.columns for one in found), strict=True)]
    return [name, str(totals[0]), *(f"{count} ({round(100 * count / totals[0])} %)" for count in totals[1:])]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", choices=("dev", "held", "all"), default="all")
    parser.add_argument("--folder")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    kept = []
    for split in ("dev", "held") if args.split == "all" else (args.split,):
        found = list(results(split, args.folder))
        tags = sorted({tag for one in found for tag in one.tags})
        rows = [row(tag, [one for one in found if tag in one.tags]) for tag in tags]
        rows += [row("answerable", [one for one in found if one.answerable]), row("all", found)]
        report(False, f"\n{split}", ["kind", *COLUMNS], rows, {})
        if args.show and split == "dev":
            for one in found:
                if not one.right:
                    print(f"{one.folder} [{one.fit or 'not found'}] {one.question}\n    {one.shown[:300]!r}")
        kept += [{"split": split, **asdict(one)} for one in found]
    if args.json:
        args.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
