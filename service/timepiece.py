"""The one clock of a process. Nothing else in the code asks what time it is.

(In this project "clock" means a standard applied to a pathway; the thing on the wall is a
timepiece.)
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


def minute_of(instant: datetime) -> datetime:
    """The beginning of an instant's minute.

    People write times to the minute: what they say happened in the minute of another thing did not happen before it.
    """
    return instant.replace(second=0, microsecond=0)


class Timepiece(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime:
        """The present instant (UTC)."""


class SystemTimepiece:
    """The machine's own clock: the only place that reads it."""

    def now(self) -> datetime:
        """The present instant (UTC), with microseconds."""
        return datetime.now(UTC)


class SetTimepiece:
    """A timepiece that stands where it was set, for tests and for `--as-of`."""

    def __init__(self, instant: datetime) -> None:
        self.set(instant)

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._instant

    def set(self, instant: datetime) -> None:
        """Set it; a naive instant is refused, because its zone would be guessed."""
        if instant.tzinfo is None:
            raise ValueError(f"an instant needs a zone, got {instant!r}")
        self._instant = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move it on by ``by``."""
        self._instant += by
