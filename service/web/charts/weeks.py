"""Stacked bars week by week, with the limits of the usual variation and the changes somebody made.

Parts are told apart by pattern and order, not only by shade. A part that is not told to this reader is drawn within
what is left of the week's total; a week whose total is not told has no bar.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from service.web import times
from service.web.charts.scale import Tick, round_up, width_of

WIDTH: Final = 1000
HEIGHT: Final = 310.0
_LEFT: Final = 60.0
_RIGHT: Final = 850.0
_TOP: Final = 62.0
_BOTTOM: Final = 262.0
#: Patterns there are for parts; what is left stands in the last.
PATTERNS: Final = 6
_MOST_LABELS: Final = 9
_APART: Final = 16.0


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """One week. ``parts`` are by the keys of the picture's parts; None is not told.

    ``shown`` is how the table says each number, where it is not the number itself.
    """

    begins: date
    total: float | None
    parts: dict[str, float | None]
    said: dict[str, str] = {}
    said_total: str = ""
    complete: bool = True
    bank_holiday: bool = False
    signal: bool = False


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The usual variation: of the weeks from ``first`` on; ``trial``: from too few to rely on."""

    centre: float
    low: float
    high: float
    trial: bool = False


class Block(msgspec.Struct, frozen=True):
    """One part of one bar."""

    x: float
    y: float
    width: float
    height: float
    pattern: int
    title: str


class Mark(msgspec.Struct, frozen=True):
    """A numbered change, or a word under a bar."""

    x: float
    text: str


class Level(msgspec.Struct, frozen=True):
    """A line of the limits with its words at the end; ``label_y`` keeps the words apart."""

    y: float
    label_y: float
    text: str
    style: str


class Key(msgspec.Struct, frozen=True):
    """What a pattern means."""

    x: float
    y: float
    pattern: int
    text: str


class WeeksPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``weeks_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    left: float
    right: float
    top: float
    bottom: float
    bar: float
    keys: tuple[Key, ...]
    blocks: tuple[Block, ...]
    unfinished: tuple[Block, ...]
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    lines: tuple[Level, ...]
    holidays: tuple[Mark, ...]
    signals: tuple[Mark, ...]
    changes: tuple[Mark, ...]
    notes: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str, str], ...]


def layout(
    *,
    weeks: Sequence[Week],
    parts: Sequence[tuple[str, str]],
    title: str,
    unit: str,
    limits: Limits | None = None,
    changes: Sequence[tuple[date, str]] = (),
    id: str = "weeks",
) -> WeeksPicture:
    """Lay the picture out.

    Args:
        weeks: in order, without gaps.
        parts: (key, name) from the bottom up; at most ``PATTERNS - 1``.
        title: what the picture is.
        unit: of the numbers, as "child-days".
        limits: of the usual variation of the total.
        changes: (day, what was changed).
        id: prefix of ids, where a page has several.

    Raises:
        ValueError: more parts than patterns.
    """
    if len(parts) >= PATTERNS:
        raise ValueError(f"at most {PATTERNS - 1} parts")
    known = [week.total for week in weeks if week.total is not None]
    top = float(round_up(max([*known, limits.high if limits else 0.0, 1.0])))
    slot = (_RIGHT - _LEFT) / max(len(weeks), 1)
    bar = round(min(slot * 0.78, 60.0), 1)
    blocks: list[Block] = []
    unfinished: list[Block] = []
    rest = False
    for number, week in enumerate(weeks):
        drawn, left_over = _bar(week, parts, _LEFT + (number + 0.5) * slot - bar / 2, bar, top)
        (blocks if week.complete else unfinished).extend(drawn)
        rest = rest or left_over
    marked = [(day, words) for day, words in changes if weeks and weeks[0].begins <= day < weeks[-1].begins + _WEEK]
    every = -(-len(weeks) // _MOST_LABELS) or 1
    places = [_LEFT + (number + 0.5) * slot for number in range(len(weeks))]
    return WeeksPicture(
        id=id,
        title=title,
        desc=_desc(weeks, unit, limits, marked),
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        bar=bar,
        keys=_keys(parts, rest=rest),
        blocks=tuple(blocks),
        unfinished=tuple(unfinished),
        days=tuple(
            Tick(round(x, 1), f"{week.begins.day} {week.begins:%b}" if number % every == 0 else "")
            for number, (x, week) in enumerate(zip(places, weeks, strict=True))
        ),
        levels=tuple(Tick(_y(level, top), f"{level:,.4g}") for level in (0, top / 2, top)),
        lines=_lines(limits, top),
        holidays=tuple(Mark(round(x, 1), "BH") for x, week in zip(places, weeks, strict=True) if week.bank_holiday),
        signals=tuple(
            Mark(round(x, 1), f"{_y(week.total or 0, top) - 8:.1f}")
            for x, week in zip(places, weeks, strict=True)
            if week.signal and week.total is not None
        ),
        changes=tuple(Mark(_at(day, weeks, slot), str(number)) for number, (day, _) in enumerate(marked, start=1)),
        notes=tuple(f"{times.day(day)}: {words}" for day, words in marked),
        names=tuple(name for _, name in parts),
        rows=tuple(_row(week, parts) for week in weeks),
    )


_WEEK: Final = timedelta(days=7)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(value, top) / top, 1)


