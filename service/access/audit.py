"""The trace of who saw and did what, and the chain of hashes that shows when it was altered.

One view of a page, list or export is one row, written in the transaction that read the records and
so committed before the answer leaves. Rows carry the number of their transaction; a seal closes all
transactions that have certainly ended (below the snapshot's horizon) over the hash of the seal
before. Transactions are counted by the server, so rows and seals carry which server that was (their
epoch): a restore from a dump begins another, and the chain goes on. Whoever alters, adds or removes
a sealed row breaks every seal after it; whoever recomputes them all is found out by the head that
was printed or kept elsewhere.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import store
from service.database import Connection, Tx

_FIRST: Final = bytes(32)
#: After every transaction: the largest number there is.
_END: Final = str(2**64 - 1)
_encoder: Final = msgspec.json.Encoder(order="deterministic")


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the chain found. ``broken_at`` is the first seal that does not fit."""

    intact: bool
    seals: int
    rows: int
    unsealed: int
    head: str
    broken_at: int | None = None
    why: str = ""


async def viewed(
    tx: Tx, action: str, purpose: str, pathways: Iterable[UUID] = (), detail: dict[str, Any] | None = None
) -> None:
    """Leave one row saying that the actor looked.

    Args:
        tx: the transaction that read what is shown; its end commits the row.
        action: what was looked at or done, in snake case: ``waiting_list_viewed``.
        purpose: why, in the words of the page: ``decide who is next``.
        pathways: every pathway on it, once each.
        detail: filters and counts; never a name.
    """
    await store.write_audit(
        tx.connection, new_id(tx.now), tx.now, tx.actor, action, purpose, list(dict.fromkeys(pathways)), detail or {}
    )


async def seal(tx: Tx) -> store.Seal | None:
    """Seal every row whose transaction has ended; None when there is none. Only the system may.

    After a restore into another server, what the last seal of the server before left open is closed first: there,
    every transaction has ended.
    """
    await store.hold_seals(tx.connection)
    last = await store.last_seal(tx.connection)
    epoch = await store.epoch(tx.connection)
    if last is not None and last[1] != epoch and last[2] != _END:
        closing = await _seal(tx, last, last[1], last[2], _END)
        if closing is not None:
            return closing
    since = last[2] if last is not None and last[1] == epoch else "0"
    return await _seal(tx, last, epoch, since, await store.horizon(tx.connection))


async def _seal(
    tx: Tx, last: tuple[int, int, str, bytes] | None, epoch: int, since: str, before: str
) -> store.Seal | None:
    number, previous = (last[0] + 1, last[3]) if last else (1, _FIRST)
    rows, digest = await _digest(store.audit_between(tx.connection, epoch, since, before))
    if rows == 0:
        return None
    made = store.Seal(
        number, tx.now, before, rows, previous, _hash(number, tx.now, before, rows, previous, digest), epoch
    )
    await store.write_seal(tx.connection, made)
    return made


async def verify(connection: Connection, expected_head: str | None = None) -> Verdict:
    """Recompute every seal. Needs a transaction, as an actor who may read the audit.

    Args:
        connection: in a transaction (the rows are read by cursor).
        expected_head: a head kept elsewhere earlier: it must still be one of the seals.
    """
    seals = await store.seals(connection)
    since: dict[int, str] = {}
    previous, counted = _FIRST, 0

    def verdict(*, broken: int | None = None, why: str = "", unsealed: int = 0) -> Verdict:
        return Verdict(
            intact=not why,
            seals=len(seals),
            rows=counted,
            unsealed=unsealed,
            head=previous.hex(),
            broken_at=broken,
            why=why,
        )

    for place, each in enumerate(seals, start=1):
        if each.number != place:
            return verdict(broken=place, why=f"seal {place} is missing")
        if each.previous_hash != previous:
            return verdict(broken=place, why=f"seal {place} does not follow from the seal before")
        start = since.get(each.epoch, "0")
        rows, digest = await _digest(store.audit_between(connection, each.epoch, start, each.before))
        if rows != each.rows:
            return verdict(broken=place, why=f"seal {place} covers {each.rows} rows, {rows} are there")
        if _hash(place, each.sealed_at, each.before, rows, previous, digest) != each.hash:
            return verdict(broken=place, why=f"a row under seal {place} was altered")
        since[each.epoch], previous, counted = each.before, each.hash, counted + rows
    waiting = await store.unsealed(connection, since)
    if expected_head and expected_head not in {each.hash.hex() for each in seals}:
        return verdict(why="the head that was kept is in no seal: the chain was replaced", unsealed=waiting)
    return verdict(unsealed=waiting)


async def _digest(rows: AsyncIterator[store.AuditRow]) -> tuple[int, bytes]:
    running, count = hashlib.sha256(), 0
    async for row in rows:
        running.update(canonical(row))
        count += 1
    return count, running.digest()


def canonical(row: store.AuditRow) -> bytes:
    """The exact bytes of a row that are hashed: JSON, keys in order, instants in UTC, one line."""
    return _encoder.encode(row) + b"\n"


def _hash(number: int, at: datetime, before: str, rows: int, previous: bytes, digest: bytes) -> bytes:
    head = _encoder.encode([number, at, before, rows])
    return hashlib.sha256(previous + head + digest).digest()
