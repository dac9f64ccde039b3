"""One batch of a history file in its transaction: compared with what stands, and recorded."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import History, Milestone, PathwayFacts
from service.children.rules import normal_name
from service.clocks import evaluate
from service.database import Tx
from service.exchange import rules, store
from service.exchange.history import HistoryRow
from service.exchange.rules import Changed, ChildFields
from service.intake.books import store as books
from service.intake.books.rules import Arrival, ChildSaid, Fact, current
from service.pathways import rulebook
from service.pathways import rules as spine_rules
from service.pathways import service as pathways
from service.pathways import store as spine
from service.pathways.rebuild import recompute
from service.pathways.rules import Entry
from service.pathways.service import Correction
from service.pathways.store import NewPathway, Subject

REASON: Final = "The council's extract says otherwise now"
_FIELDS: Final = ChildFields.__struct_fields__


class Row(msgspec.Struct, frozen=True):
    """A readable row with its number and the force whose incident it is about."""

    number: int
    force: str
    said: HistoryRow


class Taken(msgspec.Struct, frozen=True):
    """What became of a row. ``proposed``: corrections that wait for a second person."""

    outcome: str
    pathway: UUID
    proposed: int = 0


class _Plan(msgspec.Struct):
    """What a batch will write."""

    entries: list[Entry] = []
    opened: list[NewPathway] = []
    children: list[tuple[UUID, str, ChildSaid]] = []
    changed: dict[UUID, list[Changed]] = {}
    fields: dict[UUID, dict[str, Any]] = {}
    renamed: set[UUID] = set()
    relinked: list[tuple[UUID, UUID]] = []
    districts: dict[UUID, str] = {}


class HistoryBatch:
    """Takes rows that speak of different children or incidents."""

    def __init__(self, tx: Tx, origin: UUID, file_name: str) -> None:
        self._tx = tx
        self._origin = origin
        self._file_name = file_name
        self._plan = _Plan()
        self._made: dict[Any, UUID] = {}

    async def take(self, rows: Sequence[Row]) -> list[Taken]:
        """Decide every row and write what is new.

        Raises:
            Refused: a row cannot be recorded as it is.
        """
        if not rows:
            return []
        connection = self._tx.connection
        said = [rules.child_of(row.said) for row in rows]
        incidents = await books.find_or_create_incidents(connection, [_arrival(row) for row in rows], self._tx.now)
        old = [incident for incident, created in incidents.values() if not created]
        if old:
            await books.lock_incidents(connection, old)
        stood = await store.pathways_of_incidents(connection, old) if old else []
        history = await spine.milestones(connection, [s.pathway for s in stood]) if stood else {}
        children = await store.children_known(
            connection,
            [
                (row.said.area_code, child.local_reference, child.normal_name, child.date_of_birth)
                for row, child in zip(rows, said, strict=True)
            ],
        )
        fields = await store.children(connection, {child for child in children if child})
        for each in stood:
            fields.setdefault(each.child, each.fields)
        by_incident: dict[UUID, list[store.Known]] = {}
        for each in stood:
            by_incident.setdefault(each.incident, []).append(each)
        taken = []
        for row, child_said, child in zip(rows, said, children, strict=True):
            incident, _ = incidents[row.force, row.said.police_reference]
            known = _find(by_incident.get(incident, ()), row.said.area_code, child_said, child)
            if known is None:
                taken.append(self._open(row, child_said, incident, child, fields))
            else:
                self._relink(known, child)
                taken.append(self._compare(row, child_said, known, current(history.get(known.pathway, ())), fields))
        proposed = await self._write()
        return [
            msgspec.structs.replace(each, proposed=proposed.get(each.pathway, 0)) if each.pathway in proposed else each
            for each in taken
        ]

    def _open(
        self, row: Row, said: ChildFields, incident: UUID, child: UUID | None, fields: dict[UUID, dict[str, Any]]
    ) -> Taken:
        child = child or self._made.get(_key(row.said.area_code, said))
        if child is None:
            child = new_id(self._tx.now)
            self._plan.children.append((child, row.said.area_code, ChildSaid(**said.said())))
            if (key := _key(row.said.area_code, said)) is not None:
                self._made[key] = child
            fields[child] = {**dict.fromkeys(_FIELDS), **said.said()}
        else:
            self._change_child(child, said, fields)
        facts = PathwayFacts(
            id=new_id(self._tx.now),
            area=row.said.area_code,
            force=row.force,
            involvement="unborn" if said.expected_date_of_birth and not said.date_of_birth else "not_recorded",
        )
        self._plan.opened.append(NewPathway(Subject(facts, incident, child)))
        self._record(facts.id, rules.facts_of(row.said))
        if row.said.police_district:
            self._plan.districts[facts.id] = row.said.police_district
        return Taken("created", facts.id)

    def _compare(
        self,
        row: Row,
        said: ChildFields,
        known: store.Known,
        standing: list[Milestone],
        fields: dict[UUID, dict[str, Any]],
    ) -> Taken:
        new, changed = rules.changes(standing, rules.facts_of(row.said))
        self._record(known.pathway, new)
        if changed:
            self._plan.changed[known.pathway] = changed
        other = self._change_child(known.child, said, fields)
        district = row.said.police_district
        moved = district is not None and district != known.fields["district"]
        if moved and district is not None:
            self._plan.districts[known.pathway] = district
        return Taken("updated" if new or changed or other or moved else "unchanged", known.pathway)

    def _relink(self, known: store.Known, child: UUID | None) -> None:
        """The council knows the child by a reference that another record has: this incident is that child's."""
        if child is not None and known.child != child:
            self._plan.relinked.append((known.pathway, child))
            known.child = child

    def _change_child(self, child: UUID, said: ChildFields, fields: dict[UUID, dict[str, Any]]) -> bool:
        stored = fields[child]
        changes = rules.child_changes(stored, said)
        if not changes:
            return False
        stored.update(changes)
        if "family_name" in changes or "given_names" in changes:
            stored["normal_name"] = normal_name(stored["family_name"] or "", stored["given_names"] or "")
            self._plan.renamed.add(child)
        self._plan.fields[child] = stored
        return True

    def _record(self, pathway: UUID, facts: Sequence[Fact]) -> None:
        self._plan.entries.extend(
            Entry(
                pathway=pathway,
                kind=fact.kind,
                at=fact.at,
                on=fact.on,
                precision=fact.precision,
                outcome=fact.outcome,
                detail=fact.detail,
                source=rules.SOURCE,
                origin=self._origin,
            )
            for fact in facts
        )

    async def _write(self) -> dict[UUID, int]:
        tx, plan = self._tx, self._plan
        if plan.children:
            await books.insert_children(tx.connection, plan.children, tx.now)
        made = {child for child, _, _ in plan.children}
        before = {child: fields for child, fields in plan.fields.items() if child not in made}
        for child, fields in sorted(before.items()):
            await store.change_child(tx, child, fields, renamed=child in plan.renamed)
        for pathway, child in plan.relinked:
            await store.relink(tx.connection, pathway, child)
        proposed = await self._corrections() if plan.changed else {}
        if plan.entries or plan.opened:
            await pathways.record(tx, plan.entries, opened=plan.opened)
        await store.set_districts(tx.connection, plan.districts)
        if again := {*before, *(child for _, child in plan.relinked)}:
            await recompute(tx, await store.pathways_of_children(tx.connection, again))
        return proposed

    async def _corrections(self) -> dict[UUID, int]:
        """Plan corrections, and propose those that would turn late into in time."""
        tx = self._tx
        book = await rulebook.current(tx)
        opened = {new.subject.facts.id for new in self._plan.opened}
        touched = {entry.pathway for entry in self._plan.entries} - opened
        await spine.lock(tx.connection, {*touched, *self._plan.changed})
        histories = await spine.histories(tx.connection, list(self._plan.changed))
        milestones = [each.old.id for changed in self._plan.changed.values() for each in changed]
        before = {(milestone, _asked(body)) for milestone, body in await store.proposed(tx.connection, milestones)}
        found: dict[UUID, int] = {}
        for pathway, changed in self._plan.changed.items():
            _, history = histories[pathway]
            for each in changed:
                after = _with(history, each, tx)
                late = spine_rules.forgiven(evaluate(history, book), evaluate(after, book), tx.now)
                if not late:
                    history = after
                    self._plan.entries.append(self._correction(pathway, each))
                    continue
                wanted = Correction(
                    reason=REASON,
                    source=f"history file {self._file_name}",
                    at=each.fact.at,
                    on=each.fact.on,
                    precision=each.fact.precision,
                    outcome=each.fact.outcome,
                    detail=each.fact.detail,
                )
                body = msgspec.to_builtins(wanted)
                if (each.old.id, _asked(body)) not in before:
                    standards = sorted({clock.standard for clock in late})
                    await spine.propose(tx, new_id(tx.now), each.old.id, body, standards)
                    found[pathway] = found.get(pathway, 0) + 1
        return found

    def _correction(self, pathway: UUID, changed: Changed) -> Entry:
        fact, old = changed.fact, changed.old
        return Entry(
            pathway=pathway,
            kind=fact.kind,
            at=fact.at,
            on=fact.on,
            precision=fact.precision,
            outcome=fact.outcome,
            detail=fact.detail,
            source=rules.SOURCE,
            origin=self._origin,
            supersedes=old.id,
            reason=REASON,
        )


