"""A library that follows random edits of its folder holds what a fresh one of the same folder holds, and is sound."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.cli.doctor import examine

STEPS = 8
TABLES = {
    "documents": "SELECT name, text, title, metadata, marks, digest, checked FROM documents",
    "skipped": "SELECT uri, reason FROM skipped",
    "passages": 'SELECT d.name, p.start, p."end", p.line, p.kind, p.heading, p.governors FROM passages p '
    "JOIN documents d ON d.id = p.document_id",
    "vectors": "SELECT d.name, p.start, v.vector FROM vectors v JOIN passages p ON p.id = v.passage_id "
    "JOIN documents d ON d.id = p.document_id",
    "definitions": "SELECT c.name, d.name, n.label, n.line, n.signature FROM code_nodes n "
    "JOIN code_names c ON c.id = n.id JOIN documents d ON d.id = n.document_id",
    "edges": "SELECT s.name, e.type, t.name, e.resolution, e.line FROM code_edges e "
    "JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target",
    "words": "SELECT term, doc, cnt FROM words_seen",
}
QUESTIONS = ("What is the limit of the pump?", "start check", "Where is a valve?")


def settings(folder: Path) -> Settings:
    return Settings(library=folder, embedder="hash")


class Editor:
    """Of one folder: each edit is one that people make."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.draw = folder, random.Random(seed)
        self.edits: list[Callable[[], None]] = [
            *(self.write, self.write, self.write, self.append, self.remove, self.rename, self.swap),
            *(self.move, self.ignore, self.package, self.line_ends, self.binary, self.break_syntax, self.same_again),
        ]

    def edit(self) -> None:
        self.draw.choice(self.edits)()

    def write(self) -> None:
        kind = self.draw.choice(("md", "py", "txt"))
        self._at(self.folder / self.draw.choice(("", "a", "a/b")) / f"{self.draw.choice('pqrst')}.{kind}")

    def append(self) -> None:
        for path in self._some():
            path.write_bytes(path.read_bytes() + f"\n\n{self._words()}\n".encode())

    def remove(self) -> None:
        for path in self._some():
            path.unlink()

    def rename(self) -> None:
        for path in self._some():
            path.rename(path.with_name(f"{self.draw.choice('uvw')}{path.suffix}"))

    def swap(self) -> None:
        chosen = [*self._some(), *self._some()]
        if len(chosen) == 2:
            first, second = (path.read_bytes() for path in chosen)
            chosen[0].write_bytes(second)
            chosen[1].write_bytes(first)

    def move(self) -> None:
        folder, target = self.folder / "a", self.folder / self.draw.choice("cd")
        if folder.is_dir() and not target.exists():
            folder.rename(target)

    def ignore(self) -> None:
        rules = self.draw.choice(("*.txt\n", "a/\n", "p.*\n", "", "*\n!*.md\n"))
        (self.folder / ".gitignore").write_text(rules)

    def package(self) -> None:
        for path in self._some():
            (path.parent / "__init__.py").write_text("from .p import *\n" if self.draw.random() < 0.5 else "")

    def line_ends(self) -> None:
        for path in self._some():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    def binary(self) -> None:
        for path in self._some():
            path.write_bytes(b"\0\1\2" * 50)

    def break_syntax(self) -> None:
        for path in self._some():
            path.write_bytes(path.read_bytes() + b"\ndef (\n")

    def same_again(self) -> None:
        for path in self._some():
            path.write_bytes(path.read_bytes())

    def _at(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".py":
            names = [self.draw.choice(("start", "stop", "check", "run")) for _ in range(3)]
            body = "\n\n".join(
                f"def {name}(x):\n    return {self.draw.choice(names)}(x)" for name in dict.fromkeys(names)
            )
            path.write_text(f"from a.p import check\n\n\n{body}\n")
        else:
            path.write_text("# Pump\n\n" + "\n\n".join(self._words() for _ in range(self.draw.randint(1, 4))) + "\n")

    def _words(self) -> str:
        words = ("pump", "valve", "limit", "opens", "water", "tank", str(self.draw.randrange(99)))
        return " ".join(self.draw.choices(words, k=12)) + "."

    def _some(self) -> list[Path]:
        files = sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name != ".gitignore")
        return [self.draw.choice(files)] if files else []


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(folder / "library.db")
    found = {name: sorted(connection.execute(query), key=repr) for name, query in TABLES.items()}
    connection.close()
    return found


def hits(library: Library) -> list[object]:
    return [
        sorted((one.name, one.quote, round(one.score, 5)) for one in library.search(question, 50, retriever))
        for question in QUESTIONS
        for retriever in ("dense", "lexical")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_library_that_follows_edits_equals_a_fresh_one(tmp_path: Path, seed: int) -> None:
    source = tmp_path / "source"
    source.mkdir()
    editor = Editor(source, seed)
    for _ in range(6):
        editor.write()
    for step in range(STEPS):
        for _ in range(editor.draw.randint(1, 4)):
            editor.edit()
        with Library(tmp_path / "library", settings=settings(tmp_path / "library")) as library:
            library.add(source)
            followed = hits(library)
        fresh = tmp_path / f"fresh{step}"
        with Library(fresh, settings=settings(fresh)) as library:
            library.add(source)
            assert hits(library) == followed
        assert contents(tmp_path / "library") == contents(fresh)
        complaints = [found for found in examine(settings(tmp_path / "library")) if not found.ok and found.needed]
        assert complaints == []
