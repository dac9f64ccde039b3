"""Pure rules of section 47 enquiries: what is written, what is missing, and what changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from schema.vocabulary import AGENCIES, Precision
from service.errors import Wrong

ShortText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=10_000)]

State = Literal["open", "completed", "authorised"]
Outcome = Literal["not_substantiated", "substantiated_no_continuing_risk", "substantiated_continuing_risk"]
NextStep = Literal[
    "conference", "legal_planning", "assessment_continues", "child_in_need_plan", "early_help", "no_further_action"
]
Kind = Literal["joint", "single_agency"]
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
NEXT_STEPS: Final[tuple[str, ...]] = get_args(NextStep)
KINDS: Final[tuple[str, ...]] = get_args(Kind)
#: Those who start enquiries (whoever may hold the discussion that decides it), write them, and authorise them.
STARTS: Final = ("mash_coordinator", "mash_manager", "out_of_hours", "team_manager")
WRITES: Final = ("social_worker", "team_manager", "mash_manager")
AUTHORISES: Final = ("team_manager", "mash_manager")
MOST_CHECKS: Final = 30


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check with an agency: what was asked, and what it answered. ``id`` is given when it is first saved."""

    agency: str
    id: ShortText = ""
    question: LongText = ""
    asked_on: date | None = None
    answered_on: date | None = None
    answer: LongText = ""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is written in an enquiry while it goes on; nothing of it need be complete before it is completed."""

    lead_social_worker: ShortText = ""
    police_officer: ShortText = ""
    history: LongText = ""
    not_seen_why: LongText = ""
    checks: Annotated[tuple[Check, ...], Meta(max_length=MOST_CHECKS)] = ()
    findings: LongText = ""
    outcome: Outcome | None = None
    rationale: LongText = ""
    conference_required: Literal["yes", "no"] | None = None
    next_step: NextStep | None = None
    next_step_text: LongText = ""


class Starting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Start one enquiry for each child of these pathways (several incidents of one child are one enquiry).

    ``initiated_by`` is the shared record of the ``strategy_held`` milestone that decided it, ``discussion`` the id of
    that discussion where it was held here. The enquiry starts when that discussion was held; without one ``at``, or
    ``on`` where only the day is known, says when. ``history`` is what the child's history adds up to: an enquiry
    started without it is flagged.
    """

    pathways: Annotated[list[UUID], Meta(min_length=1, max_length=40)]
    kind: Kind
    lead_social_worker: ShortText = ""
    police_officer: ShortText = ""
    history: LongText = ""
    discussion: UUID | None = None
    initiated_by: UUID | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    precision: Precision | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The child was seen by a social worker: when, alone or not, and what the child said or showed."""

    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    precision: Precision | None = None
    seen_alone: bool
    why_not_alone: LongText = ""
    said: LongText = ""


def wrong_with_checks(body: Body, today: date) -> list[Wrong]:
    """Checks that cannot be: an unknown agency, an answer before its question, a day that has not come."""
    found = []
    for number, check in enumerate(body.checks):
        field = f"checks[{number}]"
        if check.agency not in AGENCIES:
            found.append(Wrong(f"{field}.agency", check.agency[:60], " or ".join(AGENCIES), "Choose the agency."))
        for name in ("asked_on", "answered_on"):
            day: date | None = getattr(check, name)
            if day is not None and (day > today or day.year < 1900):
                found.append(Wrong(f"{field}.{name}", day.isoformat(), "a day that has come", "Check the date."))
        if check.answered_on and check.asked_on and check.answered_on < check.asked_on:
            found.append(
                Wrong(
                    f"{field}.answered_on",
                    check.answered_on.isoformat(),
                    "the day of the question or later",
                    "The answer stands before the question: check both dates.",
                )
            )
    return found


def missing_for_completion(body: Body, kind: str, *, seen: bool) -> list[Wrong]:
    """What an enquiry still lacks before a manager may authorise it."""
    wanted = [
        ("lead_social_worker", "the lead social worker"),
        ("history", "the analysis of the child's history"),
        ("findings", "what the enquiry found"),
        ("outcome", "the outcome"),
        ("rationale", "the rationale"),
        ("conference_required", "whether a conference is required"),
        ("next_step", "the next step"),
    ]
    if kind == "joint":
        wanted.insert(1, ("police_officer", "the police officer, as the enquiry is joint"))
    if not seen:
        wanted.append(("not_seen_why", "why the child has not been seen"))
    return [
        Wrong(name, "nothing", what, f"Enter {what}.")
        for name, what in wanted
        if not str(getattr(body, name) or "").strip()
    ]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Every field that differs: what it was, and what it is now."""
    return {
        name: [before.get(name), after.get(name)]
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


def wrong_with_times(at: datetime | None, on: date | None) -> list[Wrong]:
    """Exactly one of an instant and a day says when something happened."""
    if (at is None) == (on is None):
        return [Wrong("at", "both" if at else "nothing", "a time, or a day", "Give one of them.")]
    return []


def precision_of(said: Precision | None, on: date | None) -> Precision:
    """As it was said; a day is day-precise, an instant is to the minute."""
    return "day" if on is not None else said if said and said != "day" else "minute"
