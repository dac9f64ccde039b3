"""Put arrivals on the books, thousands or one at a time, through the one door for milestones."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import Milestone, PathwayFacts
from service.database import Tx
from service.intake.books import store
from service.intake.books.rules import (
    Arrival,
    Difference,
    Fact,
    OutcomeKind,
    compare,
    current,
)
from service.pathways import service as pathways
from service.pathways import store as spine
from service.pathways.rules import Entry
from service.pathways.store import NewPathway, Subject


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one arrival.

    ``updated``: a pathway that stood before got a fact or a field that was empty.
    ``differences``: why it is held; nothing of a held arrival was written.
    """

    outcome: OutcomeKind
    pathway: UUID | None = None
    incident: UUID | None = None
    created: bool = False
    updated: bool = False
    differences: tuple[Difference, ...] = ()


class _Standing(msgspec.Struct):
    """A pathway that stands, or is about to: what further arrivals are compared with."""

    pathway: UUID
    child: UUID
    fields: dict[str, Any]
    things: list[Milestone | Fact]
    stood: bool


class _Plan(msgspec.Struct):
    """What a batch will write."""

    entries: list[Entry] = []
    opened: list[NewPathway] = []
    children: list[tuple[UUID, str, Any]] = []
    fills: dict[UUID, dict[str, Any]] = {}


async def put(tx: Tx, arrivals: Sequence[Arrival]) -> list[Placed]:
    """Put arrivals on the books; the answers stand in the order of the arrivals.

    Raises:
        Refused, Forbidden, NotFound: as `pathways.service.record`.
    """
    if not arrivals:
        return []
    async with tx.recording():
        incidents = await store.find_or_create_incidents(tx.connection, arrivals, tx.now)
        old = [incident for incident, created in incidents.values() if not created]
        stood = await store.pathways_of_incidents(tx.connection, old) if old else {}
        history = await spine.milestones(tx.connection, [s.pathway for s in stood.values()]) if stood else {}
        matches = await store.matching_children(tx.connection, arrivals)
        batch = _Batch(tx, incidents, stood, history)
        placed = [batch.place(arrival, match) for arrival, match in zip(arrivals, matches, strict=True)]
        if batch.plan.children:
            await store.insert_children(tx.connection, batch.plan.children, tx.now)
        if batch.plan.fills:
            await store.fill_children(tx.connection, batch.plan.fills)
    if batch.plan.entries or batch.plan.opened:
        await pathways.record(tx, batch.plan.entries, opened=batch.plan.opened)
    return placed


class _Batch:
    """Decides arrival by arrival; later ones see what earlier ones of the batch will write."""

    def __init__(
        self,
        tx: Tx,
        incidents: dict[store.IncidentKey, tuple[UUID, bool]],
        stood: dict[Any, store.Standing],
        history: dict[UUID, list[Milestone]],
    ) -> None:
        self._tx = tx
        self._incidents = incidents
        self.plan = _Plan()
        self._standing: dict[Any, _Standing] = {}
        self._by_child: dict[tuple[UUID, UUID], _Standing] = {}
        self._records: dict[Any, UUID] = {}
        self._made: dict[Any, UUID] = {}
        for key, found in stood.items():
            things = current(history.get(found.pathway, ()))
            standing = _Standing(found.pathway, found.child, found.fields, [*things], True)
            self._standing[key] = standing
            self._by_child[found.incident, found.child] = standing
            for thing in things:
                self._records[found.incident, found.area, thing.kind, thing.at, thing.on] = thing.record

    def place(self, arrival: Arrival, match: UUID | None) -> Placed:
        """Decide one arrival and plan what to write."""
        incident, _ = self._incidents[arrival.force, arrival.reference]
        child = arrival.child
        key = (incident, arrival.area, child.normal_name, child.date_of_birth)
        standing = self._standing.get(key)
        if standing is None and match is not None:
            standing = self._by_child.get((incident, match))
        if standing is None:
            standing = self._open(arrival, incident, match, key)
            self._record(standing, arrival, incident, arrival.facts)
            return Placed(outcome="accepted", pathway=standing.pathway, incident=incident, created=True)
        found = compare(standing.things, standing.fields, arrival)
        if found.differences:
            return Placed(
                outcome="held",
                pathway=standing.pathway,
                incident=incident,
                differences=found.differences,
            )
        if not found.new and not found.fills:
            return Placed(outcome="repeated", pathway=standing.pathway, incident=incident)
        if found.fills:
            standing.fields |= found.fills
            self.plan.fills.setdefault(standing.child, {}).update(found.fills)
        self._record(standing, arrival, incident, found.new)
        return Placed(outcome="accepted", pathway=standing.pathway, incident=incident, updated=True)

    def _open(self, arrival: Arrival, incident: UUID, match: UUID | None, key: Any) -> _Standing:
        said = arrival.child
        child = match or self._made.get(_child_key(arrival))
        if child is None or (incident, child) in self._by_child:
            child = new_id(self._tx.now)
            self.plan.children.append((child, arrival.area, said))
            if _child_key(arrival) is not None:
                self._made[_child_key(arrival)] = child
        facts = PathwayFacts(
            id=new_id(self._tx.now),
            area=arrival.area,
            force=arrival.force,
            involvement=arrival.involvement,
        )
        self.plan.opened.append(NewPathway(Subject(facts, incident, child), said.restricted))
        fields = {name: getattr(said, name) for name in said.__struct_fields__}
        standing = _Standing(facts.id, child, fields, [], False)
        self._standing[key] = standing
        self._by_child[incident, child] = standing
        return standing

    def _record(self, standing: _Standing, arrival: Arrival, incident: UUID, facts: Iterable[Fact]) -> None:
        for fact in facts:
            record = None
            if fact.shared is not None:
                key = (incident, arrival.area, fact.kind, fact.at, fact.on)
                record = self._records.setdefault(key, new_id(self._tx.now))
            standing.things.append(fact)
            self.plan.entries.append(
                Entry(
                    pathway=standing.pathway,
                    kind=fact.kind,
                    at=fact.at,
                    on=fact.on,
                    precision=fact.precision,
                    outcome=fact.outcome,
                    detail=fact.detail,
                    source=arrival.source,
                    record=record,
                    origin=arrival.origin,
                )
            )


def _child_key(arrival: Arrival) -> Any:
    """What makes two arrivals of one batch speak of the same new child; None: nothing does."""
    if arrival.child.local_reference:
        return (arrival.area, arrival.child.local_reference)
    if arrival.child.date_of_birth:
        return (arrival.area, arrival.child.normal_name, arrival.child.date_of_birth)
    return None
