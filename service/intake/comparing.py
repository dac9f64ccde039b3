"""A row of a police file against what is stored of the same incident and child. Pure.

Identity: force, reference, and the child's normalised names and date of birth. A value that is
blank in the row says nothing. A value that differs only in precision (a day that contains the
minute, a minute that contains the second) does not contradict; more than the stored day is a fill.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, Final, Literal

import msgspec

from schema.vocabulary import Grade
from service.children.rules import normal_name
from service.intake.outcomes import ParsedRow
from service.intake.profile import Sex
from service.intake.times import Moment

#: Facts of the incident: every row of the reference must agree with them.
INCIDENT_FACTS: Final = ("grade", "incident", "attended")
#: Facts of the one child in it.
CHILD_FACTS: Final = (
    "area",
    "district",
    "date_of_birth",
    "expected_date_of_birth",
    "sex",
    "submitted",
    "shared",
    "seen_at_scene",
    "summary",
)


class StoredIncident(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an incident; None is not known."""

    grade: Grade | None = None
    incident: Moment | None = None
    attended: Moment | None = None


class StoredChild(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one child in the incident (its pathway); None is not known."""

    family_name: str
    given_names: str
    area: str
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    district: str | None = None
    sex: Sex = "U"
    submitted: Moment | None = None
    shared: Moment | None = None
    seen_at_scene: bool | None = None
    summary: str | None = None


class Difference(msgspec.Struct, frozen=True):
    """A field whose value in the row is not the stored one."""

    field: str
    stored: Any
    proposed: Any


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """``accepted``: a child new to us, or (with ``fills``) a known one of which we learn something:
    those count in ``updated`` too. ``held``: ``contradictions`` are the proposed corrections; the
    fills wait with them.
    """

    outcome: Literal["accepted", "repeated", "held"]
    updated: bool = False
    fills: tuple[Difference, ...] = ()
    contradictions: tuple[Difference, ...] = ()


def find_child(known: Sequence[StoredChild], row: ParsedRow) -> int | None:
    """Which of the incident's known children the row is about; None for one new to it.

    The names and the date of birth must be the same. Where either date is missing, the names
    decide if exactly one child has them.
    """
    name = normal_name(row.family_name, row.given_names)
    same = [place for place, child in enumerate(known) if normal_name(child.family_name, child.given_names) == name]
    exact = [place for place in same if known[place].date_of_birth == row.date_of_birth]
    if exact:
        return exact[0]
    open_ones = [place for place in same if row.date_of_birth is None or known[place].date_of_birth is None]
    return open_ones[0] if len(open_ones) == 1 else None


def compare(incident: StoredIncident | None, child: StoredChild | None, row: ParsedRow) -> Verdict:
    """What becomes of a readable row. ``incident`` None: the reference is new; ``child`` None: the
    child is new to it. Rows held for themselves (``row.held``) stay held.
    """
    fills: list[Difference] = []
    contradictions: list[Difference] = []
    if incident is not None:
        for field in INCIDENT_FACTS:
            _weigh(field, getattr(incident, field), getattr(row, field), fills, contradictions)
    if child is not None:
        for field in CHILD_FACTS:
            _weigh(field, getattr(child, field), getattr(row, field), fills, contradictions)
    if row.held or contradictions:
        return Verdict(outcome="held", fills=tuple(fills), contradictions=tuple(contradictions))
    if child is None:
        return Verdict(outcome="accepted", updated=False, fills=tuple(fills))
    if not fills:
        return Verdict(outcome="repeated")
    return Verdict(outcome="accepted", updated=True, fills=tuple(fills))


def fingerprint(row: ParsedRow) -> bytes:
    """Equal for rows that say the same, whatever file and line they stand in: 16 bytes."""
    said = [
        row.reference,
        normal_name(row.family_name, row.given_names),
        *(getattr(row, field) for field in (*INCIDENT_FACTS, *CHILD_FACTS)),
    ]
    return blake2b(msgspec.json.encode(said), digest_size=16).digest()


def _weigh(field: str, stored: Any, said: Any, fills: list[Difference], contradictions: list[Difference]) -> None:
    if said is None or said == stored or (field == "sex" and said == "U"):
        return
    if stored is None or (field == "sex" and stored == "U"):
        fills.append(Difference(field, stored, said))
    elif isinstance(said, Moment):
        if not _agrees(stored, said):
            contradictions.append(Difference(field, stored, said))
        elif stored.at is None and said.at is not None:
            fills.append(Difference(field, stored, said))
    elif isinstance(said, str) and field in ("district", "summary"):
        if " ".join(stored.split()).casefold() != " ".join(said.split()).casefold():
            contradictions.append(Difference(field, stored, said))
    else:
        contradictions.append(Difference(field, stored, said))


def _agrees(stored: Moment, said: Moment) -> bool:
    """Whether two moments can be the same one, told more or less precisely."""
    if stored.at is None or said.at is None:
        return stored.on == said.on
    if stored.precision == said.precision == "second":
        return stored.at == said.at
    return stored.at.replace(second=0) == said.at.replace(second=0)
