"""What configuration a program takes: environment variables, options of its command line, settings, and where."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection

from ....corpus.texts import documents_holding
from ..index import CodeGraph
from ..languages import LANGUAGES
from ..languages.language import ENVIRONMENT, OPTION, SETTING, ProgramOption
from ..symbols import is_of_tests
from .code_texts import CodeText, code_documents, code_texts
from .doubts import doubts_of_library
from .verbs import WHOLE, CodeAnswer, CodeRow

_QUERY = "MATCH (f)-[r:CALLS]->(e:EXTERNAL) WHERE e.id IN ['external:os.getenv', 'external:os.environ.get'] RETURN f.id"
_READ = (
    "Read are os.environ and os.getenv, argparse, click, typer and pydantic's settings, in {read} alone; tests are "
    "left out. Not read are names that are handed on to a function which looks them up, files of settings, and "
    "parameters that typer makes options of by itself."
)
_COMPUTED = "A star stands for a part of a name that is computed."


def options(graph: CodeGraph) -> list[CodeAnswer]:
    """One answer for each kind that there is; one without rows where there is none."""
    found: dict[str, list[CodeRow]] = {}
    for source, option in read_options(graph.store.connection):
        found.setdefault(option.kind, []).append(_row(source, option))
    read = ", ".join(name for name in LANGUAGES if LANGUAGES.load(name).reads_options)
    computed = any(row.resolution == "inferred" for rows in found.values() for row in rows)
    notes = (_READ.format(read=read), *((_COMPUTED,) if computed else ()))
    unseen = doubts_of_library(graph.store.connection)
    answers = [
        CodeAnswer(f"{kind}s", WHOLE, tuple(sorted(found[kind], key=_order)), _QUERY)
        for kind in (ENVIRONMENT, OPTION, SETTING)
        if kind in found
    ]
    if not answers:
        return [CodeAnswer("options", WHOLE, (), _QUERY, notes=notes, doubts=unseen)]
    last = answers[-1]
    return [*answers[:-1], CodeAnswer(last.verb, WHOLE, last.rows, _QUERY, notes=notes, doubts=unseen)]


def read_options(connection: Connection) -> Iterator[tuple[CodeText, ProgramOption]]:
    """All of them with the files that read them, without tests."""
    documents = code_documents(connection)
    holding = {each for word in _WORDS for each in documents_holding(connection, documents, word)}
    for source in code_texts(connection, holding):
        if not is_of_tests(source.symbols[0]):
            yield from ((source, option) for option in source.language.options(source.text))


_WORDS = ("environ", "getenv", "add_argument", "click", "typer", "BaseSettings")
"""One of them stands in every text that reads an option."""


def _row(source: CodeText, option: ProgramOption) -> CodeRow:
    resolution = "inferred" if "*" in option.name else "exact"
    note = f"{option.name or '*'}, {option.note}" if option.note else option.name or "*"
    owner = source.owner(option.line)
    return CodeRow(
        owner, "READS", resolution, line=option.line, lines=(option.line,), document=source.document, note=note
    )


def _order(row: CodeRow) -> tuple[bool, str, str, int]:
    return row.note.startswith("*"), row.note.lstrip("-").lower(), row.symbol.id, row.line
