"""Writes a synthetic partnership and what a watcher would have noticed of it. Runs as the system."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from service.database import Connection, Queries
from service.flags.rules import Raised

queries: Final = Queries("service.demo")

Rows = Sequence[tuple[Any, ...]]
#: A flag that stands: itself, when it was noticed, area, force.
Standing = tuple[Raised, datetime, str | None, str | None]


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


async def _insert(connection: Connection, query: str, rows: Rows, *more: object) -> None:
    if rows:
        await connection.execute(query, *_columns(rows), *more)


async def write_places(
    connection: Connection,
    *,
    forces: Rows,
    areas: Rows,
    force_areas: Rows,
    districts: Rows,
    teams: Rows,
    schools: Rows,
    feeds: Rows,
) -> None:
    """Write where things happen; rows are in column order."""
    await _insert(connection, queries.insert_forces, forces)
    await _insert(connection, queries.insert_areas, areas)
    await _insert(connection, queries.insert_force_areas, force_areas)
    await _insert(connection, queries.insert_districts, districts)
    await _insert(connection, queries.insert_teams, teams)
    await _insert(connection, queries.insert_schools, schools)
    await _insert(connection, queries.insert_feeds, feeds)


async def write_people(
    connection: Connection, *, people: Rows, roles: Rows, deciders: Rows, password_hash: str, since: datetime
) -> None:
    """Write who may sign in, all with one password, in their posts since ``since``."""
    await _insert(connection, queries.insert_people, people, password_hash, since)
    await _insert(connection, queries.insert_roles, roles, since)
    await _insert(connection, queries.insert_deciders, deciders, since)


async def open_incidents(connection: Connection, incidents: Rows) -> dict[str, UUID]:
    """Open incidents; their ids by reference."""
    if not incidents:
        return {}
    rows = await connection.fetch(queries.open_incidents, *_columns(incidents))
    return {row[0]: row[1] for row in rows}


async def write_children(connection: Connection, children: Rows) -> None:
    """Write children."""
    await _insert(connection, queries.insert_children, children)


async def children_by_reference(connection: Connection, references: Sequence[str]) -> dict[str, UUID]:
    """Of these children, those that are there: ids by local reference."""
    return {row[0]: row[1] for row in await connection.fetch(queries.children_by_reference, list(references))}


async def write_transfers(connection: Connection, transfers: Rows) -> None:
    """Write transfers, accepted and open."""
    await _insert(connection, queries.insert_transfers, transfers)


async def further_incidents_of_declined(connection: Connection, pathways: Sequence[UUID]) -> list[UUID]:
    """Pathways of those children of these pathways of whom a notice was declined."""
    return [row[0] for row in await connection.fetch(queries.further_incidents_of_declined, list(pathways))]


async def notice_conditions(connection: Connection, pathways: Sequence[UUID], now: datetime) -> None:
    """Raise the flags that a watcher would have raised on these pathways by now."""
    await connection.execute(queries.notice_conditions, list(pathways), now)


async def write_flags(connection: Connection, flags: Rows) -> None:
    """Write flags that were raised of what was corrected since."""
    await _insert(connection, queries.insert_flags, flags)


async def corrected(connection: Connection, pathways: Sequence[UUID]) -> list[UUID]:
    """Those of these pathways on which anything was corrected."""
    return [row[0] for row in await connection.fetch(queries.corrected, list(pathways))]


async def standing_flags(connection: Connection, now: datetime, pathways: Sequence[UUID]) -> list[Standing]:
    """Flags that stand on these pathways, oldest first."""
    return [
        (
            Raised(
                id=row[0],
                rule=row[1],
                subject=row[2],
                holder=row[3],
                true_from=row[4],
                true_until=row[5],
                version=row[6],
            ),
            row[7],
            row[8],
            row[9],
        )
        for row in await connection.fetch(queries.standing_flags, now, list(pathways))
    ]


async def climb_ladders(connection: Connection, now: datetime) -> None:
    """Take every step whose time had come, at its time."""
    await connection.execute(queries.past_steps, now)


async def date_messages(connection: Connection, now: datetime, pathways: Sequence[UUID]) -> None:
    """Date the messages about these pathways from when their flag was noticed, as sent then."""
    await connection.execute(queries.past_messages, now, list(pathways))


async def write_answers(connection: Connection, answers: Rows) -> None:
    """Write answers and acknowledgements."""
    await _insert(connection, queries.insert_answers, answers)


async def write_lapses(connection: Connection, lapses: Rows, now: datetime) -> None:
    """Plan the end of answers' time."""
    await _insert(connection, queries.insert_lapses, lapses, now)


async def write_heartbeats(connection: Connection, beats: Rows) -> None:
    """Write when the watcher and the feeds were last heard of."""
    await _insert(connection, queries.insert_heartbeats, beats)


async def analyse(connection: Connection) -> None:
    """Tell the planner what is there now, rather than when it next looks."""
    await connection.execute(queries.coarsely)
    await connection.execute(queries.analyse)


async def known_people(connection: Connection) -> dict[str, UUID]:
    """Everybody's id by what they sign in with."""
    return {row[0]: row[1] for row in await connection.fetch(queries.known_people)}


async def known_teams(connection: Connection) -> dict[tuple[str, str], UUID]:
    """Ids of teams by area and name."""
    return {(row[0], row[1]): row[2] for row in await connection.fetch(queries.known_teams)}


async def known_schools(connection: Connection) -> dict[tuple[str, str], UUID]:
    """Ids of schools by area and name."""
    return {(row[0], row[1]): row[2] for row in await connection.fetch(queries.known_schools)}


async def begin_past(connection: Connection, name: str, now: datetime, detail: dict[str, object]) -> None:
    """Note how much of the synthetic past is there."""
    await connection.execute(queries.begin_past, name, now, detail)


async def past(connection: Connection, name: str, *, lock: bool = False) -> dict[str, Any] | None:
    """How much of the synthetic past is there; with ``lock`` nobody else loads meanwhile."""
    found: dict[str, Any] | None = await connection.fetchval(queries.past_locked if lock else queries.past, name)
    return found


async def past_left(connection: Connection, name: str) -> int:
    """How much of the synthetic past is still to come."""
    found: int = await connection.fetchval(queries.past_left, name)
    return found


async def advance_past(connection: Connection, name: str, now: datetime, done: int) -> None:
    """So much is there now."""
    await connection.execute(queries.advance_past, name, now, done)


async def promises_there(connection: Connection) -> bool:
    """Whether anything has been promised yet."""
    found: bool = await connection.fetchval(queries.promises_there)
    return found


async def managers(connection: Connection) -> list[tuple[str, UUID, str]]:
    """One manager of each area: (area, person, name)."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(queries.managers)]


async def discussions_there(connection: Connection) -> bool:
    """Whether any discussion has been asked for."""
    found: bool = await connection.fetchval(queries.discussions_there)
    return found


async def told_of_discussions(connection: Connection, since: datetime, kinds: Sequence[str]) -> list[Any]:
    """Facts of discussions since an instant, in order, each with the pathways it covers."""
    return await connection.fetch(queries.told_of_discussions, since, list(kinds))


async def posts(connection: Connection) -> list[Any]:
    """People who convene discussions or take part in them."""
    return await connection.fetch(queries.posts)
