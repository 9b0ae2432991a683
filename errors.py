"""Every error that Evidentia raises on purpose.

    EvidentiaError                 one sentence: what happened, where, what to do
    ├── InputError                 the request cannot be carried out as asked   exit 2, HTTP 400
    │   ├── PromptTooLong          more than the model can read                 exit 2, HTTP 400
    │   ├── NotFoundError          a name, file or model that is not there      exit 4, HTTP 404
    │   ├── ReadError              a file that cannot be read as its type       exit 2, HTTP 400
    │   └── QueryRefused           a query outside the read-only dialect        exit 2, HTTP 400
    ├── LibraryError               the state of the library on disk             exit 3, HTTP 500
    │   ├── LibraryLocked          somebody else is writing                     exit 5, HTTP 409
    │   ├── LibraryIncompatible    written by another version or embedder       exit 3, HTTP 409
    │   └── StorageError           disk full, folder read-only, file damaged    exit 3, HTTP 507
    ├── ModelError                 a model is missing, damaged or refuses       exit 6, HTTP 503
    │   └── DigestMismatch         the model file is not the published one      exit 6, HTTP 503
    ├── Stopped                    nobody waits for the work, or not so long  exit 1, HTTP 504
    ├── GraphError                 a graph engine failed or cannot be reached   exit 7, HTTP 503
    │   └── QueryError             the query, and not the engine, is at fault   exit 2, HTTP 400
    └── MissingExtra               an optional package is not installed         exit 8, HTTP 501

Catch ``EvidentiaError`` for all of them. The CLI prints the sentence and exits with ``exit_code``; the HTTP API
answers with ``status``. Errors of libraries are mapped to these at the place where the library is called.
"""

from __future__ import annotations

from importlib.util import find_spec

LONGEST = 300
"""Characters of ``where`` that the sentence shows: it may be a whole question or path of the user's."""


class EvidentiaError(Exception):
    """What happened, where it happened and what to do, each a plain phrase without a final stop.

    >>> str(EvidentiaError("no such file", where="notes.md", fix="check the path"))
    'no such file: notes.md. Check the path.'
    """

    exit_code = 1
    status = 500

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what, where, fix)
        self.what, self.where, self.fix = what, where, fix

    def __str__(self) -> str:
        where = self.where if len(self.where) <= LONGEST else f"{self.where[:LONGEST]}…"
        sentence = f"{self.what}: {where}." if where else f"{self.what}."
        stop = "" if self.fix.endswith("?") else "."
        return f"{sentence} {self.fix[:1].upper()}{self.fix[1:]}{stop}" if self.fix else sentence


class InputError(EvidentiaError):
    exit_code, status = 2, 400


class NotFoundError(InputError):
    """``suggestions`` holds the nearest known names, best first ("did you mean")."""

    exit_code, status = 4, 404

    def __init__(self, what: str, *, where: str = "", fix: str = "", suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(
            what, where=where, fix=fix or (f"did you mean {', '.join(suggestions)}?" if suggestions else "")
        )
        self.suggestions = suggestions


class ReadError(InputError):
    pass


class PromptTooLong(InputError):
    pass


class QueryRefused(InputError):
    pass


class LibraryError(EvidentiaError):
    exit_code, status = 3, 500


class LibraryLocked(LibraryError):
    exit_code, status = 5, 409


class LibraryIncompatible(LibraryError):
    exit_code, status = 3, 409


class StorageError(LibraryError):
    exit_code, status = 3, 507


class ModelError(EvidentiaError):
    exit_code, status = 6, 503


class DigestMismatch(ModelError):
    pass


class Stopped(EvidentiaError):
    """Work for somebody who has gone, or that took longer than was allowed."""

    exit_code, status = 1, 504


class GraphError(EvidentiaError):
    exit_code, status = 7, 503


class QueryError(GraphError):
    """The query, and not the engine, is at fault."""

    exit_code, status = 2, 400


class MissingExtra(EvidentiaError):
    """An optional package is absent; ``extra`` names the extra of ours that brings it."""

    exit_code, status = 8, 501

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"the package {package} is not installed", fix=f'run: pip install "evidentia[{extra}]"')
        self.package, self.extra = package, extra


def require(package: str, extra: str) -> None:
    """Raises ``MissingExtra`` where ``package`` is not installed, without importing it."""
    if find_spec(package) is None:
        raise MissingExtra(package, extra)
