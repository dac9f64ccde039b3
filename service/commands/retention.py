"""`tracker retention`: what is due by the rules of retention, and, when told exactly how much, doing it."""

from __future__ import annotations

import argparse
import asyncio

from service.commands.environment import required
from service.console import Console, Misuse
from service.database import connect
from service.timepiece import SystemTimepiece
from service.upkeep.retention import service
from service.upkeep.retention.service import Done, Due


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dry-run", action="store_true", help="list what is due and change nothing (so without --apply)"
    )
    parser.add_argument("--apply", type=int, metavar="COUNT", help="do it, if exactly COUNT are due")
    parser.add_argument(
        "--by", default="", metavar="WHO", help="who ordered it and where that is written; for the audit"
    )
    parser.epilog = (
        "Names, references and words about a child go, and the text of stored files. Milestones, clocks, flags and the"
        " audit stay. It cannot be undone: take a backup first."
    )


def run(options: argparse.Namespace, console: Console) -> int:
    if options.dry_run and options.apply is not None:
        raise Misuse("choose --dry-run or --apply")
    if options.apply is not None and not options.by.strip():
        raise Misuse("--apply needs --by: who ordered it, and where that is written")
    due, done = asyncio.run(_run(required("DATABASE_URL"), options))
    for child in due.children:
        last = f"{child.last_step:%Y-%m-%d}" if child.last_step else "never"
        console.say(f"child {child.id}, area {child.area}, born {child.born or 'not known'}, last step {last}")
    for file in due.files:
        console.say(f"file {file.id}, stored {file.stored_at:%Y-%m-%d}")
    console.result(
        {
            "due": due.count,
            "children": len(due.children),
            "files": len(due.files),
            "children_done": done.children if done else 0,
            "files_done": done.files if done else 0,
        }
    )
    return 0


async def _run(url: str, options: argparse.Namespace) -> tuple[Due, Done | None]:
    database = await connect(url, SystemTimepiece(), size=1, command_timeout=None)
    try:
        due = await service.preview(database)
        if options.apply is None:
            return due, None
        return due, await service.apply(database, options.apply, options.by)
    finally:
        await database.close()
