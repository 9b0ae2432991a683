"""The desk: what every route of the library's API needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import Request

from .lanes import Lanes

if TYPE_CHECKING:
    from ..library import Library


@dataclass(frozen=True, slots=True)
class LibraryDesk:
    library: Library
    lanes: Lanes


def _desk(request: Request) -> LibraryDesk:
    desk: LibraryDesk = request.app.state.desk
    return desk


AtDesk = Annotated[LibraryDesk, Depends(_desk)]
