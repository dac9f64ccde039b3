"""Notices that police hold or held, and the incidents they make up, in the order in which they are worked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from service.reports.backlog.rules.horizons import Horizons
from service.reports.measures.rules.units import SAME_NOTICE

LONDON: Final = ZoneInfo("Europe/London")
GRADES: Final = ("high", "medium", "standard", "ungraded")


def local_day(instant: datetime) -> date:
    """The day of an instant in England."""
    return instant.astimezone(LONDON).date()


class Notice(msgspec.Struct, frozen=True):
    """One child's notice. Field order is column order.

    ``grade`` is the present one, ``first_grade`` the officer's; ``seen_at`` is when the child, and
    ``incident_seen_at`` when the incident, came on the books. ``shared_at`` is the receipt's where nobody recorded the
    sending. ``submitted_on``, ``shared_on`` and ``not_shared_on``: of the time before it the day alone is known.
    ``left_at``: shared, or else declined.
    """

    pathway: UUID
    incident: UUID
    reference: str
    force: str
    area: str
    district: str | None
    first_grade: str
    grade: str
    urgent: bool
    aware_at: datetime | None
    aware_on: date | None
    submitted_at: datetime | None
    shared_at: datetime | None
    not_shared_at: datetime | None
    reason: str | None
    due_at: datetime | None
    seen_at: datetime
    incident_seen_at: datetime
    coverage: str
    submitted_on: date | None = None
    shared_on: date | None = None
    not_shared_on: date | None = None

    @property
    def left_at(self) -> datetime | None:
        """When it left the force's hands: shared, or decided not to be; None while it is held."""
        return self.shared_at or self.not_shared_at

    @property
    def left_on(self) -> date | None:
        """The local day on which it left the force's hands."""
        if self.shared_at is not None:
            return self.shared_on or local_day(self.shared_at)
        return self.declined_on

    @property
    def left_in_an_hour(self) -> bool:
        """Whether more than the day is known of when it left."""
        return self.left_at is not None and (self.not_shared_on if self.shared_at is None else self.shared_on) is None

    @property
    def declined_on(self) -> date | None:
        """The local day on which it was decided not to share it, and it never was."""
        if self.shared_at is not None or self.not_shared_at is None:
            return None
        return self.not_shared_on or local_day(self.not_shared_at)

    @property
    def arrived_on(self) -> date | None:
        """The local day on which it came to the desk: submitted, or else when police knew."""
        at = self.submitted_at or self.aware_at
        if self.submitted_on is not None or at is None:
            return self.submitted_on or self.aware_on
        return local_day(at)


class OpenIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of which at least one child's notice has not left the force.

    ``known_at``: when police knew; of a time known to the day alone the end of that day, so that an
    age is never made longer than is certain (``approximate``). ``found_late``: how many of the
    children still to be shared were named only after the officer's record had been submitted.
    """

    incident: UUID
    reference: str
    force: str
    areas: tuple[str, ...]
    district: str | None
    first_grade: str
    grade: str
    urgent: bool
    known_at: datetime | None
    approximate: bool
    due_at: datetime | None
    pathways: tuple[UUID, ...]
    found_late: int
    shared_only: bool

    @property
    def first(self) -> bool:
        """Whether it goes before all others: high, urgent for a child, or not graded."""
        return self.urgent or self.grade in {"high", "ungraded"}


def by_incident(notices: Iterable[Notice]) -> dict[UUID, list[Notice]]:
    """Notices of each incident."""
    groups: dict[UUID, list[Notice]] = {}
    for notice in notices:
        groups.setdefault(notice.incident, []).append(notice)
    return groups


def is_late_found(notice: Notice, submitted_at: datetime | None) -> bool:
    """Whether a child was named only after the officer's record of the incident had been submitted."""
    return (
        submitted_at is not None
        and notice.seen_at > submitted_at
        and notice.seen_at - notice.incident_seen_at > SAME_NOTICE
    )


def submitted(group: Sequence[Notice]) -> datetime | None:
    """When the first record of an incident was submitted."""
    return min((notice.submitted_at for notice in group if notice.submitted_at is not None), default=None)


def incidents(notices: Iterable[Notice]) -> list[OpenIncident]:
    """One row for each incident that is still held, in the order in which they are worked."""
    found = [
        _incident(held, submitted(group))
        for group in by_incident(notices).values()
        if (held := [notice for notice in group if notice.left_at is None])
    ]
    found.sort(key=worst_first)
    return found


def worst_first(incident: OpenIncident) -> tuple[Any, ...]:
    """High, urgent and ungraded first, the oldest before; then by lateness; without a limit last."""
    far = datetime.max.replace(tzinfo=LONDON)
    by_age = incident.known_at or far if incident.first else incident.due_at or far
    return (not incident.first, by_age, incident.due_at or far, incident.reference)


def _incident(held: Sequence[Notice], submitted_at: datetime | None) -> OpenIncident:
    known = [each for each in map(_known, held) if each is not None]
    due = [notice.due_at for notice in held if notice.due_at is not None]
    first = min(known, default=None)
    return OpenIncident(
        incident=held[0].incident,
        reference=held[0].reference,
        force=held[0].force,
        areas=tuple(dict.fromkeys(notice.area for notice in held)),
        district=held[0].district,
        first_grade=worst(notice.first_grade for notice in held),
        grade=worst(notice.grade for notice in held),
        urgent=any(notice.urgent for notice in held),
        known_at=first[0] if first else None,
        approximate=first[1] if first else False,
        due_at=min(due, default=None),
        pathways=tuple(notice.pathway for notice in held),
        found_late=sum(is_late_found(notice, submitted_at) for notice in held),
        shared_only=all(notice.coverage == "shared_only" for notice in held),
    )


def worst(grades: Iterable[str]) -> str:
    """The worst of some grades."""
    return min(grades, key=GRADES.index)


def _known(notice: Notice) -> tuple[datetime, bool] | None:
    if notice.aware_at is not None:
        return notice.aware_at, False
    if notice.aware_on is not None:
        return datetime.combine(notice.aware_on + timedelta(days=1), time(), LONDON), True
    return None


def within(notices: Iterable[Notice], filters: Mapping[str, str]) -> list[Notice]:
    """The notices of the incidents that the filters leave; of an incident of two areas each area's own.

    ``force``, ``area``, ``district``, ``first`` (the officer's grade, which is the incident's).
    """
    return [
        notice
        for group in by_incident(notices).values()
        if filters.get("force", group[0].force) == group[0].force
        and filters.get("district", group[0].district) == group[0].district
        and ("first" not in filters or worst(notice.first_grade for notice in group) == filters["first"])
        for notice in group
        if filters.get("area", notice.area) == notice.area
    ]


def chosen(rows: Iterable[OpenIncident], filters: Mapping[str, str], horizons: Horizons) -> list[OpenIncident]:
    """The incidents that filters leave.

    ``force``, ``area``, ``district``, ``first`` (the officer's grade), ``grade`` (the present one),
    ``due`` (late, shift, monday).
    """
    until = {"late": horizons.now, "shift": horizons.shift, "monday": horizons.monday}
    limit = until.get(filters.get("due", ""))
    return [
        row
        for row in rows
        if filters.get("grade", row.grade) == row.grade
        and filters.get("first", row.first_grade) == row.first_grade
        and filters.get("force", row.force) == row.force
        and ("area" not in filters or filters["area"] in row.areas)
        and filters.get("district", row.district) == row.district
        and (limit is None or (row.due_at is not None and row.due_at < limit))
    ]
