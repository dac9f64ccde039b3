"""`tracker report backlog` and `tracker report delays`: figures for a person at a terminal or a nightly job."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from service.access import audit
from service.actor import SYSTEM
from service.administration import store as places
from service.commands import delays
from service.commands.environment import required
from service.commands.places import known, misused
from service.console import Console, Misuse
from service.database import connect
from service.errors import Refused
from service.reports.backlog import service
from service.timepiece import SystemTimepiece
from service.web import words


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "report",
        choices=("backlog", "delays"),
        help="incidents with children not yet shared; or where children wait, for how long, and what ends it",
    )
    parser.add_argument("--area", metavar="CODE", help="count one area alone")
    parser.add_argument("--force", metavar="CODE", help="count one police force alone; otherwise all of them")
    parser.add_argument("--district", metavar="NAME", help="count one police district alone")
    parser.add_argument(
        "--grade", choices=("high", "medium", "standard", "ungraded"), help="count one grade alone, as first given"
    )
    parser.add_argument("--from", dest="first", type=_day, metavar="DAY", help="first day of what came and went")
    parser.add_argument(
        "--to",
        dest="last",
        type=_day,
        metavar="DAY",
        help="last day of it; without both: the last four weeks (backlog), or thirteen (delays)",
    )
    parser.add_argument("--by", type=_day, metavar="DAY", help="what rate clears the backlog by this day")
    parser.add_argument("--as-of", type=_instant, metavar="INSTANT", help="what was known at an earlier instant")
    parser.epilog = (
        "Figures only: no name and no reference. DAY is like 2026-11-03, INSTANT like 2026-11-03T09:00Z. An instant "
        "that is not certain yet, because something is still being written, is lowered, and the answer says so."
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2026-11-03") from error


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant; write 2026-11-03T09:00Z") from error
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone; write 2026-11-03T09:00Z")
    return instant.astimezone(UTC)


def run(options: argparse.Namespace, console: Console) -> int:
    if options.report == "delays":
        if options.by is not None:
            raise Misuse("--by: only the backlog is asked what clears it")
        return delays.run(options, console)
    found = asyncio.run(_report(required("DATABASE_URL"), options))
    if not console.json:
        _say(found, console)
        return 0
    result: dict[str, Any] = msgspec.to_builtins(found)
    asked = {name: getattr(options, name) for name in ("area", "force", "district", "grade")}
    console.result({"report": options.report, **asked, **result})
    return 0


def _say(found: service.Report, console: Console) -> None:
    for force in found.not_estimable:
        console.say(f"Not estimable: the feed of {force} sends only what was shared.")
    for sentence in (*found.sentences, *found.ahead):
        console.say(sentence)
    console.say(
        f"Late: {found.late:,} now, {found.late_by_shift:,} more by the end of this shift, "
        f"{found.late_by_monday:,} more by Monday."
    )
    for grade, count in found.by_grade.items():
        ages = ", ".join(f"{name} {number:,}" for name, number in found.ages[grade].items() if number)
        console.say(f"{grade}: {count:,}{f' ({ages})' if ages else ''}")
    console.say(
        f"From {found.first_day} to {found.last_day}: {sum(each.arrived for each in found.days):,} arrived, "
        f"{sum(each.cleared for each in found.days):,} cleared; "
        f"{words.count(len(found.batches), 'batch', 'batches')}; not shared by decision: "
        f"{words.count(sum(each.children for each in found.declined), 'child', 'children')}; found late: "
        f"{words.count(found.found_late.children, 'child', 'children')}."
    )
    for each in found.declined:
        console.say(f"  {each.reason.replace('_', ' ')}: {words.count(each.children, 'child', 'children')}")
    if found.lowered:
        console.say(f"As at {found.as_of:%Y-%m-%d %H:%M:%SZ}: what was asked for is later than is certain.")


async def _report(url: str, options: argparse.Namespace) -> service.Report:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM, snapshot=True) as tx:
            forces = await places.forces(tx.connection)
            known("force", options.force, forces)
            known("area", options.area, await places.areas(tx.connection))
            filters = {"area": options.area, "district": options.district, "first": options.grade}
            found = await service.report(
                tx,
                [options.force] if options.force else list(forces),
                filters={name: value for name, value in filters.items() if value},
                first=options.first,
                last=options.last,
                by=options.by,
                as_of=options.as_of,
            )
            detail = {"area": options.area, "force": options.force}
            await audit.viewed(tx, "backlog_reported", "report the backlog in figures", detail=detail)
            return found
    except Refused as refused:
        raise misused(refused) from refused
    finally:
        await database.close()
