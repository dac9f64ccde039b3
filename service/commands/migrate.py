"""`tracker migrate`: bring the schema of OWNER_DATABASE_URL up to date."""

from __future__ import annotations

import argparse
import asyncio

from service.commands.environment import required
from service.console import Console, Failure
from service.migrations import MigrationError, migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "OWNER_DATABASE_URL names the database and the role that owns it. Safe to start several times at once."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    del options  # this verb has none
    try:
        applied = asyncio.run(migrate(required("OWNER_DATABASE_URL")))
    except MigrationError as error:
        raise Failure(str(error)) from error
    for name in applied:
        console.say(f"applied {name}")
    console.result({"applied": len(applied)})
    return 0
