"""Files that are no code and say how code is found: their texts decide what an import means."""

from __future__ import annotations

import hashlib
from sqlite3 import Connection

from ...corpus.texts import texts_named

_NAMES = (
    "package.json",
    "tsconfig.json",
    "jsconfig.json",
    "tsconfig.base.json",
    "go.mod",
    "Cargo.toml",
    "composer.json",
)
_LARGEST = 200_000
"""Characters; larger ones are data of the same name."""


def project_files(connection: Connection) -> dict[str, str]:
    """Path -> text."""
    return {name: text for _, name, text in texts_named(connection, _NAMES, _LARGEST)}


def fingerprint(projects: dict[str, str]) -> str:
    return hashlib.sha256(repr(sorted(projects.items())).encode("utf-8", "replace")).hexdigest()
