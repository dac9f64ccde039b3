"""What the generator hands over: plain structs in the words of ``schema.vocabulary``.

Keys (people, teams, schools, households) are texts that ``partnership`` explains; the loader turns
them into rows and ids. Instants are aware UTC datetimes in whole seconds.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from schema.vocabulary import Precision


class SyntheticIncident(msgspec.Struct, frozen=True, kw_only=True):
    """One police-attended event. ``no_child_reason`` is set where it names no child."""

    force: str
    reference: str
    area: str
    district: str
    no_child_reason: str | None = None


class SyntheticChild(msgspec.Struct, frozen=True, kw_only=True):
    """A child as the records stand at the end of the period; one struct per ``reference``.

    A child born since the incident has both dates, so ``involvement`` and not the date of birth
    says who was unborn. ``None`` for ethnicity and disability means "not recorded".
    ``born_from`` names the unborn record that a multiple birth was split from.
    """

    reference: str
    area: str
    family_name: str
    given_names: str
    household: str
    sex: str
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    ethnicity: str | None = None
    disability: str | None = None
    school: str | None = None
    school_status: str = "unknown"
    confidential_address: bool = False
    safe_contact: str | None = None
    born_from: str | None = None


class SyntheticMilestone(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, and when and by whom it was recorded.

    ``record`` is the same text on every pathway that one fact covers (an attendance, a meeting).
    ``supersedes`` is the index, in this pathway's own milestones, of the row that this one corrects.
    People in ``detail`` (``decided_by``, ``worker``) are keys of ``partnership``.
    """

    kind: str
    at: datetime | None
    recorded_at: datetime
    recorded_by: str
    on: date | None = None
    precision: Precision = "minute"
    outcome: str | None = None
    detail: dict[str, Any] = {}
    source: str = "typed"
    record: str | None = None
    supersedes: int | None = None
    retracted: bool = False
    reason: str | None = None
    authorised_by: str | None = None


class SyntheticPathway(msgspec.Struct, frozen=True, kw_only=True):
    """One child in one incident; or, with ``child`` None, an incident that names no child.

    ``area`` is where the pathway started (a transfer that was accepted is told by its milestones).
    ``case`` names a hand-written case and is None for drawn ones.
    """

    incident: SyntheticIncident
    child: SyntheticChild | None
    area: str
    involvement: str
    milestones: tuple[SyntheticMilestone, ...]
    case: str | None = None
