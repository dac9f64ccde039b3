"""`tracker work`: the sweeper, the queue, mails and periodic work, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio

from service import logs
from service.console import Console, Failure
from service.settings import from_environment
from service.unreachable import is_unreachable
from workers.main import work


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address of the probe (127.0.0.1)")
    parser.add_argument(
        "--port", type=int, help="answer /health/live, /health/ready and /metrics on this port (not at all)"
    )
    parser.epilog = (
        "Settings come from the environment: DATABASE_URL, REDIS_URL, ORIGIN, SMTP_HOST and those of the guide. "
        "Any number may run. Without REDIS_URL everything is found by looking, a moment later."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    settings = from_environment()
    logs.configure()
    try:
        asyncio.run(work(settings, port=options.port, address=options.host))
    except OSError as error:
        if options.port is not None and not is_unreachable(error):
            raise Failure(f"cannot listen on {options.host}:{options.port}") from error
        raise
    console.result({"stopped": True})
    return 0
