"""`tracker export-history`: every pathway as a row of the history file, in the order in which they came."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from service.actor import SYSTEM
from service.commands.environment import required
from service.commands.files import Written
from service.console import Console, Misuse
from service.database import connect
from service.exchange import exporting
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="where to; - is standard output")
    parser.add_argument("--area", metavar="CODE", help="only this area's")
    parser.epilog = (
        "The columns that import-history reads come first; after them stands what follows from the times "
        f"({', '.join(exporting.DERIVED)}), which is ignored on the way in. Pathways that were withdrawn are left out."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    if options.file == "-" and options.json:
        raise Misuse("--json needs a FILE: standard output holds either the rows or the object")
    url = required("DATABASE_URL")
    if options.file == "-":
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]  # a stream, or a test's
        asyncio.run(_export(url, options.area, sys.stdout, console))
        sys.stdout.flush()
        return 0
    written = Written(options.file)
    try:
        rows = asyncio.run(_export(url, options.area, written, console))
        written.keep()
    finally:
        written.drop()
    console.result({"rows": rows})
    return 0


async def _export(url: str, area: str | None, out: Any, console: Console) -> int:
    database = await connect(url, SystemTimepiece(), size=1)
    rows = 0
    try:
        async for text, count in exporting.lines(database, SYSTEM, purpose="export from the command line", area=area):
            out.write(text)
            rows += count
            console.progress(rows, None, "rows")
    finally:
        await database.close()
    return rows
