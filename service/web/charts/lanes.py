"""The lane picture of a pathway: one lane per agency, time left to right.

Milestones are numbered marks, holder spans are bars with their length written on them, due times are
ticks with lateness hatched behind them, and now is a line. The rows of ``table`` say the same.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from service.web import times
from service.web.charts.scale import Tick, TimeScale, width_of

WIDTH: Final = 1000
_LEFT: Final = 175.0
_RIGHT: Final = 985.0
_TOP: Final = 46.0
_LANE: Final = 88.0
_MARK_GAP: Final = 21.0


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody held the child from when until when (None: still)."""

    lane: str
    since: datetime
    until: datetime | None
    what: str = ""
    approximate: bool = False


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; ``on`` where only the day is known (drawn at local noon, and said so)."""

    lane: str
    title: str
    at: datetime | None = None
    on: date | None = None


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A time by which a lane's agency owed something; ``met`` is when it came, None for not yet.

    ``said`` is the due time in words where its own would mislead: "the end of Mon 2 Nov".
    """

    lane: str
    title: str
    at: datetime
    met: datetime | None = None
    said: str = ""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A span as drawn. The text stands inside, beside or nowhere (the table has it)."""

    x: float
    y: float
    width: float
    text: str
    text_x: float | None
    inside: bool
    title: str
    style: str


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A mark as drawn: the number stands at ``x``, a line leads to where it happened."""

    number: int
    x: float
    true_x: float
    y: float
    title: str


class DueTick(msgspec.Struct, frozen=True, kw_only=True):
    """A due time as drawn, with its stretch of lateness."""

    x: float
    y: float
    text: str
    anchor: str
    late_width: float
    title: str


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One agency."""

    label: tuple[str, ...]
    y: float
    odd: bool


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table, in order of time. ``number`` is the mark's in the picture."""

    number: int | None
    when: str
    what: str
    who: str
    length: str = ""


