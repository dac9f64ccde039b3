"""The commentary of the delay measures, as measured and with small numbers hidden."""

import msgspec

from service.reports.commentary.mapping import report as mapped
from service.reports.commentary.rules import comment
from service.reports.disclosure.applying import apply
from service.reports.measures.figures import BoardFigures, Definition, Estimate
from tests.unit.reports.disclosure.reports import Kid, report

DECISION = Definition(key="decision", name="Contact decision", unit="minutes", words="From receipt to the decision.")


def measured(late: int) -> BoardFigures:
    kids = [
        Kid(incident=n // 2, grade=n % 3, district=n % 2, minutes=100 * n, cause=None, late=n < late) for n in range(12)
    ] + [
        Kid(incident=100 + n, grade=n % 3, district=n % 2, minutes=50 * n, cause="contact_decided", late=n % 4 == 0)
        for n in range(40)
    ]
    return msgspec.structs.replace(report(kids), definitions=[DECISION])


def test_what_was_measured_is_what_is_commented() -> None:
    found = comment(mapped(measured(9)))
    assert (
        found.summary
        == "No signal: nothing differs from before by more than it usually varies; what stands late is below."
    )
    assert found.findings[0].says == (
        "Contact decision: 9 children wait past the limit now, the longest for 18 hours 20 minutes."
    )
    assert found.findings[0].contributor == "Most are Leigh (5 past the limit)."
    assert found.findings[1].says.endswith("child-days at unassessed risk in this period, and 3 in the one before.")


def test_a_signal_of_the_measures_is_a_signal_of_the_commentary() -> None:
    figures = measured(9)
    stages = [
        msgspec.structs.replace(
            stage,
            current=Estimate(value=4896, low=4176, high=5904, n=40),
            before=Estimate(value=1440, low=1300, high=1600, n=40),
        )
        for stage in figures.stages
    ]
    found = comment(mapped(msgspec.structs.replace(figures, stages=stages)))
    assert found.signals == 1
    assert found.findings[0].figure == "decision:typical"
    assert found.findings[0].contributor != ""


def test_small_numbers_stay_hidden_in_words() -> None:
    assert "2 children wait past the limit" in comment(mapped(measured(2))).findings[0].says
    few, some = comment(mapped(apply(measured(2)))), comment(mapped(apply(measured(9))))
    longest = "children wait past the limit now, the longest for over 4 hours."
    assert few.findings[0].says == f"Contact decision: 1 to 5 {longest}"
    assert some.findings[0].says == f"Contact decision: 1 or more {longest}"
    for finding in (*few.findings, *some.findings):
        assert "not shown" not in finding.words
        assert finding.contributor == "No grade or district stands out."


def test_weeks_before_anybody_was_recorded_are_no_weeks_without_notices() -> None:
    figures = measured(2)
    week = figures.queues[0].weeks[0]
    none = msgspec.structs.replace(week, arrived=0, stock=0, due=0, met=0)
    queues = [msgspec.structs.replace(figures.queues[0], weeks=[none, none, week, none, week])]
    [stage] = mapped(figures, queues).stages
    assert [each.arrived for each in stage.weeks] == [0, 52]
    queues = [msgspec.structs.replace(figures.queues[0], weeks=[week, none])]
    [stage] = mapped(figures, queues).stages
    assert [each.arrived for each in stage.weeks] == [52, 0]


def test_what_holds_of_the_whole_report_is_said_with_it() -> None:
    figures = measured(2)
    told = msgspec.structs.replace(
        figures,
        police=msgspec.structs.replace(figures.police, estimable=False),
        known=msgspec.structs.replace(figures.known, lowered=True, uncounted=3),
    )
    assert comment(mapped(told)).cautions == (
        "Police delay is not estimable: this feed sends only what was shared.",
        "Figures are as known at Sun 1 Nov 2026 00:00, the latest that is complete.",
        "3 records changed moments ago and not counted yet.",
    )
