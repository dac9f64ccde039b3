"""Child-days at unassessed risk, and where the time goes."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from service.clocks import ReadyCalendar
from service.reports.measures.child_time import Bounced, Bouncing, ChildDays, ChildQuarter, ChildWeek, Spent, TimeUse
from service.reports.measures.rules import records
from service.reports.measures.rules.few import NOBODY, Few
from service.reports.measures.rules.frame import Frame, Ints, Mask, Part, Span, at, different, edges
from service.reports.measures.rules.hours import working
from service.reports.measures.rules.pathways import HOLDERS, SEGMENT_STAGES
from service.reports.measures.rules.reckoning import days, spent

#: Seconds of several spans by group: one row for each group, one column for each week.
Table = dict[str, Ints]
#: How far back a change is looked for, whatever the period.
_HALF_A_YEAR: Final = timedelta(weeks=26)
_QUARTERS: Final = 8
_CARE: Final = HOLDERS.index("childrens_social_care")
_ASKED: Final = SEGMENT_STAGES.index("information")
_CONVENING: Final = SEGMENT_STAGES.index("convening")


def _by(part: Part, column: str, names: tuple[str, ...], marks: Sequence[Ints]) -> list[Table]:
    """Seconds by group, for each of several lines of marks."""
    found: list[Table] = [{} for _ in marks]
    for number in np.unique(part.rows[column]):
        mask = part.rows[column] == number
        for table, row in zip(found, _passed(part.that(mask), *marks), strict=True):
            table[names[int(number)]] = row
    return found


def _passed(part: Part, *marks: Ints) -> list[Ints]:
    """Seconds of stretches by each line of marks: of one that ends with today, what has passed of it and no more."""
    return spent(np.minimum(part.start, part.instant), np.minimum(part.until, part.instant), *marks)


def child_days(frame: Frame, span: Span, holiday: Callable[[date], bool], few: Few = NOBODY) -> ChildDays:
    """Child-days of the period and of each of its weeks: what has passed of them. The parts add up to the second."""
    trend = Span.of(min(span.first, span.last - _HALF_A_YEAR), span.last)
    mondays = trend.weeks()
    marks = edges(mondays)
    quarters = _quarters(span.last)
    ends = np.clip(np.array([span.since, span.until], np.int64), 0, None)
    first = min(int(marks[0]), span.before().since, at(quarters[0]))
    certain, perhaps = (part.that(part.recent(first)) for part in map(frame.part, ("exposure", "exposure_more")))
    before = span.before()
    earlier, by_quarter = np.array([before.since, before.until], np.int64), edges(quarters)
    sure = _passed(certain, marks, ends, by_quarter, earlier)
    more = _passed(perhaps, marks, ends, by_quarter)
    of_holders = _by(certain, "holder", HOLDERS, (marks, ends))
    of_grades = _by(certain, "grade", records.GRADES, (marks, ends))
    all_weeks, more_weeks = sure[0], more[0]
    holders = [(name, row.tolist()) for name, row in of_holders[0].items()]
    grades = [(name, row.tolist()) for name, row in of_grades[0].items()]
    passed = (marks[1:] <= frame.instant).tolist()
    weeks = [
        ChildWeek(
            begins=mondays[place],
            certain=days(all_weeks[place]),
            more=days(more_weeks[place]),
            by_holder={name: days(row[place]) for name, row in holders if row[place]},
            by_grade={name: days(row[place]) for name, row in grades if row[place]},
            complete=passed[place],
            bank_holiday=holiday(mondays[place]),
        )
        for place in range(len(mondays) - 1)
    ]
    notified = frame.part("notified")
    incidents = frame.part("incident").that(frame.part("incident").began_in(span))
    # A child of several notices is one child.
    told = len(np.unique(notified.rows["child"][notified.began_in(span)]))
    total = sure[1][0]
    waiting = certain.that(certain.is_open)
    if few.wanted:
        few.one("child_days/notified", notified, notified.began_in(span))
        _look_behind(few, certain, span, mondays, quarters)
    return ChildDays(
        total=days(total),
        more=days(more[1][0]),
        by_holder={name: days(row[0]) for name, row in of_holders[1].items() if row[0]},
        by_grade={name: days(row[0]) for name, row in of_grades[1].items() if row[0]},
        weeks=weeks,
        quarters=[
            ChildQuarter(
                begins=quarters[place],
                certain=days(sure[2][place]),
                more=days(more[2][place]),
                complete=bool(by_quarter[place + 1] <= certain.instant),
            )
            for place in range(len(quarters) - 1)
        ],
        waiting=len(waiting),
        waiting_by_holder=_counts(waiting, "holder", HOLDERS),
        notified=told,
        per_100_notified=round(100 * days(total) / told, 2) if told else None,
        incidents=len(incidents),
        children_per_incident=round(float(incidents.rows["item"].mean()), 2) if len(incidents) else None,
        before=days(sure[3][0]),
    )


def _look_behind(few: Few, certain: Part, span: Span, mondays: Sequence[date], quarters: Sequence[date]) -> None:
    """Whose the child-days of the period are, of each of its weeks, of each quarter; and who waits now."""
    few.one("child_days/waiting", certain, certain.is_open)
    waiting = certain.that(certain.is_open)
    few.each("child_days/waiting_by_holder/{}", HOLDERS, waiting, waiting.rows["holder"])
    before = span.before()
    few.one("child_days/before", certain, _touching(certain, before.since, before.until), always=True)
    passed = [(f"weeks/{monday}/", "certain", at(monday), at(after)) for monday, after in pairwise(mondays)]
    lines = [("", "total", span.since, span.until), *(line for line in passed if line[3] > span.since)]
    for line, whole, since, until in lines:
        here = _touching(certain, since, until)
        few.one(f"child_days/{line}{whole}", certain, here, always=True)
        some = certain.that(here)
        for name, column, names in (("by_holder", "holder", HOLDERS), ("by_grade", "grade", records.GRADES)):
            few.each(f"child_days/{line}{name}/{{}}", names, some, some.rows[column], always=True)
    for quarter, after in pairwise(quarters):
        here = _touching(certain, at(quarter), at(after))
        few.one(f"child_days/quarters/{quarter}/certain", certain, here, always=True)


def _touching(part: Part, since: int, until: int) -> Mask:
    """Which stretches lie in a time in part, as far as it has passed."""
    return np.asarray((part.start < min(until, part.instant)) & (part.until > since))


def _quarters(last: date) -> list[date]:
    """The first days of the quarters up to that of a day, and of the one after."""
    number = last.year * 4 + (last.month - 1) // 3
    return [date(each // 4, each % 4 * 3 + 1, 1) for each in range(number - _QUARTERS + 1, number + 2)]


def _counts(part: Part, column: str, names: tuple[str, ...]) -> dict[str, int]:
    numbers, counts = np.unique(part.rows[column], return_counts=True)
    return {names[int(number)]: int(count) for number, count in zip(numbers, counts, strict=True)}


def time_use(frame: Frame, span: Span, ready: ReadyCalendar, few: Few = NOBODY) -> TimeUse:
    """Where the time goes, of the period and beside the period before."""
    held, whole = frame.part("held"), frame.part("segment")
    if few.wanted:
        for name, part in (("unassessed", held), ("whole", whole)):
            few.one(f"time_use/{name}/total", part, _touching(part, span.since, span.until), always=True)
        before = span.before()
        few.one("time_use/before", held, _touching(held, before.since, before.until), always=True)
    unassessed = _spent(held, span, ready)
    return TimeUse(
        unassessed=unassessed,
        whole=_spent(whole, span, ready),
        total=round(sum(each.total for each in unassessed), 4),
        before=round(sum(each.before for each in unassessed), 4),
    )


def _spent(part: Part, span: Span, ready: ReadyCalendar) -> list[Spent]:
    now, then = _seconds(part, span, ready), _seconds(part, span.before(), ready)
    change = sum(int(row[0]) for row in now.values()) - sum(int(row[0]) for row in then.values())
    nothing = np.zeros(6, np.int64)
    found = []
    for key in now.keys() | then.keys():
        row, old = now.get(key, nothing), then.get(key, nothing)
        moved = int(row[0]) - int(old[0])
        found.append(
            Spent(
                holder=HOLDERS[key[0]],
                stage=SEGMENT_STAGES[key[1]],
                total=days(row[0]),
                working=days(row[1]),
                out_of_hours=days(row[0] - row[1] - row[2]),
                waiting_on_partner=days(row[2]),
                approximate=days(row[3]),
                pathways=int(row[4]),
                behind=int(row[5]),
                behind_parts={"before": int(old[5])},
                before=days(old[0]),
                change=days(moved),
                share_of_change=round(moved / change, 4) if change else None,
            )
        )
    return sorted(found, key=lambda each: (-each.total, each.holder, each.stage))


def _seconds(part: Part, span: Span, ready: ReadyCalendar) -> dict[tuple[int, int], Ints]:
    """By holder and stage: seconds in all, at work, waiting on a partner, approximate, pathways, and what is behind."""
    here = part.that(_touching(part, span.since, span.until))
    since, until = np.maximum(here.start, span.since), np.minimum(here.until, min(span.until, part.instant))
    lasted = until - since
    holder, stage = here.rows["holder"], here.rows["item"]
    partner = (stage == _ASKED) | ((stage == _CONVENING) & (holder != _CARE))
    at_work = np.zeros(len(here), np.int64)
    for number in np.unique(holder):
        mask = (holder == number) & ~partner
        at_work[mask] = working(ready, HOLDERS[int(number)], since[mask], until[mask])
    code = holder * 256 + stage
    columns = (lasted, at_work, lasted * partner, lasted * ~here.exact)
    # Whole seconds, far fewer than a float can tell apart.
    sums = [np.bincount(code, column, 1) for column in columns]
    sums.append(_pathways(code, here, len(sums[0])))
    table = np.stack([*sums, here.behind_each(code, len(sums[0]))], axis=1).astype(np.int64)
    return {(int(key) // 256, int(key) % 256): table[key] for key in np.unique(code)}


def _pathways(code: Ints, here: Part, size: int) -> Ints:
    """Of how many pathways, each a child in an incident, the stretches of each code are: one may have several."""
    each = here.rows["token"].astype(np.int64) << 32 | here.rows["child"]
    found = np.zeros(size, np.int64)
    for number in np.unique(code):
        found[number] = different(each[code == number])
    return found


def bouncing(frame: Frame, span: Span, few: Few = NOBODY) -> Bouncing:
    """Pathways that came back to a holder who had passed them on: how often in the period, by way; and how many of
    those that began in it have.
    """
    back = frame.part("bounce")
    since = back.rows["due"]
    here = back.that(back.began_in(span))
    ways, place, counts = np.unique(
        here.rows["item"] * 256 + here.rows["holder"], return_inverse=True, return_counts=True
    )
    names = [f"{HOLDERS[int(way) // 256]} to {HOLDERS[int(way) % 256]}" for way in ways]
    began = (since >= span.since) & (since < span.until)
    few.each("bouncing/ways/{}/count", names, here, place)
    few.one("bouncing/pathways", back, began)
    pathways = frame.part("pathway")
    of = pathways.began_in(span)
    few.one("bouncing/of", pathways, of)
    return Bouncing(
        pathways=len(np.unique(back.rows["extra"][began])),
        of=int(of.sum()),
        ways=sorted(
            (Bounced(way=name, count=int(count)) for name, count in zip(names, counts, strict=True)),
            key=lambda each: (-each.count, each.way),
        ),
    )
