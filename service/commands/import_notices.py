"""`tracker import-notices`: a police file, read here and now, every row accounted for."""

from __future__ import annotations

import argparse
import asyncio
import gc
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import msgspec

from service.actor import SYSTEM
from service.collecting import collect_seldom
from service.commands.environment import required
from service.commands.files import COLLECT_EVERY, Written, digest, open_file, pieces
from service.console import Console, Failure
from service.database import Database, connect
from service.errors import Refused
from service.intake.files import returning, service
from service.intake.files.service import ABANDONED_AFTER, Summary
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="CSV (comma, semicolon, tab) or XLSX")
    parser.add_argument("--feed", required=True, metavar="NAME", help="the feed that sent it, such as gmp")
    parser.add_argument("--dry-run", action="store_true", help="say what would become of the rows and keep nothing")
    parser.add_argument("--refused", metavar="FILE", help="write refused and held rows here, to be mended")
    parser.epilog = (
        "Prints read, accepted, repeated, held, refused and updated. If it is stopped, the same command goes on where "
        "it stopped; so do the workers, after five minutes."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    url = required("DATABASE_URL")
    collect_seldom()
    gc.set_threshold(COLLECT_EVERY)
    refused = Written(options.refused) if options.refused else None
    try:
        with open_file(options.file) as file:
            result = asyncio.run(_import(url, file, options, refused, console))
        if refused:
            refused.keep()
    finally:
        if refused:
            refused.drop()
    console.result(msgspec.structs.asdict(result))
    return 0


async def _import(
    url: str, file: BinaryIO, options: argparse.Namespace, refused: Written | None, console: Console
) -> Summary:
    database = await connect(url, SystemTimepiece(), size=2)
    try:
        identity = await _stored(database, file, options, console)
        result = await service.run_import(database, identity, lambda row: console.progress(row, None, "rows"))
        if failure := await service.failure(database, identity):
            raise Failure(failure)
        if refused:
            async for text in returning.returned(database, SYSTEM, identity):
                refused.write(text)
    finally:
        await database.close()
    return result


async def _stored(database: Database, file: BinaryIO, options: argparse.Namespace, console: Console) -> UUID:
    begun = await service.unfinished(database, options.feed, digest(file), dry_run=options.dry_run)
    if begun is not None:
        console.say("going on with this file where reading it was stopped")
        return begun
    try:
        return await service.store_file(
            database,
            SYSTEM,
            pieces(file),
            feed=options.feed,
            file_name=Path(options.file).name,
            dry_run=options.dry_run,
            queue_after=ABANDONED_AFTER,
        )
    except Refused as wrong:
        told = "; ".join(f"--{each.field} {each.got}: {each.help} Expected {each.expected}." for each in wrong.wrong)
        raise Failure(told) from wrong
