"""The commentary finds what was planted, claims nothing where nothing happened, and speaks plainly."""

import msgspec
import numpy as np
import pytest

from service.reports.commentary.findings import Commentary
from service.reports.commentary.inputs import Interval, Report, Stage, Told, Week
from service.reports.commentary.rules import NOBODY, NOTHING, comment
from tests.unit.reports.commentary.partnership import quiet, told, with_stage


def stage_of(report: Report, key: str) -> Stage:
    return next(stage for stage in report.stages if stage.key == key)


def weeks_of(count: int, arrived: int, **fields: int) -> tuple[Week, ...]:
    """Steady weeks as a simulated stage has them, but with these numbers."""
    some = stage_of(quiet(np.random.default_rng(0)), "school").weeks[:count]
    numbers = {"arrived": arrived, "due": arrived, "met": arrived, "stock": 10} | fields
    return tuple(msgspec.structs.replace(week, **numbers, settled=True) for week in some)


def signals_of(found: Commentary) -> list[tuple[str, str]]:
    return [(finding.figure, finding.direction) for finding in found.findings if finding.status == "signal"]


def claims(reports: int, seed: int) -> int:
    random = np.random.default_rng(seed)
    return sum(comment(quiet(random)).signals > 0 for _ in range(reports))


def test_where_nothing_happened_at_most_one_report_in_twenty_claims_a_signal() -> None:
    assert claims(300, 20) <= 15


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_where_nothing_happened_signals_stay_as_seldom_over_many_reports() -> None:
    assert claims(6000, 21) <= 300


def test_a_longer_wait_is_found() -> None:
    report = with_stage(
        quiet(np.random.default_rng(1)),
        "contact_decision",
        now=Interval(value=4896, low=4176, high=5904, n=203),
        before=Interval(value=2400, low=2000, high=2900, n=190),
    )
    found = comment(report)
    assert signals_of(found) == [("contact_decision:typical", "worse")]
    finding = found.findings[0]
    assert finding.says == (
        "Contact decision: children wait longer. At this period's rates half have left within 3.4 days (2.9 to 4.1);"
        " at those of the period before, within 40 hours (33.3 to 48.3)."
    )
    assert finding.contributor == (
        "Most of it is high grade (20 children): the wait by which half have left is 10 hours longer."
    )
    assert finding.question == (
        "Question for children's social care: what changed, who can change it back, and by when?"
    )
    assert found.summary == (
        "One figure differs from before by more than it usually varies; what stands late is below."
    )


def test_a_lower_share_within_the_limit_is_found_and_when_it_began() -> None:
    random = np.random.default_rng(2)
    report = quiet(random)
    weeks = list(weeks_of(39, 30, met=27))
    for n in range(32, 39):
        weeks[n] = msgspec.structs.replace(weeks[n], met=17, bank_holiday=n == 35)
    report = with_stage(report, "police_share", weeks=tuple(weeks), unit="incidents")
    found = comment(report)
    assert signals_of(found) == [("police_share:share", "worse")]
    assert "61% (55% to 68%) of 240" in found.findings[0].says
    assert "90% in the 26 weeks before" in found.findings[0].says
    assert "bank holiday" in found.findings[0].caveat or "rests on" in found.findings[0].caveat
    assert found.findings[0].question.startswith("Question for the police: what changed about Mon ")


def test_a_short_past_is_on_trial() -> None:
    weeks = list(weeks_of(13, 60, met=57))
    for n in range(9, 13):
        weeks[n] = msgspec.structs.replace(weeks[n], met=20)
    found = comment(with_stage(quiet(np.random.default_rng(2)), "police_share", weeks=tuple(weeks)))
    assert signals_of(found) == [("police_share:share", "worse")]
    assert found.findings[0].caveat == ("There are only 9 weeks before to compare with, so that this is on trial.")


def test_fewer_notices_are_an_alarm_and_not_good_news() -> None:
    weeks = list(weeks_of(39, 40))
    for n in range(35, 39):
        weeks[n] = msgspec.structs.replace(weeks[n], arrived=22)
    found = comment(with_stage(quiet(np.random.default_rng(3)), "unassessed", weeks=tuple(weeks)))
    assert signals_of(found)[0] == ("unassessed:flow", "worse")
    assert found.findings[0].says.startswith("Fewer children came to notice: 22 a week (")
    assert found.findings[0].agency == "police"
    assert "are fewer children recorded and sent?" in found.findings[0].question


