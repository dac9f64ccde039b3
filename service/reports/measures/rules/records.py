"""Packed records: what the figures are added up from, without a name, a reference or an id.

One record is 40 bytes: when something began and ended, how precisely that is known, what ended it, and the groups it is
counted in. Instants are whole seconds since 1970; 0 is "not" (an open end, no limit). A bin holds the records of one
kind that began in one quarter, sorted, so that the same records are the same bytes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from struct import Struct
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from service.clocks.local_time import LONDON, midnight

Records = npt.NDArray[Any]

#: ``due``: the limit. ``extra``: what the kind says it is. ``entry``: since when it is counted in this area, where that
#: is later than its beginning. ``token``: the incident. ``child``: the child; of what is counted once for an incident,
#: one of its children. ``early`` and ``slack``: by how many minutes the beginning and the end may be earlier.
LAYOUT: Final = np.dtype(
    [
        ("start", "<u4"),
        ("end", "<u4"),
        ("due", "<u4"),
        ("extra", "<u4"),
        ("entry", "<u4"),
        ("token", "<u4"),
        ("child", "<u4"),
        ("early", "<u2"),
        ("slack", "<u2"),
        ("who", "<u2"),
        ("flags", "<u2"),
        ("cause", "u1"),
        ("grade", "u1"),
        ("holder", "u1"),
        ("item", "u1"),
    ]
)
_PACKER: Final = Struct("<7I4H4B")
_EXTRA: Final = Struct("<I")
SIZE: Final = LAYOUT.itemsize
#: Intervals are made robust to siblings by leaving out one of so many groups of incidents at a time.
FAMILIES: Final = 40

GRADES: Final = ("high", "medium", "standard", "ungraded")
ETHNICITIES: Final = ("White", "Mixed", "Asian", "Black", "Other", "not recorded")
DISABILITIES: Final = ("yes", "no", "not recorded")
AGES: Final = ("unborn", "under 1", "1 to 4", "5 to 10", "11 to 15", "16 and over", "not recorded")
SEXES: Final = ("F", "M", "not recorded")

APPROXIMATE: Final = 1
CANNOT_COMPUTE: Final = 2
#: The record it is of was withdrawn as one made in error.
IN_ERROR: Final = 4
AGAIN: Final = 8
QUORATE: Final = 16
SCHOOL_AGE: Final = 32
FORGAVE: Final = 64
LATE_FOUND: Final = 128
INITIATES: Final = 256
ESTIMATED: Final = 512
SHARED_ONLY: Final = 1024
REVIEW: Final = 2048
#: The hour of the beginning itself is not known; of a move here and of one away the day alone is.
BEGAN_VAGUELY: Final = 4096
CAME_BY_DAY: Final = 8192
LEFT_BY_DAY: Final = 16384
#: Its limit is that of a stay before it, which was closed over: the clock ran on, and one limit counts once.
OWED_BEFORE: Final = 32768


class Key(NamedTuple):
    """The bin of a record."""

    area: str
    force: str
    district: str
    kind: str
    quarter: date


#: The same bins come again and again.
bin_of: Final = lru_cache(maxsize=65_536)(Key)


class Keyed(NamedTuple):
    """A record and its bin."""

    key: Key
    record: bytes


def seconds(instant: datetime | None) -> int:
    """Whole seconds since 1970; 0 for none."""
    return 0 if instant is None else max(1, int(instant.timestamp()))


def instant(of: int) -> datetime:
    """The instant of so many seconds."""
    return datetime.fromtimestamp(int(of), UTC)


def quarter(at: datetime) -> date:
    """The first day of the local quarter of an instant."""
    place = bisect_right(_QUARTERS, at.timestamp()) - 1
    if 0 <= place < len(_QUARTERS) - 1:
        return _FIRST_DAYS[place]
    day = at.astimezone(LONDON)
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def token(of: UUID) -> int:
    """A number for an incident, a child or a fact, so that a report can tell how many stand behind a figure and which
    belong together.
    """
    return (of.int ^ (of.int >> 64)) & 0xFFFFFFFF


def pack(
    *,
    start: int,
    end: int = 0,
    due: int = 0,
    extra: int = 0,
    entry: int = 0,
    token: int = 0,
    child: int = 0,
    early: int = 0,
    slack: int = 0,
    who: int = 0,
    flags: int = 0,
    cause: int = 0,
    grade: int = 3,
    holder: int = 0,
    item: int = 0,
) -> bytes:
    """One record."""
    return _PACKER.pack(
        start, end, due, extra, entry, token, child, min(early, 65_535), min(slack, 65_535), who, flags,
        cause, grade, holder, item,
    )  # fmt: skip


def unpacked(data: bytes) -> Records:
    """Records as columns."""
    return np.frombuffer(data, dtype=LAYOUT)


def extra_of(record: bytes) -> int:
    """What the kind of a record says ``extra`` is."""
    found: int = _EXTRA.unpack_from(record, 12)[0]
    return found


def together(about: Sequence[bytes]) -> bytes:
    """One discussion of an incident from its record for each child: what is true of one of them is true of it."""
    rows = unpacked(b"".join(about)).copy()
    rows["flags"][0] = np.bitwise_or.reduce(rows["flags"])
    rows["grade"][0] = rows["grade"].min()
    rows["child"][0] = rows["child"].min()
    rows["item"][0] = min(len(rows), 255)
    return rows[:1].tobytes()


def split(data: bytes) -> list[bytes]:
    """Records one by one."""
    return [data[place : place + SIZE] for place in range(0, len(data), SIZE)]


def joined(records: Iterable[bytes]) -> bytes:
    """Records as one bin."""
    return b"".join(sorted(records))


def who(sex: str, ethnicity: str | None, disability: str | None, age: int) -> int:
    """Characteristics in one number: sex, age band, ethnicity, disability."""
    sexes = SEXES.index(sex) if sex in SEXES else len(SEXES) - 1
    said = (disability or "").strip().lower()
    disabled = 2 if not said else 1 if said in ("no", "n", "false", "none") else 0
    return sexes | age << 2 | _ethnicity(ethnicity) << 5 | disabled << 8


def _ethnicity(code: str | None) -> int:
    """The group of a code of the children in need census by its first letter (CHNE is Asian there, from 2021)."""
    said = (code or "").strip().upper()
    if not said or said in ("NOBT", "REFU"):
        return ETHNICITIES.index("not recorded")
    if said.startswith("CH"):
        return ETHNICITIES.index("Asian")
    groups = {"W": "White", "M": "Mixed", "A": "Asian", "B": "Black"}
    return ETHNICITIES.index(groups.get(said[0], "Other"))


def age_band(born: date | None, expected: date | None, on: date) -> int:
    """The band of a child's age on a day."""
    if born is None:
        return AGES.index("unborn" if expected is not None and expected > on else "not recorded")
    if born > on:
        return AGES.index("unborn")
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    bands = ((1, "under 1"), (5, "1 to 4"), (11, "5 to 10"), (16, "11 to 15"))
    return AGES.index(next((name for below, name in bands if years < below), "16 and over"))


def characteristic(who: npt.NDArray[np.int64], name: str) -> npt.NDArray[np.int64]:
    """The place of each record's group in the list of that characteristic, from what `who` made of them."""
    shift, mask = {"sex": (0, 3), "age": (2, 7), "ethnicity": (5, 7), "disability": (8, 3)}[name]
    return (who >> shift) & mask


GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "ethnicity": ETHNICITIES,
    "disability": DISABILITIES,
    "age": AGES,
    "sex": SEXES,
}
_FIRST_DAYS: Final = [date(year, month, 1) for year in range(2000, 2100) for month in (1, 4, 7, 10)]
_QUARTERS: Final = [midnight(day).timestamp() for day in _FIRST_DAYS]
EMPTY: Final = np.zeros(0, dtype=LAYOUT)
EMPTY.setflags(write=False)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
