"""Pure rules of the one door: what may be recorded, by whom, and what a correction changes."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from schema.spine import ClockRow, Derived, Milestone
from schema.vocabulary import (
    CONFERENCE_DELAY_REASONS,
    CONTACT_OUTCOMES,
    GRADES,
    NOT_SHARED_REASONS,
    RANK,
    Precision,
)
from service.actor import Actor
from service.clocks import Rulebook, is_late
from service.errors import Wrong

#: A partner's clock may be a little ahead of ours; anything later is refused.
FUTURE_TOLERANCE: Final = timedelta(minutes=5)

#: Nothing before it is a time of anybody on the books; it also keeps arithmetic with zones and margins in range.
OLDEST: Final = datetime(1900, 1, 1, tzinfo=UTC)

_LONDON: Final = ZoneInfo("Europe/London")

_FRONT_DOOR: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
_MANAGERS: Final = ("mash_manager", "team_manager")
_POLICE: Final = ("police_liaison",)
_WORKERS: Final = ("social_worker", "team_manager", "mash_manager")

#: Who may record which kind. A kind that is not here is recorded by nobody but the system.
RECORDED_BY: Final[dict[str, tuple[str, ...]]] = {
    "incident_occurred": _FRONT_DOOR + _POLICE,
    "police_reported": _FRONT_DOOR + _POLICE,
    "police_attended": _FRONT_DOOR + _POLICE,
    "seen_at_scene": _FRONT_DOOR + _POLICE,
    "risk_graded": _FRONT_DOOR + _POLICE,
    "urgent_for_child": _FRONT_DOOR + _POLICE,
    "risk_regraded": _FRONT_DOOR + _POLICE,
    "notice_submitted": _FRONT_DOOR + _POLICE,
    "notice_shared": _FRONT_DOOR + _POLICE,
    "notice_received": _FRONT_DOOR + _POLICE,
    "notice_not_shared": _POLICE,
    "school_notified": _FRONT_DOOR + _POLICE,
    "information_requested": (*_FRONT_DOOR, "social_worker", "team_manager"),
    "information_returned": (*_FRONT_DOOR, "social_worker", "team_manager"),
    "contact_decided": ("mash_manager", "out_of_hours"),
    "early_help_accepted": _FRONT_DOOR,
    "early_help_declined": _FRONT_DOOR,
    "worker_reviewed": _WORKERS,
    "referral_accepted": _MANAGERS,
    "allocated": _MANAGERS,
    "allocation_ended": _MANAGERS,
    # By a named manager; a coordinator who asks for the discussion writes it down.
    "threshold_reached": (*_FRONT_DOOR, "team_manager"),
    "strategy_requested": (*_FRONT_DOOR, "team_manager"),
    "strategy_scheduled": (*_FRONT_DOOR, "team_manager"),
    "strategy_postponed": (*_FRONT_DOOR, "team_manager"),
    "strategy_cancelled": (*_FRONT_DOOR, "team_manager"),
    "strategy_held": (*_FRONT_DOOR, "team_manager"),
    "strategy_record_issued": (*_FRONT_DOOR, "team_manager"),
    "enquiry_started": (*_FRONT_DOOR, "team_manager"),
    "child_seen": (*_WORKERS, "mash_coordinator", "out_of_hours"),
    "enquiry_completed": _MANAGERS,
    "conference_not_required": _MANAGERS,
    "conference_scheduled": ("conference_service", "team_manager"),
    "conference_cancelled": ("conference_service", "team_manager"),
    "history_considered": _WORKERS,
    "conference_held": ("conference_service", "team_manager"),
    "transfer_in_notified": ("conference_service", *_MANAGERS),
    "transfer_in_conference_held": ("conference_service", "team_manager"),
    "conference_delay_agreed": ("conference_service", *_MANAGERS),
    "core_group_held": _WORKERS,
    "review_held": ("conference_service", "team_manager"),
    "assessment_started": _WORKERS,
    "assessment_authorised": _MANAGERS,
    "police_protection_used": _FRONT_DOOR + _POLICE,
    "police_protection_ended": _FRONT_DOOR + _POLICE,
    "emergency_order_granted": (*_FRONT_DOOR, "team_manager"),
    "emergency_order_ended": (*_FRONT_DOOR, "team_manager"),
    "sent_to_right_area": _FRONT_DOOR,
    "transfer_accepted": ("mash_manager", "mash_coordinator"),
    "referrer_told": (*_FRONT_DOOR, "team_manager"),
    "stepped_down": _MANAGERS,
    "closed": _MANAGERS,
    "reopened": ("mash_manager", "team_manager"),
    "withdrawn": ("mash_manager", "police_liaison"),
}

#: Kinds whose outcome and details are decided for each child, though one record holds the time for all.
DECIDED_PER_CHILD: Final = frozenset({"conference_held", "transfer_in_conference_held"})

#: Kinds that bear on the other incidents of the same child: they make or end a second look.
BEARS_ON_OTHERS: Final = frozenset({"notice_not_shared", "notice_shared", "withdrawn"})

#: Kinds recorded with what belongs to them (a decider whom the area lists, two people who agree, an enquiry's row): by
#: a page under ``/pathways/{id}/`` and a route of the API. The general form and route refuse them.
RECORDED_ELSEWHERE: Final[dict[str, tuple[str, str]]] = {
    "contact_decided": ("decide", "/api/v1/decisions"),
    "sent_to_right_area": ("decide", "/api/v1/decisions"),
    "transfer_accepted": ("accept-transfer", "/api/v1/pathways/{pathway}/transfer-acceptance"),
    "enquiry_started": ("enquiry", "/api/v1/enquiries"),
    "enquiry_completed": ("enquiry", "/api/v1/enquiries/{enquiry}/authorisation"),
    "conference_scheduled": ("conference", "/api/v1/conferences/{conference}/date"),
    "conference_cancelled": ("conference", "/api/v1/conferences/{conference}/cancellation"),
    "conference_held": ("conference", "/api/v1/conferences/{conference}/holding"),
    "transfer_in_notified": ("conference", "/api/v1/conferences"),
    "transfer_in_conference_held": ("conference", "/api/v1/conferences/{conference}/holding"),
    "conference_delay_agreed": ("conference", "/api/v1/conferences/{conference}/agreement"),
}

#: The closed list of outcomes, for kinds that have one.
OUTCOMES: Final[dict[str, tuple[str, ...]]] = {
    "risk_graded": GRADES,
    "risk_regraded": GRADES,
    "contact_decided": CONTACT_OUTCOMES,
    "notice_not_shared": NOT_SHARED_REASONS,
    "strategy_held": ("quorate", "not_quorate"),
    "enquiry_started": ("joint", "single_agency"),
    "enquiry_completed": (
        "not_substantiated",
        "substantiated_no_continuing_risk",
        "substantiated_continuing_risk",
    ),
    "conference_held": ("plan", "no_plan"),
    "transfer_in_conference_held": ("plan", "no_plan"),
    "conference_delay_agreed": CONFERENCE_DELAY_REASONS,
}

#: Facts that a person must give reasons for: (key of detail, what it is called).
REASONED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "risk_regraded": (("rationale", "why the grade changed"),),
    "urgent_for_child": (("reason", "why it is urgent for this child"),),
    "notice_not_shared": (("text", "the reason in words"), ("decided_by", "who decided")),
    "contact_decided": (
        ("rationale", "the rationale"),
        ("history_considered", "what history was considered"),
        ("decided_by", "who decided"),
    ),
    "threshold_reached": (("manager", "the named manager"), ("reason", "why")),
    "allocated": (("worker", "the named practitioner"),),
    "history_considered": (("history_considered", "what the history adds up to"),),
    "transfer_in_notified": (("from", "who told us that the child has moved here"),),
    "conference_delay_agreed": (
        ("text", "the reason in words"),
        ("interim_plan", "how the child is kept safe meanwhile"),
        ("manager", "the manager who agreed"),
        ("chair", "the conference chair who agreed"),
    ),
    "withdrawn": (("reason", "why it is withdrawn"),),
    "reopened": (("reason", "why it is opened again"),),
    "worker_reviewed": (("text", "what the incident changes"),),
    "sent_to_right_area": (("to_area", "the right area"),),
}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone to record. Give ``at`` (an aware instant) or, to the day, ``on``."""

    pathway: UUID
    kind: str
    at: datetime | None = None
    on: date | None = None
    precision: Precision = "minute"
    outcome: str | None = None
    detail: dict[str, Any] = {}
    source: str = "typed"
    record: UUID | None = None
    origin: UUID | None = None
    supersedes: UUID | None = None
    retracted: bool = False
    reason: str | None = None
    authorised_by: UUID | None = None


