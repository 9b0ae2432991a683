"""The repository root is the package: the lists that say so must agree with the folders."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import evidentia

ROOT = Path(evidentia.__file__).parent
NOT_PACKAGES = {"tests", "benchmarks", "docs"}


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_pyproject_lists_every_package():
    folders = {path.parent.relative_to(ROOT) for path in ROOT.glob("*/**/__init__.py")} | {Path()}
    ours = {
        folder
        for folder in folders
        if not folder.parts or (folder.parts[0] not in NOT_PACKAGES and folder.parts[0][0] != ".")
    }
    ours -= {folder for folder in ours if folder.parts[:1] == ("build",)}
    listed = set(_project()["tool"]["setuptools"]["packages"])
    assert {".".join(("evidentia", *folder.parts)) for folder in ours} == listed


def test_type_checkers_see_every_module():
    modules = {path.name for path in ROOT.glob("*.py")} | {"py.typed"}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_PACKAGES
    assert {path.name for path in (ROOT / ".links" / "evidentia").iterdir()} == modules | packages


def test_public_names_load_and_are_sorted():
    assert list(evidentia.__all__) == sorted(evidentia._HOME)
    assert all(getattr(evidentia, name).__name__ == name for name in evidentia.__all__)


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, evidentia, evidentia.cli.main; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"torch", "numpy", "transformers", "faiss", "fastapi", "sentence_transformers", "arcadedb", "rich.console"}
    assert heavy.isdisjoint(loaded)


def test_version_is_written_once_and_agrees():
    assert _project()["project"]["version"] == evidentia.__version__
