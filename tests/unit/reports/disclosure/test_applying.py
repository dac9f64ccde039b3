"""A whole report as a board is shown it: no small number, and nothing that gives one away."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.reports.disclosure import THRESHOLD, Published, lengths, protect
from service.reports.disclosure.applying import apply, last_of, told_of
from service.reports.disclosure.collecting import NOT_COUNTS, Collected
from service.reports.disclosure.hidden import Hidden, is_hidden, number, oldest, share, somebody_waits, wait
from service.reports.measures.figures import Estimate, Routes, StageFigures
from service.reports.measures.ledgers import Moved, OfAgency
from tests.unit.reports.disclosure.attacker import given_away
from tests.unit.reports.disclosure.reports import Kid, report

DAY = 1440
KIDS = st.builds(
    Kid,
    incident=st.integers(1, 60),
    grade=st.integers(0, 2),
    district=st.integers(0, 2),
    minutes=st.integers(1, 60 * DAY),
    cause=st.sampled_from(["contact_decided", "closed", None]),
    late=st.booleans(),
)
BOUNDED = settings(max_examples=8, deadline=None, derandomize=True)


def numbers(value: Any, name: str = "") -> list[tuple[str, Any]]:
    """Every number of a report with its field's name."""
    if isinstance(value, Hidden) or value is None or isinstance(value, str | bool):
        return []
    if isinstance(value, msgspec.Struct):
        return [each for field in value.__struct_fields__ for each in numbers(getattr(value, field), field)]
    if isinstance(value, dict):
        return [each for part in value.values() for each in numbers(part, name)]
    if isinstance(value, list | tuple):
        return [each for part in value for each in numbers(part, name)]
    return [(name, value)]


def kids(grade: int, number: int, *, minutes: int = 3 * DAY, late: bool = False, waiting: bool = True) -> list[Kid]:
    """So many children of as many incidents."""
    first = Kid(
        incident=0, grade=grade, district=0, minutes=minutes, cause=None if waiting else "contact_decided", late=late
    )
    return [msgspec.structs.replace(first, incident=100 * grade + n, district=n % 3) for n in range(number)]


def test_groups_are_compared_only_where_the_share_of_each_is_told() -> None:
    def of_groups(some: int, others: int) -> list[Kid]:
        # Every third one still waits, so that neither side of a share is few.
        made = kids(0, 90, minutes=1)
        return [
            msgspec.structs.replace(
                kid, minutes=3 if place < some else 2, cause=None if place % 3 else "contact_decided"
            )
            for place, kid in enumerate(made[: some + others])
        ]

    many, few = apply(report(of_groups(45, 45))).fairness, apply(report(of_groups(87, 3))).fairness
    assert [(each.difference.value, each.waits) for each in many] == [(0.1, "alike"), (0.1, "alike")]
    assert all(is_hidden(each.difference.value) and each.waits is None for each in few)
    # Of a group whose own share is told it is told whether it waits longer, also beside one that is too small.
    beside = report(of_groups(45, 45))
    small = msgspec.structs.replace(beside.fairness[0], group="U", children=3, behind=3, open=1)
    three = apply(msgspec.structs.replace(beside, fairness=[*beside.fairness, small])).fairness
    assert all(is_hidden(each.difference.value) for each in three)
    assert [each.waits for each in three] == ["alike", "alike", None]


def _overdue(stage: StageFigures) -> Any:
    assert stage.within is not None
    return stage.within.overdue


