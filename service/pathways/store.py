"""Reads histories and writes milestones and what follows from them.

Every function takes a connection whose transaction already runs as an actor. Writes are one
statement a table, so that a file of thousands of children and a notice of two cost about the same
number of round trips.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import astuple

from schema.calendars import Calendar, encode_calendar
from schema.spine import Derived, History, Milestone, PathwayFacts, RaisedFlag
from schema.standards import Standard, encode_standard
from service.actor import Actor
from service.database import Connection, Queries, Tx
from service.pathways import bulk

queries = Queries(__package__ or "service.pathways")
_STATES: Final = bulk.together(queries.tell_changes, queries.upsert_states)
_FEW: Final = bulk.together(
    queries.insert_waits,
    queries.insert_segments,
    queries.insert_clocks,
    queries.insert_conditions,
    queries.tell_changes,
    queries.upsert_states,
)


class Subject(msgspec.Struct, frozen=True):
    """A pathway with the two rows it stands between; what rules see of it is ``facts``."""

    facts: PathwayFacts
    incident: UUID
    child: UUID


class NewPathway(msgspec.Struct, frozen=True):
    """A pathway to open: one child in one incident. ``first_seen_at`` is told of a replayed past only."""

    subject: Subject
    restricted: bool = False
    first_seen_at: datetime | None = None


class Written(msgspec.Struct, frozen=True):
    """A milestone as it goes into the table, with what rules do not look at.

    ``recorded_by`` is the person of a replayed past; whatever is recorded now is recorded by the actor.
    """

    milestone: Milestone
    pathway: UUID
    area: str
    force: str
    origin: UUID | None = None
    reason: str | None = None
    authorised_by: UUID | None = None
    recorded_by: UUID | None = None


async def visible(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, tuple[str, str, UUID]]:
    """Of these pathways, those the actor may act on: (area, force, child) by id."""
    rows = await connection.fetch(queries.visible, list(pathways))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def lock(connection: Connection, pathways: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Lock pathways in id order until the transaction ends; area and force, as they are once locked, of each."""
    return {row[0]: (row[1], row[2]) for row in await connection.fetch(queries.lock, list(pathways))}


async def of_children(connection: Connection, children: Iterable[UUID]) -> set[UUID]:
    """Every pathway of these children."""
    return {row[0] for row in await connection.fetch(queries.of_children, list(children))}


async def of_same_children(connection: Connection, pathways: Iterable[UUID], declined: Iterable[UUID]) -> set[UUID]:
    """Every pathway of the children of those of these pathways whose notice was ever declined.

    ``declined`` are those being declined just now.
    """
    rows = await connection.fetch(queries.of_same_children, list(pathways), list(declined))
    return {row[0] for row in rows}


async def children_of(connection: Connection, pathways: Iterable[UUID]) -> set[UUID]:
    """The children of pathways."""
    return {row[0] for row in await connection.fetch(queries.children_of, list(pathways))}


async def subjects(connection: Connection, pathways: Iterable[UUID]) -> dict[UUID, Subject]:
    """The facts of pathways, as they stand now."""
    rows = await connection.fetch(queries.facts, list(pathways))
    declined: dict[UUID, list[tuple[UUID, datetime]]] = {}
    for row in await connection.fetch(queries.not_shared_of_children, list({row[9] for row in rows})):
        declined.setdefault(row[0], []).append((row[1], row[2]))
    found = {}
    for row in rows:
        others = declined.get(row[9])
        facts = PathwayFacts(
            id=row[0],
            area=row[1],
            force=row[2],
            involvement=row[3],
            date_of_birth=row[4],
            expected_date_of_birth=row[5],
            school_status=row[6],
            coverage=row[7],
            earlier_not_shared=tuple(each for each in others if each[0] != row[0]) if others else (),
        )
        found[row[0]] = Subject(facts, row[8], row[9])
    return found


async def milestones(connection: Connection, pathways: Iterable[UUID]) -> dict[UUID, list[Milestone]]:
    """All milestones of pathways, superseded and retracted ones included."""
    found: dict[UUID, list[Milestone]] = {}
    for row in await connection.fetch(queries.milestones, list(pathways)):
        # The query names the columns in the order of the struct.
        milestone = Milestone(*row[1:])
        if row[0] in found:
            found[row[0]].append(milestone)
        else:
            found[row[0]] = [milestone]
    return found


async def raised(connection: Connection, pathways: Iterable[UUID]) -> dict[UUID, list[RaisedFlag]]:
    """Flags raised on pathways."""
    found: dict[UUID, list[RaisedFlag]] = {}
    for row in await connection.fetch(queries.flags, list(pathways)):
        found.setdefault(row[0], []).append(
            RaisedFlag(rule=row[1], subject=row[2], episode=row[3], true_from=row[4], noticed_at=row[5])
        )
    return found


async def histories(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, tuple[Subject, History]]:
    """Everything evaluation needs of these pathways, in id order."""
    known = await subjects(connection, pathways)
    happened = await milestones(connection, pathways)
    flags = await raised(connection, pathways)
    return {
        pathway: (
            subject,
            History(
                pathway=subject.facts,
                milestones=tuple(happened.get(pathway, ())),
                flags=tuple(flags.get(pathway, ())),
            ),
        )
        for pathway, subject in known.items()
    }


