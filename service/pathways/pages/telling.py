"""One milestone, clock or flag as the page of a pathway tells it. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.spine import Milestone
from schema.vocabulary import AGENCIES
from service.pathways.pages import wording
from service.pathways.view.service import ClockView, MilestoneView
from service.pathways.view.store import FlagRow
from service.web import times, words

#: Marks for machines, which say nothing to a person; no more do ids.
_SILENT: Final = frozenset({"with_decision", "draft"})
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: An instant, written as JSON has it.
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
_LABELS: Final = {
    "by": "By",
    "worker": "Worker",
    "worker_name": "Worker",
    "team_name": "Team",
    "decided_by": "Decided by",
    "chair": "Chair",
    "category": "Category of abuse",
    "history_considered": "History considered",
    "text": "In words",
    "said": "The child said or showed",
    "why_not": "Why not",
    "to_area": "To",
    "from_area": "From",
    "correction_source": "Source of the correction",
    "agencies_present": "Present",
    "initiates_enquiry": "Begins a section 47 enquiry",
    "section_47": "Section 47 enquiry",
    "was_planned_for": "Was planned for",
    "planned_for": "Planned for",
    "review": "Review discussion",
    "seen_alone": "Seen alone",
    "named_worker": "Worker of the open case",
}
_OUTCOMES: Final = {
    "out_of_hours": "Out of hours",
    "no_plan": "No plan",
    "plan": "Child protection plan",
    "substantiated_no_continuing_risk": "Substantiated, not at continuing risk",
    "substantiated_continuing_risk": "Substantiated, at continuing risk",
}
_STATES: Final = {
    "running": "Running",
    "overdue": "Late",
    "met": "Done in time",
    "missed": "Done late",
    "not_applicable": "Does not apply",
    "cannot_compute": "Cannot be worked out",
}
#: What ended the work a flag was about, before that was done.
_OVER: Final = {
    "closed": "the case was closed",
    "stepped_down": "it was stepped down to early help",
    "review_held": "the plan ended",
}
_AT_ONCE: Final = timedelta(minutes=1)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the timeline. ``folded`` are what it corrected, newest first."""

    id: UUID
    kind: str
    title: str
    at: datetime | None
    on: date | None
    estimated: bool
    by: str
    after: str
    facts: tuple[tuple[str, str], ...]
    retracted: bool
    reason: str | None
    authorised_by: str | None
    folded: tuple["Item", ...] = ()


class ClockLine(msgspec.Struct, frozen=True, kw_only=True):
    """One clock in words. ``late`` decides about the mark, never alone."""

    name: str
    state: str
    due: str
    by_how_much: str
    late: bool
    open: bool
    explanation: str
    holder: str


class FlagLine(msgspec.Struct, frozen=True, kw_only=True):
    """One flag in words."""

    title: str
    since: datetime
    found: str
    ended: str
    standing: bool


def item(view: MilestoneView, places: Mapping[str, str]) -> Item:
    """A milestone with its corrections folded under it."""
    milestone, who = view.milestone, view.who
    return Item(
        id=milestone.id,
        kind=milestone.kind,
        title=title(milestone),
        at=milestone.at,
        on=milestone.on,
        estimated=milestone.precision == "estimated",
        by=who.recorded_by if who else "not known",
        after=recorded_after(milestone),
        facts=tuple(facts(milestone.detail, places)),
        retracted=milestone.retracted,
        reason=who.reason if who else None,
        authorised_by=who.authorised_by if who else None,
        folded=tuple(item(each, places) for each in view.corrected),
    )


def title(milestone: Milestone) -> str:
    """``Decided what happens: Referral``."""
    text = wording.kind(milestone.kind)
    return f"{text}: {outcome(milestone.outcome).lower()}" if milestone.outcome else text


def outcome(code: str) -> str:
    """An outcome by its name."""
    return _OUTCOMES.get(code) or words.sentence(code)


