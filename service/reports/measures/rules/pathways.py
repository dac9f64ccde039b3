"""Records of one pathway: its stays in every stage, who held it, what was decided, and what the data cannot tell."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from schema.spine import Derived, History, Segment
from schema.vocabulary import AGENCIES, CONFERENCE_DELAY_REASONS, SCHOOL_STATUSES
from service.clocks.awareness import place, police_aware
from service.clocks.enquiries import Enquiries, place_derived
from service.clocks.local_time import midnight
from service.clocks.order import Event, in_order
from service.clocks.waits import spans_of
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.limits import limit
from service.reports.measures.rules.records import Key, Keyed, pack, seconds
from service.reports.measures.rules.since import agency_of
from service.reports.measures.rules.walking import intervals

HOLDERS: Final = (*AGENCIES, "no_agency")
_HOLDER: Final = {holder: number for number, holder in enumerate(HOLDERS)}
#: Stages of segments, by number. Only ever added to at the end: stored records hold the numbers.
SEGMENT_STAGES: Final = (
    "recording", "triage", "in_transit", "out_of_hours", "front_door", "not_shared", "decided", "offered",
    "to_allocate", "linked_case", "convening", "transfer", "early_help", "lead_social_worker", "enquiry",
    "conference_service", "stepped_down", "closed", "withdrawn", "information", "other",
)  # fmt: skip
_SEGMENT_STAGE: Final = {stage: number for number, stage in enumerate(SEGMENT_STAGES)}
#: Stages in which nobody has anything to do.
_NOBODY: Final = frozenset({"closed", "decided", "not_shared", "withdrawn"})
#: Rules of conditions that say what the data cannot tell, by number.
QUALITY: Final = ("cannot_compute", "out_of_order", "ungraded", "school_unknown", "approximate")
_FIRST_DECISION: Final = frozenset({stages.UNASSESSED})
_AFTER_A_DAY: Final = 86_400
_IMPORTED: Final = ("history_file", "police_file")
_DECISIONS: Final = (
    "contact_decided", "notice_not_shared", "stepped_down", "early_help_accepted", "early_help_declined",
)  # fmt: skip


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One pathway: what is known of it at an instant, what follows from that, and the groups it is counted in.

    ``events``: its milestones in order, as `events_of` gives them. ``grade``: the officer's first, by number.
    ``token``: the number that stands for its incident. ``areas``: where it was from when: the first without an instant.
    ``authorised``: corrections to which a second person agreed, because they turned late into in time.
    """

    incident: UUID
    child: UUID
    force: str
    district: str
    areas: tuple[tuple[datetime | None, str], ...]
    who: int
    school_age: bool
    coverage: str
    history: History
    events: tuple[Event, ...]
    derived: Derived
    grade: int
    token: int
    authorised: frozenset[UUID] = frozenset()

    @property
    def child_token(self) -> int:
        """The number that stands for its child."""
        return records.token(self.child)

    def area(self, at: datetime) -> str:
        """The area that had the pathway at an instant."""
        found = self.areas[0][1]
        if len(self.areas) == 1:
            return found
        for since, area in self.areas[1:]:
            if since is not None and since <= at:
                found = area
        return found

    def key(self, kind: str, at: datetime) -> Key:
        """The bin of what began at an instant."""
        return records.bin_of(self.area(at), self.force, self.district, kind, records.quarter(at))


def events_of(history: History) -> list[Event]:
    """The events in order, derived ones at their place: as the evaluation of clocks sees them."""
    events = in_order(history.milestones)
    aware = police_aware(events)
    if aware is not None:
        events = place(events, aware)
    return place_derived(events, Enquiries(events))


def grade_number(derived: Derived) -> int:
    """The officer's first grade, by number; ungraded is one."""
    grade = derived.state.first_grade
    return records.GRADES.index(grade) if grade is not None else len(records.GRADES) - 1


