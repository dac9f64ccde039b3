"""Reads and writes what the measures are added up from. Only the system may: what leaves is figures."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET, UnsetType

from service.actor import SYSTEM
from service.database import Connection, Queries, Tx
from service.meetings.acting.rules import Event
from service.reports.measures.rules.acted import Given
from service.reports.measures.rules.changes import Facts
from service.reports.measures.rules.records import Key, bin_of

queries: Final = Queries(__package__ or "service.reports.measures")
_encoder: Final = msgspec.msgpack.Encoder()


#: Records by bin, as a unit keeps them: area, force, district, kind, quarter, records.
_decoder: Final = msgspec.msgpack.Decoder(list[tuple[str, str, str, str, date, bytes]])


class Described(NamedTuple):
    """What a pathway is counted by, besides its milestones. Field order is column order."""

    pathway: UUID
    incident: UUID
    child: UUID
    district: str
    coverage: str
    sex: str
    ethnicity: str | None
    disability: str | None


class ChildBefore(msgspec.Struct, frozen=True, kw_only=True):
    """What a child's record said before it was changed; unset where that has not changed."""

    sex: str | UnsetType = UNSET
    ethnicity: str | UnsetType | None = UNSET
    disability: str | UnsetType | None = UNSET
    date_of_birth: date | UnsetType | None = UNSET
    expected_date_of_birth: date | UnsetType | None = UNSET
    school_status: str | UnsetType = UNSET


_OF_A_CHILD: Final = frozenset(ChildBefore.__struct_fields__)


class Unit(NamedTuple):
    """What was counted of one child or one incident."""

    unit: UUID
    areas: tuple[str, ...]
    force: str
    recorded_at: datetime
    facts: Facts


@asynccontextmanager
async def as_system(tx: Tx) -> AsyncIterator[Tx]:
    """Read as the system for as long as it lasts; for functions that return figures and nothing else."""
    await tx.connection.execute(queries.become, SYSTEM.kind, "")
    yield Tx(tx.connection, SYSTEM, tx.now, tx.memo)
    # When something is raised the transaction ends, and its settings with it.
    await tx.connection.execute(queries.become, tx.actor.kind, str(tx.actor.id or ""))


async def is_snapshot(connection: Connection) -> bool:
    """Whether every statement of the transaction sees the same rows."""
    found: str = await connection.fetchval(queries.isolation)
    return found in ("repeatable read", "serializable")


async def places(connection: Connection) -> tuple[list[str], list[str]]:
    """Codes of all areas and all forces."""
    row = await connection.fetchrow(queries.places)
    return (list(row[0]), list(row[1])) if row else ([], [])


async def only_one(connection: Connection) -> bool:
    """Whether this transaction is the one that folds."""
    found: bool = await connection.fetchval(queries.only_one_folds)
    return found


async def changes(connection: Connection, count: int) -> list[tuple[int, UUID, UUID]]:
    """The oldest changes that have not been folded: (id, child, incident)."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(queries.changes, count)]


async def pending(
    connection: Connection, areas: Sequence[str] | None, force: str | None, count: int
) -> list[tuple[UUID, UUID]]:
    """Children and incidents that changed and have not been folded, at most ``count``."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.pending, areas, force, count)]


async def count_changes(connection: Connection, areas: Sequence[str] | None, force: str | None) -> int:
    """How many changes have not been folded."""
    found: int = await connection.fetchval(queries.count_changes, areas, force)
    return found


async def pathways_of(connection: Connection, children: Iterable[UUID], incidents: Iterable[UUID]) -> list[Described]:
    """All pathways of children and of incidents."""
    rows = await connection.fetch(queries.pathways_of, list(children), list(incidents))
    return [Described(*row) for row in rows]


async def authorised(connection: Connection, pathways: Sequence[UUID]) -> frozenset[UUID]:
    """Corrections on these pathways to which a second person agreed."""
    return frozenset(row[0] for row in await connection.fetch(queries.authorised, list(pathways)))