def _with(history: History, changed: Changed, tx: Tx) -> History:
    fact, old = changed.fact, changed.old
    corrected = msgspec.structs.replace(
        old,
        id=new_id(tx.now),
        at=fact.at,
        on=fact.on,
        precision=fact.precision,
        recorded_at=tx.now,
        source=rules.SOURCE,
        outcome=fact.outcome,
        detail=fact.detail,
        supersedes=old.id,
    )
    return msgspec.structs.replace(history, milestones=(*history.milestones, corrected))


def _asked(body: dict[str, Any]) -> str:
    """A proposed correction without where it came from: asked once is asked."""
    kept = {key: value for key, value in body.items() if key not in ("source", "reason") and value is not None}
    return msgspec.json.encode(kept, order="deterministic").decode()


def _find(stood: Sequence[store.Known], area: str, said: ChildFields, child: UUID | None) -> store.Known | None:
    """The pathway that a row is about.

    The council's reference decides; without one on either side the names and the date of birth do.
    """
    for known in stood:
        if child is not None and known.child == child:
            return known
    same = [
        known
        for known in stood
        if known.area == area
        and known.fields["normal_name"] == said.normal_name
        and (said.local_reference is None or known.fields["local_reference"] is None)
        and (said.date_of_birth is None or known.fields["date_of_birth"] in (None, said.date_of_birth))
    ]
    return same[0] if len(same) == 1 else None


def _key(area: str, said: ChildFields) -> Any:
    if said.local_reference:
        return (area, said.local_reference)
    return (area, said.normal_name, said.date_of_birth) if said.date_of_birth else None


def _arrival(row: Row) -> Arrival:
    """What makes an incident where there is none."""
    return Arrival(
        force=row.force,
        reference=row.said.police_reference,
        area=row.said.area_code,
        district=row.said.police_district,
        child=ChildSaid(),
        facts=(),
        source=rules.SOURCE,
    )
