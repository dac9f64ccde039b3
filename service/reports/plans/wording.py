"""Pure: promises as pages say them."""

from collections.abc import Sequence
from datetime import date

import msgspec

from service.clocks.local_time import local_day
from service.reports.disclosure.periods import is_quarter
from service.reports.measures.figures import Period
from service.reports.plans.figures import ALL, Reading, group_words
from service.reports.plans.service import Progress
from service.reports.plans.store import Event
from service.web import times, words

#: What a finding of the commentary is about, as the figure that a promise can move.
_OF_FINDINGS = {"typical": "median", "share": "within", "stock": "open", "flow": "open"}
MOVED = {
    "better": "Moved the right way",
    "worse": "Moved the wrong way",
    "same": "Has not moved",
    "not known": "Whether it moved cannot be said",
}
#: Under every list of promises.
HOW_READ = (
    "The figure is read by calendar quarter: then, in the quarter in which it was promised; now, in the present one, "
    "or in the one before until four weeks of this one are over. It is the same wherever the promise stands; a board "
    "is told it as it was on Monday, small numbers as ranges. That it has moved is no proof that the promise moved it: "
    "the report says whether a change is more than chance."
)


def as_at(found: Progress) -> tuple[str, str]:
    """When the figure was as it was then, and when it is as it is now: its days, or the moment."""
    then, now = local_day(found.then_at), local_day(found.now_at)
    return (
        f"on {times.day(then)}" if found.then_of is None else _days(found.then_of, then),
        "now" if found.now_of is None else _days(found.now_of, now),
    )


def compared(found: Progress) -> tuple[str, str]:
    """The figure then and now, each with when it was so."""
    then, now = as_at(found)
    return f"{found.then} ({then})", found.now if found.now_of is None else f"{found.now} ({now})"


def _days(period: Period, until: date) -> str:
    """A quarter by its months, with the day of it at which it was read where it was not over."""
    if not is_quarter(period):
        return f"{times.day(period.first)} to {times.day(period.last)}"
    named = f"{period.first:%B} to {period.last:%B %Y}"
    return named if period.last < until else f"{named}, until {times.day(until)}"


_EVENTS = {"note": "Progress", "reopened": "Open again"}


def history(events: Sequence[Event]) -> list[dict[str, object]]:
    """What was said of a promise as a timeline shows it, the newest first."""
    return [
        {
            "title": _EVENTS.get(each.kind, words.sentence(each.kind)),
            "by": each.by_name,
            "at": each.at,
            "late": f"the figure was {each.said}",
            "text": each.text,
        }
        for each in reversed(events)
    ]


class OfAgency(msgspec.Struct, frozen=True):
    """One agency's promises, in their order."""

    agency: str
    name: str
    promises: list[Progress]
    overdue: int


def by_agency(found: Sequence[Progress]) -> list[OfAgency]:
    """Promises by agency: those with overdue ones first, then as their first promise stands."""
    groups: dict[str, list[Progress]] = {}
    for each in found:
        groups.setdefault(each.promise.agency, []).append(each)
    made = [
        OfAgency(agency, words.sentence(agency), promises, sum(each.overdue for each in promises))
        for agency, promises in groups.items()
    ]
    return sorted(made, key=lambda each: -bool(each.overdue))


def summary(found: Sequence[Progress]) -> str:
    """One sentence over all promises."""
    still = [each for each in found if each.promise.status == "open"]
    if not found:
        return "Nothing has been promised yet."
    if not still:
        return f"No promise is open. {words.count(len(found), 'promise is', 'promises are')} over."
    late = [each for each in still if each.overdue]
    said = f"{words.count(len(still), 'promise is', 'promises are')} open."
    if not late:
        return f"{said} None is overdue."
    longest = max(each.days_late for each in late)
    count = words.count(len(late), "is", "are")
    return f"{said} {count} overdue, the longest by {words.count(longest, 'day')}."


def figure_of(finding: str) -> str:
    """The figure that a finding is about: ``contact_decision:share`` is ``contact_decision.within``."""
    stage, colon, kind = finding.partition(":")
    return f"{stage}.{_OF_FINDINGS.get(kind, kind)}" if colon else finding


def options(readings: Sequence[Reading]) -> tuple[list[Reading], list[tuple[str, str]]]:
    """Figures to choose from as they are for everybody, and the groups that some of them are broken down by."""
    figures = [each for each in readings if each.group == ALL]
    groups = dict.fromkeys(each.group for each in readings if each.group != ALL)
    shown = [(group, words.sentence(group_words(group))) for group in groups]
    return figures, [(ALL, "Everybody"), *shown]
