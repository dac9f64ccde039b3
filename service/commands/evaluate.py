"""`tracker evaluate`: one sweep now, or what a sweep at an instant would raise."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from service.actor import SYSTEM
from service.commands.environment import required
from service.console import Console
from service.database import connect
from service.flags import sweep
from service.timepiece import SystemTimepiece

LISTED: Final = 1_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", type=_instant, metavar="INSTANT", help="print what would be raised then, and write nothing"
    )
    parser.epilog = (
        "INSTANT is ISO 8601 with its zone, like 2026-11-03T09:00Z; one without a zone is refused. "
        f"At most {LISTED:,} conditions are listed; the counts are of all."
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant; write 2026-11-03T09:00Z") from error
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone; write 2026-11-03T09:00Z")
    return instant.astimezone(UTC)


def run(options: argparse.Namespace, console: Console) -> int:
    url = required("DATABASE_URL")
    result = asyncio.run(_sweep(url) if options.as_of is None else _foresee(url, options.as_of, console))
    console.result(result)
    return 0


async def _sweep(url: str) -> dict[str, Any]:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        swept = await sweep.sweep(database)
    finally:
        await database.close()
    return {
        "raised": swept.raised,
        "escalated": swept.escalated,
        "lapsed": swept.lapsed,
        "untold": swept.untold,
        "found_late_seconds": round(swept.latest.total_seconds(), 3),
    }


async def _foresee(url: str, instant: datetime, console: Console) -> dict[str, Any]:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
            counts, conditions = await sweep.foreseen(tx, instant, LISTED)
    finally:
        await database.close()
    if not console.json:
        for each in conditions:
            since = f"since {each.true_from:%Y-%m-%d %H:%M:%SZ}"
            console.say(f"{each.rule} {each.subject} {since}, held by {each.holder}: {each.about_kind} {each.about}")
    result: dict[str, Any] = {
        "as_of": instant.isoformat(),
        "would_raise": sum(counts.values()),
        "by_rule": counts,
        "listed": len(conditions),
    }
    if console.json:
        result["conditions"] = msgspec.to_builtins(conditions)
    return result
