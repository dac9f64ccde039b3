"""The lane picture of a pathway: which lanes it has, and what stands on them. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from schema.vocabulary import AGENCIES
from service.pathways.pages import wording
from service.pathways.view.service import ClockView, MilestoneView, PathwayView
from service.web import words
from service.web.charts import lanes
from service.web.charts.lanes import Due, LanePicture, Mark, Span

_CSC: Final = "childrens_social_care"
_LANE: Final = {
    **dict.fromkeys(
        (
            "incident_occurred",
            "police_reported",
            "police_attended",
            "seen_at_scene",
            "risk_graded",
            "risk_regraded",
            "urgent_for_child",
            "notice_submitted",
            "notice_shared",
            "notice_not_shared",
            "police_protection_used",
            "police_protection_ended",
        ),
        "police",
    ),
    "school_notified": "education",
    "early_help_accepted": "early_help",
    "early_help_declined": "early_help",
}
#: A due time this far ahead, or further than the past is long, would squeeze what has happened.
_AHEAD: Final = timedelta(days=7)
_DUES: Final = 3
_ENDED: Final = frozenset({"closed", "withdrawn", "decided", "stepped_down", "not_shared"})


def picture(view: PathwayView) -> LanePicture | None:
    """The picture; None where no time is known."""
    marks = [found for each in view.timeline if each.current and (found := _mark(each)) is not None]
    spans = _spans(view)
    if not marks and not spans:
        return None
    dues = list(_dues(view.clocks, _first(view), view.now))
    used = {*(each.lane for each in marks), *(each.lane for each in spans), *(each.lane for each in dues)}
    return lanes.layout(
        lanes=[(key, words.sentence(key)) for key in _ordered(used)],
        spans=spans,
        marks=marks,
        dues=dues,
        now=view.now,
        title="What happened, and who held the child",
        closed=view.head.stage in _ENDED and view.head.waiting_since is None,
    )


def _ordered(used: set[str]) -> list[str]:
    """Police above children's social care, as a notice travels; then the others in their usual order."""
    return sorted(used, key=lambda lane: (lane != "police", AGENCIES.index(lane)))


def _first(view: PathwayView) -> datetime:
    return min((each.milestone.at for each in view.timeline if each.milestone.at), default=view.now)


def _mark(view: MilestoneView) -> Mark | None:
    milestone = view.milestone
    if milestone.at is None and milestone.on is None:
        return None
    lane = _LANE.get(milestone.kind, _CSC)
    if milestone.kind == "information_returned" and milestone.outcome in AGENCIES:
        lane = milestone.outcome
    return Mark(lane=lane, title=wording.kind(milestone.kind), at=milestone.at, on=milestone.on)


def _spans(view: PathwayView) -> list[Span]:
    if view.head.police_view:
        return _police_span(view)
    return [
        Span(
            lane=segment.holder,
            since=segment.since,
            until=segment.until,
            what=wording.stage(segment.stage),
            approximate=segment.approximate,
        )
        for segment in view.segments
        if segment.holder in AGENCIES
    ]


def _police_span(view: PathwayView) -> list[Span]:
    """From when police knew until the notice left: all that a liaison officer sees of who held the child."""
    at = {each.milestone.kind: each.milestone.at for each in view.timeline if each.current and each.milestone.at}
    known = [at[kind] for kind in ("police_reported", "police_attended") if kind in at]
    sent = [at[kind] for kind in ("notice_shared", "notice_received") if kind in at]
    left = min(sent, default=None) or at.get("notice_not_shared")
    if not known or (left is None and view.head.stage != "not_yet_shared"):
        return []
    return [Span(lane="police", since=min(known), until=left, what="With police")]


def _dues(clocks: Iterable[ClockView], first: datetime, now: datetime) -> Iterable[Due]:
    """Due times worth showing: open and late ones, not those that were met in time or lie far ahead."""
    latest = now + max(_AHEAD, (now - first) / 2)
    shown: dict[str, int] = {}
    for each in sorted(clocks, key=lambda view: view.clock.due_at or now):
        clock = each.clock
        if clock.due_at is None or not clock.rules or each.standing not in {"running", "overdue", "missed"}:
            continue
        if clock.due_at > latest or each.holder not in AGENCIES or shown.get(each.holder, 0) >= _DUES:
            continue
        shown[each.holder] = shown.get(each.holder, 0) + 1
        said = wording.due_words(clock.due_at, now, end_of_day=clock.end_of_day)
        yield Due(lane=each.holder, title=each.name, at=clock.due_at, met=clock.stopped_at, said=said)
