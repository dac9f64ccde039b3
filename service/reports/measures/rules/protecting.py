"""Strategy discussions, enquiries and conferences."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from schema.vocabulary import AGENCIES, CONFERENCE_DELAY_REASONS
from service.clocks import ReadyCalendar
from service.reports.measures.figures import Count, Protection, StageFigures
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.acted import Given, acted
from service.reports.measures.rules.few import NOBODY, Few
from service.reports.measures.rules.frame import Frame, Mask, Part, Span
from service.reports.measures.rules.hours import at_work, working_days
from service.reports.measures.rules.pathways import HOLDERS, POSTPONED
from service.reports.measures.rules.reckoning import counted, done_in_time, fell_due

#: Whose attendance is counted: the quorum, and whom local practice most often misses.
_ATTENDING: Final = ("childrens_social_care", "police", "health", "education", "early_help", "probation",
                     "domestic_abuse_service", "housing", "youth_justice")  # fmt: skip
_QUORUM: Final = ("childrens_social_care", "police", "health")
#: Longer than this many working days is one bar.
_LONGEST: Final = 60
#: A conference is late and nobody has agreed why; or nobody has said on whom it waited.
NOT_AGREED: Final = "not_agreed"
NOT_SAID: Final = "not_said"
_FURTHER: Final = ("assessment", "core_group", "review", "seen_in_enquiry", "accepted_not_seen")


def protection(
    frame: Frame,
    span: Span,
    ready: ReadyCalendar,
    given: Sequence[Given],
    requested_to_held: StageFigures,
    few: Few = NOBODY,
) -> Protection:
    """The measures of strategy discussions, enquiries and conferences."""
    meetings = _once(frame.part("meeting").that(frame.part("meeting").began_in(span)))
    every = np.ones(len(meetings), bool)
    few.one("protection/held", meetings, every)
    few.one("protection/children_discussed", meetings, every, always=True)
    quorate = meetings.flagged(records.QUORATE)
    inside = at_work(ready, "childrens_social_care", meetings.start) if len(meetings) else every
    # A day alone, or an hour that was guessed, is in no hours; a record without attendance says nothing of anybody's.
    timed, said = meetings.exact, meetings.due > 0
    record = frame.part("strategy_record")
    due = fell_due(record, span)
    enquiries = frame.part("under_enquiry")
    completed = enquiries.ended_in(span)
    # What was closed over was never completed, and of one whose outcome nobody recorded it is not known.
    done = completed & ~enquiries.caused(*(stages.cause_number(each) for each in stages.OVER))
    told = done & ~enquiries.caused(stages.cause_number("enquiry_completed"))
    conference = frame.part("conference")
    wanted = fell_due(conference, span) & ~conference.caused(stages.cause_number("conference_not_required"))
    held = conference.ended_in(span) & conference.caused(stages.cause_number("conference_held"))
    assessment = frame.part("assessment")
    authorised = assessment.ended_in(span) & assessment.caused(stages.cause_number("assessment_authorised"))
    delayed = frame.part("strategy_postponed", "strategy_cancelled")
    put_off = delayed.that(delayed.began_in(span))
    of_review = put_off.flagged(records.REVIEW)
    postponed, reviews = put_off.that(~of_review), put_off.that(of_review)
    school_age = meetings.flagged(records.SCHOOL_AGE)
    late = conference.that(wanted & ((conference.end == 0) | (conference.end > conference.due)))
    agreed = late.that(late.rows["item"] > 0)
    first = ~meetings.flagged(records.REVIEW)
    return Protection(
        requested_to_held=requested_to_held,
        held=len(meetings),
        children_discussed=int(meetings.rows["item"].sum()),
        quorate=counted("quorate", meetings, quorate, every),
        by_hours=[
            counted("in_hours", meetings, quorate, inside & timed),
            counted("out_of_hours", meetings, quorate, ~inside & timed),
        ],
        attendance=_attendance(meetings, said),
        attendance_out_of_hours=_attendance(meetings, ~inside & timed & said),
        school_attended=counted("education", meetings, _present(meetings, ("education",)), school_age & said),
        postponements=_each(postponed, "item", POSTPONED),
        postponed_by_agency=_each(postponed, "holder", HOLDERS),
        record_in_time=counted("record_in_time", record, done_in_time(record), due),
        actions=acted(given, span, frame.instant),
        led_to_enquiry=counted("led_to_enquiry", meetings, meetings.flagged(records.INITIATES), first),
        enquiries=_causes(enquiries.that(completed)),
        conference_from_enquiry=counted(
            "conference_from_enquiry",
            enquiries,
            enquiries.caused(stages.cause_number("substantiated_continuing_risk")),
            told,
        ),
        conference_in_time=counted("conference_in_time", conference, done_in_time(conference), wanted),
        conference_days=_days("conference_days", conference.that(held), ready, few),
        enquiry_days=_days("enquiry_days", enquiries.that(done), ready, few),
        assessment_days=_days("assessment_days", assessment.that(authorised), ready, few),
        further=[_in_time(frame.part(stage), span, stage) for stage in _FURTHER],
        conference_lateness=_by(late, "item", (NOT_AGREED, *CONFERENCE_DELAY_REASONS)),
        conference_lateness_by_agency=_by(agreed, "extra", (NOT_SAID, *HOLDERS)),
        review_postponements=_each(reviews, "item", POSTPONED),
        review_postponed_by_agency=_each(reviews, "holder", HOLDERS),
    )


def _once(meetings: Part) -> Part:
    """Each discussion once, also where it was about several incidents or areas: about the children of all of them."""
    _, first, place = np.unique(meetings.rows["extra"], return_index=True, return_inverse=True)
    chosen = meetings.that(first)
    if len(first):
        children = np.bincount(place, weights=meetings.rows["item"]).astype(np.int64)
        chosen.rows.put("item", np.minimum(children, 255))
        flags = np.zeros(len(first), np.int64)
        np.bitwise_or.at(flags, place, meetings.rows["flags"])
        chosen.rows.put("flags", flags)
    return chosen


def _in_time(part: Part, span: Span, key: str) -> Count:
    return counted(key, part, done_in_time(part), fell_due(part, span))


def _present(meetings: Part, agencies: Sequence[str]) -> Mask:
    wanted = sum(1 << HOLDERS.index(agency) for agency in agencies)
    return np.asarray((meetings.due & wanted) == wanted)


def _attendance(meetings: Part, of: Mask) -> list[Count]:
    """Who was there; ``quorum`` is children's social care, police and health together."""
    found = [counted("quorum", meetings, _present(meetings, _QUORUM), of)]
    return found + [counted(each, meetings, _present(meetings, (each,)), of) for each in _ATTENDING if each in AGENCIES]


