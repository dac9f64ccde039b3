"""Signs of life of feeds."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from service.database import Queries, Tx

queries = Queries(__package__ or "service.intake.feeds")
#: A machine that pushes all day is noted this often.
_NOTED_AFTER: Final = timedelta(minutes=1)


async def heard_file(tx: Tx, identity: UUID) -> None:
    """Note that an import which is done was heard of; one that failed or was a trial changes nothing."""
    await tx.connection.execute(queries.heard_file, identity)


async def heard_push(tx: Tx) -> None:
    """Note that a machine pushed something. It has no hours to keep, so its silence is no alarm."""
    detail = {"title": f"notice pushed by {tx.actor.name}", "silent_after_hours": None}
    await tx.connection.execute(queries.heard_push, f"feed:client:{tx.actor.id}", tx.now, detail, tx.now - _NOTED_AFTER)