async def units(connection: Connection, which: Sequence[UUID]) -> dict[UUID, Facts]:
    """What was counted of these, as last folded."""
    return {row[0]: _facts(row[1]) for row in await connection.fetch(queries.units, list(which))}


async def all_units(connection: Connection, after: UUID, count: int) -> list[tuple[UUID, Facts]]:
    """The next units in the order of their ids."""
    return [(row[0], _facts(row[1])) for row in await connection.fetch(queries.all_units, after, count)]


def _facts(data: bytes) -> Facts:
    return {bin_of(*part[:5]): part[5] for part in _decoder.decode(data)}


async def write_units(connection: Connection, counted: Sequence[Unit]) -> None:
    """Keep what was counted; a unit without anything goes."""
    gone = [each.unit for each in counted if not each.facts]
    if gone:
        await connection.execute(queries.drop_units, gone)
    kept = [each for each in counted if each.facts]
    if not kept:
        return
    await connection.execute(
        queries.write_units,
        [each.unit for each in kept],
        [",".join(each.areas) for each in kept],
        [each.force for each in kept],
        [each.recorded_at for each in kept],
        [_packed(each.facts) for each in kept],
    )


def _packed(facts: Facts) -> bytes:
    return _encoder.encode([(*key, facts[key]) for key in sorted(facts)])


async def some_bins(connection: Connection, keys: Sequence[Key]) -> dict[Key, bytes]:
    """These bins, where they are there."""
    rows = await connection.fetch(queries.some_bins, *_columns(keys))
    return {Key(*row[:5]): row[5] for row in rows}


async def write_bins(connection: Connection, bins: Mapping[Key, bytes]) -> None:
    """Write bins; those that hold nothing any more go."""
    if not bins:
        return
    keys = list(bins)
    await connection.execute(queries.write_bins, *_columns(keys), [bins[key] for key in keys])
    empty = [key for key in keys if not bins[key]]
    if empty:
        await connection.execute(queries.drop_empty_bins, *_columns(empty))


def _columns(keys: Sequence[Key]) -> list[list[object]]:
    return [[key[place] for key in keys] for place in range(5)]


async def folded(connection: Connection, changes_done: Sequence[int], rules: str) -> None:
    """These changes are in the bins now, counted by these rules."""
    await connection.execute(queries.folded, list(changes_done))
    await connection.execute(queries.counted_first, rules)


async def counted_by_others(connection: Connection, rules: str) -> bool:
    """Whether anything in the bins was counted by other rules than these."""
    found: bool = await connection.fetchval(queries.other_rules, rules)
    return found


async def bins(
    connection: Connection, areas: Sequence[str] | None, force: str | None, district: str | None
) -> list[asyncpg.Record]:
    """Bins of some areas, a force, a district: (area, force, district, kind, quarter, records)."""
    return list(await connection.fetch(queries.bins, areas, force, district))


async def each_bin(connection: Connection) -> AsyncIterator[tuple[Key, bytes]]:
    """Every bin, one after the other."""
    async for row in connection.cursor(queries.bins, None, None, None, prefetch=200):
        yield Key(*row[:5]), row[5]


async def recorded_after(
    connection: Connection, instant: datetime, areas: Sequence[str] | None, force: str | None
) -> tuple[list[UUID], list[UUID]]:
    """Children and incidents about which anything was recorded after an instant."""
    found = [row[0] for row in await connection.fetch(queries.recorded_after, instant, areas, force)]
    return await by_kind(connection, found)


async def children_before(
    connection: Connection, instant: datetime, areas: Sequence[str] | None, force: str | None
) -> dict[UUID, ChildBefore]:
    """Children whose record was changed after an instant, with what it said before, where the audit still knows."""
    found: dict[UUID, dict[str, str | None]] = {}
    for child, changed in await connection.fetch(queries.children_changed, instant, areas, force):
        for column, values in changed.items():
            if column in _OF_A_CHILD and isinstance(values, list):
                found.setdefault(child, {})[column] = values[0]
    return {child: msgspec.convert(columns, ChildBefore) for child, columns in found.items()}


