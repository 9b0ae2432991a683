"""What a user gets: the wheel of this checkout, and an environment that holds nothing but it and what it needs.

Packages come from where pip is set up to take them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PIP = ("-m", "pip", "--disable-pip-version-check", "-qq")


def build_wheel(folder: Path) -> Path:
    """Needs ``setuptools``, which ``make`` installs. It is built from a copy, so that nothing is left in the tree."""
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "__pycache__", "build", "*.egg-info", "demo-*"))
    build = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source))
    subprocess.run([sys.executable, *_PIP, *build], check=True)
    shutil.rmtree(source)
    return next(folder.glob("evidentia-*.whl"))


def install(folder: Path, wheel: Path, extras: str = "", options: Sequence[str] = ()) -> Path:
    """The ``bin`` of a new environment in ``folder`` with the wheel and the extras, apart by commas."""
    venv.create(folder, with_pip=True)
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    wanted = f"{wheel}[{extras}]" if extras else str(wheel)
    subprocess.run([binaries / "python", *_PIP, "install", *options, wanted], check=True)
    return binaries
