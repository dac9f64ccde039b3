"""`tracker explain`: every clock of one pathway in words."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any
from uuid import UUID

import msgspec

from service.actor import SYSTEM
from service.commands.environment import required
from service.console import Console
from service.database import connect
from service.pathways.view.service import PathwayView, view
from service.timepiece import SystemTimepiece

_STANDINGS = {"not_applicable": "does not apply", "cannot_compute": "cannot be computed"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pathway", type=_id, metavar="PATHWAY", help="the id at the end of the page's address")
    parser.epilog = "Says nothing about the child but what the clocks need. The view is kept in the audit trail."


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not the id of a pathway") from error


def run(options: argparse.Namespace, console: Console) -> int:
    found = asyncio.run(_view(required("DATABASE_URL"), options.pathway))
    if console.json:
        console.result(_result(found))
        return 0
    console.say(f"{found.head.reference}, area {found.head.area}: {found.head.stage.replace('_', ' ')}")
    for clock in found.clocks:
        console.say(f"\n{clock.name}: {_STANDINGS.get(clock.standing, clock.standing)}")
        console.say(f"  {clock.explanation}")
    return 0


async def _view(url: str, pathway: UUID) -> PathwayView:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM) as tx:
            return await view(tx, pathway)
    finally:
        await database.close()


def _result(found: PathwayView) -> dict[str, Any]:
    return {
        "pathway": str(found.head.pathway),
        "reference": found.head.reference,
        "area": found.head.area,
        "stage": found.head.stage,
        "holder": found.head.holder,
        "as_of": found.now.isoformat(),
        "clocks": [
            {
                "name": clock.name,
                "standing": clock.standing,
                "late_seconds": clock.late_seconds,
                "explanation": clock.explanation,
                **msgspec.to_builtins(clock.clock),
            }
            for clock in found.clocks
        ],
    }
