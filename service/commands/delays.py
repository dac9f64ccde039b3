"""`tracker report delays`: every delay measure, in words for a person and in one object for a machine."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

import msgspec

from service.actor import SYSTEM
from service.administration import store as places
from service.clocks.local_time import local_day
from service.commands.environment import required
from service.commands.places import known, misused
from service.console import Console
from service.database import connect
from service.errors import Refused
from service.reports.board.rules.tables import told
from service.reports.board.rules.trusting import restated, restated_by_agency
from service.reports.board.rules.words import AS_THEY_ARE_NOW
from service.reports.measures import service
from service.reports.measures.figures import BoardFigures, Estimate, Scope
from service.reports.measures.gathering import asked_period
from service.reports.measures.rules.stages import POLICE_SHARE
from service.timepiece import SystemTimepiece

_DAY = 1_440


def run(options: argparse.Namespace, console: Console) -> int:
    """Print the figures.

    Raises:
        Misuse: there is no such area or force, or the days cannot be.
    """
    found = asyncio.run(_figures(required("DATABASE_URL"), options))
    if console.json:
        result: dict[str, Any] = msgspec.to_builtins(found, str_keys=True)
        console.result({"report": "delays", "area": options.area, "force": options.force, **result})
    else:
        _say(found, console)
    return 0


async def _figures(url: str, options: argparse.Namespace) -> BoardFigures:
    database = await connect(url, SystemTimepiece(), size=1)
    scope = Scope(
        areas=(options.area,) if options.area else (),
        force=options.force,
        district=options.district,
        grade=options.grade,
    )
    try:
        async with database.transaction(SYSTEM, snapshot=True) as tx:
            known("force", options.force, await places.forces(tx.connection))
            known("area", options.area, await places.areas(tx.connection))
            period = None
            if options.first or options.last:
                last = options.last or local_day(options.as_of or tx.now)
                period = asked_period(options.first, last)
            return await service.board(tx, scope, period, options.as_of)
    except Refused as refused:
        raise misused(refused) from refused
    finally:
        await database.close()


def _say(found: BoardFigures, console: Console) -> None:
    names = {definition.key: definition.name for definition in found.definitions}
    known = found.known
    console.say(f"Of police domestic-abuse notices, {found.period.first} to {found.period.last}.")
    if known.basis == "as_reported":
        console.say(f"As had been reported by {known.instant:%Y-%m-%d %H:%M:%SZ}. {AS_THEY_ARE_NOW}")
    if known.lowered:
        console.say("What was asked for is later than is certain: something was still being written.")
    if known.uncounted:
        console.say(f"{known.uncounted:,} changes of the last minutes are not counted yet.")
    waiting = found.child_days
    console.say(
        f"{_children(waiting.waiting)} for a first decision. Child-days at unassessed risk: {waiting.total:,.1f} "
        f"(up to {waiting.more:,.1f} more); the period before {waiting.before:,.1f}."
    )
    for stage in found.stages:
        if stage.by != "all":
            continue
        now = stage.open
        oldest = f", oldest {_long(now.oldest)}" if now.oldest is not None else ""
        if stage.stage == POLICE_SHARE and not found.police.estimable:
            console.say(f"{names[stage.stage]}: not estimable, a feed sends only what was shared.")
            continue
        console.say(f"{names[stage.stage]}: {now.count:,} open, {now.past_limit:,} past the limit{oldest}.")
        if not stage.entered and not stage.left:
            console.say("  None began and none ended.")
            continue
        console.say(
            f"  {stage.entered:,} began, {stage.left:,} ended; half within {_estimate(stage.median)}"
            f", at current rates {_estimate(stage.current)}"
        )
        if stage.within is not None and stage.within.share.value is not None:
            console.say(f"  In time: {stage.within.share.value:.0%} of {stage.within.share.n:,} that fell due.")
    again = ", ".join(
        f"{each.key.replace('_', ' ')} {each.count:,} of {each.of:,}" for each in found.front_door.repeats if each.of
    )
    console.say(f"Came to notice again within 90 days, by what had been decided: {again or 'none can be told yet'}.")
    ledger = found.ledger
    console.say(
        f"Ledger: {ledger.opening:,} + {ledger.new:,} new + {ledger.reopened:,} reopened + {ledger.moved_in:,} moved in"
        f" - {sum(ledger.exits.values()):,} = {ledger.closing:,}; left over: {ledger.residual:,}."
    )
    if found.restated is not None:
        moved = restated(found.restated)
        console.say(moved.lead)
        for figure, reported, known_now, way in told(moved):
            if way != "no":
                console.say(f"  {figure}: {reported} as reported, {known_now} as known now.")
        console.say(f"By the agency whose record it is. {restated_by_agency(found.restated).lead}")


def _children(count: int) -> str:
    return f"{count:,} child waits" if count == 1 else f"{count:,} children wait"


def _estimate(found: Estimate) -> str:
    if found.value is None:
        return "not yet estimable" + (f" (at least {_long(found.at_least)})" if found.at_least is not None else "")
    between = "" if found.low is None or found.high is None else f" ({_long(found.low)} to {_long(found.high)})"
    return f"{_long(found.value)}{between}"


def _long(minutes: float) -> str:
    """A length of time in words, to the hour; under a day to the minute."""
    whole = round(minutes)
    if whole < _DAY:
        return f"{whole // 60} h {whole % 60} min"
    days, rest = divmod(whole, _DAY)
    return f"{days} day{'' if days == 1 else 's'} {rest // 60} h"
