"""Properties that hold for any history whatever."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.spine import Derived, History, Milestone, RaisedFlag
from schema.vocabulary import AGENCIES, CONTACT_OUTCOMES, GRADES, MILESTONES
from service.clocks import as_known_at, evaluate, is_late, standing, working_time_between
from service.clocks.local_time import local_day
from tests.fixtures.histories import PATHWAY, flag_of, shipped

BEGIN = datetime(2026, 3, 25, tzinfo=UTC)
OUTCOMES = {
    "contact_decided": CONTACT_OUTCOMES,
    "risk_graded": GRADES,
    "risk_regraded": GRADES,
    "information_requested": AGENCIES[:3],
    "information_returned": AGENCIES[:3],
    "strategy_held": ("quorate", "not_quorate"),
    "conference_held": ("plan", "no_plan"),
    "strategy_postponed": AGENCIES[:3],
}
DETAILS: list[dict[str, Any]] = [
    {},
    {"initiates_enquiry": True},
    {"by": "triage", "rationale": "read"},
    {"immediate": True},
]
instants = st.integers(0, 60 * 24 * 10).map(lambda minutes: BEGIN + timedelta(minutes=minutes))


@st.composite
def milestone_rows(draw: st.DrawFn, most: int = 14) -> tuple[Milestone, ...]:
    """Rows in any order and precision, some of them corrections and retractions of earlier ones."""
    rows: list[Milestone] = []
    for number in range(draw(st.integers(0, most))):
        target = draw(st.sampled_from(rows)) if rows and draw(st.integers(0, 5)) == 0 else None
        if target is not None and any(row.supersedes == target.id for row in rows):
            target = None
        kind = target.kind if target else draw(st.sampled_from((*MILESTONES, "something_new")))
        at = draw(instants)
        by_day = draw(st.integers(0, 4)) == 0
        identity = UUID(int=number + 1)
        rows.append(
            Milestone(
                id=identity,
                root=target.root if target else identity,
                record=identity,
                kind=kind,
                at=None if by_day else at,
                on=local_day(at) if by_day else None,
                precision="day" if by_day else "minute",
                recorded_at=BEGIN + timedelta(days=20, minutes=number),
                outcome=draw(st.sampled_from((*OUTCOMES.get(kind, ()), None))),
                detail=draw(st.sampled_from(DETAILS)),
                supersedes=target.id if target else None,
                retracted=target is not None and draw(st.booleans()),
            )
        )
    return tuple(rows)


def of(rows: tuple[Milestone, ...]) -> History:
    return History(pathway=PATHWAY, milestones=rows)


def derive(rows: tuple[Milestone, ...]) -> Derived:
    return evaluate(of(rows), shipped())


@given(milestone_rows(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_given_changes_nothing(rows: tuple[Milestone, ...], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert derive(tuple(shuffled)) == derive(rows)


@given(milestone_rows())
def test_segments_tile_without_gap_or_overlap_to_an_open_end(rows: tuple[Milestone, ...]) -> None:
    segments = derive(rows).segments
    for before, after in pairwise(segments):
        assert before.until == after.since
        assert before.since < after.since
        assert (before.holder, before.stage) != (after.holder, after.stage)
    if segments:
        assert segments[-1].until is None
    assert bool(segments) == bool(derive(rows).waits)


@given(milestone_rows())
def test_no_length_is_negative_and_every_key_is_unique(rows: tuple[Milestone, ...]) -> None:
    derived = derive(rows)
    for row in derived.clocks:
        assert row.stopped_at is None or row.started_at is None or row.stopped_at >= row.started_at
        assert row.due_at is None or row.warn_at is None or row.warn_at <= row.due_at
    for condition in derived.conditions:
        assert condition.true_until is None or condition.true_until >= condition.true_from
        assert (condition.true_until is None) == (condition.cause is None)
    for wait in derived.waits:
        assert wait.until is None or wait.until >= wait.since
    clocks = [(row.standard, row.episode) for row in derived.clocks]
    keys = [(c.rule, c.subject, c.episode) for c in derived.conditions]
    assert len(set(clocks)) == len(clocks)
    assert len(set(keys)) == len(keys)


@given(milestone_rows(), instants, instants)
def test_a_later_now_never_unbreaches(rows: tuple[Milestone, ...], one: datetime, other: datetime) -> None:
    first, later = sorted((one, other))
    for row in derive(rows).clocks:
        if is_late(row, first):
            assert is_late(row, later)
        if standing(row, first) in ("met", "missed", "not_applicable", "cannot_compute"):
            assert standing(row, later) == standing(row, first)


@given(milestone_rows())
def test_corrections_never_duplicate_an_episode(rows: tuple[Milestone, ...]) -> None:
    roots = {row.root for row in rows}
    for row in derive(rows).clocks:
        assert row.episode in roots


@given(milestone_rows())
def test_one_due_time_rules_in_each_episode(rows: tuple[Milestone, ...]) -> None:
    derived = derive(rows)
    starts = {(row.standard, row.stop_milestone) for row in derived.clocks if row.standing == "ok"}
    ruled = {(row.standard, row.stop_milestone) for row in derived.clocks if row.standing == "ok" and row.rules}
    assert starts == ruled


@given(milestone_rows())
@settings(max_examples=60)
def test_every_flag_ever_raised_keeps_a_condition_that_says_how_it_ended(rows: tuple[Milestone, ...]) -> None:
    told = of(rows)
    flags: dict[tuple[str, str, UUID], RaisedFlag] = {}
    for recorded in sorted({row.recorded_at for row in rows}):
        for condition in evaluate(as_known_at(told, recorded), shipped()).conditions:
            if condition.true_from <= recorded:
                flags.setdefault((condition.rule, condition.subject, condition.episode), flag_of(condition, recorded))
    derived = evaluate(msgspec.structs.replace(told, flags=tuple(flags.values())), shipped())
    keys = [(c.rule, c.subject, c.episode) for c in derived.conditions]
    assert set(flags) <= set(keys)
    assert len(set(keys)) == len(keys)
    assert all(c.cause != "no_longer_applies" for c in derived.conditions)


@given(instants, instants, st.sampled_from(("police", "childrens_social_care", "education")))
def test_working_and_other_time_add_up_to_what_elapsed(one: datetime, other: datetime, agency: str) -> None:
    start, end = sorted((one, other))
    ready = shipped().calendar(None)
    worked = working_time_between(ready, start, end, agency)
    assert timedelta() <= worked <= end - start
    middle = start + (end - start) / 2
    assert worked == working_time_between(ready, start, middle, agency) + working_time_between(
        ready, middle, end, agency
    )
    if agency == "police":
        assert worked == end - start


@given(instants, st.integers(60, 200_000))
def test_working_time_added_and_taken_away_again_is_the_same(start: datetime, seconds: int) -> None:
    ready = shipped().calendar(None)
    hours = ready.hours["childrens_social_care"]
    end = hours.after(start, seconds)
    assert end is not None
    assert working_time_between(ready, start, end, "childrens_social_care") == timedelta(seconds=seconds)
    back = hours.before(end, seconds)
    assert back is not None
    assert working_time_between(ready, back, end, "childrens_social_care") == timedelta(seconds=seconds)
    assert back >= start
