"""The stages of a pathway: what begins each, what ends it, and which standard says how long it may take."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from service.clocks.awareness import POLICE_AWARE
from service.clocks.enquiries import ENQUIRY_INITIATED
from service.clocks.episodes import named
from service.clocks.order import Event

Outcomes = frozenset[str] | None

_REFERRED: Final = frozenset({"referral", "strategy_discussion", "immediate_protection"})
_TO_DISCUSS: Final = frozenset({"strategy_discussion", "immediate_protection"})
_SENT: Final = frozenset({"sent_to_right_area"})
#: What ends every stage of work with a family.
_OVER: Final = ("closed", "stepped_down", "withdrawn")

#: Ways out, by number from 1; 0 is still waiting. Only ever added to at the end: stored records hold the numbers.
CAUSES: Final = (
    "no_further_action", "advice", "early_help", "referral", "linked_to_open_case", "strategy_discussion",
    "immediate_protection", "sent_to_right_area", "decided_not_recorded", "strategy_held", "child_seen",
    "notice_not_shared", "withdrawn", "moved", "closed", "stepped_down", "shared", "received", "quorate", "not_quorate",
    "record_issued", "not_substantiated", "substantiated_no_continuing_risk", "substantiated_continuing_risk",
    "enquiry_completed", "worker_reviewed", "conference_held", "conference_not_required", "assessment_authorised",
    "allocated", "early_help_accepted", "early_help_declined", "transfer_accepted", "school_notified",
    "core_group_held", "review_held", "plan", "no_plan", "other", "transfer_in_conference_held",
)  # fmt: skip
_NUMBERS: Final = {cause: number for number, cause in enumerate(CAUSES, start=1)}
#: Kinds whose way out is named by their outcome, and what they are called without one.
_BY_OUTCOME: Final = {"contact_decided": "decided_not_recorded", "enquiry_completed": "enquiry_completed"}
_CALLED: Final = {
    "notice_shared": "shared",
    "notice_received": "received",
    "strategy_record_issued": "record_issued",
}


def cause_number(cause: str) -> int:
    """The number of a way out."""
    return _NUMBERS.get(cause, _NUMBERS["other"])


#: What ends work without doing what was due: it never counts as done in time.
UNMET: Final = (_NUMBERS["closed"], _NUMBERS["stepped_down"])


def cause_of(kind: str, outcome: str | None) -> str:
    """What a way out by this milestone is called."""
    if kind in _BY_OUTCOME:
        return outcome if outcome in _NUMBERS else _BY_OUTCOME[kind]
    return _CALLED.get(kind, kind)


class Start(msgspec.Struct, frozen=True):
    """A milestone that begins a stage; not where any of ``unless`` happened before since the pathway (re)opened."""

    kind: str
    outcomes: Outcomes = None
    unless: tuple[str, ...] = ()


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage. ``ends``: milestones with the outcomes that end it. ``also``: standards of its later occasions.

    ``per``: one stay at a time for each thing that the milestones' detail names so; what names none goes with any.
    """

    key: str
    name: str
    words: str
    starts: tuple[Start, ...]
    ends: Mapping[str, Outcomes]
    standard: str | None = None
    also: tuple[str, ...] = ()
    holder: str = "childrens_social_care"
    per: str | None = None

    @property
    def standards(self) -> frozenset[str]:
        """Every standard that says how long the stage may take."""
        return frozenset((self.standard, *self.also)) if self.standard is not None else frozenset()

    def ended_by(self, event: Event) -> bool:
        """Whether the event ends the stage."""
        if event.kind not in self.ends:
            return False
        outcomes = self.ends[event.kind]
        if event.kind == "contact_decided" and event.milestone.outcome in _SENT and outcomes is None:
            return False
        return outcomes is None or event.milestone.outcome in outcomes


def _stage(
    key: str, name: str, words: str, starts: Sequence[Start], *ends: str | tuple[str, Outcomes],
    standard: str | None = None, also: tuple[str, ...] = (), holder: str = "childrens_social_care",
    per: str | None = None,
) -> Stage:  # fmt: skip
    pairs = dict((end, None) if isinstance(end, str) else end for end in ends)
    return Stage(
        key=key, name=name, words=words, starts=tuple(starts), ends=pairs, standard=standard, also=also, holder=holder,
        per=per,
    )  # fmt: skip


