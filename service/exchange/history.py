"""The pathway history file: one row per child per incident, raw UTC times, the same columns both ways.

Pure: text cells to a struct and back, byte for byte. Derived columns (``icpc_due_on`` first) and any
other column after ours are ignored on import. Times out of order are taken here and flagged later;
a value that cannot be read refuses its row with every reason at once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec

from schema.vocabulary import AGENCIES, CONTACT_OUTCOMES, GRADES, NOT_SHARED_REASONS, Grade
from service.cells import csv_line
from service.intake.files.parse.outcomes import Reason, RefusedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.profile import Sex, fold
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.times import TOLERANCE, Moment
from service.pathways.rules import OLDEST


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One child in one incident; None is not recorded. The fields are the file's columns."""

    police_reference: str
    area_code: str
    police_district: str | None = None
    child_reference: str | None = None
    family_name: str | None = None
    given_names: str | None = None
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    sex: Sex | None = None
    risk_grade: Grade | None = None
    incident_at: Moment | None = None
    police_attended_at: Moment | None = None
    notice_submitted_at: Moment | None = None
    notice_shared_at: Moment | None = None
    notice_received_at: Moment | None = None
    contact_decided_at: Moment | None = None
    contact_outcome: str | None = None
    referral_at: Moment | None = None
    allocated_at: Moment | None = None
    strategy_requested_at: Moment | None = None
    strategy_held_at: Moment | None = None
    strategy_agencies_present: tuple[str, ...] = ()
    s47_started_at: Moment | None = None
    s47_type: Literal["joint", "single_agency"] | None = None
    child_seen_at: Moment | None = None
    s47_completed_at: Moment | None = None
    icpc_required: bool | None = None
    icpc_held_at: Moment | None = None
    notice_not_shared_at: Moment | None = None
    notice_not_shared_reason: str | None = None
    school_notified_at: Moment | None = None
    ethnicity: str | None = None
    disability: bool | None = None


#: The contract's columns, in order.
COLUMNS: Final[tuple[str, ...]] = HistoryRow.__struct_fields__

_TIMES: Final = tuple(column for column in COLUMNS if column.endswith("_at"))
_DATES: Final = ("date_of_birth", "expected_date_of_birth")
_WORDS: Final = ("police_reference", "area_code", "child_reference")
_TEXTS: Final = ("police_district", "family_name", "given_names", "ethnicity")
_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": ("F", "M", "U"),
    "risk_grade": GRADES,
    "contact_outcome": CONTACT_OUTCOMES,
    "s47_type": ("joint", "single_agency"),
    "notice_not_shared_reason": NOT_SHARED_REASONS,
}
_YES_NO: Final = ("icpc_required", "disability")
#: What cannot be recorded without the time of the thing it is about.
_NEEDS: Final[Mapping[str, str]] = {
    "contact_outcome": "contact_decided_at",
    "contact_decided_at": "contact_outcome",
    "strategy_agencies_present": "strategy_held_at",
    "s47_type": "s47_started_at",
    "icpc_required": "s47_started_at",
    "notice_not_shared_reason": "notice_not_shared_at",
}
#: Before it nothing of a living child can have happened, and the year was mistyped.
_FIRST_YEAR: Final = 1900
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.0+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_Read = Callable[[str], Any]
_RANK: Final = {agency: rank for rank, agency in enumerate(AGENCIES)}


class HistoryReader:
    """Reads the rows of one history file, whose header says which columns stand where."""

    def __init__(self, header: Sequence[str], now: datetime) -> None:
        """Raises ``UnreadableFile`` when columns are missing or appear twice."""
        folded = [fold(cell.lstrip("\ufeff")) for cell in header]
        missing = [column for column in COLUMNS if column not in folded]
        twice = [column for column in COLUMNS if folded.count(column) > 1]
        if missing or twice:
            told = [f"These columns are missing: {', '.join(missing)}."] if missing else []
            told += [f"These columns appear more than once: {', '.join(twice)}."] if twice else []
            raise UnreadableFile(
                " ".join(told), f"A history file has these columns, and may have more after them: {', '.join(COLUMNS)}."
            )
        self._places = [(column, folded.index(column)) for column in COLUMNS]
        self._width = len(header)
        self._latest = now + TOLERANCE

    def read(self, raw: RawRow) -> HistoryRow | RefusedRow:
        """What ``raw`` says. Never raises, whatever the cells hold."""
        if raw.problem or len(raw.cells) != self._width:
            message = raw.problem or (
                f"This row has {len(raw.cells)} cells and the heading has {self._width}. Export it again."
            )
            return RefusedRow(number=raw.number, reasons=(Reason(None, None, "", message),))
        reasons: list[Reason] = []
        values: dict[str, Any] = {}
        given: set[str] = set()
        for column, place in self._places:
            text = raw.cells[place]
            if not text or text.isspace():
                continue
            given.add(column)
            value = _READERS[column](text)
            if isinstance(value, _Wrong):
                reasons.append(Reason(column, column, text[:60], value.message))
            elif isinstance(value, Moment) and (value.at or _start_of(value.on)) < OLDEST:
                reasons.append(Reason(column, column, text[:60], f"{text[:60]} is before 1900. Check the year."))
            elif isinstance(value, Moment) and (value.at or _start_of(value.on)) > self._latest:
                reasons.append(Reason(column, column, text[:60], f"{text[:60]} is in the future. Check the year."))
            else:
                values[column] = value
        reasons += [
            Reason(column, column, "", f"There is no {column}. Put it in.")
            for column in ("police_reference", "area_code")
            if column not in given
        ]
        reasons += [
            Reason(column, column, "", f"{column} is given without {needed}. Give both or neither.")
            for column, needed in _NEEDS.items()
            if column in given and needed not in given
        ]
        if reasons:
            reference = values.get("police_reference")
            return RefusedRow(
                number=raw.number, reasons=tuple(reasons), reference=reference, area=values.get("area_code")
            )
        return HistoryRow(**values)


