"""What an older version wrote, and code that leads in circles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evidentia.graphs.code.questions import verbs

FILES = {"a.py": "def low(): pass\n", "b.py": "from a import low\ndef high(): low()\n"}


def test_facts_of_an_older_form_are_read_again_from_the_texts(workspace: Any, new_workspace: Any, tmp_path: Path):
    graph = workspace.build(FILES)
    connection = workspace.store.connection
    connection.execute("""UPDATE code_files SET interface = '[[], [], null, false]', body = '[[], []]'""")
    workspace.store.set("code:form", "1")
    graph.update([workspace.put(1, "a.py", "def low(): pass\n\ndef more(): pass\n")])
    fresh = new_workspace(tmp_path / "fresh")
    fresh.build({**FILES, "a.py": "def low(): pass\n\ndef more(): pass\n"})
    assert workspace.nodes() == fresh.nodes()
    assert workspace.edges() == fresh.edges()
    fresh.store.close()


def test_variables_that_are_assigned_from_each_other_end(workspace: Any):
    text = "def f():\n    while True:\n        a = b.left\n        b = a.right\n        a.go()\n"
    graph = workspace.build({"a.py": text})
    assert [row.symbol.id for row in verbs.callees(graph, "f")[0].rows] == ["external:*.go"]
