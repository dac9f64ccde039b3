"""Conditions that were flagged and no longer compute: when they ended, and what ended them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from schema.spine import Condition, History, Milestone, RaisedFlag

Key = tuple[str, str, UUID]


def as_known_at(history: History, instant: datetime) -> History:
    """The history as it stood at an instant: only what had been recorded or noticed by then.

    What is known of the child and the incident besides the milestones is taken as it is now.
    """
    return History(
        pathway=history.pathway,
        milestones=tuple(row for row in history.milestones if row.recorded_at <= instant),
        flags=tuple(flag for flag in history.flags if flag.noticed_at <= instant),
    )


def vanished(
    history: History,
    lost: Sequence[RaisedFlag],
    conditions: Callable[[History], Sequence[Condition]],
    holder_of: Callable[[str], str],
    ways_out: Callable[[str], Mapping[str, str]],
) -> list[Condition]:
    """One ended condition for each flag whose condition is gone.

    The history is evaluated as known at each recording, latest first, until the condition is there
    and had begun when the flag was noticed: the recording after it is what ended it. If no recording
    did, the facts of the child or the rules changed, and it ended as ``no_longer_applies``.
    """
    times = sorted({row.recorded_at for row in history.milestones})
    by_time: dict[datetime, dict[Key, Condition]] = {}

    def known(at: datetime) -> dict[Key, Condition]:
        if at not in by_time:
            by_time[at] = {_key(c): c for c in conditions(as_known_at(history, at))}
        return by_time[at]

    return [_ended(history, flag, times, known, holder_of, ways_out(flag.subject)) for flag in lost]


def _ended(
    history: History,
    flag: RaisedFlag,
    times: list[datetime],
    known: Callable[[datetime], dict[Key, Condition]],
    holder_of: Callable[[str], str],
    ways: Mapping[str, str],
) -> Condition:
    key = (flag.rule, flag.subject, flag.episode)
    for place in range(len(times) - 2, -1, -1):
        before = known(times[place]).get(key)
        if before is not None and before.true_from <= flag.noticed_at:
            ended_at = times[place + 1]
            until = max(ended_at, flag.true_from)
            return _condition(flag, before.holder, before.evidence, until, _cause(history, ended_at, ways))
    until = max(flag.noticed_at, flag.true_from)
    return _condition(flag, holder_of(flag.subject), (), until, "no_longer_applies")


def _cause(history: History, ended_at: datetime, ways: Mapping[str, str]) -> str:
    rows = [row for row in history.milestones if row.recorded_at == ended_at]
    if any(row.supersedes is not None for row in rows):
        return "corrected"
    return _by_new_milestone(rows, ways)


def _by_new_milestone(rows: Sequence[Milestone], ways: Mapping[str, str]) -> str:
    """``met`` by what meets the standard, ``over`` by what ends the work unmet; what only moved its start (a
    receipt) ended nothing: it is counted anew.
    """
    kinds = {row.kind for row in rows}
    if "withdrawn" in kinds:
        return "withdrawn"
    if "risk_graded" in kinds:
        return "graded"
    if kinds & {"risk_regraded", "urgent_for_child"}:
        return "regraded"
    if kinds and ways and kinds.isdisjoint(ways):
        return "counted_anew"
    if not kinds:
        return "no_longer_applies"
    kind = min(kinds & ways.keys() or kinds)
    return f"{ways.get(kind, 'met')}:{kind}"


def _condition(flag: RaisedFlag, holder: str, evidence: tuple[UUID, ...], until: datetime, cause: str) -> Condition:
    return Condition(
        rule=flag.rule,
        subject=flag.subject,
        episode=flag.episode,
        true_from=flag.true_from,
        true_until=until,
        cause=cause,
        holder=holder,
        evidence=evidence,
    )


def _key(condition: Condition) -> Key:
    return (condition.rule, condition.subject, condition.episode)
