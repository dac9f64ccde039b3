"""Headers, profiles and whole files: what is asked of a file before a row of it is read."""

import io
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cells import csv_line
from service.intake.files.parse.outcomes import ParsedRow, Reason, RefusedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.profile import ProfileError, load_profile, parse_profile, profile_names
from service.intake.files.parse.returned import returned_heading, returned_line
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import open_source
from tests.unit.intake.files.police_files import HEADING, NOW, cells, csv_file, outcomes


def test_columns_may_stand_in_any_order_and_spelling_of_case() -> None:
    order = list(reversed(range(len(HEADING))))
    shuffled = [[row[place] for place in order] for row in ([name.upper() + " " for name in HEADING], cells())]
    assert outcomes("".join(map(csv_line, shuffled)).encode()) == outcomes(csv_file([cells()]))


def test_columns_that_no_field_takes_are_ignored_and_named() -> None:
    content = csv_line([*HEADING, "Beat", ""]) + csv_line([*cells(), "K4", ""])
    source = open_source(io.BytesIO(content.encode()), load_profile("gmp"))
    assert source.header.unused == ("Beat",)
    assert outcomes(content.encode()) == outcomes(csv_file([cells()]))


def test_optional_columns_may_be_absent() -> None:
    kept = [place for place, name in enumerate(HEADING) if name not in ("District", "Summary", "Sex")]
    (row,) = outcomes("".join(csv_line([line[place] for place in kept]) for line in (HEADING, cells())).encode())
    assert isinstance(row, ParsedRow)
    assert (row.district, row.summary, row.sex) == (None, None, "U")


