"""Queue work in the transaction that causes it; claim it, and say how it went."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from schema.ids import new_id
from service.actor import SYSTEM
from service.database import Database, Tx
from service.outbox import rules, store
from service.outbox.store import Work


async def queue(tx: Tx, kind: str, subject: UUID, *, run_at: datetime | None = None) -> UUID:
    """Queue work; it is there when the transaction commits. Send its id with `wakeups.send` after that."""
    identity = new_id(tx.now)
    await store.queue(tx.connection, identity, kind, subject, tx.now, run_at or tx.now)
    return identity


async def claim(database: Database, kinds: Sequence[str]) -> Work | None:
    """Take the oldest work that is due, for `rules.LEASE`; None when there is none.

    Raises:
        OSError, asyncpg.PostgresError: the database does not answer.
    """
    async with database.transaction(SYSTEM) as tx:
        return await store.claim(tx.connection, tx.now, tx.now + rules.LEASE, kinds)


async def hold(database: Database, work: Work) -> bool:
    """Keep hold of it for another lease; False when it was lost."""
    async with database.transaction(SYSTEM) as tx:
        return await store.hold(tx.connection, work, tx.now + rules.LEASE)


async def done(database: Database, work: Work) -> None:
    """It is done."""
    async with database.transaction(SYSTEM) as tx:
        await store.done(tx.connection, work, tx.now)


async def failed(database: Database, work: Work, error: str) -> bool:
    """It went wrong. True when it was given up; a person can see it and queue it again."""
    async with database.transaction(SYSTEM) as tx:
        again_at = rules.try_again_at(work.attempts, tx.now)
        await store.failed(tx.connection, work, error, again_at, tx.now)
    return again_at is None


async def put_back(database: Database, work: Work) -> None:
    """Leave it to another worker: this one was asked to stop."""
    async with database.transaction(SYSTEM) as tx:
        await store.put_back(tx.connection, work)