def _at(day: date, weeks: Sequence[Week], slot: float) -> float:
    return round(_LEFT + (day - weeks[0].begins).days / 7 * slot, 1)


def _bar(week: Week, parts: Sequence[tuple[str, str]], x: float, width: float, top: float) -> tuple[list[Block], bool]:
    """The blocks of a bar from the bottom up, and whether something of it is not told apart."""
    if week.total is None:
        return [], False
    drawn, at = [], 0.0
    told = [(n, name, week.parts.get(key)) for n, (key, name) in enumerate(parts)]
    pieces = [(n, name, value) for n, name, value in told if value]
    rest = week.total - sum(value for _, _, value in pieces if value)
    hidden = any(value is None and key in week.parts for key, value in week.parts.items())
    if hidden and rest > 0:
        pieces.append((PATTERNS - 1, "Not told apart", rest))
    for pattern, name, value in pieces:
        upper, lower = _y(at + (value or 0), top), _y(at, top)
        title = f"{name}, week of {times.day(week.begins)}: {value or 0:,.0f}"
        drawn.append(Block(round(x, 1), upper, width, round(lower - upper, 1), pattern, title))
        at += value or 0
    return drawn, hidden and rest > 0


def _keys(parts: Sequence[tuple[str, str]], *, rest: bool) -> tuple[Key, ...]:
    named = [(n, name) for n, (_, name) in enumerate(parts)]
    if rest:
        named.append((PATTERNS - 1, "Not told apart"))
    keys, x, y = [], _LEFT, 6.0
    for pattern, name in named:
        wide = 30 + width_of(name) + 18
        if x + wide > WIDTH:
            x, y = _LEFT, y + 24
        keys.append(Key(round(x, 1), y, pattern, name))
        x += wide
    return tuple(keys)


def _lines(limits: Limits | None, top: float) -> tuple[Level, ...]:
    if limits is None:
        return ()
    trial = " (trial)" if limits.trial else ""
    wanted = [
        (limits.high, f"usually below {limits.high:,.0f}{trial}", "limit"),
        (limits.centre, f"mean {limits.centre:,.0f}", "centre"),
    ]
    if limits.low > 0:
        wanted.append((limits.low, f"usually above {limits.low:,.0f}{trial}", "limit"))
    lines: list[Level] = []
    for value, text, style in wanted:
        y = _y(value, top)
        label = max(y, lines[-1].label_y + _APART) if lines else y
        lines.append(Level(y, label, text, style))
    return tuple(lines)


def _desc(weeks: Sequence[Week], unit: str, limits: Limits | None, changes: Sequence[tuple[date, str]]) -> str:
    whole = [week for week in weeks if week.complete and week.total is not None]
    said = f"{len(weeks)} weeks of {unit}."
    if whole:
        said += f" The last whole week had {whole[-1].total:,.0f}, the first {whole[0].total:,.0f}."
    if limits:
        said += f" Weeks usually lie between {max(limits.low, 0):,.0f} and {limits.high:,.0f}."
    if changes:
        said += f" {len(changes)} changes are marked."
    return f"{said} The table below says the same."


def _row(week: Week, parts: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...], str, str]:
    def say(key: str) -> str:
        value = week.parts.get(key, 0.0)
        return week.said.get(key) or ("not shown" if value is None else f"{value:,.1f}")

    total = week.said_total or ("not shown" if week.total is None else f"{week.total:,.1f}")
    remarks = [
        *(["so far"] if not week.complete else []),
        *(["bank holiday"] if week.bank_holiday else []),
        *(["outside the usual variation"] if week.signal else []),
    ]
    return times.day(week.begins), tuple(say(key) for key, _ in parts), total, ", ".join(remarks)
