"""Another program reads our invitations as we mean them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from service.meetings.invitations.rules import Event, calendar, folded

TEN = datetime(2026, 11, 4, 10, 0, tzinfo=UTC)
EVENT = Event(
    uid="018f-meeting@tracker.example",
    sequence=0,
    status="TENTATIVE",
    starts_at=TEN,
    ends_at=TEN + timedelta(hours=1),
    stamped_at=TEN - timedelta(days=1),
    summary="Strategy discussion 7F3K",
    description="Sign in to answer:\nhttps://tracker.example/meetings/1",
    location="Video",
    url="https://tracker.example/meetings/1",
    organiser="tracker@tracker.example",
    organiser_name="Wigan, children's social care",
    attendee="nurse@health.example",
)


def read(event: Event) -> tuple[Any, Any]:
    parsed = Calendar.from_ical(calendar(event))
    (found,) = parsed.walk("VEVENT")
    assert found.errors == []
    return parsed, found


def test_a_request_is_read_with_its_times_in_utc() -> None:
    there = timezone(timedelta(hours=1))
    parsed, event = read(msgspec.structs.replace(EVENT, starts_at=TEN.astimezone(there)))
    assert parsed["METHOD"] == "REQUEST"
    assert parsed["VERSION"] == "2.0"
    assert event["DTSTART"].to_ical() == b"20261104T100000Z"
    assert event.decoded("DTEND") == TEN + timedelta(hours=1)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("018f-meeting@tracker.example", 0, "TENTATIVE")
    assert event["SUMMARY"] == "Strategy discussion 7F3K"
    assert event["ATTENDEE"] == "mailto:nurse@health.example"
    assert event["ORGANIZER"].params["CN"] == "Wigan, children's social care"


def test_an_update_keeps_the_uid_and_raises_the_sequence() -> None:
    _, before = read(EVENT)
    later = msgspec.structs.replace(EVENT, sequence=1, status="CONFIRMED", starts_at=TEN + timedelta(days=1))
    parsed, after = read(later)
    assert parsed["METHOD"] == "REQUEST"
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["STATUS"] == "CONFIRMED"


def test_a_cancellation_says_so_twice() -> None:
    parsed, event = read(msgspec.structs.replace(EVENT, sequence=2, status="CANCELLED"))
    assert parsed["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"


def test_answers_are_not_asked_for_by_mail() -> None:
    _, event = read(EVENT)
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


@pytest.mark.parametrize("line", ["a" * 75, "a" * 76, "é" * 200, "😀" * 50, ""])
def test_lines_are_folded_between_characters(line: str) -> None:
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line


HOSTILE = st.text(max_size=200) | st.sampled_from(
    ["a\r\nATTENDEE:mailto:thief@example.org", 'x";CN="y', "END:VEVENT\nBEGIN:VEVENT", "a\\nb;c,d:e", "\x00\x07"]
)


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
def test_nothing_typed_adds_a_line_of_its_own(said: str) -> None:
    hostile = msgspec.structs.replace(EVENT, summary=said, description=said, location=said, organiser_name=said)
    _, event = read(hostile)
    assert sorted(event) == sorted(read(EVENT)[1])
    assert event["ATTENDEE"] == "mailto:nurse@health.example"
