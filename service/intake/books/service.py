"""Put arrivals on the books, thousands or one at a time, through the one door for milestones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import supply
from schema.spine import Derived, Milestone, PathwayFacts
from service.database import Tx
from service.intake.books import store
from service.intake.books.rules import (
    APART,
    OF_THE_INCIDENT,
    TELLING,
    TOLD,
    Arrival,
    ChildSaid,
    Difference,
    Fact,
    OutcomeKind,
    added,
    agrees,
    compare,
    current,
    differs,
)
from service.pathways import service as pathways
from service.pathways import store as spine
from service.pathways.rebuild import recompute
from service.pathways.rules import Entry
from service.pathways.store import NewPathway, Subject


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one arrival.

    ``updated``: a pathway that stood before got a fact or a field that was empty.
    ``differences``: why it is held; nothing of a held arrival was written.
    ``derived``: what follows for the pathway now, where something was recorded and that is known already.
    """

    outcome: OutcomeKind
    pathway: UUID | None = None
    incident: UUID | None = None
    created: bool = False
    updated: bool = False
    differences: tuple[Difference, ...] = ()
    derived: Derived | None = None


class _Standing(msgspec.Struct):
    """A pathway that stands, or is about to: what further arrivals are compared with.

    ``fields`` are the child's own, one mapping for all of the child's incidents; ``told`` are this pathway's.
    """

    pathway: UUID
    child: UUID
    area: str
    fields: dict[str, Any]
    told: dict[str, Any]
    things: list[Milestone | Fact]


class _Plan(msgspec.Struct):
    """What a batch will write."""

    entries: list[Entry] = []
    opened: list[NewPathway] = []
    children: list[tuple[UUID, str, Any]] = []
    fills: dict[UUID, dict[str, Any]] = {}
    told: dict[UUID, dict[str, str | None]] = {}


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
        if old:
            await store.lock_incidents(tx.connection, old)
        stood = await store.pathways_of_incidents(tx.connection, old) if old else {}
        taken = await store.children_of_incidents(tx.connection, old) if old else set()
        history = await spine.milestones(tx.connection, [s.pathway for s in stood]) if stood else {}
        matches = await store.matching_children(tx.connection, arrivals)
        known = await store.fields_of_children(tx.connection, {match for match in matches if match})
        batch = _Batch(tx, incidents, stood, history, taken, known)
        placed = [batch.place(arrival, match) for arrival, match in zip(arrivals, matches, strict=True)]
        if batch.plan.children:
            await store.insert_children(tx.connection, batch.plan.children, tx.now)
        if batch.plan.fills:
            await store.fill_children(tx.connection, batch.plan.fills)
    derived: Mapping[UUID, Derived] = {}
    if batch.plan.entries or batch.plan.opened:
        derived = (await pathways.record(tx, batch.plan.entries, opened=batch.plan.opened)).derived
    if batch.plan.told or batch.plan.fills:
        async with tx.recording():
            await store.tell_pathways(tx.connection, batch.plan.told)
            # What is known of a child bears on all of the child's incidents.
            telling = [child for child, fields in batch.plan.fills.items() if TELLING & set(fields)]
            if telling:
                derived = {}
                await tx.with_all_incidents_of(telling)
                await recompute(tx, await store.pathways_of_children(tx.connection, telling))
    return [
        msgspec.structs.replace(one, derived=derived.get(one.pathway)) if one.pathway is not None and derived else one
        for one in placed
    ]


