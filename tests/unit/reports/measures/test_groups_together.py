"""What is counted of all groups at once is what is counted of each group alone, digit by digit."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.reports.measures.figures import StageFigures
from service.reports.measures.rules import records, stages, staying
from service.reports.measures.rules.frame import Frame, Part, Span
from service.reports.measures.rules.records import Key, joined, pack
from service.reports.measures.rules.staying import By, Stay, divided, stage_figures
from service.reports.statistics.centiles import Intervals, centiles
from service.reports.statistics.curves import curve, curves
from service.reports.statistics.incidence import Routes, left_by_then, left_of_each
from service.reports.statistics.waits import Waits, together, waits
from tests.fixtures.histories import shipped

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPAN = Span.of(date(2026, 8, 1), date(2026, 11, 20))
STAGE = "contact_decision"


def bins(draw: random.Random, size: int) -> dict[Key, bytes]:
    """Stays of two areas and two districts: some open, some moved here, some known to the day, siblings together."""
    now, found = int(NOW.timestamp()), dict[Key, list[bytes]]()
    for _ in range(size):
        start = now - draw.randint(0, 200 * 86_400)
        end = start + draw.choice([draw.randint(0, 7_200), draw.randint(0, 90 * 86_400)])
        end = 0 if end > now or draw.random() < 0.1 else end
        entry = start + 3_600 if draw.random() < 0.1 and start + 3_600 < (end or now) else 0
        vague = draw.random() < 0.1
        record = pack(
            start=start, end=end, due=start + draw.randint(0, 9 * 86_400) if draw.random() < 0.8 else 0, entry=entry,
            token=draw.randint(0, size), child=draw.randint(0, size), early=draw.randint(0, 1_440) if vague else 0,
            slack=draw.randint(0, 1_440) if vague else 0, flags=records.APPROXIMATE if vague else 0,
            cause=draw.randint(1, len(stages.CAUSES)) if end else 0, grade=draw.randint(0, 3),
        )  # fmt: skip
        key = Key(draw.choice(["359", "350"]), "gmp", draw.choice(["", "Leigh"]), STAGE, date(2026, 1, 1))
        found.setdefault(key, []).append(record)
    return {key: joined(rows) for key, rows in found.items()}


def everybody(part: Part) -> StageFigures:
    """The figures of all records of a part."""
    return stage_figures(part, [Stay(STAGE, "all", "all", np.arange(len(part)))], SPAN)[0]


def alone(part: Part, figures: StageFigures, inside: dict[str, np.ndarray]) -> StageFigures:
    """The same group by itself, with as much detail as it has among the others."""
    found = everybody(part.that(inside[figures.group]))
    kept = msgspec.structs.replace(found, by=figures.by, group=figures.group, cohorts=[], routes=None)
    if figures.by != "grade":
        return msgspec.structs.replace(kept, before=figures.before, bounds=None, curve=None, exits=[])
    without = [msgspec.structs.replace(each, incidence=exit.incidence)
               for each, exit in zip(kept.exits, figures.exits, strict=True)]  # fmt: skip
    return msgspec.structs.replace(kept, exits=without)


@pytest.mark.parametrize("complete", [{}, {"gmp": date(2026, 10, 1)}], ids=["all sent", "sent since October"])
@given(st.integers(0, 2**32), st.sampled_from([1, 30, 300]))
@settings(max_examples=5)
def test_the_figures_of_every_group_are_those_of_the_group_alone(
    complete: dict[str, date], seed: int, size: int
) -> None:
    frame = Frame(bins(random.Random(seed), size), NOW, None, complete)
    part = frame.part(STAGE)
    ready = shipped().calendar(None)
    inside = {name: part.rows["grade"] == number for number, name in enumerate(records.GRADES)}
    inside |= dict((*part.by_place("area"), *part.by_place("district")))
    stays = divided(frame, STAGE, SPAN, ready, "childrens_social_care", ("grade", "area", "district"))
    found = stage_figures(frame.whole, stays, SPAN)
    assert found[0] == everybody(part)
    for each in found[1:]:
        assert each == alone(part, each, inside)


def some(seed: int, *, late: bool) -> Waits:
    """Waits of many lengths, enough of them that ends of intervals are looked for coarsely first."""
    draw = np.random.default_rng(seed)
    size = int(draw.choice([0, 1, 5, 60, 2_000]))
    minutes = draw.integers(0, int(draw.choice([10, 50_000])), size)
    entered = np.where(draw.random(size) < 0.3, draw.integers(0, 600, size), 0) if late else None
    return waits(minutes, draw.integers(0, 4, size), draw.integers(1, 3, size), draw.integers(0, 40, size), entered)


@given(st.lists(st.integers(0, 2**32), min_size=1, max_size=5), st.booleans())
@settings(max_examples=15)
def test_curves_fitted_together_are_those_fitted_alone(seeds: list[int], late: bool) -> None:
    parts = [some(seed, late=late) for seed in seeds]
    rows = np.cumsum([0, *(len(part.minutes) for part in parts)], dtype=np.int64)
    fitted = curves(together(*parts), rows)
    found = Intervals(fitted)
    middles, size = found.centiles((0.5, 0.9)), np.diff(fitted.steps)
    bands = found.bands(np.arange(len(fitted.times)), size)
    for place, part in enumerate(parts):
        one = curve(part)
        np.testing.assert_array_equal(fitted[place].times, one.times)
        np.testing.assert_array_equal(fitted[place].at_risk, one.at_risk)
        np.testing.assert_array_equal(fitted[place].waiting, one.waiting)
        assert middles[place] == centiles(one, (0.5, 0.9))
        steps = np.arange(len(one.times))
        for ours, theirs in zip(bands, Intervals(one.alone()).bands(steps, size[place : place + 1]), strict=True):
            np.testing.assert_array_equal(ours[fitted.steps[place] : fitted.steps[place + 1]], theirs)
    for minutes, cause in product((0, 300), (None, 2)):
        each = [left_by_then(curve(part), minutes, cause) for part in parts]
        assert left_of_each(fitted, minutes, cause) == each
        assert left_of_each(fitted, np.full(len(parts), minutes), cause) == each


@given(st.integers(0, 2**32), st.booleans(), st.sampled_from([0, 7, 300, 9_000]))
@settings(max_examples=15)
def test_every_route_at_once_is_each_route_alone(seed: int, late: bool, minutes: int) -> None:
    fitted = curve(some(seed, late=late))
    assert Routes(fitted).left(minutes, [3, 1, 9]) == [left_by_then(fitted, minutes, cause) for cause in (3, 1, 9)]


@given(st.integers(0, 2**32), st.sampled_from([3, 30, 300]))
@settings(max_examples=15)
def test_a_period_that_saw_nobody_else_has_the_median_of_those_who_entered_in_it(seed: int, size: int) -> None:
    # Of some groups of this year everybody was seen from the start, of others somebody came later.
    frame = Frame(bins(random.Random(seed), size), NOW, None, {})
    year = Span.of(date(2026, 1, 1), date(2026, 11, 20))
    ways: Sequence[By] = ("grade", "area", "district")
    stays = divided(frame, STAGE, year, shipped().calendar(None), "childrens_social_care", ways)

    found = stage_figures(frame.whole, stays, year)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(staying, "_nobody_else", lambda groups, *_: np.zeros(len(groups), np.bool_))
        assert stage_figures(frame.whole, stays, year) == found