def earlier(event: Event) -> int:
    """By how many minutes the event may be earlier: up to the beginning of the day that alone is known."""
    return 0 if event.on is None else max(0, int((event.at - midnight(event.on)).total_seconds() // 60))


def earlier_at(told: Told, at: datetime) -> int:
    """The same of what happened at an instant, of which the day alone is known."""
    return min((earlier(event) for event in told.events if event.at == at and event.on is not None), default=0)


def pathway_records(told: Told) -> list[Keyed]:
    """All records that this pathway makes by itself."""
    events = told.events
    return [
        *_stays(told, events),
        *_waits(told),
        *_segments(told),
        *_discussions(told, events),
        *_notices(told, events),
        *_quality(told, events),
        *_corrections(told),
    ]


def _stays(told: Told, events: Sequence[Event]) -> Iterator[Keyed]:
    for key, stays in intervals(events).items():
        stage = stages.BY_KEY[key]
        for number, stay in enumerate(stays):
            start, end = stay.start, stay.end
            last = max((each.end.at for each in stays[:number] if each.end is not None), default=None)
            due, flags = limit(
                stage.standards, told.derived.clocks, events, start, None if end is None else end.at, last
            )
            if due is None and key == "school":
                continue
            flags |= _vague(start) | (_vague(end) if end is not None else 0)
            flags |= records.BEGAN_VAGUELY if _vague(start) else 0
            flags |= records.IN_ERROR if told.derived.state.withdrawn else 0
            allocated = why = 0
            if key == "accepted_not_seen":
                allocated = seconds(_between(events, "allocated", start.at, None if end is None else end.at))
            elif key == "conference":
                why, allocated = _lateness(
                    events, start.at, stays[number + 1].start.at if stays[number + 1 :] else None
                )
            cause = stages.cause_of(end.kind, end.milestone.outcome) if end else None
            for piece in _pieces(told, start.at, max(end.at, start.at) if end is not None else None):
                yield Keyed(
                    told.key(key, start.at)._replace(area=piece.area),
                    pack(
                        start=seconds(start.at),
                        end=seconds(piece.until),
                        due=piece.owed(due),
                        extra=allocated,
                        entry=piece.entry,
                        early=earlier(start),
                        slack=earlier(end) if end is not None and piece.last else 0,
                        who=told.who,
                        flags=flags | piece.flags | (records.AGAIN if start.kind == "reopened" else 0),
                        cause=piece.cause(cause),
                        grade=told.grade,
                        token=told.token,
                        child=told.child_token,
                        holder=_HOLDER.get(stage.holder, 0),
                        item=why,
                    ),
                )


class _Piece(NamedTuple):
    """A stay while one area had it: ``since`` when it came here, ``until`` when it left or moved on; ``flags`` say of
    which move the day alone is known.
    """

    area: str
    since: datetime
    until: datetime | None
    first: bool
    last: bool
    flags: int

    @property
    def entry(self) -> int:
        return 0 if self.first else seconds(self.since)

    def owed(self, due: int | None) -> int:
        """The limit; what moved on before it passed is for the next area to keep."""
        return due if due and (self.last or due < seconds(self.until)) else 0

    def cause(self, ended: str | None) -> int:
        if not self.last:
            return stages.MOVED
        return 0 if ended is None else stages.cause_number(ended)


def _pieces(told: Told, since: datetime, until: datetime | None) -> Iterator[_Piece]:
    """A stay cut where another area took over: the age goes on, the count is each area's own."""
    came, area, flags = since, told.area(since), 0
    for at, after in told.areas:
        if at is None or at <= since or (until is not None and at >= until):
            continue
        by_day = any(e.kind == "transfer_accepted" and e.at == at and earlier(e) for e in told.events)
        yield _Piece(area, came, at, came == since, False, flags | (records.LEFT_BY_DAY if by_day else 0))
        came, area, flags = at, after, records.CAME_BY_DAY if by_day else 0
    yield _Piece(area, came, until, came == since, True, flags)


def _lateness(events: Sequence[Event], since: datetime, before: datetime | None) -> tuple[int, int]:
    """Why a conference is late, as manager and chair agreed, and which agency it waited on: from 1; 0 for none."""
    said = (event for event in events if event.kind == "conference_delay_agreed" and event.at >= since)
    agreed = next((event.milestone for event in said if before is None or event.at < before), None)
    if agreed is None:
        return 0, 0
    reason = agreed.outcome if agreed.outcome in CONFERENCE_DELAY_REASONS else "other"
    agency = agreed.detail.get("agency")
    return CONFERENCE_DELAY_REASONS.index(reason) + 1, 1 + _HOLDER[agency] if agency in _HOLDER else 0


def _between(events: Sequence[Event], kind: str, since: datetime, until: datetime | None) -> datetime | None:
    return next((e.at for e in events if e.kind == kind and e.at >= since and (until is None or e.at <= until)), None)


def _vague(event: Event) -> int:
    if event.on is not None or not event.known:
        return records.APPROXIMATE
    return records.APPROXIMATE | records.ESTIMATED if event.vague else 0


def _waits(told: Told) -> Iterator[Keyed]:
    """Waits for a first decision."""
    spans = spans_of(told.events)
    for number, (wait, (began, ended)) in enumerate(zip(told.derived.waits, spans, strict=True)):
        start, end = told.events[began], None if ended is None else told.events[ended]
        due, flags = limit(_FIRST_DECISION, told.derived.clocks, told.events, start, wait.until)
        flags |= _vague(start) | (_vague(end) if end is not None else 0)
        cause = None if end is None else stages.cause_of(end.kind, end.milestone.outcome)
        for piece in _pieces(told, wait.since, wait.until):
            yield Keyed(
                told.key(stages.UNASSESSED, wait.since)._replace(area=piece.area),
                pack(
                    start=seconds(wait.since),
                    end=seconds(piece.until),
                    due=piece.owed(due),
                    entry=piece.entry,
                    early=earlier(start),
                    slack=earlier(end) if end is not None and piece.last else 0,
                    who=told.who,
                    flags=flags | piece.flags | (records.AGAIN if number else 0),
                    cause=piece.cause(cause),
                    grade=told.grade,
                    token=told.token,
                    child=told.child_token,
                ),
            )


def _segments(told: Told) -> Iterator[Keyed]:
    """Who held the child: the whole way (``segment``), and while it waited for a first decision (``held``)."""
    for segment in told.derived.segments:
        if segment.stage not in _NOBODY:
            yield from _spans(told, "segment", segment, segment.since, segment.until)
        for wait in told.derived.waits:
            since = max(segment.since, wait.since)
            until = min((at for at in (segment.until, wait.until) if at is not None), default=None)
            if until is None or since < until:
                yield from _spans(told, "held", segment, since, until)
    yield from _bounces(told)


def _spans(told: Told, kind: str, segment: Segment, since: datetime, until: datetime | None) -> Iterator[Keyed]:
    """One span, cut where another area took over."""
    for piece in _pieces(told, since, until):
        yield Keyed(
            told.key(kind, piece.since),
            pack(
                start=seconds(piece.since),
                end=seconds(piece.until),
                flags=records.APPROXIMATE if segment.approximate else 0,
                grade=told.grade,
                token=told.token,
                child=told.child_token,
                holder=_HOLDER.get(segment.holder, _HOLDER["other"]),
                item=_SEGMENT_STAGE.get(segment.stage, _SEGMENT_STAGE["other"]),
            ),
        )


def _bounces(told: Told) -> Iterator[Keyed]:
    """Each return to a holder who had passed the child on, by the holder it came back from; ``due``: since when it is
    on the books.
    """
    before: list[str] = []
    for segment in told.derived.segments:
        if segment.holder in before[:-1] and before[-1] not in (segment.holder, "no_agency"):
            yield Keyed(
                told.key("bounce", segment.since),
                pack(
                    start=seconds(segment.since),
                    holder=_HOLDER.get(segment.holder, 0),
                    item=_HOLDER.get(before[-1], 0),
                    grade=told.grade,
                    token=told.token,
                    child=told.child_token,
                    extra=told.history.pathway.id.int & 0xFFFFFFFF,
                    due=seconds(told.events[0].at) - bool(earlier(told.events[0])),
                    early=earlier_at(told, segment.since),
                ),
            )
        if not before or before[-1] != segment.holder:
            before.append(segment.holder)


def _discussions(told: Told, events: Sequence[Event]) -> Iterator[Keyed]:
    """What was postponed or cancelled, by agency; what was seen at the scene; what an enquiry led to."""
    for event in events:
        if event.kind in ("strategy_postponed", "strategy_cancelled"):
            agency = event.milestone.outcome or str(event.milestone.detail.get("agency") or "other")
            yield Keyed(
                told.key(event.kind, event.at),
                pack(
                    start=seconds(event.at), holder=_HOLDER.get(agency, _HOLDER["other"]), grade=told.grade,
                    token=told.token, child=told.child_token, item=_cause_code(event), extra=_record(event),
                    flags=_of_review(event), early=earlier(event),
                ),
            )  # fmt: skip
        elif event.kind == "seen_at_scene":
            yield Keyed(
                told.key("seen_at_scene", event.at),
                pack(
                    start=seconds(event.at), grade=told.grade, token=told.token, child=told.child_token,
                    early=earlier(event), item=int(event.milestone.outcome in ("yes", None)),
                ),
            )  # fmt: skip


#: Why a discussion was postponed or cancelled, by number; whatever is not in the list is "other". Only ever added to
#: at the end.
POSTPONED: Final = (
    "other", "agency_unavailable", "chair_unavailable", "information_awaited", "not_enough_notice", "technical_failure",
    "clash_with_another_meeting", "child_or_family_event", "threshold_not_met_after_all",
    "covered_by_another_discussion", "requested_in_error",
)  # fmt: skip


def _cause_code(event: Event) -> int:
    said = str(event.milestone.detail.get("cause") or "other")
    return POSTPONED.index(said) if said in POSTPONED else 0


def _of_review(event: Event) -> int:
    return records.REVIEW if event.milestone.detail.get("review") is True else 0


def _record(event: Event) -> int:
    """A number of the fact, so that a meeting about several children counts once."""
    return records.token(event.milestone.record)


def meeting_records(told: Told) -> Iterator[Keyed]:
    """Each strategy discussion held, once for a child; ``extra`` says which discussion it was."""
    for event in told.events:
        if event.kind != "strategy_held":
            continue
        present = event.milestone.detail.get("agencies_present")
        agencies = 0
        for agency in present if isinstance(present, list) else ():
            if agency in _HOLDER:
                agencies |= 1 << _HOLDER[agency]
        flags = records.QUORATE if event.milestone.outcome == "quorate" else 0
        flags |= records.SCHOOL_AGE if told.school_age else 0
        flags |= records.INITIATES if event.milestone.detail.get("initiates_enquiry") is True else 0
        flags |= _of_review(event)
        yield Keyed(
            told.key("meeting", event.at),
            pack(
                start=seconds(event.at), due=agencies, extra=_record(event), flags=flags | _vague(event),
                grade=told.grade, token=told.token, child=told.child_token, item=1, early=earlier(event),
            ),
        )  # fmt: skip


def _notices(told: Told, events: Sequence[Event]) -> Iterator[Keyed]:
    """That children's social care was told of a child, once for a pathway."""
    told_of = next((e for e in events if e.kind == "notice_received"), None) or next(
        (e for e in events if e.kind == "notice_shared"), None
    )
    if told_of is not None and not told.derived.state.withdrawn:
        yield Keyed(
            told.key("notified", told_of.at),
            pack(
                start=seconds(told_of.at),
                grade=told.grade,
                token=told.token,
                child=told.child_token,
                who=told.who,
                flags=_vague(told_of),
                early=earlier(told_of),
            ),
        )


def _quality(told: Told, events: Sequence[Event]) -> Iterator[Keyed]:
    first = next((event for event in events), None)
    if first is None:
        return
    at = seconds(first.at)
    found = {condition.rule for condition in told.derived.conditions if condition.rule in QUALITY}
    if any(segment.approximate for segment in told.derived.segments):
        found.add("approximate")
    late = sum(
        row.at is not None
        and row.source not in _IMPORTED
        and row.supersedes is None
        and (row.recorded_at - row.at).total_seconds() > _AFTER_A_DAY
        for row in told.history.milestones
    )
    rows = sum(row.source not in _IMPORTED and row.supersedes is None for row in told.history.milestones)
    bits = 0
    for rule in found:
        bits |= 1 << QUALITY.index(rule)
    yield Keyed(
        told.key("pathway", first.at),
        pack(
            start=at, due=rows, extra=late, flags=bits, who=told.who, grade=told.grade, token=told.token,
            child=told.child_token, item=_graded_now(told), early=earlier(first),
        ),
    )  # fmt: skip


def _graded_now(told: Told) -> int:
    """The grade that stands, by number from 1, where it is another than the officer's first; else 0."""
    grade = told.derived.state.grade
    if grade is None or grade == told.derived.state.first_grade:
        return 0
    return records.GRADES.index(grade) + 1


def _corrections(told: Told) -> Iterator[Keyed]:
    for row in told.history.milestones:
        if row.supersedes is None:
            continue
        yield Keyed(
            told.key("correction", row.recorded_at),
            pack(
                start=seconds(row.recorded_at),
                flags=records.FORGAVE if row.id in told.authorised else 0,
                holder=_HOLDER[agency_of(row.kind)],
                item=int(row.retracted),
                grade=told.grade,
                token=told.token,
                child=told.child_token,
            ),
        )


AT_SCHOOL: Final = SCHOOL_STATUSES[0]
DECISIONS: Final = _DECISIONS
