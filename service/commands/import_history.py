"""`tracker import-history`: a council's history of pathways, as often as it is sent."""

from __future__ import annotations

import argparse
import asyncio
import gc
from pathlib import Path
from typing import BinaryIO

import msgspec

from service.actor import SYSTEM
from service.commands.environment import required
from service.commands.files import COLLECT_EVERY, digest, open_file, pieces
from service.console import Console, Failure
from service.database import connect
from service.errors import Refused
from service.exchange import service
from service.exchange.importing import HistorySummary
from service.intake.files import service as intake
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="CSV with the columns of the pathway history")
    parser.epilog = (
        "Prints read, created, unchanged, updated and refused. Sent again, nothing is recorded twice; a value that "
        "changed corrects what was recorded, and one that would turn late into in time waits for a second person. "
        "Blank never erases. icpc_required=no ends the wait for a conference when the enquiry is completed. "
        "If it is stopped, the same command goes on where it stopped."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    url = required("DATABASE_URL")
    gc.set_threshold(COLLECT_EVERY)
    with open_file(options.file) as file:
        result = asyncio.run(_import(url, file, Path(options.file).name, console))
    console.result(msgspec.structs.asdict(result))
    return 0


async def _import(url: str, file: BinaryIO, name: str, console: Console) -> HistorySummary:
    database = await connect(url, SystemTimepiece(), size=2)
    try:
        identity = await service.unfinished(database, digest(file))
        if identity is None:
            try:
                identity = await service.store_history(
                    database, SYSTEM, pieces(file), file_name=name, queue_after=intake.ABANDONED_AFTER
                )
            except Refused as wrong:
                raise Failure("; ".join(f"{each.got}: {each.help}" for each in wrong.wrong)) from wrong
        else:
            console.say("going on with this file where reading it was stopped")
        result = await service.run_history(database, identity, lambda row: console.progress(row, None, "rows"))
        if failure := await intake.failure(database, identity):
            raise Failure(failure)
        for row, reasons in await intake.first_refused(database, identity):
            console.warn(f"row {row}: {reasons}")
        if waiting := await service.waiting_for_second(database, identity):
            console.say(f"{waiting} corrections would turn late into in time: they wait for a second person")
    finally:
        await database.close()
    return result