def recorded_after(milestone: Milestone) -> str:
    """How long after it happened it was recorded."""
    if milestone.at is None:
        return f"recorded {times.moment(milestone.recorded_at)}"
    delay = milestone.recorded_at - milestone.at
    return "recorded at once" if delay < _AT_ONCE else f"recorded {times.length(delay)} later"


def facts(detail: Mapping[str, Any], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was said with a milestone, as label and text."""
    found = []
    for key, value in detail.items():
        if key in _SILENT or value in (None, "", []) or _ID.fullmatch(str(value)):
            continue
        found.append((_LABELS.get(key) or words.sentence(key), _value(key, value, places)))
    return found


def _value(key: str, value: Any, places: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _begun(words.listed([words.sentence(each).lower() if each in AGENCIES else str(each) for each in value]))
    if isinstance(value, dict):
        said = [f"{words.sentence(each)} {words.sentence(str(how))}".lower() for each, how in value.items()]
        return _begun(words.listed(said))
    text = str(value)
    if _INSTANT.fullmatch(text):
        return _instant(text)
    if key in {"to_area", "from_area"}:
        return places.get(text, text)
    return words.sentence(text) if text in AGENCIES else text


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _instant(text: str) -> str:
    try:
        return times.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def clock_lines(views: Sequence[ClockView], now: datetime) -> list[ClockLine]:
    """Clocks in words. Where one standard runs several times (a regrade, urgent for the child), each says for which."""
    times_run = Counter(view.clock.standard for view in views)
    return [clock_line(view, now, several=times_run[view.clock.standard] > 1) for view in views]


def clock_line(view: ClockView, now: datetime, *, several: bool = False) -> ClockLine:
    """A clock with its state in words."""
    clock, late = view.clock, view.standing in {"overdue", "missed"}
    due = wording.due_words(clock.due_at, now, end_of_day=clock.end_of_day) if clock.due_at else ""
    return ClockLine(
        name=f"{view.name}, counted as {clock.grade}" if several and clock.grade else view.name,
        state="Late, and never done" if view.unmet and late else _STATES[view.standing],
        due=f"due {due}" if due and view.standing != "not_applicable" else "",
        by_how_much=_by_how_much(view, now),
        late=late,
        open=view.standing in {"running", "overdue", "cannot_compute"},
        explanation=view.explanation,
        holder=wording.holder(view.holder),
    )


def _by_how_much(view: ClockView, now: datetime) -> str:
    if view.late_seconds:
        return f"{times.length(timedelta(seconds=view.late_seconds))} late"
    if view.standing == "running" and view.clock.due_at is not None:
        return f"due in {times.length(view.clock.due_at - now)}"
    return ""


def flag_line(flag: FlagRow, names: Mapping[str, str], now: datetime) -> FlagLine:
    """A flag: since when, how late it was found, and why it ended."""
    found = flag.noticed_at - flag.true_from
    ended = flag.true_until if flag.true_until is not None and flag.true_until <= now else None
    subject = names.get(flag.subject) or wording.kind(flag.subject)
    return FlagLine(
        title=f"{wording.rule(flag.rule)}: {subject[:1].lower()}{subject[1:]}",
        since=flag.true_from,
        found="noticed at once" if found < _AT_ONCE else f"found late, by {times.length(found)}",
        ended=f"Ended {wording.moment(ended, now)}{cause_words(flag.cause)}" if ended else "",
        standing=ended is None,
    )


def cause_words(cause: str | None) -> str:
    """Why a condition ended, to be put after when."""
    if not cause:
        return ""
    how, _, kind = cause.partition(":")
    if how == "met":
        return f": {wording.kind(kind)[:1].lower()}{wording.kind(kind)[1:]}"
    if how == "over":
        return f": not done before {_OVER.get(kind, wording.kind(kind).lower())}"
    return {
        "corrected": ", by a correction",
        "withdrawn": ", because it was withdrawn",
        "overdue": ", because it became late",
        "counted_anew": ": it counts from another time since more was recorded",
    }.get(how, f": {cause.replace('_', ' ')}")