def may_record(actor: Actor, kind: str, area: str, force: str) -> bool:
    """Whether the actor holds a role, in that area or force, that records this kind."""
    if actor.kind == "system":
        return True
    if actor.kind == "client":
        return "notices:write" in actor.scopes and "police_liaison" in RECORDED_BY.get(kind, ())
    return any(
        grant.role in RECORDED_BY.get(kind, ())
        and (grant.force == force if grant.role == "police_liaison" else grant.area == area)
        for grant in actor.grants
    )


def wrong_with_door(kind: str) -> list[Wrong]:
    """What is wrong with recording a kind by the general route: another one does more than write the milestone."""
    if kind not in RECORDED_ELSEWHERE:
        return []
    route = RECORDED_ELSEWHERE[kind][1]
    return [Wrong("kind", kind, f"a milestone that no other route records: this one is {route}", f"Use {route}.")]


def wrong_with(entry: Entry, now: datetime) -> list[Wrong]:
    """Everything that is wrong with an entry by itself; empty when it may be recorded.

    Imported facts (a police or history file) may lack the reasons a person must give: they are
    taken and shown as "not recorded" (design section 8).
    """
    found = []
    if entry.kind not in RANK:
        found.append(Wrong("kind", entry.kind, "a milestone of the vocabulary", "Choose one from the list."))
    found.extend(_wrong_time(entry, now))
    expected = OUTCOMES.get(entry.kind)
    imported = entry.source in ("police_file", "history_file")
    if not entry.retracted:
        if expected and entry.outcome not in expected and not (imported and entry.outcome is None):
            found.append(Wrong("outcome", entry.outcome or "nothing", " or ".join(expected), "Choose one."))
        if not imported and entry.source != "system":
            found.extend(
                Wrong(f"detail.{key}", "nothing", words, f"Record {words}.")
                for key, words in REASONED.get(entry.kind, ())
                if not str(entry.detail.get(key) or "").strip()
            )
    if entry.supersedes is not None and not (entry.reason or "").strip():
        found.append(Wrong("reason", "nothing", "why it is corrected", "Say what was wrong and how you know."))
    return found


