"""The desk: what every route of the library's API needs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import Request

from .lanes import Lanes
from .uploads import Uploads

if TYPE_CHECKING:
    from ..library import Library

RECEIVING = 4
"""Files that may come at once."""


@dataclass(frozen=True, slots=True)
class LibraryDesk:
    library: Library
    lanes: Lanes
    uploads: Uploads | None = None
    """None: nothing can be added here."""
    closed: str = ""
    """Why not."""
    receiving: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(RECEIVING))

    @property
    def changeable(self) -> bool:
        """Whether files can be handed over here, and deleted."""
        return self.uploads is not None and not self.library.store.read_only


async def _desk(request: Request) -> LibraryDesk:
    # A coroutine: FastAPI would call a plain function on a thread, where every request waits for busy ones.
    desk: LibraryDesk = request.app.state.desk
    return desk


AtDesk = Annotated[LibraryDesk, Depends(_desk)]
