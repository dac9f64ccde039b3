"""What the delay measures say: the structs of every figure, with unit, definition, number, period and completeness.

Durations are minutes (whole ones where they are of one wait), shares are between 0 and 1, weeks begin on Monday at
midnight in London. ``None`` is always "not known" and never nought. Every figure is of police domestic-abuse notices.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from service.reports.measures.child_time import Bouncing, ChildDays, TimeUse
from service.reports.measures.ledgers import Ledger, Restated

#: The officer's first grade.
Grade = Literal["high", "medium", "standard", "ungraded"]


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Whose children are counted. ``areas`` are codes; empty means all that the reader may see."""

    areas: tuple[str, ...] = ()
    force: str | None = None
    district: str | None = None
    grade: Grade | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Local days, both included."""

    first: date
    last: date


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure means, in words for the page and for print. ``starts`` and ``ends`` are milestones."""

    key: str
    name: str
    unit: str
    words: str
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    counts: Literal["children", "incidents", "meetings", "actions"] = "children"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Which knowledge the figures rest on.

    ``basis``: as known now, or as had been reported by ``instant``. ``asked`` is the instant that was asked for and
    ``lowered`` says that writes were still under way then, so that an earlier one stands. ``uncounted``: records that
    changed moments ago and are not in these figures yet (0 unless a large import is under way).
    """

    basis: Literal["known_now", "as_reported"]
    instant: datetime
    asked: datetime
    lowered: bool = False
    uncounted: int = 0


class Completeness(msgspec.Struct, frozen=True, kw_only=True):
    """How many waits a figure rests on: all, those known to the day alone or estimated, those without a needed time."""

    all: int
    approximate: int
    cannot_compute: int = 0


# Thousands in a report, none of which leads back to itself.
class Estimate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A number with its 95% interval, robust to children of one incident being alike.

    ``value`` None: not estimable, then ``at_least`` says what it is at least, where that is known. ``n`` is what the
    number rests on (waits, or the denominator of a share).
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    n: int = 0


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """Who is in the stage now. Ages in minutes, elapsed. ``without_limit``: no standard says when it is late."""

    count: int
    median: float | None
    ninetieth: float | None
    oldest: int | None
    past_limit: int
    without_limit: int
    approximate: int
    behind: int | None = None
    """Incidents or children behind ``count``, whichever are fewer: what is shown to a board depends on it, and they are
    counted to 21, which is more than any small number (None: not known).
    """
    behind_parts: dict[str, int] = {}
    """The same of other counts, by their names; not for a board."""


class Exit(msgspec.Struct, frozen=True, kw_only=True):
    """One way out of a stage in the period, by when it was left. ``incidence``: the share that leaves by it within
    ``horizon`` minutes (Aalen-Johansen), of those that entered in the period; of the whole stage, not of its groups.
    """

    cause: str
    count: int
    median: float | None
    incidence: Estimate
    behind: int | None = None


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """The share still in the stage after so many minutes, with its interval; at most a hundred points."""

    minutes: tuple[int, ...]
    left: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Routes(msgspec.Struct, frozen=True, kw_only=True):
    """What has become of those who entered, after so many minutes: the share that left by each way (Aalen-Johansen) and
    ``waiting``, the share still there; together they are 1. At most forty points, up to twice the horizon.
    """

    minutes: tuple[int, ...]
    ways: dict[str, tuple[float, ...]]
    waiting: tuple[float, ...]


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """Share within standard: of those whose limit fell in the period, by when it was met.

    ``met + missed + overdue`` is the denominator; ``overdue`` are open and late. ``cannot_compute``: a needed time is
    missing, so that they stand in neither. ``standard`` is the key of the standard.
    """

    standard: str
    met: int
    missed: int
    overdue: int
    cannot_compute: int
    share: Estimate
    behind: int | None = None
    behind_parts: dict[str, int] = {}
    """Incidents or children behind other counts, by their names; not for a board."""


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """Who entered in a part of the period, followed to one horizon; ``maturing``: not all could reach it."""

    begins: date
    entered: int
    left_by_horizon: Estimate
    maturing: bool


class StageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One stage for one group: ``all``, a grade, a district, a force, an area's code (in a report of several areas), or
    ``in_hours`` and ``out_of_hours``.

    ``open`` comes first and is read live. ``median`` and ``ninetieth`` are of the time to leaving by any route, of
    those who entered in the period, open ones censored at the report's instant. ``current`` are the same from this
    period's exits by length of wait, whenever they began: "are children waiting longer now?". ``bounds`` is where the
    median may lie with times known to the day alone at their earliest and latest.
    """

    stage: str
    by: Literal["all", "grade", "area", "district", "force", "hours"]
    group: str
    open: Open
    entered: int
    left: int
    median: Estimate
    ninetieth: Estimate
    current: Estimate
    before: Estimate
    """``current`` of the period before; of the whole stage and of grades."""
    bounds: tuple[float | None, float | None] | None
    horizon: int
    curve: Curve | None
    exits: list[Exit]
    within: Within | None
    cohorts: list[Cohort]
    completeness: Completeness
    behind: int | None = None
    """Behind ``entered``."""
    routes: Routes | None = None
    """Of the whole stage; not of its groups."""