async def insert_milestones(connection: Connection, rows: Sequence[Written], actor: Actor) -> None:
    """Write milestones recorded by ``actor``; the database adds its own time beside ours."""
    made = [
        (
            row.milestone.id,
            row.pathway,
            row.area,
            row.force,
            row.milestone.record,
            row.milestone.root,
            row.milestone.kind,
            row.milestone.at,
            row.milestone.on,
            row.milestone.precision,
            row.milestone.source,
            row.milestone.recorded_at,
            row.origin,
            row.milestone.outcome,
            row.milestone.detail,
            row.milestone.supersedes,
            row.milestone.retracted,
            row.reason,
            row.authorised_by,
            "person" if row.recorded_by else actor.kind,
            row.recorded_by or actor.id,
        )
        for row in rows
    ]
    await bulk.insert(connection, "milestone", made, queries.insert_milestones)


async def open_pathways(connection: Connection, pathways: Sequence[NewPathway], now: datetime) -> None:
    """Create pathways, if there are any; their milestones follow through the one door."""
    if not pathways:
        return
    columns = bulk.columns(
        [
            (
                new.subject.facts.id,
                new.subject.incident,
                new.subject.child,
                new.subject.facts.area,
                new.subject.facts.force,
                new.subject.facts.involvement,
                new.restricted,
                new.first_seen_at or now,
            )
            for new in pathways
        ],
        8,
    )
    await connection.execute(queries.open_pathways, *columns)


class DerivedRows(msgspec.Struct):
    """What is derived, as rows of the tables in column order."""

    states: list[tuple[Any, ...]] = []
    segments: list[tuple[Any, ...]] = []
    clocks: list[tuple[Any, ...]] = []
    waits: list[tuple[Any, ...]] = []
    conditions: list[tuple[Any, ...]] = []


def add_rows(rows: DerivedRows, subject: Subject, history: History, derived: Derived) -> None:
    """Append one pathway's derived rows. Conditions whose flag was raised are marked so."""
    facts, state = subject.facts, derived.state
    pathway, area, force = facts.id, facts.area, facts.force
    waiting = next((wait.since for wait in derived.waits if wait.until is None), None)
    due_started = next(
        (
            clock.started_at
            for clock in derived.clocks
            if clock.standard == state.next_due_standard and clock.due_at == state.next_due_at
        ),
        None,
    )
    rows.states.append(
        (
            pathway,
            area,
            force,
            subject.incident,
            subject.child,
            state.first_grade,
            state.grade,
            state.urgent,
            state.stage,
            state.holder,
            state.held_since,
            state.aware_at,
            state.aware_on,
            state.submitted_at,
            state.shared_at,
            state.received_at,
            state.not_shared_at,
            state.decided_at,
            state.outcome,
            state.allocated_to,
            state.allocated_team,
            state.allocation_wanted,
            state.closed_at,
            state.withdrawn,
            state.next_due_at,
            state.next_due_standard,
            due_started,
            waiting,
        )
    )
    for seq, segment in enumerate(derived.segments):
        rows.segments.append((pathway, seq, area, force, *astuple(segment)))
    for clock in derived.clocks:
        standard, episode, *rest = astuple(clock)
        rows.clocks.append((pathway, standard, episode, area, force, *rest))
    for seq, wait in enumerate(derived.waits):
        rows.waits.append((pathway, seq, area, force, *astuple(wait)))
    flagged = {(flag.rule, flag.subject, flag.episode) for flag in history.flags}
    # A condition that approached and the one it became have the same evidence.
    arrays: dict[tuple[UUID, ...], str] = {}
    for condition in derived.conditions:
        rule, subject_, episode, true_from, true_until, cause, holder, evidence = astuple(condition)
        array = arrays.get(evidence)
        if array is None:
            array = arrays[evidence] = _array(evidence)
        rows.conditions.append(
            (
                pathway,
                area,
                force,
                rule,
                subject_,
                episode,
                true_from,
                true_until,
                cause,
                holder,
                array,
                (rule, subject_, episode) in flagged,
            )
        )


