"""What may be done next with a pathway: two or three steps that make sense now, the rest behind "More"."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

import msgspec

from service.actor import Actor
from service.pathways.pages.wording import kind as kind_words
from service.pathways.rules import RECORDED_BY, RECORDED_ELSEWHERE, may_record

_AT_ONCE: Final = 3
#: By stage, the milestones that would move it on, the likeliest first.
_NEXT: Final[dict[str, tuple[str, ...]]] = {
    "not_known_to_police": ("police_reported", "police_attended"),
    "recording": ("notice_received", "risk_regraded", "urgent_for_child"),
    "triage": ("notice_received", "risk_regraded", "urgent_for_child"),
    "not_yet_shared": ("notice_shared", "notice_not_shared", "risk_regraded"),
    "waiting_for_decision": ("urgent_for_child", "risk_regraded"),
    "in_transit": ("notice_received", "urgent_for_child"),
    "out_of_hours": ("contact_decided", "information_requested", "school_notified"),
    "front_door": ("contact_decided", "information_requested", "school_notified"),
    "information": ("information_returned", "contact_decided"),
    "offered": ("early_help_accepted", "early_help_declined"),
    "early_help": ("closed", "referrer_told"),
    "to_allocate": ("allocated", "child_seen"),
    "linked_case": ("worker_reviewed",),
    "convening": ("strategy_requested",),
    "transfer": ("transfer_accepted",),
    "lead_social_worker": ("child_seen", "enquiry_started", "assessment_authorised", "stepped_down"),
    "enquiry": ("child_seen", "enquiry_completed"),
    "conference_service": ("conference_held", "conference_scheduled"),
    "decided": ("referrer_told", "reopened"),
    "stepped_down": ("closed", "reopened"),
    "not_shared": ("notice_shared", "school_notified"),
    "closed": ("reopened",),
    "withdrawn": ("reopened",),
}
#: With a lead social worker it is the open clocks that say what comes next: what meets each standard.
_OWED: Final = {
    "child_seen_enquiry": "child_seen",
    "child_seen_referral": "child_seen",
    "assessment": "assessment_authorised",
    "core_group": "core_group_held",
    "first_review": "review_held",
    "later_review": "review_held",
}
#: What a button says, where the milestone's own name would not do.
_TEXTS: Final = {
    "notice_shared": "Share the notice",
    "notice_not_shared": "Do not share",
    "notice_received": "Record receipt",
    "risk_regraded": "Change the grade",
    "urgent_for_child": "Mark urgent for child",
    "school_notified": "School told",
    "contact_decided": "Decide",
    "information_requested": "Ask an agency",
    "information_returned": "Record the answer",
    "early_help_accepted": "Early help accepted",
    "early_help_declined": "Early help declined",
    "worker_reviewed": "Record review",
    "allocated": "Allocate",
    "allocation_ended": "End allocation",
    "child_seen": "Child seen",
    "strategy_requested": "Strategy discussion",
    "transfer_accepted": "Accept transfer",
    "enquiry_started": "Start enquiry",
    "enquiry_completed": "Complete enquiry",
    "assessment_authorised": "Authorise assessment",
    "conference_held": "Conference held",
    "conference_scheduled": "Schedule conference",
    "referrer_told": "Referrer told",
    "stepped_down": "Step down",
    "closed": "Close",
    "reopened": "Open again",
    "withdrawn": "Withdraw",
}
#: Pages of their own instead of the general form.
_OWN_PAGES: Final = {
    **{kind: own for kind, (own, _) in RECORDED_ELSEWHERE.items()},
    **dict.fromkeys(
        (
            "strategy_requested",
            "strategy_scheduled",
            "strategy_postponed",
            "strategy_cancelled",
            "strategy_held",
            "strategy_record_issued",
        ),
        "discussion",
    ),
}
#: Steps that are always offered behind "More", where the role records them.
_ALWAYS: Final = (
    "school_notified",
    "information_requested",
    "information_returned",
    "urgent_for_child",
    "risk_regraded",
    "strategy_requested",
    "allocated",
    "allocation_ended",
    "child_seen",
    "referrer_told",
    "stepped_down",
    "closed",
    "reopened",
    "withdrawn",
)
_ENDED: Final = frozenset({"decided", "closed", "withdrawn", "stepped_down", "not_shared"})


class Step(msgspec.Struct, frozen=True):
    """A link that does something."""

    href: str
    text: str
    kind: str


class Steps(msgspec.Struct, frozen=True):
    """The steps that make sense now, and others."""

    now: tuple[Step, ...]
    more: tuple[Step, ...]


def step(pathway: UUID, kind: str, *, drafts: bool = False, liaison: bool = False) -> Step:
    """The step that records a milestone; with ``drafts`` the decision is only drafted.

    A liaison officer who shares sends at the same moment, which has a page of its own.
    """
    end, text = _said(kind, drafts=drafts, liaison=liaison)
    return Step(f"/pathways/{pathway}/{end}", text, kind)


def _said(kind: str, *, drafts: bool, liaison: bool) -> tuple[str, str]:
    """The end of the address where a milestone is recorded, and what the link says."""
    if kind == "notice_shared" and liaison:
        return "share", _TEXTS[kind]
    text = "Draft decision" if kind == "contact_decided" and drafts else _TEXTS.get(kind) or kind_words(kind)
    return address(kind), text


def address(kind: str) -> str:
    """Where a milestone is recorded, after ``/pathways/{id}/``."""
    return _OWN_PAGES.get(kind) or f"record/{kind}"


def may(actor: Actor, kind: str, area: str, force: str) -> bool:
    """Whether the actor records this kind; a coordinator may at least draft a decision."""
    if kind == "contact_decided":
        return drafts(actor, area) or may_record(actor, kind, area, force)
    return may_record(actor, kind, area, force)


def drafts(actor: Actor, area: str) -> bool:
    """Whether the actor writes drafts of decisions only."""
    return actor.holds("mash_coordinator", area=area) and not actor.holds("mash_manager", "out_of_hours", area=area)


def steps(
    actor: Actor,
    pathway: UUID,
    stage: str,
    area: str,
    force: str,
    *,
    allocate: bool = False,
    running: Sequence[str] = (),
) -> Steps:
    """What this actor may do with a pathway at this stage.

    Args:
        actor: who asks.
        pathway: the one in hand.
        stage: where it stands.
        area: its area.
        force: its force.
        allocate: whether a named practitioner is wanted.
        running: the standards whose clocks are open, the first due first.
    """
    draft, liaison = drafts(actor, area), actor.holds("police_liaison", force=force)
    owed = [_OWED[standard] for standard in running if standard in _OWED] if stage == "lead_social_worker" else []
    found = list(_fitting_now(actor, stage, area, force, allocate=allocate, owed=owed))
    now = tuple(step(pathway, kind, drafts=draft, liaison=liaison) for kind in found[:_AT_ONCE])
    other = _fitting(stage, [*found[_AT_ONCE:], *_ALWAYS])
    more = tuple(
        step(pathway, kind, liaison=liaison)
        for kind in dict.fromkeys(other)
        if kind not in found[:_AT_ONCE] and may(actor, kind, area, force)
    )
    return Steps(now, more)


def _fitting_now(
    actor: Actor, stage: str, area: str, force: str, *, allocate: bool, owed: Sequence[str] = ()
) -> Iterator[str]:
    """What this actor may record that would move a pathway on, the likeliest first."""
    if stage == "transfer":
        # The receiving area accepts, and it is not the pathway's area yet.
        receives = any(code != area for code in actor.areas("mash_coordinator", "mash_manager"))
        yield "transfer_accepted" if receives else "referrer_told"
        return
    usual = [kind for kind in _NEXT.get(stage, ()) if not owed or kind not in _OWED.values()]
    wanted = [*(["allocated"] if allocate else []), *owed, *usual]
    for kind in dict.fromkeys(wanted):
        if may(actor, kind, area, force):
            yield kind


def _fitting(stage: str, kinds: Sequence[str]) -> list[str]:
    """Without opening again what is open, or closing what has ended."""
    left_out = {"stepped_down", "closed"} if stage in _ENDED else {"reopened"}
    return [kind for kind in kinds if kind not in left_out]


def recordable(actor: Actor, area: str, force: str) -> list[str]:
    """Every milestone that the actor may record there, in the order of the vocabulary.

    A transfer is accepted from the list of what other areas sent: before it was sent there is nothing to accept.
    """
    return [kind for kind in RECORDED_BY if kind != "transfer_accepted" and may(actor, kind, area, force)]


def first_step(actor: Actor, pathway: UUID, stage: str, area: str, force: str, *, allocate: bool) -> Step:
    """The one link of a list's row; where this actor has nothing to do, the pathway itself."""
    return FirstSteps(actor).of(pathway, stage, area, force, allocate=allocate)


class FirstSteps:
    """The first steps of many rows: what stands alike is worked out once."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._known: dict[tuple[str, str, str, bool], tuple[str, str, str]] = {}

    def of(self, pathway: UUID, stage: str, area: str, force: str, *, allocate: bool) -> Step:
        """As `first_step`."""
        key = (stage, area, force, allocate)
        if key not in self._known:
            self._known[key] = self._find(*key)
        end, text, kind = self._known[key]
        return Step(f"/pathways/{pathway}{end}", text, kind)

    def _find(self, stage: str, area: str, force: str, allocate: bool) -> tuple[str, str, str]:
        actor = self._actor
        kind = next(_fitting_now(actor, stage, area, force, allocate=allocate), None)
        if kind is None:
            return "", "Open", ""
        liaison = actor.holds("police_liaison", force=force)
        end, text = _said(kind, drafts=drafts(actor, area), liaison=liaison)
        return f"/{end}", text, kind
