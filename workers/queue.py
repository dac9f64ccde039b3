"""Works through the queue in Postgres, one piece at a time in each of a few slots."""

import asyncio
import logging
from typing import Final

from service.database import Database
from service.outbox import rules
from service.outbox import service as outbox
from service.outbox.store import Work
from workers.aside import aside
from workers.handlers import HANDLERS, handler
from workers.metrics import Metrics
from workers.steady import where

POLL_SECONDS: Final = 0.25
_HOLD_SECONDS: Final = rules.LEASE.total_seconds() / 3
_log: Final = logging.getLogger("tracker.work")


class Queue:
    """One slot: claims, works aside, keeps hold meanwhile, and says how it went."""

    def __init__(self, database: Database, url: str, metrics: Metrics) -> None:
        self.wake = asyncio.Event()
        self._database = database
        self._url = url
        self._metrics = metrics

    async def step(self) -> float:
        """Do the next piece of work, if there is any; returns the seconds until the next look."""
        work = await outbox.claim(self._database, list(HANDLERS))
        if work is None:
            return POLL_SECONDS
        _log.info("%s %s for %s, attempt %d", work.kind, work.id, work.subject, work.attempts)
        holding = asyncio.create_task(self._hold(work))
        try:
            await aside(self._url, self._database.timepiece, lambda there: handler(work.kind)(there, work.subject))
        except asyncio.CancelledError:
            await outbox.put_back(self._database, work)
            self._metrics.worked(work.kind, "put_back")
            raise
        except Exception as error:
            given_up = await outbox.failed(self._database, work, where(error))
            self._metrics.worked(work.kind, "given_up" if given_up else "failed")
            log = _log.error if given_up else _log.warning
            log("%s %s failed%s: %s", work.kind, work.id, " and is given up" if given_up else "", where(error))
        else:
            await outbox.done(self._database, work)
            self._metrics.worked(work.kind, "done")
        finally:
            holding.cancel()
        return 0.0

    async def _hold(self, work: Work) -> None:
        while True:
            await asyncio.sleep(_HOLD_SECONDS)
            try:
                await outbox.hold(self._database, work)
            except Exception as error:  # the next try may get through; if not, the work is idempotent
                _log.warning("could not keep hold of %s: %s", work.id, where(error))
