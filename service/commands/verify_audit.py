"""`tracker verify-audit`: recompute the chain of seals over the audit and say whether it holds."""

from __future__ import annotations

import argparse
import asyncio

import msgspec

from service.access import audit
from service.actor import SYSTEM
from service.commands.environment import required
from service.console import Console
from service.database import connect
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--head", metavar="HEX", help="a head that was kept elsewhere: it must still be in the chain")
    parser.add_argument("--seal", action="store_true", help="seal what no seal covers yet before looking")
    parser.epilog = "Exit 0 when the chain holds, 1 when it does not. Keep the printed head somewhere else."


def run(options: argparse.Namespace, console: Console) -> int:
    verdict = asyncio.run(_verify(required("DATABASE_URL"), options))
    console.result(msgspec.structs.asdict(verdict))
    return 0 if verdict.intact else 1


async def _verify(url: str, options: argparse.Namespace) -> audit.Verdict:
    database = await connect(url, SystemTimepiece(), size=1, command_timeout=None)
    try:
        if options.seal:
            async with database.transaction(SYSTEM) as tx:
                await audit.seal(tx)
        async with database.transaction(SYSTEM, readonly=True) as tx:
            return await audit.verify(tx.connection, options.head)
    finally:
        await database.close()
