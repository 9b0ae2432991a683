"""Questions to the 26 tables of ``../shared/data/worldcup``: look-ups, filters, counts, extremes, joins of two and of
three, and questions that the tables cannot answer.

    python benchmarks/table_questions.py [--split open|held|all] [--show] [--text] [--engine]

The questions and their gold queries in SQL (``data/table_questions.jsonl``) were written before what reads them; the
split ``held`` was looked at only in totals, though more than once. Right: the rows are as many as the gold rows and
each holds a gold row's values. ``--text``: beside it, whether the ten best fused passages hold all values of the gold
rows. ``--engine``: every query runs on the Cypher engine too, and must be valid in the schema and give the same rows.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evidentia import Answer, Library
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import machine
from evidentia.graphs.cypher.guard import check, check_schema
from evidentia.graphs.tables.database import normal

QUESTIONS = Path(__file__).with_name("data") / "table_questions.jsonl"
KINDS = ("look-up", "filter", "count", "extreme", "join of two", "join of three")
NOT_THERE = "not there"
VERDICTS = ("right", "wrong, fitting", "wrong, unsure", "refused")


def gold_database(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            header, *rows = csv.reader(opened)
        columns = zip(*rows, strict=True)
        kinds = ["INTEGER" if all(one.lstrip("-").isdigit() for one in column) else "TEXT" for column in columns]
        described = ", ".join(f'"{name}" {kind}' for name, kind in zip(header, kinds, strict=True))
        database.execute(f'CREATE TABLE "{file.stem}" ({described})')
        database.executemany(f'INSERT INTO "{file.stem}" VALUES ({", ".join("?" * len(header))})', rows)
    return database


def values(row: Iterable[Any]) -> frozenset[str]:
    said = (f"{cell:.4f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell) for cell in row)
    return frozenset(normal(one) or one for one in said if one not in ("None", "not applicable"))


def is_right(gold: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> bool:
    wanted, given = {*map(values, gold)}, {*map(values, rows)}
    as_many = len(wanted) == len(given) or len(gold) == len(rows)
    return as_many and all(any(one <= other for other in given) for one in wanted)


def verdict(answer: Answer, gold: Sequence[Sequence[Any]]) -> str:
    if answer.status != "rows":
        return "refused"
    if gold and is_right(gold, answer.citations[0].evidence.rows):
        return "right"
    return "wrong, unsure" if answer.fit == "unsure" else "wrong, fitting"


def held_by_text(library: Library, question: str, gold: Sequence[Sequence[Any]]) -> bool:
    text = normal(" ".join(f"{hit.quote}" for hit in library.search(question, 10)))
    return all(all(f" {one} " in f" {text} " for one in values(row)) for row in gold)


def run_on_engine(library: Library, answer: Answer) -> tuple[bool, bool]:
    """Whether the query is valid, and gives the rows of the answer."""
    query = answer.metadata["query"]
    valid = bool(check(query)) and not check_schema(query, library.graph.schema())
    rows = library.graph.query(query, timeout=60, max_rows=2_000).rows
    return valid, Counter(map(values, rows)) == Counter(map(values, answer.citations[0].evidence.rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("open", "held", "all"), default="all")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds worldcup/")
    parser.add_argument("--library", type=Path, help="one that holds the tables already")
    parser.add_argument("--show", action="store_true", help="print what is not right; of the open split alone")
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--engine", action="store_true")
    options = parser.parse_args()
    asked = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    gold = gold_database(options.data / "worldcup")
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    seconds: list[float] = []
    with TemporaryDirectory() as at, Library(options.library or Path(at) / "library") as library:
        begun = time.perf_counter()
        library.add(options.data / "worldcup", graph_only=not options.text)
        added = time.perf_counter() - begun
        begun = time.perf_counter()
        library.tables.model()
        print(f"{machine()}\n\nadded in {added:.0f} s; model of the tables in {time.perf_counter() - begun:.1f} s")
        for one in asked:
            if options.split not in ("all", one["split"]):
                continue
            rows = gold.execute(one["sql"]).fetchall() if one["sql"] else []
            begun = time.perf_counter()
            answer = library.tables.ask(one["question"])
            seconds.append(time.perf_counter() - begun)
            found = counts[one["split"], one["kind"]]
            said = verdict(answer, rows)
            found.update([said, "asked", *(["answered"] if answer.status == "rows" else [])])
            if options.show and one["split"] == "open" and said != ("refused" if one["kind"] == NOT_THERE else "right"):
                print(f"  {said}: {one['question']}\n     {answer.text[:200]!r} {answer.reasons}")
                print(f"     {answer.metadata.get('query', '')}\n     gold {rows[:3]}")
            if options.text and rows:
                found["text"] += held_by_text(library, one["question"], rows)
            if options.engine and answer.status == "rows":
                valid, same = run_on_engine(library, answer)
                found.update({"valid": valid, "same": same})
    head = ("split", "kind", "asked", *VERDICTS, "in the text", "queries", "valid", "same rows on the engine")
    print(f"\n| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for split in ("open", "held"):
        total = Counter[str]()
        for kind in KINDS:
            total.update(counts[split, kind])
        for kind, found in [*((kind, counts[split, kind]) for kind in (*KINDS, NOT_THERE)), ("**all six**", total)]:
            if found["asked"]:
                shares = " | ".join(f"{found[name] / found['asked']:.0%}" for name in VERDICTS)
                text = f"{found['text'] / found['asked']:.0%}" if options.text and kind != NOT_THERE else "–"
                engine = [str(found[name]) if options.engine else "–" for name in ("valid", "same")]
                cells = (split, kind, found["asked"], shares, text, found["answered"], *engine)
                print(f"| {' | '.join(map(str, cells))} |")
    if seconds:
        print(f"\nper answer: median {median(seconds) * 1000:.0f} ms, longest {max(seconds) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
