"""Records of one child with all its pathways, and of one incident with all its children."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from schema.spine import Wait
from schema.vocabulary import NOT_SHARED_REASONS
from service.clocks.local_time import local_day
from service.clocks.order import Event
from service.clocks.waits import Span, spans_of
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.pathways import (
    DECISIONS,
    HOLDERS,
    Told,
    earlier,
    earlier_at,
    meeting_records,
    pathway_records,
)
from service.reports.measures.rules.records import Key, Keyed, pack, seconds

_FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)
#: Children of one notice may be written down one after the other without any of them being found late.
SAME_NOTICE: Final = timedelta(hours=1)
_REFERRED: Final = frozenset({"referral", "strategy_discussion", "immediate_protection"})


def child_records(pathways: Sequence[Told]) -> list[Keyed]:
    """Everything counted of one child."""
    found = [keyed for told in pathways for keyed in pathway_records(told)]
    found += _exposure(pathways)
    found += _decisions([(told, told.events) for told in pathways])
    return found


def incident_records(pathways: Sequence[Told]) -> list[Keyed]:
    """What is counted once for an incident, for each area that has a child in it."""
    found: list[Keyed] = []
    meetings: dict[tuple[str, int], list[bytes]] = {}
    bins: dict[tuple[str, int], Key] = {}
    by_area: dict[str, list[tuple[Told, Sequence[Event]]]] = {}
    for told in pathways:
        # Of the area that had it when the police knew, as its wait is.
        area = told.area(told.derived.waits[0].since) if told.derived.waits else told.areas[0][1]
        by_area.setdefault(area, []).append((told, told.events))
        for keyed in meeting_records(told):
            meeting = keyed.key.area, records.extra_of(keyed.record)
            bins.setdefault(meeting, keyed.key)
            meetings.setdefault(meeting, []).append(keyed.record)
    found += [Keyed(bins[meeting], records.together(about)) for meeting, about in meetings.items()]
    for area, of_area in by_area.items():
        found += [keyed._replace(key=keyed.key._replace(area=area)) for keyed in _police(of_area)]
    return found


class _Span:
    """A wait of one pathway, as certain as it is, with what it is counted under."""

    __slots__ = ("certain_until", "certainly", "earliest", "latest", "told")

    def __init__(self, told: Told, wait: Wait, place: Span) -> None:
        self.told = told
        began, ended = place
        early = earlier(told.events[began]) * 60
        slack = earlier(told.events[ended]) * 60 if ended is not None else 0
        self.certainly = seconds(wait.since)
        self.earliest = self.certainly - early
        self.latest = seconds(wait.until)
        self.certain_until = max(self.latest - slack, self.certainly) if self.latest else 0


def _exposure(pathways: Sequence[Told]) -> Iterator[Keyed]:
    """When this child waited, each instant once: under the highest grade open then, for the area and the holder of
    the oldest pathway open then. What may be longer by a day known alone stands apart (``exposure_more``).
    """
    spans = [
        _Span(told, wait, place)
        for told in pathways
        for wait, place in zip(told.derived.waits, spans_of(told.events), strict=True)
    ]
    if not spans:
        return
    edges = {edge for span in spans for edge in (span.earliest, span.certainly, span.certain_until, span.latest)}
    for told in pathways:
        edges.update(seconds(segment.since) for segment in told.derived.segments)
        edges.update(seconds(at) for at, _ in told.areas if at is not None)
    edges.discard(0)
    ordered = sorted(edges)
    open_at_end = any(not span.latest for span in spans)
    current: tuple[str, Key, int, int, int, int] | None = None
    began = 0
    for place, edge in enumerate(ordered):
        upto = ordered[place + 1] if place + 1 < len(ordered) else 0
        if not upto and not open_at_end:
            break
        found = _counted(spans, edge)
        if found != current:
            if current is not None:
                yield _piece(current, began, edge)
            current, began = found, edge
    if current is not None:
        yield _piece(current, began, 0 if open_at_end and _counted(spans, ordered[-1]) == current else ordered[-1])


def _counted(spans: Sequence[_Span], edge: int) -> tuple[str, Key, int, int, int, int] | None:
    """What the child is counted as from one edge to the next: kind, bin, grade, holder, incident, child."""
    sure = [s for s in spans if s.certainly <= edge and (not s.latest or edge < s.certain_until)]
    perhaps = sure or [s for s in spans if s.earliest <= edge and (not s.latest or edge < s.latest)]
    if not perhaps:
        return None
    oldest = min(perhaps, key=lambda span: (span.certainly, span.told.history.pathway.id))
    at = records.instant(edge)
    holder = next(
        (s.holder for s in oldest.told.derived.segments if s.since <= at and (s.until is None or at < s.until)),
        "police",
    )
    told = oldest.told
    return (
        "exposure" if sure else "exposure_more",
        records.bin_of(told.area(at), told.force, told.district, "", records.quarter(at)),
        min(span.told.grade for span in perhaps),
        HOLDERS.index(holder) if holder in HOLDERS else HOLDERS.index("other"),
        told.token,
        told.child_token,
    )


def _piece(counted: tuple[str, Key, int, int, int, int], began: int, ended: int) -> Keyed:
    kind, key, grade, holder, token, child = counted
    at = records.instant(began)
    return Keyed(
        records.bin_of(key.area, key.force, key.district, kind, records.quarter(at)),
        pack(start=began, end=ended, grade=grade, holder=holder, token=token, child=child),
    )


def _decisions(streams: Sequence[tuple[Told, Sequence[Event]]]) -> Iterator[Keyed]:
    """Each decision about the child: what was decided, the next notice after it, and referrals before it.

    ``end``: when the police next had a notice of this child. ``entry``: the referral before this one, one a day as the
    children in need census counts. ``extra``: how many notices of this child there had been by then, this one included.
    ``item``: notices graded standard or medium among them. ``holder``: why a notice was not shared. What was
    recorded in error decides nothing.
    """
    notices = _notices(streams)
    previous: datetime | None = None
    for since, told in notices:
        yield Keyed(
            told.key("notice", since),
            pack(
                start=seconds(since), entry=seconds(previous), grade=told.grade, token=told.token,
                child=told.child_token, who=told.who, early=_known_by_day(told),
            ),
        )  # fmt: skip
        previous = since
    referred: list[datetime] = []
    decided = sorted(
        ((event.at, number, event, told) for number, (told, events) in enumerate(streams)
         if not told.derived.state.withdrawn for event in events if event.kind in DECISIONS),
        key=lambda each: (each[0], each[1], each[2].milestone.id),
    )  # fmt: skip
    counted: set[int] = set()
    days: set[date] = set()
    for at, number, event, told in decided:
        cause = stages.cause_of(event.kind, event.milestone.outcome)
        later = next((since for since, other in notices if since > at and other.incident != told.incident), None)
        so_far = [(since, other) for since, other in notices if since <= at]
        lower = sum(other.grade in (1, 2) for _, other in so_far)
        before = 0
        flags = 0
        if cause in _REFERRED:
            day = event.on or local_day(at)
            # The referral of this incident may be that of another on the same day.
            if number in counted or day in days:
                flags = records.AGAIN
            else:
                before = seconds(max((each for each in referred if each < at), default=None))
                referred.append(at)
                days.add(day)
            counted.add(number)
        yield Keyed(
            told.key("decision", at),
            pack(
                start=seconds(at), end=seconds(later), entry=before, extra=len(so_far), item=min(lower, 255),
                cause=stages.cause_number(cause), grade=told.grade, token=told.token,
                child=told.child_token, who=told.who, flags=flags, early=earlier(event), holder=_reason(event),
            ),
        )  # fmt: skip


def _reason(event: Event) -> int:
    """Why a notice was not shared, by number from 1; 0 for whatever else was decided."""
    if event.kind != "notice_not_shared":
        return 0
    outcome = event.milestone.outcome
    return NOT_SHARED_REASONS.index(outcome if outcome in NOT_SHARED_REASONS else "other") + 1


def _notices(streams: Sequence[tuple[Told, Sequence[Event]]]) -> list[tuple[datetime, Told]]:
    """When the police knew of each incident of this child, in order; the withdrawn apart."""
    found = [
        (told.derived.waits[0].since, told)
        for told, _ in streams
        if told.derived.waits and not told.derived.state.withdrawn
    ]
    return sorted(found, key=lambda each: (each[0], each[1].history.pathway.id))


def _police(streams: Sequence[tuple[Told, Sequence[Event]]]) -> Iterator[Keyed]:
    """An incident's way out of the police, once for an area; children named after its record was submitted, each alone.

    As on the backlog: what tells them is when they came on the books.
    """
    here = [(told, events) for told, events in streams if not told.derived.state.withdrawn and told.derived.waits]
    if not here:
        return
    left = [_left(events) for _, events in here]
    seen = [min(row.recorded_at for row in told.history.milestones) for told, _ in here]
    complete = min((at for told, _ in here if (at := told.derived.state.submitted_at) is not None), default=_FAR)
    known = []
    for number, (told, events) in enumerate(here):
        if seen[number] > complete and seen[number] - min(seen) > SAME_NOTICE:
            named = told.derived.state.submitted_at or told.derived.waits[0].since
            yield _one(told, "late_found", [(told, events)], named, [left[number]], records.LATE_FOUND)
        else:
            known.append(number)
    members = [here[number] for number in known]
    if members:
        oldest = _oldest(told for told, _ in members)
        yield _one(
            oldest, stages.POLICE_SHARE, members, oldest.derived.waits[0].since, [left[number] for number in known], 0
        )
    first = _oldest(told for told, _ in here)
    yield Keyed(
        first.key("incident", first.derived.waits[0].since),
        pack(
            start=seconds(first.derived.waits[0].since),
            early=_known_by_day(first),
            item=min(len(here), 255),
            grade=min(told.grade for told, _ in here),
            token=first.token,
            child=_one_of(told for told, _ in here),
        ),
    )


def _oldest(members: Iterable[Told]) -> Told:
    """Of whom the police knew first; a day alone is before its midnight."""
    return min(members, key=lambda told: (*_since(told), told.history.pathway.id))


def _since(told: Told) -> tuple[datetime, bool]:
    wait = told.derived.waits[0]
    return wait.since, not wait.since_day_precise


def _one_of(members: Iterable[Told]) -> int:
    """One child for all of an incident: incidents of one family, the same children in each, are then of one child."""
    return min(told.child_token for told in members)


def _known_by_day(told: Told) -> int:
    """By how many minutes the police may have known of it earlier."""
    wait = told.derived.waits[0]
    return earlier_at(told, wait.since) if wait.since_day_precise else 0


def _left(events: Sequence[Event]) -> tuple[datetime, str, Event] | None:
    """When a child's notice left the police, and how."""
    out = next((e for e in events if e.kind in ("notice_shared", "notice_received", "notice_not_shared")), None)
    return None if out is None else (out.at, "notice_not_shared" if out.kind == "notice_not_shared" else "shared", out)


