"""A worker's liveness, readiness and metrics over HTTP, for supervisors. Nothing personal is in it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST

_PLAIN: Final = "text/plain; charset=utf-8"
_SECONDS: Final = 5.0
_REASONS: Final = {200: "OK", 404: "Not Found", 503: "Service Unavailable"}
Answer = tuple[int, bytes]


class Probe:
    """Answers three addresses; anything else is not there."""

    def __init__(
        self, live: Callable[[], bool], ready: Callable[[], bool], metrics: Callable[[], Awaitable[bytes]]
    ) -> None:
        self._live = live
        self._ready = ready
        self._metrics = metrics

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Listen.

        Raises:
            OSError: the port cannot be had.
        """
        return await asyncio.start_server(self._serve, host, port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                first = (await reader.readline()).split()
                while (await reader.readline()).strip():
                    pass
                path = first[1].decode("latin-1") if len(first) > 1 else ""
                status, body = await self.answer(path)
                kind = CONTENT_TYPE_LATEST if path == "/metrics" else _PLAIN
                writer.write(
                    f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode("latin-1")
                )
                writer.write(body)
                await writer.drain()
        except (OSError, TimeoutError, ValueError):
            pass  # whoever asked has gone, or spoke something else
        finally:
            writer.close()

    async def answer(self, path: str) -> Answer:
        """The status and body for one address."""
        if path == "/health/live":
            return (200, b"alive\n") if self._live() else (503, b"stuck\n")
        if path == "/health/ready":
            return (200, b"ready\n") if self._ready() else (503, b"not ready\n")
        if path == "/metrics":
            try:
                return 200, await self._metrics()
            except Exception:  # the database is away: that is what an empty scrape says
                return 503, b"the database does not answer\n"
        return 404, b"not here\n"