async def by_kind(connection: Connection, which: Sequence[UUID]) -> tuple[list[UUID], list[UUID]]:
    """Of these units, the children and the incidents."""
    children = {row[0] for row in await connection.fetch(queries.unit_kinds, list(which))}
    return [unit for unit in which if unit in children], [unit for unit in which if unit not in children]


async def open_units(connection: Connection, areas: Sequence[str] | None, force: str | None) -> list[tuple[UUID, UUID]]:
    """(child, incident) of every pathway with a clock that runs."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.open_units, areas, force)]


async def clear(connection: Connection, rules: str) -> None:
    """Forget everything that was counted, and have all of it counted by these rules."""
    await connection.execute(queries.clear_bins)
    await connection.execute(queries.clear_units)
    await connection.execute(queries.clear_changes)
    await change_all(connection, rules)


async def change_all(connection: Connection, rules: str) -> None:
    """Have everything counted again, by these rules."""
    await connection.execute(queries.change_all)
    await connection.execute(queries.counted_by, rules)


async def change_missing(connection: Connection) -> None:
    """Have counted what nobody has counted."""
    await connection.execute(queries.change_missing)


async def oldest_transaction(connection: Connection) -> datetime | None:
    """When the oldest transaction began that is still under way, this one apart."""
    found: datetime | None = await connection.fetchval(queries.oldest_transaction)
    return found


async def live(
    connection: Connection, areas: Sequence[str] | None, force: str | None, grade: str | None, district: str | None
) -> int:
    """Pathways that wait for a first decision now, from the records themselves."""
    found: int = await connection.fetchval(queries.live, areas, force, grade, district)
    return found


async def caseloads(connection: Connection, areas: Sequence[str] | None, force: str | None) -> list[asyncpg.Record]:
    """(worker, team, name of the team, pathways, children)."""
    return list(await connection.fetch(queries.caseloads, areas, force))


async def whole_caseloads(
    connection: Connection, areas: Sequence[str] | None, since: date, today: date
) -> list[tuple[str, str | None, int | None]]:
    """(worker, team, all their cases as counted between two days; None: not known)."""
    rows = await connection.fetch(queries.whole_caseloads, areas, since, today)
    return [(row[0], row[1], row[2]) for row in rows]


async def given(
    connection: Connection,
    areas: Sequence[str] | None,
    force: str | None,
    district: str | None,
    grade: str | None,
    *,
    since: datetime,
    instant: datetime,
) -> list[Given]:
    """Actions as they were known at an instant: all that fell due since another one, or were not over."""
    rows = await connection.fetch(queries.given, areas, force, district, grade, since, instant)
    told: dict[UUID, list[Event]] = {row[0]: [] for row in rows}
    for action, identity, kind, at, recorded_at, due_at, agency in await connection.fetch(
        queries.events_of_given, list(told), instant
    ):
        event = Event(
            id=identity, kind=kind, at=at, recorded_at=recorded_at, by_name=None, note="", evidence="", due_at=due_at,
            owner_agency=agency, owner_name=None, discussion=None,
        )  # fmt: skip
        told[action].append(event)
    return [Given(events=told[row[0]], children=frozenset(row[1]), incidents=frozenset(row[2])) for row in rows]


async def profiles(connection: Connection) -> list[tuple[str, str]]:
    """(force, profile) of every feed."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.profiles)]


async def small_numbers(connection: Connection, areas: Sequence[str]) -> int:
    """The largest number that counts as small in any of these areas, or of those whose boards have members in common
    with theirs; 5 where none is named.
    """
    found: int = await connection.fetchval(queries.small_numbers, list(areas))
    return found


async def known_by(connection: Connection, areas: Sequence[str], instant: datetime) -> bool:
    """Whether anything was on the books of any of these areas by an instant."""
    found: bool = await connection.fetchval(queries.known_by, list(areas), instant)
    return found


async def issued(connection: Connection, areas: Sequence[str], first: date, last: date) -> dict[str, int | None] | None:
    """What the latest issue of one area's report of a period told of its counts; None where there is none."""
    if len(areas) != 1:
        return None
    found: dict[str, int | None] | None = await connection.fetchval(queries.issued, areas[0], first, last)
    return found
