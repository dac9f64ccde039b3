"""Turns what the generator tells into rows: incidents, children, pathways, milestones, transfers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import Milestone, PathwayFacts
from service.children.rules import normal_name
from service.demo.generator.shapes import SyntheticChild, SyntheticMilestone, SyntheticPathway
from service.demo.partnership import Known
from service.pathways.store import NewPathway, Subject, Written

_COVERAGE: Final = "all_notices"
#: Details that name a person or a team by key; the rest is kept as it is told.
_PERSONS: Final = ("decided_by", "manager", "chair")


class Opened(msgspec.Struct, frozen=True):
    """One pathway as it is written: itself, its milestones, its transfers."""

    pathway: NewPathway
    written: tuple[Written, ...]
    transfers: tuple[tuple[Any, ...], ...]


def first_known(told: SyntheticPathway) -> datetime:
    """When anything of a pathway was first recorded."""
    return min(milestone.recorded_at for milestone in told.milestones)


def first_known_children(told: Iterable[SyntheticPathway]) -> dict[str, datetime]:
    """When each child was first told of, by reference; for a child of several incidents the first told."""
    found: dict[str, datetime] = {}
    for one in told:
        if one.child is not None and one.child.reference not in found:
            found[one.child.reference] = first_known(one)
    return found


def incident_rows(told: Iterable[SyntheticPathway]) -> list[tuple[Any, ...]]:
    """One row for each incident, with or without a child."""
    rows: dict[str, tuple[Any, ...]] = {}
    for one in told:
        incident, at = one.incident, first_known(one)
        if incident.reference not in rows:
            rows[incident.reference] = (
                new_id(at),
                incident.force,
                incident.reference,
                incident.area,
                incident.district,
                incident.no_child_reason,
                _COVERAGE,
                at,
            )
    return list(rows.values())


def child_rows(
    told: Iterable[SyntheticPathway], known: Known, since: Mapping[str, datetime], there: Mapping[str, UUID]
) -> tuple[dict[str, UUID], list[tuple[Any, ...]]]:
    """Every child once: ids by reference, and rows of those that are not ``there`` yet."""
    ids: dict[str, UUID] = {}
    rows = []
    for one in told:
        child = one.child
        if child is None or child.reference in ids:
            continue
        if child.reference in there:
            ids[child.reference] = there[child.reference]
            continue
        at = since[child.reference]
        ids[child.reference] = new_id(at)
        rows.append(_child_row(child, ids[child.reference], known, at))
    return ids, rows


def _child_row(child: SyntheticChild, identity: UUID, known: Known, at: datetime) -> tuple[Any, ...]:
    return (
        identity,
        child.area,
        child.reference,
        child.family_name,
        child.given_names,
        normal_name(child.family_name, child.given_names),
        child.date_of_birth,
        child.expected_date_of_birth,
        child.sex,
        child.ethnicity,
        child.disability,
        known.schools.get(child.school or ""),
        child.school_status,
        child.confidential_address,
        child.safe_contact,
        at,
    )


class Opener:
    """Opens pathways one by one; facts that cover several pathways keep one record."""

    def __init__(self, known: Known, incidents: dict[str, UUID], children: dict[str, UUID]) -> None:
        self._known = known
        self._incidents = incidents
        self._children = children
        self._records: dict[str, UUID] = {}

    def open(self, told: SyntheticPathway, child: SyntheticChild) -> Opened:
        """The rows of one pathway."""
        at = first_known(told)
        identity = new_id(at)
        area, force = told.area, told.incident.force
        written: list[Written] = []
        transfers: list[list[Any]] = []
        for milestone in told.milestones:
            more: dict[str, Any] = {}
            if milestone.kind == "sent_to_right_area":
                to_area = milestone.detail["to_area"]
                transfers.append([new_id(milestone.recorded_at), identity, area, to_area, milestone.at, None])
            elif milestone.kind == "transfer_accepted" and transfers:
                transfers[-1][-1] = milestone.at
                more = {"from_area": area, "accepted_by": self._known.names[milestone.recorded_by]}
                area = transfers[-1][3]
            written.append(self._written(milestone, written, identity, area, force, more))
        facts = PathwayFacts(id=identity, area=area, force=force, involvement=told.involvement)
        subject = Subject(facts, self._incidents[told.incident.reference], self._children[child.reference])
        return Opened(
            NewPathway(subject, first_seen_at=at), tuple(written), tuple(tuple(transfer) for transfer in transfers)
        )

    def _written(
        self,
        told: SyntheticMilestone,
        before: Sequence[Written],
        pathway: UUID,
        area: str,
        force: str,
        more: dict[str, Any],
    ) -> Written:
        identity = new_id(told.recorded_at)
        corrected = before[told.supersedes].milestone if told.supersedes is not None else None
        if corrected is not None:
            record = corrected.record
        elif told.record is not None:
            record = self._records.setdefault(told.record, identity)
        else:
            record = identity
        milestone = Milestone(
            id=identity,
            root=corrected.root if corrected else identity,
            record=record,
            kind=told.kind,
            at=told.at,
            on=told.on,
            precision=told.precision,
            recorded_at=told.recorded_at,
            source=told.source,
            outcome=told.outcome,
            detail=self._detail(told.kind, told.detail) | more if told.detail or more else {},
            supersedes=corrected.id if corrected else None,
            retracted=told.retracted,
        )
        people = self._known.people
        return Written(
            milestone,
            pathway,
            area,
            force,
            reason=told.reason,
            authorised_by=people[told.authorised_by] if told.authorised_by else None,
            recorded_by=people.get(told.recorded_by),
        )

    def _detail(self, kind: str, told: dict[str, Any]) -> dict[str, Any]:
        """Keys become ids where rules and policies look at them, with the name beside; else names."""
        known = self._known
        detail = dict(told)
        for name in _PERSONS:
            key = detail.get(name)
            if key in known.people:
                detail[name] = known.names[key]
                if kind == "contact_decided":
                    detail["decider"] = str(known.people[key])
        worker, team = detail.get("worker"), detail.get("team")
        if worker in known.people:
            detail |= {"worker": str(known.people[worker]), "worker_name": known.names[worker]}
            if kind == "contact_decided":
                detail["named_worker"] = known.names[worker]
        if team in known.teams:
            detail |= {"team": str(known.teams[team]), "team_name": known.names[team]}
        return detail
