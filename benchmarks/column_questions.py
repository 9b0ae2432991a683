"""Questions to five small tables that set columns of a row against each other, multiply them, or count words of cells;
and questions that the tables cannot answer.

    python benchmarks/column_questions.py [--split open|held|all] [--show]

Tables, questions and right answers (``data/column_questions/``) were written before what reads them; the answers of
the split ``held`` were counted only. Right: as many rows as are wanted, each with a wanted row's values; where the text
is quoted instead of rows, the quotes hold all values of the one row that is wanted. ``fitting``: called sure or likely.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from evidentia import Answer, Library
from evidentia.benchmarks.table_questions import NOT_THERE, is_right, values
from evidentia.evaluation.report import machine
from evidentia.graphs.tables.database import normal

FOLDER = Path(__file__).with_name("data") / "column_questions"
VERDICTS = ("right, fitting", "right, unsure", "wrong, fitting", "wrong, unsure", "refused")
DOORS = ("table ask", "ask")


def verdict(answer: Answer, gold: Sequence[Sequence[str]]) -> str:
    if answer.status == "not_found":
        return "refused"
    if answer.status == "rows" and answer.citations[0].evidence.kind == "rows":
        right = bool(gold) and is_right(gold, answer.citations[0].evidence.rows)
    else:
        quoted = f" {normal(answer.text)} "
        right = len(gold) == 1 and all(f" {one} " in quoted for one in values(gold[0]))
    return f"{'right' if right else 'wrong'}, {'unsure' if answer.fit == 'unsure' else 'fitting'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("open", "held", "all"), default="all")
    parser.add_argument("--show", action="store_true", help="print what is not right; of the open split alone")
    options = parser.parse_args()
    asked = [json.loads(line) for line in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    counts: dict[tuple[str, str, bool], Counter[str]] = defaultdict(Counter)
    with TemporaryDirectory() as at, Library(Path(at) / "library") as library:
        library.add(*sorted(FOLDER.glob("*.csv")))
        for one in asked:
            if options.split not in ("all", one["split"]):
                continue
            unanswerable = one["kind"] == NOT_THERE
            for door, answer in zip(
                DOORS, (library.tables.ask(one["question"]), library.ask(one["question"])), strict=True
            ):
                said = verdict(answer, one["rows"])
                counts[one["split"], door, unanswerable].update([said, "asked"])
                if (
                    options.show
                    and one["split"] == "open"
                    and said != ("refused" if unanswerable else "right, fitting")
                ):
                    print(f"  {door}: {said}: {one['question']}\n     {answer.text[:200]!r} {answer.reasons}")
                    print(f"     {answer.metadata.get('query', '')}")
    print(
        f"{machine()}\n\n| split | by | answerable | asked | {' | '.join(VERDICTS)} |\n{'|---' * (4 + len(VERDICTS))}|"
    )
    for (split, door, unanswerable), found in sorted(counts.items()):
        shown = " | ".join(str(found[name]) for name in VERDICTS)
        print(f"| {split} | {door} | {'no' if unanswerable else 'yes'} | {found['asked']} | {shown} |")


if __name__ == "__main__":
    main()
