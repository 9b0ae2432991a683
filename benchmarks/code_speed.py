"""How fast the code graph of a folder is built from nothing, one language after the other, beside another indexer.

    python benchmarks/code_speed.py Python=FOLDER Go=FOLDER … [--rival "codegraph init"] [--runs 3]

Counted are the processor's seconds, which a shared machine moves less than the clock's: of ours for the whole update
without reading the files, of the rival for its whole process in a copy of the folder, where it is started as
``RIVAL .``. The least of the runs is printed, by turns; the lines are those of the files of that language's family
which our graph reads.
"""

from __future__ import annotations

import argparse
import resource
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from evidentia.corpus.store import Store
from evidentia.graphs.code import CodeFile, CodeGraph, module_name
from evidentia.graphs.code.languages import LANGUAGES, SUFFIXES, family_of

_PROJECTS = (".json", ".mod", ".toml")


def build(folder: Path, language: str) -> tuple[int, float]:
    """Lines, and seconds of the processor."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home), create=True)
        store.connection.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, uri TEXT, name TEXT, text TEXT)")
        files = []
        for number, path in enumerate(sorted(folder.rglob("*")), 1):
            known = path.suffix in SUFFIXES and family_of(path.name) == LANGUAGES.load(language).family
            if path.is_file() and (known or path.suffix in _PROJECTS):
                text, name = path.read_text(encoding="utf-8", errors="replace"), str(path.relative_to(folder))
                store.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", (number, str(path), name, text))
                if known:
                    files.append(CodeFile(number, name, module_name(path, folder), text))
        began = time.process_time()
        CodeGraph(store).update(files)
        used = time.process_time() - began
        store.close()
    return sum(file.text.count("\n") for file in files), used


def run(command: str, folder: Path) -> float:
    """Seconds of the processor that the whole process takes in a fresh copy of the folder."""
    with tempfile.TemporaryDirectory() as home:
        copy = shutil.copytree(folder, Path(home) / folder.name)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*shlex.split(command), "."], cwd=copy, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="+", metavar="LANGUAGE=FOLDER")
    parser.add_argument("--rival", default="")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print(f"{'language':12} {'lines':>8} {'CPU s':>7} {'lines/s':>8} {'rival CPU s':>12} {'lines/s':>8}")
    for source in given.sources:
        language, _, folder = source.partition("=")
        ours, others = [], []
        for _ in range(given.runs):
            lines, used = build(Path(folder), language)
            ours.append(used)
            others += [run(given.rival, Path(folder))] if given.rival else []
        line = f"{language:12} {lines:8,} {min(ours):7.2f} {lines / min(ours):8,.0f}"
        print(line + (f" {min(others):12.2f} {lines / min(others):8,.0f}" if others else ""), flush=True)


if __name__ == "__main__":
    main()
