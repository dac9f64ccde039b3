"""`tracker report backlog`: the figures of the page, for a person at a terminal or a nightly job."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import msgspec

from service.access import audit
from service.actor import SYSTEM
from service.administration import store as places
from service.commands.environment import required
from service.console import Console, Misuse
from service.database import connect
from service.reports.backlog import service
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", choices=("backlog",), help="incidents with children not yet shared, in figures")
    parser.add_argument("--area", metavar="CODE", help="count one area alone, without the force's rates")
    parser.add_argument("--force", metavar="CODE", help="count one police force alone; otherwise all of them")
    parser.epilog = "Figures only: no name and no reference. They are of this moment."


def run(options: argparse.Namespace, console: Console) -> int:
    found = asyncio.run(_report(required("DATABASE_URL"), options))
    if not console.json:
        for sentence in found.sentences:
            console.say(sentence)
        console.say(f"Late: {found.late:,} now, {found.late_by_shift:,} more by the end of this shift.")
        for grade, count in found.by_grade.items():
            ages = ", ".join(f"{name} {number:,}" for name, number in found.ages[grade].items() if number)
            console.say(f"{grade}: {count:,}{f' ({ages})' if ages else ''}")
        return 0
    result: dict[str, Any] = msgspec.to_builtins(found)
    console.result({"report": options.report, "area": options.area, "force": options.force, **result})
    return 0


async def _report(url: str, options: argparse.Namespace) -> service.Report:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM, snapshot=True) as tx:
            forces = list(await places.forces(tx.connection))
            if options.force and options.force not in forces:
                raise Misuse(f"--force: there is no {options.force!r}; one of: {', '.join(forces) or 'none is set up'}")
            areas = list(await places.areas(tx.connection))
            if options.area and options.area not in areas:
                raise Misuse(f"--area: there is no {options.area!r}; one of: {', '.join(areas) or 'none is set up'}")
            found = await service.report(tx, [options.force] if options.force else forces, options.area)
            detail = {"area": options.area, "force": options.force}
            await audit.viewed(tx, "backlog_reported", "report the backlog in figures", detail=detail)
            return found
    finally:
        await database.close()
