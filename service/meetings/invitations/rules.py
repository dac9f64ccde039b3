"""One meeting as a calendar message: RFC 5545 for the form, RFC 5546 for request, update and cancellation.

A calendar program knows an event by its UID and keeps the copy with the highest SEQUENCE; so the UID is the
meeting's for ever and the sequence only grows. Answers are given where one signs in, never by mail: RSVP is FALSE.
"""

from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

_FOLD: Final = 75
_PRODUCT: Final = "-//Unassessed risk tracker//Meetings//EN"
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})

Method = Literal["REQUEST", "CANCEL"]
Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]

#: Without the letters that are read as figures.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting for one invited person.

    ``uid`` never changes; ``sequence`` grows with every change of time, form or cancellation; nothing here
    may name a child, a family or an address.
    """

    uid: str
    sequence: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    summary: str
    description: str
    location: str
    url: str
    organiser: str
    organiser_name: str
    attendee: str

    @property
    def method(self) -> Method:
        """What the message asks of the calendar."""
        return "CANCEL" if self.status == "CANCELLED" else "REQUEST"


def reference(discussion: UUID) -> str:
    """What people call a discussion on the telephone, as ``7F3K``: says nothing and is nearly always unique."""
    number = discussion.int & 0xFFFFF
    return "".join(_LETTERS[number >> shift & 31] for shift in (15, 10, 5, 0))


def calendar(event: Event) -> str:
    """The whole iCalendar object, with CRLF at the end of every line."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        f"METHOD:{event.method}",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_instant(event.stamped_at)}",
        f"DTSTART:{_instant(event.starts_at)}",
        f"DTEND:{_instant(event.ends_at)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"LOCATION:{_text(event.location)}",
        f"URL:{_plain(event.url)}",
        f"STATUS:{event.status}",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        f"ORGANIZER;CN={_parameter(event.organiser_name)}:mailto:{_plain(event.organiser)}",
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{_plain(event.attendee)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never through a character (RFC 5545 section 3.1)."""
    pieces, piece, size = [], "", 0
    for each in line:
        octets = len(each.encode())
        if size + octets > _FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + each, size + octets
    return "\r\n".join([*pieces, piece])


def _instant(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return _without_controls(value).translate(_ESCAPED)


def _plain(value: str) -> str:
    return "".join(each for each in _without_controls(value) if each not in "\n\t")


def _parameter(value: str) -> str:
    """A quoted parameter value, which has no way to hold a quote."""
    return f'"{_plain(value).replace(chr(34), chr(39))}"'


def _without_controls(value: str) -> str:
    """Control characters are not allowed but for tabs and line ends, which escaping takes care of."""
    return "".join(each for each in value if each in "\n\t" or (each >= " " and each != "\x7f"))
