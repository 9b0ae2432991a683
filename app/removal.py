"""``DELETE /api/document``: a file that was handed over leaves the library and its folder.

Files of other places are not this server's to delete; the command line takes their texts out of the library.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request

from ..corpus import catalog
from ..errors import InputError, LibraryLocked, NotFoundError
from .adding import AllowedUploads
from .dependencies import AtDesk
from .reply import JsonReply
from .schema import LibraryBody
from .uploads import Uploads

if TYPE_CHECKING:
    from ..library import Library

removal = APIRouter()


class RemovedDocument(LibraryBody):
    removed: str
    """Its name."""
    file: str
    """Where its file was."""
    notes: list[str]


@removal.delete("/document", responses={200: {"model": RemovedDocument}})
async def remove_document(uri: str, request: Request, desk: AtDesk, uploads: AllowedUploads) -> JsonReply:
    """Takes a document that was handed over here out of the library, and deletes its file. Where files are being
    added, that ends first."""
    call = partial(_remove, desk.library, uploads, uri)
    return JsonReply((await desk.lanes.adding.run(request, call)).model_dump())


def _remove(library: Library, uploads: Uploads, uri: str) -> RemovedDocument:
    file = Path(uri)
    if not uploads.holds(file):
        raise InputError(
            "only files that were handed over here can be deleted here",
            where=uri,
            fix="take it out of the library in a terminal: evidentia remove PATH",
        )
    if not catalog.ids_of(library.store, [uri]):
        raise NotFoundError("no such document in the library", where=uri, fix="run: evidentia status")
    try:
        report = library.remove(file)
    except LibraryLocked:
        raise
    except Exception:
        # Cut off halfway, the next adding does the rest; a file that stayed would be read anew.
        uploads.delete(file)
        raise
    uploads.delete(file)
    return RemovedDocument(removed=report.removed[0], file=str(file), notes=report.notes)
