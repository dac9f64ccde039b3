"""Reads flags as a person may see them: an area's own, or the force's through the police views."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from service.database import Connection
from service.flags.rules import Answer, answer_state
from service.flags.store import queries


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """A flag with its condition as it is now and where its answer stands.

    ``true_from`` to ``true_until`` and ``cause`` are of the condition now (a correction may have moved
    it); ``found_late`` is how long it had been true when it was noticed. ``reference`` is the police's.
    """

    id: UUID
    about: UUID
    about_kind: str
    area: str | None
    force: str | None
    rule: str
    subject: str
    true_from: datetime
    true_until: datetime | None
    cause: str | None
    noticed_at: datetime
    found_late: timedelta
    holder: str
    evidence: tuple[UUID, ...]
    reference: str | None
    answer: Answer
    escalated_to: tuple[str, ...]
    next_due_at: datetime | None

    def stands(self, now: datetime) -> bool:
        """Whether it is still so."""
        return self.true_until is None or self.true_until > now


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone that a flag rests on."""

    id: UUID
    kind: str
    at: datetime | None
    on: date | None
    precision: str
    recorded_at: datetime
    outcome: str | None


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a flag: acknowledged, answered, escalated or lapsed, by whom."""

    kind: str
    at: datetime
    by_kind: str
    by: UUID | None
    note: str | None
    next_action: str | None
    next_due_at: datetime | None
    role: str | None
    name: str | None


class Waiting(msgspec.Struct, frozen=True):
    """A message to the present actor."""

    id: UUID
    flag: UUID
    queued_at: datetime
    read_at: datetime | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which standing flags to list."""

    rule: str | None = None
    subject: str | None = None
    limit: int = 50
    offset: int = 0


async def standing(
    connection: Connection, places: Sequence[str], now: datetime, wanted: Wanted, *, police: bool
) -> list[Flag]:
    """Flags that hold now in these areas, or forces where ``police``; the longest first, warnings last."""
    query = queries.police_standing if police else queries.standing
    rows = await connection.fetch(query, list(places), now, wanted.rule, wanted.subject, wanted.limit, wanted.offset)
    return [_flag(row) for row in rows]


async def police_actions(connection: Connection, forces: Sequence[str], now: datetime, wanted: Wanted) -> list[Flag]:
    """Standing flags of overdue actions that the police of these forces own."""
    rows = await connection.fetch(
        queries.police_actions, list(forces), now, wanted.rule, wanted.subject, wanted.limit, wanted.offset
    )
    return await seen(connection, ids=[row[0] for row in rows], police=False) if rows else []


async def seen(
    connection: Connection, *, ids: Sequence[UUID] = (), abouts: Sequence[UUID] = (), police: bool
) -> list[Flag]:
    """These flags, and all that were raised about these pathways or rows; those the actor may see."""
    rows = await connection.fetch(queries.police_seen if police else queries.seen, list(ids), list(abouts))
    return [_flag(row) for row in rows]


def _flag(row: Any) -> Flag:
    return Flag(
        id=row["id"],
        about=row["about"],
        about_kind=row["about_kind"],
        area=row["area"],
        force=row["force"],
        rule=row["rule"],
        subject=row["subject"],
        true_from=row["true_from"],
        true_until=row["true_until"],
        cause=row["cause"],
        noticed_at=row["noticed_at"],
        found_late=max(timedelta(0), row["noticed_at"] - row["noticed_true_from"]),
        holder=row["holder"],
        evidence=tuple(row["evidence"]),
        reference=row["reference"],
        answer=answer_state(row["kinds"]),
        escalated_to=tuple(row["escalated_to"]),
        next_due_at=row["next_due_at"],
    )


async def children(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Given and family names of the children of these pathways, as far as the actor sees them."""
    return {row[0]: (row[1], row[2]) for row in await connection.fetch(queries.children, list(pathways))}


async def evidence(connection: Connection, milestones: Sequence[UUID], *, police: bool) -> list[Evidence]:
    """The milestones behind a flag, as far as the actor sees them."""
    rows = await connection.fetch(queries.police_evidence if police else queries.evidence, list(milestones))
    return [
        Evidence(id=r[0], kind=r[1], at=r[2], on=r[3], precision=r[4], recorded_at=r[5], outcome=r[6]) for r in rows
    ]


async def events(connection: Connection, flag: UUID, *, police: bool) -> list[Happened]:
    """What became of a flag, in order."""
    rows = await connection.fetch(queries.police_events if police else queries.events, flag)
    return [Happened(**dict(row)) for row in rows]


async def mark_read(
    connection: Connection,
    person: UUID,
    now: datetime,
    only: Sequence[UUID] | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Mark messages as opened, of those queued from ``since`` to ``until``; how many there were."""
    wanted = None if only is None else list(only)
    return len(await connection.fetch(queries.mark_read, person, now, wanted, since, until))


async def mark_flag_read(connection: Connection, flag: UUID, person: UUID, now: datetime) -> None:
    """Mark the person's message about a flag as opened, if there is one."""
    await connection.execute(queries.mark_flag_read, flag, person, now)
