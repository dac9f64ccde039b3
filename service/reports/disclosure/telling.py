"""A report as its readers are shown it: the same structs, with `Hidden` where a number is not told."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import msgspec

from service.reports.disclosure import hidden, lengths
from service.reports.disclosure.cells import BLANK, EXACT, LARGE, NEAR, SMALL, SOME, Label, Published
from service.reports.disclosure.collecting import ABOUT, HUNDREDTHS, UNCOUNTED, Path, few_days, is_withheld, name_of
from service.reports.disclosure.hidden import NOT_SHOWN
from service.reports.measures.child_time import ChildDays, Spent, TimeUse
from service.reports.measures.figures import (
    Acted,
    BoardFigures,
    Cohort,
    Count,
    Estimate,
    Exit,
    Month,
    Open,
    Split,
    StageFigures,
    Within,
)
from service.reports.measures.ledgers import Moved

_NOT_TOLD: Final[Any] = NOT_SHOWN
#: Estimates of the length of waits, with the share of children that wait at least so long.
_WAITS: Final = {"median": 0.5, "ninetieth": 0.1, "current": 0.5, "before": 0.5}
#: Of children, by which sums of shares may be off.
_ROUNDED: Final = 0.1
_SPENT: Final = (
    *("total", "working", "out_of_hours", "waiting_on_partner", "approximate", "before", "change", "share_of_change"),
)


class Telling:
    """Tells one report.

    Args:
        published: the labels of every cell.
        report: the name under which this report's cells stand.
        secret: numbers that stand hidden somewhere, so that no list of changes may show them.
        district: whether the report is of one district.
    """

    def __init__(self, published: Published, report: str, secret: Collection[int], *, district: bool) -> None:
        self._told, self._report = published, report
        self._secret, self._district = secret, district
        self._most = published.threshold

    def report(self, figures: BoardFigures) -> BoardFigures:
        """The whole report."""
        changed = {
            name: {} if is_withheld(figures, name) else self._tell(getattr(figures, name), (self._report, name))
            for name in figures.__struct_fields__
            if name not in ABOUT
        }
        changed["fairness"] = _differing(changed["fairness"])
        return msgspec.structs.replace(figures, **changed)

    def _tell(self, value: Any, path: Path) -> Any:
        if isinstance(value, msgspec.Struct):
            return self._struct(value, path)
        if isinstance(value, Mapping):
            return {key: self._tell(part, (*path, str(key))) for key, part in value.items()}
        if isinstance(value, list):
            return [self._tell(row, (*path, name_of(row))) for row in value]
        return self._number(value, path)

    def _number(self, value: Any, path: Path) -> Any:
        label = self._told.labels.get(path, EXACT)
        if isinstance(value, float):
            return value if label == EXACT else self._days(path, label)
        if label == SMALL:
            return hidden.small(self._most)
        if label == LARGE:
            return hidden.large(self._most)
        if label == NEAR:
            return self._near(path)
        if label == SOME:
            return hidden.some()
        if path in self._told.spoken_for:
            return hidden.not_apart(self._in_all(self._told.spoken_for[path]))
        return NOT_SHOWN if label == BLANK else value

    def _near(self, path: Path) -> Any:
        return hidden.near(self._told.exact[self._told.near[path]], self._most)

    def _days(self, path: Path, label: Label) -> Any:
        """Child-days that hardly differ from those of the other report are told as its whole days."""
        return float(round(self._told.exact[self._told.near[path]] / HUNDREDTHS)) if label == NEAR else NOT_SHOWN

    def _in_all(self, total: Any) -> Any:
        """What is told of the total in which somebody waits."""
        label, known = self._told.labels[total], self._told.exact
        if label == NEAR:
            return self._near(total) if known[self._told.near[total]] else hidden.some()
        return f"{known[total]:,}" if label == EXACT else self._number(0, total)

    def _exact(self, *paths: Path) -> bool:
        return all(self._told.labels.get(path, EXACT) == EXACT for path in paths)

    def _exact_or_near(self, *paths: Path) -> bool:
        """Whether the numbers are told, or nearly: a length of waits does not say how many children it is of."""
        return all(self._told.labels.get(path, EXACT) in (EXACT, NEAR) for path in paths)

    def _struct(self, value: Any, path: Path) -> Any:
        changed: dict[str, Any] = {
            name: type(part)() if is_withheld(value, name) else self._tell(part, (*path, name))
            for name, part in ((name, getattr(value, name)) for name in value.__struct_fields__)
        }
        rule = _RULES.get(type(value))
        if rule is not None:
            rule(self, value, path, changed)
        if isinstance(changed.get("behind"), int):
            # That few stand behind a number is why it is hidden.
            changed["behind"] = NOT_SHOWN
        return msgspec.structs.replace(value, **changed)

    def _stage(self, value: StageFigures, path: Path, changed: dict[str, Any]) -> None:
        entered = self._exact((*path, "entered"))
        near = self._exact_or_near((*path, "entered")) or self._of_very_many(value, path)
        for name, share in _WAITS.items():
            found: Estimate = getattr(value, name)
            n = NOT_SHOWN if name in UNCOUNTED else changed[name].n
            changed[name] = lengths.estimate(found, share, self._most, n, exact=near and self._many(found.n))
        if not entered or not isinstance(changed["median"].value, float | int):
            changed["bounds"] = None
        changed["curve"] = lengths.curve(value.curve, value.entered if entered else 0, self._most)
        changed["exits"] = self._ways(changed["exits"], max((each.incidence.n for each in value.exits), default=0))
        shown = {each.cause for each in changed["exits"]
                 if not hidden.is_hidden(each.count) and not hidden.is_hidden(each.incidence.value)}  # fmt: skip
        changed["routes"] = lengths.routes(value.routes, value.entered if entered else 0, self._most, shown)
        if value.by == "district":
            changed["open"] = msgspec.structs.replace(changed["open"], oldest=NOT_SHOWN)

    def _many(self, n: int) -> bool:
        """Whether an estimate rests on nobody or on more than few, be its number hidden for another's sake or not."""
        return not 0 < n <= self._most

    def _of_very_many(self, value: StageFigures, path: Path) -> bool:
        """Whether a stage's number is hidden for another's sake alone and far from few: its centiles do not tell it.

        That they are told says that more than twice the threshold entered.
        """
        large = self._told.labels.get((*path, "entered")) == LARGE
        return large and (value.behind or 0) > self._most and value.entered > lengths.CURVE * self._most

    def _ways(self, told: list[Exit], n: int) -> list[Exit]:
        """The shares of the ways out and of those who are still there make one: one of them alone is not hidden."""
        shares = [each.incidence for each in told if each.incidence.value is not None]
        known = {each.cause: each.incidence for each in told if isinstance(each.incidence.value, float)}
        still = n * (1 - sum(each.value or 0.0 for each in known.values()))
        few = len(known) == len(shares) and _ROUNDED < still <= self._most
        if not known or (len(shares) - len(known) != 1 and not few):
            return told
        least = min(((each.value, cause) for cause, each in known.items() if each.value), default=(0.0, ""))[1]
        return [
            msgspec.structs.replace(each, incidence=lengths.about(each.incidence, n, self._most))
            if each.cause == least
            else each
            for each in told
        ]

    def _open(self, value: Open, path: Path, changed: dict[str, Any]) -> None:
        count = (*path, "count")
        blank = self._told.labels.get(count) == BLANK
        if blank or self._district:
            changed["oldest"] = NOT_SHOWN
        elif value.oldest is not None:
            changed["oldest"] = hidden.oldest(value.oldest)
        for name in ("median", "ninetieth"):
            changed[name] = lengths.wait(
                getattr(value, name), value.count, _WAITS[name], self._most, exact=self._exact(count)
            )

    def _exit(self, value: Exit, path: Path, changed: dict[str, Any]) -> None:
        near = self._exact_or_near((*path, "count"))
        changed["median"] = lengths.wait(value.median, value.count, 0.5, self._most, exact=near)
        known = self._exact((*path, "count")) and self._exact((*path[:-2], "entered")) and self._many(value.incidence.n)
        n = (*path, "incidence", "n")
        found = value.incidence if self._exact(n) else lengths.rounded(value.incidence)
        changed["incidence"] = lengths.share(found, self._most, changed["incidence"].n, exact=known)

    def _count_of(self, value: Count, path: Path, changed: dict[str, Any]) -> None:
        changed["share"] = self._part((*path, "count"), (*path, "of"), value.of, value.share, changed["share"].n)

    def _month(self, value: Month, path: Path, changed: dict[str, Any]) -> None:
        count, of = (*path, "referrals"), (*path, "decided")
        changed["share"] = self._part(count, of, value.decided, value.share, changed["share"].n)

    def _part(self, count: Path, of: Path, whole: int, share: Any, n: Any) -> Any:
        """A share that is one count of another: a range of it where a range of the count is told."""
        if self._exact(count, of, (*of[:-1], "share", "n")):
            return msgspec.structs.replace(share, n=n)
        low, high = self._told.bounds(count) if count in self._told.labels else (0, None)
        told = hidden.share(low, high, whole) if self._exact(of) else NOT_SHOWN
        return msgspec.structs.replace(share, value=told, low=None, high=None, at_least=None, n=n)

    def _within(self, value: Within, path: Path, changed: dict[str, Any]) -> None:
        # What is told of it is one number of another, however those who were late are made up.
        if not self._exact((*path, "met"), (*path, "share", "n")):
            changed["share"] = lengths.share(value.share, self._most, changed["share"].n, exact=False)

    def _acted(self, value: Acted, path: Path, changed: dict[str, Any]) -> None:
        if not self._exact((*path, "in_time", "count"), (*path, "share", "n")):
            changed["share"] = lengths.share(value.share, self._most, changed["share"].n, exact=False)

    def _cohort(self, value: Cohort, path: Path, changed: dict[str, Any]) -> None:
        known = self._exact((*path, "entered"), (*path, "left_by_horizon", "n"))
        told = changed["left_by_horizon"].n
        changed["left_by_horizon"] = lengths.share(value.left_by_horizon, self._most, told, exact=known)

    def _split(self, value: Split, path: Path, changed: dict[str, Any]) -> None:
        known = self._exact((*path, "children"))
        for name in ("median", "within", "left"):
            n = changed[name].n if known else changed["children"]
            exact = known and self._exact((*path, name, "n"))
            if name == "median":
                changed[name] = lengths.estimate(value.median, 0.5, self._most, n, exact=exact)
            else:
                changed[name] = lengths.share(getattr(value, name), self._most, n, exact=exact)

    def _spent(self, _value: Spent, path: Path, changed: dict[str, Any]) -> None:
        if not self._exact((*path, "total")):
            changed.update({**dict.fromkeys(_SPENT, NOT_SHOWN), "total": changed["total"]})
        elif not self._exact((*path, "before")):
            changed["change"] = changed["share_of_change"] = NOT_SHOWN

    def _time_use(self, _value: TimeUse, path: Path, changed: dict[str, Any]) -> None:
        if not self._exact((*path, "unassessed", "total")):
            changed["total"] = NOT_SHOWN

    def _child_days(self, value: ChildDays, path: Path, changed: dict[str, Any]) -> None:
        if 0 < value.incidents <= self._most:
            changed["incidents"] = hidden.small(self._most)
        if 0 < value.more <= few_days(self._most):
            changed["more"] = NOT_SHOWN
        for name in ("weeks", "quarters"):
            changed[name] = [self._more_of_many(each) for each in changed[name]]
        if not self._exact((*path, "notified"), (*path, "total")):
            # With the number notified the one would tell the other.
            changed["per_100_notified"] = NOT_SHOWN
        if not self._exact((*path, "notified")) or changed["incidents"] != value.incidents:
            changed["children_per_incident"] = NOT_SHOWN

    def _more_of_many(self, told: Any) -> Any:
        """A week or a quarter; how many child-days more it may be is told where few children cannot stand behind it."""
        return msgspec.structs.replace(told, more=NOT_SHOWN) if 0 < told.more <= few_days(self._most) else told

    def _moved(self, value: Moved, _path: Path, changed: dict[str, Any]) -> None:
        then, now = value.reported, value.known_now
        if value.key == "oldest":
            # One child's wait to the minute is nowhere told.
            for name, each in (("reported", then), ("known_now", now)):
                changed[name] = None if each is None else hidden.oldest(each)
            return
        few = any(each is not None and (0 < each <= self._most or each in self._secret) for each in (then, now))
        if few or not self._exact((self._report, *_MOVED_WITH.get(value.key, ()))):
            changed["reported"] = changed["known_now"] = NOT_SHOWN
        elif then is not None and now is not None and 0 < abs(then - now) <= self._most:
            changed["known_now"] = hidden.near(round(then), self._most)


