"""Work by the minute, the hour and the night: due when its period has no result yet, whoever looks first."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Any, Final

import msgspec

from service.database import Database
from service.reports.measures import folding
from service.reports.measures.releases import ahead
from service.reports.plans.packs import service as packs
from service.settings import Settings
from service.upkeep import rules
from service.upkeep import service as upkeep
from workers.aside import aside

POLL_SECONDS: Final = 1.0


class Job(msgspec.Struct, frozen=True):
    """A job, the period an instant is in (None: nothing due), and how long a worker may be silent at it."""

    name: str
    period: Callable[[datetime], str | None]
    lease: timedelta
    work: Callable[[], Awaitable[dict[str, Any]]]


class Periodic:
    """One worker's round of periodic work."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self.jobs = jobs(database, settings)
        self._seen: dict[str, str] = {}

    async def step(self) -> float:
        """Do what is due; returns the seconds until the next look."""
        now = self._database.timepiece.now()
        for job in self.jobs:
            period = job.period(now)
            if period is None or self._seen.get(job.name) == period:
                continue
            await upkeep.once(self._database, job.name, period, job.lease, job.work)
            self._seen[job.name] = period
        return POLL_SECONDS


def jobs(database: Database, settings: Settings) -> tuple[Job, ...]:
    """All periodic work."""

    async def compare() -> dict[str, Any]:
        return await aside(settings.database_url, database.timepiece, upkeep.compare)

    async def compare_measures() -> dict[str, Any]:
        return await aside(settings.database_url, database.timepiece, folding.compare)

    async def work_ahead() -> dict[str, Any]:
        return await aside(settings.database_url, database.timepiece, ahead.work_ahead)

    return (
        Job("seal", rules.minute, timedelta(seconds=50), lambda: upkeep.seal(database)),
        Job("matches", rules.minute, timedelta(minutes=5), lambda: upkeep.look_for_matches(database)),
        Job("reports", rules.minute, timedelta(minutes=5), lambda: packs.mails(database, settings)),
        Job("forget", rules.hour, timedelta(minutes=10), lambda: upkeep.forget(database, settings)),
        Job("calendars", rules.day_from(time(6)), timedelta(minutes=10), lambda: upkeep.look_at_calendars(database)),
        Job("comparison", rules.day_from(time(3)), timedelta(hours=2), compare),
        Job("measures", rules.day_from(time(4)), timedelta(hours=2), compare_measures),
        # Once for each program, and daily, should two of them take turns.
        Job(
            "rules",
            lambda now: f"{rules.day_from(time(0))(now)} {folding.rules()}",
            timedelta(minutes=10),
            lambda: folding.look_for_other_rules(database),
        ),
        # By the minute, since whatever is missing is found by looking: after midnight on Mondays all of it is.
        Job("releases", rules.minute, timedelta(minutes=5), work_ahead),
    )
