"""Words of a question that say which of several symbols of one name is meant: the language ("the Rust function x",
"in the JavaScript"), the file ("x in src/app.ts"), or plain words that its path has ("send of the mail client").

They are taken out before the question is matched with the forms of the verbs, and the symbols are then chosen by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
    words: tuple[str, ...] = ()
    """Plain words that its path must have."""

    def __bool__(self) -> bool:
        return bool(self.language or self.file or self.words)

    @property
    def phrase(self) -> str:
        return " in ".join(filter(None, (self.language, self.file, " ".join(self.words))))

    def holds(self, item: Symbol) -> bool:
        language = not self.language or self.language == language_of(item.file).name
        placed = not self.file or f"/{item.file}".endswith(f"/{self.file}")
        return language and placed and all(_is_said_of(word, item) for word in self.words)


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


_PREPOSITIONS = frozenset("of in on from for within inside under".split())  # noqa: SIM905
KINDS = frozenset(
    ["interface", "class", "struct", "type", "trait", "protocol", "function", "method", "module", "enum", "object",
     "constant", "component", "package", "file"]
)  # fmt: skip
"""What a symbol is called beside its name."""
_SILENT = (
    _PREPOSITIONS | KINDS | frozenset("a an and any code ever is its our that the their this to was with".split())  # noqa: SIM905
)
_SAME = {
    "macos": ("macos", "osx", "darwin"),
    "osx": ("osx", "macos", "darwin"),
    "windows": ("windows", "win32", "nt"),
    "unix": ("unix", "posix"),
    "posix": ("posix", "unix"),
}
"""Platforms, as the names of files spell them."""
_MOST = 5
"""Words that are taken together."""


def ways_by_path_words(question: str) -> Iterator[tuple[str, Narrowing]]:
    """The ways to take plain words beside a name for what its path says ("the oauth Provider interface", "send of the
    mail client", "start for Windows"), the most words first: the question without them, and what they say."""
    words = question.rstrip(" ?.!").split()
    for place in range(1, len(words)):
        if words[place].lower() in _PREPOSITIONS:
            for end in range(min(place + _MOST, len(words)), place + 1, -1):
                yield from _without(words, place, end, words[place - 1])
        elif words[place - 1].lower() in ("the", "our", "its"):
            for end in range(min(place + _MOST, len(words)) - 1, place, -1):
                owned = words[end - 1].endswith(("'s", "’s"))
                if owned or (end + 1 < len(words) and words[end + 1].lower() in KINDS):
                    yield from _without(words, place, end, words[end])


def _without(words: Sequence[str], start: int, end: int, of: str) -> Iterator[tuple[str, Narrowing]]:
    taken = [re.sub(r"['’]s$|[`'\",()]", "", word).lower() for word in words[start:end]]
    said = tuple(word for word in taken if word and word not in _SILENT)
    if said:
        at_end = end == len(words) and words[start].lower() in _PREPOSITIONS
        yield " ".join([*words[:start], *words[end:]]), Narrowing(of="" if at_end else of.strip("`'\"()"), words=said)


def _is_said_of(word: str, item: Symbol) -> bool:
    path = f"{item.file}.{item.id}".lower()
    if len(word) < 3:
        return word in re.split(r"[^a-z0-9]+", path)
    squashed = re.sub(r"[^a-z0-9]", "", path)
    return any(each in squashed for each in _SAME.get(word, (re.sub(r"[^a-z0-9]", "", word),)))


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
