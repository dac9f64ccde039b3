"""`tracker create-client`: a machine that pushes notices or pulls extracts; prints its token, once."""

from __future__ import annotations

import argparse
import asyncio

from service.access import service
from service.access.permissions import SCOPES
from service.actor import SYSTEM
from service.commands.environment import required
from service.console import Console, Misuse
from service.database import connect
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what the machine is called")
    parser.add_argument("--scope", action="append", required=True, choices=SCOPES, help="may be given several times")
    parser.add_argument("--force", help="code of the police force whose incidents it sends")
    parser.add_argument("--area", help="code of the area whose records it sends or pulls")
    parser.epilog = "The token is shown this once and stored nowhere; a lost one is replaced by a new client."


def run(options: argparse.Namespace, console: Console) -> int:
    if not options.force and not options.area:
        raise Misuse("a machine belongs to a force or an area: give --force or --area")
    token = asyncio.run(_create(required("DATABASE_URL"), options))
    console.result({"name": options.name, "scopes": options.scope, "token": token})
    return 0


async def _create(url: str, options: argparse.Namespace) -> str:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM) as tx:
            return await service.create_client(
                tx, name=options.name, scopes=tuple(options.scope), force=options.force, area=options.area
            )
    finally:
        await database.close()
