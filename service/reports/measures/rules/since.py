"""What was recorded since a report about the time before it: by kind, and by the agency whose record it is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from schema.spine import Milestone
from service.clocks.local_time import local_day
from service.reports.measures.ledgers import Moved, OfAgency, Restated

Kind = Literal["corrections", "retractions", "recorded_late"]
_KINDS: Final[tuple[Kind, ...]] = ("corrections", "retractions", "recorded_late")
_AGENCIES: Final = ("police", "childrens_social_care")
_OF_POLICE: Final = (
    "incident_occurred", "police_reported", "police_attended", "seen_at_scene", "risk_graded", "risk_regraded",
    "notice_submitted", "notice_shared", "notice_not_shared", "school_notified",
)  # fmt: skip


class Later(NamedTuple):
    """One record since a report, of one pathway. ``forgave``: it turned late into in time."""

    kind: Kind
    agency: str
    forgave: bool
    pathway: UUID
    incident: UUID
    child: UUID


def agency_of(kind: str) -> str:
    """The agency whose record a milestone is, whoever typed it: of its times it has to answer."""
    return _AGENCIES[kind not in _OF_POLICE]


def happened_by(row: Milestone, instant: datetime) -> bool:
    """Whether a milestone tells of the time before an instant; one of that day without an hour does."""
    if row.at is not None:
        return row.at <= instant
    return row.on is not None and row.on <= local_day(instant)


def moved_beyond(rows: Sequence[Milestone], instant: datetime, until: datetime) -> set[UUID]:
    """Roots of what, as last corrected until another instant, happened after the instant: by then it had not."""
    known = [row for row in rows if row.recorded_at <= until]
    gone = {row.supersedes for row in known}
    return {row.root for row in known if row.id not in gone and not happened_by(row, instant)}


def later(
    rows: Iterable[Milestone],
    instant: datetime,
    until: datetime,
    *,
    incident: UUID,
    child: UUID,
    pathway: UUID,
    agreed: frozenset[UUID],
) -> Iterator[Later]:
    """What was recorded of a pathway after an instant and until another one about the time before the first: entries,
    and corrections of what was or is said to have happened before it.

    Args:
        rows: all its milestones.
        instant, until: from when, and until when.
        incident, child, pathway: of whom.
        agreed: corrections to which a second person agreed, because they turned late into in time.
    """
    known = [row for row in rows if row.recorded_at <= until]
    before = {row.root for row in known if happened_by(row, instant)}
    for row in known:
        if row.recorded_at <= instant or row.root not in before:
            continue
        kind: Kind = "retractions" if row.retracted else "corrections"
        if row.supersedes is None:
            if not happened_by(row, instant):
                continue
            kind = "recorded_late"
        yield Later(kind, agency_of(row.kind), row.id in agreed, pathway, incident, child)


def summed(figures: list[Moved], recorded: Sequence[Later]) -> Restated:
    """Figures that may have moved, with what was recorded meanwhile."""
    of_kind = {kind: [each for each in recorded if each.kind == kind] for kind in _KINDS}
    return Restated(
        figures=figures,
        **{kind: len(found) for kind, found in of_kind.items()},
        pathways=len({each.pathway for each in recorded}),
        agencies=[_of_agency(agency, [each for each in recorded if each.agency == agency]) for agency in _AGENCIES],
        behind_parts={**{kind: _behind(found) for kind, found in of_kind.items()}, "pathways": _behind(recorded)},
    )


def _of_agency(agency: str, recorded: Sequence[Later]) -> OfAgency:
    of_kind = {kind: [each for each in recorded if each.kind == kind] for kind in _KINDS}
    forgave = [each for each in recorded if each.forgave]
    return OfAgency(
        agency=agency,
        **{kind: len(found) for kind, found in of_kind.items()},
        forgave=len(forgave),
        behind_parts={**{kind: _behind(found) for kind, found in of_kind.items()}, "forgave": _behind(forgave)},
    )


def _behind(recorded: Sequence[Later]) -> int:
    """Incidents or children behind so many records, whichever are fewer."""
    return min(len({each.incident for each in recorded}), len({each.child for each in recorded}))
