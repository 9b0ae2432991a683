"""Code of languages that the graph does not read: what it is silent about is said wherever "none" is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from sqlite3 import Connection

from ...corpus.files.formats import format_of
from ...corpus.texts import documents_holding, names

_NAMES = {
    "cython": "Cython", "vue": "Vue", "svelte": "Svelte", "kotlin": "Kotlin", "scala": "Scala", "groovy": "Groovy",
    "clojure": "Clojure", "objective-c": "Objective-C", "fsharp": "F#", "vb": "Visual Basic", "swift": "Swift",
    "perl": "Perl", "lua": "Lua", "r": "R", "julia": "Julia", "dart": "Dart", "elixir": "Elixir", "erlang": "Erlang",
    "haskell": "Haskell", "ocaml": "OCaml", "fortran": "Fortran", "pascal": "Pascal", "lisp": "Lisp", "nim": "Nim",
    "zig": "Zig", "solidity": "Solidity", "assembly": "assembly", "shell": "shell", "powershell": "PowerShell",
    "batch": "batch", "sql": "SQL", "protobuf": "Protocol Buffers", "terraform": "Terraform", "go": "Go",
    "rust": "Rust", "java": "Java", "c": "C", "cpp": "C++", "csharp": "C#", "ruby": "Ruby", "php": "PHP",
}  # fmt: skip
"""By the media type, without ``text/x-``."""


def unread_files(connection: Connection, name: str = "") -> Counter[str]:
    """Language -> number of its files that are not in the graph; with a name, only of those whose text has it."""
    known = {row[0] for row in connection.execute("SELECT document_id FROM code_files")}
    unread = {
        document: language
        for document, file in names(connection).items()
        if document not in known and (language := _language(file))
    }
    return Counter(unread[document] for document in (documents_holding(connection, unread, name) if name else unread))


def unread_sentence(connection: Connection, name: str = "") -> str:
    """``4 files of Kotlin and Swift are not in the graph``; empty where all code is."""
    found = unread_files(connection, name)
    if not found:
        return ""
    total = found.total()
    languages = [language for language, _ in found.most_common()]
    listed = languages[0] if len(languages) == 1 else f"{', '.join(languages[:-1])} and {languages[-1]}"
    have = f"{'has' if total == 1 else 'have'} that name but {'is' if total == 1 else 'are'}" if name else ""
    return f"{total} file{'s' * (total != 1)} of {listed} {have or ('is' if total == 1 else 'are')} not in the graph"


def broken_sentence(connection: Connection, name: str) -> str:
    """``bad.py has that name but could not be read whole (line 2: …)``; empty where no such file holds it."""
    query = "SELECT document_id, path, error_line, error FROM code_files WHERE error != '' ORDER BY path"
    rows = {row[0]: row[1:] for row in connection.execute(query).fetchall()}
    found = documents_holding(connection, rows, name)
    if not found:
        return ""
    path, line, reason = rows[found[0]]
    more = f", and so have {len(found) - 1} more that could not be read whole" if len(found) > 1 else ""
    return f"{path} has that name but could not be read whole (line {line}: {reason}){more}"


def doubts_beyond(connection: Connection, name: str) -> Iterator[str]:
    if sentence := unread_sentence(connection, name):
        yield sentence


def _language(name: str) -> str:
    known = format_of(name)
    kind = known.media_type if known is not None else ""
    return _NAMES.get(kind.removeprefix("text/x-"), "") if kind.startswith("text/x-") else ""
