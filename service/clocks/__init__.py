"""Clocks: pure functions from milestones, standards and calendars to what is due, late, held and waited for.

Nothing here reads a database or asks for the time. ``evaluate`` is the one evaluation; pages,
workers and reports compare its stored instants with their own now through ``standing``.
"""

from service.clocks.calendar import ReadyCalendar, calendar_problems
from service.clocks.corrections import as_known_at
from service.clocks.evaluation import evaluate
from service.clocks.explanation import explain
from service.clocks.rulebook import Rulebook
from service.clocks.standing import is_late, late_by, left_until, standing
from service.clocks.working_time import working_time_between

__all__ = [
    "ReadyCalendar",
    "Rulebook",
    "as_known_at",
    "calendar_problems",
    "evaluate",
    "explain",
    "is_late",
    "late_by",
    "left_until",
    "standing",
    "working_time_between",
]
