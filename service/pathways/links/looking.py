"""Looks for records that may be of one child, as children come in or their names and dates change."""

from typing import Final
from uuid import UUID

from schema.ids import new_id
from service.actor import SYSTEM
from service.children import store as children
from service.children.likeness import matches
from service.database import Database, Tx
from service.pathways.links import store

#: Children in one transaction, and in one period at most.
BATCH: Final = 200
AT_MOST: Final = 5_000


async def look(database: Database) -> int:
    """Keep what is found until somebody settles it; how many children were looked at."""
    done = 0
    while done < AT_MOST:
        async with database.transaction(SYSTEM) as tx:
            wanted = await store.wanted(tx.connection, BATCH)
            for child in wanted:
                await _look_for(tx, child)
        if not wanted:
            break
        done += len(wanted)
    return done


async def _look_for(tx: Tx, child: store.LookedAt) -> None:
    if not child.said.can_be_compared:
        return
    found = matches(
        child.said, [k for k in await children.candidates(tx.connection, child.area, child.said) if k.child != child.id]
    )
    if found.candidates:
        ids: list[UUID] = [each.known.child for each in found.candidates]
        settled = await store.known_pairs(tx.connection, child.id, ids)
        settled |= await store.linked_among(tx.connection, ids)
        for candidate in found.candidates:
            if candidate.worth_asking and candidate.known.child not in settled:
                await store.keep_match(tx, new_id(tx.now), child.area, child.id, candidate)
