"""A clock explained in words, from the row, the milestones and the standard alone."""

from datetime import datetime
from uuid import UUID

from schema.spine import ClockRow, History, Milestone
from schema.standards import Standard, parse_duration
from service.clocks import phrases
from service.clocks.calendar import ReadyCalendar
from service.clocks.deadlines import NO_START
from service.clocks.grades import STRICTNESS, grading
from service.clocks.local_time import local_day
from service.clocks.order import in_order
from service.clocks.standing import late_by, standing
from service.clocks.words import elapsed_words, say_day, say_due, say_instant


def explain(
    clock: ClockRow, history: History, standard: Standard, now: datetime, calendar: ReadyCalendar | None = None
) -> str:
    """Why it is due when it is, and how it stands at ``now``.

    ``standard`` is the version the clock names. With ``calendar``, the bank holidays that moved the
    due time are named.
    """
    if clock.standing == "not_applicable":
        return f"Does not apply: {clock.why}."
    start = _milestone(history, clock.start_milestone)
    stop = _milestone(history, clock.stop_milestone)
    said = [_due(clock, start, standard, now)]
    said += _regrades(clock, history, standard, now)
    holidays = _holidays(clock, start, standard, now, calendar)
    if holidays:
        said.append(holidays)
    if clock.standing == "cannot_compute" and clock.due_at is None:
        said += [_cannot(clock), *([_done(clock, stop, standard, now) + "."] if stop else [])]
    elif stop is not None:
        said.append(_ended(clock, stop, standard, now))
    else:
        said.append(_open(clock, standard, now))
    if clock.approximate and not _before(clock, stop):
        said.append(_approximate(start))
    if not clock.rules:
        said.append("Another due time of the same standard is earlier and rules.")
    return " ".join(said)


def ended_unmet(clock: ClockRow, history: History, standard: Standard) -> bool:
    """Whether the clock stopped because the work it belongs to ended, without being met."""
    stop = _milestone(history, clock.stop_milestone)
    return stop is not None and _unmet(stop, standard)


def _unmet(stop: Milestone, standard: Standard) -> bool:
    return any(each.kind == stop.kind for each in standard.ended_by)


def _due(clock: ClockRow, start: Milestone | None, standard: Standard, now: datetime) -> str:
    head = f"{_grade(clock, standard)}due {_within(clock, start, standard)}"
    head = head[0].upper() + head[1:]
    if start is None:
        return f"{head}."
    if clock.why == NO_START:
        proof = f"what is known is that {phrases.started(start.kind)} {_when(start, now)}"
        return f"{head} after the police first knew; {proof}."
    origin = phrases.started(start.kind)
    after = _after(clock, start, standard)
    when = f"{after} {origin}, {_when(start, now)}"
    if clock.due_at is None:
        return f"{head}{when}."
    return f"{head}{when}, so {_by(clock)}{say_due(clock.due_at, now, end_of_day=clock.end_of_day)}."


def _grade(clock: ClockRow, standard: Standard) -> str:
    if isinstance(standard.within, str):
        return ""
    return "Ungraded, so held to the strictest: " if clock.grade is None else f"{clock.grade.capitalize()} risk: "


def _within(clock: ClockRow, start: Milestone | None, standard: Standard) -> str:
    text = _duration(clock, start, standard)
    unit = parse_duration(text).unit
    if unit == "school_start":
        return "before the first school start"
    if unit == "same_day":
        return "by the end of the same day"
    if unit == "working_days":
        count = parse_duration(text).amount
        return f"by the end of {'the first working day' if count == 1 else f'working day {count}'}"
    return text


def _after(clock: ClockRow, start: Milestone, standard: Standard) -> str:
    unit = parse_duration(_duration(clock, start, standard)).unit
    return " as" if unit == "same_day" else " after"


def _duration(clock: ClockRow, start: Milestone | None, standard: Standard) -> str:
    """The duration that was applied: the start's own, the one for all, or that of the grade."""
    for opening in standard.started_by if start is not None else ():
        if (
            opening.within is not None
            and start is not None
            and opening.kind == start.kind
            and (opening.outcomes is None or start.outcome in opening.outcomes)
            and all(start.detail.get(name) == value for name, value in opening.detail.items())
        ):
            return opening.within
    if isinstance(standard.within, str):
        return standard.within
    grade = clock.grade
    if grade is not None:
        return standard.within[grade]
    return standard.within["high"]


