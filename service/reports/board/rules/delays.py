"""Tables of delay: child-days by week and holder, stages, and where the time goes."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from service.reports.board.rules import words
from service.reports.board.rules.tables import NOBODY, Column, Table
from service.reports.disclosure.hidden import is_hidden, number
from service.reports.measures.child_time import Spent
from service.reports.measures.figures import BoardFigures, Open, StageFigures

#: Stages on the picture, in the order of a child's way.
CHAIN: Final = (
    "police_share", "in_transit", "contact_decision", "allocation", "accepted_not_seen", "awaiting_strategy",
    "under_enquiry", "conference",
)  # fmt: skip
#: Stages that are told apart besides: what stands under the headline.
WHOLES: Final = ("unassessed", "whole")


def definition(figures: BoardFigures, key: str) -> str:
    """What a figure means."""
    return next((each.words for each in figures.definitions if each.key == key), "")


def counted(figures: BoardFigures, key: str) -> str:
    """Who is counted in a stage: children, incidents, meetings."""
    return next((each.counts for each in figures.definitions if each.key == key), "children")


def stage_name(figures: BoardFigures, key: str) -> str:
    """A stage by its name."""
    return next((each.name for each in figures.definitions if each.key == key), key)


def holders(figures: BoardFigures) -> list[str]:
    """Holders of child-days, the most first; those that cannot be told apart last."""
    found = figures.child_days.by_holder
    weekly = {key for week in figures.child_days.weeks for key in week.by_holder}
    return sorted({*found, *weekly}, key=lambda key: (-(number(found.get(key)) or 0), key))


def child_days(figures: BoardFigures) -> Table:
    """Child-days at unassessed risk by week."""
    keys = holders(figures)
    return Table(
        key="child_days",
        title="Child-days at unassessed risk, by week and who held the child",
        columns=(
            Column("Week beginning", "day"),
            *(Column(words.holder(key), "number") for key in keys),
            Column("All", "number"),
            Column("Up to so many more", "number", "where only the day of a beginning or an end is known"),
            Column("Remarks"),
        ),
        rows=tuple(
            (
                week.begins,
                *(week.by_holder.get(key, 0.0) for key in keys),
                week.certain,
                week.more,
                ", ".join(_remarks(week.complete, week.bank_holiday)),
            )
            for week in figures.child_days.weeks
        ),
        means=definition(figures, "child_days"),
    )


def _remarks(complete: bool, holiday: bool) -> Iterable[str]:
    if not complete:
        yield "so far"
    if holiday:
        yield "bank holiday"


STAGE_COLUMNS: Final = (
    Column("Stage"),
    Column("Group"),
    Column("In it now", "count", "children, or incidents of the police, in the stage at the report's instant"),
    Column("Median age", "minutes", "of those in it now"),
    Column("90th centile of age", "minutes", "of those in it now"),
    Column("Oldest", "minutes", "of those in it now"),
    Column("Past limit", "count"),
    Column("Entered", "count", "in the period"),
    Column("Left", "count", "in the period"),
    Column("Half have left after", "lasting", "of those who entered; open ones counted as still waiting"),
    Column("Nine in ten after", "lasting", "of those who entered; open ones counted as still waiting"),
    Column("At this period's rates", "lasting", "the median of a child who met this period's rates of leaving"),
    Column("At the last period's", "lasting", "the same of the period before"),
    Column("Within standard", "likely", "of those whose limit fell in the period"),
    Column("Known to the day alone", "count"),
)


def stage_rows(figures: BoardFigures, chosen: Iterable[StageFigures]) -> tuple[tuple[Any, ...], ...]:
    """One row for each stage and group."""
    return tuple(
        (
            stage_name(figures, each.stage),
            words.group(each.group),
            each.open.count,
            *_ages(each.open),
            each.open.past_limit,
            each.entered,
            each.left,
            each.median,
            each.ninetieth,
            each.current,
            each.before,
            each.within.share if each.within else None,
            each.completeness.approximate,
        )
        for each in chosen
    )


def _ages(found: Open) -> tuple[Any, ...]:
    """How long those in a stage have been there: median, 90th centile, oldest."""
    if not is_hidden(found.count) and found.count == 0:
        return (NOBODY,) * 3
    return found.median, found.ninetieth, found.oldest


def stages(figures: BoardFigures) -> Table:
    """Every stage by grade."""
    order = {key: place for place, key in enumerate((*WHOLES, *CHAIN))}
    chosen = [each for each in figures.stages if each.by in {"all", "grade"}]
    chosen.sort(key=lambda each: order.get(each.stage, len(order)))
    return Table(
        key="stages",
        title="How long each stage takes, and who is in it now",
        columns=STAGE_COLUMNS,
        rows=stage_rows(figures, chosen),
        means=f"Open ones are never left out. {words.IN_EACH} Groups are by the officer's first grade.",
    )


def stage_groups(figures: BoardFigures, stage: str) -> Table:
    """One stage, which its page names, by everything it is divided by."""
    chosen = [each for each in figures.stages if each.stage == stage]
    return Table(
        key=f"stage_{stage}",
        title="By grade, area, district, force and hours",
        columns=STAGE_COLUMNS[1:],
        rows=tuple(row[1:] for row in stage_rows(figures, chosen)),
    )


def exits(figures: BoardFigures, stage: StageFigures) -> Table:
    """The ways out of a stage."""
    return Table(
        key=f"exits_{stage.stage}",
        title=f"Ways out: {stage_name(figures, stage.stage)}",
        columns=(
            Column("Way out"),
            Column("In the period", "count"),
            Column("Median", "minutes", "of those who left this way"),
            Column("Share that leaves this way", "likely", f"within {words.length(stage.horizon)} of entering"),
        ),
        rows=tuple((words.group(each.cause), each.count, each.median, each.incidence) for each in stage.exits),
    )


def cohorts(figures: BoardFigures, stage: StageFigures) -> Table:
    """Who entered when, followed to one horizon."""
    return Table(
        key=f"cohorts_{stage.stage}",
        title=f"By when they entered: {stage_name(figures, stage.stage)}",
        columns=(
            Column("Entered from", "day"),
            Column("Entered", "count"),
            Column("Had left by the horizon", "likely", f"within {words.length(stage.horizon)}"),
            Column("Remarks"),
        ),
        rows=tuple(
            (
                each.begins,
                each.entered,
                each.left_by_horizon,
                "maturing: not all could have left" if each.maturing else "",
            )
            for each in stage.cohorts
        ),
        means=definition(figures, "cohort"),
    )


def time_use(figures: BoardFigures) -> list[Table]:
    """Where the time goes before a first decision, and from then to the end."""
    means = definition(figures, "time_use")
    found = figures.time_use
    told = f"In all {words.number(found.total)} child-days; {words.number(found.before)} in the period before."
    return [
        _spent("time_use", "Where the time goes before a first decision", found.unassessed, means, (told,)),
        _spent("time_use_whole", "Where the time goes from beginning to end", found.whole, means, ()),
    ]


def _spent(key: str, title: str, rows: Sequence[Spent], means: str, notes: tuple[str, ...]) -> Table:
    return Table(
        key=key,
        title=title,
        columns=(
            Column("Holder"),
            Column("Stage"),
            Column("Child-days", "number"),
            Column("In working time", "number"),
            Column("Out of hours", "number"),
            Column("Waiting on a partner", "number"),
            Column("In the period before", "number"),
            Column("Change", "number"),
            Column("Share of the change", "share"),
        ),
        rows=tuple(
            (
                words.holder(each.holder),
                words.group(each.stage),
                each.total,
                each.working,
                each.out_of_hours,
                each.waiting_on_partner,
                each.before,
                each.change,
                each.share_of_change,
            )
            for each in rows
        ),
        means=means,
        notes=notes,
    )


def bouncing(figures: BoardFigures) -> Table:
    """Pathways that came back to a holder who had passed them on, by which way."""
    found = figures.bouncing
    return Table(
        key="bouncing",
        title="Paths that bounce: who passed a child on and got it back",
        columns=(Column("From, and back to"), Column("Times", "count", "in the period")),
        rows=tuple((_way(each.way), each.count) for each in found.ways),
        means=definition(figures, "bouncing"),
        notes=(
            f"{words.count(found.pathways)} of {words.count(found.of)} pathways begun in the period have come back.",
        ),
    )


def _way(way: str) -> str:
    one, _, other = way.partition(" to ")
    return f"{words.holder(one)} back to {words.holder(other).lower()}"
