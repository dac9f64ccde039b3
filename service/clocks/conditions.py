"""Conditions: what is true of a pathway from when until when, and why it ended. Nothing depends on now."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from schema.spine import Condition, PathwayFacts
from service.clocks.awareness import POLICE_AWARE
from service.clocks.deadlines import DAY_OF_SCHOOL, DAY_ONLY, NO_HOURS, NO_START, RAN_OUT, SAME_DAY_STOP
from service.clocks.episodes import Episode
from service.clocks.grades import Grading
from service.clocks.order import Event
from service.clocks.rows import NOT_CARRIED, WITHDRAWN, Clock
from service.clocks.school import school_is_unknown

_NEEDS_START = (DAY_ONLY, DAY_OF_SCHOOL, NO_START)


def conditions_of(
    clocks: Sequence[Clock], events: Sequence[Event], graded: Grading, facts: PathwayFacts
) -> list[Condition]:
    """Every condition of the clocks, and those of grade, school and further incidents."""
    found: list[Condition] = []
    needed: set[tuple[str, UUID]] = set()
    for clock in clocks:
        row = clock.row
        if row.due_at is not None and row.rules and row.standing != "cannot_compute":
            _timely(found, clock, graded)
        if row.standing == "cannot_compute" and row.why != NOT_CARRIED:
            _cannot_compute(found, clock, needed)
        if clock.misconfigured is not None and row.standing != "not_applicable":
            found.append(_configuration(clock, clock.misconfigured))
        if row.standard == "school_notified" and row.standing == "ok" and school_is_unknown(facts):
            found.append(_school_unknown(clock))
    ungraded = _ungraded(events, graded)
    if ungraded is not None:
        found.append(ungraded)
    if facts.earlier_not_shared:
        found += _second_look(events, facts)
    return found


def _timely(found: list[Condition], clock: Clock, graded: Grading) -> None:
    """Approaching until due, then overdue (or as the standard calls it) until met."""
    row, episode, standard = clock.row, clock.episode, clock.episode.version.standard
    due, stopped = row.due_at, row.stopped_at
    if due is None or (row.standing == "not_applicable" and row.why != WITHDRAWN and episode.ended is None):
        return
    ended, cause = stopped, _cause(episode)
    withdrawn = episode.withdrawn
    if withdrawn is not None and (ended is None or withdrawn.at < ended):
        ended, cause = withdrawn.at, "withdrawn"
    true_from: datetime | None = due
    if episode.version.flag_grades is not None:
        true_from = _when_flagged(clock, graded, due, ended)
        if true_from is None:
            return
    evidence: tuple[UUID, ...] = (row.start_milestone,)
    if row.stop_milestone is not None:
        evidence = (row.start_milestone, row.stop_milestone)
    warn = row.warn_at
    if warn is not None and warn < due and (ended is None or ended > warn) and true_from == due:
        late = ended is None or ended > due
        found.append(
            Condition(
                "approaching",
                row.standard,
                row.episode,
                warn,
                due if late else ended,
                "overdue" if late else cause,
                standard.holder,
                evidence,
            )
        )
    if true_from is not None and (ended is None or ended > true_from):
        found.append(
            Condition(standard.flags, row.standard, row.episode, true_from, ended, cause, standard.holder, evidence)
        )


def _cause(episode: Episode) -> str | None:
    """What ended it, if anything: it was met, or the work it belongs to was over."""
    if episode.stop is not None:
        return f"met:{episode.stop.kind}"
    return None if episode.ended is None else f"over:{episode.ended.kind}"


def _when_flagged(clock: Clock, graded: Grading, due: datetime, ended: datetime | None) -> datetime | None:
    """From when a standard that flags some grades only is flagged; ungraded counts as the strictest."""
    grades = clock.episode.version.flag_grades or frozenset()
    level = clock.row.grade
    if (level or "high") in grades:
        return due
    for change in graded.changes:
        at = change.event.at
        if (change.after or "high") in grades and at > clock.link.event.at and (ended is None or at < ended):
            return max(due, at)
    return None


def _cannot_compute(found: list[Condition], clock: Clock, needed: set[tuple[str, UUID]]) -> None:
    """One condition for each time that is missing, however many clocks miss it."""
    row, episode = clock.row, clock.episode
    if row.why in (RAN_OUT, NO_HOURS):
        found.append(_configuration(clock, "calendar"))
        return
    event = clock.link.event
    over = episode.stop or episode.ended
    if row.why == SAME_DAY_STOP and over is not None:
        event = over
    subject = POLICE_AWARE if row.why == NO_START else event.milestone.kind
    if (subject, event.milestone.root) in needed:
        return
    needed.add((subject, event.milestone.root))
    found.append(
        Condition(
            rule="cannot_compute",
            subject=subject,
            episode=event.milestone.root,
            true_from=event.milestone.recorded_at,
            true_until=None,
            cause=None,
            holder="police"
            if row.why in _NEEDS_START and event.kind == POLICE_AWARE
            else episode.version.standard.holder,
            evidence=(event.milestone.id,),
        )
    )


def _configuration(clock: Clock, subject: str) -> Condition:
    row = clock.row
    return Condition(
        rule="configuration",
        subject=subject,
        episode=row.episode,
        true_from=clock.link.event.at,
        true_until=row.stopped_at,
        cause=_cause(clock.episode),
        holder=clock.episode.version.standard.holder,
        evidence=(row.start_milestone,),
    )


def _school_unknown(clock: Clock) -> Condition:
    row = clock.row
    return Condition(
        rule="school_unknown",
        subject="school_notified",
        episode=row.episode,
        true_from=clock.link.event.at,
        true_until=row.stopped_at,
        cause=None if row.stopped_at is None else "met:school_notified",
        holder="police",
        evidence=(row.start_milestone,),
    )


def _ungraded(events: Sequence[Event], graded: Grading) -> Condition | None:
    """From the notice (without one, from when the police knew) until somebody grades the risk."""
    by = graded.graded_by
    notice = next((e for e in events if e.kind in ("notice_submitted", "notice_shared", "notice_received")), None)
    aware = next((e for e in events if e.kind == POLICE_AWARE), None)
    start = notice or aware
    if start is None or aware is None or (by is not None and (notice is None or by.at <= notice.at)):
        return None
    ended = by or next((e for e in events if e.kind == "withdrawn" and e.at > start.at), None)
    return Condition(
        rule="ungraded",
        subject="risk_graded",
        episode=aware.milestone.root,
        true_from=start.at,
        true_until=None if ended is None else ended.at,
        cause=None if ended is None else "graded" if ended is by else "withdrawn",
        holder="police",
        evidence=(start.milestone.id,),
    )


def _second_look(events: Sequence[Event], facts: PathwayFacts) -> list[Condition]:
    """An earlier notice of this child was declined within the year before: somebody looks again."""
    if not events:
        return []
    began = next((e for e in events if e.kind in ("incident_occurred", POLICE_AWARE)), events[0])
    decided = next((e for e in events if e.kind in ("contact_decided", "withdrawn") and e.at >= began.at), None)
    return [
        Condition(
            rule="second_look",
            subject="notice_not_shared",
            episode=pathway,
            true_from=max(began.at, declined),
            true_until=None if decided is None else max(decided.at, declined),
            cause=None if decided is None else "withdrawn" if decided.kind == "withdrawn" else "met:contact_decided",
            holder="police",
            evidence=(began.milestone.id,),
        )
        for pathway, declined in facts.earlier_not_shared
    ]
