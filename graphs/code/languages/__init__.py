"""The languages that the code graph reads, each imported when the first file of one comes.

``docs/languages.md`` says how to add one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from os.path import splitext

from ....registry import Registry
from ..resolution.program import Program
from ..resolution.values import Unit
from .language import Language

__all__ = ["LANGUAGES", "SUFFIXES", "Language", "family_of", "is_read", "language_of", "programs"]

LANGUAGES = Registry(
    "language",
    __name__,
    {
        "Python": "python:PYTHON",
        "JavaScript": "javascript:JAVASCRIPT",
        "TypeScript": "javascript:TYPESCRIPT",
        "Java": "java:JAVA",
        "Go": "go:GO",
        "C#": "csharp:CSHARP",
        "Rust": "rust:RUST",
        "C": "c:C",
        "C++": "c:CPP",
        "PHP": "php:PHP",
        "Ruby": "ruby:RUBY",
        "Kotlin": "outlines:KOTLIN",
        "Swift": "outlines:SWIFT",
        "Scala": "outlines:SCALA",
        "Bash": "outlines:BASH",
        "SQL": "outlines:SQL",
        "HCL": "outlines:HCL",
    },
)
_FILES = {
    "Python": ("text/x-python", "py pyi pyw"),
    "JavaScript": ("text/x-javascript", "js mjs cjs jsx"),
    "TypeScript": ("text/x-typescript", "ts mts cts tsx"),
    "Java": ("text/x-java", "java"),
    "Go": ("text/x-go", "go"),
    "C#": ("text/x-csharp", "cs"),
    "Rust": ("text/x-rust", "rs"),
    "C": ("text/x-c", "c h"),
    "C++": ("text/x-cpp", "cc cpp cxx c++ hh hpp hxx h++"),
    "PHP": ("text/x-php", "php"),
    "Ruby": ("text/x-ruby", "rb rake gemspec"),
    "Kotlin": ("text/x-kotlin", "kt kts"),
    "Swift": ("text/x-swift", "swift"),
    "Scala": ("text/x-scala", "scala sc"),
    "Bash": ("text/x-shell", "sh bash"),
    "SQL": ("text/x-sql", "sql"),
    "HCL": ("text/x-terraform", "tf hcl"),
}
"""Media type and suffixes of a language, which are known without importing it."""
_BY_SUFFIX = {f".{suffix}": name for name, (_, suffixes) in _FILES.items() for suffix in suffixes.split()}
SUFFIXES = tuple(_BY_SUFFIX)
_READ_TYPES = frozenset(media_type for media_type, _ in _FILES.values())
_OF_SCRIPTS = "Python"
"""The only language that a file without a suffix is read in."""


@lru_cache(maxsize=1 << 14)
def language_of(path: str) -> Language:
    """The language of a file, by its suffix."""
    return _language(_BY_SUFFIX.get(splitext(path)[1].lower(), _OF_SCRIPTS))


@lru_cache
def _language(name: str) -> Language:
    language: Language = LANGUAGES.load(name)
    return language


def is_read(path: str, media_type: str) -> bool:
    """Whether the graph reads a document of that path and type."""
    if media_type not in _READ_TYPES:
        return False
    suffix = splitext(path)[1].lower()
    name = _BY_SUFFIX.get(suffix, "" if suffix else _OF_SCRIPTS)
    return bool(name) and _FILES[name][0] == media_type


def family_of(path: str) -> str:
    return language_of(path).family


def programs(units: Iterable[Unit], projects: Mapping[str, str]) -> list[Program]:
    """One for each family of languages, so that no name of one can mean anything of another."""
    families: dict[str, list[Unit]] = {}
    for unit in units:
        families.setdefault(family_of(unit.path), []).append(unit)
    return [Program(files, language_of(files[0].path).naming, projects) for _, files in sorted(families.items())]