@pytest.mark.parametrize(
    ("heading", "tells"),
    [
        (HEADING[1:], "These columns are missing: Occurrence No."),
        ([*HEADING, "la"], "These columns appear more than once: LA, la."),
        (cells(), "These columns are missing: Occurrence No, Incident Date"),
        (["%PDX\x00", "x" * 200], "The first line has: %PDX�, xxxx"),
    ],
)
def test_a_wrong_header_is_told_once_with_what_was_found_and_expected(heading: list[str], tells: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        outcomes((csv_line(heading) + csv_line(cells())).encode())
    assert tells in caught.value.message
    assert ", ".join(HEADING[:2]) in caught.value.mend


@pytest.mark.parametrize(
    ("content", "tells"),
    [(b"", "empty"), ("a,b".encode("utf-16"), "UTF-16"), (b"%PDF-1.7", "PDF"), (b"PK\x03\x04broken", "damaged")],
)
def test_other_kinds_of_file_are_told_for_what_they_are(content: bytes, tells: str) -> None:
    with pytest.raises(UnreadableFile, match=tells):
        outcomes(content)


def test_a_second_force_with_other_words_needs_a_profile_and_no_code() -> None:
    content = (
        "crime_ref;authority;incident_from;arrived_on;arrived_at;vprf_created;vprf_sent;vprf_risk;surname;forename;born\n"
        "A1;Wigan Council;2026-06-23 09:46;2026-06-23;11:46:30;2026-06-23T12:29Z;24.06.2026 13:46;GOLD;Siôn;UBB;\n"
        "A2;Wigan MBC;23.06.2026;;;2026-06-23T13:29:00+01:00;;bronze;Jones;Kai;2010-02-03\n"
        "End of extract;2\n"
    )
    first, second, total = outcomes(content.encode("cp1252"), "mersey_shared")
    assert isinstance(first, ParsedRow)
    assert isinstance(second, ParsedRow)
    assert isinstance(total, RefusedRow)
    assert load_profile("mersey_shared").coverage == "shared_only"
    assert (first.grade, first.involvement, first.family_name) == ("high", "unborn", "Siôn")
    assert first.attended is not None
    assert first.attended.precision == "second"
    assert first.submitted is not None
    assert second.submitted is not None
    assert first.submitted.at == second.submitted.at
    assert (second.attended, second.grade) == (None, "standard")


def test_every_shipped_profile_is_sound() -> None:
    assert set(profile_names()) >= {"gmp", "mersey_shared"}
    for name in profile_names():
        assert load_profile(name).name == name


@pytest.mark.parametrize(
    ("change", "tells"),
    [
        (("zone = ", "zone_name = "), "zone"),
        (('"Europe/London"', '"Europe/Wigan"'), "Europe/Wigan"),
        (('"dd/mm/yyyy"', '"dd/mm/yy"'), "needs dd, mm and yyyy"),
        (('district = "District"', 'district = "LA"'), "two fields share"),
        (('h = "high"', 'h = "higher"'), "higher"),
        (('optional = ["district"', 'optional = ["reference"'), "cannot be optional"),
        (('name = "gmp"', 'name = "other"'), "its name is"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_by_name(change: tuple[str, str], tells: str) -> None:
    text = (resources.files("schema") / "feeds" / "gmp.toml").read_text("utf-8")
    assert change[0] in text
    with pytest.raises(ProfileError, match=tells) as caught:
        parse_profile(text.replace(*change, 1), "gmp")
    assert "gmp" in str(caught.value)


def test_an_unknown_feed_is_told_which_there_are() -> None:
    with pytest.raises(ProfileError, match="gmp"):
        load_profile("nowhere")


def test_refused_rows_go_out_and_come_back_as_they_were() -> None:
    sent = [
        cells(LA="Atlantis", Child_Surname="=HYPERLINK()", Summary='two\nlines, "quoted"'),
        cells(**{"Child Forename(s)": "A\x00B"}),
        cells()[:6],
        [*cells(), "more", "still"],
    ]
    profile = load_profile("gmp")
    content = csv_file(sent)
    for _ in range(2):
        source = open_source(io.BytesIO(content), profile)
        reader = RowReader(profile, source.header, NOW)
        lines = [returned_heading(source.header)]
        for raw in source.rows:
            row = reader.read(raw)
            assert isinstance(row, RefusedRow)
            lines.append(returned_line(source.header, raw.number, raw.cells, row.reasons))
        again = "".join(lines).encode()
        assert again.startswith("\ufeffOccurrence No,".encode())
        assert again.split(b"\r\n")[0].endswith(b",Summary,row,reasons")
        content = again
    kept = [raw.cells for raw in open_source(io.BytesIO(content), profile).rows]
    assert [row[: len(was)] for row, was in zip(kept, sent, strict=True)][:3] == sent[:3]


def test_a_mended_file_is_accepted_with_row_and_reasons_still_in_it() -> None:
    source = open_source(io.BytesIO(csv_file([cells()])), load_profile("gmp"))
    line = returned_line(source.header, 2, cells(), [Reason("area", "LA", "Atlantis", "Mend it, please.")])
    assert outcomes((returned_heading(source.header) + line).encode()) == outcomes(csv_file([cells()]))


TRICKY = st.sampled_from(
    [
        *("", " ", "??", "31/02/2026", "25/10/2026 01:30", "25/10/2026", "01:30", "29/03/2026 01:30", "01/01/0001"),
        *("31/12/9999 23:59", "0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59", "=1", "'=1", "\x00", "Wigan", "High"),
        *("Unborn", "\x85", "\u202e", "٢٣/٠٦/٢٠٢٦", "23/06/2026 11:46:07.5", "1e9", "-", "🙂"),
    ]
)


@given(
    st.lists(st.lists(TRICKY | st.text(st.characters(codec="utf-8"), max_size=6), min_size=15, max_size=15), max_size=6)
)
def test_any_cells_at_all_are_read_or_refused_and_all_are_counted(rows: list[list[str]]) -> None:
    read = outcomes(csv_file(rows))
    assert len(read) == sum(1 for row in rows if any(cell.strip() for cell in row))
    assert all(isinstance(row, ParsedRow) or row.reasons for row in read)


@given(st.binary(max_size=400))
def test_any_bytes_after_a_sound_header_are_accounted_for(tail: bytes) -> None:
    content = csv_file([cells()]) + tail
    read = outcomes(content)
    assert isinstance(read[0], ParsedRow)
    assert [row.number for row in read] == sorted({row.number for row in read})
