"""Connections whose request does not come: they are closed, so that nobody can hold them all by sending half a head.

Half a body is ``guard.py``'s business, because by then there is a request to answer.
"""

from __future__ import annotations

import asyncio
from typing import Any

HEAD_SECONDS = 10
"""From the first moment in which a request may come to the end of its head."""


def protocol() -> type[asyncio.Protocol]:
    """Uvicorn's own, with a clock."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    base: Any = AutoHTTPProtocol

    class Clocked(base):  # type: ignore[misc]
        _clock: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._wind()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._wind()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._wind()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _wind(self) -> None:
            """A byte now and then does not set the clock back; a whole head stops it."""
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop()
            elif self._clock is None:
                self._clock = self.loop.call_later(HEAD_SECONDS, self._close)

        def _stop(self) -> None:
            if self._clock is not None:
                self._clock.cancel()
                self._clock = None

        def _close(self) -> None:
            self._clock = None
            self.transport.close()

    found: type[asyncio.Protocol] = Clocked
    return found
