"""The tools of a library besides the verbs of its graphs, and the whole table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from ...corpus.catalog import document_text, documents_called
from ...corpus.document import Evidence
from ...corpus.soundness import is_sound
from ...corpus.store import Store
from ...errors import NotFoundError
from ..answer import Citation
from .base import Parameter, Value
from .knowledge import KNOWLEDGE
from .tool import LibraryRoom, SearchRoom, Tool, ToolResult, tool_of, tool_of_knowledge
from .verbs import VERBS

PASSAGES = 8
DAMAGED = "note: the stored text of this document is not what was read; run evidentia doctor"
ROWS = 1_000
SKIPS = 20


def _search(room: SearchRoom, question: str) -> ToolResult:
    hits = room.search(question, PASSAGES)
    lines = [line for hit in hits for line in (f"{_place(hit)}  {hit.heading}", *hit.quote.splitlines(), "")]
    return ToolResult(lines or ["nothing found"], tuple(hits))


def _ask(room: LibraryRoom, question: str) -> ToolResult:
    answer = room.ask(question)
    fit = f"fits: {answer.fit}" + "".join(f"; {reason}" for reason in answer.reasons) if answer.fit else ""
    lines = [*answer.text.splitlines(), *([fit] if fit else []), *(f"note: {note}" for note in answer.notes)]
    lines += [line for citation in answer.citations for line in _citation_lines(citation)]
    return ToolResult(lines, tuple(citation.evidence for citation in answer.citations))


def _citation_lines(citation: Citation) -> Iterator[str]:
    checked = "" if citation.verified else "  (not in the stored document any more)"
    if citation.evidence.query:
        yield f"[{citation.number}] {citation.evidence.query}"
        return
    yield f"[{citation.number}] {citation.place}{checked}"
    yield from (f"    {line}" for line in citation.quote.splitlines())


def _place(hit: Evidence) -> str:
    return f"{hit.name}:{hit.span.line}-{hit.span.end_line}" if hit.span else hit.name


def _document(room: SearchRoom, name: str, line: int, lines: int) -> ToolResult:
    document_id, uri, shown = find_document(room.store, name)
    text = document_text(room.store, document_id).splitlines()
    wanted = text[line - 1 : line - 1 + lines]
    head = f"{shown} ({uri}), lines {line}-{line + len(wanted) - 1} of {len(text)}"
    sound = is_sound(room.store, uri)
    return ToolResult(
        [head, *([] if sound else [DAMAGED]), *(f"{number}\t{each}" for number, each in enumerate(wanted, line))]
    )


def find_document(store: Store, name: str) -> tuple[int, str, str]:
    """``(row id, uri, display name)`` of the document of that uri or name, or of the only one whose name ends so.

    Raises ``NotFoundError``, with those that end so where there are several.
    """
    rows = documents_called(store, name, 6)
    if len(rows) == 1:
        return rows[0].key, rows[0].uri, rows[0].name
    if rows:
        raise NotFoundError("several documents have that name", where=name, suggestions=tuple(row.name for row in rows))
    raise NotFoundError("no such document in the library", where=name, fix="search for it, or ask for its name")


def _cypher(room: SearchRoom, query: str) -> ToolResult:
    rows = room.graph.query(query, max_rows=ROWS)
    table = [" | ".join(map(str, row)) for row in rows.rows]
    more = [f"cut short after {ROWS} rows"] if rows.truncated else []
    evidence = Evidence(
        "\n".join(table),
        1.0,
        "graph",
        f"{len(table)} rows",
        name="code graph",
        kind="rows",
        query=query,
        rows=rows.rows,
    )
    return ToolResult([" | ".join(rows.columns), *table, *more, *rows.notes] if table else ["no rows"], (evidence,))


def _schema(room: SearchRoom) -> ToolResult:
    schema = room.graph.schema()
    labels = [f"(:{label} {{{', '.join(properties)}}})" for label, properties in schema.labels.items()]
    return ToolResult([*labels, *(f"(:{source})-[:{kind}]->(:{target})" for source, kind, target in schema.relations)])


def _status(room: LibraryRoom) -> ToolResult:
    return ToolResult(list(_status_lines(room.status(), "")))


def _status_lines(values: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _status_lines(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{key}: {len(value)}"
            for item in value[:SKIPS]:
                yield f"{indent}  " + (": ".join(map(str, item.values())) if isinstance(item, Mapping) else str(item))
        else:
            yield f"{indent}{key}: {value}"


def _add(room: LibraryRoom, path: str) -> ToolResult:
    report = room.add(path)
    counts = {key: len(value) for key, value in asdict(report).items() if isinstance(value, (list, tuple))}  # type: ignore[call-overload]
    return ToolResult([", ".join(f"{count} {key}" for key, count in counts.items() if count) or "nothing changed"])


_QUESTION = Parameter("question", "One question in plain English.")
_OWN = (
    Tool(
        "ask",
        "Answer a question from documents and code, with quotes that were checked and their places.",
        (_QUESTION,),
        _ask,
    ),
    Tool("search", "Search documents and code for passages about a question.", (_QUESTION,), _search),
    Tool(
        "document",
        "Read lines of a stored document.",
        (
            Parameter("name", "Its path, or the end of it."),
            Parameter("line", "The first line.", 1, most=10_000_000),
            Parameter("lines", "How many.", 80),
        ),
        _document,
    ),
    Tool(
        "cypher",
        "Run one read-only Cypher query on the code graph; see schema.",
        (Parameter("query", "MATCH … RETURN …"),),
        _cypher,
    ),
    Tool("schema", "Labels, properties and relationships of the code graph.", (), _schema),
    Tool("status", "What the library holds, and what could not be read.", (), _status),
    Tool(
        "add",
        "Add a file or folder to the library, or bring it up to date.",
        (Parameter("path", "Where it lies."),),
        _add,
        writes=True,
    ),
)

_GRAPHS = (*(tool_of(verb) for verb in VERBS.values() if verb.for_models), *map(tool_of_knowledge, KNOWLEDGE.values()))
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in (*_OWN, *_GRAPHS)}

PLANNED = ("search", "cypher", *(tool.name for tool in _GRAPHS))
"""Those that a planning model is given: what it says is checked against what they found."""


def run(tool: Tool, room: SearchRoom, given: Mapping[str, object]) -> ToolResult:
    """Runs a tool with the arguments that a model has given. Raises ``EvidentiaError``."""
    arguments: Mapping[str, Value] = tool.arguments(given)
    return tool.run(room, **arguments)