def _by(clock: ClockRow) -> str:
    return "by " if clock.end_of_day else ""


def _ended(clock: ClockRow, stop: Milestone, standard: Standard, now: datetime) -> str:
    done = _done(clock, stop, standard, now)
    if clock.standing == "cannot_compute":
        return f"{done}: {_reason(clock)}, so it cannot be said whether that was in time."
    if clock.due_at is None:
        return f"{done}."
    if _before(clock, stop):
        return f"{done}, before the clock started: in time."
    if standing(clock, now) == "met":
        return f"{done}: in time."
    if stop.at is None:
        return f"{done}: late."
    return f"{done}: {elapsed_words(late_by(clock, now))} late."


def _before(clock: ClockRow, stop: Milestone | None) -> bool:
    """Whether what met the clock happened before it started."""
    return stop is not None and stop.at is not None and clock.stopped_at is not None and stop.at < clock.stopped_at


def _open(clock: ClockRow, standard: Standard, now: datetime) -> str:
    if clock.due_at is None:
        return f"{standard.not_yet}."
    if now > clock.due_at:
        state = f"{elapsed_words(now - clock.due_at)} late"
    elif now == clock.due_at:
        state = "due now"
    else:
        state = f"{elapsed_words(clock.due_at - now)} left"
    return f"{standard.not_yet}: {state} at {say_instant(now, now)}."


def _cannot(clock: ClockRow) -> str:
    return f"The due time cannot be worked out: {_reason(clock)}."


def _reason(clock: ClockRow) -> str:
    return clock.why or "a time is missing"


def _done(clock: ClockRow, stop: Milestone, standard: Standard, now: datetime) -> str:
    if _unmet(stop, standard):
        return f"{phrases.over(stop.kind)} {_when(stop, now)}"
    if clock.standard == "conference" and stop.kind == "enquiry_completed":
        return f"Enquiry completed {_when(stop, now)}, no conference being required"
    return f"{phrases.ended(stop.kind)} {_when(stop, now)}"


def _when(milestone: Milestone, now: datetime) -> str:
    if milestone.at is None:
        return f"{say_day(milestone.on, now)} (time not known)" if milestone.on else "at a time not known"
    about = "about " if milestone.precision == "estimated" else ""
    return about + say_instant(milestone.at, now)


def _approximate(start: Milestone | None) -> str:
    if start is not None and start.kind == "notice_shared" and start.at is not None:
        return "No receipt was recorded, so this counts from when it was shared."
    if start is not None and start.kind == "incident_occurred":
        return (
            "It is not known when the police first knew; the notice was made the same day, "
            "so the time of the incident stands in."
        )
    return "Approximate: not every time is known exactly."


def _holidays(
    clock: ClockRow, start: Milestone | None, standard: Standard, now: datetime, calendar: ReadyCalendar | None
) -> str:
    """ "Fri 25 Dec is a bank holiday." for each one between the start and the due time."""
    if calendar is None or start is None or clock.due_at is None:
        return ""
    if parse_duration(_duration(clock, start, standard)).unit not in ("working_days", "working_hours"):
        return ""
    since = start.on or (local_day(start.at) if start.at else None)
    until = local_day(clock.due_at)
    days = sorted(day for day in calendar.holidays if since is not None and since < day < until)
    if not days:
        return ""
    listed = [say_day(day, now) for day in days]
    if len(listed) == 1:
        return f"{listed[0]} is a bank holiday."
    return f"{', '.join(listed[:-1])} and {listed[-1]} are bank holidays."


def _regrades(clock: ClockRow, history: History, standard: Standard, now: datetime) -> list[str]:
    """What each lower grade did, or did not do, to a clock that was running."""
    if isinstance(standard.within, str) or clock.started_at is None:
        return []
    said = []
    graded = grading(in_order(history.milestones))
    for change in graded.changes:
        at = change.event.at
        lower = STRICTNESS[change.after] > STRICTNESS[change.before]
        if not lower or at <= clock.started_at or (clock.stopped_at is not None and at >= clock.stopped_at):
            continue
        when = _when(change.event.milestone, now)
        if change.reasoned and change.after == clock.grade:
            said.append(f"Triage graded it down to {change.after}, with its reasons, {when}, before it was due.")
        else:
            said.append(f"It was graded down to {change.after} {when}; that does not move the due time.")
    return said


def _milestone(history: History, wanted: UUID | None) -> Milestone | None:
    return next((row for row in history.milestones if row.id == wanted), None) if wanted else None