def _each(part: Part, column: str, names: Sequence[str]) -> list[Count]:
    """How often each: of all postponed and cancelled discussions, one that is about several children once."""
    _, first = np.unique(part.rows["extra"], return_index=True)
    whole = part.that(first)
    return _by(whole, column, names)


def _by(part: Part, column: str, names: Sequence[str]) -> list[Count]:
    """How often each, the most first."""
    every = np.ones(len(part), bool)
    numbers, counts = np.unique(part.rows[column], return_counts=True)
    order = sorted(zip(numbers.tolist(), counts.tolist(), strict=True), key=lambda each: (-each[1], each[0]))
    return [counted(names[number], part, part.rows[column] == number, every) for number, _ in order]


def _causes(part: Part) -> dict[str, int]:
    causes, counts = np.unique(part.rows["cause"], return_counts=True)
    return {stages.CAUSES[int(cause) - 1]: int(count) for cause, count in zip(causes, counts, strict=True)}


def _days(name: str, part: Part, ready: ReadyCalendar, few: Few) -> dict[int, int]:
    """How many took how many working days: a pile at the limit shows that the limit is the aim."""
    if not len(part):
        return {}
    lasted = np.minimum(working_days(ready, part.dated, part.ended), _LONGEST)
    taken, place, counts = np.unique(lasted, return_inverse=True, return_counts=True)
    few.each(f"protection/{name}/{{}}", taken.tolist(), part, place)
    return {int(day): int(count) for day, count in zip(taken, counts, strict=True)}
