"""Rows read ahead of their turn: in the order of the file, each once, and nothing decided too early."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest

from service.intake.files.ahead import Ahead
from service.intake.files.parse.outcomes import ParsedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.profile import load_profile
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import open_source
from tests.unit.intake.files.police_files import NOW, cells, csv_file


def opened(rows: list[list[str]]) -> tuple[Iterator[RawRow], RowReader]:
    profile = load_profile("gmp")
    source = open_source(io.BytesIO(csv_file(rows)), profile)
    return source.rows, RowReader(profile, source.header, NOW)


async def test_every_row_comes_once_and_in_the_order_of_the_file() -> None:
    rows, reader = opened([cells(Occurrence_No=f"06DA/{number}/26") for number in range(50)])
    ahead = Ahead(rows, reader, 20)
    portions = [await ahead.next() for _ in range(4)]
    await ahead.stop()
    assert [len(portion.rows) for portion in portions] == [20, 20, 10, 0]
    assert [row.number for portion in portions for row in portion.rows] == list(range(2, 52))
    assert all(portion.known[row.number].number == row.number for portion in portions for row in portion.rows)


async def test_what_is_refused_or_held_is_read_again_when_its_turn_has_come() -> None:
    ahead_of_us = (NOW + timedelta(minutes=6)).strftime("%d/%m/%Y %H:%M")
    refused = cells(Occurrence_No="06DA/1/26", Referred_to_CSC=ahead_of_us)
    rows, reader = opened([refused, cells(Occurrence_No="06DA/2/26")])
    ahead = Ahead(rows, reader, 20)
    portion = await ahead.next()
    await ahead.stop()
    assert list(portion.known) == [3]
    reader.set_now(NOW + timedelta(hours=2))
    assert isinstance(reader.read(portion.rows[0]), ParsedRow)


async def test_a_file_that_breaks_off_gives_first_what_stands_before() -> None:
    rows, reader = opened([cells(), cells()])

    def broken() -> Iterator[RawRow]:
        yield from rows
        raise UnreadableFile("It breaks off.", "Send it again.")

    ahead = Ahead(broken(), reader, 2)
    assert len((await ahead.next()).rows) == 2
    with pytest.raises(UnreadableFile):
        await ahead.next()
    await ahead.stop()
