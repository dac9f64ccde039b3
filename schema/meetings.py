"""Strategy discussions as they are asked for, answered and recorded: closed lists and the bodies of the API.

Nothing here refers to one conference system or form of words; what an area requires is data (`required_agency`).
"""

from datetime import datetime
from typing import Annotated, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

Agency = Literal[
    "childrens_social_care",
    "police",
    "health",
    "education",
    "early_help",
    "probation",
    "domestic_abuse_service",
    "housing",
    "youth_justice",
    "other",
]
Kind = Literal["initial", "review"]
Urgency = Literal["immediate", "usual"]
Form = Literal["meeting", "video", "telephone", "series_of_calls"]
State = Literal["requested", "scheduled", "held", "record_issued", "cancelled"]
Answer = Literal["accept", "decline", "representative", "sends_information"]
Presence = Literal["present", "represented", "sent_information", "apologies", "no_response"]
MayBeTold = Literal["yes", "no", "ask_its_owner"]
SectionFortySeven = Literal["yes", "no", "under_way"]
EnquiryType = Literal["joint", "single_agency"]
How = Literal["tracker", "secure_mail", "post", "by_hand"]
PostponeCause = Literal[
    "agency_unavailable",
    "chair_unavailable",
    "information_awaited",
    "not_enough_notice",
    "technical_failure",
    "clash_with_another_meeting",
    "child_or_family_event",
    "other",
]
CancelCause = Literal[
    "threshold_not_met_after_all", "covered_by_another_discussion", "requested_in_error", "agency_unavailable", "other"
]
POSTPONE_CAUSES: Final[tuple[str, ...]] = get_args(PostponeCause)
CANCEL_CAUSES: Final[tuple[str, ...]] = get_args(CancelCause)
#: Answers by which an agency takes part itself.
TAKES_PART: Final = frozenset({"accept", "representative"})
#: Attendance by which an agency took part: what it sent is not attendance, and an invitation never is.
TOOK_PART: Final = frozenset({"present", "represented"})
MOST_SLOTS: Final = 3

Text = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=10_000)]
Instant = Annotated[datetime, Meta(tz=True)]


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody sends: unknown fields are refused."""


class SlotSaid(Said, frozen=True, kw_only=True):
    """A time at which the discussion could be held."""

    starts_at: Instant
    ends_at: Instant


class InviteeSaid(Said, frozen=True, kw_only=True):
    """Who is asked: an agency of an area, a person with an account, or a contact with a name and an address."""

    agency: Agency
    area: Text | None = None
    person: UUID | None = None
    name: Text = ""
    role_title: Text = ""
    mail: Text = ""
    required: bool = False


class Asked(Said, frozen=True, kw_only=True):
    """A discussion that is asked for.

    ``reason``: why the threshold is thought reached (of a review: what it is to look at). ``manager``: the named
    manager who thinks so; the person who asks where they are a manager themselves. ``follows`` names the discussion
    that a review follows. Required agencies are invited without being named.
    """

    pathways: Annotated[list[UUID], Meta(min_length=1, max_length=40)]
    reason: LongText = ""
    manager: UUID | None = None
    urgency: Urgency = "usual"
    form: Form = "meeting"
    kind: Kind = "initial"
    follows: UUID | None = None
    threshold_at: Instant | None = None
    requested_at: Instant | None = None
    place: Text = ""
    slots: Annotated[list[SlotSaid], Meta(max_length=MOST_SLOTS)] = []
    invitees: Annotated[list[InviteeSaid], Meta(max_length=40)] = []


class Attendance(Said, frozen=True, kw_only=True):
    """How one agency or person took part. ``manager``: decides for children's social care."""

    agency: Agency
    presence: Presence
    invitee: UUID | None = None
    name: Text = ""
    role_title: Text = ""
    representative: Text = ""
    manager: bool = False


class Information(Said, frozen=True, kw_only=True):
    """What one agency shared, and whether it may be told to the parents."""

    agency: Agency
    text: LongText = ""
    name: Text = ""
    may_be_told_to_parents: MayBeTold = "ask_its_owner"


class HistoryConsidered(Said, frozen=True, kw_only=True):
    """What history was considered, what of it was missing, and that the chair confirms it."""

    considered: LongText = ""
    missing: LongText = ""
    confirmed_by_chair: bool = False


class Agreed(Said, frozen=True, kw_only=True):
    """Whether something is needed, and what was agreed about it. None: it was not discussed."""

    needed: bool | None = None
    text: LongText = ""


class ChildRecord(Said, frozen=True, kw_only=True):
    """What is known of one child, and what was decided.

    ``section_47``: ``yes`` begins an enquiry at this discussion; ``under_way``: one that began before goes on.
    """

    child: UUID
    said: LongText = ""
    showed: LongText = ""
    daily_life: LongText = ""
    not_known_because: LongText = ""
    section_47: SectionFortySeven | None = None
    enquiry: EnquiryType | None = None
    lead: Text = ""
    alternative: LongText = ""
    rationale: LongText = ""
    decided_by: Text = ""
    immediate_protection: Agreed = Agreed()
    medical: Agreed = Agreed()
    interview: Agreed = Agreed()
    legal: Agreed = Agreed()
    parents_told: LongText = ""


class Dissent(Said, frozen=True, kw_only=True):
    """An agency that did not agree, and where it was taken."""

    agency: Agency
    text: LongText = ""
    name: Text = ""
    escalated: bool = False
    escalated_to: Text = ""


class ActionSaid(Said, frozen=True, kw_only=True):
    """Something somebody is to do: what, for which outcome, who, by when. ``children`` empty: all of the discussion."""

    what: LongText = ""
    outcome_sought: LongText = ""
    owner_agency: Agency | None = None
    owner_person: UUID | None = None
    owner_name: Text = ""
    due_at: Instant | None = None
    children: Annotated[list[UUID], Meta(max_length=40)] = []


class WhatChanged(Said, frozen=True, kw_only=True):
    """Of an action of the last discussion: what changed for the child?"""

    action: UUID
    what_changed: LongText = ""


class Record(Said, frozen=True, kw_only=True):
    """The record of a discussion. A draft has the same fields; nothing of it need be complete.

    ``claimed_quorate`` is what somebody says; it is compared with what follows from the attendance.
    """

    held_from: Instant | None = None
    held_until: Instant | None = None
    form: Form | None = None
    chair: Text = ""
    claimed_quorate: bool | None = None
    attendance: Annotated[list[Attendance], Meta(max_length=60)] = []
    information: Annotated[list[Information], Meta(max_length=60)] = []
    history: HistoryConsidered = HistoryConsidered()
    children: Annotated[list[ChildRecord], Meta(max_length=40)] = []
    dissent: Annotated[list[Dissent], Meta(max_length=20)] = []
    actions: Annotated[list[ActionSaid], Meta(max_length=60)] = []
    earlier_actions: Annotated[list[WhatChanged], Meta(max_length=120)] = []
    next_discussion: LongText = ""
