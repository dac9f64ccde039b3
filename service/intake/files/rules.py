"""Pure rules of a police file's rows: what they say as arrivals, and how long they may wait off the books."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from schema.vocabulary import Precision
from service.children.rules import normal_name
from service.intake.books.rules import Arrival, ChildSaid, Difference, Fact
from service.intake.files.parse.outcomes import ParsedRow, Reason, RefusedRow
from service.intake.files.parse.profile import MOMENTS
from service.intake.files.parse.times import Moment, in_order

_NAMES: Final = UUID("b6f6a7d2-6f0e-5c39-8b61-0f6a7a0c5e21")
#: How long a row may be off the books before that is a flag (design invariant 10).
OFF_THE_BOOKS: Final = timedelta(hours=4)
OFF_THE_BOOKS_URGENT: Final = timedelta(hours=1)
#: Characters of a reference by which a row that is not on the books is found; real ones have about fifteen.
LONGEST_REFERENCE: Final = 200
_SAID: Final = (
    "date_of_birth",
    "expected_date_of_birth",
    "sex",
    "grade",
    "incident",
    "attended",
    "submitted",
    "shared",
    "seen_at_scene",
    "area",
)
FIELDS: Final = {
    "incident_occurred": "incident",
    "police_attended": "attended",
    "notice_submitted": "submitted",
    "notice_shared": "shared",
    "risk_graded": "grade",
    "seen_at_scene": "seen_at_scene",
}


def _fact(kind: str, moment: Moment, shared: str | None, **more: Any) -> Fact:
    precision: Precision = moment.precision
    on = moment.on if moment.at is None else None
    return Fact(kind=kind, at=moment.at, on=on, precision=precision, shared=shared, **more)


def arrival_of(row: ParsedRow, force: str, coverage: str, origin: UUID) -> Arrival:
    """What a readable row says. The grade and what was seen belong to the attendance."""
    facts = [
        _fact(kind, moment, shared)
        for kind, moment, shared in (
            ("incident_occurred", row.incident, "incident"),
            ("police_attended", row.attended, "incident"),
            ("notice_submitted", row.submitted, "incident"),
            ("notice_shared", row.shared, None),
        )
        if moment is not None
    ]
    scene = row.attended or row.incident or row.submitted or row.shared
    if scene is not None and row.grade is not None:
        facts.append(_fact("risk_graded", scene, "incident", outcome=row.grade, detail={"by": "officer"}))
    if scene is not None and row.seen_at_scene is not None:
        facts.append(_fact("seen_at_scene", scene, None, outcome="yes" if row.seen_at_scene else "no"))
    return Arrival(
        force=force,
        reference=row.reference,
        area=row.area,
        district=row.district,
        summary=row.summary,
        coverage=coverage,
        child=ChildSaid(
            family_name=row.family_name,
            given_names=row.given_names,
            date_of_birth=row.date_of_birth,
            expected_date_of_birth=row.expected_date_of_birth,
            sex=row.sex,
        ),
        facts=tuple(facts),
        source="police_file",
        involvement=row.involvement,
        origin=origin,
    )


def subject_key(force: str, reference: str, name: str) -> UUID:
    """What "not yet on the books" is about: one child of one reference, the same in every file."""
    return uuid5(_NAMES, f"{force}\x00{reference}\x00{name}")


def name_in(cells: list[str], places: dict[str, int]) -> str:
    """The normalised name of a row that could not be taken; empty where even that is not there."""

    def cell(field: str) -> str:
        place = places.get(field, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    family, given = cell("family_name"), cell("given_names")
    return normal_name(family, given) if family or given else ""


def fingerprint(row: ParsedRow) -> str:
    """Equal for rows that say the same, whatever file and line they stand in."""
    words = [" ".join((getattr(row, field) or "").split()).casefold() for field in ("summary", "district")]
    names = normal_name(row.family_name, row.given_names)
    said = [row.reference, names, *words, *(getattr(row, field) for field in _SAID)]
    return blake2b(msgspec.json.encode(said), digest_size=16).hexdigest()


def fingerprint_of_cells(cells: Sequence[str]) -> str:
    """Equal for rows that could not be read and hold the same text."""
    return blake2b(msgspec.json.encode(["cells", *cells]), digest_size=16).hexdigest()


def aged_from(row: ParsedRow | RefusedRow, stored_at: datetime) -> datetime:
    """Since when a row off the books waits: the attendance, or the file's arrival."""
    return row.attended.at if row.attended is not None and row.attended.at is not None else stored_at


def flagged_from(row: ParsedRow | RefusedRow, stored_at: datetime) -> datetime:
    """When being off the books becomes a flag: 4 hours, or 1 if high or of unreadable grade."""
    return aged_from(row, stored_at) + (OFF_THE_BOOKS_URGENT if is_urgent(row) else OFF_THE_BOOKS)


def is_urgent(row: ParsedRow | RefusedRow) -> bool:
    """Graded high, or graded by a word that cannot be read and may mean high."""
    return row.grade == "high" or (isinstance(row, RefusedRow) and row.grade_unreadable)


def storable(text: str | None) -> str | None:
    """A reference as the entry of a row keeps it: the database knows no U+0000, and an index no endless text."""
    return text[:LONGEST_REFERENCE].replace("\x00", "␀") if text else text


def doubled(row: ParsedRow) -> dict[str, Moment]:
    """The times of a row that exist twice, by field."""
    return {name: moment for name in MOMENTS if (moment := getattr(row, name)) is not None and moment.other}


def chosen(row: ParsedRow, reading: str) -> ParsedRow:
    """The row with every doubled hour read as the first or the second, and nothing that holds it."""
    moments = {
        name: Moment(moment.on, moment.precision, moment.at if reading == "first" else moment.other)
        for name, moment in doubled(row).items()
    }
    return msgspec.structs.replace(row, held=(), **moments)


def ordered(row: ParsedRow) -> bool:
    """Whether the known times are in the order in which they must have happened."""
    return in_order([getattr(row, name) for name in MOMENTS])


def reason_of(difference: Difference) -> Reason:
    """A contradiction as a reason for holding a row."""
    field = FIELDS.get(difference.field, difference.field)
    return Reason(
        field,
        None,
        difference.got,
        f"{difference.field.replace('_', ' ').capitalize()}: the books say {difference.stored}, this row says "
        f"{difference.got}. Decide which is right.",
    )


def told(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons as they are stored: plain data, with U+0000 made visible."""
    return [
        {
            "field": reason.field,
            "column": reason.column,
            "got": reason.got.replace("\x00", "␀"),
            "text": str(reason).replace("\x00", "␀"),
        }
        for reason in reasons
    ]
