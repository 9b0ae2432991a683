"""Files that are no code and say how code is found: their texts decide what an import means."""

from __future__ import annotations

import hashlib
from sqlite3 import Connection

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
    marks = " OR ".join("name = ? OR name LIKE ?" for _ in _NAMES)
    values = [value for name in _NAMES for value in (name, f"%/{name}")]
    query = f"SELECT name, text FROM documents WHERE ({marks}) AND length(text) <= ? ORDER BY name"  # noqa: S608
    return dict(connection.execute(query, (*values, _LARGEST)).fetchall())


def fingerprint(projects: dict[str, str]) -> str:
    return hashlib.sha256(repr(sorted(projects.items())).encode("utf-8", "replace")).hexdigest()
