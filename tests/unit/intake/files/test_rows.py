"""What becomes of one row, in the words of design section 8."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.intake.files.parse.outcomes import ParsedRow
from service.intake.files.parse.times import Moment
from tests.unit.intake.files.police_files import accepted, cells, outcome, refusal


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_ordinary_row_says_what_it_says() -> None:
    assert accepted(cells()) == ParsedRow(
        number=2,
        reference="06DA/100001/26",
        area="359",
        district="Leigh",
        family_name="Pennington",
        given_names="Ewan",
        date_of_birth=date(2011, 2, 3),
        sex="M",
        grade="medium",
        incident=Moment(date(2026, 6, 23), "minute", at("2026-06-23 08:46")),
        attended=Moment(date(2026, 6, 23), "minute", at("2026-06-23 10:46")),
        submitted=Moment(date(2026, 6, 23), "minute", at("2026-06-23 12:29")),
        shared=Moment(date(2026, 6, 24), "minute", at("2026-06-24 12:46")),
        seen_at_scene=True,
        summary="Domestic incident attended.",
    )


def test_a_missing_time_of_day_leaves_the_day_and_invents_no_midnight() -> None:
    assert accepted(cells(Incident_Time="")).incident == Moment(date(2026, 6, 23), "day")
    assert accepted(cells(**{"Date/Time Attended": "23/06/2026"})).attended == Moment(date(2026, 6, 23), "day")


def test_seconds_are_kept() -> None:
    attended = accepted(cells(**{"Date/Time Attended": "23/06/2026 11:46:07"})).attended
    assert attended == Moment(date(2026, 6, 23), "second", at("2026-06-23 10:46:07"))


@pytest.mark.parametrize(
    "blank", ["Risk (Officer)", "DOB", "Sex", "Referred to CSC", "District", "Summary", "Child Seen"]
)
def test_what_may_be_blank_is_accepted_blank(blank: str) -> None:
    accepted(cells(**{blank: ""}))


@pytest.mark.parametrize("blank", ["Date/Time Attended", "DAB Submitted", "Child Surname", "Child Forename(s)"])
def test_nothing_else_is_refused_for_being_blank(blank: str) -> None:
    accepted(cells(**{blank: " "}))


def test_a_row_without_any_child_is_kept_for_the_incident() -> None:
    row = accepted(cells(**{"Child Surname": "", "Child Forename(s)": "", "DOB": "", "Sex": ""}))
    assert not row.names_child


@pytest.mark.parametrize(
    ("spelling", "grade"),
    [("H", "high"), (" hIGH ", "high"), ("medium ", "medium"), ("Med", "medium"), ("Std", "standard"), ("", None)],
)
def test_grades_are_read_whatever_their_case_and_spaces(spelling: str, grade: str | None) -> None:
    assert accepted(cells(**{"Risk (Officer)": spelling})).grade == grade


def test_formula_like_text_is_text() -> None:
    assert accepted(cells(Child_Surname='=HYPERLINK("http://x")')).family_name == '=HYPERLINK("http://x")'


def test_line_breaks_quotes_and_tabs_are_kept_in_the_summary() -> None:
    summary = 'Line one\nLine two, "quoted"; and a tab\t.'
    assert accepted(cells(Summary=summary)).summary == summary


def test_an_unborn_child_has_no_date_of_birth() -> None:
    row = accepted(cells(**{"Child Forename(s)": "Unborn", "DOB": "", "Sex": ""}))
    assert (row.involvement, row.sex, row.names_child) == ("unborn", "U", True)


def test_a_future_date_for_an_unborn_child_is_the_expected_one() -> None:
    row = accepted(cells(**{"Child Forename(s)": "UNBORN", "DOB": "24/12/2026"}))
    assert (row.date_of_birth, row.expected_date_of_birth) == (None, date(2026, 12, 24))


def test_a_child_born_after_the_incident_was_unborn_at_it() -> None:
    row = accepted(cells(DOB="01/07/2026"))
    assert (row.date_of_birth, row.involvement) == (date(2026, 7, 1), "unborn")


def test_words_that_are_no_reason_to_refuse_are_left_out_and_told() -> None:
    row = accepted(cells(Sex="X", Child_Seen="Asleep"))
    assert (row.sex, row.seen_at_scene, len(row.notes)) == ("U", None, 2)


@pytest.mark.parametrize(
    ("column", "value", "tells"),
    [
        ("Occurrence No", "  ", "There is no reference"),
        ("Risk (Officer)", "??", "is not a grade"),
        ("LA", "Atlantis", "Atlantis is not an area of this feed. Expected: Bolton, Rochdale, Wigan"),
        ("LA", "", "There is no area"),
        ("Incident Date", "31/02/2026", "February 2026 has 28 days"),
        (
            "Incident Date",
            "12/25/2025",
            "there is no month 25. Dates are day first: if it is 25 December, write 25/12/2025",
        ),
        ("Incident Date", "23/06/26", "two digits"),
        ("Incident Date", "", "a time of day without a date"),
        ("Incident Date", "yesterday", "cannot be read as a date"),
        ("Incident Date", "00/06/2026", "June 2026 has 30 days"),
        ("Incident Date", "23/06/0000", "the year is 0"),
        ("Incident Time", "24:00", "00:00 to 23:59"),
        ("Incident Time", "half past nine", "cannot be read as a time of day"),
        ("Incident Time", "9.46", "cannot be read as a time of day"),
        ("DAB Submitted", "23/06/2026 11:61", "does not exist"),
        ("Date/Time Attended", "01/01/2099 10:00", "in the future"),
        ("Referred to CSC", "23/11/2026", "in the future"),
        ("DOB", "30/02/2011", "does not exist"),
        ("DOB", "24/12/2026", "in the future"),
        ("Child Forename(s)", "A\x00B", "U+0000"),
        ("Child Surname", "Penning\tton", "U+0009"),
        ("District", "Le\nigh", "U+000A"),
        ("Summary", "bell\x07", "U+0007"),
        ("Summary", "next\x85line", "U+0085"),
    ],
)
def test_what_cannot_be_read_is_refused_with_how_to_mend_it(column: str, value: str, tells: str) -> None:
    row = refusal(cells(**{column: value}))
    assert len(row.reasons) == 1
    assert row.reasons[0].column == column
    assert tells in str(row.reasons[0])


def test_every_wrong_field_is_told_at_once() -> None:
    row = refusal(cells(**{"Occurrence No": "", "LA": "Atlantis", "Risk (Officer)": "??", "DOB": "31/02/2020"}))
    assert [reason.field for reason in row.reasons] == ["reference", "area", "grade", "date_of_birth"]


def test_a_refused_row_still_tells_what_could_be_read() -> None:
    row = refusal(cells(LA="Atlantis"))
    assert (row.reference, row.area, row.grade, row.grade_unreadable) == ("06DA/100001/26", None, "medium", False)
    assert row.attended is not None
    assert refusal(cells(**{"Risk (Officer)": "??"})).grade_unreadable


@pytest.mark.parametrize("count", [6, 14, 16])
def test_a_row_with_the_wrong_number_of_cells_is_refused_and_keeps_its_reference(count: int) -> None:
    row = refusal([*cells(), "more"][:count])
    assert f"{count} cells and the heading has 15" in str(row.reasons[0])
    assert row.reference == "06DA/100001/26"


def test_the_total_line_is_told_as_such() -> None:
    row = refusal(["Total records", "1961"])
    assert "counts the rows" in str(row.reasons[0])
    assert row.reference is None


def test_up_to_five_minutes_ahead_is_a_clock_that_runs_fast() -> None:
    now = at("2026-06-23 12:24")
    accepted(cells(**{"Referred to CSC": ""}), now)
    assert "in the future" in str(refusal(cells(**{"Referred to CSC": ""}), now - timedelta(minutes=1)).reasons[0])


def test_a_local_time_that_does_not_exist_is_refused() -> None:
    row = refusal(cells(**{"Incident Date": "29/03/2026", "Incident Time": "01:30"}))
    assert "the clocks went forward and skipped it" in str(row.reasons[0])


def held(row: list[str]) -> ParsedRow:
    read = outcome(row)
    assert isinstance(read, ParsedRow)
    assert len(read.held) == 1
    return read


def clocks_back(incident: str, attended: str, submitted: str = "25/10/2026 04:48") -> list[str]:
    return cells(
        **{
            "Incident Date": "25/10/2026",
            "Incident Time": incident,
            "Date/Time Attended": f"25/10/2026 {attended}".strip(),
            "DAB Submitted": submitted,
            "Referred to CSC": "",
        }
    )


def test_a_doubled_hour_is_decided_when_one_reading_alone_is_in_order() -> None:
    row = accepted(clocks_back("01:35", "01:33"))
    assert row.incident is not None
    assert row.attended is not None
    assert (row.incident.at, row.attended.at) == (at("2026-10-25 00:35"), at("2026-10-25 01:33"))
    assert (row.incident.other, row.attended.other) == (None, None)


@pytest.mark.parametrize(
    ("incident", "attended"), [("01:07", "01:46"), ("00:46", "01:04"), ("01:29", "02:08"), ("01:30", "")]
)
def test_a_doubled_hour_that_stays_open_is_held_and_shows_both(incident: str, attended: str) -> None:
    row = held(clocks_back(incident, attended))
    assert "happened twice" in str(row.held[0])
    assert " or " in str(row.held[0])


def test_a_doubled_hour_that_fits_in_no_way_is_out_of_order() -> None:
    assert "out of order" in str(held(clocks_back("01:30", "00:59")).held[0])


def test_a_reading_that_lies_in_the_future_is_not_the_one() -> None:
    row = accepted(clocks_back("00:59", "01:04", ""), now=at("2026-10-25 00:30"))
    assert row.attended is not None
    assert row.attended.at == at("2026-10-25 00:04")


@pytest.mark.parametrize(
    "changes",
    [
        {"Incident Time": "11:47"},
        {"DAB Submitted": "20/06/2026 03:32"},
        {"Referred to CSC": "23/06/2026 13:28"},
        {"Incident Date": "24/06/2026", "Incident Time": ""},
        {"DAB Submitted": "23/06/2026 09:45", "Date/Time Attended": "23/06/2026"},
    ],
)
def test_known_times_out_of_order_are_held_for_a_person(changes: dict[str, str]) -> None:
    row = held(cells(**changes))
    assert "out of order" in str(row.held[0])
    assert row.reference


@pytest.mark.parametrize(
    "changes",
    [
        {"Incident Time": "11:46"},
        {"Incident Time": "", "Date/Time Attended": "23/06/2026 00:01"},
        {"Date/Time Attended": "23/06/2026"},
        {"Date/Time Attended": ""},
        {"Referred to CSC": "23/06/2026"},
    ],
)
def test_equal_times_and_days_that_contain_each_other_are_in_order(changes: dict[str, str]) -> None:
    accepted(cells(**changes))


def test_other_years_are_decided_by_the_rules_of_their_own_year() -> None:
    accepted(cells(**{"Incident Date": "26/10/2025", "Incident Time": "02:30"}))
    assert "skipped" in str(refusal(cells(**{"Incident Date": "30/03/2025", "Incident Time": "01:00"})).reasons[0])
    assert accepted(cells(**{"Incident Date": "25/03/2025", "Incident Time": "01:00"})).incident is not None