#: Computed from waits and from whole incidents, see ``pathways`` and ``incidents``.
UNASSESSED: Final = "unassessed"
POLICE_SHARE: Final = "police_share"
LATE_FOUND: Final = "late_found"

_REFERRAL: Final = (
    Start("contact_decided", _REFERRED, ("referral_accepted",)),
    Start("referral_accepted"),
)

STAGES: Final[tuple[Stage, ...]] = (
    _stage(
        "in_transit", "On its way to children's social care", "From the police sending the notice to its receipt.",
        [Start("notice_shared", None, ("notice_received", "contact_decided"))],
        "notice_received", "contact_decided", "strategy_held", "withdrawn",
        standard="in_transit", holder="police",
    ),
    _stage(
        "contact_decision", "Contact decision",
        "From receipt of the notice (without a time of receipt: from its sending) to the decision, by outcome.",
        [
            Start("notice_received", None, ("contact_decided",)),
            Start("notice_shared", None, ("notice_received", "contact_decided")),
            Start("transfer_accepted"), Start("reopened"), Start("early_help_declined"),
        ],
        "contact_decided", "transfer_accepted", "closed", "withdrawn",
        standard="contact_decision",
    ),
    _stage(
        "accepted_not_seen", "Accepted, not yet seen",
        "From the decision to refer, discuss or protect until a social worker first sees the child.",
        [
            Start("contact_decided", _REFERRED, ("child_seen", "referral_accepted")),
            Start("referral_accepted", None, ("child_seen",)),
        ],
        "child_seen", *_OVER, standard="child_seen_referral",
    ),
    _stage(
        "allocation", "Without a named worker", "From acceptance, or the end of an allocation, to a named worker.",
        [
            Start("contact_decided", _REFERRED, ("allocated", "referral_accepted")),
            Start("referral_accepted", None, ("allocated",)), Start("allocation_ended"),
        ],
        "allocated", *_OVER, standard="allocation",
    ),
    _stage(
        "awaiting_strategy", "Awaiting strategy discussion",
        "From the earliest of threshold reached, a decision for a discussion, or a request until one is held.",
        [
            Start("threshold_reached", None, ("strategy_held",)),
            Start("contact_decided", _TO_DISCUSS, ("strategy_held",)), Start("strategy_requested"),
        ],
        "strategy_held", *_OVER, standard="strategy_discussion",
    ),
    _stage(
        "requested_to_held", "Requested to held", "From the request for a strategy discussion until it is held.",
        [Start("strategy_requested")], "strategy_held", *_OVER, standard="strategy_discussion",
    ),
    _stage(
        "awaiting_quorate", "Awaiting a quorate discussion",
        "From a discussion without a quorum until a quorate one.",
        [Start("strategy_held", frozenset({"not_quorate"}))],
        ("strategy_held", frozenset({"quorate"})), *_OVER, standard="strategy_quorate",
    ),
    _stage(
        "strategy_record", "Record of the discussion",
        "From the discussion until its record has gone to the last required recipient.",
        [Start("strategy_held")], "strategy_record_issued", "withdrawn", standard="strategy_record", per="discussion",
    ),
    _stage(
        "under_enquiry", "Under section 47 enquiry", "From the start of the enquiry to its outcome.",
        [Start("enquiry_started")], "enquiry_completed", *_OVER, standard="enquiry_completed",
    ),
    _stage(
        "seen_in_enquiry", "Seen in the enquiry", "From the start of the enquiry until the child is first seen.",
        [Start("enquiry_started", None, ("child_seen",))], "child_seen", *_OVER, standard="child_seen_enquiry",
    ),
    _stage(
        "conference", "Initial conference",
        "From the discussion that initiated the enquiry to the conference; day 0 is that discussion.",
        [Start(ENQUIRY_INITIATED)], "conference_held", "conference_not_required", *_OVER, standard="conference",
    ),
    _stage(
        "linked_not_reviewed", "Linked, not yet reviewed",
        "From linking to an open case until the named worker recorded what the incident changes.",
        [Start("contact_decided", frozenset({"linked_to_open_case"}))],
        "worker_reviewed", *_OVER, standard="linked_case_review",
    ),
    _stage(
        "early_help_offered", "Early help offered", "From the decision for early help to its acceptance or refusal.",
        [Start("contact_decided", frozenset({"early_help"}))],
        "early_help_accepted", "early_help_declined", *_OVER, standard="early_help_accepted", holder="early_help",
    ),
    _stage(
        "assessment", "Assessment", "From the referral until the assessment is authorised.",
        _REFERRAL, "assessment_authorised", *_OVER, standard="assessment",
    ),
    _stage(
        "core_group", "First core group", "From the conference that made a plan to the first core group.",
        [
            Start("conference_held", frozenset({"plan"}), ("core_group_held",)),
            Start("transfer_in_conference_held", frozenset({"plan"}), ("core_group_held",)),
        ],
        "core_group_held", ("review_held", frozenset({"plan_ended"})), *_OVER, standard="core_group",
    ),
    _stage(
        "review", "Review conference", "From one conference that made or kept a plan to the next review.",
        [
            Start("conference_held", frozenset({"plan"})), Start("transfer_in_conference_held", frozenset({"plan"})),
            Start("review_held", frozenset({"plan_continues"})),
        ],
        "review_held", *_OVER, standard="first_review", also=("later_review",),
    ),
    _stage(
        "transfer", "Sent to the right area", "From sending until the other area accepts in writing.",
        [Start("sent_to_right_area"), Start("contact_decided", _SENT)],
        "transfer_accepted", "closed", "withdrawn", standard="transfer_accepted",
    ),
    _stage(
        "transfer_in_conference", "Conference after a move here",
        "From the other area's notice that a child with a plan has moved here until the conference.",
        [Start("transfer_in_notified")], "transfer_in_conference_held", "closed", "withdrawn",
        standard="transfer_in_conference",
    ),
    _stage(
        "school", "School told", "From when the police knew until the school was told (Operation Encompass).",
        [Start(POLICE_AWARE, None, ("school_notified",))], "school_notified", "withdrawn",
        standard="school_notified", holder="police",
    ),
    _stage(
        "whole", "End to end",
        "From when the police knew to the conference, or to the decision that ends the matter.",
        [Start(POLICE_AWARE), Start("reopened")],
        ("contact_decided", frozenset({"no_further_action", "advice"})), "early_help_accepted", "worker_reviewed",
        "notice_not_shared", "conference_held", "conference_not_required", *_OVER, holder="police",
    ),
)  # fmt: skip
BY_KEY: Final = {stage.key: stage for stage in STAGES}


