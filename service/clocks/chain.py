"""One episode's due times: the first, and one more for each time the grade went up.

A regrade never restarts or cancels a clock. Upwards, another clock runs from the regrade and the
earlier due time rules. Downwards, the due time stands, unless triage recorded its rationale before
it passed: then it is worked out again, from the same start, for the lower grade.
"""

from datetime import datetime

import msgspec

from schema.standards import Duration
from schema.vocabulary import Grade
from service.clocks.calendar import ReadyCalendar
from service.clocks.deadlines import NO_START, Due, due_after
from service.clocks.episodes import Episode
from service.clocks.grades import STRICTNESS, Change, Grading
from service.clocks.order import Event


class Link(msgspec.Struct, eq=False, gc=False):
    """One clock of an episode: from ``event`` at ``level`` until ``due``. ``fixed``: whatever the grade."""

    event: Event
    level: Grade | None
    duration: Duration
    due: Due
    fixed: bool
    rules: bool = True


def links_of(episode: Episode, graded: Grading, ready: ReadyCalendar) -> list[Link]:
    """Every clock of one episode; exactly one of them rules."""
    start = episode.start
    level = graded.at(start.at)
    fixed = episode.duration is not None
    duration = episode.duration or episode.version.durations[level]
    first = Link(start, level, duration, _due(episode, start, duration, ready), fixed)
    links = [first]
    if episode.sharper or (graded.changes and episode.version.by_grade):
        _follow(links, episode, graded, ready)
    return links


def _follow(links: list[Link], episode: Episode, graded: Grading, ready: ReadyCalendar) -> None:
    # What comes after a withdrawal belongs to what was opened again, if anything was.
    over = episode.stop or episode.ended or episode.withdrawn
    since, until = episode.start.at, over.at if over else None
    changes: list[tuple[Event, Change | None, Duration | None]] = [
        (event, None, duration) for event, duration in episode.sharper
    ]
    if episode.version.by_grade:
        changes += [(change.event, change, None) for change in graded.changes]
    changes.sort(key=lambda entry: entry[0].at)
    for event, change, duration in changes:
        # A request that says "today" leaves less time also where it comes at the very instant of the first start.
        if event.at < since or (event.at == since and change is not None) or (until is not None and event.at >= until):
            continue
        if change is None and duration is not None:
            due = _due(episode, event, duration, ready)
            links.append(Link(event, graded.at(event.at), duration, due, True))
        elif change is not None:
            _regrade(links, episode, change, ready)
    ruling(links)


def _regrade(links: list[Link], episode: Episode, change: Change, ready: ReadyCalendar) -> None:
    durations = episode.version.durations
    if STRICTNESS[change.after] < STRICTNESS[change.before]:
        duration = durations[change.after]
        due = _due(episode, change.event, duration, ready)
        links.append(Link(change.event, change.after, duration, due, False))
        return
    passes = ruling(links).due.at
    row = change.event.milestone
    if not change.reasoned or passes is None or change.event.at > passes or row.recorded_at > passes:
        return
    for link in links:
        if not link.fixed and STRICTNESS[link.level] < STRICTNESS[change.after]:
            link.level, link.duration = change.after, durations[change.after]
            link.due = _due(episode, link.event, link.duration, ready)


def ruling(links: list[Link]) -> Link:
    """Mark and return the clock with the earliest due time."""
    found = min(links, key=_due_or_never)
    for link in links:
        link.rules = link is found
    return found


def _due_or_never(link: Link) -> tuple[bool, datetime]:
    return (link.due.at is None, link.due.at or link.event.at)


def _due(episode: Episode, event: Event, duration: Duration, ready: ReadyCalendar) -> Due:
    if not event.known:
        return Due(None, False, NO_START, False)
    return due_after(duration, event.at, event.on, ready, area=episode.area, agency=episode.version.standard.holder)