def _one(
    told: Told,
    kind: str,
    members: Sequence[tuple[Told, Sequence[Event]]],
    began: datetime,
    left: Sequence[tuple[datetime, str, Event] | None],
    flags: int,
) -> Keyed:
    clocks = [
        clock for member, _ in members for clock in member.derived.clocks
        if clock.standard == "police_share" and clock.rules
    ]  # fmt: skip
    due = min((clock.due_at for clock in clocks if clock.standing == "ok" and clock.due_at is not None), default=None)
    gone = [each for each in left if each is not None]
    # What left on a day without an hour left before its midnight.
    out = max(gone, key=lambda each: (each[0], each[2].on is None)) if len(gone) == len(left) else None
    wait = told.derived.waits[0]
    if due is None and any(clock.standing == "cannot_compute" for clock in clocks):
        flags |= records.CANNOT_COMPUTE
    if wait.since_day_precise or (out is not None and out[2].vague):
        flags |= records.APPROXIMATE
    if told.coverage == "shared_only":
        flags |= records.SHARED_ONLY
    shared = any(each[1] == "shared" for each in gone)
    submitted = [m.derived.state.submitted_at for m, _ in members if m.derived.state.submitted_at is not None]
    return Keyed(
        told.key(kind, began),
        pack(
            start=seconds(began),
            end=0 if out is None else max(seconds(out[0]), seconds(began)),
            due=seconds(due),
            extra=seconds(min(submitted, default=None)),
            early=_known_by_day(told) if began == wait.since else 0,
            slack=earlier(out[2]) if out is not None else 0,
            flags=flags,
            cause=0 if out is None else stages.cause_number("shared" if shared else "notice_not_shared"),
            grade=min(member.grade for member, _ in members),
            token=told.token,
            child=_one_of(member for member, _ in members),
            holder=HOLDERS.index("police"),
            item=min(len(members), 255),
        ),
    )
