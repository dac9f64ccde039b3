"""Every figure of one audience and period, from its frame."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec
import numpy as np

from service.clocks import ReadyCalendar
from service.reports.measures.figures import BoardFigures, Estimate, Known, Period, Scope, StageFigures, Worker
from service.reports.measures.ledgers import Moved, Restated
from service.reports.measures.rules import stages
from service.reports.measures.rules.acted import Given
from service.reports.measures.rules.definitions import DEFINITIONS
from service.reports.measures.rules.few import Few
from service.reports.measures.rules.frame import Frame, Span
from service.reports.measures.rules.front import front_door, police
from service.reports.measures.rules.hours import holiday_weeks
from service.reports.measures.rules.protecting import protection
from service.reports.measures.rules.queues import queue
from service.reports.measures.rules.reckoning import centile, days, done_in_time, fell_due, open_now, spent
from service.reports.measures.rules.rest import capacity, fairness, ledger, quality
from service.reports.measures.rules.since import Later, summed
from service.reports.measures.rules.spending import bouncing, child_days, time_use
from service.reports.measures.rules.staying import By, divided, stage_figures

#: Stages on the first screen, in the order of a child's way, and how each is divided.
_FULLY: Final[tuple[By, ...]] = ("grade", "area", "district", "force", "hours")
_BY_GRADE: Final[tuple[By, ...]] = ("grade", "area")
_BY_AREA: Final[tuple[By, ...]] = ("area",)
SHOWN: Final[tuple[tuple[str, tuple[By, ...]], ...]] = (
    (stages.UNASSESSED, _FULLY),
    (stages.POLICE_SHARE, _FULLY),
    ("in_transit", _BY_GRADE),
    ("contact_decision", _FULLY),
    ("accepted_not_seen", _BY_GRADE),
    ("allocation", _BY_GRADE),
    ("linked_not_reviewed", _BY_GRADE),
    ("early_help_offered", _BY_GRADE),
    ("awaiting_strategy", ("grade", "area", "hours")),
    ("awaiting_quorate", _BY_AREA),
    ("strategy_record", _BY_AREA),
    ("under_enquiry", _BY_GRADE),
    ("seen_in_enquiry", _BY_AREA),
    ("conference", _BY_GRADE),
    ("assessment", _BY_GRADE),
    ("core_group", _BY_AREA),
    ("review", _BY_AREA),
    ("transfer", _BY_AREA),
    ("transfer_in_conference", _BY_AREA),
    ("school", _BY_GRADE),
    ("whole", _BY_GRADE),
)
#: Stages told of in another part of the report.
_ELSEWHERE: Final[tuple[tuple[str, tuple[By, ...]], ...]] = ((stages.LATE_FOUND, ()), ("requested_to_held", ()))
QUEUES: Final = (
    stages.UNASSESSED, stages.POLICE_SHARE, "contact_decision", "accepted_not_seen", "allocation",
    "linked_not_reviewed", "awaiting_strategy", "under_enquiry", "conference",
)  # fmt: skip

#: Weeks that a queue is told of at least, whatever the period: a change shows only against what was before.
TREND_WEEKS: Final = 39


def board(
    frame: Frame,
    scope: Scope,
    span: Span,
    ready: ReadyCalendar,
    known: Known,
    *,
    period: Period | None = None,
    live: int | None,
    workers: list[Worker],
    teams: list[Worker],
    given: Sequence[Given] = (),
    restated: Restated | None = None,
    behind: bool = False,
) -> BoardFigures:
    """Everything. ``behind``: with who stands behind every number, for whoever tells it to a board."""
    few = Few(wanted=behind)
    holiday = holiday_weeks(ready).__contains__
    # The police work round the clock: in and out of hours is told by the hours of those who wait for them.
    stays = [
        stay
        for stage, ways in (*SHOWN, *_ELSEWHERE)
        for stay in divided(frame, stage, span, ready, "childrens_social_care", ways)
    ]
    every = stage_figures(frame.whole, stays, span, few)
    of_all = {each.stage: each for each in every if each.by == "all"}
    found = [each for each in every if each.stage in dict(SHOWN)]
    of_police = police(frame, span, of_all[stages.POLICE_SHARE], of_all[stages.LATE_FOUND], few)
    if not of_police.estimable:
        found = [_not_estimable(each) if each.stage == stages.POLICE_SHARE else each for each in found]
    before = span.before()
    trend = Span.of(min(span.first, span.last - timedelta(weeks=TREND_WEEKS)), span.last)
    return BoardFigures(
        scope=scope,
        period=period or Period(first=span.first, last=span.last),
        before=Period(first=before.first, last=before.last),
        instant=known.instant,
        known=known,
        stages=found,
        child_days=child_days(frame, span, holiday, few),
        time_use=time_use(frame, span, ready, few),
        queues=[
            queue(stage, frame.part(stage), trend, holiday, few)
            for stage in QUEUES
            if of_police.estimable or stage != stages.POLICE_SHARE
        ],
        bouncing=bouncing(frame, span, few),
        police=of_police,
        front_door=front_door(frame, span, few),
        protection=protection(frame, span, ready, given, of_all["requested_to_held"], few),
        capacity=capacity(frame, workers, teams, few),
        fairness=fairness(frame, span, few),
        quality=quality(frame, span, few),
        ledger=ledger(frame, span, live, few),
        restated=restated,
        definitions=list(DEFINITIONS),
        behind_parts=few.found,
    )


def _not_estimable(found: StageFigures) -> StageFigures:
    """A stage of which only those are known who have left it: no wait, no share and no way out can be told."""
    nothing = Estimate(value=None)
    return msgspec.structs.replace(
        found, median=nothing, ninetieth=nothing, current=nothing, before=nothing, bounds=None, curve=None, exits=[],
        within=None, cohorts=[], routes=None,
    )  # fmt: skip


def headline(frame: Frame, span: Span) -> dict[str, float | None]:
    """The figures that are compared as reported and as known now."""
    waits, shared = frame.part(stages.UNASSESSED), frame.part(stages.POLICE_SHARE)
    exposed = frame.part("exposure")
    ends = np.array([span.since, span.until], np.int64)
    waiting = open_now(waits)
    began = waits.began_in(span)
    # The wait of a child that moved on is not over: it counts with what becomes of it in the end.
    ended = waits.that(began & ~waits.is_open & waits.exact & ~waits.caused(stages.MOVED))
    due = fell_due(waits, span)
    met = due & done_in_time(waits)
    return {
        "waiting": waiting.count,
        "oldest": waiting.oldest,
        "past_limit": waiting.past_limit,
        "child_days": days(spent(exposed.start, exposed.until, ends)[0][0]),
        "began": int((began & (waits.rows["entry"] == 0)).sum()),
        "decided": int(waits.ended_in(span).sum()),
        "median_of_ended": centile(ended.minutes, 0.5),
        "within_limit": round(float(met.sum() / due.sum()), 4) if due.any() else None,
        "incidents_not_shared": open_now(shared).count,
    }


def restated(reported: dict[str, float | None], now: dict[str, float | None], recorded: Sequence[Later]) -> Restated:
    """Both, with what was recorded in between."""
    return summed([Moved(key=key, reported=reported[key], known_now=now[key]) for key in reported], recorded)
