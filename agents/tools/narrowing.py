"""Words of a question that say which of several symbols of one name is meant: the language ("the Rust function x",
"in the JavaScript"), or the file ("x in src/app.ts").

They are taken out before the question is matched with the forms of the verbs, and the symbols are then chosen by them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from ...errors import NotFoundError
from ...graphs.code.languages import SUFFIXES, language_of
from ...graphs.code.symbols import Symbol, find, without_tests

_LANGUAGES = {
    "Python": r"[Pp]ython",
    "TypeScript": r"[Tt]ype[Ss]cript|TS",
    "JavaScript": r"[Jj]ava[Ss]cript|JS|Node(?:\.js)?",
    "Java": r"Java",
    "Rust": r"[Rr]ust",
    "Go": r"Go|[Gg]olang",
    "C#": r"[Cc]#|C Sharp|\.NET|dotnet",
    "C++": r"[Cc]\+\+|cpp",
    "C": r"C",
    "PHP": r"PHP|php",
    "Ruby": r"[Rr]uby",
    "Kotlin": r"[Kk]otlin",
    "Swift": r"Swift",
    "Scala": r"Scala",
}
_ANY = "|".join(f"(?P<{chr(97 + number)}>{pattern})" for number, pattern in enumerate(_LANGUAGES.values()))
_NOUN = r"(?:code|version|port|part|side|half|implementation|library|package|sources?|bindings?|files?)"
_IN_LANGUAGE = re.compile(
    rf",? (?:in|of|on|from|within|for) (?:the |its |our )?(?:{_ANY})(?:['’]s)?"
    rf"(?:(?: {_NOUN})+|(?=\s*(?:[?.!,]|$)))"
)
_BEFORE_SYMBOL = re.compile(rf"(?<![\w.'`/-])(?:{_ANY})(?:['’]s)? (?={_NOUN} |[\w`(])(?:(?:code|version|side)'s )?")
_PATH = rf"(?:[\w@.-]+/)*[\w@.-]+\.(?:{'|'.join(sorted((each[1:] for each in SUFFIXES), key=len, reverse=True))})"
_IN_FILE = re.compile(
    rf"(?:(?P<of>[A-Za-z_][\w.]*)(?:\(\))?[`'\"]?)?,? \(?(?:in|of|from|within|inside) (?:the )?(?:file )?"
    rf"[`'\"]?(?P<file>{_PATH})[`'\"]?\)?(?![\w/])"
)


@dataclass(frozen=True, slots=True)
class Narrowing:
    language: str = ""
    file: str = ""
    of: str = ""
    """The symbol that is said to stand in the file; empty where all are."""

    def __bool__(self) -> bool:
        return bool(self.language or self.file)

    @property
    def phrase(self) -> str:
        return " in ".join(filter(None, (self.language, self.file)))

    def holds(self, item: Symbol) -> bool:
        language = not self.language or self.language == language_of(item.file).name
        return language and (not self.file or f"/{item.file}".endswith(f"/{self.file}"))


def take_narrowing(question: str) -> tuple[str, Narrowing]:
    """The question without such words, and what they say."""
    text, file, of, language = question, "", "", ""
    if found := _IN_FILE.search(text):
        file, of = found["file"].removeprefix("./"), found["of"] or ""
        text = text[: found.end("of") if of else found.start()] + text[found.end() :]
    if found := _IN_LANGUAGE.search(text) or _BEFORE_SYMBOL.search(text):
        language = next(name for number, name in enumerate(_LANGUAGES) if found[chr(97 + number)])
        text = text[: found.start()] + text[found.end() :]
    return text.strip(" ,"), Narrowing(language, file, of)


def choose_symbols(connection: Connection, name: str, narrowing: Narrowing) -> list[Symbol]:
    """The symbols of that name that are meant. Raises ``NotFoundError`` where none is: that of another file or language
    is never taken instead."""
    if narrowing.file and narrowing.of and not name.endswith(narrowing.of):
        return []
    items = [item for item in find(connection, name) if item.document]
    kept = [item for item in items if narrowing.holds(item)]
    if not kept and narrowing.language:  # people say JavaScript of a file of TypeScript, too
        kept = [item for item in items if _is_near(item, narrowing)]
    if not kept:
        places = ", ".join(dict.fromkeys(item.file for item in items[:3]))
        where = f"there is none in {narrowing.phrase}"
        raise NotFoundError(f"{where}; it is defined in {places}" if places else where, where=name)
    return list(without_tests(kept))


def _is_near(item: Symbol, narrowing: Narrowing) -> bool:
    own = {"JavaScript": "TypeScript", "TypeScript": "JavaScript", "C": "C++", "C++": "C"}.get(narrowing.language, "")
    return bool(own) and Narrowing(own, narrowing.file).holds(item)


def fill(arguments: dict[str, str], chosen: Mapping[str, Sequence[Symbol]]) -> dict[str, str]:
    """The arguments with the ids of the first of the chosen symbols."""
    return {name: chosen[name][0].id if chosen.get(name) else value for name, value in arguments.items()}
