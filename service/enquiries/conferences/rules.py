"""Pure rules of conferences: who must be there, what is decided for each child, and why one is late."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from schema.vocabulary import ABUSE_CATEGORIES, AGENCIES, CONFERENCE_DELAY_REASONS, Precision
from service.clocks import ReadyCalendar
from service.clocks.local_time import day_ended_by, local_day
from service.enquiries.rules import LongText, ShortText
from service.errors import Wrong

Kind = Literal["initial", "pre_birth", "transfer_in"]
State = Literal["requested", "scheduled", "held", "cancelled"]
Decided = Literal["plan", "no_plan"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
#: Those who ask for conferences, those who arrange and record them, and the two sides that agree why one is late.
ASKS: Final = ("conference_service", "team_manager", "mash_manager")
ARRANGES: Final = ("conference_service", "team_manager")
MANAGES: Final = ("team_manager", "mash_manager")
CHAIRS: Final = ("conference_service",)
#: Besides social care: agencies or disciplines in direct contact with the child and family (Standard Safeguarding
#: Dataset, ``cppr_cp_review_quorate``).
OTHERS_WANTED: Final = 2
#: The clock that a conference is held to, and the milestone that it is.
CLOCK_OF: Final = {"initial": "conference", "pre_birth": "conference", "transfer_in": "transfer_in_conference"}
HELD_AS: Final = {
    "initial": "conference_held",
    "pre_birth": "conference_held",
    "transfer_in": "transfer_in_conference_held",
}


class Asking(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask for one conference about one or several children.

    A transfer-in conference counts from when the other area told us: ``notified_at``, or ``notified_on`` where only
    the day is known, and ``notified_by``.
    """

    pathways: Annotated[list[UUID], Meta(min_length=1, max_length=40)]
    kind: Kind = "initial"
    notified_at: Annotated[datetime, Meta(tz=True)] | None = None
    notified_on: date | None = None
    notified_by: ShortText = ""


class Scheduling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When it is planned for, and who chairs. Another time than before is a postponement: cause and agency."""

    planned_for: Annotated[datetime, Meta(tz=True)]
    chair: ShortText = ""
    cause: LongText = ""
    waits_on: ShortText | None = None


class Calling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a conference is called off, and the agency that it waited on. The clock goes on."""

    cause: LongText = ""
    waits_on: ShortText | None = None


