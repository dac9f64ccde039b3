"""Evaluation: everything that follows from one pathway's milestones. Pure: no I/O, no now."""

from schema.spine import Condition, Derived, History
from service.clocks.awareness import place, police_aware
from service.clocks.conditions import conditions_of
from service.clocks.corrections import vanished
from service.clocks.enquiries import initiations, place_initiations
from service.clocks.episodes import episodes
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
    ended = vanished(history, lost, lambda earlier: _evaluate(earlier, rulebook).conditions)
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
    if any(event.kind in ("strategy_held", "enquiry_started") for event in events):
        found, doubtful = initiations(events)
        events = place_initiations(events, found)
    graded = grading(events)
    clocks = clocks_of(episodes(events, rulebook.scope(facts.area, facts.force)), graded, facts, rulebook)
    segments = segments_of(events, rulebook.table)
    conditions: list[Condition] = conditions_of(clocks, events, graded, facts)
    conditions += out_of_order(events)
    if doubtful:
        conditions += contradictory_initiations(doubtful)
    return Derived(
        state=state_of(events, graded, segments, clocks),
        segments=tuple(segments),
        clocks=tuple([clock.row for clock in clocks]),
        conditions=tuple(conditions),
        waits=tuple(waits_of(events)),
    )
