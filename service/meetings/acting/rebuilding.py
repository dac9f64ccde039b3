"""Works out again when actions were overdue, from what became of them, and writes only what differs."""

from typing import Final
from uuid import UUID

from service.actor import SYSTEM
from service.database import Database
from service.meetings.acting import rules, store
from service.meetings.acting.store import Wanted

_BATCH: Final = 200
_FIRST: Final = UUID(int=0)


async def rebuild(database: Database, *, check: bool = False) -> list[UUID]:
    """Go through all actions, each batch in its own transaction; those whose stored conditions differed.

    Args:
        database: where; runs as the system.
        check: compare only, write nothing.
    """
    differing: list[UUID] = []
    after = _FIRST
    while True:
        async with database.transaction(SYSTEM) as tx:
            ids = await store.every(tx.connection, after, _BATCH)
            if not ids:
                return differing
            after = ids[-1]
            if not check:
                for identity in ids:
                    await store.lock(tx.connection, identity)
            actions = await store.actions(tx, Wanted(ids=tuple(ids)))
            happened = await store.events(tx.connection, ids)
            stored = await store.conditions(tx.connection, ids)
            for action in actions:
                wanted = rules.overdue(happened.get(action.id, ()))
                if stored.get(action.id, []) != wanted:
                    differing.append(action.id)
                    if not check:
                        await store.replace_conditions(tx.connection, action, wanted)
