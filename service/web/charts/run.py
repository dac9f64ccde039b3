"""One line of values week by week, with the limits of its usual variation where it has any."""

from collections.abc import Collection, Sequence
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
    rows: tuple[tuple[str, str, str], ...]


def layout(
    *,
    points: Sequence[tuple[date, float | None, str]],
    name: str,
    title: str,
    unit: str = "",
    most: float | None = None,
    limits: tuple[float, float, float, bool] | None = None,
    signals: Collection[int] = (),
    id: str = "run",
) -> RunPicture:
    """Lay the picture out.

    Args:
        points: (day, value or None, why it is drawn without counting) in order.
        name: what the values are.
        title: what the picture is.
        unit: written after each number.
        most: the end of the scale, where it has one.
        limits: (low, centre, high, whether they are trial limits).
        signals: places of points outside the usual variation.
        id: prefix of ids, where a page has several.
    """
    known = [value for _, value, _ in points if value is not None]
    top = most or float(round_up(max([*known, limits[2] if limits else 0.0, 1.0])))
    dots = []
    for place, (day, value, why) in enumerate(points):
        if value is not None:
            kind = "left_out" if why else "signal" if place in signals else "usual"
            title_ = f"{times.day(day)}: {value:,.0f}{unit}{f', {why}' if why else ''}"
            dots.append(Dot(_x(place, len(points)), _y(value, top), kind, title_))
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
        path=" ".join(
            f"{'L' if n else 'M'}{dot.x} {dot.y}" for n, dot in enumerate(d for d in dots if d.kind != "left_out")
        ),
        dots=tuple(dots),
        lines=_lines(limits, top, unit),
        days=tuple(
            Tick(_x(n, len(points)), f"{day.day} {day:%b}" if n % every == 0 else "")
            for n, (day, _, _) in enumerate(points)
        ),
        levels=tuple(Tick(_y(level, top), f"{level:,.4g}{unit}") for level in (0, top / 2, top)),
        name=name,
        rows=tuple(
            (
                times.day(day),
                "not told" if value is None else f"{value:,.0f}{unit}",
                why or ("outside the usual variation" if place in signals else ""),
            )
            for place, (day, value, why) in enumerate(points)
        ),
    )


def _x(place: int, count: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (place / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(value, top) / top, 1)


def _lines(limits: tuple[float, float, float, bool] | None, top: float, unit: str) -> tuple[Line, ...]:
    if limits is None:
        return ()
    low, centre, high, trial = limits
    said = " (trial)" if trial else ""
    wanted = [
        (high, f"usually below {high:,.0f}{unit}{said}", "limit"),
        (centre, f"mean {centre:,.0f}{unit}", "centre"),
        (low, f"usually above {low:,.0f}{unit}{said}", "limit"),
    ]
    lines: list[Line] = []
    for value, text, style in wanted:
        y = _y(value, top)
        lines.append(Line(y, max(y, lines[-1].label_y + _APART) if lines else y, text, style))
    return tuple(lines)
