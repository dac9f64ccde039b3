"""`tracker migrate`: bring the schema of OWNER_DATABASE_URL up to date, with the standards and calendar that ship."""

from __future__ import annotations

import argparse
import asyncio

from service.actor import SYSTEM
from service.commands.environment import required
from service.console import Console, Failure
from service.database import connect
from service.migrations import MigrationError, migrate
from service.pathways import rulebook
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "OWNER_DATABASE_URL names the database and the role that owns it. Safe to start several times at once."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    del options  # this verb has none
    try:
        applied = asyncio.run(_migrate(required("OWNER_DATABASE_URL")))
    except MigrationError as error:
        raise Failure(str(error)) from error
    for name in applied:
        console.say(f"applied {name}")
    console.result({"applied": len(applied)})
    return 0


async def _migrate(owner_url: str) -> list[str]:
    """The schema first; then what nothing can be computed without, where it is not there yet."""
    applied = await migrate(owner_url)
    database = await connect(owner_url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM) as tx:
            await rulebook.ship(tx)
    finally:
        await database.close()
    return applied
