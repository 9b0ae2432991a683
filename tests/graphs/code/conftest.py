from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia.corpus.store import Store
from evidentia.graphs.code import CodeFile, CodeGraph, module_name
from evidentia.graphs.code.resolution.edges import EdgeFact

PROJECTS = (".json", ".mod", ".toml")
"""Files that say how imports are found, and are no code."""


class Workspace:
    """A store with a ``documents`` table, and a code graph on it that is fed by module name."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, create=True)
        self.store.connection.execute(
            "CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, uri TEXT UNIQUE, name TEXT, text TEXT)"
        )
        self.graph = CodeGraph(self.store)

    def put(self, document: int, path: str, text: str) -> CodeFile:
        self.store.connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET uri = excluded.uri, "
            "name = excluded.name, text = excluded.text",
            (document, f"/{document}/{path}", path, text),
        )
        if path.endswith(".py"):
            return CodeFile(document, path, path.removesuffix(".py").removesuffix("/__init__").replace("/", "."), text)
        return CodeFile(document, path, module_name(Path("/added", path), Path("/added")), text)

    def drop(self, document: int) -> None:
        self.graph.update([], [document])
        self.store.connection.execute("DELETE FROM documents WHERE id = ?", (document,))

    def build(self, files: dict[str, str]) -> CodeGraph:
        found = [self.put(number, path, text) for number, (path, text) in enumerate(files.items(), 1)]
        self.graph.update([file for file in found if not file.path.endswith(PROJECTS)])
        return self.graph

    def nodes(self) -> set[tuple[object, ...]]:
        return set(
            self.store.connection.execute(
                "SELECT n.name, f.path, d.label, d.line, d.end_line, d.signature, d.doc, d.decorators FROM code_nodes d "
                "JOIN code_names n USING (id) JOIN code_files f USING (document_id)"
            )
        )

    def edges(self) -> set[tuple[object, ...]]:
        return set(
            self.store.connection.execute(
                "SELECT s.name, e.type, t.name, e.resolution, e.line, f.path FROM code_edges e JOIN code_names s ON s.id = e.source "
                "JOIN code_names t ON t.id = e.target JOIN code_files f USING (document_id)"
            )
        )

    def gaps(self) -> set[tuple[object, ...]]:
        return set(
            self.store.connection.execute(
                "SELECT n.name, g.line, g.name, g.reason, f.path FROM code_gaps g JOIN code_names n ON n.id = g.source "
                "JOIN code_files f USING (document_id)"
            )
        )


@pytest.fixture(scope="session")
def new_workspace() -> Callable[[Path], Workspace]:
    return Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    space = Workspace(tmp_path / "library")
    yield space
    space.store.close()


@pytest.fixture
def resolved(tmp_path: Path) -> Iterator[Callable[[dict[str, str]], set[EdgeFact]]]:
    """Edges of a few files, given as path -> text."""
    spaces: list[Workspace] = []

    def resolve(files: dict[str, str]) -> set[EdgeFact]:
        spaces.append(Workspace(tmp_path / f"resolved{len(spaces)}"))
        spaces[-1].build(files)
        return {EdgeFact(*edge[:5]) for edge in spaces[-1].edges()}  # type: ignore[arg-type]

    yield resolve
    for space in spaces:
        space.store.close()
