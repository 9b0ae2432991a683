"""The repository root is the package: the lists that say so must agree with the folders."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import evidentia

ROOT = Path(evidentia.__file__).parent
NOT_PACKAGES = {"tests", "benchmarks", "docs", "examples", "scripts", "training"}
CHECKED = {"benchmarks", "docs", "examples", "scripts", "tests", "training"}
"""Folders of the checkout alone, whose types are checked as parts of the package."""


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
    assert {path.name for path in (ROOT / ".links" / "evidentia").iterdir()} == modules | packages | CHECKED


def test_public_names_load_and_are_sorted():
    assert list(evidentia.__all__) == sorted(evidentia._HOME)
    assert all(getattr(evidentia, name).__name__ == name for name in evidentia.__all__)


def test_importing_the_package_loads_nothing_heavy():
    code = "import sys, evidentia, evidentia.cli.main; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"torch", "numpy", "transformers", "faiss", "fastapi", "sentence_transformers", "arcadedb", "rich.console"}
    assert heavy.isdisjoint(loaded)


def test_the_changelog_begins_with_the_version_that_is_written_once():
    assert "version" in _project()["project"]["dynamic"]
    (heading,) = re.findall(r"^## (\S+) – (?:unreleased|\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(), re.M)[
        :1
    ]
    assert heading == evidentia.__version__


def _wanted(extra: str) -> list[Requirement]:
    """What the package and one of its extras need on this machine, with the extras that this one names."""
    project = _project()["project"]
    found = [*map(Requirement, project["dependencies"])]
    for requirement in map(Requirement, project["optional-dependencies"][extra]):
        found += [each for name in requirement.extras for each in _wanted(name)] or [requirement]
    return [each for each in found if each.marker is None or each.marker.evaluate()]


def _locked() -> dict[str, tuple[str, list[str]]]:
    """What is locked for this machine, by name: the version, and the digests of its files."""
    text = "".join((ROOT / f"requirements{part}.lock").read_text() for part in ("", "-gpu"))
    entries = re.findall(r"^([a-z0-9-]+)==(\S+)(?: ; (.*))? \\\n((?:    .*\n)+)", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    return {
        name: (version, re.findall(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$", hashes, re.MULTILINE))
        for name, version, marker, hashes in entries
        if not marker or Marker(marker).evaluate()
    }


def test_what_make_installs_is_locked_by_digest():
    locked = _locked()
    for requirement in _wanted("dev"):
        version, _ = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), f"run .ci/lock for {requirement}"
    assert all(digests for _, digests in locked.values())


def test_both_builds_of_torch_are_locked_at_one_version():
    cpu = (ROOT / "requirements-cpu.lock").read_text()
    assert f"\ntorch=={_locked()['torch'][0]}+cpu " in cpu
