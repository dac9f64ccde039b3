"""The police and the front door: what leaves when, what is decided, and who comes back."""

from typing import Final, Literal

import numpy as np

from schema.vocabulary import CONTACT_OUTCOMES, NOT_SHARED_REASONS
from service.reports.measures.figures import (
    Count,
    Estimate,
    FrontDoor,
    Grade,
    Month,
    Police,
    StageFigures,
)
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.few import NOBODY, Few
from service.reports.measures.rules.frame import DAY, Frame, Ints, Mask, Part, Span, edges
from service.reports.measures.rules.groups import shares
from service.reports.measures.rules.reckoning import counted, done_in_time, fell_due, open_now, owed

_REFERRED: Final = tuple(
    stages.cause_number(cause) for cause in ("referral", "strategy_discussion", "immediate_protection")
)
#: Outcomes of contacts as decisions, "sent to the right area" apart: that decides nothing about the child.
_DECIDED: Final = tuple(
    stages.cause_number(cause)
    for cause in (*(each for each in CONTACT_OUTCOMES if each != "sent_to_right_area"), "decided_not_recorded")
)
_ENDED: Final = ("no_further_action", "advice", "stepped_down", "notice_not_shared")
_REPEAT: Final = 90 * DAY
_YEAR: Final = 365 * DAY
#: So many incidents of one force leaving for one area within one hour of the clock are a batch, as on the backlog.
BATCH: Final = 5
#: More areas than there are, and more forces.
_PLACES: Final = 1_000
_BATCHES: Final = 10
_MONTHS: Final = (("3 months", 91 * DAY), ("6 months", 183 * DAY), ("12 months", _YEAR))
_MANY: Final = 3
#: What contacts of a month are told of: all grades, then each.
_OF_MONTHS: Final[tuple[Grade | Literal["all"], ...]] = ("all", "high", "medium", "standard", "ungraded")


def police(frame: Frame, span: Span, timeliness: StageFigures, late_found: StageFigures, few: Few = NOBODY) -> Police:
    """Police timeliness, once for an incident and area; ``timeliness`` is that stage's, of everybody."""
    shared = frame.part(stages.POLICE_SHARE)
    only_shared = shared.flagged(records.SHARED_ONLY)
    estimable = not bool(only_shared[shared.began_in(span)].any())
    school = frame.part("school")
    due = fell_due(school, span)
    seen = frame.part("seen_at_scene")
    here = seen.began_in(span)
    decisions = frame.part("decision")
    declined = decisions.that(decisions.began_in(span) & decisions.caused(stages.cause_number("notice_not_shared")))
    reasons, counts = np.unique(declined.rows["holder"], return_counts=True)
    few.each("police/not_shared/{}", ("", *NOT_SHARED_REASONS), declined, declined.rows["holder"])
    return Police(
        estimable=estimable,
        incidents=timeliness if estimable else None,
        late_found=late_found if estimable else None,
        batches=_batches(shared, span),
        not_shared={
            NOT_SHARED_REASONS[int(reason) - 1]: int(count)
            for reason, count in zip(reasons, counts, strict=True)
            if reason
        },
        school_in_time=counted("school_in_time", school, (school.end > 0) & (school.end <= school.due), due),
        seen_at_scene=counted("seen_at_scene", seen, seen.rows["item"] == 1, here),
    )


