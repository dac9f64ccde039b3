"""What an enquiry or a conference lacks, who must be there, and working days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import calendars
from schema.vocabulary import AGENCIES
from service.clocks.calendar import ReadyCalendar
from service.clocks.local_time import end_of
from service.enquiries import rules
from service.enquiries.conferences import rules as conferences
from service.enquiries.conferences.rules import ChildDecided, Holding, Lateness
from service.enquiries.rules import Body, Check
from service.errors import Wrong

READY = ReadyCalendar(calendars.load_shipped())
TODAY = date(2026, 11, 20)
CHILD, SIBLING = UUID(int=1), UUID(int=2)


def fields(wrong: list[Wrong]) -> list[str]:
    return [each.field for each in wrong]


def test_an_enquiry_cannot_be_completed_while_something_is_missing() -> None:
    assert fields(rules.missing_for_completion(Body(), "single_agency", seen=True)) == [
        "lead_social_worker",
        "history",
        "findings",
        "outcome",
        "rationale",
        "conference_required",
        "next_step",
    ]
    joint = fields(rules.missing_for_completion(Body(history="  "), "joint", seen=False))
    assert {"police_officer", "not_seen_why", "history"} <= set(joint)


def test_a_check_names_its_agency_and_is_answered_after_it_was_asked() -> None:
    said = Body(
        checks=(
            Check(agency="dentist"),
            Check(agency="health", asked_on=date(2026, 11, 19), answered_on=date(2026, 11, 18)),
            Check(agency="police", asked_on=date(2026, 11, 21)),
            Check(agency="police", asked_on=TODAY, answered_on=TODAY),
        )
    )
    assert fields(rules.wrong_with_checks(said, TODAY)) == [
        "checks[0].agency",
        "checks[1].answered_on",
        "checks[2].asked_on",
    ]


@given(st.sets(st.sampled_from(AGENCIES)))
def test_a_conference_is_quorate_with_social_care_and_two_others(present: set[str]) -> None:
    others = present - {"childrens_social_care"}
    assert conferences.quorate(present) == ("childrens_social_care" in present and len(others) >= 2)


def test_the_same_agency_twice_is_no_quorum() -> None:
    assert not conferences.quorate(["childrens_social_care", "police", "police"])


def test_a_conference_decides_for_each_child_once_and_a_plan_names_its_category() -> None:
    at = datetime(2026, 12, 14, 10, tzinfo=UTC)
    there = ["childrens_social_care", "police", "health"]

    def wrong(*decided: ChildDecided, agencies: list[str] = there, chair: str = "Sam") -> list[str]:
        holding = Holding(at=at, chair=chair, agencies=agencies, children=list(decided))
        return fields(conferences.wrong_with_holding(holding, [CHILD, SIBLING]))

    plan = ChildDecided(pathway=CHILD, outcome="plan", category="neglect")
    none = ChildDecided(pathway=SIBLING, outcome="no_plan")
    assert wrong(plan, none) == []
    assert wrong(plan) == ["children"]
    assert wrong(ChildDecided(pathway=CHILD, outcome="plan"), none) == ["children[0].category"]
    assert wrong(plan, ChildDecided(pathway=SIBLING, outcome="no_plan", category="neglect")) == ["children[1].category"]
    assert wrong(plan, none, none) == ["children[1].pathway", "children[2].pathway"]
    assert wrong(plan, none, ChildDecided(pathway=uuid4(), outcome="no_plan")) == ["children[2].pathway"]
    assert wrong(plan, none, agencies=[], chair=" ") == ["chair", "agencies"]
    assert wrong(plan, none, agencies=["nobody"]) == ["agencies[0]"]


def test_lateness_needs_a_reason_words_a_plan_and_the_agency_that_could_not_come() -> None:
    assert fields(conferences.wrong_with_lateness(Lateness())) == ["reason", "text", "interim_plan"]
    said = Lateness(reason="agency_not_available", text="On leave", interim_plan="Daily visits")
    assert fields(conferences.wrong_with_lateness(said)) == ["agency"]


@pytest.mark.parametrize(
    ("due", "held", "late"),
    [
        (date(2026, 12, 11), datetime(2026, 12, 14, 10, tzinfo=UTC), 1),
        (date(2026, 12, 11), datetime(2026, 12, 12, 10, tzinfo=UTC), 0),
        (date(2026, 12, 11), datetime(2026, 12, 11, 23, 30, tzinfo=UTC), 0),
        (date(2026, 12, 24), datetime(2026, 12, 29, 9, tzinfo=UTC), 1),
        (date(2026, 12, 24), datetime(2027, 1, 4, 9, tzinfo=UTC), 4),
    ],
)
def test_working_days_late_count_after_the_target_day(due: date, held: datetime, late: int) -> None:
    assert conferences.working_days_late(end_of(due), held, READY) == late


def test_working_days_left_count_the_target_day() -> None:
    due = end_of(date(2026, 12, 11))
    assert conferences.working_days_left(due, datetime(2026, 11, 20, 16, tzinfo=UTC), READY) == 15
    assert conferences.working_days_left(due, datetime(2026, 12, 11, 16, tzinfo=UTC), READY) == 0
    assert conferences.working_days_left(due, datetime(2026, 12, 14, 9, tzinfo=UTC), READY) == 0


def test_what_changed_is_told_field_by_field() -> None:
    assert rules.changed({"a": 1, "b": 2}, {"b": 3, "c": 4}) == {"a": [1, None], "b": [2, 3], "c": [None, 4]}
