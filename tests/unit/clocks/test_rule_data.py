"""The shipped rules are complete and well-formed."""

from datetime import date, timedelta

import msgspec
import pytest

from schema import calendars, standards
from schema.holders import load_holders
from schema.vocabulary import AGENCIES, CONTACT_OUTCOMES, GRADES, MILESTONES, NOT_SHARED_REASONS
from service.clocks import phrases
from service.clocks.awareness import POLICE_AWARE
from service.clocks.calendar import ReadyCalendar
from service.clocks.enquiries import ENQUIRY_INITIATED
from service.clocks.holders import HolderTable
from service.clocks.standards import CORE

TABLE = HolderTable(load_holders())
READY = ReadyCalendar(calendars.load_shipped())
#: Outcomes with a closed list; each has a row of its own.
OUTCOMES = {
    "contact_decided": CONTACT_OUTCOMES,
    "notice_not_shared": NOT_SHARED_REASONS,
    "risk_graded": GRADES,
    "risk_regraded": GRADES,
    "strategy_held": ("quorate", "not_quorate"),
    "conference_held": ("plan", "no_plan"),
    "enquiry_started": ("joint", "single_agency"),
    "enquiry_completed": ("not_substantiated", "substantiated_no_continuing_risk", "substantiated_continuing_risk"),
}
DEFAULTS = {
    "police_share": {"high": "4 hours", "medium": "24 hours", "standard": "72 hours"},
    "school_notified": "next school start",
    "contact_decision": "1 working day",
    "contact_decision_24h": "24 hours",
    "unassessed": {"high": "24 hours", "medium": "72 hours", "standard": "7 days"},
    "allocation": "1 working day",
    "linked_case_review": "1 working day",
    "transfer_accepted": "1 working day",
    "early_help_accepted": "5 working days",
    "strategy_discussion": "1 working day",
    "strategy_quorate": "1 working day",
    "strategy_record": "1 working day",
    "child_seen_enquiry": "1 working day",
    "child_seen_referral": "5 working days",
    "enquiry_completed": "15 working days",
    "conference": "15 working days",
    "transfer_in_conference": "15 working days",
    "enquiry_history": "1 hour",
    "assessment": "45 working days",
    "core_group": "10 working days",
    "first_review": "3 months",
    "later_review": "6 months",
    "in_transit": "2 hours",
    "police_protection": "72 hours",
    "emergency_order": "8 days",
    "absent_notice": "24 hours",
    "absent_decision": "3 working days",
    "absent_strategy_request": "4 hours",
}


@pytest.mark.parametrize("kind", MILESTONES)
def test_every_milestone_has_a_holder_row_or_is_said_to_change_nothing(kind: str) -> None:
    row = TABLE.row(kind, None) or TABLE.row(kind, OUTCOMES[kind][0])
    assert row is not None
    assert row.action == "unchanged" or row.action in ("ask", "answer") or (row.holder and row.stage)
    assert TABLE.has_row(kind, None)


@pytest.mark.parametrize(
    ("kind", "outcome"), [(kind, outcome) for kind, every in OUTCOMES.items() for outcome in every]
)
def test_every_outcome_has_a_holder_row_of_its_own(kind: str, outcome: str) -> None:
    assert TABLE.has_row(kind, outcome)


def test_the_shipped_standards_are_the_agreed_ones_each_with_its_source() -> None:
    shipped = {standard.key: standard for standard in standards.load_shipped()}
    assert {key: standard.within for key, standard in shipped.items()} == DEFAULTS
    assert set(shipped) >= CORE
    for standard in shipped.values():
        assert standard.source
        assert standard.basis
        assert standard.holder in AGENCIES
        assert not standard.confirmed_locally


def test_every_start_and_end_has_words() -> None:
    for standard in standards.load_shipped():
        starts = {start.kind for start in standard.started_by} - {POLICE_AWARE, ENQUIRY_INITIATED}
        assert starts <= set(phrases.STARTED)
        assert {stop.kind for stop in standard.met_by} <= set(phrases.ENDED)
        assert {stop.kind for stop in standard.ended_by} <= set(phrases.OVER)


def test_standards_and_calendars_survive_being_stored() -> None:
    for standard in standards.load_shipped():
        assert standards.decode_standard(standards.encode_standard(standard)) == standard
    calendar = calendars.load_shipped()
    assert calendars.decode_calendar(calendars.encode_calendar(calendar)) == calendar


def test_a_standard_with_an_unknown_field_or_milestone_is_refused() -> None:
    (base, *_) = standards.load_shipped()
    body = msgspec.to_builtins(base)
    with pytest.raises(standards.StandardError, match="surprise"):
        standards.decode_standard(msgspec.json.encode({**body, "surprise": 1}))
    with pytest.raises(standards.StandardError, match="'teatime' is not a milestone"):
        standards.decode_standard(msgspec.json.encode({**body, "met_by": [{"kind": "teatime"}]}))


def test_the_id_of_a_shipped_standard_never_changes() -> None:
    assert [s.id for s in standards.load_shipped()] == [s.id for s in standards.load_shipped()]
    assert len({s.id for s in standards.load_shipped()}) == len(DEFAULTS)


@pytest.mark.parametrize(
    "day",
    [
        "2019-04-19",
        "2020-05-08",
        "2020-12-28",
        "2021-12-27",
        "2021-12-28",
        "2022-01-03",
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2023-01-02",
        "2023-05-08",
        "2024-03-29",
        "2025-04-21",
        "2026-04-03",
        "2026-04-06",
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-12-27",
        "2027-12-28",
        "2028-01-03",
        "2028-04-14",
        "2028-12-26",
    ],
)
def test_it_is_a_bank_holiday(day: str) -> None:
    assert READY.is_working_day(date.fromisoformat(day)) is False


@pytest.mark.parametrize("day", ["2020-05-04", "2022-05-30", "2026-12-29", "2026-12-31", "2024-12-24", "2027-12-29"])
def test_it_is_a_working_day(day: str) -> None:
    assert READY.is_working_day(date.fromisoformat(day)) is True


def test_each_year_has_its_eight_bank_holidays_and_the_known_extra_ones() -> None:
    extra = {2022: 2, 2023: 1}
    for year in range(2016, 2029):
        listed = [day for day in READY.holidays if day.year == year]
        assert len(listed) == 8 + extra.get(year, 0)
        assert all(day.weekday() < 5 for day in listed)


@pytest.mark.parametrize("area", ["359", "350", "354"])
def test_schools_open_about_190_days_a_year(area: str) -> None:
    for year in (2024, 2025, 2026, 2027):
        first = date(year, 9, 1)
        days = sum(READY.is_school_day(area, first + timedelta(days=n)) for n in range(364))
        assert 185 <= days <= 197
    assert not READY.is_school_day(area, date(2026, 5, 4))
