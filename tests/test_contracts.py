"""The import contracts can fail: each of these imports, added to a copy of the package, is refused."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import evidentia
from evidentia.scripts import house

ROOT = Path(evidentia.__file__).parent
WRONG = {
    "an agent reaches up to the ingest": ("agents/ask.py", "evidentia.ingest"),
    "an agent reaches up to the terminal's layout": ("agents/ask.py", "evidentia.cli.render"),
    "a splitter knows the dense index": ("corpus/spans/plain.py", "evidentia.retrieval.dense"),
    "the scheduler knows a model": ("serving/engine/scheduler.py", "evidentia.serving.models.local"),
    "the scheduler knows LangChain": ("serving/engine/scheduler.py", "evidentia.serving.langchain"),
    "a check of support knows the steps": ("agents/support/faults.py", "evidentia.agents.steps.write"),
    "a form of answer knows the tools": ("agents/answers/quoted.py", "evidentia.agents.tools.verbs"),
    "the loop runs on LangChain": ("agents/loop.py", "langchain"),
    "the guard knows a route": ("app/guard.py", "evidentia.app.routes"),
    "the API of models knows the pages of the library": ("app/openai/chat.py", "evidentia.app.routes"),
    "the layout knows a command": ("cli/render.py", "evidentia.cli.graph"),
    "one command knows another": ("cli/index.py", "evidentia.cli.model"),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy with all of the imports in it."""
    folder = tmp_path_factory.mktemp("copy")
    for path in ROOT.rglob("*.py"):
        place = path.relative_to(ROOT)
        if place.parts[0] not in ("tests", "benchmarks", "training", "docs", "build") and place.parts[0][0] != ".":
            target = folder / "evidentia" / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    for file, imported in WRONG.values():
        with (folder / "evidentia" / file).open("a", encoding="utf-8") as handle:
            handle.write(f"\nimport {imported}\n")
    shutil.copy(ROOT / "pyproject.toml", folder)
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 1, linted.stdout + linted.stderr
    return linted.stdout


@pytest.mark.parametrize("name", WRONG)
def test_an_import_against_the_design_is_refused(refusals: str, name: str) -> None:
    file, imported = WRONG[name]
    importer = ".".join(("evidentia", *Path(file).with_suffix("").parts))
    assert f"{importer} -> {imported}" in refusals


def test_statements_about_documents_and_passages_stand_in_the_corpus_alone() -> None:
    table = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:documents|passages|sources|skipped|pending|vectors|words)\b")
    texts = (
        (module.path, node)
        for module in house.modules()
        if module.part not in ("corpus", "evaluation")
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [f"{path}:{node.lineno}" for path, node in texts if table.search(str(node.value))] == []