class LanePicture(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the macro ``lane_picture`` draws."""

    id: str
    title: str
    desc: str
    width: int
    height: float
    top: float
    left: float
    lane_height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    dues: tuple[DueTick, ...]
    now_x: float | None
    table: tuple[Row, ...]


def layout(
    *,
    lanes: Sequence[tuple[str, str]],
    spans: Sequence[Span],
    marks: Sequence[Mark],
    dues: Sequence[Due],
    now: datetime,
    title: str,
    id: str = "lanes",
    closed: bool = False,
) -> LanePicture:
    """Lay the picture out.

    Args:
        lanes: (key, name) from top to bottom; a lane without anything in it may be left out by the caller.
        spans: who held the child; each key must be a lane.
        marks: milestones in any order.
        dues: the due times worth showing.
        now: where the line stands; also the end of what is still open.
        title: what the picture is, without a name.
        id: prefix of ids, where a page has several.
        closed: draw no line for now, and end with what happened last.
    """
    placed = sorted(((mark, _instant(mark)) for mark in marks), key=lambda pair: pair[1])
    scale = _scale(spans, [at for _, at in placed], dues, now, closed=closed)
    rows = {key: number for number, (key, _) in enumerate(lanes)}
    top = {key: _TOP + number * _LANE for key, number in rows.items()}
    numbered = [(number, mark, at) for number, (mark, at) in enumerate(placed, start=1)]
    bars = tuple(bar for key, _ in lanes for bar in _bars([s for s in spans if s.lane == key], scale, top, now))
    names = dict(lanes)
    table = _table(spans, numbered, dues, names, now)
    late = sum(1 for due in dues if (due.met or now) > due.at)
    return LanePicture(
        id=id,
        title=title,
        desc=(
            f"{len(lanes)} lanes from {times.moment(scale.start)} to {times.moment(scale.end)}: "
            f"{len(spans)} spans of who held the child, {len(marks)} things that happened, "
            f"{len(dues)} due times of which {late} passed late. The table below says the same."
        ),
        width=WIDTH,
        height=_TOP + len(lanes) * _LANE + 6,
        top=_TOP,
        left=_LEFT,
        lane_height=_LANE,
        lanes=tuple(Lane(label=_broken(name), y=top[key], odd=rows[key] % 2 == 1) for key, name in lanes),
        ticks=tuple(_spread(scale.ticks())),
        bars=bars,
        dots=tuple(dot for key, _ in lanes for dot in _dots([n for n in numbered if n[1].lane == key], scale, top)),
        dues=tuple(
            tick for key, _ in lanes for tick in _dues([due for due in dues if due.lane == key], scale, top, now)
        ),
        now_x=None if closed else scale.at(now),
        table=table,
    )


def _instant(mark: Mark) -> datetime:
    if mark.at is not None:
        return mark.at
    if mark.on is None:
        raise ValueError(f"the mark {mark.title!r} has neither an instant nor a day")
    return datetime(mark.on.year, mark.on.month, mark.on.day, 12, tzinfo=times.LONDON)


def _scale(
    spans: Sequence[Span], at: Sequence[datetime], dues: Sequence[Due], now: datetime, *, closed: bool
) -> TimeScale:
    known = [*at, *(span.since for span in spans), *(due.at for due in dues)]
    known += [span.until for span in spans if span.until is not None]
    if not closed or not known:
        known.append(now)
    start, end = min(known), max(known)
    margin = max((end - start) * 0.025, timedelta(minutes=5))
    return TimeScale(start - margin, end + margin, _LEFT, _RIGHT)


def _bars(spans: Sequence[Span], scale: TimeScale, top: dict[str, float], now: datetime) -> list[Bar]:
    ordered = sorted(spans, key=lambda span: span.since)
    found = []
    for number, span in enumerate(ordered):
        until = span.until or now
        x, right = scale.at(span.since), scale.at(until)
        width = max(right - x, 2.0)
        about = "about " if span.approximate else ""
        text = about + times.short_length(until - span.since)
        needed = width_of(text) + 10
        free = (scale.at(ordered[number + 1].since) if number + 1 < len(ordered) else _RIGHT) - right
        inside = width >= needed
        found.append(
            Bar(
                x=x,
                y=top[span.lane] + 32,
                width=round(width, 1),
                text=text,
                text_x=x + 6 if inside else right + 5 if free >= needed else None,
                inside=inside,
                title=f"{span.what or 'Held'}: {about}{times.length(until - span.since)}"
                + ("" if span.until else ", still"),
                style="approximate" if span.approximate else "sure",
            )
        )
    return found


def _dots(marks: Sequence[tuple[int, Mark, datetime]], scale: TimeScale, top: dict[str, float]) -> list[Dot]:
    """Numbers that would cover each other are moved aside, with a line to where they belong."""
    true = [scale.at(at) for _, _, at in marks]
    placed: list[float] = []
    for x in true:
        placed.append(max(x, placed[-1] + _MARK_GAP) if placed else max(x, _LEFT + 10))
    limit = _RIGHT - 10
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], limit)
        limit = placed[number] - _MARK_GAP
    return [
        Dot(number=number, x=round(x, 1), true_x=real, y=top[mark.lane] + 14, title=f"{mark.title}, {_when(mark)}")
        for (number, mark, _), x, real in zip(marks, placed, true, strict=True)
    ]


def _dues(dues: Sequence[Due], scale: TimeScale, top: dict[str, float], now: datetime) -> list[DueTick]:
    """The due times of one lane; words that would run into others are left to the table."""
    found: list[DueTick] = []
    free = 0.0
    for tick in (_due(due, scale, top, now) for due in sorted(dues, key=lambda due: due.at)):
        width = width_of(tick.text, 12.5)
        left = tick.x if tick.anchor == "start" else tick.x - width
        fits = left >= free
        found.append(tick if fits else msgspec.structs.replace(tick, text=""))
        free = left + width + 8 if fits else free
    return found


def _due(due: Due, scale: TimeScale, top: dict[str, float], now: datetime) -> DueTick:
    x = scale.at(due.at)
    end = due.met or now
    late = scale.at(end) - x if end > due.at else 0.0
    said = due.said or _short(due.at, now)
    text = f"due {said}"
    return DueTick(
        x=x,
        y=top[due.lane],
        text=text,
        anchor="end" if x + width_of(text, 12.5) > _RIGHT else "start",
        late_width=round(max(late, 0.0), 1),
        title=f"{due.title}: due {said}, {times.lateness(due.at, now, due.met)}",
    )


def _table(
    spans: Sequence[Span],
    marks: Sequence[tuple[int, Mark, datetime]],
    dues: Sequence[Due],
    names: dict[str, str],
    now: datetime,
) -> tuple[Row, ...]:
    rows: list[tuple[datetime, int, Row]] = []
    for number, mark, at in marks:
        rows.append((at, 0, Row(number=number, when=_when(mark), what=mark.title, who=names.get(mark.lane, ""))))
    for span in spans:
        until = span.until or now
        words = ("about " if span.approximate else "") + times.length(until - span.since)
        rows.append(
            (
                span.since,
                1,
                Row(
                    number=None,
                    when=f"from {times.boundary(span.since)}"
                    + (f" to {times.boundary(span.until)}" if span.until else ""),
                    what=span.what or "Held the child",
                    who=names.get(span.lane, ""),
                    length=words if span.until else f"{words}, still",
                ),
            )
        )
    rows += [(due.at, 2, _due_row(due, names, now)) for due in dues]
    return tuple(row for _, _, row in sorted(rows, key=lambda each: (each[0], each[1])))


def _due_row(due: Due, names: dict[str, str], now: datetime) -> Row:
    return Row(
        number=None,
        when=due.said or times.moment(due.at),
        what=f"Due: {due.title}",
        who=names.get(due.lane, ""),
        length=times.lateness(due.at, now, due.met),
    )


def _short(instant: datetime, now: datetime) -> str:
    """With the year only where it is another."""
    local = times.local(instant)
    return (
        times.moment(instant).replace(f" {local.year}", "", 1)
        if local.year == times.today(now).year
        else times.moment(instant)
    )


def _when(mark: Mark) -> str:
    return times.moment(mark.at) if mark.at else f"{times.moment(mark.on)}, time not recorded"


def _spread(ticks: list[Tick]) -> list[Tick]:
    """Leave out words that would run into those before them."""
    kept: list[Tick] = []
    free = 0.0
    for tick in ticks:
        half = width_of(tick.text, 12.5) / 2
        fits = tick.at - half >= free
        kept.append(tick if fits else Tick(tick.at, ""))
        free = tick.at + half + 8 if fits else free
    return kept


def _broken(name: str) -> tuple[str, ...]:
    """A name on one or two lines."""
    words = name.split()
    if len(name) <= 20 or len(words) == 1:
        return (name,)
    cut = min(range(1, len(words)), key=lambda n: abs(len(" ".join(words[:n])) - len(" ".join(words[n:]))))
    return (" ".join(words[:cut]), " ".join(words[cut:]))
