"""The stages of a pathway: what begins each, what ends it, and which standard says how long it may take."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from schema.vocabulary import CONTACT_OUTCOMES
from service.clocks.awareness import POLICE_AWARE
from service.clocks.enquiries import ENQUIRY_INITIATED
from service.clocks.order import Event

Outcomes = frozenset[str] | frozenset[str | None] | None

_REFERRED: Final = frozenset({"referral", "strategy_discussion", "immediate_protection"})
_TO_DISCUSS: Final = frozenset({"strategy_discussion", "immediate_protection"})
_SENT: Final = frozenset({"sent_to_right_area"})
#: Sending a child to the right area decides nothing about it.
_DECIDING: Final = frozenset({*CONTACT_OUTCOMES, None}) - _SENT
#: A review of which nobody recorded what became of the plan is one that kept it, as its standard takes it.
_PLAN_KEPT: Final = frozenset({"plan_continues", None})
#: What ends every stage of work with a family.
OVER: Final = ("closed", "stepped_down", "withdrawn")

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


#: It goes on in another area.
MOVED: Final = _NUMBERS["moved"]
#: What ends work without doing what was due: it never counts as done in time.
UNMET: Final = (_NUMBERS["closed"], _NUMBERS["stepped_down"])


def cause_of(kind: str, outcome: str | None) -> str:
    """What a way out by this milestone is called."""
    if kind in _BY_OUTCOME:
        return outcome if outcome in _NUMBERS else _BY_OUTCOME[kind]
    return _CALLED.get(kind, kind)


class Start(msgspec.Struct, frozen=True):
    """A milestone that begins a stage, as it begins the clock of its standard.

    ``each``: again also after it was done since the pathway was opened or moved here. ``undoes``: what was done before
    counts for nothing then; not after the case was closed where it is to be ``open``. ``without``: only where none of
    these happens before it is opened again or moves on. ``after``: only where one of these ever happened before.
    ``reversing``: only where this ended the stay before. ``during``: only of who is in this stage.
    """

    kind: str
    outcomes: Outcomes = None
    each: bool = False
    undoes: bool = False
    open: bool = False
    without: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    reversing: str | None = None
    during: str | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage. ``ends``: milestones with the outcomes that end it. ``also``: standards of its later occasions.

    ``before``: of the ends, what leaves nothing to wait for where it happened before the first beginning.

    ``closes``: what is closed or stepped down over is owed no more, as the standard says (`ended_by`).

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
    before: frozenset[str] = frozenset()
    closes: bool = False

    @property
    def standards(self) -> frozenset[str]:
        """Every standard that says how long the stage may take."""
        return frozenset((self.standard, *self.also)) if self.standard is not None else frozenset()

    def ended_by(self, event: Event) -> bool:
        """Whether the event ends the stage."""
        if event.kind not in self.ends:
            return False
        outcomes = self.ends[event.kind]
        return outcomes is None or event.milestone.outcome in outcomes


def _stage(
    key: str, name: str, words: str, starts: Sequence[Start], *ends: str | tuple[str, Outcomes],
    standard: str | None = None, also: tuple[str, ...] = (), holder: str = "childrens_social_care",
    per: str | None = None, before: Sequence[str] = (), closes: bool = False,
) -> Stage:  # fmt: skip
    pairs = dict((end, None) if isinstance(end, str) else end for end in ends)
    return Stage(
        key=key, name=name, words=words, starts=tuple(starts), ends=pairs, standard=standard, also=also, holder=holder,
        per=per, before=frozenset(before), closes=closes,
    )  # fmt: skip


#: Computed from waits and from whole incidents, see ``pathways`` and ``incidents``.
UNASSESSED: Final = "unassessed"
POLICE_SHARE: Final = "police_share"
LATE_FOUND: Final = "late_found"

_ACCEPTED: Final = (Start("contact_decided", _REFERRED), Start("referral_accepted"))
_RECEIVED: Final = frozenset({"notice_received"})
_PLAN: Final = (
    Start("conference_held", frozenset({"plan"}), each=True),
    Start("transfer_in_conference_held", frozenset({"plan"}), each=True),
)

STAGES: Final[tuple[Stage, ...]] = (
    _stage(
        "in_transit", "On its way to children's social care", "From the police sending the notice to its receipt.",
        [Start("notice_shared")], "notice_received", "contact_decided", "strategy_held", "withdrawn",
        standard="in_transit", holder="police", before=("notice_received", "contact_decided", "strategy_held"),
    ),
    _stage(
        "contact_decision", "Contact decision",
        "From receipt of the notice (without a time of receipt: from its sending) to the decision, by outcome.",
        [
            Start("notice_received"), Start("notice_shared", without=_RECEIVED),
            Start("transfer_accepted", without=_RECEIVED),
            Start("reopened", after=frozenset({"notice_shared", "notice_received"})),
            Start("early_help_declined", undoes=True),
        ],
        ("contact_decided", _DECIDING), "transfer_accepted", "closed", "withdrawn",
        standard="contact_decision", before=("contact_decided",),
    ),
    _stage(
        "accepted_not_seen", "Accepted, not yet seen",
        "From the decision to refer, discuss or protect until a social worker first sees the child.",
        _ACCEPTED, "child_seen", *OVER, standard="child_seen_referral", before=("child_seen",), closes=True,
    ),
    _stage(
        "allocation", "Without a named worker", "From acceptance, or the end of an allocation, to a named worker.",
        [*_ACCEPTED, Start("allocation_ended", undoes=True, open=True)],
        "allocated", *OVER, standard="allocation", before=("allocated",), closes=True,
    ),
    _stage(
        "awaiting_strategy", "Awaiting strategy discussion",
        "From the earliest of threshold reached, a decision for a discussion, or a request until one is held.",
        [
            Start("threshold_reached"), Start("contact_decided", _TO_DISCUSS),
            Start("strategy_requested", each=True),
        ],
        "strategy_held", *OVER, standard="strategy_discussion", before=("strategy_held",),
    ),
    _stage(
        "requested_to_held", "Requested to held", "From the request for a strategy discussion until it is held.",
        [Start("strategy_requested", each=True, during="awaiting_strategy")], "strategy_held", *OVER,
        standard="strategy_discussion",
    ),
    _stage(
        "awaiting_quorate", "Awaiting a quorate discussion",
        "From a discussion without a quorum until a quorate one.",
        [Start("strategy_held", frozenset({"not_quorate"}), each=True)],
        ("strategy_held", frozenset({"quorate"})), *OVER, standard="strategy_quorate",
    ),
    _stage(
        "strategy_record", "Record of the discussion",
        "From the discussion until its record has gone to the last required recipient.",
        [Start("strategy_held", each=True)], "strategy_record_issued", "withdrawn", standard="strategy_record",
        per="discussion",
    ),
    _stage(
        "under_enquiry", "Under section 47 enquiry", "From the start of the enquiry to its outcome.",
        [Start("enquiry_started", each=True)], "enquiry_completed", *OVER, standard="enquiry_completed",
    ),
    _stage(
        "seen_in_enquiry", "Seen in the enquiry", "From the start of the enquiry until the child is first seen.",
        [Start("enquiry_started", each=True)], "child_seen", *OVER, standard="child_seen_enquiry",
        before=("child_seen",),
    ),
    _stage(
        "conference", "Initial conference",
        "From the discussion that initiated the enquiry to the conference; day 0 is that discussion.",
        [Start(ENQUIRY_INITIATED, each=True)], "conference_held", "conference_not_required", *OVER,
        standard="conference", before=("conference_held", "conference_not_required"),
    ),
    _stage(
        "linked_not_reviewed", "Linked, not yet reviewed",
        "From linking to an open case until the named worker recorded what the incident changes.",
        [Start("contact_decided", frozenset({"linked_to_open_case"}), each=True)],
        "worker_reviewed", *OVER, standard="linked_case_review", before=("worker_reviewed",),
    ),
    _stage(
        "early_help_offered", "Early help offered", "From the decision for early help to its acceptance or refusal.",
        [Start("contact_decided", frozenset({"early_help"}), each=True)],
        "early_help_accepted", "early_help_declined", *OVER, standard="early_help_accepted", holder="early_help",
        before=("early_help_accepted", "early_help_declined"),
    ),
    _stage(
        "assessment", "Assessment", "From the referral until the assessment is authorised.",
        [*_ACCEPTED, Start("assessment_started")], "assessment_authorised", *OVER, standard="assessment",
        closes=True,
    ),
    _stage(
        "core_group", "First core group", "From the conference that made a plan to the first core group.",
        _PLAN, "core_group_held", ("review_held", frozenset({"plan_ended"})), *OVER, standard="core_group",
        closes=True,
    ),
    _stage(
        "review", "Review conference", "From one conference that made or kept a plan to the next review.",
        [*_PLAN, Start("review_held", _PLAN_KEPT, each=True)],
        "review_held", *OVER, standard="first_review", also=("later_review",), closes=True,
    ),
    _stage(
        "transfer", "Sent to the right area", "From sending until the other area accepts in writing.",
        [Start("sent_to_right_area", each=True), Start("contact_decided", _SENT, each=True)],
        "transfer_accepted", "closed", "withdrawn", standard="transfer_accepted",
    ),
    _stage(
        "transfer_in_conference", "Conference after a move here",
        "From the other area's notice that a child with a plan has moved here until the conference.",
        [Start("transfer_in_notified", each=True)], "transfer_in_conference_held", "closed", "withdrawn",
        standard="transfer_in_conference", closes=True,
    ),
    _stage(
        "school", "School told", "From when the police knew until the school was told (Operation Encompass).",
        [Start(POLICE_AWARE)], "school_notified", "withdrawn",
        standard="school_notified", holder="police", before=("school_notified",),
    ),
    _stage(
        "whole", "End to end",
        "From when the police knew to the conference, or to the decision that ends the matter.",
        [Start(POLICE_AWARE), Start("reopened", each=True), Start("notice_shared", reversing="notice_not_shared")],
        ("contact_decided", frozenset({"no_further_action", "advice"})), "early_help_accepted", "worker_reviewed",
        "notice_not_shared", "conference_held", "conference_not_required", *OVER, holder="police",
        before=(
            "contact_decided", "early_help_accepted", "worker_reviewed", "notice_not_shared", "conference_held",
            "conference_not_required",
        ),
    ),
)  # fmt: skip
BY_KEY: Final = {stage.key: stage for stage in STAGES}
