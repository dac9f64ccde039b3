"""Capacity, fairness, what the data cannot tell, and the ledger."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from service.reports.measures.figures import (
    Capacity,
    Correction,
    Count,
    Estimate,
    Quality,
    Split,
    Worker,
)
from service.reports.measures.ledgers import Ledger, LedgerDay
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.few import NOBODY, Few
from service.reports.measures.rules.frame import DAY, Frame, Ints, Mask, Part, Span, edges
from service.reports.measures.rules.pathways import HOLDERS, QUALITY
from service.reports.measures.rules.reckoning import (
    by_way,
    counted,
    done_in_time,
    estimate_of,
    fell_due,
    minutes_of,
    open_now,
    per_week,
    share,
    standing,
)
from service.reports.measures.rules.staying import HORIZONS, told
from service.reports.statistics.fairness import Cut, cuts

_BANDS: Final = (
    ("under 1 day", DAY), ("1 to 3 days", 3 * DAY), ("3 to 7 days", 7 * DAY), ("7 to 14 days", 14 * DAY),
    ("14 to 28 days", 28 * DAY),
)  # fmt: skip
_LONGER: Final = "over 28 days"
#: Of fewer incidents or children than this nothing is said of how children wait.
_FEW: Final = 10
#: Rules of quality that are told of pathways.
_RULES: Final = ("approximate", "out_of_order", "ungraded", "school_unknown")
_CHARACTERISTICS: Final[tuple[Literal["ethnicity", "disability", "age", "sex"], ...]] = (
    "ethnicity", "disability", "age", "sex",
)  # fmt: skip


def capacity(frame: Frame, workers: list[Worker], teams: list[Worker], few: Few = NOBODY) -> Capacity:
    """Who is accepted and has no named worker; caseloads are handed through."""
    waiting = frame.part("allocation")
    here = waiting.that(waiting.is_open)
    ages = here.until - here.start
    names = [*(name for name, _ in _BANDS), _LONGER]
    band = np.searchsorted([below for _, below in _BANDS], ages, side="right")
    few.each("capacity/unallocated_bands/{}", names, here, band)
    bands = dict(zip(names, np.bincount(band, minlength=len(names)).tolist(), strict=True))
    return Capacity(unallocated=open_now(waiting), unallocated_bands=bands, workers=workers, teams=teams)


def fairness(frame: Frame, span: Span, few: Few = NOBODY) -> list[Split]:
    """Waiting for a first decision by characteristic, "not recorded" included."""
    waits = frame.part(stages.UNASSESSED)
    started = waits.began_in(span) & (waits.rows["entry"] == 0)
    due, met = fell_due(waits, span), done_in_time(waits)
    found: list[Split] = []
    for name in _CHARACTERISTICS:
        codes = records.characteristic(waits.rows["who"], name)
        found += _compared(name, codes, waits, started, met, due)
        if few.wanted:
            for said, mask in (("open", waits.is_open), ("median/n", started & waits.exact), ("within/n", due)):
                of = [f"{name}/{group}/{said}" for group in records.GROUPS[name]]
                few.each("fairness/{}", of, waits.that(mask), codes[mask])
    return found


def _compared(
    name: Literal["ethnicity", "disability", "age", "sex"],
    codes: Ints,
    waits: Part,
    started: Mask,
    met: Mask,
    due: Mask,
) -> list[Split]:
    """The groups of one characteristic, each against all the others."""
    horizon = HORIZONS[stages.UNASSESSED]
    there = {group: codes == number for number, group in enumerate(records.GROUPS[name]) if (codes == number).any()}
    begun = {group: waits.that(mask & started) for group, mask in there.items()}
    stand = {group: of.behind for group, of in begun.items()}
    others = {group: _others(group, stand, waits.that(started & ~mask)) for group, mask in there.items()}
    cut = {each.category: each for each in cuts({g: told(of, of.exact) for g, of in begun.items()}, horizon)}
    return [
        Split(
            characteristic=name,
            group=group,
            children=len(begun[group]),
            behind=stand[group],
            open=int((mask & waits.is_open).sum()),
            median=minutes_of(cut[group].median),
            within=share(waits, met, due & mask),
            horizon=horizon,
            left=estimate_of(cut[group].left, cut[group].children),
            difference=estimate_of(cut[group].difference, cut[group].children),
            waits=_way(cut[group], min(stand[group], others[group])),
        )
        for group, mask in there.items()
    ]


def _others(group: str, stand: Mapping[str, int], others: Part) -> int:
    """How many stand at least behind all other groups: those of the largest of them, where these are not few."""
    largest = max((number for name, number in stand.items() if name != group), default=0)
    return largest if largest >= _FEW else others.behind


def _way(cut: Cut, fewest: int) -> Literal["longer", "shorter", "alike"] | None:
    if cut.longer is None or fewest < _FEW:
        return None
    if not cut.signal:
        return "alike"
    return "longer" if cut.longer.value > 0 else "shorter"


def quality(frame: Frame, span: Span, few: Few = NOBODY) -> Quality:
    """What the data cannot tell of pathways that began in the period."""
    pathways = frame.part("pathway")
    here = pathways.that(pathways.began_in(span))
    flags = here.rows["flags"]
    found = {rule: int(((flags >> number) & 1).sum()) for number, rule in enumerate(QUALITY)}
    missing: dict[str, int] = {
        name: int((records.characteristic(here.rows["who"], name) == records.GROUPS[name].index("not recorded")).sum())
        for name in _CHARACTERISTICS
    }
    if few.wanted:
        few.one("quality/pathways", here, here.start > 0)
        for rule in _RULES:
            few.one(f"quality/{rule}", here, here.flagged(1 << QUALITY.index(rule)))
        for name in _CHARACTERISTICS:
            unsaid = records.characteristic(here.rows["who"], name) == records.GROUPS[name].index("not recorded")
            few.one(f"quality/not_recorded/{name}", here, unsaid)
    cannot = {}
    for stage in (stages.UNASSESSED, stages.POLICE_SHARE, *(each.key for each in stages.STAGES)):
        part = frame.part(stage)
        unknown = part.flagged(records.CANNOT_COMPUTE) & (part.due == 0) & (part.rows["entry"] == 0)
        number = int((unknown & part.began_in(span)).sum())
        if number:
            cannot[stage] = number
    entries, late = int(here.rows["due"].sum()), int(here.rows["extra"].sum())
    corrected = frame.part("correction")
    made = corrected.that(corrected.began_in(span))
    corrections = []
    for number in np.unique(made.rows["holder"]):
        of_agency = made.that(made.rows["holder"] == number)
        few.one(f"quality/corrections/{HOLDERS[int(number)]}/corrections", made, made.rows["holder"] == number)
        corrections.append(
            Correction(
                agency=HOLDERS[int(number)],
                corrections=len(of_agency),
                forgave=int(of_agency.flagged(records.FORGAVE).sum()),
            )
        )
    return Quality(
        pathways=len(here),
        cannot_compute=cannot,
        approximate=found["approximate"],
        out_of_order=found["out_of_order"],
        ungraded=found["ungraded"],
        school_unknown=found["school_unknown"],
        not_recorded=missing,
        corrections=corrections,
        recorded_after_a_day=Count(
            key="recorded_after_a_day",
            count=late,
            of=entries,
            share=Estimate(value=late / entries if entries else None, n=entries),
            behind=here.behind_of(here.rows["extra"] > 0),
            behind_parts={"of": here.behind},
        ),
        regraded=_regraded(here),
    )


def _regraded(here: Part) -> list[Count]:
    """From the officer's first grade to the one that stands: groups are of the first, and this shows the movement."""
    grade, now = here.rows["grade"], here.rows["item"]
    moves = np.flatnonzero(np.bincount((grade * 8 + now)[now > 0]))
    return [
        counted(
            f"{records.GRADES[int(move) // 8]} to {records.GRADES[int(move) % 8 - 1]}",
            here,
            now == int(move) % 8,
            grade == int(move) // 8,
        )
        for move in moves
    ]


