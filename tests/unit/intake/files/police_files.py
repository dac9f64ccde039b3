"""Small police files for tests, in the shape of the sample export."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from service.cells import csv_line
from service.intake.files.parse.outcomes import ParsedRow, RefusedRow
from service.intake.files.parse.profile import load_profile
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import open_source

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
ORDINARY = {
    "Occurrence No": "06DA/100001/26",
    "Incident Date": "23/06/2026",
    "Incident Time": "09:46",
    "Date/Time Attended": "23/06/2026 11:46",
    "DAB Submitted": "23/06/2026 13:29",
    "Risk (Officer)": "Medium",
    "District": "Leigh",
    "LA": "Wigan",
    "Child Surname": "Pennington",
    "Child Forename(s)": "Ewan",
    "DOB": "03/02/2011",
    "Sex": "Male",
    "Child Seen": "Y",
    "Referred to CSC": "24/06/2026 13:46",
    "Summary": "Domestic incident attended.",
}
HEADING = list(ORDINARY)


def cells(**changes: str) -> list[str]:
    """An ordinary row with some columns changed; underscores in the names stand for spaces."""
    named = {key.replace("_", " "): value for key, value in changes.items()}
    assert not set(named) - set(ORDINARY)
    return list({**ORDINARY, **named}.values())


def csv_file(rows: Iterable[list[str]]) -> bytes:
    """A file as the records system writes it."""
    return ("\ufeff" + csv_line(HEADING) + "".join(csv_line(row) for row in rows)).encode()


def outcomes(content: bytes, feed: str = "gmp", now: datetime = NOW) -> list[ParsedRow | RefusedRow]:
    """Every row of ``content``, read."""
    profile = load_profile(feed)
    source = open_source(io.BytesIO(content), profile)
    reader = RowReader(profile, source.header, now)
    return [reader.read(raw) for raw in source.rows]


def outcome(row: list[str], now: datetime = NOW) -> ParsedRow | RefusedRow:
    """One row, read."""
    (only,) = outcomes(csv_file([row]), now=now)
    return only


def accepted(row: list[str], now: datetime = NOW) -> ParsedRow:
    """One row that must be readable and free of doubts."""
    read = outcome(row, now)
    assert isinstance(read, ParsedRow), read
    assert not read.held
    return read


def refusal(row: list[str], now: datetime = NOW) -> RefusedRow:
    """One row that must be refused."""
    read = outcome(row, now)
    assert isinstance(read, RefusedRow), read
    return read