class ChildDecided(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was decided for one child; a plan names its category of abuse."""

    pathway: UUID
    outcome: Decided
    category: ShortText | None = None


class Holding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A conference took place: when, who was there with direct contact, and what was decided for each child."""

    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    precision: Precision | None = None
    chair: ShortText = ""
    agencies: Annotated[list[str], Meta(max_length=20)] = []
    children: Annotated[list[ChildDecided], Meta(max_length=40)] = []


class Lateness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why it is late: a reason from the list and in words, the agency it waited on, the plan for the child meanwhile.

    ``side``: for whom somebody agrees who is both manager and chair elsewhere.
    """

    reason: ShortText = ""
    agency: ShortText | None = None
    text: LongText = ""
    interim_plan: LongText = ""
    side: Literal["manager", "chair"] | None = None


def quorate(agencies: Iterable[str]) -> bool:
    """Social care and at least two other agencies in direct contact with the child and family."""
    present = set(agencies)
    return "childrens_social_care" in present and len(present - {"childrens_social_care"}) >= OTHERS_WANTED


def wrong_with_holding(holding: Holding, covered: Iterable[UUID]) -> list[Wrong]:
    """Everything that is wrong with the record of a conference by itself."""
    found = []
    if (holding.at is None) == (holding.on is None):
        fix = "Give one of them." if holding.at else "Enter when it was held."
        found.append(Wrong("at", "both" if holding.at else "nothing", "a time, or a day", fix))
    if not holding.chair.strip():
        found.append(Wrong("chair", "nothing", "who chaired it", "Enter who chaired the conference."))
    if not holding.agencies:
        found.append(Wrong("agencies", "nobody", "who was there", "Choose the agencies that were there."))
    found += [
        Wrong(f"agencies[{number}]", agency[:60], " or ".join(AGENCIES), "Choose from the list.")
        for number, agency in enumerate(holding.agencies)
        if agency not in AGENCIES
    ]
    wanted, named = set(covered), [child.pathway for child in holding.children]
    for number, child in enumerate(holding.children):
        field = f"children[{number}]"
        if child.pathway not in wanted:
            got = str(child.pathway)
            found.append(Wrong(f"{field}.pathway", got, "a child of this conference", "Ask for a conference first."))
        elif named.count(child.pathway) > 1:
            found.append(Wrong(f"{field}.pathway", str(child.pathway), "each child once", "Decide once."))
        if child.outcome == "plan" and child.category not in ABUSE_CATEGORIES:
            found.append(
                Wrong(
                    f"{field}.category",
                    child.category or "nothing",
                    " or ".join(ABUSE_CATEGORIES),
                    "A plan names its category of abuse.",
                )
            )
        elif child.outcome == "no_plan" and child.category:
            found.append(Wrong(f"{field}.category", child.category, "nothing without a plan", "Leave it out."))
    if missing := wanted - set(named):
        found.append(
            Wrong(
                "children",
                f"{len(missing)} without a decision",
                "a decision for each child",
                "Say for each child whether there is a plan.",
            )
        )
    return found


def wrong_with_lateness(said: Lateness) -> list[Wrong]:
    """What the reason for lateness lacks."""
    found = []
    if said.reason not in CONFERENCE_DELAY_REASONS:
        expected = " or ".join(CONFERENCE_DELAY_REASONS)
        found.append(Wrong("reason", said.reason or "nothing", expected, "Choose the reason."))
    if said.agency is not None and said.agency not in AGENCIES:
        found.append(Wrong("agency", said.agency, " or ".join(AGENCIES), "Choose the agency it waited on."))
    if said.reason == "agency_not_available" and said.agency is None:
        found.append(Wrong("agency", "nothing", "the agency that could not come", "Choose the agency."))
    for name, what in (("text", "the reason in words"), ("interim_plan", "how the child is kept safe meanwhile")):
        if not getattr(said, name).strip():
            found.append(Wrong(name, "nothing", what, f"Enter {what}."))
    return found


def wrong_with_cause(cause: str, waits_on: str | None) -> list[Wrong]:
    """A postponement or a cancellation names its cause and the agency that it waits on."""
    found = []
    if not cause.strip():
        found.append(Wrong("cause", "nothing", "why", "Say why. It stops no clock."))
    if waits_on not in AGENCIES:
        got = waits_on or "nothing"
        found.append(Wrong("waits_on", got, " or ".join(AGENCIES), "Choose the agency that it waits on."))
    return found


def working_days_late(due_at: datetime, until: datetime, calendar: ReadyCalendar) -> int:
    """Working days after the target day until the local day of an instant; 0 where it was in time.

    Held on working day 16, a conference is one working day late.
    """
    return working_days_between(day_ended_by(due_at), local_day(until), calendar)


def counted_until(stopped_at: datetime | None, planned_for: datetime | None, now: datetime) -> datetime:
    """How long a conference takes, at least: until it stopped, else until now, or until it is planned for (UTC)."""
    return stopped_at or max(now, planned_for or now)


def working_days_left(due_at: datetime, now: datetime, calendar: ReadyCalendar) -> int:
    """Working days after today until the target day, which counts; 0 on that day and after it."""
    return working_days_between(local_day(now), day_ended_by(due_at), calendar)


def working_days_between(after: date, until: date, calendar: ReadyCalendar) -> int:
    """Working days later than one day, up to and with another; days that no calendar covers are not counted."""
    days = (date.fromordinal(ordinal) for ordinal in range(after.toordinal() + 1, until.toordinal() + 1))
    return sum(1 for day in days if calendar.is_working_day(day))
