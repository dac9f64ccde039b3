"""Evaluation: everything that follows from one pathway's milestones. Pure: no I/O, no now."""

from collections.abc import Sequence

import msgspec

from schema.spine import Condition, Derived, History, PathwayFacts
from service.clocks.awareness import place, police_aware
from service.clocks.conditions import conditions_of
from service.clocks.corrections import vanished
from service.clocks.course import Course, course_of, episodes_of
from service.clocks.enquiries import Enquiries, place_derived
from service.clocks.grades import grading
from service.clocks.order import Event, in_order
from service.clocks.quality import contradictory_initiations
from service.clocks.rows import clocks_of
from service.clocks.rulebook import Rulebook
from service.clocks.segments import segments_of
from service.clocks.sequence import out_of_order
from service.clocks.state import state_of
from service.clocks.waits import waits_of


def evaluate(history: History, rulebook: Rulebook) -> Derived:
    """State, segments, clocks, conditions and waits of one pathway.

    Depends only on the arguments, not on the order of the milestones, and never on now: what is
    running, overdue, met or missed at an instant is read from the result by ``standing``.
    """
    derived = _evaluate(history, rulebook)
    if not history.flags:
        return derived
    standing = {(found.rule, found.subject, found.episode) for found in derived.conditions}
    lost = [flag for flag in history.flags if (flag.rule, flag.subject, flag.episode) not in standing]
    if not lost:
        return derived
    ended = vanished(
        history, lost, lambda earlier: _evaluate(earlier, rulebook).conditions, rulebook.holder_of, rulebook.ways_out
    )
    return Derived(
        state=derived.state,
        segments=derived.segments,
        clocks=derived.clocks,
        conditions=(*derived.conditions, *ended),
        waits=derived.waits,
    )


def _evaluate(history: History, rulebook: Rulebook) -> Derived:
    facts = history.pathway
    events = in_order(history.milestones)
    aware = police_aware(events)
    if aware is not None:
        events = place(events, aware)
    doubtful: list[list[Event]] = []
    kinds = {event.kind for event in events}
    if "strategy_held" in kinds or "enquiry_started" in kinds:
        enquiries = Enquiries(events)
        doubtful = enquiries.doubtful
        events = place_derived(events, enquiries)
    graded = grading(events)
    course = _course(events, kinds, facts, rulebook)
    clocks = clocks_of(episodes_of(course, events, facts.area), graded, facts, rulebook)
    segments = segments_of(course.tiles, events)
    conditions: list[Condition] = conditions_of(clocks, events, graded, facts)
    conditions += out_of_order(course.pairs, events)
    if doubtful:
        conditions += contradictory_initiations(doubtful)
    state = state_of(course.outline, events, graded, segments, clocks)
    if state.withdrawn:
        conditions = _ended_by_withdrawal(conditions, events)
    return Derived(
        state=state,
        segments=tuple(segments),
        clocks=tuple([clock.row for clock in clocks]),
        conditions=tuple(conditions),
        waits=waits_of(course.spans, events),
    )


def _course(events: Sequence[Event], kinds: set[str], facts: PathwayFacts, rulebook: Rulebook) -> Course:
    """The course under the standards of the area that held the pathway at the time.

    ``transfer_accepted`` says in its detail which area it came from (``from_area``); the last area
    is the pathway's own.
    """
    now = rulebook.scope(facts.area, facts.force)
    if "transfer_accepted" not in kinds:
        return course_of(events, now, rulebook.table)
    transfers = [event for event in events if event.kind == "transfer_accepted"]
    areas = [str(event.milestone.detail.get("from_area") or facts.area) for event in transfers]
    scopes = [rulebook.scope(area, facts.force) for area in areas]
    return course_of(events, scopes[0], rulebook.table, (*scopes[1:], now))


def _ended_by_withdrawal(conditions: Sequence[Condition], events: Sequence[Event]) -> list[Condition]:
    """Nothing stays true of a pathway that was recorded in error, except of what began after that was said."""
    last = max(number for number, event in enumerate(events) if event.kind == "withdrawn")
    at, later = events[last].at, {event.milestone.id for event in events[last + 1 :]}
    kept = []
    for condition in conditions:
        if condition.true_until is not None or not later.isdisjoint(condition.evidence[:1]):
            kept.append(condition)
        elif condition.true_from < at:
            kept.append(msgspec.structs.replace(condition, true_until=at, cause="withdrawn"))
    return kept