@BOUNDED
@given(st.lists(KIDS, min_size=1, max_size=70), st.sampled_from([2, 5, 12]))
def test_no_small_number_is_left_in_a_report(children: list[Kid], most: int) -> None:
    found = report(children)
    told = apply(found, threshold=most)
    for true, shown in zip(found.stages, told.stages, strict=True):
        says = somebody_waits(shown.open.count, shown.open.oldest)
        assert not true.open.count or re.search(r"[1-9]", says), (true.by, true.group, says)
        # Nor is it hidden that somebody waits for longer than they should.
        for late, shows in ((true.open.past_limit, shown.open.past_limit), (_overdue(true), _overdue(shown))):
            assert not late or re.search(r"[1-9]", str(shows)), (true.by, true.group, shows)
    small = [each for each in numbers(told) if isinstance(each[1], int) and 0 < each[1] <= most]
    assert [each for each in small if each[0] not in NOT_COUNTS] == []
    assert all(is_hidden(each.open.oldest) or each.open.oldest is None for each in told.stages)
    assert (told.ledger.days, told.capacity.workers) == ([], [])
    # A rate does not tell the number that it was made of.
    days = told.child_days
    assert not is_hidden(days.total) or days.per_100_notified is None or is_hidden(days.per_100_notified)
    assert msgspec.json.encode(told)


@settings(max_examples=2, deadline=None, derandomize=True)
@given(st.lists(KIDS, min_size=10, max_size=25), st.sampled_from([3, THRESHOLD]))
def test_nothing_is_given_away_by_a_report(children: list[Kid], most: int) -> None:
    collected = Collected(report(children), most)
    published = protect(collected.cells, collected.sums, threshold=most)
    assert given_away(collected.cells, collected.sums, published) == []


@BOUNDED
@given(st.lists(KIDS, min_size=1, max_size=40), st.lists(KIDS, max_size=4))
def test_the_report_as_it_was_and_as_known_now_give_nothing_away(children: list[Kid], later: list[Kid]) -> None:
    reported, known = report(children, reported=True), report([*children, *later])
    # What was reported is told first and stays as it is, whatever has become known since.
    then, now = apply(reported), last_of([reported, known])
    for before, after in zip(then.stages, now.stages, strict=True):
        for one, other in ((before.entered, after.entered), (before.open.count, after.open.count)):
            one_number, other_number = number(one), number(other)
            # That nobody waits is told in either report: a nought that had to be hidden would show by its silence.
            nobody = other is after.open.count and other_number == 0
            assert nobody or one_number is not None or other_number is None
            if one_number is not None and other_number is not None:
                assert one_number == other_number or abs(one_number - other_number) > 5


@pytest.mark.soak
@settings(max_examples=2, deadline=None)
@given(st.lists(KIDS, min_size=8, max_size=12), st.lists(KIDS, max_size=2))
def test_nothing_is_given_away_by_what_was_reported_beside_what_is_known(children: list[Kid], later: list[Kid]) -> None:
    then, now = (
        Collected(report(each), THRESHOLD, name) for each, name in ((children, "then"), ([*children, *later], "now"))
    )
    first = protect(then.cells, then.sums)
    cells, sums = {**then.cells, **now.cells}, [*then.sums, *now.sums]
    twins = {key: twin for key in now.cells if (twin := ("then", *key[1:])) in then.cells and now.cells[key].told}
    published = protect(cells, sums, twins=twins, fixed=first.labels)
    assert {key: published.labels[key] for key in first.labels} == first.labels
    assert given_away(cells, sums, published, twins.items()) == []


def test_where_nothing_has_changed_both_reports_say_the_same() -> None:
    children = [*kids(0, 4), *kids(1, 9), *kids(2, 40, waiting=False), *kids(1, 30, late=True)]
    then, now = apply(report(children, reported=True)), last_of([report(children, reported=True), report(children)])
    assert (then.stages, then.ledger, then.child_days) == (now.stages, now.ledger, now.child_days)


def test_one_child_that_became_known_later_is_not_told_apart_and_takes_no_length_of_waits_away() -> None:
    children = kids(1, 60, minutes=2 * DAY, waiting=False)
    known = report([*children, *kids(2, 1, waiting=False)])
    now = last_of([report(children, reported=True), known]).stages[0]
    assert (str(now.entered), str(now.left)) == ("within 5 of 60", "within 5 of 60")
    assert now.median.value == 2 * DAY


def test_who_waits_at_another_instant_is_not_who_waited_when_the_quarter_ended() -> None:
    reported, known = report(kids(1, 3), reported=True), report(kids(1, 40))
    # The ledger and the weeks end with the quarter, whenever they are read.
    later = msgspec.structs.replace(
        known, instant=known.instant + timedelta(days=30), ledger=reported.ledger, queues=reported.queues
    )
    assert str(apply(reported).stages[0].open.count) == "1 to 5"
    assert last_of([reported, later]).child_days.waiting == 40


