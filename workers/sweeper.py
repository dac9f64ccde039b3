"""The sweeper: polls for what has become true, so that nothing depends on a wake-up having arrived."""

import asyncio
import os
import socket
from datetime import datetime, timedelta
from typing import Any, Final

from service.actor import SYSTEM
from service.database import Database
from service.flags import store
from service.flags.sweep import Swept, sweep
from service.outbox import wakeups
from service.upkeep import service as upkeep
from service.wake import Wake
from workers.metrics import Metrics

#: The longest that a deadline which nobody announced can go unnoticed, besides the sweep itself.
POLL_SECONDS: Final = 0.25
#: Batches from each end before saying again that one is alive.
ROUNDS: Final = 5
BEAT_EVERY: Final = timedelta(seconds=5)
#: Deadlines further away are announced when they have come nearer.
_ANNOUNCE: Final = timedelta(seconds=60)


class Sweeper:
    """One worker's sweeper. ``wake`` is set by wake-ups; ``stepped_at`` and ``looked_at`` tell health
    checks that it goes on, and when it last saw the rows."""

    def __init__(self, database: Database, wake: Wake, metrics: Metrics) -> None:
        self.wake = asyncio.Event()
        self.stepped_at = database.timepiece.now()
        self.looked_at: datetime | None = None
        self._database = database
        self._redis = wake
        self._metrics = metrics
        self._beaten_at: datetime | None = None
        self._announced: datetime | None = None
        self._said: dict[str, Any] = {"worker": f"{socket.gethostname()}:{os.getpid()}", "raised": 0}

    async def step(self) -> float:
        """Look, sweep when there is something, say so; returns the seconds until the next look."""
        self.stepped_at = self._database.timepiece.now()
        earliest = await self._earliest()
        now = self._database.timepiece.now()
        if earliest is not None and earliest <= now:
            self._count(await sweep(self._database, rounds=ROUNDS), now)
            earliest = await self._earliest()
        now = self._database.timepiece.now()
        self.looked_at = now
        await self._beat(now)
        if earliest is None:
            return POLL_SECONDS
        await self._announce(earliest, now)
        return min(POLL_SECONDS, max(0.0, (earliest - now).total_seconds()))

    async def _earliest(self) -> datetime | None:
        async with self._database.transaction(SYSTEM, readonly=True) as tx:
            return await store.next_instant(tx.connection)

    def _count(self, swept: Swept, now: datetime) -> None:
        self._metrics.swept(swept)
        if swept.raised:
            self._said["raised"] += swept.raised
            self._said["last_raised_at"] = now.isoformat()
        if swept.untold:
            self._said["untold"] = self._said.get("untold", 0) + swept.untold

    async def _beat(self, now: datetime) -> None:
        if self._beaten_at is not None and timedelta(0) <= now - self._beaten_at < BEAT_EVERY:
            return
        health = await upkeep.health(self._database)
        figures = {
            "behind_seconds": round(health.behind.total_seconds(), 1),
            "outbox_waiting": health.outbox_waiting,
            "outbox_dead": health.outbox_dead,
            "mails_waiting": health.mails_waiting,
            "mails_dead": health.mails_dead,
        }
        await upkeep.beat(self._database, self._said | figures)
        self._beaten_at = now

    async def _announce(self, instant: datetime, now: datetime) -> None:
        if instant == self._announced or not now < instant <= now + _ANNOUNCE:
            return
        await wakeups.at(self._redis, instant)
        self._announced = instant