def _batches(shared: Part, span: Span) -> list[Count]:
    """Hours of the clock in which many incidents left one force for one area, the largest first. A day without a time
    is in no hour.
    """
    left = shared.that(shared.ended_in(span) & shared.caused(stages.cause_number("shared")))
    timed = left.rows["slack"] == 0
    ways = np.zeros(len(left), np.int64)
    for field in ("area", "force"):
        for number, (_, mask) in enumerate(left.by_place(field)):
            ways[mask] = ways[mask] * _PLACES + number
    together = np.where(timed, (left.end // 3_600) * _PLACES**2 + ways, -1)
    hours, place, counts = np.unique(together, return_inverse=True, return_counts=True)
    counts[hours < 0] = 0
    many = np.flatnonzero(counts >= BATCH)
    everything = np.ones(len(left), bool)
    largest = sorted(many.tolist(), key=lambda each: (-int(counts[each]), each))[:_BATCHES]
    return [
        counted(records.instant(int(hours[hour]) // _PLACES**2 * 3_600).isoformat(), left, place == hour, everything)
        for hour in largest
    ]


def front_door(frame: Frame, span: Span, few: Few = NOBODY) -> FrontDoor:
    """What the front door decides, how fast, and who comes back."""
    contacts = frame.part("contact_decision")
    contacts = contacts.that(~contacts.flagged(records.IN_ERROR))
    # As everywhere: of those whose limit fell in the period, so that whoever still waits past it counts.
    after_a_day = contacts.start + DAY
    a_day_over = (after_a_day >= span.since) & (after_a_day < min(span.until, contacts.instant))
    a_day_over &= _of_exact_hours(contacts) & owed(contacts) & ~_sent_on(contacts, after_a_day)
    due = fell_due(contacts, span) & ~_sent_on(contacts, contacts.due)
    in_a_day = contacts.caused(*_DECIDED) & (contacts.end <= after_a_day)
    decisions = frame.part("decision")
    here = decisions.began_in(span) & decisions.caused(*_DECIDED)
    chosen = decisions.that(here)
    stepped_down = decisions.began_in(span) & decisions.caused(stages.cause_number("stepped_down"))
    if few.wanted:
        _look_behind(few, chosen)
        few.one("front_door/stepped_down", decisions, stepped_down)
    offered = frame.part("early_help_offered")
    answered = offered.ended_in(span) & ~offered.caused(stages.cause_number("withdrawn"))
    referred = decisions.began_in(span) & decisions.caused(*_REFERRED) & ~decisions.flagged(records.AGAIN)
    entry = decisions.rows["entry"]
    notices = frame.part("notice")
    again = notices.rows["entry"]
    new = notices.began_in(span)
    return FrontDoor(
        decided_24_hours=counted("decided_24_hours", contacts, in_a_day, a_day_over),
        decided_working_day=counted("decided_working_day", contacts, done_in_time(contacts), due),
        outcomes=_causes(chosen),
        outcomes_by_grade={grade: _causes(part) for grade, part in chosen.by_grade()},
        months=_months(decisions, here, span, few),
        stepped_down=int(stepped_down.sum()),
        early_help=[
            counted(way, offered, offered.caused(stages.cause_number(way)), answered)
            for way in ("early_help_accepted", "early_help_declined")
        ],
        returned=[
            _back(decisions, span, way) for way in ("early_help_accepted", "early_help_declined", "stepped_down")
        ],
        re_referrals=counted("re_referrals", decisions, (entry > 0) & (decisions.start - entry <= _YEAR), referred),
        linked_not_reviewed=open_now(frame.part("linked_not_reviewed")),
        repeats=[_back(decisions, span, way) for way in _ENDED],
        notices_again=[
            counted(name, notices, (again > 0) & (notices.start - again <= reach), new) for name, reach in _MONTHS
        ],
        after_three=_highest(chosen.that(chosen.rows["item"] >= _MANY)),
    )


def _of_exact_hours(contacts: Part) -> Mask:
    """Of which it can be said whether they were decided within hours. What was closed over was not decided, at whatever
    hour that was.
    """
    answered = contacts.caused(*_DECIDED, stages.cause_number("transfer_accepted"))
    return np.asarray(contacts.exact | ~(contacts.flagged(records.BEGAN_VAGUELY) | answered))


def _sent_on(contacts: Part, until: Ints) -> Mask:
    """Which went to another area before an instant: the decision is that area's, from when it received them."""
    return np.asarray(contacts.caused(stages.cause_number("transfer_accepted")) & (contacts.end <= until))


def _look_behind(few: Few, chosen: Part) -> None:
    """Of each decision, and of each in each grade."""
    causes, grades = chosen.rows["cause"], chosen.rows["grade"]
    ways = ("", *stages.CAUSES)
    few.each("front_door/outcomes/{}", ways, chosen, causes)
    by_grade = [f"{grade}/{way}" for grade in records.GRADES for way in ways]
    few.each("front_door/outcomes_by_grade/{}", by_grade, chosen, grades * len(ways) + causes)


def _causes(part: Part) -> dict[str, int]:
    causes, counts = np.unique(part.rows["cause"], return_counts=True)
    return {
        stages.CAUSES[int(cause) - 1]: int(count) for cause, count in zip(causes, counts, strict=True) if int(cause)
    }


def _highest(part: Part) -> dict[str, int]:
    """The highest decision about each child, by the order of the outcomes; a decision of which nobody said what it
    was is below all others.
    """
    cause = part.rows["cause"]
    height = np.where(cause == stages.cause_number("decided_not_recorded"), 0, cause)
    child = part.rows["child"]
    order = np.lexsort((-height, child))
    _, first = np.unique(child[order], return_index=True)
    return _causes(part.that(order[first]))


def _back(decisions: Part, span: Span, way: str) -> Count:
    """A new notice of the child within 90 days, of decisions whose 90 days ended in the period."""
    ripe = decisions.start + _REPEAT
    here = (ripe >= span.since) & (ripe < min(span.until, decisions.instant))
    here &= decisions.caused(stages.cause_number(way))
    return counted(way, decisions, (decisions.end > 0) & (decisions.end <= ripe), here)


def _months(decisions: Part, here: Mask, span: Span, few: Few) -> list[Month]:
    """Contacts decided and the share that became a referral, month by month and by grade."""
    months = span.months()
    size = len(months) - 1
    place = np.searchsorted(edges(months), decisions.dated, side="right") - 1
    inside = here & (place >= 0) & (place < size)
    # Each month for all grades, then for each of them.
    ways = len(_OF_MONTHS)
    family = decisions.rows["family"]
    decided, referred = np.zeros((2, size, ways, records.FAMILIES), np.int64)
    referrals_too = inside & decisions.caused(*_REFERRED)
    for name, table, mask in (("decided", decided, inside), ("referrals", referred, referrals_too)):
        if few.wanted:
            some, where = decisions.that(mask), f"front_door/months/{{}}/{name}"
            keys = [f"{month}/{grade}" for month in months[:-1] for grade in _OF_MONTHS]
            few.each(where, keys, some, place[mask] * ways)
            few.each(where, keys, some, place[mask] * ways + 1 + some.rows["grade"])
        code = (place[mask] * ways + 1 + decisions.rows["grade"][mask]) * records.FAMILIES + family[mask]
        table += np.bincount(code, minlength=table.size).reshape(table.shape)
        table[:, 0] = table.sum(axis=1)
    found = shares(referred.reshape(-1, records.FAMILIES), decided.reshape(-1, records.FAMILIES))
    numbers, referrals = decided.sum(axis=2), referred.sum(axis=2)
    return [
        Month(
            begins=months[month],
            grade=grade,
            decided=int(numbers[month, way]),
            referrals=int(referrals[month, way]),
            share=found[month * ways + way] if numbers[month, way] else Estimate(value=None),
        )
        for month in range(size)
        for way, grade in enumerate(_OF_MONTHS)
    ]
