"""One line of values week by week, with the limits of its usual variation where it has any."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from service.web import times
from service.web.charts.scale import Tick, round_up

WIDTH: Final = 1000
HEIGHT: Final = 270.0
_LEFT: Final = 60.0
_RIGHT: Final = 850.0
_TOP: Final = 24.0
_BOTTOM: Final = 220.0
_MOST_LABELS: Final = 9
_APART: Final = 16.0


class Dot(msgspec.Struct, frozen=True):
    """One value. ``kind``: usual, signal (outside the usual variation), or left_out (drawn without counting)."""

    x: float
    y: float
    kind: str
    title: str


class Line(msgspec.Struct, frozen=True):
    """A line across with its words at the end."""

    y: float
    label_y: float
    text: str
    style: str
    left: float
    right: float


class RunPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``run_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    bottom: float
    path: str
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    name: str
    named: str
    holidays: tuple[Tick, ...]
    changes: tuple[Tick, ...]
    notes: tuple[str, ...]
    top: float
    rows: tuple[tuple[str, str, str], ...]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The usual variation of the points from ``first`` to ``last``; ``trial``: from too few to rely on."""

    first: int
    last: int
    low: float
    centre: float
    high: float
    trial: bool = False


def layout(
    *,
    points: Sequence[tuple[date, float | None, str]],
    name: str,
    title: str,
    unit: str = "",
    most: float | None = None,
    limits: Sequence[Limits] = (),
    signals: Collection[int] = (),
    holidays: Collection[int] = (),
    changes: Sequence[tuple[date, str]] = (),
    named: str = "Week",
    id: str = "run",
) -> RunPicture:
    """Lay the picture out.

    Args:
        points: (day, value or None, why it is drawn without counting) in order.
        name: what the values are.
        title: what the picture is.
        unit: written after each number.
        most: the end of the scale, where it has one.
        limits: of the usual variation, one after the other where they began anew.
        signals: places of points outside the usual variation.
        holidays: places of points with a bank holiday.
        changes: (day, what was changed).
        named: what the day of a point begins.
        id: prefix of ids, where a page has several.
    """
    known = [value for _, value, _ in points if value is not None]
    top = most or float(round_up(max([*known, *(each.high for each in limits), 1.0])))
    dots = []
    for place, (day, value, why) in enumerate(points):
        if value is not None:
            kind = "left_out" if why else "signal" if place in signals else "usual"
            title_ = f"{times.day(day)}: {value:,.0f}{unit}{f', {why}' if why else ''}"
            dots.append(Dot(_x(place, len(points)), _y(value, top), kind, title_))
    inside = [(day, words) for day, words in changes if points and points[0][0] <= day <= points[-1][0]]
    every = -(-len(points) // _MOST_LABELS) or 1
    last = f" The last is {known[-1]:,.0f}{unit}." if known else ""
    return RunPicture(
        id=id,
        title=title,
        desc=f"{len(points)} values.{last} The table below says the same.",
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        bottom=_BOTTOM,
        path=_path(points, top),
        dots=tuple(dots),
        lines=_lines(limits, len(points), top, unit),
        days=tuple(
            Tick(_x(n, len(points)), f"{day.day} {day:%b}" if n % every == 0 else "")
            for n, (day, _, _) in enumerate(points)
        ),
        levels=tuple(Tick(_y(level, top), f"{level:,.4g}{unit}") for level in (0, top / 2, top)),
        name=name,
        named=named,
        holidays=tuple(Tick(_x(n, len(points)), "BH") for n in sorted(holidays)),
        changes=tuple(Tick(_between(day, points), str(number)) for number, (day, _) in enumerate(inside, start=1)),
        notes=tuple(f"{times.day(day)}: {words}" for day, words in inside),
        top=_TOP,
        rows=tuple(
            (
                times.day(day),
                "not told" if value is None else f"{value:,.0f}{unit}",
                ", ".join(_remarks(why, signal=place in signals, holiday=place in holidays)),
            )
            for place, (day, value, why) in enumerate(points)
        ),
    )


def _x(place: int, count: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (place / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(value, top) / top, 1)


def _remarks(why: str, *, signal: bool, holiday: bool) -> Iterator[str]:
    if why:
        yield why
    if signal:
        yield "outside the usual variation"
    if holiday:
        yield "bank holiday"


def _path(points: Sequence[tuple[date, float | None, str]], top: float) -> str:
    """The line through the values that count, broken where one is missing."""
    steps, drawing = [], False
    for place, (_, value, why) in enumerate(points):
        if value is None or why:
            drawing = False
            continue
        steps.append(f"{'L' if drawing else 'M'}{_x(place, len(points))} {_y(value, top)}")
        drawing = True
    return " ".join(steps)


def _between(day: date, points: Sequence[tuple[date, float | None, str]]) -> float:
    """The place of a day between the last point before it and the first from it on."""
    after = min(sum(begins < day for begins, _, _ in points), len(points) - 1)
    before = max(after - 1, 0)
    whole = (points[after][0] - points[before][0]).days
    part = (day - points[before][0]).days / whole if whole else 1.0
    left, right = _x(before, len(points)), _x(after, len(points))
    return round(left + part * (right - left), 1)


def _lines(limits: Sequence[Limits], count: int, top: float, unit: str) -> tuple[Line, ...]:
    """The lines of each span of limits; those that hold now have words at their end."""
    lines: list[Line] = []
    for each in limits:
        now = each is limits[-1]
        said = " (trial)" if each.trial else ""
        below = 0.0
        for value, text, style in (
            (each.high, f"usually below {each.high:,.0f}{unit}{said}", "limit"),
            (each.centre, f"mean {each.centre:,.0f}{unit}", "centre"),
            (each.low, f"usually above {each.low:,.0f}{unit}{said}", "limit"),
        ):
            y = _y(value, top)
            below = max(y, below + _APART) if below else y
            left, right = _x(each.first, count), _RIGHT if now else _x(each.last, count)
            lines.append(Line(y, below, text if now else "", style, left, right))
    return tuple(lines)