# Thousands in a report, none of which leads back to itself.
class Week(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One week of a stage. ``stock`` stands at its end. ``due`` fell due in it, of which ``met`` in time.

    ``complete``: the week has passed. ``settled``: the limit has passed for everybody whose wait fell due in it.
    """

    begins: date
    arrived: int
    left: int
    stock: int
    due: int
    met: int
    exits: dict[str, int]
    complete: bool
    settled: bool
    bank_holiday: bool


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A stage week by week.

    ``days``: where fewer than ten incidents enter it in four weeks, the day on which each did, in order; only whoever
    sees records is told them.
    """

    stage: str
    weeks: list[Week]
    days: list[date]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """So many of so many, and the share with its interval. ``behind``: of ``count``."""

    key: str
    count: int
    of: int
    share: Estimate
    behind: int | None = None
    behind_parts: dict[str, int] = {}
    """Incidents or children behind ``of`` and behind the ``rest`` of it, by these names; not for a board."""


class Police(msgspec.Struct, frozen=True, kw_only=True):
    """Police timeliness, once per incident and area. ``late_found``: children named only after the
    officer's record of the incident had been submitted, as on the backlog.

    ``estimable`` False: the feed sends only what was shared, so the backlog and the delay cannot be told.
    ``batches``: hours in which so many incidents left together; ``in_batches`` is their share of all that were shared.
    """

    estimable: bool
    incidents: StageFigures | None
    late_found: StageFigures | None
    batches: list[Count]
    not_shared: dict[str, int]
    school_in_time: Count
    seen_at_scene: Count


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts decided in a month, for all grades or one, and the share that became a referral."""

    begins: date
    grade: Grade | Literal["all"]
    decided: int
    referrals: int
    share: Estimate


class FrontDoor(msgspec.Struct, frozen=True, kw_only=True):
    """The front door. ``repeats`` stands beside every speed figure: a new notice of the child within 90 days.

    ``repeats`` by what was decided; only decisions at least 90 days old are counted, as ``of`` says.
    """

    decided_24_hours: Count
    decided_working_day: Count
    outcomes: dict[str, int]
    outcomes_by_grade: dict[str, dict[str, int]]
    months: list[Month]
    stepped_down: int
    early_help: list[Count]
    returned: list[Count]
    re_referrals: Count
    linked_not_reviewed: Open
    repeats: list[Count]
    notices_again: list[Count]
    after_three: dict[str, int]
    """Highest decision reached by children after three or more notices graded standard or medium."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """So many actions, and how many incidents or children stand ``behind`` them: what is shown depends on it."""

    count: int
    behind: int | None = None


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """Actions that discussions gave, of the agency that owns them.

    ``due`` in the period by the due time that stands: ``in_time + late + not_done + cancelled``; ``late`` also where a
    time that had passed was moved. ``share`` is ``in_time`` of all but the cancelled. ``overdue_now``: whenever due.
    """

    agency: str
    due: Tally
    in_time: Tally
    late: Tally
    not_done: Tally
    cancelled: Tally
    share: Estimate
    overdue_now: Tally


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """Strategy discussions, enquiries and conferences. Held and quorate always stand together.

    Discussions are counted once, however many children they covered; enquiries and conferences by child.
    """

    requested_to_held: StageFigures
    held: int
    children_discussed: int
    quorate: Count
    by_hours: list[Count]
    attendance: list[Count]
    attendance_out_of_hours: list[Count]
    school_attended: Count
    postponements: list[Count]
    postponed_by_agency: list[Count]
    record_in_time: Count
    actions: list[Acted]
    led_to_enquiry: Count
    enquiries: dict[str, int]
    conference_from_enquiry: Count
    conference_in_time: Count
    conference_days: dict[int, int]
    """Conferences by working days since the discussion: shows clustering at the limit."""
    enquiry_days: dict[int, int]
    assessment_days: dict[int, int] = {}
    """Assessments authorised in the period, by working days since the referral: the limit is day 45."""
    further: list[Count]
    """Assessments within 45 working days, first core groups, reviews, children seen."""
    # Of children whose conference was late: why, as manager and chair agreed (then with an interim plan).
    conference_lateness: list[Count] = []
    conference_lateness_by_agency: list[Count] = []
    # Reviews of discussions: no strategy discussions, so that they stand apart.
    review_postponements: list[Count] = []
    review_postponed_by_agency: list[Count] = []


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """Open pathways of one named worker or team, by id.

    ``whole``: all their cases as the team entered them within two months (a team's: of all its workers), or not known.
    """

    id: str
    team: str | None
    pathways: int
    children: int
    whole: int | None = None


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """Children accepted and without a named worker, by age in minutes; and what each worker and team has open."""

    unallocated: Open
    unallocated_bands: dict[str, int]
    workers: list[Worker]
    teams: list[Worker]


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """One group of one characteristic, "not recorded" being one. Time to leaving unassessed risk, and share in time.

    ``left``: the share that left within ``horizon`` minutes; ``difference``: less that of all others. ``waits``: which
    way the mean wait within the horizon differs from theirs, all groups judged together; ``alike``: no difference that
    can be told. None: too few incidents or children to tell, or not told to this reader.
    """

    characteristic: Literal["ethnicity", "disability", "age", "sex"]
    group: str
    children: int
    behind: int
    open: int
    median: Estimate
    within: Estimate
    horizon: int
    left: Estimate
    difference: Estimate
    waits: Literal["longer", "shorter", "alike"] | None


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections of an agency's times in the period; ``forgave`` turned late into in time, with a second person."""

    agency: str
    corrections: int
    forgave: int


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """What the data cannot tell. Counts of pathways that began in the period."""

    pathways: int
    cannot_compute: dict[str, int]
    approximate: int
    out_of_order: int
    ungraded: int
    school_unknown: int
    not_recorded: dict[str, int]
    corrections: list[Correction]
    recorded_after_a_day: Count
    regraded: list[Count] = []
    """Of pathways of each first grade: how many stand at another grade now, such as ``medium to high``."""


class BoardFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure of one audience and period. ``instant`` is what "now" means in it."""

    scope: Scope
    period: Period
    before: Period
    instant: datetime
    known: Known
    stages: list[StageFigures]
    child_days: ChildDays
    time_use: TimeUse
    queues: list[Queue]
    bouncing: Bouncing
    police: Police
    front_door: FrontDoor
    protection: Protection
    capacity: Capacity
    fairness: list[Split]
    quality: Quality
    ledger: Ledger
    restated: Restated | None
    definitions: list[Definition]
    behind_parts: dict[str, int] = {}
    """Of a report that a board is to be told, and only there: incidents or children behind further numbers, whichever
    are fewer, by where the number stands (``ledger/new``). Not for a board.
    """
