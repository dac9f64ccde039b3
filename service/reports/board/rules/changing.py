"""Is it changing? What enters each stage, how much of it is within its limit, and whether the number waiting grows.

Flows and shares have charts with limits; a stock has none, and its weekly net change is tested. Weeks with few events
are taken together by four; where even those hold few, the time between events is charted for whoever may be told days.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from service.reports.board.rules import words
from service.reports.board.rules.delays import stage_name
from service.reports.board.rules.tables import Column, Table
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, Queue, Week
from service.reports.statistics import rare, xmr
from service.reports.statistics.series import (
    WEEKS_TOGETHER,
    Grain,
    Tally,
    flow_points,
    four_weeks,
    grain,
    share_points,
)
from service.reports.statistics.stocks import NetChange, net_change
from service.reports.statistics.variation import (
    Assurance,
    Variation,
    assurance,
    assurance_words,
    variation,
    variation_words,
)
from service.reports.statistics.xmr import Change, Chart, Rule
from service.web.words import listed

#: Weeks over which a stock's net change is tested.
STOCK_WEEKS: Final = 13
#: Fewer told weeks than this are no series.
_LEAST: Final = 5
#: Everybody within the limit: what a process is held against.
_ALL: Final = 1.0
_PERIODS: Final[dict[Grain, str]] = {"weeks": "week", "four_weeks": "four weeks", "between_events": "event"}


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One chart with what it says. ``since_told``: earlier weeks hold numbers that this reader is not told."""

    of: Literal["flow", "share"]
    grain: Grain
    chart: Chart
    variation: Variation
    rules: tuple[Rule, ...]
    assurance: Assurance | None
    since_told: bool

    @property
    def period(self) -> str:
        """What one of its points is of."""
        return _PERIODS[self.grain]

    @property
    def trial(self) -> bool:
        """Whether its limits come from too few points to rely on."""
        return self.chart.limits is not None and self.chart.limits.trial

    @property
    def says(self) -> str:
        """Variation and assurance in words."""
        said = variation_words(self.variation, self.rules, trial=self.trial)
        if self.assurance is not None:
            said += f" {assurance_words(self.assurance, self.period)}"
        return said