def _look_behind(few: Few, waits: Part, span: Span) -> None:
    """Who left by each way out, and who stood there when the period began, when it ended and now."""
    came, ended = waits.came, waits.ended
    gone = (waits.end > 0) & (ended >= span.since) & (ended < span.until)
    few.each("ledger/exits/{}", ("", *stages.CAUSES), waits.that(gone), waits.rows["cause"][gone])
    for name, at in (("opening", span.since), ("closing", span.until)):
        few.one(f"ledger/{name}", waits, (came < at) & ((ended == 0) | (ended >= at)))


def ledger(frame: Frame, span: Span, live: int | None, few: Few = NOBODY) -> Ledger:
    """Who entered and left unassessed risk, day by day."""
    waits = frame.part(stages.UNASSESSED)
    days = span.days()
    marks = edges(days)
    moved_in = waits.rows["entry"] > 0
    again = waits.flagged(records.AGAIN) & ~moved_in
    entered = {"new": (waits.dated, ~moved_in & ~again), "reopened": (waits.dated, again),
               "moved_in": (waits.came, moved_in)}  # fmt: skip
    flows = {name: per_week(values[mask], marks) for name, (values, mask) in entered.items()}
    if few.wanted:
        for name, (values, mask) in entered.items():
            few.one(f"ledger/{name}", waits, mask & (values >= span.since) & (values < span.until))
        _look_behind(few, waits, span)
    ended = np.flatnonzero(waits.end > 0)
    ways, gone = by_way(waits.ended[ended], waits.rows["cause"][ended], marks)
    stock = standing(waits.came, waits.ended, marks)
    came = zip(*(flows[name].tolist() for name in ("new", "reopened", "moved_in")), strict=True)
    rows = []
    for day, (opening, closing), (new, reopened, arrived), left in zip(
        days, pairwise(stock.tolist()), came, ways, strict=False
    ):
        rows.append(
            LedgerDay(
                day=day, opening=opening, new=new, reopened=reopened, moved_in=arrived,
                exits={stages.CAUSES[way - 1]: number for way, number in left.items()} if left else {},
                closing=closing, residual=opening + new + reopened + arrived - sum(left.values()) - closing,
            )
        )  # fmt: skip
    standing_now = int(waits.is_open.sum())
    residuals = [abs(row.residual) for row in rows]
    if live is not None:
        few.one("ledger/live", waits, waits.is_open)
        residuals.append(abs(live - standing_now))
    return Ledger(
        days=rows,
        opening=int(stock[0]),
        new=int(flows["new"].sum()),
        reopened=int(flows["reopened"].sum()),
        moved_in=int(flows["moved_in"].sum()),
        exits={stages.CAUSES[way - 1]: number for way, number in gone.items()},
        closing=int(stock[-1]),
        live=live,
        residual=max(residuals, default=0),
    )