def _wrong_time(entry: Entry, now: datetime) -> list[Wrong]:
    found = []
    if (entry.at is None) == (entry.on is None):
        found.append(Wrong("at", "both" if entry.at else "nothing", "a time, or a day", "Give one of them."))
    if (entry.precision == "day") != (entry.at is None):
        found.append(
            Wrong(
                "precision",
                entry.precision,
                "`day` with a day, another with a time",
                "A day is never given an invented time.",
            )
        )
    if entry.at is not None and entry.at.tzinfo is None:
        found.append(Wrong("at", entry.at.isoformat(), "an instant with its zone", "Add the zone."))
    elif entry.at is not None and entry.at > now + FUTURE_TOLERANCE:
        found.append(Wrong("at", entry.at.isoformat(), "a time that has passed", "Check the date and time."))
    elif entry.at is not None and entry.at < OLDEST:
        found.append(Wrong("at", entry.at.isoformat(), "a time since 1900", "Check the year."))
    if entry.on is not None and entry.on < OLDEST.date():
        found.append(Wrong("on", entry.on.isoformat(), "a day since 1900", "Check the year."))
    elif entry.on is not None and entry.on > now.astimezone(_LONDON).date():
        found.append(Wrong("on", entry.on.isoformat(), "a day that has come", "Check the date."))
    return found


def taken_back(rows: Iterable[Milestone]) -> dict[str, Milestone]:
    """What was said never to have happened, and still is: the row that says so, by kind."""
    every = list(rows)
    gone = {row.supersedes for row in every}
    return {row.kind: row for row in every if row.retracted and row.id not in gone}


def excused_again(
    before: Derived,
    after: Derived,
    voided: Mapping[str, Milestone],
    new: Iterable[Milestone],
    rulebook: Rulebook,
    now: datetime,
) -> Milestone | None:
    """The row that was taken back and is now told anew, so that late becomes in time; None where that is not so.

    To take a fact back and record it again is to correct it, and is agreed to by a second person as a correction is.
    """
    told = {row.id: row.kind for row in new}
    for clock in forgiven(before, after, now):
        same = next((c for c in after.clocks if (c.standard, c.episode) == (clock.standard, clock.episode)), clock)
        kinds = set(told.values()) - {"withdrawn"}
        if same.stop_milestone in told:
            kinds |= {stop.kind for stop in rulebook.versions[clock.version].met_by}
        if again := kinds & voided.keys():
            return voided[min(again)]
    return None


def forgiven(before: Derived, after: Derived, now: datetime) -> list[ClockRow]:
    """Clocks that were late before a correction and are not late after it.

    These need a source and a second person (design invariant 3).
    """
    late_after = {(clock.standard, clock.episode) for clock in after.clocks if is_late(clock, now)}
    return [
        clock for clock in before.clocks if is_late(clock, now) and (clock.standard, clock.episode) not in late_after
    ]
