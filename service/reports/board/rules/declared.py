"""Tables for those who work with the data that are all of one shape: what names a row, and what each column tells."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, Final, NamedTuple

from service.reports.board.rules import words
from service.reports.board.rules.delays import definition, stage_name
from service.reports.board.rules.tables import Column, Kind, Table
from service.reports.measures.figures import BoardFigures, StageFigures, Week

_BY: Final = {
    "all": "everybody",
    "grade": "the officer's first grade",
    "area": "area",
    "district": "district",
    "force": "force",
    "hours": "hours",
}


class Field(NamedTuple):
    """A column, and what of a row's figure stands in it: a field of it by name, or what a function makes of it."""

    name: str
    kind: Kind
    value: str | Callable[[Any], Any]
    means: str = ""

    def of(self, figure: Any) -> Any:
        """The cell."""
        return attrgetter(self.value)(figure) if isinstance(self.value, str) else self.value(figure)


class Detail(NamedTuple):
    """A table: how its rows are named, what each figure of it tells, and where names and figures are found."""

    key: str
    title: str
    names: tuple[Column, ...]
    fields: tuple[Field, ...]
    rows: Callable[[BoardFigures], Iterable[tuple[tuple[Any, ...], Any]]]
    means: str = ""
    """The definition that it has, if any."""

    def table(self, figures: BoardFigures) -> Table:
        """What there is to tell."""
        return Table(
            key=self.key,
            title=self.title,
            columns=(*self.names, *(Column(each.name, each.kind, each.means) for each in self.fields)),
            rows=tuple((*names, *(field.of(figure) for field in self.fields)) for names, figure in self.rows(figures)),
            means=definition(figures, self.means) if self.means else "",
        )


def _divided(figures: BoardFigures) -> Iterable[StageFigures]:
    """Every stage by everything that it is divided by, with the children who were found late."""
    yield from figures.stages
    if figures.police.late_found is not None:
        yield figures.police.late_found


def _key(figures: BoardFigures, each: StageFigures) -> tuple[str, str, str]:
    return stage_name(figures, each.stage), _BY[each.by], words.group(each.group)


_KEYS: Final = (Column("Stage"), Column("Divided by"), Column("Group"))


def _weekly(figures: BoardFigures) -> Iterable[tuple[str, Week]]:
    """Every stage as a queue, week by week."""
    return ((stage_name(figures, queue.stage), week) for queue in figures.queues for week in queue.weeks)


def _remarks(week: Week) -> str:
    """What is to be known of a week before it is compared."""
    said = "so far" if not week.complete else "" if week.settled else "limit not passed for all"
    return ", ".join(part for part in (said, "bank holiday" if week.bank_holiday else "") if part)


def _group(name: str) -> Callable[[Any], str]:
    """A field that is a code, in words."""
    return lambda figure: words.group(getattr(figure, name))


def _itself(figure: Any) -> Any:
    """Where the figure is a number and has no fields."""
    return figure