class _Batch:
    """Decides arrival by arrival; later ones see what earlier ones of the batch will write."""

    def __init__(
        self,
        tx: Tx,
        incidents: dict[store.IncidentKey, tuple[UUID, bool]],
        stood: Iterable[store.Standing],
        history: dict[UUID, list[Milestone]],
        taken: set[tuple[UUID, UUID]],
        known: dict[UUID, dict[str, Any]],
    ) -> None:
        self._ids = supply(tx.now)
        self._taken = taken
        self._incidents = incidents
        self.plan = _Plan()
        self._named: dict[tuple[UUID, str], list[_Standing]] = {}
        self._by_child: dict[tuple[UUID, UUID], _Standing] = {}
        self._of_incident: dict[tuple[UUID, str], Milestone | Fact] = {}
        self._records: dict[Any, UUID] = {}
        self._made: dict[Any, UUID] = {}
        self._several: set[Any] = set()
        self._children = known
        for found in stood:
            things = current(history.get(found.pathway, ()))
            fields = self._children.setdefault(found.child, found.fields)
            told = {name: found.fields[name] for name in TOLD}
            standing = _Standing(found.pathway, found.child, found.area, fields, told, [*things])
            self._named.setdefault((found.incident, found.fields["normal_name"]), []).append(standing)
            self._by_child[found.incident, found.child] = standing
            self._by_child[found.incident, found.fields["stands_under"]] = standing
            for thing in things:
                self._records[found.incident, found.area, thing.kind, thing.at, thing.on] = thing.record
                self._remember(found.incident, thing)

    def _remember(self, incident: UUID, thing: Milestone | Fact) -> None:
        if thing.kind not in OF_THE_INCIDENT:
            return
        known = self._of_incident.setdefault((incident, thing.kind), thing)
        if known.at is None and thing.at is not None:
            # The time of day says more than the day.
            self._of_incident[incident, thing.kind] = thing

    def _find(self, incident: UUID, said: ChildSaid, match: UUID | None) -> _Standing | None:
        """The pathway that an arrival is about, if it stands.

        Names and date of birth must be the same; where either date is missing the names decide, if
        exactly one child of the incident has them.
        """
        same = self._named.get((incident, said.normal_name), [])
        exact = [s for s in same if s.fields.get("date_of_birth") == said.date_of_birth]
        if exact:
            return exact[0]
        if match is not None and (incident, match) in self._by_child:
            return self._by_child[incident, match]
        loose = [s for s in same if said.date_of_birth is None or s.fields.get("date_of_birth") is None]
        return loose[0] if len(loose) == 1 else None

    def place(self, arrival: Arrival, match: UUID | None) -> Placed:
        """Decide one arrival and plan what to write."""
        incident, _ = self._incidents[arrival.force, arrival.reference]
        standing = self._find(incident, arrival.child, match)
        differences = [
            differs(fact, known)
            for fact in arrival.facts
            if (known := self._of_incident.get((incident, fact.kind))) is not None and not agrees(fact, known)
        ]
        if standing is None:
            if match is not None and (incident, match) in self._taken:
                # This child's pathway of this incident went to another area, which the actor does not see.
                differences.append(Difference("area", "another area, to which this child was sent", arrival.area))
            if differences:
                return Placed(outcome="held", incident=incident, differences=tuple(differences))
            standing = self._open(arrival, incident, match)
            self._record(standing, arrival, incident, arrival.facts)
            return Placed(outcome="accepted", pathway=standing.pathway, incident=incident, created=True)
        found = compare(standing.things, standing.fields | standing.told, arrival)
        differences = list(dict.fromkeys([*found.differences, *differences]))
        if standing.area != arrival.area:
            differences.append(Difference("area", standing.area, arrival.area))
        if differences:
            return Placed(outcome="held", pathway=standing.pathway, incident=incident, differences=tuple(differences))
        if not (found.new or found.fills or found.sharper):
            return Placed(outcome="repeated", pathway=standing.pathway, incident=incident)
        self._fill(standing.child, {name: value for name, value in found.fills.items() if name not in TOLD})
        if told := {name: value for name, value in found.fills.items() if name in TOLD}:
            standing.told |= told
            self.plan.told[standing.pathway] = standing.told
        if "date_of_birth" in found.fills and match is None:
            self._made.setdefault(_child_key(arrival), standing.child)
        self._record(standing, arrival, incident, found.new)
        for blunt, fact in found.sharper:
            self._sharpen(standing, arrival, incident, blunt, fact)
        return Placed(outcome="accepted", pathway=standing.pathway, incident=incident, updated=True)

    def _sharpen(
        self, standing: _Standing, arrival: Arrival, incident: UUID, blunt: Milestone | Fact, fact: Fact
    ) -> None:
        """Give the exact time of what is known by its day: a correction, or in the same batch the fact itself."""
        standing.things.remove(blunt)
        standing.things.append(fact)
        self._remember(incident, fact)
        if isinstance(blunt, Fact):
            for number, entry in enumerate(self.plan.entries):
                if (entry.pathway, entry.kind, entry.at) == (standing.pathway, fact.kind, None):
                    self.plan.entries[number] = msgspec.structs.replace(
                        entry, at=fact.at, on=None, precision=fact.precision
                    )
            return
        self.plan.entries.append(
            Entry(
                pathway=standing.pathway,
                kind=fact.kind,
                at=fact.at,
                precision=fact.precision,
                outcome=fact.outcome,
                detail=fact.detail,
                source=arrival.source,
                origin=arrival.origin,
                supersedes=blunt.id,
                reason="The sender now gives the time of day",
            )
        )

    def _open(self, arrival: Arrival, incident: UUID, match: UUID | None) -> _Standing:
        said = arrival.child
        child = self._known_child(arrival, match)
        if child is None or (incident, child) in self._by_child:
            child = next(self._ids)
            self.plan.children.append((child, arrival.area, said))
            self._children[child] = {name: getattr(said, name) for name in said.__struct_fields__}
            if _child_key(arrival) is not None:
                self._made[_child_key(arrival)] = child
        facts = PathwayFacts(
            id=next(self._ids),
            area=arrival.area,
            force=arrival.force,
            involvement=arrival.involvement,
        )
        self.plan.opened.append(NewPathway(Subject(facts, incident, child), said.restricted))
        told = {name: getattr(arrival, name) for name in TOLD}
        if any(told.values()):
            self.plan.told[facts.id] = told
        standing = _Standing(facts.id, child, arrival.area, self._children[child], told, [])
        self._named.setdefault((incident, said.normal_name), []).append(standing)
        self._by_child[incident, child] = standing
        return standing

    def _known_child(self, arrival: Arrival, match: UUID | None) -> UUID | None:
        """The child on the books that an arrival of another incident is about, with what is said of it filled in.

        Who has the same names and date of birth and another sex is another child, or a slip of the keyboard: a record
        of its own, which a person may link. What else is said otherwise, such as a school, may have changed since.
        """
        key = _child_key(arrival)
        chosen = arrival.known_child is not None or arrival.child.local_reference is not None
        child = match or self._made.get(key)
        if child is None or (key in self._several and not chosen):
            return None
        fills, differences = added(self._children.setdefault(child, {}), arrival.child)
        if not chosen and any(each.field in APART for each in differences):
            self._several.add(key)
            return None
        self._fill(child, fills)
        return child

    def _fill(self, child: UUID, fills: dict[str, Any]) -> None:
        if fills:
            self._children[child] |= fills
            self.plan.fills.setdefault(child, {}).update(fills)

    def _record(self, standing: _Standing, arrival: Arrival, incident: UUID, facts: Iterable[Fact]) -> None:
        for fact in facts:
            record = None
            if fact.shared is not None:
                key = (incident, arrival.area, fact.kind, fact.at, fact.on)
                record = self._records.get(key)
                if record is None:
                    record = self._records[key] = next(self._ids)
            standing.things.append(fact)
            self._remember(incident, fact)
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
