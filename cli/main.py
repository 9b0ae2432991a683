"""The command line: ``evidentia add``, ``ask``, ``search``, ``verify``, ``chat``, ``mcp``, ``graph``, ``kg``,
``index``, ``model``, ``status``, ``doctor``, ``remove``.

Each command prints for people; with ``--json`` those with a result print one JSON value. Errors are one sentence on
stderr and an exit code of their own (see ``errors``); ``--debug`` shows the traceback. Heavy parts are imported inside
the commands.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ..corpus.paths import is_address
from ..errors import EvidentiaError, InputError
from ..retrieval import RETRIEVERS
from .compress import model_compress, model_export, model_show
from .graph import graph
from .index import index
from .knowledge import knowledge
from .model import model
from .table import table
from .terminal import (
    Folder,
    Json,
    Quiet,
    Token,
    TokenFile,
    Where,
    console,
    open_library,
    print_json,
    settings_for,
    token_from,
)

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Ask documents and code one question, and check the evidence.",
)
app.add_typer(graph, name="graph")
app.add_typer(index, name="index")
app.add_typer(knowledge, name="kg")
app.add_typer(table, name="table")
app.add_typer(model, name="model")
model.command("compress")(model_compress)
model.command("show")(model_show)
model.command("export")(model_export)


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"evidentia {__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and log lines.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    import logging

    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders and SQL addresses.")],
    library: Folder = None,
    include: Annotated[
        list[str] | None, typer.Option(help="Also read what matches, such as '*.lock' or 'vendor/ours/'.")
    ] = None,
    graph_only: Annotated[
        bool,
        typer.Option(
            "--graph-only", help="Leave the vectors to the next add; words and the code graph answer until then."
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Add files, folders and the tables of databases (postgresql://user@host/database), or bring them up to date. The
    code graph comes first, then the vectors."""
    from . import progress, render

    told = console(as_json)
    with open_library(library, create=True) as opened:
        try:
            with nullcontext() if quiet else progress.show(told) as shown:
                places = [opened.copy_tables(path) if is_address(path) else path for path in paths]
                report = opened.add(*places, include=include or (), graph_only=graph_only, progress=shown)
        except KeyboardInterrupt:
            render.kept_counts(console(to_stderr=True), opened.status()["counts"])
            raise
    if as_json:
        print_json(asdict(report))
    elif not quiet:
        render.report(told, report)
    if not (report.added or report.changed or report.unchanged):
        raise InputError("no readable file was found", where=", ".join(map(str, places)), fix="see the reasons above")


@app.command()
def remove(
    path: Annotated[str, typer.Argument(help="An added folder, or one document's path or name.")],
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Take a folder or a document out of the library. The files themselves stay."""
    from . import render

    with open_library(library) as opened:
        report = opened.remove(path)
    if as_json:
        print_json(asdict(report))
    else:
        render.report(console(), report)


@app.command()
def ask(
    question: Annotated[
        list[str],
        typer.Argument(
            metavar="QUESTION...",
            help="One question about the documents and the code, as one word or several; - reads it from stdin.",
        ),
    ],
    write: Annotated[
        bool, typer.Option("--write", help="Let the language model answer in its own words, each sentence checked.")
    ] = False,
    retriever: Annotated[str | None, typer.Option(help=f"Only this one: {', '.join(RETRIEVERS)} or graph.")] = None,
    where: Where = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show the steps and their times.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a report that verify can check.")] = False,
    quiet: Quiet = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Ask one question; every answer ends in evidence that can be checked."""
    from . import render

    with open_library(library) as opened:
        answer = opened.ask(_join(question), write=write, retriever=retriever, where=where or ())
    if as_json:
        print_json(answer.to_dict())
    elif markdown:
        from ..agents.reports.markdown import to_markdown
        from .escape_codes import visible

        typer.echo(visible(to_markdown(answer)), nl=False)
    else:
        render.answer(console(), answer, trace=trace, quiet=quiet)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="What to look for; - reads it from stdin.")],
    k: Annotated[int, typer.Option("-k", help="How many passages.")] = 5,
    retriever: Annotated[str | None, typer.Option(help=f"One of: {', '.join(RETRIEVERS)}; + fuses, >> ranks.")] = None,
    where: Where = None,
    quiet: Quiet = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """The passages that are nearest to some words, best first, without an answer."""
    from . import render

    with open_library(library) as opened:
        found = opened.search(_join(words), k, retriever, where=where or ())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        render.passages(console(), found, quiet=quiet)


