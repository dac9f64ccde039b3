"""Attempts to get in are counted by name and by address, and stopped for a while when there are too many."""

import math
from datetime import datetime

from schema.ids import new_id
from service.access import store
from service.access.refusals import TooMany
from service.database import Tx
from service.settings import Settings


async def limit(tx: Tx, settings: Settings, name: str, address: str) -> None:
    """Put an attempt on record as failed, before it is looked at: many at once count as many.

    Raises:
        TooMany: too many failed attempts on this name or from this address.
    """
    failed = await store.failures(tx.connection, name, address, tx.now - settings.attempt_window)
    until: list[datetime] = []
    if failed.of_name >= settings.attempts_per_name and failed.first_of_name:
        until.append(failed.first_of_name)
    if failed.of_address >= settings.attempts_per_address and failed.first_of_address:
        until.append(failed.first_of_address)
    if until:
        seconds = max(1, math.ceil((max(until) + settings.attempt_window - tx.now).total_seconds()))
        minutes = math.ceil(seconds / 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooMany(f"There were too many attempts to sign in. Try again in {wait}.", retry_after=seconds)
    await store.record_attempt(tx.connection, new_id(tx.now), name, address, tx.now, succeeded=False)