def test_what_one_table_hides_no_other_tells_whatever_number_a_partnership_calls_small() -> None:
    found = report([*kids(0, 1), *kids(1, 3)])
    stages = [msgspec.structs.replace(each, stage="unassessed") for each in found.stages]
    told = apply(msgspec.structs.replace(found, stages=stages), threshold=2)
    # One of the four is told apart by grade, so that the four are hidden, wherever they are told.
    numbers = [told.stages[0].entered, told.quality.pathways, told.child_days.notified, told.bouncing.of]
    assert [str(each) for each in numbers] == ["3 or more"] * 4


def test_child_days_that_few_may_stand_behind_are_those_of_as_many_as_a_partnership_calls_few() -> None:
    found = report(kids(1, 60, minutes=DAY))
    days = msgspec.structs.replace(found.child_days, before=30.0, more=7.0)
    measured = msgspec.structs.replace(found, child_days=days)
    told = {most: apply(measured, threshold=most).child_days for most in (2, 5, 20)}
    assert {most: each.more for most, each in told.items() if not is_hidden(each.more)} == {2: 7.0}
    assert {most: each.before for most, each in told.items() if not is_hidden(each.before)} == {2: 30.0, 5: 30.0}


def test_a_few_who_wait_are_shown_with_how_long() -> None:
    told = apply(report(kids(0, 3, minutes=30 * DAY, late=True) + kids(1, 30) + kids(2, 40)))
    high = next(each for each in told.stages if each.group == "high")
    assert somebody_waits(high.open.count, high.open.oldest) == "1 to 5 children, at least one over 28 days"
    assert (str(high.open.past_limit), str(high.median.value)) == ("1 to 5", "not shown")
    # Where they live is not told, only that they are somewhere.
    far = {str(each.open.past_limit) for each in told.stages if each.by == "district"}
    assert far == {"not told apart (1 to 5 in all)"}
    assert {str(each.open.oldest) for each in told.stages if each.by == "district"} == {"not shown"}


def test_of_a_few_in_several_groups_the_groups_say_alike_that_somebody_waits_in_all() -> None:
    few = kids(0, 2, minutes=30 * DAY) + kids(1, 2) + kids(2, 40, waiting=False)
    told = apply(report(few))
    whole, *_ = told.stages
    groups = [each.open for each in told.stages if each.by == "grade"]
    assert somebody_waits(whole.open.count, whole.open.oldest) == "1 to 5 children, at least one over 28 days"
    # Nobody of the standard grade waits, and neither its words nor its oldest say so.
    assert {somebody_waits(each.count, each.oldest) for each in groups} == {"not told apart (1 to 5 in all)"}
    assert {str(each.oldest) for each in groups} == {"not shown"}


def test_that_some_are_past_a_limit_does_not_narrow_how_many_wait() -> None:
    told = apply(report(kids(0, 1) + kids(0, 4, late=True)[2:] + kids(1, 20, late=True)))
    high = next(each for each in told.stages if each.group == "high")
    assert (str(high.open.count), str(high.open.past_limit)) == ("1 to 5", "1 to 5")
    # Whoever is past a limit of this period is past a limit, so that the one does not tell the other.
    assert {is_hidden(told.stages[0].open.past_limit), is_hidden(_overdue(told.stages[0]))} == {True}


def test_many_children_of_one_incident_are_not_told_apart() -> None:
    family = [Kid(incident=1, grade=0, district=0, minutes=DAY, cause=None, late=False)] * 11
    told = apply(report(family + kids(1, 30) + kids(2, 40)))
    high, medium, standard = (each for each in told.stages if each.by == "grade")
    assert (str(high.open.count), str(medium.open.count), standard.open.count) == ("6 or more", "6 or more", 40)


