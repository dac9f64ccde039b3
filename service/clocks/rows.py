"""Clock rows: an episode turned into what is stored, with nothing in it that depends on now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from schema.spine import ClockRow, ClockStanding, PathwayFacts
from service.clocks.calendar import ReadyCalendar
from service.clocks.chain import Link, links_of
from service.clocks.deadlines import SAME_DAY_STOP, warn_before
from service.clocks.episodes import Episode
from service.clocks.grades import Grading
from service.clocks.local_time import local_day
from service.clocks.order import Event
from service.clocks.rulebook import Rulebook
from service.clocks.school import why_no_school

WITHDRAWN: Final = "the pathway was withdrawn"
#: Nothing was owed any more before it was due, by what ended it.
_OVER: Final = {
    "closed": "the case was closed before this was due",
    "stepped_down": "it was stepped down to early help before this was due",
    "review_held": "the plan ended before this was due",
}
NOT_CARRIED: Final = "the history file that started it does not carry what would meet it"
_MOMENT: Final = timedelta(microseconds=1)


class Clock(msgspec.Struct, frozen=True, gc=False):
    """A row together with the episode it comes from, for the conditions that follow from it.

    ``misconfigured`` names what had to be stood in for: a standard or an area's school terms.
    """

    row: ClockRow
    episode: Episode
    link: Link
    misconfigured: str | None


def clocks_of(episodes: Sequence[Episode], graded: Grading, facts: PathwayFacts, rulebook: Rulebook) -> list[Clock]:
    """Every clock of a pathway, one per standard and episode root."""
    clocks: list[Clock] = []
    for episode in episodes:
        stop = episode.stop or episode.ended
        ready = rulebook.calendar(None if stop is None else stop.milestone.recorded_at)
        for link in links_of(episode, graded, ready):
            row = _row(episode, link, facts, ready)
            clocks.append(Clock(row, episode, link, _misconfigured(episode, link, ready)))
    if len({clock.row.standard for clock in clocks}) == len(clocks):
        return clocks
    return _one_per_root(clocks)


def _row(episode: Episode, link: Link, facts: PathwayFacts, ready: ReadyCalendar) -> ClockRow:
    version, start, stop, due = episode.version, link.event, episode.stop or episode.ended, link.due
    standard, began, told = version.standard, start.milestone, None if stop is None else stop.milestone
    start_at, due_at, why = start.at, due.at, due.why
    standing: ClockStanding = "ok"
    if why is not None:
        standing = "cannot_compute"
    elif episode.stop is None and began.source == "history_file" and not version.in_history_file:
        standing, why = "cannot_compute", NOT_CARRIED
    elif stop is not None and stop.on is not None and _undecided(stop, due_at, ready, end_of_day=due.end_of_day):
        standing, why = "cannot_compute", SAME_DAY_STOP
    if (
        standard.applies_to == "school_age"
        and (excused := why_no_school(facts, start.on or local_day(start_at))) is not None
    ):
        standing, why = "not_applicable", excused
    elif episode.withdrawn is not None:
        standing, why = "not_applicable", WITHDRAWN
    elif episode.ended is not None and standing == "ok" and due_at is not None and episode.ended.at <= due_at:
        standing, why = "not_applicable", _why_over(episode.ended.kind)
    warn_at, by_calendar = None, due.calendar
    if due_at is not None and version.warns is not None:
        ahead = version.warns[link.level]
        warn_at = warn_before(ahead, due_at, start_at, ready, standard.holder)
        by_calendar = by_calendar or ahead.unit in ("working_hours", "working_days")
    approximate = start.vague or episode.marked
    stopped = None
    if stop is not None:
        stopped = stop.at
        if stopped < start_at:
            stopped, approximate = start_at, True
        approximate = approximate or stop.vague
    # By place, in the order of the struct: thousands are made.
    return ClockRow(
        standard.key,
        began.root,
        standard.id,
        ready.number if by_calendar else None,
        link.level,
        standing,
        why,
        start_at if start.known and start.on is None else None,
        began.id,
        warn_at,
        due_at,
        due.end_of_day,
        stopped,
        None if told is None else told.id,
        None if told is None else told.recorded_at,
        approximate,
        link.rules,
    )


def _why_over(kind: str) -> str:
    """Why nothing was owed any more, the milestone having ended the work before the due time."""
    return _OVER.get(kind, "the work ended before this was due")


def _misconfigured(episode: Episode, link: Link, ready: ReadyCalendar) -> str | None:
    if episode.unmatched:
        return episode.line.key
    if link.duration.unit == "school_start" and not ready.has_school(episode.area):
        return "school_terms"
    return None


def _undecided(stop: Event, due: datetime | None, ready: ReadyCalendar, *, end_of_day: bool) -> bool:
    """Whether only the stop's day is known and its day alone does not tell late from in time."""
    if end_of_day or due is None or stop.at <= due:
        return False
    return ready.day(due - _MOMENT) == stop.on


def _one_per_root(clocks: list[Clock]) -> list[Clock]:
    """A milestone that stands in for an unknown start may begin a clock of its own: then that one counts."""
    return list({(clock.row.standard, clock.row.episode): clock for clock in clocks}.values())
