"""What a stored clock is at an instant. The only place where a clock meets now."""

from datetime import datetime, timedelta
from typing import Final, Literal

from schema.spine import ClockRow

Standing = Literal["running", "overdue", "met", "missed", "not_applicable", "cannot_compute"]

_NONE: Final = timedelta()


def standing(clock: ClockRow, now: datetime) -> Standing:
    """Running, overdue, met, missed, or why it is none of these. Exactly at the due time is in time."""
    if clock.standing != "ok":
        return clock.standing
    if clock.due_at is None:
        return "cannot_compute"
    if clock.stopped_at is not None:
        return "met" if clock.stopped_at <= clock.due_at else "missed"
    return "overdue" if now > clock.due_at else "running"


def is_late(clock: ClockRow, now: datetime) -> bool:
    """Whether the clock is missed or overdue."""
    return standing(clock, now) in ("missed", "overdue")


def late_by(clock: ClockRow, now: datetime) -> timedelta:
    """How late it was done, or is by now; zero where it is not late. Elapsed, to the second."""
    if clock.due_at is None or not is_late(clock, now):
        return _NONE
    return (clock.stopped_at or now) - clock.due_at


def left_until(clock: ClockRow, now: datetime) -> timedelta:
    """How long an open clock still has; zero where it has none left or is not running."""
    if clock.due_at is None or standing(clock, now) != "running":
        return _NONE
    return clock.due_at - now
