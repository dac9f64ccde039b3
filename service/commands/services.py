"""`tracker services`: PostgreSQL and Valkey for programs started by hand, until this process is stopped."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from service import embedded
from service.console import Console, Unreachable


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR", help="where data is kept (.demo)")


def run(options: argparse.Namespace, console: Console) -> int:
    try:
        with embedded.start(options.data, durable=True) as services:
            tell(services, console)
            signal.pause()
    except embedded.ServiceUnavailable as error:
        raise Unreachable(str(error)) from error
    return 0


def tell(services: embedded.Services, console: Console) -> None:
    """Where everything is, one a line at column 0, so that a script can wait for READY and read the rest."""
    console.say(f"READY {services.app_url}")
    console.say(f"DATABASE_URL={services.app_url}")
    console.say(f"REDIS_URL={services.redis_url}")
    console.say(f"OWNER_DATABASE_URL={services.owner_url}")
    if console.json:
        console.result(
            {
                "database_url": services.app_url,
                "redis_url": services.redis_url,
                "owner_database_url": services.owner_url,
            }
        )
