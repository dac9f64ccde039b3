"""Reads and writes actions, what became of them, and the conditions that flags come from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection, Queries, Tx
from service.meetings.acting.rules import RULE, SUBJECT, Action, Event, Overdue

queries = Queries(__package__ or "service.meetings.acting")
#: More than any list shows; one discussion gives 60 at the most.
MOST = 500


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Who owns an action: the agency, the person if one is named, and how policies know them."""

    agency: str
    person: UUID | None
    name: str
    key: str
    force: str | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which actions to list; ``which``: mine, open, overdue, closed or all."""

    which: str = "all"
    ids: tuple[UUID, ...] | None = None
    discussions: tuple[UUID, ...] | None = None
    keys: tuple[str, ...] = ()
    limit: int = MOST
    offset: int = 0


async def actions(tx: Tx, wanted: Wanted) -> list[Action]:
    """Actions that the actor sees, the earliest due first, those that are over last."""
    rows = await tx.connection.fetch(
        queries.actions,
        None if wanted.ids is None else list(wanted.ids),
        None if wanted.discussions is None else list(wanted.discussions),
        wanted.which,
        tx.actor.id,
        list(wanted.keys),
        wanted.limit,
        tx.now,
        wanted.offset,
    )
    return [Action(**{**dict(row), "pathways": tuple(row["pathways"]), "areas": tuple(row["areas"])}) for row in rows]


async def lock(connection: Connection, action: UUID) -> bool:
    """Lock an action until the transaction ends; False where the actor may not change it."""
    return await connection.fetchval(queries.lock, action) is not None


async def add(tx: Tx, action: Action) -> None:
    """Write a new action."""
    await tx.connection.execute(
        queries.add_action,
        action.id,
        action.discussion,
        action.area,
        action.force,
        list(action.pathways),
        action.what,
        action.outcome_sought,
        action.owner_agency,
        action.owner_person,
        action.owner_name,
        action.owner_key,
        action.due_at,
        action.given_at,
    )


async def save(connection: Connection, action: Action) -> int:
    """Write what may change of an action, as its next version."""
    version: int = await connection.fetchval(
        queries.save,
        action.id,
        action.owner_agency,
        action.owner_person,
        action.owner_name,
        action.owner_key,
        action.force,
        action.due_at,
        action.accepted_at,
        action.sent_back_at,
        action.done_at,
        action.cancelled_at,
    )
    return version


async def add_event(
    tx: Tx,
    action: UUID,
    kind: str,
    *,
    at: datetime | None = None,
    note: str = "",
    evidence: str = "",
    due_at: datetime | None = None,
    owner: Owner | None = None,
    discussion: UUID | None = None,
) -> None:
    """Write what became of an action."""
    values: tuple[Any, ...] = (
        new_id(tx.now),
        action,
        kind,
        at or tx.now,
        tx.now,
        tx.actor.kind,
        tx.actor.id,
        note.strip(),
        evidence.strip(),
        due_at,
        owner.agency if owner else None,
        owner.name if owner else None,
        discussion,
    )
    await tx.connection.execute(queries.add_event, *values)


async def events(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Event]]:
    """What became of actions, in the order in which it was told."""
    found: dict[UUID, list[Event]] = {}
    for row in await connection.fetch(queries.events, list(ids)):
        values = dict(row)
        found.setdefault(values.pop("action"), []).append(Event(**values))
    return found


async def replace_conditions(connection: Connection, action: Action, stretches: Sequence[Overdue]) -> None:
    """Write anew from when until when an action was overdue."""
    await connection.execute(queries.drop_conditions, action.id)
    for each in stretches:
        await connection.execute(
            queries.add_condition,
            action.id,
            action.area,
            action.force,
            RULE,
            SUBJECT,
            each.episode,
            each.true_from,
            each.true_until,
            each.cause,
            action.owner_agency,
        )


async def conditions(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[Overdue]]:
    """From when until when actions were overdue, as it is stored."""
    found: dict[UUID, list[Overdue]] = {}
    for row in await connection.fetch(queries.conditions, list(ids)):
        stretch = Overdue(episode=row[1], true_from=row[2], true_until=row[3], cause=row[4])
        found.setdefault(row[0], []).append(stretch)
    return found


class Speaker(msgspec.Struct, frozen=True):
    """A person's name, and the agency, area and force they speak for by their role."""

    name: str
    agency: str
    area: str | None
    force: str | None


async def owner(connection: Connection, person: UUID, area: str) -> Speaker | None:
    """Whom a person speaks for, best in an area; None for somebody who may not sign in."""
    row = await connection.fetchrow(queries.owner, person, area)
    if row is None:
        return None
    if row["role"] == "police_liaison":
        return Speaker(row["name"], "police", None, row["force"])
    return Speaker(row["name"], row["agency"] or "childrens_social_care", row["area"], None)


async def earlier(connection: Connection, discussion: UUID, follows: UUID | None) -> list[UUID]:
    """The actions that a discussion opens with, the earliest due first."""
    return [row[0] for row in await connection.fetch(queries.earlier, discussion, follows)]


async def every(connection: Connection, after: UUID, limit: int) -> list[UUID]:
    """All actions in order of id, a part at a time."""
    return [row[0] for row in await connection.fetch(queries.every_action, after, limit)]
