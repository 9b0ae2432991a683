"""Where a program starts: scripts that a package declares, ``python -m``, main blocks, and functions that a framework
calls because they are decorated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from sqlite3 import Connection

from ....corpus.texts import documents_holding, texts_named
from ....errors import NotFoundError
from ..index import CodeGraph
from ..resolution.values import OUTSIDE
from ..symbols import COLUMNS, Symbol, find, is_of_tests, symbol
from .code_texts import code_documents, code_texts
from .doubts import doubts_of_library
from .verbs import WHOLE, CodeAnswer, CodeRow

_MAIN = re.compile(r"""^if __name__ == ["']__main__["']""", re.MULTILINE)
_CALLED_BACK = re.compile(
    r"\.(?:route|get|post|put|patch|delete|websocket|command|group|task|cli|callback|on_event|event|listener|subscribe)$"
)
"""Ends of decorators of web frameworks, command lines and queues."""
_QUERY = "MATCH (n) WHERE n.name = 'main' OR n.file_path ENDS WITH '__main__.py' RETURN n.id AS id, n.file_path AS file"


def entry_points(graph: CodeGraph) -> list[CodeAnswer]:
    connection = graph.store.connection
    found = [*_scripts(connection), *_mains(connection), *_by_decorator(connection)]
    rows = {(row.symbol.id, row.note): row for row in found if not is_of_tests(row.symbol)}
    unseen = doubts_of_library(connection)
    return [CodeAnswer("entry points", WHOLE, tuple(rows.values()), _QUERY, doubts=unseen)]


def _scripts(connection: Connection) -> Iterator[CodeRow]:
    """``[project.scripts]`` of a pyproject.toml, ``console_scripts`` of a setup.cfg."""
    for document, name, text in texts_named(connection, ("pyproject.toml", "setup.cfg")):
        declared = _in_toml(text) if name.endswith(".toml") else _in_cfg(text)
        for command, target in declared.items():
            line = 1 + text.count("\n", 0, max(text.find(target), 0))
            for item in _target(connection, target):
                yield CodeRow(item, "", "exact", line=line, lines=(line,), document=document, note=f"command {command}")


def _in_toml(text: str) -> Mapping[str, str]:
    try:
        project = tomllib.loads(text).get("project", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    tables = [project.get(key) for key in ("scripts", "gui-scripts")] if isinstance(project, dict) else []
    return {str(key): str(value) for table in tables if isinstance(table, dict) for key, value in table.items()}


def _in_cfg(text: str) -> Mapping[str, str]:
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
        lines = parser.get("options.entry_points", "console_scripts", fallback="").splitlines()
    except Error:
        return {}
    pairs = [line.partition("=") for line in lines if "=" in line]
    return {command.strip(): target.strip() for command, _, target in pairs}


def _target(connection: Connection, text: str) -> list[Symbol]:
    """``package.module:function``, or as much of it as is known."""
    module, _, name = text.partition("[")[0].strip().partition(":")
    for wanted in (f"{module}.{name}", module):
        try:
            return find(connection, wanted.strip("."))[:1]
        except NotFoundError:
            continue
    return []


def _mains(connection: Connection) -> Iterator[CodeRow]:
    query = r"SELECT document_id FROM code_files WHERE path LIKE '%/\_\_main\_\_.py' ESCAPE '\'"
    named = [row[0] for row in connection.execute(query)]
    holding = documents_holding(connection, code_documents(connection), "__main__")
    for source in code_texts(connection, [*named, *holding]):
        module = source.symbols[0]
        if source.name.endswith("__main__.py"):
            yield CodeRow(
                module,
                "",
                "exact",
                line=1,
                lines=(1,),
                document=source.document,
                note=f"python -m {module.id.rpartition('.')[0]}",
            )
        elif block := _MAIN.search(source.text):
            line = 1 + source.text.count("\n", 0, block.start())
            yield CodeRow(
                module, "", "exact", line=line, lines=(line,), document=source.document, note=f"python {source.name}"
            )


def _by_decorator(connection: Connection) -> Iterator[CodeRow]:
    query = (
        f"SELECT d.decorators, {COLUMNS} WHERE d.decorators != '' AND d.label IN ('FUNCTION', 'METHOD') ORDER BY n.name"
    )
    for decorators, *row in connection.execute(query):
        item = symbol(tuple(row))
        for text in str(decorators).split():
            if _CALLED_BACK.search(text):
                shown = text.lstrip("$").removeprefix(OUTSIDE).replace("/", ".")
                yield CodeRow(
                    item,
                    "",
                    "inferred",
                    line=item.line,
                    lines=(item.line,),
                    document=item.document,
                    note=f"decorated by {shown}",
                )
                break
