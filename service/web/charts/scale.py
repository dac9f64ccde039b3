"""From instants to places on a picture, and the ticks between."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from service.web import times

_STEPS: Final = (
    *(timedelta(minutes=m) for m in (5, 15, 30)),
    *(timedelta(hours=h) for h in (1, 2, 3, 6, 12)),
    *(timedelta(days=d) for d in (1, 2, 7, 14, 28, 91, 182, 364)),
)
_MOST_TICKS: Final = 8


class Tick(msgspec.Struct, frozen=True):
    """A mark of an axis."""

    at: float
    text: str


class TimeScale(msgspec.Struct, frozen=True):
    """Instants from ``start`` to ``end`` along the width from ``left`` to ``right``."""

    start: datetime
    end: datetime
    left: float
    right: float

    def at(self, instant: datetime) -> float:
        """The place of an instant; what lies outside stands at the edge."""
        whole = max((self.end - self.start).total_seconds(), 1.0)
        share = (instant - self.start).total_seconds() / whole
        return round(self.left + min(max(share, 0.0), 1.0) * (self.right - self.left), 1)

    def ticks(self) -> list[Tick]:
        """Round local times, at most eight."""
        step = next((s for s in _STEPS if (self.end - self.start) / s <= _MOST_TICKS), _STEPS[-1])
        return [Tick(self.at(instant), _label(instant, step)) for instant in self._round(step)]

    def _round(self, step: timedelta) -> Iterator[datetime]:
        first = times.local(self.start).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        number = 0
        while True:
            local = first + number * step
            instant = local.replace(tzinfo=times.LONDON).astimezone(UTC)
            if instant > self.end:
                return
            if instant >= self.start:
                yield instant
            number += 1


def _label(instant: datetime, step: timedelta) -> str:
    local = times.local(instant)
    if step >= timedelta(days=1):
        return f"{local:%a} {local.day} {local:%b}" if step < timedelta(days=28) else f"{local.day} {local:%b %y}"
    return f"{local:%a} {local.day} {local:%b}" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


def round_up(most: float) -> int:
    """The end of an axis of counts: 1, 2, 5, 10, 20, 50 … at or above ``most``."""
    top = 1
    while True:
        for factor in (1, 2, 4, 5):
            if top * factor >= most:
                return top * factor
        top *= 10


def width_of(text: str, size: float = 14) -> float:
    """About how wide a text is in Arial."""
    narrow = sum(each in " .,:;'|ijlt1f" for each in text)
    return size * (0.58 * (len(text) - narrow) + 0.32 * narrow)