@app.command()
def verify(
    report: Annotated[str, typer.Argument(help="A Markdown file with claims and citations; - reads it from stdin.")],
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Check every citation of a report again: fabricated, spliced or misattributed ones are named (exit code 1)."""
    from . import render

    text = _stdin() if report == "-" else _report(Path(report))
    with open_library(library) as opened:
        found = opened.verify(text)
    if as_json:
        print_json({**asdict(found), "failed": len(found.failures)})
    else:
        render.checked_report(console(), found)
    if found.failures:
        raise typer.Exit(1)


@app.command()
def chat(
    host: str = "127.0.0.1",
    port: int = 8321,
    token: Token = None,
    token_file: TokenFile = None,
    allow_add: Annotated[
        bool | None,
        typer.Option(
            "--allow-add/--no-add",
            help="Let the page add files and delete them again; unless said, where only this machine can ask.",
            show_default=False,
        ),
    ] = None,
    library: Folder = None,
) -> None:
    """Open the chat page and the HTTP API on this machine, with the local model under /v1 where there is one."""
    from ..app.openai.served_model import of_library
    from ..app.server import serve

    with open_library(library, create=True) as opened:  # the page says how an empty one is filled
        given = token_from(token, token_file)
        serve(opened, host=host, port=port, token=given, models=of_library(opened), may_add=allow_add)


@app.command()
def mcp(
    http: Annotated[bool, typer.Option("--http", help="Over HTTP, for several clients, instead of stdin.")] = False,
    host: str = "127.0.0.1",
    port: int = 8322,
    token: Token = None,
    token_file: TokenFile = None,
    allow_add: Annotated[bool, typer.Option("--allow-add", help="Let clients add files to the library.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Follow the library's folders while they are edited.")] = False,
    budget: Annotated[int, typer.Option(min=200, max=100_000, help="Tokens of one result.")] = 1_500,
    library: Folder = None,
) -> None:
    """Serve the library to an editor or agent over the Model Context Protocol."""
    from ..app.mcp.serve import serve_http, serve_stdio
    from .watch import following

    with open_library(library, create=allow_add) as opened, following(opened) if watch else nullcontext():
        if http:
            given = token_from(token, token_file)
            serve_http(opened, host=host, port=port, token=given, may_add=allow_add, budget=budget)
        else:
            serve_stdio(opened, may_add=allow_add, budget=budget)


@app.command()
def status(library: Folder = None, as_json: Json = False) -> None:
    """What the library holds, and what could not be read."""
    from . import render

    with open_library(library) as opened:
        found = opened.status()
    if as_json:
        print_json(found)
    else:
        render.mapping(console(), found)


@app.command()
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Check what is installed and what the library needs, and name the fix for each missing piece."""
    from .doctor import examine

    findings = examine(settings_for(library), repair=repair)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        shown = console()
        for finding in findings:
            mark = "✓" if finding.ok else "✗"
            shown.print(f"{mark} {finding.piece}: {finding.state}", markup=False, highlight=False)
            if finding.fix:
                shown.print(f"    {finding.fix}", markup=False, highlight=False, style="bold")
    if any(not finding.ok and finding.needed for finding in findings):
        raise typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's library goes.")] = Path("demo-library"),
    full: Annotated[bool, typer.Option("--full", help="This whole repository and networkx: some minutes.")] = False,
) -> None:
    """Index httpx and this project's documentation, ask both a handful of questions, and show the evidence."""
    from .demo import FULL, SMALL, run

    run(console(), folder, FULL if full else SMALL)


def _join(words: list[str]) -> str:
    return _stdin() if words == ["-"] else " ".join(words)


def _report(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(
            f"the report cannot be read ({reason})", where=str(file), fix="name a Markdown file"
        ) from error


def _stdin() -> str:
    return sys.stdin.buffer.read().decode(errors="replace") if sys.stdin else ""


def _fail(error: EvidentiaError) -> NoReturn:
    from .escape_codes import visible

    sys.stderr.write(f"evidentia: {visible(str(error))}\n")
    raise SystemExit(error.exit_code)


class _Interrupted(KeyboardInterrupt):
    """Ctrl-C. Python kills itself with the signal, after everything was cleaned up, when a plain ``KeyboardInterrupt``
    has passed through a string that was being executed (as dataclasses do); of a class of our own it does not."""


def _interrupt(*_: object) -> NoReturn:
    raise _Interrupted


def _terminate(*_: object) -> NoReturn:
    """A service manager's way to stop a server: what is open is closed and kept, as after Ctrl-C."""
    raise SystemExit(128 + signal.SIGTERM)


def main() -> None:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
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
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        _fail(
            EvidentiaError(
                f"this was not foreseen ({type(error).__name__}: {' '.join(str(error).split())[:300]})",
                fix="run it again with --debug behind evidentia to see where, and evidentia doctor to look for damage",
            )
        )
