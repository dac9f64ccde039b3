"""From milestones to what is counted: of children and incidents, as known now or as known at an instant."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from schema.spine import History, Milestone
from service.clocks import Rulebook, evaluate
from service.clocks.local_time import local_day
from service.clocks.order import in_order
from service.database import Connection
from service.pathways import store as pathways
from service.reports.measures import store
from service.reports.measures.rules import records
from service.reports.measures.rules.pathways import AT_SCHOOL, Told, events_of, grade_number
from service.reports.measures.rules.records import Key, Keyed
from service.reports.measures.rules.units import child_records, incident_records
from service.reports.measures.store import ChildBefore, Described, Unit

#: After so many pathways, some milliseconds, others get a turn.
_TURN: Final = 8
Chosen = Callable[[Milestone], bool]


async def count(
    connection: Connection, children: Iterable[UUID], incidents: Iterable[UUID], rulebook: Rulebook
) -> list[Unit]:
    """What is to be counted of each child and each incident, as known now. Runs as the system."""
    return await (await Books.read(connection, children, incidents)).count(rulebook)


class Books(msgspec.Struct, frozen=True):
    """All that is on the books of some children and some incidents."""

    children: list[UUID]
    incidents: list[UUID]
    described: list[Described]
    subjects: dict[UUID, pathways.Subject]
    milestones: dict[UUID, list[Milestone]]
    authorised: frozenset[UUID]

    @classmethod
    async def read(cls, connection: Connection, children: Iterable[UUID], incidents: Iterable[UUID]) -> "Books":
        """Read them, in a transaction as the system."""
        of_children, of_incidents = list(dict.fromkeys(children)), list(dict.fromkeys(incidents))
        described = await store.pathways_of(connection, of_children, of_incidents)
        described.sort(key=lambda row: row.pathway)
        ids = [each.pathway for each in described]
        return cls(
            of_children,
            of_incidents,
            described,
            await pathways.subjects(connection, ids),
            await pathways.milestones(connection, ids),
            await store.authorised(connection, ids),
        )

    def before(self, changed: Mapping[UUID, ChildBefore]) -> "Books":
        """The same with what these children's records said before they were changed."""
        described, subjects = [], dict(self.subjects)
        for each in self.described:
            said = changed.get(each.child)
            if said is None:
                described.append(each)
                continue
            known = {name: value for name, value in msgspec.structs.asdict(said).items() if value is not UNSET}
            described.append(each._replace(**{name: known[name] for name in known if name in Described._fields}))
            subject = subjects[each.pathway]
            facts = msgspec.structs.replace(
                subject.facts, **{name: known[name] for name in known if name not in Described._fields}
            )
            subjects[each.pathway] = msgspec.structs.replace(subject, facts=facts)
        return msgspec.structs.replace(self, described=described, subjects=subjects)

    def differing(self, one: Chosen, other: Chosen) -> set[UUID]:
        """Children and incidents of which two ways to choose what is known choose differently."""
        found: set[UUID] = set()
        for each in self.described:
            if any(one(row) != other(row) for row in self.milestones.get(each.pathway, ())):
                found |= {each.child, each.incident}
        return found

    async def count(
        self, rulebook: Rulebook, *, known: Chosen | None = None, only: set[UUID] | None = None
    ) -> list[Unit]:
        """What is to be counted of each child and each incident.

        Args:
            rulebook: standards and calendars to measure by.
            known: which milestones count as known; all of them where it is not given.
            only: these children and incidents alone.
        """
        by_unit: dict[UUID, list[Told]] = {}
        latest: dict[UUID, datetime] = {}
        for number, each in enumerate(self.described):
            if only is not None and each.child not in only and each.incident not in only:
                continue
            rows = self.milestones.get(each.pathway, [])
            kept = rows if known is None else [row for row in rows if known(row)]
            if not kept:
                continue
            if number % _TURN == 0:
                await asyncio.sleep(0)
            history = History(pathway=self.subjects[each.pathway].facts, milestones=tuple(kept))
            told = _told(each, history, rows, rulebook, self.authorised, known)
            recorded = max(row.recorded_at for row in kept)
            for unit in (each.child, each.incident):
                by_unit.setdefault(unit, []).append(told)
                latest[unit] = max(recorded, latest.get(unit, recorded))
        found = []
        for units, records_of in ((self.children, child_records), (self.incidents, incident_records)):
            for number, unit in enumerate(units):
                if only is not None and unit not in only:
                    continue
                if number % _TURN == 0:
                    await asyncio.sleep(0)
                parts = by_unit.get(unit, [])
                found.append(_unit(unit, parts, records_of(parts), latest.get(unit)))
        return found


def _unit(unit: UUID, parts: list[Told], counted: list[Keyed], latest: datetime | None) -> Unit:
    areas = {area for told in parts for _, area in told.areas}
    grouped: dict[Key, list[bytes]] = {}
    for key, record in counted:
        grouped.setdefault(key, []).append(record)
    facts = {key: records.joined(rows) for key, rows in grouped.items()}
    return Unit(unit, tuple(sorted(areas)), parts[0].force if parts else "", latest or records.EPOCH, facts)


def _told(
    each: Described,
    history: History,
    rows: list[Milestone],
    rulebook: Rulebook,
    authorised: frozenset[UUID],
    known: Chosen | None,
) -> Told:
    areas = _areas(history.pathway.area, rows, known)
    if areas[-1][1] != history.pathway.area:
        history = History(
            pathway=msgspec.structs.replace(history.pathway, area=areas[-1][1]), milestones=history.milestones
        )
    derived = evaluate(history, rulebook)
    began = derived.waits[0].since if derived.waits else history.milestones[0].recorded_at
    facts = history.pathway
    age = records.age_band(facts.date_of_birth, facts.expected_date_of_birth, local_day(began))
    return Told(
        incident=each.incident,
        child=each.child,
        force=facts.force,
        district=each.district,
        areas=areas,
        who=records.who(each.sex, each.ethnicity, each.disability, age),
        school_age=facts.school_status == AT_SCHOOL,
        coverage=each.coverage,
        history=history,
        events=tuple(events_of(history)),
        derived=derived,
        grade=grade_number(derived),
        token=records.token(each.incident),
        authorised=authorised,
    )


def _areas(now: str, rows: list[Milestone], known: Chosen | None) -> tuple[tuple[datetime | None, str], ...]:
    """Which area had the pathway from when: each accepted transfer says which area it came from.

    Of what is not ``known``, the first move to be recorded says in whose books it still was.
    """
    if all(row.kind != "transfer_accepted" for row in rows):
        return ((None, now),)
    kept = rows if known is None else [row for row in rows if known(row)]
    chains = {row.root for row in kept}
    unknown = [row for row in rows if row.kind == "transfer_accepted" and row.root not in chains]
    first = min(unknown, key=lambda row: (row.recorded_at, row.id), default=None)
    last = now if first is None else str(first.detail.get("from_area") or now)
    moves = [event for event in in_order(kept) if event.kind == "transfer_accepted"]
    names = [*(str(event.milestone.detail.get("from_area") or last) for event in moves), last]
    since = [None, *(event.at for event in moves)]
    # Times put in another order may leave a move from an area to itself, which is none.
    found = list(zip(since, names, strict=True))
    return tuple(each for number, each in enumerate(found) if number == 0 or each[1] != found[number - 1][1])