def test_more_notices_are_neither_better_nor_worse() -> None:
    weeks = list(weeks_of(39, 40))
    for n in range(35, 39):
        weeks[n] = msgspec.structs.replace(weeks[n], arrived=70)
    found = comment(with_stage(quiet(np.random.default_rng(3)), "unassessed", weeks=tuple(weeks)))
    assert signals_of(found)[0] == ("unassessed:flow", "neither")
    assert "the hours for it?" in found.findings[0].question


def test_weeks_that_may_not_be_told_are_not_tested_around() -> None:
    weeks = list(weeks_of(39, 60, met=57))
    for n in range(35, 39):
        weeks[n] = msgspec.structs.replace(weeks[n], arrived=9, met=1)
    secret = {"arrived": None, "due": None, "met": None}
    for place, wanted in ((30, []), (5, [("unassessed:share", "worse"), ("unassessed:flow", "worse")])):
        told_after = [*weeks[:place], msgspec.structs.replace(weeks[place], **secret), *weeks[place + 1 :]]
        found = comment(with_stage(quiet(np.random.default_rng(3)), "unassessed", weeks=tuple(told_after)))
        assert signals_of(found) == wanted, place


def test_a_rise_is_found_beside_weeks_of_few_incidents_and_what_cannot_be_found_is_not_denied() -> None:
    weeks = [
        msgspec.structs.replace(week, arrived=70) if place > 30 else week for place, week in enumerate(weeks_of(39, 40))
    ]

    def hiding(*places: int) -> Commentary:
        shown = [
            msgspec.structs.replace(week, arrived=None, many=True) if place in places else week
            for place, week in enumerate(weeks)
        ]
        return comment(with_stage(quiet(np.random.default_rng(3)), "unassessed", weeks=tuple(shown)))

    assert signals_of(hiding(12, 25)) == [("unassessed:flow", "neither")]
    # Where the latest weeks may not be told it is not said that nothing has changed.
    none = hiding(12, 34)
    assert signals_of(none) == []
    assert none.summary.startswith("No signal in what may be told: nothing differs")


def test_a_growing_backlog_is_found() -> None:
    weeks = [
        msgspec.structs.replace(week, stock=40 + 5 * n + (n % 3)) for n, week in enumerate(weeks_of(39, 30, met=29))
    ]
    found = comment(with_stage(quiet(np.random.default_rng(4)), "allocation", weeks=tuple(weeks)))
    assert signals_of(found) == [("allocation:stock", "worse")]
    assert "the number waiting grows by 5" in found.findings[0].says


def test_what_got_better_is_said_too_after_what_got_worse() -> None:
    long, short = Interval(value=5000, low=4500, high=5600, n=300), Interval(value=1000, low=900, high=1100, n=300)
    report = with_stage(quiet(np.random.default_rng(5)), "assessment", now=short, before=long)
    report = with_stage(report, "conference", now=long, before=short)
    assert signals_of(comment(report)) == [("conference:typical", "worse"), ("assessment:typical", "better")]


def test_where_the_time_goes_by_agency_stage_and_grade() -> None:
    report = quiet(np.random.default_rng(13))
    report = with_stage(
        report,
        "unassessed",
        now=Interval(value=1500, low=1300, high=1700, n=200),
        before=Interval(value=1440, low=1250, high=1650, n=200),
    )
    finding = next(each for each in comment(report).findings if each.figure == "child_days:total")
    assert finding.words == (
        "There were 812 child-days at unassessed risk in this period, and 775 in the one before. No signal that each"
        " child waits longer or less long: at this period's rates half wait less than 25 hours (21.7 to 28.3), at those"
        " of the period before 24 hours (20.8 to 27.5). The largest part, 62%, passed with the police in “Shared by the"
        " police” (500 child-days, 420 before). Of all, 63% are medium grade. Almost all times are known to the minute."
        " Question for the police: what would halve the time that children wait in “Shared by the police”?"
    )
    assert finding.status == "no_signal"


def test_a_change_that_would_be_one_only_alone_says_so() -> None:
    report = with_stage(
        quiet(np.random.default_rng(13)),
        "unassessed",
        now=Interval(value=3900, low=3600, high=3950, n=200),
        before=Interval(value=5200, low=4500, high=6200, n=200),
    )
    finding = next(each for each in comment(report).findings if each.figure == "child_days:total")
    assert finding.status == "no_signal"
    assert "Tested alone it would be one; among all that a report tests" in finding.sure


def test_notices_that_changed_leave_room_for_who_waits() -> None:
    weeks = list(weeks_of(39, 40))
    for n in range(35, 39):
        weeks[n] = msgspec.structs.replace(weeks[n], arrived=70)
    report = with_stage(quiet(np.random.default_rng(3)), "unassessed", weeks=tuple(weeks), past_limit=told(12))
    assert [finding.figure for finding in comment(report).findings][:2] == ["unassessed:flow", "unassessed:past_limit"]