class Changing(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said of the change of one stage."""

    stage: str
    flow: Series | None
    share: Series | None
    net: NetChange | None


def changing(queue: Queue, changes: Sequence[Change] = ()) -> Changing:
    """What can be said of one stage.

    Args:
        queue: the stage week by week, as its reader may see it.
        changes: of the process, to annotate.
    """
    weeks = since_anybody(queue.weeks)
    stocks = [week.stock for week in weeks if week.complete][-STOCK_WEEKS - 1 :]
    told = not any(is_hidden(stock) for stock in stocks)
    return Changing(
        stage=queue.stage,
        flow=_flow(queue, weeks, changes),
        share=_share(weeks, changes),
        net=net_change(stocks) if told else None,
    )


def since_anybody(weeks: Sequence[Week]) -> list[Week]:
    """Weeks from the first whole one: before anybody was recorded there is nothing to chart, not even nought."""
    empty = next((n for n, week in enumerate(weeks) if week.arrived != 0 or week.stock != 0), len(weeks))
    return list(weeks[empty + 1 if empty else 0 :])


def _told(weeks: Sequence[Week], *names: str) -> list[Week]:
    """The weeks after the last of which a number is not told: left out, the weeks between would mislead."""
    secret = [n for n, week in enumerate(weeks) if any(is_hidden(getattr(week, name)) for name in names)]
    return list(weeks[secret[-1] + 1 if secret else 0 :])


def _flow(queue: Queue, weeks: Sequence[Week], changes: Sequence[Change]) -> Series | None:
    told = _told(weeks, "arrived")
    if sum(week.complete for week in told) < _LEAST:
        return None
    tallies = [
        Tally(begins=w.begins, events=w.arrived, complete=w.complete, settled=w.settled, bank_holiday=w.bank_holiday)
        for w in told
    ]
    wanted = grain(tallies)
    if wanted == "between_events":
        # Days of single events are told to nobody who sees figures alone.
        chart = rare.time_chart(queue.days, changes) if len(queue.days) >= _LEAST else None
    else:
        chart = _charted(flow_points(_grained(tallies, wanted)), wanted, changes, ceiling=None)
    return None if chart is None else _series("flow", wanted, chart, cut=len(told) < len(weeks))


def _share(weeks: Sequence[Week], changes: Sequence[Change]) -> Series | None:
    told = _told(weeks, "due", "met")
    tallies = [
        Tally(
            begins=w.begins,
            events=w.met,
            of=w.due,
            complete=w.complete,
            settled=w.settled,
            bank_holiday=w.bank_holiday,
        )
        for w in told
    ]
    if sum(bool(tally.complete and tally.of) for tally in tallies) < _LEAST:
        return None
    wanted = grain(tallies)
    if wanted == "between_events":
        return None
    chart = _charted(share_points(_grained(tallies, wanted)), wanted, changes, ceiling=_ALL)
    return _series("share", wanted, chart, cut=len(told) < len(weeks))


def _grained(tallies: Sequence[Tally], wanted: Grain) -> Sequence[Tally]:
    return four_weeks(tallies) if wanted == "four_weeks" else tallies


def _charted(points: list[xmr.Point], wanted: Grain, changes: Sequence[Change], ceiling: float | None) -> Chart:
    baseline = xmr.BASELINE // WEEKS_TOGETHER if wanted == "four_weeks" else xmr.BASELINE
    return xmr.chart(points, changes=changes, floor=0, ceiling=ceiling, baseline=baseline)


def _series(of: Literal["flow", "share"], wanted: Grain, chart: Chart, *, cut: bool) -> Series:
    found, rules = variation(chart, "up" if of == "share" else None)
    return Series(
        of=of,
        grain=wanted,
        chart=chart,
        variation=found,
        rules=rules,
        assurance=assurance(chart.limits, _ALL, "up") if of == "share" else None,
        since_told=cut,
    )


def net_words(net: NetChange | None) -> str:
    """Whether a stock grows, in words."""
    if net is None:
        return "Not known: too few weeks are there, or may be told."
    if net.low is None or net.high is None:
        return "Not known: too few weeks."
    size = f"{_signed(net.weekly)} a week ({_signed(net.low)} to {_signed(net.high)}, over {net.weeks} weeks)"
    if net.low > 0:
        return f"Signal: it grows, {size}."
    if net.high < 0:
        return f"Signal: it falls, {size}."
    return f"No signal: {size}."


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):,.1f}".removesuffix(".0")


def _entering(found: Series | None) -> str:
    if found is None:
        return "Not known: too few, or too few may be told."
    if found.chart.limits is None:
        return found.says
    centre = found.chart.limits.centre
    usual = f"{centre:,.0f} days apart" if found.grain == "between_events" else f"{centre:,.0f} in {_one(found.period)}"
    return f"Usually {usual}. {found.says}"


def _one(period: str) -> str:
    return period if period.startswith("four") else f"a {period}"


def _within(found: Series | None) -> str:
    if found is None:
        return "Not known: too few, or too few may be told."
    if found.chart.limits is None:
        return found.says
    return f"Usually {found.chart.limits.centre:.0%} of {_one(found.period)}. {found.says}"


def _lead(figures: BoardFigures, every: Sequence[Changing]) -> str:
    """Which stages change, by the lines of the table."""
    nets = [(each.stage, each.net) for each in every if each.net is not None]
    said = {
        "more and more wait": [stage for stage, net in nets if net.low is not None and net.low > 0],
        "fewer and fewer wait": [stage for stage, net in nets if net.high is not None and net.high < 0],
        "the number that enters differs from before": [each.stage for each in every if _moves(each.flow)],
        "the share within the limit differs from before": [each.stage for each in every if _moves(each.share)],
    }
    found = [
        f"{what} in {listed([f'“{stage_name(figures, stage)}”' for stage in stages])}"
        for what, stages in said.items()
        if stages
    ]
    if not found:
        return "In no stage does anything differ from before by more than it usually varies."
    return f"Judged by itself, {'; '.join(found)}."


def _moves(found: Series | None) -> bool:
    return found is not None and found.variation not in ("steady", "not_known")


def table(figures: BoardFigures, changes: Sequence[Change] = ()) -> Table:
    """Every stage that has weeks, in words."""
    rows: list[tuple[Any, ...]] = []
    every = [(queue, changing(queue, changes)) for queue in figures.queues]
    for queue, found in every:
        waiting = next((week.stock for week in reversed(queue.weeks) if week.complete), None)
        rows.append(
            (
                stage_name(figures, queue.stage),
                words.count(waiting),
                net_words(found.net),
                _entering(found.flow),
                _within(found.share),
            )
        )
    return Table(
        key="changing",
        title="Is it changing? Stage by stage",
        columns=(
            Column("Stage"),
            Column("At the end of last week", means="how many were in the stage"),
            Column("Does the number waiting grow?", means="its weekly net change, over thirteen weeks"),
            Column("Entering: variation", means="how many enter the stage"),
            Column("Within the limit: variation and assurance", means="of those whose limit fell in the week"),
        ),
        rows=tuple(rows),
        lead=_lead(figures, [found for _, found in every]),
        means="Limits come from the first 26 weeks that are shown and stay; they begin again only where somebody "
        "marked a change and said that it is another process since. Under ten events a week, four weeks are taken "
        "together; under ten in four weeks the time between events is charted.",
        notes=(
            "Each line is judged by itself, so that one or two of so many may show a signal by chance. The findings "
            "at the head of the report judge all of it together.",
        ),
    )