class Interval(msgspec.Struct, frozen=True):
    """One stay in a stage."""

    start: Event
    end: Event | None


def intervals(events: Sequence[Event]) -> dict[str, list[Interval]]:
    """Every stay in every stage, in order. An open stage swallows further beginnings, of the same thing where it
    has one stay for each.
    """
    found: dict[str, list[Interval]] = {}
    opened: dict[tuple[str, str | None], Event] = {}
    seen: set[str] = set()
    for event in events:
        if event.kind == "reopened":
            seen.clear()
        for key in _ENDED.get(event.kind, ()):
            for place in _ended(BY_KEY[key], opened, event):
                found.setdefault(key, []).append(Interval(opened.pop(place), event))
        for key, start_rule in _STARTED.get(event.kind, ()):
            place = key, _named(BY_KEY[key], event)
            if place in opened or (
                start_rule.outcomes is not None and event.milestone.outcome not in start_rule.outcomes
            ):
                continue
            if not seen.isdisjoint(start_rule.unless):
                continue
            opened[place] = event
        seen.add(event.kind)
    for (key, _), start in opened.items():
        found.setdefault(key, []).append(Interval(start, None))
    return found


def _named(stage: Stage, event: Event) -> str | None:
    return None if stage.per is None else named(event, stage.per)


def _ended(stage: Stage, opened: Mapping[tuple[str, str | None], Event], event: Event) -> list[tuple[str, str | None]]:
    """Which stays the event ends: its own; else the oldest where one of the two names nothing; a withdrawal, all."""
    name = _named(stage, event)
    own = (stage.key, name)
    if stage.per is None or (own in opened and event.kind != "withdrawn"):
        return [own] if own in opened and stage.ended_by(event) else []
    others = [place for place in opened if place[0] == stage.key]
    if event.kind == "withdrawn":
        return others
    return [place for place in others if name is None or place[1] is None][:1] if stage.ended_by(event) else []


_STARTED: Final[dict[str, list[tuple[str, Start]]]] = {}
_ENDED: Final[dict[str, list[str]]] = {}
for _each in STAGES:
    for _start in _each.starts:
        _STARTED.setdefault(_start.kind, []).append((_each.key, _start))
    for _kind in _each.ends:
        _ENDED.setdefault(_kind, []).append(_each.key)
