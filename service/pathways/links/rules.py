"""What may be linked, and what follows for pathways. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

Verdict = Literal["same", "different"]
LONGEST: Final = 2_000


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a child."""

    id: UUID
    area: str
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    sex: str
    local_reference: str | None
    restricted: bool
    confidential_address: bool
    linked_to: UUID | None
    first_seen_at: datetime
    school: str | None


class Stands(msgspec.Struct, frozen=True, kw_only=True):
    """One incident of a record. ``recorded_child`` is the record under which it came in."""

    id: UUID
    child: UUID
    recorded_child: UUID
    incident: UUID
    reference: str
    area: str
    restricted: bool
    aware_at: datetime | None
    grade: str | None
    stage: str | None
    withdrawn: bool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Pathways that move when a record is linked, and those that become restricted by it.

    ``stay`` are incidents that moved to another area, or were withdrawn as duplicates: they stand where they stood.
    """

    move: tuple[UUID, ...]
    restrict: tuple[UUID, ...]
    stay: tuple[UUID, ...]


def obstacle(linked: Record, into: Record) -> str | None:
    """Why two records cannot be linked this way round; None where they can."""
    if linked.id == into.id:
        return "These are one record."
    if linked.area != into.area:
        return "Records of two areas are not linked: send the child to the right area."
    if linked.linked_to is not None or into.linked_to is not None:
        return "One of these is linked already. Unlink it first, or link the record that stands."
    if linked.restricted and not into.restricted:
        return "The restricted record must be the one that stands."
    return None


def plan(linked: Record, into: Record, pathways: Sequence[Stands]) -> Plan | None:
    """What moves when ``linked`` is linked to ``into``; None where both are in one incident.

    Two pathways of one incident are two children of it, unless one was withdrawn as a duplicate.
    """
    theirs = {one.incident: one for one in pathways if one.child == into.id}
    move: list[Stands] = []
    stay: list[Stands] = []
    for one in pathways:
        if one.child != linked.id:
            continue
        same = theirs.get(one.incident)
        if same is not None and not one.withdrawn:
            return None
        (stay if same is not None or one.area != linked.area else move).append(one)
    moved = {one.id for one in move}
    restrict = [one.id for one in pathways if into.restricted and not one.restricted and one.id in moved]
    return Plan(move=tuple(one.id for one in move), restrict=tuple(restrict), stay=tuple(one.id for one in stay))


def needs_manager(records: Sequence[Record], pathways: Sequence[Stands]) -> bool:
    """Whether anything about these is restricted: then a manager links and unlinks."""
    return any(one.restricted for one in records) or any(one.restricted for one in pathways)
