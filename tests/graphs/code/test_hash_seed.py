"""The graph is a function of the texts alone: Python's hash seed, by which each process walks its sets in another
order, changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_BUILD = """
import json, sys
from pathlib import Path
from evidentia.corpus.store import Store
from evidentia.graphs.code import CodeFile, CodeGraph
store = Store(Path(sys.argv[1]), create=True)
store.connection.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, uri TEXT, name TEXT, text TEXT)")
files = [CodeFile(n, f"{name}.py", name, text) for n, (name, text) in enumerate(json.load(sys.stdin).items(), 1)]
for file in files:
    store.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", (file.document, "", file.path, file.text))
CodeGraph(store).update(files)
edges = (
    "SELECT s.name, type, t.name, resolution, line FROM code_edges "
    "JOIN code_names s ON s.id = source JOIN code_names t ON t.id = target ORDER BY 1, 2, 3, 4, 5"
)
names = "SELECT id, name FROM code_names ORDER BY id"
json.dump([store.connection.execute(query).fetchall() for query in (edges, names)], sys.stdout)
store.close()
"""
_NUMBERS = range(5)


def test_a_circle_of_results_has_the_same_edges_under_every_hash_seed(tmp_path: Path) -> None:
    (edges, names), others = (_build(tmp_path / seed, seed) for seed in "01")
    assert ["circle.start", "RETURNS", "far.Made4", "inferred", 3] in edges
    assert edges == others[0]
    assert names == others[1]


def _build(folder: Path, seed: str) -> list[list[list[object]]]:
    command = [sys.executable, "-P", "-c", _BUILD, str(folder)]
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(command, input=json.dumps(_files()), env=environment, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _files() -> dict[str, str]:
    """Functions that hand on one another's results in a circle. What they begin with comes through two other files, so
    that it arrives in the last look at the file, in which nothing mends what a first question within the circle saw."""
    circle = [
        f"def turn{i}(n):\n    if n:\n        return turn{(i + 1) % len(_NUMBERS)}(n)\n    return near{i}()\n"
        for i in _NUMBERS
    ]
    kinds = ", ".join(f"'{i}': turn{i}" for i in _NUMBERS)
    return {
        "circle": "\n".join(
            [
                f"from near import {', '.join(f'near{i}' for i in _NUMBERS)}\n",
                "def start(kind):\n    return KINDS[kind](1)\n",
                *circle,
                f"KINDS = {{{kinds}}}\n",
            ]
        ),
        "near": "\n".join(f"from far import far{i}\n\ndef near{i}():\n    return far{i}()\n" for i in _NUMBERS),
        "far": "\n".join(f"class Made{i}:\n    pass\n\ndef far{i}():\n    return Made{i}()\n" for i in _NUMBERS),
    }