def history_heading(derived: Sequence[str] = ()) -> str:
    """The first line; ``derived`` columns stand after the contract's."""
    return csv_line([*COLUMNS, *derived])


def history_line(row: HistoryRow, derived: Sequence[str] = ()) -> str:
    """One row as a line of the file."""
    return csv_line([*(_cell(getattr(row, column)) for column in COLUMNS), *derived])


def history_order(row: HistoryRow) -> tuple[str, str, str, str]:
    """The order of an export where the rows have no order of their own: reference, then child."""
    return (row.police_reference, row.child_reference or "", row.family_name or "", row.given_names or "")


class _Wrong(msgspec.Struct, frozen=True):
    message: str


def _text(text: str) -> str | _Wrong:
    found = None if text.isprintable() else _CONTROL.search(text)
    return _Wrong(f"There is a control character (U+{ord(found[0]):04X}). Take it out.") if found else text


def _word(text: str) -> str | _Wrong:
    """What identifies: with single spaces, as every other way in reads it."""
    read = _text(text)
    return read if isinstance(read, _Wrong) else " ".join(read.split())


def _code(codes: tuple[str, ...]) -> _Read:
    def read(text: str) -> str | _Wrong:
        code = text.strip()
        return code if code in codes else _Wrong(f"{code[:60]} is not one of: {', '.join(codes)}.")

    return read


def _yes_no(text: str) -> bool | _Wrong:
    return {"yes": True, "no": False}.get(text.strip(), _Wrong("Write yes, no or nothing."))


def _agencies(text: str) -> tuple[str, ...] | _Wrong:
    named = [part.strip() for part in text.split(";")]
    unknown = [part for part in named if part not in _RANK]
    if unknown:
        return _Wrong(f"{unknown[0][:60] or 'A blank'} is not one of: {', '.join(AGENCIES)}.")
    return tuple(sorted(set(named), key=_RANK.__getitem__))


@lru_cache(maxsize=100_000)
def _day(text: str) -> date | _Wrong:
    text = text.strip()
    if not _DAY.fullmatch(text):
        return _Wrong("Write the date as YYYY-MM-DD.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _Wrong(f"{text} does not exist. Check the month and the day.")
    return day if day.year >= _FIRST_YEAR else _Wrong(f"{text} cannot be right. Check the year.")


@lru_cache(maxsize=100_000)
def _moment(text: str) -> Moment | _Wrong:
    text = text.strip()
    found = _INSTANT.fullmatch(text)
    if found is None:
        day = _day(text)
        if isinstance(day, date):
            return Moment(day, "day")
        return _Wrong(
            day.message if _DAY.fullmatch(text) else "Write the time as YYYY-MM-DDThh:mm:ssZ, or the day as YYYY-MM-DD."
        )
    zone = "+00:00" if found[4] == "Z" else found[4]
    try:
        at = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return _Wrong(f"{text} does not exist. Check the date and the time.")
    if at.year < _FIRST_YEAR:
        return _Wrong(f"{text} cannot be right. Check the year.")
    return Moment(at.date(), "second" if found[3] else "minute", at)


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Moment):
        return value.on.isoformat() if value.at is None else f"{value.at:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


_READERS: Final[Mapping[str, _Read]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_WORDS, _word),
    **dict.fromkeys(_DATES, _day),
    **dict.fromkeys(_YES_NO, _yes_no),
    **{column: _code(codes) for column, codes in _CODES.items()},
    **dict.fromkeys(_TIMES, _moment),
    "strategy_agencies_present": _agencies,
}
