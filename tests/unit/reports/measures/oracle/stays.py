"""Stays in every stage of one pathway, by the words of design section 2 and docs/measures.md."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.fixtures.oracle.counting import day_end
from tests.fixtures.oracle.happenings import Happening

DAY = timedelta(days=1)
_REFERRED = ("referral", "strategy_discussion", "immediate_protection")
_CUTS = ("reopened", "transfer_accepted", "withdrawn")
#: What happens after one of these is another piece of work, whether or not the case was opened again.
_CLOSES = ("closed", "stepped_down")
#: Whom the notice reached is no work: it is asked once until the case is opened again or moves.
_OF_NOTICE = ("police_aware", "notice_shared", "notice_received")
When = Callable[[Happening], bool]


def _any(_: Happening) -> bool:
    return True


def _for(*outcomes: str) -> When:
    return lambda h: h.outcome in outcomes


@dataclass(frozen=True)
class Begin:
    """``once``: not again after it was done, until opened again or moved; ``undoes`` what was done.

    ``without`` a receipt in the interval; only where the notice was ``sent`` before; only in a case that is ``open``.
    """

    kind: str
    when: When = _any
    once: bool = False
    undoes: bool = False
    without: str | None = None
    sent: bool = False
    open: bool = False


@dataclass(frozen=True)
class Stage:
    """``before``: what was done before the start leaves nothing to wait for. ``closes``: closing ends what is owed."""

    begins: tuple[Begin, ...]
    ends: dict[str, When]
    standards: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    per: str | None = None
    closes: bool = False


_TAKEN_BACK: dict[str, When] = {"withdrawn": _any}
_CLOSED: dict[str, When] = {"closed": _any, **_TAKEN_BACK}
_CASE: dict[str, When] = {"stepped_down": _any, **_CLOSED}
_ACCEPTED = (Begin("contact_decided", _for(*_REFERRED), once=True), Begin("referral_accepted", once=True))
_PLAN = (Begin("conference_held", _for("plan")), Begin("transfer_in_conference_held", _for("plan")))

STAGES: dict[str, Stage] = {
    "in_transit": Stage(
        (Begin("notice_shared", once=True),),
        {"notice_received": _any, "contact_decided": _any, "strategy_held": _any, **_TAKEN_BACK},
        ("in_transit",),
        ("notice_received", "contact_decided", "strategy_held"),
    ),
    "contact_decision": Stage(
        (
            Begin("notice_received", once=True),
            Begin("notice_shared", once=True, without="notice_received"),
            Begin("transfer_accepted", once=True, without="notice_received"),
            Begin("reopened", once=True, sent=True),
            Begin("early_help_declined", undoes=True),
        ),
        {"contact_decided": lambda h: h.outcome != "sent_to_right_area", "transfer_accepted": _any, **_CLOSED},
        ("contact_decision",),
        ("contact_decided", "transfer_accepted"),
    ),
    "accepted_not_seen": Stage(
        _ACCEPTED, {"child_seen": _any, **_CASE}, ("child_seen_referral",), ("child_seen",), closes=True
    ),
    "allocation": Stage(
        (*_ACCEPTED, Begin("allocation_ended", undoes=True, open=True)),
        {"allocated": _any, **_CASE},
        ("allocation",),
        ("allocated",),
        closes=True,
    ),
    "awaiting_strategy": Stage(
        (
            Begin("threshold_reached", once=True),
            Begin("contact_decided", _for("strategy_discussion", "immediate_protection"), once=True),
            Begin("strategy_requested"),
        ),
        {"strategy_held": _any, **_CASE},
        ("strategy_discussion",),
        ("strategy_held",),
    ),
    "requested_to_held": Stage((), {}, ("strategy_discussion",)),
    "awaiting_quorate": Stage(
        (Begin("strategy_held", _for("not_quorate")),),
        {"strategy_held": _for("quorate"), **_CASE},
        ("strategy_quorate",),
    ),
    "strategy_record": Stage(
        (Begin("strategy_held"),),
        {"strategy_record_issued": _any, **_TAKEN_BACK},
        ("strategy_record",),
        per="discussion",
    ),
    "under_enquiry": Stage(
        (Begin("enquiry_started"),), {"enquiry_completed": _any, **_CASE}, ("enquiry_completed",)
    ),
    "seen_in_enquiry": Stage(
        (Begin("enquiry_started"),), {"child_seen": _any, **_CASE}, ("child_seen_enquiry",), ("child_seen",)
    ),
    "conference": Stage(
        (Begin("enquiry_initiated"),),
        {"conference_held": _any, "conference_not_required": _any, **_CASE},
        ("conference",),
        ("conference_held", "conference_not_required"),
    ),
    "linked_not_reviewed": Stage(
        (Begin("contact_decided", _for("linked_to_open_case")),),
        {"worker_reviewed": _any, **_CASE},
        ("linked_case_review",),
        ("worker_reviewed",),
    ),
    "early_help_offered": Stage(
        (Begin("contact_decided", _for("early_help")),),
        {"early_help_accepted": _any, "early_help_declined": _any, **_CASE},
        ("early_help_accepted",),
        ("early_help_accepted", "early_help_declined"),
    ),
    "assessment": Stage(
        (*_ACCEPTED, Begin("assessment_started", once=True)),
        {"assessment_authorised": _any, **_CASE},
        ("assessment",),
    ),
    "core_group": Stage(
        _PLAN, {"core_group_held": _any, "review_held": _for("plan_ended"), **_CASE}, ("core_group",)
    ),
    "review": Stage(
        (*_PLAN, Begin("review_held", lambda h: h.outcome != "plan_ended")),
        {"review_held": _any, **_CASE},
        ("first_review", "later_review"),
    ),
    "transfer": Stage(
        (Begin("sent_to_right_area"), Begin("contact_decided", _for("sent_to_right_area"))),
        {"transfer_accepted": _any, **_CLOSED},
        ("transfer_accepted",),
    ),
    "transfer_in_conference": Stage(
        (Begin("transfer_in_notified"),),
        {"transfer_in_conference_held": _any, **_CLOSED},
        ("transfer_in_conference",),
    ),
    "school": Stage(
        (Begin("police_aware", once=True),),
        {"school_notified": _any, **_TAKEN_BACK},
        ("school_notified",),
        ("school_notified",),
    ),
    "whole": Stage(
        (Begin("police_aware", once=True), Begin("reopened")),
        {
            "contact_decided": _for("no_further_action", "advice"),
            "early_help_accepted": _any,
            "worker_reviewed": _any,
            "notice_not_shared": _any,
            "conference_held": _any,
            "conference_not_required": _any,
            **_CASE,
        },
        (),
        (
            "contact_decided",
            "early_help_accepted",
            "worker_reviewed",
            "notice_not_shared",
            "conference_held",
            "conference_not_required",
        ),
    ),
}  # fmt: skip
UNASSESSED = Stage(
    (Begin("police_aware"), Begin("reopened")),
    {
        "contact_decided": lambda h: h.outcome != "sent_to_right_area",
        "strategy_held": _any,
        "child_seen": _any,
        "notice_not_shared": _any,
        **_TAKEN_BACK,
    },
    ("unassessed",),
    ("contact_decided", "strategy_held", "child_seen", "notice_not_shared"),
)


@dataclass
class Stay:
    """One stay. Where a time is known to the day alone, ``start`` and ``end`` are where it stands in the order."""

    stage: str
    start: Happening
    end: Happening | None = None

    @property
    def vague(self) -> bool:
        return vague(self.start) or (self.end is not None and vague(self.end))


def vague(h: Happening) -> bool:
    """Whether its hour is no point of a figure: the day alone is known, it was guessed, or another stands in for it."""
    stands_in = h.kind == "police_aware" and h.row.kind not in ("police_reported", "police_attended")
    return h.on is not None or h.row.precision == "estimated" or stands_in


def earliest(h: Happening) -> datetime:
    """When it may have happened at the earliest."""
    return h.at if h.on is None else midnight(h.on)


def midnight(day: date) -> datetime:
    """Local midnight that begins a day."""
    return day_end(day - DAY).astimezone(UTC)


def stays(found: Sequence[Happening]) -> Iterator[Stay]:
    """Every stay of a pathway whose happenings stand in order (with what is derived among them)."""
    yield from _unassessed(found)
    for key, stage in STAGES.items():
        yield from _apart(key, stage, stage.per, found) if stage.per else _stays(key, stage, found)
    yield from _requested(found)


def _unassessed(found: Sequence[Happening]) -> Iterator[Stay]:
    """From when the police knew; opened again; a declined notice sent after all. What came before is no wait at all."""
    aware = next((place for place, h in enumerate(found) if h.kind == "police_aware"), len(found))
    exits = [h for h in found[:aware] if _ends(UNASSESSED, h)]
    running: Stay | None = None
    last = exits[-1] if exits else None
    for h in found[aware:]:
        if _ends(UNASSESSED, h):
            if running is not None:
                running.end, last = h, h
                yield running
            running = None
        elif running is not None:
            continue
        elif h.kind == "police_aware" and last is not None:
            yield Stay("unassessed", h, last)
        elif h.kind in ("police_aware", "reopened") or (
            h.kind == "notice_shared" and last is not None and last.kind == "notice_not_shared"
        ):
            running = Stay("unassessed", h)
    if running is not None:
        yield running


def _ends(stage: Stage, h: Happening) -> bool:
    return h.kind in stage.ends and stage.ends[h.kind](h)


def _stays(key: str, stage: Stage, found: Sequence[Happening]) -> Iterator[Stay]:
    running: Stay | None = None
    last: Happening | None = None
    #: Where something was asked for, answered or undone; and whether a closed case is owed an answer for all that.
    asked: list[int] = []
    undone: list[int] = []
    begun = owed = False
    for place, h in enumerate(found):
        if _ends(stage, h):
            last = h if running is not None or not begun else last
            if h.kind not in _CASE and h.kind in stage.before and (running is not None or owed):
                asked.append(place)
            if running is not None:
                running.end = h
                yield running
            owed = h.kind in _CLOSES and not stage.closes and (owed or running is not None)
            running = None
        if running is not None:
            continue
        begin = _begin(stage, found, place)
        sent_after_all = key == "whole" and h.kind == "notice_shared" and last and last.kind == "notice_not_shared"
        if begin is None and not sent_after_all:
            continue
        since = _since(stage, found, place)
        another = begin is not None and not begin.once and any(n >= since for n in asked)
        undoes = begin is not None and begin.undoes
        if sent_after_all or undoes or another or not _is_done(stage, found, place, asked, [since, *undone]):
            running, begun = Stay(key, h), True
        asked.append(place)
        undone += [place] if undoes else []
    if running is not None:
        yield running


def _begin(stage: Stage, found: Sequence[Happening], place: int) -> Begin | None:
    """What lets the stage begin here, if it is not open and what it waits for was not done."""
    h = found[place]
    cut = max((n for n in range(place + 1) if found[n].kind in _CUTS), default=0)
    until = next((n for n in range(place + 1, len(found)) if found[n].kind in _CUTS), len(found))
    begin = next((b for b in stage.begins if b.kind == h.kind and b.when(h)), None)
    if begin is None or (begin.without is not None and any(e.kind == begin.without for e in found[cut:until])):
        return None
    if begin.sent and not any(e.kind in ("notice_shared", "notice_received") for e in found[:place]):
        return None
    ends = [e for e in found[cut:place] if (e.kind not in _CUTS or e.kind == "withdrawn") and _ends(stage, e)]
    return None if begin.open and ends and ends[-1].kind in _CASE else begin


def _since(stage: Stage, found: Sequence[Happening], place: int) -> int:
    """Since when what was done counts: opened again or moved; and of work on a case, closed."""
    cuts = _CUTS if any(b.kind in _OF_NOTICE for b in stage.begins) else (*_CUTS, *_CLOSES)
    return max((n for n in range(place + 1) if found[n].kind in cuts), default=0)


def _is_done(stage: Stage, found: Sequence[Happening], place: int, asked: Sequence[int], since: Sequence[int]) -> bool:
    """Whether what the stage waits for was done since: before it was asked for where that counts, or after."""
    for n in range(max(since), place):
        if found[n].kind in (*_CASE, *_CUTS) or not _ends(stage, found[n]):
            continue
        if found[n].kind in stage.before or any(since[0] <= earlier < n for earlier in asked):
            return True
    return False


def _requested(found: Sequence[Happening]) -> Iterator[Stay]:
    """Of each stay before a discussion, what is left of it from the first request."""
    for stay in _stays("awaiting_strategy", STAGES["awaiting_strategy"], found):
        until = len(found) if stay.end is None else found.index(stay.end)
        asked = [h for h in found[found.index(stay.start) : until] if h.kind == "strategy_requested"]
        if asked:
            yield Stay("requested_to_held", asked[0], stay.end)


def _apart(key: str, stage: Stage, per: str, found: Sequence[Happening]) -> Iterator[Stay]:
    """One stay open for each name at a time; an end goes to its own, else to the oldest where one has no name."""
    running: list[Stay] = []
    for h in found:
        name = h.detail.get(per)
        own = [stay for stay in running if stay.start.detail.get(per) == name]
        if h.kind == "withdrawn":
            for stay in running:
                stay.end = h
            yield from running
            running = []
        elif h.kind in stage.ends:
            fitting = own or [s for s in running if name is None or s.start.detail.get(per) is None]
            for stay in fitting[:1]:
                stay.end = h
                yield stay
                running.remove(stay)
        elif not own and any(b.kind == h.kind and b.when(h) for b in stage.begins):
            running.append(Stay(key, h))
    yield from running
