"""Two lines over days: what arrived and what was cleared. Told apart by dash, mark and name, not only colour."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from service.web import times
from service.web.charts.scale import Tick, round_up

WIDTH: Final = 1000
HEIGHT: Final = 260.0
_LEFT: Final = 60.0
_RIGHT: Final = 830.0
_TOP: Final = 20.0
_BOTTOM: Final = 215.0
_MOST_LABELS: Final = 8
_APART: Final = 18.0


class Point(msgspec.Struct, frozen=True):
    """One day of one line."""

    x: float
    y: float
    title: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line with its name at its end."""

    name: str
    style: str
    path: str
    points: tuple[Point, ...]
    label_y: float


class TrendPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``trend_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    bottom: float
    lines: tuple[Line, Line]
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    names: tuple[str, str]
    rows: tuple[tuple[str, int, int], ...]


def layout(
    *,
    days: Sequence[tuple[date, int, int]],
    names: tuple[str, str],
    title: str,
    id: str = "trend",
) -> TrendPicture:
    """Lay the picture out.

    Args:
        days: (day, count of the first line, count of the second), in order, without gaps.
        names: of the two lines.
        title: what the picture is.
        id: prefix of ids, where a page has several.
    """
    top = round_up(max((max(a, b) for _, a, b in days), default=1) or 1)
    first = _line(names[0], "a", [(day, a) for day, a, _ in days], top)
    second = _line(names[1], "b", [(day, b) for day, _, b in days], top)
    if abs(first.label_y - second.label_y) < _APART:
        upper, lower = (first, second) if first.label_y <= second.label_y else (second, first)
        middle = (upper.label_y + lower.label_y) / 2
        moved = {
            upper.style: msgspec.structs.replace(upper, label_y=middle - _APART / 2),
            lower.style: msgspec.structs.replace(lower, label_y=middle + _APART / 2),
        }
        first, second = moved["a"], moved["b"]
    every = -(-len(days) // _MOST_LABELS) or 1
    sums = [sum(a for _, a, _ in days), sum(b for _, _, b in days)]
    return TrendPicture(
        id=id,
        title=title,
        desc=f"{names[0]}: {sums[0]} and {names[1]}: {sums[1]} over {len(days)} days. The table below says the same.",
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        bottom=_BOTTOM,
        lines=(first, second),
        days=tuple(
            Tick(_x(n, len(days)), f"{day.day} {day:%b}" if n % every == 0 else "")
            for n, (day, _, _) in enumerate(days)
        ),
        levels=tuple(Tick(_y(level, top), f"{level:g}") for level in _levels(top)),
        names=names,
        rows=tuple((times.day(day), a, b) for day, a, b in days),
    )


def _levels(top: int) -> list[float]:
    return [0, top / 2, top] if top % 2 == 0 else [0, top]


def _x(number: int, count: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (number / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float, top: int) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * value / top, 1)


def _line(name: str, style: str, values: Sequence[tuple[date, int]], top: int) -> Line:
    points = tuple(
        Point(_x(n, len(values)), _y(value, top), f"{name}, {times.day(day)}: {value}")
        for n, (day, value) in enumerate(values)
    )
    path = " ".join(f"{'L' if n else 'M'}{point.x} {point.y}" for n, point in enumerate(points))
    last = points[-1].y if points else _BOTTOM
    return Line(name=name, style=style, path=path, points=points, label_y=last)
