"""The drawn two years look like Greater Manchester: published figures, within tolerance."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median, quantiles

import pytest

from service.demo.generator import generate, trends
from service.demo.generator.days import (
    add_working_days,
    is_working_day,
    to_local,
    working_days_between,
)
from service.demo.generator.shapes import SyntheticMilestone, SyntheticPathway
from tests.unit.demo.conftest import SEED, UNTIL

EXITS = {"contact_decided", "strategy_held", "child_seen", "notice_not_shared", "withdrawn"}


def firsts(pathway: SyntheticPathway) -> dict[str, SyntheticMilestone]:
    found: dict[str, SyntheticMilestone] = {}
    for told in pathway.milestones:
        found.setdefault(told.kind, told)
    return found


def at(told: SyntheticMilestone) -> datetime:
    assert told.at is not None
    return told.at


def working_days(pathways: list[SyntheticPathway], start: str, stop: str) -> Iterator[int]:
    for pathway in pathways:
        found = firsts(pathway)
        if start in found and stop in found:
            yield working_days_between(to_local(at(found[start])).date(), to_local(at(found[stop])).date())


def test_conferences_cluster_at_fifteen_working_days(drawn: list[SyntheticPathway]) -> None:
    """North West, year to March 2025: 76.8% within 15 working days; quartiles 13, 14, 15; 12% after 20."""
    days = list(working_days(drawn, "enquiry_started", "conference_held"))
    assert len(days) > 120
    assert 0.72 < sum(day <= 15 for day in days) / len(days) < 0.82
    assert 0.06 < sum(day > 20 for day in days) / len(days) < 0.17
    lower, middle, upper = quantiles(days, n=4)
    assert 12 <= lower <= 13
    assert middle == 14
    assert 14 <= upper <= 16


def test_a_third_of_enquiries_lead_to_a_conference(drawn: list[SyntheticPathway]) -> None:
    done = [firsts(pathway)["enquiry_completed"] for pathway in drawn if "enquiry_completed" in firsts(pathway)]
    to_conference = sum(told.outcome == "substantiated_continuing_risk" for told in done)
    assert 0.27 < to_conference / len(done) < 0.42


def test_assessments_end_like_those_of_the_north_west(drawn: list[SyntheticPathway]) -> None:
    """81.9% within 45 working days; quartiles 20, 35, 44."""
    days = list(working_days(drawn, "referral_accepted", "assessment_authorised"))
    assert 0.76 < sum(day <= 45 for day in days) / len(days) < 0.87
    lower, middle, upper = quantiles(days, n=4)
    assert 16 <= lower <= 24
    assert 31 <= middle <= 38
    assert 42 <= upper <= 46


def test_the_police_share_high_risk_first_and_medium_risk_was_the_backlog(drawn: list[SyntheticPathway]) -> None:
    hours: dict[str | None, list[float]] = {}
    by_age: dict[str, list[float]] = {"before": [], "peak": [], "after": []}
    for pathway in drawn:
        found = firsts(pathway)
        if "notice_shared" not in found or "risk_graded" not in found:
            continue
        attended = at(found["police_attended"])
        waited = (at(found["notice_shared"]) - attended) / timedelta(hours=1)
        grade = found["risk_graded"].outcome
        hours.setdefault(grade, []).append(waited)
        age = (UNTIL - attended) / timedelta(days=1)
        if grade == "medium":
            when = "before" if age > 560 else "peak" if 320 < age < 350 else "after" if 40 < age < 240 else None
            if when:
                by_age[when].append(waited)
    assert median(hours["high"]) < 4 < median(hours["medium"]) < median(hours["standard"]) < 72
    assert median(by_age["before"]) < 24
    assert median(by_age["peak"]) > 12 * 24
    assert median(by_age["after"]) < 24


def test_the_share_becoming_a_referral_swung_from_a_third_to_two_thirds_and_back(
    drawn: list[SyntheticPathway],
) -> None:
    def share(oldest: int, youngest: int) -> float:
        outcomes: Counter[str | None] = Counter()
        for pathway in drawn:
            found = firsts(pathway)
            if "contact_decided" in found:
                age = (UNTIL - at(found["police_attended"])) / timedelta(days=1)
                if youngest < age < oldest:
                    outcomes[found["contact_decided"].outcome] += 1
        to_weigh = ("referral", "early_help", "advice", "no_further_action")
        return outcomes["referral"] / sum(outcomes[outcome] for outcome in to_weigh)

    assert 0.24 < share(700, 310) < 0.37
    assert 0.62 < share(208, 182) < 0.79
    assert 0.22 < share(115, 25) < 0.38


def test_sibling_groups_repeat_families_and_gaps_in_the_record(drawn: list[SyntheticPathway]) -> None:
    sizes = Counter(Counter(pathway.incident.reference for pathway in drawn if pathway.child).values())
    assert 0.36 < sizes[1] / sizes.total() < 0.48
    assert sizes[5] > 0
    children = {pathway.child.reference: pathway.child for pathway in drawn if pathway.child}.values()
    assert 0.20 < sum(child.ethnicity is None for child in children) / len(children) < 0.30
    assert 0.37 < sum(child.disability is None for child in children) / len(children) < 0.47


@pytest.mark.parametrize("months", [(1, 2, 12), (6, 7, 8)])
def test_people_keep_local_hours_in_winter_and_summer(drawn: list[SyntheticPathway], months: tuple[int, ...]) -> None:
    """Attendances peak in the evening and offices decide by day, on the wall clock of either half-year."""
    hours: Counter[int] = Counter()
    for pathway in drawn:
        for told in pathway.milestones:
            local = to_local(at(told))
            if local.month not in months:
                continue
            if told.kind == "police_attended":
                hours[local.hour] += 1
            if told.kind == "contact_decided" and not told.recorded_by.startswith("edt") and told.supersedes is None:
                assert is_working_day(local.date())
                assert (8, 45) <= (local.hour, local.minute) <= (17, 15)
            if told.kind == "conference_held":
                assert is_working_day(local.date())
                assert 9 <= local.hour < 16
    assert sum(hours[hour] for hour in (19, 20, 21, 22)) > 2 * sum(hours[hour] for hour in (4, 5, 6, 7))
    assert max(hours, key=hours.__getitem__) in (19, 20, 21, 22, 23)


def test_weekends_bring_more(drawn: list[SyntheticPathway]) -> None:
    days: Counter[int] = Counter()
    for pathway in drawn:
        days[to_local(at(firsts(pathway)["police_attended"])).weekday()] += 1
    assert days[5] + days[6] > 1.1 * (days[1] + days[2])


def test_the_police_sent_nothing_on_one_weekend() -> None:
    weekend = trends.silent_weekend(to_local(UNTIL).date())
    quiet = 0
    for pathway in generate(SEED, UNTIL):
        found = firsts(pathway)
        if "notice_shared" in found and to_local(at(found["notice_shared"])).date() in weekend:
            assert to_local(at(found["notice_received"])).date() > weekend[1]
            assert to_local(found["police_attended"].recorded_at).date() not in weekend or (
                to_local(at(found["police_attended"])).date() not in weekend
            )
            quiet += 1
    assert quiet > 5


@pytest.mark.parametrize(("seed", "days_on"), [(SEED, 0.0), (7, 1.3), (8, 36.8)])
def test_at_the_end_every_area_has_children_waiting_and_the_force_a_backlog(seed: int, days_on: float) -> None:
    until = UNTIL + timedelta(days=days_on)
    waiting: Counter[str] = Counter()
    unshared: dict[str, tuple[str | None, float]] = {}
    for pathway in generate(seed, until):
        found = firsts(pathway)
        if pathway.child is None or EXITS & set(found):
            continue
        waiting[pathway.area] += 1
        if "notice_shared" not in found:
            grade = found["risk_graded"].outcome if "risk_graded" in found else None
            age = (until - at(found["police_attended"])) / timedelta(days=1)
            unshared[pathway.incident.reference] = (grade, age)
    assert set(waiting) == {"359", "350", "354"}
    assert all(60 <= count <= 100 for count in waiting.values())
    grades = Counter(grade for grade, _ in unshared.values())
    assert 55 <= len(unshared) <= 75
    assert 38 <= grades["medium"] <= 44
    assert 19 <= max(age for grade, age in unshared.values() if grade == "medium") < 20


def test_every_step_has_a_live_case_in_every_area(drawn: list[SyntheticPathway]) -> None:
    standing: set[tuple[str, str]] = set()
    for pathway in drawn:
        if not pathway.child:
            continue
        kinds = {told.kind for told in pathway.milestones}
        for reached, awaited in (
            ("notice_shared", "notice_received"),
            ("notice_received", "contact_decided"),
            ("information_requested", "information_returned"),
            ("referral_accepted", "allocated"),
            ("allocated", "child_seen"),
            ("strategy_requested", "strategy_held"),
            ("strategy_postponed", "strategy_held"),
            ("strategy_held", "strategy_record_issued"),
            ("strategy_held", "enquiry_started"),
            ("enquiry_started", "enquiry_completed"),
            ("enquiry_started", "child_seen"),
            ("conference_scheduled", "conference_held"),
            ("conference_held", "core_group_held"),
            ("assessment_started", "assessment_authorised"),
        ):
            if reached in kinds and awaited not in kinds:
                standing.add((pathway.area, f"{reached} without {awaited}"))
        outcomes = {told.outcome for told in pathway.milestones if told.kind == "contact_decided"}
        if "linked_to_open_case" in outcomes and "worker_reviewed" not in kinds:
            standing.add((pathway.area, "linked, not reviewed"))
        if "early_help" in outcomes and not kinds & {"early_help_accepted", "early_help_declined"}:
            standing.add((pathway.area, "early help not answered"))
    assert len(standing) == 3 * 16


def test_a_conference_date_is_counted_from_the_discussion_as_day_nought() -> None:
    friday = date(2026, 11, 20)
    assert add_working_days(friday, 15).isoformat() == "2026-12-11"
    assert add_working_days(date(2026, 12, 19), 15).isoformat() == "2027-01-13"