DECLARED: Final = (
    Detail(
        "within_standard",
        "Within standard: met, missed and overdue",
        _KEYS,
        (
            Field("Standard", "text", _group("standard")),
            Field("Met", "count", "met"),
            Field("Missed", "count", "missed"),
            Field("Overdue", "count", "overdue", "open and late"),
            Field("Cannot be computed", "count", "cannot_compute", "a needed time is missing; in no share"),
            Field("Share", "likely", "share"),
        ),
        lambda figures: ((_key(figures, each), each.within) for each in _divided(figures) if each.within is not None),
        "within",
    ),
    Detail(
        "completeness",
        "What each stage's figures rest on",
        _KEYS,
        (
            Field("Waits", "count", "completeness.all"),
            Field("Known to the day alone", "count", "completeness.approximate", "or estimated"),
            Field("Without a needed time", "count", "completeness.cannot_compute"),
            Field("Open, known to the day alone", "count", "open.approximate"),
            Field("Open, without a limit", "count", "open.without_limit", "no standard says when they are late"),
            Field(
                "Median at the earliest",
                "minutes",
                lambda each: each.bounds and each.bounds[0],
                "times known to the day alone at their earliest",
            ),
            Field(
                "Median at the latest",
                "minutes",
                lambda each: each.bounds and each.bounds[1],
                "times known to the day alone at their latest",
            ),
            Field("Horizon", "minutes", "horizon", "how far routes and cohorts are followed"),
        ),
        lambda figures: ((_key(figures, each), each) for each in _divided(figures)),
        "quality",
    ),
    Detail(
        "routes",
        "Ways out of each stage",
        (*_KEYS, Column("Way out")),
        (
            Field("In the period", "count", "count"),
            Field("Median", "minutes", "median", "of those who left this way"),
            Field(
                "Share that leaves this way", "likely", "incidence", "within the stage's horizon, of those who entered"
            ),
        ),
        lambda figures: (
            ((*_key(figures, each), words.group(way.cause)), way) for each in _divided(figures) for way in each.exits
        ),
    ),
    Detail(
        "cohorts",
        "By when they entered each stage",
        (*_KEYS, Column("Entered from", "day")),
        (
            Field(
                "Maturing",
                "text",
                lambda cohort: "yes" if cohort.maturing else "no",
                "not all could have left by the horizon",
            ),
            Field("Entered", "count", "entered"),
            Field("Had left by the horizon", "likely", "left_by_horizon"),
        ),
        lambda figures: (
            ((*_key(figures, each), cohort.begins), cohort) for each in _divided(figures) for cohort in each.cohorts
        ),
        "cohort",
    ),
    Detail(
        "curves",
        "Share still in each stage, by how long after entering",
        (*_KEYS, Column("Point")),
        (
            Field("Minutes after entering", "count", lambda point: point[0]),
            Field("Still in it", "share", lambda point: point[1]),
            Field("Lowest likely", "share", lambda point: point[2]),
            Field("Highest likely", "share", lambda point: point[3]),
        ),
        lambda figures: (
            ((*_key(figures, each), str(number)), point)
            for each in _divided(figures)
            if (drawn := each.curve) is not None
            for number, point in enumerate(zip(drawn.minutes, drawn.left, drawn.low, drawn.high, strict=True), start=1)
        ),
    ),
    Detail(
        "weeks",
        "Each stage week by week",
        (Column("Stage"), Column("Week beginning", "day"), Column("Remarks")),
        (
            Field("Entered", "count", "arrived"),
            Field("Left", "count", "left"),
            Field("In it at the end", "count", "stock"),
            Field("Fell due", "count", "due"),
            Field("Met in time", "count", "met"),
        ),
        lambda figures: (((stage, week.begins, _remarks(week)), week) for stage, week in _weekly(figures)),
    ),
    Detail(
        "ways_by_week",
        "Ways out of each stage, week by week",
        (Column("Stage"), Column("Week beginning", "day"), Column("Way out")),
        (Field("Left", "count", _itself),),
        lambda figures: (
            ((stage, week.begins, words.group(cause)), count)
            for stage, week in _weekly(figures)
            for cause, count in week.exits.items()
        ),
    ),
    Detail(
        "child_days_by_grade",
        "Child-days at unassessed risk, by week and grade",
        (Column("Week beginning", "day"), Column("Grade")),
        (Field("Child-days", "number", _itself),),
        lambda figures: (
            ((week.begins, words.group(grade)), value)
            for week in figures.child_days.weeks
            for grade, value in week.by_grade.items()
        ),
        "child_days",
    ),
    Detail(
        "quarters",
        "Child-days at unassessed risk, by quarter",
        (Column("Quarter beginning", "day"), Column("Remarks")),
        (
            Field("Child-days", "number", "certain"),
            Field("Up to so many more", "number", "more", "where only the day of a beginning or an end is known"),
        ),
        lambda figures: (
            ((each.begins, "" if each.complete else "so far"), each) for each in figures.child_days.quarters
        ),
        "child_days",
    ),
    Detail(
        "time_use_rests_on",
        "Where the time goes: what it rests on",
        (Column("Of"), Column("Holder"), Column("Stage")),
        (
            Field("Pathways", "count", "pathways"),
            Field("Child-days known to the day alone", "number", "approximate"),
        ),
        lambda figures: (
            ((of, words.holder(each.holder), words.group(each.stage)), each)
            for of, rows in (
                ("Before a first decision", figures.time_use.unassessed),
                ("Until the end", figures.time_use.whole),
            )
            for each in rows
        ),
        "time_use",
    ),
    Detail(
        "waiting_for_a_worker",
        "Children who wait for a worker now",
        (Column("Who"),),
        (
            Field("Children", "count", "count"),
            Field("Median age", "minutes", "median"),
            Field("90th centile of age", "minutes", "ninetieth"),
            Field("Oldest", "minutes", "oldest"),
            Field("Past limit", "count", "past_limit"),
            Field("Without a limit", "count", "without_limit"),
            Field("Known to the day alone", "count", "approximate"),
        ),
        lambda figures: (
            (("Accepted, without a named worker",), figures.capacity.unallocated),
            (("Linked to an open case, not yet reviewed",), figures.front_door.linked_not_reviewed),
        ),
        "open",
    ),
)
