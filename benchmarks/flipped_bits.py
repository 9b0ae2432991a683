"""One bit flipped anywhere in a library: told, or without effect? Every file of the folder, with all its indexes made.

    python benchmarks/flipped_bits.py --flips 300           # needs the local model (evidentia model get)

The library holds this repository's documentation and one folder of its code. A flip is *told* when a question, a search
or a look-up ends in an error, carries a note or logs a warning, or ``evidentia doctor`` names it. It is *silent* when
nothing does and something else than before is said; for ``library.db`` already when any row of any table, or the index
of words, is another than before, whether or not a question would show it. Flips are shared out evenly among kinds of
files, within a kind by size; half of those in ``library.db`` fall into first pages of the tables that answers are made
of.
"""

from __future__ import annotations

import logging
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from evidentia import Library, Settings
from evidentia.cli.doctor import examine
from evidentia.errors import EvidentiaError
from evidentia.evaluation.report import arguments, report
from evidentia.serving import load
from evidentia.serving.base import Message, Sampling

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("What happens when a second process writes to the library?", "Which port does the server listen on?")
QUICK = ("dense", "lexical", "ngram", "multihop", "structure")
SLOW = {"sessions": ("cfic", "likelihood"), "seal": ("seal",)}
SYMBOLS = ("create_app", "Lane.run", "Guard")
KINDS = ("library.db", "dense", "ngram", "multihop", "structure", "graph", "sessions", "seal", "drafting")


def settings(folder: Path) -> Settings:
    return Settings(library=folder, embedder="hash")


def kind_of(file: Path, folder: Path) -> str:
    name = file.relative_to(folder).parts[0]
    return next((kind for kind in KINDS if name.startswith(kind)), "other")


def build(folder: Path, model: Any) -> None:
    """With the model's own file of what drafting has learnt, which only a model of the library's writes."""
    with Library(folder, settings=settings(folder), model=model) as library:
        library.add(ROOT / "docs", ROOT / "app")
        for retriever in (*QUICK, *SLOW["sessions"], *SLOW["seal"]):
            library.search(QUESTIONS[0], 5, retriever)
        library.graph.query("MATCH (n) RETURN count(n)")
    with Library(folder, settings=settings(folder)) as library:
        replies(library)


def replies(library: Library) -> str:
    return "".join(library.model().stream([Message("user", "Name three parts of a pump.")], Sampling(40)))


def answers(library: Library, questions: int) -> list[object]:
    """What people see, notes apart. Raises ``EvidentiaError`` for damage that is told."""
    found: list[object] = []
    for question in QUESTIONS[:questions]:
        answer = library.ask(question)
        if answer.notes:
            raise EvidentiaError("; ".join(answer.notes))
        found.append([answer.text, [(one.quote, one.place, one.verified) for one in answer.citations]])
        found.extend(library.search(question, 5, retriever) for retriever in QUICK)
    found.extend(library.graph.verb(verb, name) for name in SYMBOLS for verb in ("callers", "callees", "definition"))
    found.append(
        library.graph.query("MATCH (f:FUNCTION)-[:CALLS]->(g) RETURN f.name, g.name ORDER BY f.name, g.name").rows
    )
    return found


def rows(file: Path) -> list[object]:
    """Every row of every table, and the index of words."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'")
        tables = [name for (name,) in named]
        found: list[object] = [connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables]
        connection.execute("CREATE VIRTUAL TABLE temp.there USING fts5vocab (main, 'words', instance)")
        found.append(connection.execute("SELECT * FROM temp.there").fetchall())
        found.append(connection.execute("SELECT * FROM words_docsize").fetchall())
        return found
    finally:
        connection.close()


def seen(kind: str, folder: Path, model: Any) -> object:
    if kind == "drafting":
        with Library(folder, settings=settings(folder)) as library:
            return replies(library)
    with Library(folder, settings=settings(folder), model=model) as library:
        if kind in SLOW:
            return [library.search(QUESTIONS[0], 5, retriever) for retriever in SLOW[kind]]
        found = answers(library, 2 if kind == "library.db" else 1)
    return [found, rows(folder / "library.db")] if kind == "library.db" else found


class Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def told(kind: str, folder: Path, right: object, model: Any) -> str:
    warnings = Warnings()
    logging.getLogger().addHandler(warnings)
    try:
        if seen(kind, folder, model) == right:
            return "without effect"
    except (EvidentiaError, sqlite3.DatabaseError):
        return "told where it was met"
    finally:
        logging.getLogger().removeHandler(warnings)
    if warnings.count:
        return "told where it was met"
    complaints = [found for found in examine(settings(folder)) if not found.ok and found.needed]
    return "told by doctor" if complaints else "silent"


def live_places(file: Path) -> list[int]:
    """Where pages begin that hold rows of the tables that answers are made of."""
    connection = sqlite3.connect(file)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    wanted = ("documents", "passages", "vectors", "code_files", "code_nodes", "code_edges", "code_names", "words_data")
    roots = {name: page for name, page in connection.execute("SELECT name, rootpage FROM sqlite_master") if page}
    connection.close()
    return [size * (roots[name] - 1) for name in wanted if name in roots]


def places(folder: Path, count: int) -> list[tuple[str, Path, int, int]]:
    draw = random.Random(0)
    files: dict[str, list[Path]] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size):
        files.setdefault(kind_of(file, folder), []).append(file)
    live = live_places(folder / "library.db")
    found = []
    for number in range(count):
        kind = sorted(files)[number % len(files)]
        sizes = [file.stat().st_size for file in files[kind]]
        file = draw.choices(files[kind], sizes)[0]
        place = draw.randrange(file.stat().st_size)
        if kind == "library.db" and draw.random() < 0.5:
            place = draw.choice(live) + draw.randrange(4096)
        found.append((kind, file, place, draw.randrange(8)))
    return sorted(found, key=lambda flip: flip[0])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--flips", type=int, default=300)
    parser.add_argument("--made", type=Path, help="keep the library there, or take the one that is there")
    parser.add_argument("--only", default="", help="kinds of files whose name begins so")
    options = parser.parse_args()
    model = load(Settings().model, Settings.from_env())
    outcomes: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder, copy = options.made or Path(scratch) / "library", Path(scratch) / "copy"
        if not folder.exists():
            build(folder, model)
        right: dict[str, object] = {}
        for kind, file, place, bit in places(folder, options.flips):
            if not kind.startswith(options.only):
                continue
            make: Callable[[], object] = partial(shutil.copytree, folder, copy)
            shutil.rmtree(copy, ignore_errors=True)
            make()
            if kind not in right:
                right[kind] = seen(kind, copy, model)
                shutil.rmtree(copy)
                make()
            target = copy / file.relative_to(folder)
            data = bytearray(target.read_bytes())
            data[place] ^= 1 << bit
            target.write_bytes(data)
            outcome = told(kind, copy, right[kind], model)
            outcomes.setdefault(kind, Counter())[outcome] += 1
            print(sum(found.total() for found in outcomes.values()), kind, outcome, file=sys.stderr, flush=True)
            if outcome == "silent":
                print(f"silent: {file.relative_to(folder)} byte {place} bit {bit}", flush=True)
    ways = ("without effect", "told where it was met", "told by doctor", "silent")
    table = [(kind, found.total(), *(found[way] for way in ways)) for kind, found in outcomes.items()]
    total = sum(outcomes.values(), Counter())
    table.append(("all", total.total(), *(total[way] for way in ways)))
    report(options.json, "One flipped bit", ("files", "flips", *ways), table, dict(total))


if __name__ == "__main__":
    main()