def test_two_to_five_findings_each_with_all_its_parts() -> None:
    random = np.random.default_rng(6)
    for _ in range(40):
        found = comment(quiet(random))
        assert 2 <= len(found.findings) <= 5
        assert len({finding.figure for finding in found.findings}) == len(found.findings)
        for finding in found.findings:
            assert all((finding.says, finding.sure, finding.contributor, finding.caveat, finding.question))
            assert any(character.isdigit() for character in finding.says)
            assert finding.words.endswith("?")
            assert "None" not in finding.words
            assert "nan" not in finding.words


def test_everything_at_once_is_still_five_findings() -> None:
    long, short = Interval(value=5000, low=4500, high=5600, n=300), Interval(value=1000, low=900, high=1100, n=300)
    report = quiet(np.random.default_rng(7))
    for stage in report.stages:
        report = with_stage(report, stage.key, now=long, before=short)
    found = comment(report)
    assert len(found.findings) == 5
    assert found.findings[0].figure == "unassessed:typical"
    assert not any(finding.status == "no_signal" for finding in found.findings)


def test_nothing_to_report() -> None:
    report = quiet(np.random.default_rng(8))
    for stage in report.stages:
        report = with_stage(report, stage.key, past_limit=told(0), missed=told(0))
    found = comment(msgspec.structs.replace(report, cautions=("No notices of one force since Monday.",)))
    assert found.summary == NOTHING
    assert found.findings == ()
    assert found.cautions == ("No notices of one force since Monday.",)
    # Of nobody nothing is said to have been met.
    for stage in report.stages:
        report = with_stage(report, stage.key, waits=0, waiting=told(0))
    assert comment(report).summary == comment(Report(stages=())).summary == NOBODY


def test_what_is_late_and_too_few_to_be_told_is_never_left_unsaid() -> None:
    report = quiet(np.random.default_rng(8))
    for stage in report.stages:
        report = with_stage(report, stage.key, past_limit=told(0), missed=told(0))
    few = with_stage(report, "school", missed=Told(None, "1 to 5"), within=Interval(value=None), weeks=())
    found = comment(msgspec.structs.replace(few, child_days=None))
    assert found.summary.endswith("what stands late is below.")
    assert [each.says for each in found.findings] == [
        "School told: not known how many were within the limit in this period; 1 to 5 missed."
    ]


def test_numbers_that_may_not_be_told_are_not_told() -> None:
    report = quiet(np.random.default_rng(9))
    for stage in report.stages:
        report = with_stage(
            report,
            stage.key,
            past_limit=Told(None, "1 to 5"),
            missed=Told(None, "1 to 5"),
            waiting=Told(None, "6 or more"),
            oldest=Told(None, "over 28 days"),
            weeks=tuple(msgspec.structs.replace(week, stock=None, due=None, met=None) for week in stage.weeks),
        )
    found = comment(report)
    assert found.findings[0].says == (
        "Waiting for a first decision: 1 to 5 children wait past the limit now, the longest for over 28 days."
    )
    assert found.findings[0].sure.startswith("Not tested for change")


def test_the_same_figures_give_the_same_commentary_in_any_order() -> None:
    report = quiet(np.random.default_rng(10))
    turned = msgspec.structs.replace(report, stages=tuple(reversed(report.stages)))
    assert comment(report) == comment(turned) == comment(report)


def test_one_child_is_one_child() -> None:
    report = Report(
        stages=(
            msgspec.structs.replace(
                stage_of(quiet(np.random.default_rng(11)), "unassessed"), past_limit=told(1), weeks=(), waits=12
            ),
        )
    )
    finding = comment(report).findings[0]
    assert finding.says == (
        "Waiting for a first decision: 1 child waits past the limit now, the longest for 20 days 20 hours."
    )
    assert finding.caveat == "It rests on 12 children."
    assert finding.question == "Question for the police: who holds it by name, what is the next step, and by when?"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"cannot_compute": 20}, "A needed time is missing for 20 of 200; they are in no figure of time."),
        ({"approximate": 50}, "50 of 200 are known to the day alone."),
        ({}, "It rests on 200 waits, almost all with times to the minute."),
        ({"waits": 0}, "How complete the times are is not known."),
    ],
)
def test_the_caveat_is_what_most_limits_what_can_be_said(fields: dict[str, int], said: str) -> None:
    stage = stage_of(quiet(np.random.default_rng(12)), "unassessed")
    stage = msgspec.structs.replace(stage, past_limit=told(4), weeks=(), **({"waits": 200} | fields))
    assert comment(Report(stages=(stage,))).findings[0].caveat == said
