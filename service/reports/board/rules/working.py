"""Tables of work: strategy discussions, enquiries beside the published numbers, the police desk, capacity."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from service.reports.board.rules import words
from service.reports.board.rules.delays import definition
from service.reports.board.rules.tables import Column, Table
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, Count, Open, StageFigures
from service.web import times

_COUNTS: Final = (Column("What"), Column("So many", "count"), Column("Of", "count"), Column("Share", "likely"))
_CALLED: Final = {
    "decided_24_hours": "Contacts decided within 24 hours",
    "decided_working_day": "Contacts decided within one working day",
    "re_referrals": "Referrals of children referred before, within 12 months",
    "early_help_accepted": "Early help accepted",
    "early_help_declined": "Early help declined",
    "stepped_down": "Stepped down",
    "no_further_action": "No further action",
    "advice": "Advice",
    "notice_not_shared": "Not shared by the police",
    "quorate": "Discussions held that were quorate",
    "in_hours": "Quorate, of those in working hours",
    "out_of_hours": "Quorate, of those out of hours",
    "quorum": "Social care, police and health together",
    "record_in_time": "Records sent in time, counted by child",
    "led_to_enquiry": "Discussions that led to an enquiry",
    "conference_from_enquiry": "Enquiries that found a continuing risk",
    "conference_in_time": "Conferences within 15 working days",
    "assessment": "Assessments within 45 working days",
    "core_group": "First core groups in time",
    "review": "Review conferences in time",
    "seen_in_enquiry": "Children seen in time within an enquiry",
    "accepted_not_seen": "Children seen in time after a referral",
    "3 months": "Notices of a child with another in the 3 months before",
    "6 months": "The same, 6 months",
    "12 months": "The same, 12 months",
    "recorded_after_a_day": "Recorded more than a day after it happened",
    "school_in_time": "Schools told in time",
    "seen_at_scene": "Children seen by officers at the scene",
}
#: Children in need statistics of England, by year to 31 March: all sources of referral, so context and no target.
BASELINES: Final = (
    ("Conferences within 15 working days", "conference_in_time", 0.814, 0.768, 2025),
    ("Assessments within 45 working days", "assessment", 0.857, 0.819, 2025),
    ("Re-referrals within 12 months", "re_referrals", 0.226, 0.217, 2025),
    ("Enquiries with a continuing risk; there, conferences for each enquiry", "conference_from_enquiry",
     0.313, 0.326, 2025),
)  # fmt: skip
_SOURCE: Final = (
    "Children in need, Department for Education, year to 31 March. They cover every source of referral, not only "
    "domestic-abuse notices, so they are context: neither better nor worse follows from the difference."
)


def called(key: str) -> str:
    """A count by its name."""
    return _CALLED.get(key) or words.group(key)


def counts(
    key: str, title: str, rows: Iterable[Count | tuple[str, Count]], *, means: str = "", lead: str = ""
) -> Table:
    """Counts of the same kind, by their own names or by those that are given."""
    named = [each if isinstance(each, tuple) else (called(each.key), each) for each in rows]
    return Table(
        key=key,
        title=title,
        columns=_COUNTS,
        rows=tuple((name, each.count, each.of, each.share) for name, each in named),
        lead=lead,
        means=means,
    )


def _by_whom(causes: Iterable[Count], agencies: Iterable[Count]) -> Iterator[tuple[str, Count]]:
    """Causes, and then the agencies for which it waited."""
    for each in causes:
        yield called(each.key), each
    for each in agencies:
        yield f"Waited for: {words.holder(each.key)}", each


def protection(figures: BoardFigures) -> list[Table]:
    """Strategy discussions, enquiries and conferences."""
    found = figures.protection
    enquiries, conferences, assessments = found.enquiry_days, found.conference_days, found.assessment_days
    return [
        counts(
            "strategy",
            "Strategy discussions: held and quorate",
            [found.quorate, *found.by_hours, found.led_to_enquiry, found.record_in_time],
            means=definition(figures, "discussions"),
            lead=f"{words.count(found.held)} discussions were held, about {words.count(found.children_discussed)} "
            f"children. {words.sentences(('Quorate', found.quorate))} From request to held: "
            f"{words.lasting(found.requested_to_held.median)}.",
        ),
        counts("attendance", "Who took part in strategy discussions", [
            *found.attendance, ("Education, where a child is of school age", found.school_attended),
        ]),
        counts("attendance_out_of_hours", "Who took part out of hours", found.attendance_out_of_hours),
        counts(
            "postponements",
            "Why discussions were postponed or cancelled, and for whom they waited",
            _by_whom(found.postponements, found.postponed_by_agency),
        ),
        Table(
            key="actions",
            title="Actions that discussions gave, by the agency that owns them",
            columns=(
                Column("Agency"),
                Column("Fell due", "count"),
                Column("Done in time", "count"),
                Column("Done late", "count"),
                Column("Not done", "count"),
                Column("Cancelled", "count"),
                Column("Share done in time", "likely"),
                Column("Overdue now", "count", "whenever it was due"),
            ),
            rows=tuple(
                (
                    words.holder(each.agency),
                    each.due.count,
                    each.in_time.count,
                    each.late.count,
                    each.not_done.count,
                    each.cancelled.count,
                    each.share,
                    each.overdue_now.count,
                )
                for each in found.actions
            ),
            means=definition(figures, "actions"),
        ),
        counts(
            "enquiry",
            "How enquiries end, and what follows in time",
            [found.conference_from_enquiry, found.conference_in_time, *found.further],
            lead=words.sentences(
                ("Enquiries that found a continuing risk", found.conference_from_enquiry),
                ("Conferences within 15 working days", found.conference_in_time),
            ),
        ),
        Table(
            key="enquiries",
            title="What enquiries found",
            columns=(Column("Outcome"), Column("Enquiries", "count")),
            rows=tuple((words.group(outcome), count) for outcome, count in found.enquiries.items()),
        ),
        counts(
            "conference_lateness",
            "Why conferences were late, and on whose account",
            _by_whom(found.conference_lateness, found.conference_lateness_by_agency),
        ),
        counts(
            "review_postponements",
            "Why reviews of discussions were put off or called off, and for whom they waited",
            _by_whom(found.review_postponements, found.review_postponed_by_agency),
        ),
        Table(
            key="baselines",
            title="Beside England and the North West",
            columns=(
                Column("What"),
                Column("Here", "likely"),
                Column("England", "share"),
                Column("North West", "share"),
                Column("Year to March"),
            ),
            rows=tuple(_baselines(figures)),
            means=_SOURCE,
        ),
        Table(
            key="deadlines",
            title="Working days taken: a pile at the limit shows that the limit is the aim",
            columns=(
                Column("Working days"),
                Column("Enquiries", "count"),
                Column("Conferences", "count"),
                Column("Assessments", "count"),
            ),
            rows=tuple(
                (str(day), *(taken.get(day, 0) for taken in (enquiries, conferences, assessments)))
                for day in sorted({*enquiries, *conferences, *assessments})
            ),
            means="Of those that ended in the period: enquiries since they began, conferences since the discussion, "
            "assessments since the referral.",
        ),
    ]  # fmt: skip


def _baselines(figures: BoardFigures) -> Iterable[tuple[Any, ...]]:
    found = figures.protection
    here = {
        "conference_in_time": found.conference_in_time.share,
        "re_referrals": figures.front_door.re_referrals.share,
        "conference_from_enquiry": found.conference_from_enquiry.share,
        **{each.key: each.share for each in found.further},
    }
    for name, key, england, north_west, year in BASELINES:
        if key in here:
            yield name, here[key], england, north_west, str(year)


def police(figures: BoardFigures) -> list[Table]:
    """What the police desk does besides sharing in time."""
    found = figures.police
    return [
        counts(
            "police",
            "Children seen at the scene, and schools told",
            [found.seen_at_scene, found.school_in_time],
            lead=words.sentences(
                ("Children seen by officers at the scene", found.seen_at_scene),
                ("Schools told in time", found.school_in_time),
            )
            + ("" if found.estimable else " The delay to sharing is not estimable: a feed sends only what was shared."),
        ),
        Table(
            key="found_late",
            title="Children named after the record was submitted",
            columns=(
                Column("In the period", "count"),
                Column("Not yet shared", "count"),
                Column("Oldest", "minutes"),
                Column("Half have been shared after", "lasting"),
            ),
            rows=_late(found.late_found),
            means=definition(figures, "late_found"),
        ),
        Table(
            key="batches",
            title="Hours in which many incidents were shared together",
            columns=(
                Column("Hour"),
                Column("Incidents", "count"),
                Column("Of", "count", "all that were shared in the period"),
                Column("Share", "likely"),
            ),
            rows=tuple((times.moment(datetime.fromisoformat(each.key)), each.count, each.of, each.share)
                       for each in found.batches),
            means="A batch says that notices had been waiting for somebody to sit down to them.",
        ),
        Table(
            key="not_shared",
            title="Notices that the police decided not to share, by reason",
            columns=(Column("Reason"), Column("Children", "count")),
            rows=tuple((words.group(reason), count) for reason, count in found.not_shared.items()),
        ),
    ]  # fmt: skip


def _late(found: StageFigures | None) -> tuple[tuple[Any, ...], ...]:
    """Children found late, where there are any."""
    if found is None or not (found.entered or found.open.count):
        return ()
    return ((found.entered, found.open.count, found.open.oldest, found.median),)


def _unallocated(found: Open) -> str:
    """Who has been accepted and has nobody."""
    who = words.waiting(found)
    if not is_hidden(found.count) and not found.count:
        return "Every child who has been accepted has a named worker."
    oldest = "" if is_hidden(found.count) else f", the longest for {words.length(found.oldest)}"
    return f"Accepted and without a named worker now: {who}{oldest}; past the limit: {words.count(found.past_limit)}."


def capacity(figures: BoardFigures) -> list[Table]:
    """Who waits for a worker, and how much each team has open."""
    found = figures.capacity
    tables = [
        Table(
            key="unallocated",
            title="Children accepted and without a named worker now, by how long",
            columns=(Column("For"), Column("Children", "count")),
            rows=tuple(found.unallocated_bands.items()),
            lead=_unallocated(found.unallocated),
        )
    ]
    if found.workers:
        tables.append(
            Table(
                key="workers",
                title="Open pathways of each worker, the most first",
                columns=(
                    Column("Team"),
                    Column("Worker", means="numbered, not named: this is about load"),
                    Column("Pathways", "count"),
                    Column("Children", "count"),
                    Column("All cases", "count"),
                ),
                rows=tuple(
                    (each.team or "Team without a name", str(number), each.pathways, each.children, each.whole)
                    for number, each in enumerate(
                        sorted(found.workers, key=lambda each: (-each.pathways, each.team or "", each.id)), start=1
                    )
                ),
                means="Inspectors have found up to 40 cases with one worker. All cases are known where the team has "
                "entered them.",
            )
        )
    if found.teams:
        tables.append(
            Table(
                key="teams",
                title="Open pathways of each team",
                columns=(
                    Column("Team"),
                    Column("Pathways", "count"),
                    Column("Children", "count"),
                    Column("All cases of its workers", "count"),
                ),
                rows=tuple(
                    (each.team or "Team without a name", each.pathways, each.children, each.whole)
                    for each in found.teams
                ),
                means="A team's other cases are known where it has entered the whole caseload of all its workers.",
            )
        )
    return tables
