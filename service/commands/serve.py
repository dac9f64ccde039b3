"""`tracker serve`: the API and the pages, until SIGINT or SIGTERM; then what is under way is finished."""

from __future__ import annotations

import argparse
import asyncio
import signal
from types import FrameType
from typing import Final

import asyncpg
import uvicorn

from service import logs
from service.app import create_app
from service.collecting import making_what_stays
from service.console import Console, Failure, Unreachable
from service.database import place
from service.settings import from_environment
from service.unreachable import is_unreachable
from service.web.static import AssetsMissing

DRAIN_SECONDS: Final = 6
"""What requests under way may take after SIGTERM; less than a supervisor's patience."""
CONNECT_SECONDS: Final = 10


class Server(uvicorn.Server):
    """A server for which being asked to stop is a good end: the default dies of the signal after it has drained."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        self.force_exit = self.force_exit or (self.should_exit and sig == signal.SIGINT)
        self.should_exit = True


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.epilog = "Settings come from the environment: DATABASE_URL, REDIS_URL, ORIGIN and those of the guide."


def run(options: argparse.Namespace, console: Console) -> int:
    settings = from_environment()
    logs.configure()
    try:
        with making_what_stays():
            app = create_app(settings)
    except AssetsMissing as error:
        raise Failure(str(error)) from error
    server = Server(
        uvicorn.Config(
            app,
            host=options.host,
            port=options.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            lifespan="on",
        )
    )
    # Asked first, because the server would only say that it cannot start.
    asyncio.run(_reach(settings.database_url))
    try:
        server.run()
    except SystemExit as ended:
        raise Failure(f"cannot listen on {options.host}:{options.port}") from ended
    console.result({"stopped": True})
    return 0


async def _reach(url: str) -> None:
    """Raises Unreachable when PostgreSQL is not there or will not let us in."""
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except Exception as error:
        if not is_unreachable(error):
            raise
        raise Unreachable(f"PostgreSQL at {place(url)} cannot be reached: {error}") from error
    await connection.close()
