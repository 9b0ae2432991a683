"""Code that graphs are built of: the installed networkx, or any folder of Python."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..corpus.store import Store
from ..graphs.code import CodeFile, CodeGraph
from ..graphs.code.modules import module_name


def networkx_folder() -> Path:
    import networkx

    return Path(networkx.__file__).parent


def code_files(folder: Path) -> list[CodeFile]:
    paths = sorted(folder.rglob("*.py"))
    return [
        CodeFile(
            number, str(path.relative_to(folder.parent)), module_name(path, folder), path.read_text(encoding="utf-8")
        )
        for number, path in enumerate(paths, 1)
    ]


def open_graph(folder: Path, contents: Iterable[CodeFile]) -> CodeGraph:
    store = Store(folder, create=True)
    store.connection.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, uri TEXT UNIQUE, name TEXT, text TEXT)")
    with store.transaction() as connection:
        connection.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?)", [(f.document, f.path, f.path, f.text) for f in contents]
        )
    return CodeGraph(store)
