"""Records of one child: what may be, what was settled, and which links hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from service.children.likeness import Candidate, Said
from service.database import Connection, Queries, Tx
from service.pathways.links.rules import Plan, Record, Stands, Verdict

queries = Queries(__package__ or "service.pathways.links")


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Two records that may be of one child, and why: one sentence for each field."""

    id: UUID
    area: str
    child: UUID
    other: UUID
    reasons: list[str]
    exact: bool
    found_at: datetime
    state: Literal["waiting", "same", "different"] = "waiting"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link as it was made; ``undone`` is the row that undid it."""

    id: UUID
    area: str
    kind: str
    child: UUID
    into_child: UUID
    pathways: list[UUID]
    made_restricted: list[UUID]
    reasons: list[str]
    undone: UUID | None


class LinkLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history of links. ``holds``: it was made and not undone; ``pathways`` were moved by it."""

    id: UUID
    kind: Literal["linked", "unlinked"]
    child: UUID
    into_child: UUID
    reasons: list[str]
    why: str
    at: datetime
    by: UUID
    by_name: str | None
    pathways: int
    holds: bool


class LookedAt(msgspec.Struct, frozen=True):
    """A child to look for. Field order is column order."""

    id: UUID
    area: str
    family_name: str
    given_names: str
    date_of_birth: object

    @property
    def said(self) -> Said:
        """As somebody might have typed it."""
        return msgspec.convert(
            {
                "family_name": self.family_name,
                "given_names": self.given_names,
                "date_of_birth": self.date_of_birth,
            },
            Said,
        )


async def wanted(connection: Connection, count: int) -> list[LookedAt]:
    """The next children to look for; they are looked at when the transaction commits."""
    ids = [row[0] for row in await connection.fetch(queries.wanted, count)]
    return [LookedAt(*row) for row in await connection.fetch(queries.looked_at, ids)] if ids else []


async def known_pairs(connection: Connection, child: UUID, others: Sequence[UUID]) -> set[UUID]:
    """Of these records, those nobody needs to be asked about beside ``child``."""
    return {row[0] for row in await connection.fetch(queries.known_pairs, child, list(others))}


async def linked_among(connection: Connection, children: Sequence[UUID]) -> set[UUID]:
    """Of these records, those that are linked to another."""
    return {row[0] for row in await connection.fetch(queries.linked_among, list(children))}


async def keep_match(tx: Tx, identity: UUID, area: str, child: UUID, candidate: Candidate) -> None:
    """Keep two records that may be of one child, unless they are kept."""
    await tx.connection.execute(
        queries.keep_match,
        identity,
        area,
        child,
        candidate.known.child,
        list(candidate.reasons),
        candidate.exact,
        candidate.score,
        tx.now,
    )


async def child_of(connection: Connection, pathway: UUID) -> tuple[UUID, str] | None:
    """The record that a pathway stands under, and its area."""
    row = await connection.fetchrow(queries.child_of, pathway)
    return (row[0], row[1]) if row else None


async def settle_match(tx: Tx, match: UUID, verdict: Verdict, why: str) -> None:
    """Keep what somebody said of two records."""
    await tx.connection.execute(queries.settle_match, match, verdict, tx.now, tx.actor.id, why)


async def settle_pair(tx: Tx, child: UUID, other: UUID, verdict: Verdict, why: str) -> None:
    """The same by the two records, where they were kept."""
    await tx.connection.execute(queries.settle_pair, child, other, verdict, tx.now, tx.actor.id, why)


async def waiting(connection: Connection, areas: Sequence[str], limit: int, offset: int) -> tuple[int, list[Match]]:
    """Pairs that nobody has settled, and how many."""
    total: int = await connection.fetchval(queries.count_waiting, list(areas))
    found = await connection.fetch(queries.waiting, list(areas), limit, offset)
    return total, [Match(**dict(row)) for row in found]


async def match(connection: Connection, identity: UUID) -> Match | None:
    """One pair, locked."""
    row = await connection.fetchrow(queries.match, identity)
    return Match(**dict(row)) if row else None


async def records(connection: Connection, children: Sequence[UUID]) -> dict[UUID, Record]:
    """What the actor may see of these records."""
    return {row["id"]: Record(**dict(row)) for row in await connection.fetch(queries.records, list(children))}


async def pathways_of(connection: Connection, children: Sequence[UUID]) -> list[Stands]:
    """Incidents of these records, the latest first."""
    return [Stands(**dict(row)) for row in await connection.fetch(queries.pathways_of, list(children))]


async def lock_children(connection: Connection, children: Sequence[UUID]) -> None:
    """Lock records in id order until the transaction ends."""
    await connection.fetch(queries.lock_children, list(children))


async def move(connection: Connection, plan: Plan, into: UUID) -> None:
    """Let pathways stand under another record."""
    await connection.execute(queries.move, list(plan.move), into, list(plan.restrict))


async def move_back(connection: Connection, link: Link, pathways: Sequence[UUID]) -> list[UUID]:
    """Let these pathways stand again under the record that was linked."""
    rows = await connection.fetch(queries.move_back, list(pathways), link.child, link.made_restricted)
    return [row[0] for row in rows]


async def stand(connection: Connection, child: UUID, under: UUID | None) -> None:
    """Under which record one stands now, with what stood under it."""
    await connection.execute(queries.stand, child, under)
    if under is None:
        await connection.execute(queries.stand_again, child)


async def insert_link(tx: Tx, identity: UUID, link: Link, why: str, *, undoes: UUID | None = None) -> None:
    """Write who linked or unlinked what, and why."""
    await tx.connection.execute(
        queries.insert_link,
        identity,
        link.area,
        link.kind,
        link.child,
        link.into_child,
        undoes,
        link.pathways,
        link.made_restricted,
        link.reasons,
        why,
        tx.now,
        tx.actor.id,
    )


async def link(connection: Connection, identity: UUID) -> Link | None:
    """One link."""
    row = await connection.fetchrow(queries.link, identity)
    return Link(**dict(row)) if row else None


async def history(connection: Connection, child: UUID) -> list[LinkLine]:
    """What was linked and unlinked about a record, the latest first."""
    return [LinkLine(**dict(row)) for row in await connection.fetch(queries.history, child)]
