"""Synthetic pathways as the police records system would export them (profile ``gmp``).

Times are local wall clock to the minute. Incidents with a time in the hour that exists twice are
left out, so that every row is one that an import accepts without a person.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from service.demo.generator.days import is_ambiguous, to_local
from service.demo.generator.partnership import AREAS
from service.demo.generator.shapes import SyntheticMilestone, SyntheticPathway

POLICE_HEADER = (
    "Occurrence No",
    "Incident Date",
    "Incident Time",
    "Date/Time Attended",
    "DAB Submitted",
    "Risk (Officer)",
    "District",
    "LA",
    "Child Surname",
    "Child Forename(s)",
    "DOB",
    "Sex",
    "Child Seen",
    "Referred to CSC",
    "Summary",
)
_AREA_NAMES = {area.code: area.name for area in AREAS}
_SEXES = {"F": "Female", "M": "Male", "U": ""}
_SEEN = {"yes": "Y", "no": "N", None: ""}
_TOLD = frozenset({"incident_occurred", "police_attended", "notice_submitted", "notice_shared"})


def police_rows(pathways: Iterable[SyntheticPathway], limit: int | None = None) -> Iterator[list[str]]:
    """The header, then one row per child per incident, at most ``limit`` rows.

    For a file of any size give ``generate`` a scale of about ``limit / 5000``.
    """
    yield list(POLICE_HEADER)
    written = 0
    for pathway in pathways:
        if limit is not None and written >= limit:
            return
        row = _row(pathway)
        if row is not None:
            written += 1
            yield row


def _row(pathway: SyntheticPathway) -> list[str] | None:
    child = pathway.child
    unborn = pathway.involvement == "unborn"
    if child is None or (unborn and child.born_from is not None):
        return None
    known: dict[str, SyntheticMilestone] = {}
    for told in pathway.milestones:
        known.setdefault(told.kind, told)
    times = [told.at for kind, told in known.items() if kind in _TOLD and told.at is not None]
    if any(is_ambiguous(at) for at in times) or "notice_submitted" not in known:
        return None
    grade, seen = known.get("risk_graded"), known.get("seen_at_scene")
    happened = _local(known.get("incident_occurred"))
    return [
        pathway.incident.reference,
        happened[:10],
        happened[11:],
        _local(known.get("police_attended")),
        _local(known.get("notice_submitted")),
        grade.outcome.capitalize() if grade and grade.outcome else "",
        pathway.incident.district,
        _AREA_NAMES[pathway.area],
        child.family_name,
        "Unborn" if unborn else child.given_names,
        child.date_of_birth.strftime("%d/%m/%Y") if child.date_of_birth and not unborn else "",
        "" if unborn else _SEXES[child.sex],
        _SEEN[seen.outcome if seen else None],
        _local(known.get("notice_shared")),
        "Domestic incident attended. Children in the property.",
    ]


def _local(told: SyntheticMilestone | None) -> str:
    if told is None:
        return ""
    at: datetime | None = to_local(told.at) if told.at else None
    return at.strftime("%d/%m/%Y %H:%M") if at else told.on.strftime("%d/%m/%Y") if told.on else ""