def _array(ids: Sequence[UUID]) -> str:
    """Ids as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, ids)) + "}"


async def write_derived(connection: Connection, rows: DerivedRows, *, replace: Sequence[UUID]) -> None:
    """Write derived rows; those that stood for the pathways of ``replace`` go first."""
    if replace:
        await connection.execute(queries.clear_derived, list(replace))
    if len(rows.clocks) + len(rows.conditions) < bulk.FEW:
        columns = (
            *bulk.columns(rows.waits, 10),
            *bulk.columns(rows.segments, 10),
            *bulk.columns(rows.clocks, 20),
            *bulk.columns(rows.conditions, 12),
        )
        await connection.execute(_FEW, *columns, *_changed_states(rows))
        return
    if bulk.is_many(rows.states):
        await bulk.insert_many(connection, "state", rows.states)
    else:
        await connection.execute(_STATES, *_changed_states(rows))
    if rows.waits:
        await connection.execute(queries.insert_waits, *bulk.columns(rows.waits, 10))
    await bulk.insert(connection, "segment", rows.segments, queries.insert_segments)
    await bulk.insert(connection, "clock", rows.clocks, queries.insert_clocks)
    await bulk.insert(connection, "condition", rows.conditions, queries.insert_conditions)


def _changed_states(rows: DerivedRows) -> list[list[Any]]:
    """The arguments of `_STATES`."""
    states = bulk.columns(rows.states, 28)
    return [states[4], states[3], states[1], states[2], *states]


async def stored_derived(connection: Connection, pathways: Sequence[UUID]) -> DerivedRows:
    """The derived rows that stand for these pathways now, in the shape `add_rows` makes."""
    ids = list(pathways)

    async def part(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await connection.fetch(query, ids)]

    return DerivedRows(
        states=await part(queries.stored_states),
        segments=await part(queries.stored_segments),
        clocks=await part(queries.stored_clocks),
        waits=await part(queries.stored_waits),
        conditions=await part(queries.stored_conditions),
    )


async def pathways_after(connection: Connection, after: UUID, count: int) -> list[UUID]:
    """The next ``count`` pathway ids, for work that goes through all of them in id order."""
    return [row[0] for row in await connection.fetch(queries.pathways_after, after, count)]


async def count_pathways(connection: Connection) -> int:
    """How many pathways there are."""
    found: int = await connection.fetchval(queries.count_pathways)
    return found


async def rule_versions(connection: Connection) -> tuple[int, int]:
    """The newest standard's sequence number and the newest calendar's version."""
    row = await connection.fetchrow(queries.rule_versions)
    return (row[0], row[1]) if row else (0, 0)


async def rule_bodies(connection: Connection) -> tuple[list[str], list[str]]:
    """All standards and calendars as recorded, as JSON text, in order."""
    return (
        [row[0] for row in await connection.fetch(queries.standards)],
        [row[0] for row in await connection.fetch(queries.calendars)],
    )


async def insert_standard(connection: Connection, standard: Standard, by: UUID | None) -> bool:
    """Record a standard; False when this version is there already."""
    made = await connection.fetchval(
        queries.insert_standard,
        standard.id,
        standard.key,
        standard.area,
        standard.effective_from,
        standard.recorded_at,
        by,
        encode_standard(standard).decode(),
    )
    return made is not None


async def insert_calendar(connection: Connection, calendar: Calendar, by: UUID | None) -> None:
    """Record a version of the calendar, unless it is there."""
    await connection.execute(
        queries.insert_calendar, calendar.number, calendar.recorded_at, by, encode_calendar(calendar).decode()
    )


async def queue(connection: Connection, identity: UUID, kind: str, subject: UUID, now: datetime) -> None:
    """Queue work for the workers, in the transaction that makes it necessary."""
    await connection.execute(queries.queue, identity, kind, subject, now)


async def open_after(connection: Connection, after: UUID, count: int) -> list[UUID]:
    """The next ``count`` pathways with a clock that runs, in id order."""
    return [row[0] for row in await connection.fetch(queries.open_after, after, count)]


async def chain(connection: Connection, milestone: UUID) -> list[asyncpg.Record]:
    """One fact with its corrections, in every pathway that it covers."""
    return list(await connection.fetch(queries.chain, milestone))


async def fact(connection: Connection, milestone: UUID) -> asyncpg.Record | None:
    """A milestone that the actor sees: what it tells, and of which record it is."""
    return await connection.fetchrow(queries.fact, milestone)


async def next_due(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, tuple[str, datetime, bool]]:
    """The earliest open due time of each pathway: (standard, due instant, ends at a day's end)."""
    rows = await connection.fetch(queries.next_due, list(pathways))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


async def propose(tx: Tx, identity: UUID, milestone: UUID, body: dict[str, Any], standards: Sequence[str]) -> None:
    """Keep a correction until a second person has judged it."""
    async with tx.recording():
        rows = await chain(tx.connection, milestone)
        target = next(row for row in rows if row["id"] == milestone)
        places = await visible(tx.connection, [target["pathway"]])
    area, force, _ = places[target["pathway"]]
    await tx.connection.execute(
        queries.propose,
        identity,
        milestone,
        area,
        force,
        body,
        list(standards),
        tx.actor.kind,
        tx.actor.id,
        tx.now,
        target["pathway"],
    )


async def proposals(connection: Connection) -> list[asyncpg.Record]:
    """Corrections that wait for a second person."""
    return list(await connection.fetch(queries.proposals))


async def proposal(connection: Connection, identity: UUID) -> asyncpg.Record | None:
    """One proposed correction, locked."""
    return await connection.fetchrow(queries.proposal, identity)


async def decide_proposal(tx: Tx, identity: UUID, *, agree: bool) -> None:
    """Remember the second person's verdict."""
    await tx.connection.execute(queries.decide_proposal, identity, tx.actor.id, tx.now, agree)