def test_a_large_report_is_told_nearly_whole() -> None:
    told = apply(report(kids(0, 120) + kids(1, 300, waiting=False) + kids(1, 200) + kids(2, 90, late=True)))
    whole = told.stages[0]
    assert (whole.entered, whole.open.count, whole.left, whole.median.value) == (710, 410, 300, 3 * DAY)
    assert str(whole.open.oldest) == "over 3 days"


def test_nearly_all_in_time_does_not_tell_how_many_were_not() -> None:
    told = apply(report(kids(1, 100, waiting=False) + kids(1, 3, waiting=False, late=True)))
    within = told.stages[0].within
    assert within is not None
    assert str(within.missed) == "1 to 5"
    assert is_hidden(within.met)
    assert str(within.share.value) == "not shown"
    assert str(told.front_door.decided_24_hours.share.value).endswith("or more")


def test_lists_of_changes_show_no_small_change() -> None:
    told = apply(report(kids(1, 50)))
    assert told.restated is not None
    assert str(told.restated.figures[0].known_now) == "within 5 of 12"
    assert str(told.restated.corrections) == "1 to 5"
    # Nor of whose records they were.
    assert {str(each.corrections) for each in told.restated.agencies} == {"not shown"}


def test_what_moved_since_tells_no_more_of_waits_than_the_report_itself() -> None:
    moved = [Moved(key=key, reported=8_779.0, known_now=8_779.0) for key in ("oldest", "median_of_ended")]

    def told(children: list[Kid]) -> list[str]:
        found = report(children)
        stages = [msgspec.structs.replace(each, stage="unassessed") for each in found.stages]
        days = Moved(key="child_days", reported=found.child_days.total, known_now=found.child_days.total)
        assert found.restated is not None
        since = msgspec.structs.replace(found.restated, figures=[*moved, days])
        shown = apply(msgspec.structs.replace(found, stages=stages, restated=since)).restated
        assert shown is not None
        return [str(each.known_now) for each in shown.figures]

    assert told(kids(1, 3, waiting=False)) == ["over 3 days", "not shown", "not shown"]
    many = told(kids(1, 50, waiting=False))
    assert many[:2] == ["over 3 days", "8779.0"]
    assert "not shown" not in many


def test_whose_records_one_child_had_corrected_often_is_not_told() -> None:
    found = report(kids(1, 50))
    assert found.restated is not None
    police = OfAgency(agency="police", corrections=8, retractions=0, recorded_late=0, forgave=8,
                      behind_parts={"corrections": 1, "forgave": 1})  # fmt: skip
    since = msgspec.structs.replace(found.restated, corrections=8, agencies=[police], behind_parts={"corrections": 1})
    told = apply(msgspec.structs.replace(found, restated=since)).restated
    assert told is not None
    assert [is_hidden(each) for each in (told.corrections, told.agencies[0].corrections, told.agencies[0].forgave)] == [
        True, True, True,
    ]  # fmt: skip


def test_the_areas_of_a_partnership_do_not_tell_of_each_other() -> None:
    small, large = kids(1, 3), kids(1, 60)
    both = report(small + large)
    whole = msgspec.structs.replace(both, scope=msgspec.structs.replace(both.scope, areas=("350", "359")))
    order = [report(small, area="350"), report(large, area="359"), whole]
    small_count, large_count, whole_count = (last_of(order[: n + 1]).stages[0].open.count for n in range(3))
    # Each area's own page is the same for whoever reads it; all of them together would tell the three.
    assert (str(small_count), large_count) == ("1 to 5", 60)
    assert is_hidden(whole_count)


def test_what_was_issued_stays_told_and_what_it_hid_stays_hidden() -> None:
    issue = told_of([report(kids(1, 40) + kids(2, 4) + kids(0, 30))])
    told = apply(report(kids(1, 42) + kids(2, 9) + kids(0, 30)), issued=issue)
    high, medium, standard = (each.open.count for each in told.stages if each.by == "grade")
    # The issue hid the four and, for their sake, the thirty.
    assert (str(high), str(medium), str(standard)) == ("6 or more", "within 5 of 40", "6 or more")