def _differing(told: list[Split]) -> list[Split]:
    """Differences only where the share of every group of the characteristic is told: they say nothing more then.

    Which way a group differs is told also beside groups that are not, where its own share and another's are told: the
    others are then no few children.
    """
    secret = {each.characteristic for each in told if hidden.is_hidden(each.left.value)}
    known = [each for each in told if not (hidden.is_hidden(each.children) or hidden.is_hidden(each.left.value))]
    of = Counter(each.characteristic for each in known)
    return [
        msgspec.structs.replace(
            each,
            difference=Estimate(value=_NOT_TOLD, n=each.left.n),
            waits=each.waits if each in known and of[each.characteristic] > 1 else None,
        )
        if each.characteristic in secret
        else msgspec.structs.replace(each, difference=msgspec.structs.replace(each.difference, n=each.left.n))
        for each in told
    ]


#: What moved is told where the number is that says as much in its own place, or that it rests on.
_MOVED_WITH: Final[Mapping[str, Path]] = {
    "child_days": ("child_days", "total"),
    "median_of_ended": ("stages", "unassessed/all/all", "left"),
}
_RULES: Final[Mapping[type[Any], Callable[[Telling, Any, Path, dict[str, Any]], None]]] = {
    StageFigures: Telling._stage,
    Open: Telling._open,
    Exit: Telling._exit,
    Count: Telling._count_of,
    Month: Telling._month,
    Within: Telling._within,
    Acted: Telling._acted,
    Cohort: Telling._cohort,
    Split: Telling._split,
    Spent: Telling._spent,
    TimeUse: Telling._time_use,
    ChildDays: Telling._child_days,
    Moved: Telling._moved,
}
