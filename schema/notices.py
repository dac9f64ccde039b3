"""A notice as it is typed or pushed: the body of ``POST /api/v1/notices``.

Six things are required: the police reference, the force, the area, when police attended (or when
it was reported to them), a grade (or the word ``ungraded``), and the children, or why none is
named. Everything else may be blank, and blank means "not said".
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=10_000)]


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time with its precision: ``at`` (an instant with its zone), or ``on`` (a day)."""

    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    precision: Literal["second", "minute", "day", "estimated"] | None = None


class NoticeChild(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One child of a notice. ``child`` links to a known child when a person chose the match."""

    family_name: Text = ""
    given_names: Text = ""
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    sex: Literal["F", "M", "U"] | None = None
    involvement: Literal[
        "saw_or_heard",
        "in_the_property",
        "lives_there_absent",
        "child_of_party_elsewhere",
        "party_to_incident",
        "unborn",
        "not_recorded",
    ] = "not_recorded"
    seen_at_scene: Literal["yes", "no"] | None = None
    not_seen_because: LongText = ""
    said_or_showed: LongText = ""
    school: UUID | None = None
    school_status: Literal["at_school", "home_educated", "not_of_school_age", "not_in_education", "unknown"] | None = (
        None
    )
    ethnicity: Text | None = None
    disability: Text | None = None
    local_reference: Text | None = None
    safe_contact: LongText | None = None
    confidential_address: bool = False
    child: UUID | None = None


class Urgent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Urgent for the child, whatever the adult victim's grade: counts as high."""

    reason: LongText
    by: Literal["officer", "front_door"] = "officer"


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A police notice of one incident with its children."""

    reference: Annotated[str, Meta(max_length=60)]
    force: Annotated[str, Meta(max_length=20)]
    area: Annotated[str, Meta(max_length=12)]
    grade: Literal["high", "medium", "standard", "ungraded"]
    district: Text | None = None
    grade_rationale: LongText = ""
    urgent_for_child: Urgent | None = None
    incident_occurred: When | None = None
    police_reported: When | None = None
    police_attended: When | None = None
    notice_submitted: When | None = None
    notice_shared: When | None = None
    notice_received: When | None = None
    children: Annotated[list[NoticeChild], Meta(max_length=40)] = []
    no_child_reason: Literal["none_in_household", "not_asked", "not_recorded"] | None = None
    summary: LongText = ""
    told: Annotated[list[Text], Meta(max_length=40)] = []
    order_confirmed: bool = False


class NextDue(msgspec.Struct, frozen=True, kw_only=True):
    """The next thing due on a pathway, in data and in words."""

    standard: str
    due_at: datetime
    words: str


class NoticePathway(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one child of a notice."""

    pathway: UUID
    outcome: Literal["accepted", "repeated"]
    updated: bool
    next_due: NextDue | None = None


class NoticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a notice that was logged."""

    notice: UUID
    incident: UUID
    reference: str
    recorded_at: datetime
    pathways: list[NoticePathway]