def test_a_district_alone_has_no_oldest() -> None:
    found = report(kids(1, 50))
    one = msgspec.structs.replace(found, scope=msgspec.structs.replace(found.scope, district="Leigh"))
    assert {str(each.open.oldest) for each in apply(one).stages if each.open.count} == {"not shown"}


@BOUNDED
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40)), min_size=51, max_size=140),
    st.sets(st.integers(0, 3)),
)
def test_ways_out_rise_by_more_than_few_at_once_and_few_are_nowhere_alone(
    leaving: list[tuple[int, int]], told: set[int]
) -> None:
    n, minutes = len(leaving), tuple(range(1, 41))
    ways = {
        f"way {way}": tuple(sum(each == way and at <= minute for each, at in leaving) / n for minute in minutes)
        for way in range(1, 4)
    }
    waiting = tuple(1 - sum(each) for each in zip(*ways.values(), strict=True))
    shown = lengths.routes(Routes(minutes=minutes, ways=ways, waiting=waiting), n, 5, {f"way {way}" for way in told})
    if shown is None:
        return
    assert set(shown.ways) <= {lengths.OTHER_WAYS, *(f"way {way}" for way in told)}
    for shares in (*shown.ways.values(), [1 - each for each in shown.waiting]):
        for before, after in pairwise((0.0, *shares)):
            # In whole percents: by nobody, or by more than five children.
            assert after == before or (after - before) * n > 5 - n / 100, shares
    still = shown.waiting[-1] * n
    assert round(still, 6) <= n / 100 or still > 5 - n / 100


def test_the_ends_of_an_interval_are_no_single_childs_wait() -> None:
    few = Estimate(value=2_000.0, low=1_537.0, high=9_871.0, n=20)
    told = lengths.estimate(few, 0.5, 5, 20, exact=True)
    assert (told.value, told.low, told.high) == (2_000, 25 * 60, 7 * DAY)
    many = msgspec.structs.replace(few, n=400)
    assert lengths.estimate(many, 0.5, 5, 400, exact=True) == many
    # Of the ninetieth of sixty the upper end is the longest wait of all.
    assert lengths.estimate(msgspec.structs.replace(few, n=60), 0.1, 5, 60, exact=True).high == 7 * DAY
    open_ended = lengths.estimate(msgspec.structs.replace(few, high=None), 0.5, 5, 20, exact=True)
    assert open_ended.high is None


def test_one_way_alone_is_not_hidden_beside_those_that_are_told() -> None:
    told = apply(report(kids(1, 100, waiting=False) + kids(2, 60) + [
        msgspec.structs.replace(kid, cause="closed") for kid in kids(0, 30, waiting=False)
    ])).stages[0]  # fmt: skip
    assert [str(each.incidence.value)[:4] for each in told.exits] == ["0.52", "0.15"]
    few = apply(report(kids(1, 100, waiting=False) + kids(2, 3) + [
        msgspec.structs.replace(kid, cause="closed") for kid in kids(0, 30, waiting=False)
    ])).stages[0]  # fmt: skip
    # Three still wait: that is no share of all, and the two ways do not tell it between them.
    assert any(is_hidden(each.incidence.value) for each in few.exits)


def test_bands_are_in_words() -> None:
    assert [str(wait(minutes)) for minutes in (10, 2 * DAY, 100 * DAY)] == [
        "under 4 hours", "24 hours to 3 days", "over 84 days",
    ]  # fmt: skip
    assert [str(oldest(minutes)) for minutes in (10, 30 * DAY)] == ["under 4 hours", "over 28 days"]
    assert [str(share(*each)) for each in ((1, 5, 50), (6, None, 50), (None, None, 50), (20, 25, 50))] == [
        "2% to 10%", "12% or more", "not shown", "40% to 50%",
    ]  # fmt: skip
    assert re.fullmatch("1 to 5", f"{Hidden(hidden='1 to 5'):,}")


def test_a_report_is_protected_the_same_way_each_time() -> None:
    found = report(kids(0, 4) + kids(1, 9) + kids(2, 40))
    assert apply(found) == apply(found)
    assert isinstance(protect({}, []), Published)
