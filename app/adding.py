"""``/api/uploads``: files are handed over one by one, then added together, by the one way of adding.

A drop is what somebody hands over at once; it has an id that the client makes up. What does not come to its end leaves
nothing: files wait apart (``uploads.py``) until their drop is added.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import StreamingResponse

from ..corpus import catalog
from ..corpus.cancellation import check
from ..errors import LibraryLocked, StorageError
from .dependencies import AtDesk, LibraryDesk
from .events import event_reply, event_schema
from .reply import JsonReply, event
from .schema import LibraryBody
from .threads import Say
from .uploads import MOST_BYTES, MOST_FILES, Uploads, clean_name

if TYPE_CHECKING:
    from ..ingest import AddReport
    from ..library import Library

AGAIN = 0.5
"""Seconds until the next try where another process is writing."""

DropId = Annotated[str, InPath(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description="A UUID.")]


@dataclass(frozen=True, slots=True)
class Advance:
    stage: str
    """One of ``ingest.Progress``, or ``waiting`` while another process writes."""
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FileOutcome:
    name: str
    state: Literal["added", "replaced", "unchanged", "skipped"]
    reason: str = ""
    """Why it was skipped, or what its text lacks."""


@dataclass(frozen=True, slots=True)
class DropOutcome:
    folder: str
    """Where the files lie."""
    files: tuple[FileOutcome, ...]
    notes: tuple[str, ...]


class UploadRules(LibraryBody):
    allowed: bool
    reason: str
    """Why not."""
    folder: str
    """Where files go."""
    max_file_bytes: int
    max_files: int
    max_bytes: int
    """Of one drop."""


class UploadedFile(LibraryBody):
    name: str
    """Without what cannot be in a name."""
    bytes: int


class DiscardedDrop(LibraryBody):
    discarded: str


async def _uploads(desk: AtDesk) -> Uploads:
    """Raises where nothing can be added."""
    if desk.uploads is None:
        raise HTTPException(403, desk.closed)
    if desk.library.store.read_only:
        folder = str(desk.library.store.folder)
        raise StorageError("the library's folder is read-only", where=folder, fix="check its permissions")
    return desk.uploads


AllowedUploads = Annotated[Uploads, Depends(_uploads)]
adding = APIRouter(prefix="/uploads")

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/event-stream": {"schema": event_schema("progress", "added", "error")}},
        "description": "Events `progress`, then `added` or `error`; each carries one JSON object",
    }
}


@adding.get("", responses={200: {"model": UploadRules}})
async def rules(desk: AtDesk) -> JsonReply:
    """Whether files can be handed over here, how many, how large, and where they go."""
    read_only = desk.uploads is not None and not desk.changeable
    return JsonReply(
        {
            "allowed": desk.changeable,
            "reason": "the library's folder is read-only" if read_only else desk.closed,
            "folder": str(desk.uploads.files) if desk.uploads is not None else "",
            "max_file_bytes": desk.library.settings.max_file_bytes,
            "max_files": MOST_FILES,
            "max_bytes": MOST_BYTES,
        }
    )


@adding.put(
    "/{drop}",
    responses={200: {"model": UploadedFile}},
    openapi_extra={
        "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def upload(
    drop: DropId, name: Annotated[str, Query(min_length=1)], request: Request, desk: AtDesk, uploads: AllowedUploads
) -> JsonReply:
    """One file, as the request's body. It is added with the others of its drop."""
    if desk.receiving.locked():
        raise HTTPException(503, "too many files at once; try again in a moment", {"Retry-After": "2"})
    async with desk.receiving:
        cleaned = clean_name(name)
        # The disk may be slow, and the server's one thread must not wait for it.
        receiving = uploads.receive(drop, cleaned)
        part = await run_sync(receiving.__enter__)
        try:
            async for data in request.stream():
                await run_sync(part.write, data)
        except BaseException as error:
            receiving.__exit__(type(error), error, error.__traceback__)
            raise
        await run_sync(receiving.__exit__, None, None, None)
    return JsonReply({"name": cleaned, "bytes": part.size})


@adding.delete("/{drop}", responses={200: {"model": DiscardedDrop}})
async def discard(drop: DropId, uploads: AllowedUploads) -> JsonReply:
    """Throws away what has come of a drop."""
    await run_sync(uploads.discard, drop)
    return JsonReply({"discarded": drop})


@adding.post("/{drop}", response_class=StreamingResponse, responses=_STREAM)
async def add_drop(drop: DropId, request: Request, desk: AtDesk, uploads: AllowedUploads) -> StreamingResponse:
    """Adds the files of a drop, each in place of one of its name. A client that goes away ends it; what was finished
    is kept."""
    return await _add(request, desk, uploads, drop)


@adding.post("", response_class=StreamingResponse, responses=_STREAM)
async def add_again(request: Request, desk: AtDesk, uploads: AllowedUploads) -> StreamingResponse:
    """Brings the folder of files up to date: goes on where an adding was ended, and takes out what is gone. Tells of
    the files that are not as they were."""
    return await _add(request, desk, uploads, None)


async def _add(request: Request, desk: LibraryDesk, uploads: Uploads, drop: str | None) -> StreamingResponse:
    call = partial(_tell_adding, desk.library, uploads, drop)
    first, rest = await desk.lanes.adding.tell(request, call)
    return event_reply(first, rest, _encode)


def _encode(told: Advance | DropOutcome) -> bytes:
    return event("progress" if isinstance(told, Advance) else "added", told)


def _tell_adding(library: Library, uploads: Uploads, drop: str | None, say: Say[Advance | DropOutcome]) -> None:
    files = uploads.take_in(drop) if drop else []

    def progress(stage: str, done: int, total: int) -> None:
        check()
        say(Advance(stage, done, total))

    progress("reading", 0, len(files))
    while True:
        try:
            report = library.add(uploads.files, progress=progress)
            break
        except LibraryLocked:
            progress("waiting", 0, 0)
            time.sleep(AGAIN)
    outcomes = _outcomes(library, report, files or uploads.stored_files())
    told = [each for each in outcomes if files or each.state != "unchanged"]
    say(DropOutcome(str(uploads.files), tuple(told), tuple(report.notes)))


def _outcomes(library: Library, report: AddReport, files: Sequence[Path]) -> list[FileOutcome]:
    """What became of each file."""
    skipped, partly = dict(report.skipped), dict(report.partial)
    added, changed = set(report.added), set(report.changed)

    def outcome(file: Path) -> FileOutcome:
        uri, shown = file.as_posix(), f"{file.parent.name}/{file.name}"
        if uri in skipped:
            return FileOutcome(file.name, "skipped", skipped[uri])
        if not catalog.ids_of(library.store, [uri]):
            return FileOutcome(file.name, "skipped", "a file of this name is passed over")
        state: Literal["added", "replaced", "unchanged"] = (
            "added" if shown in added else "replaced" if shown in changed else "unchanged"
        )
        return FileOutcome(file.name, state, partly.get(uri, ""))

    return [outcome(file) for file in files]
