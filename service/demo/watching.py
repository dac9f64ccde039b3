"""What a watcher, and the people it told, did about the synthetic past.

Flags of what was corrected since, ladders climbed, messages, acknowledgements and answers, signs of life.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from schema.ids import new_id
from schema.spine import History
from service.clocks import Rulebook, as_known_at, evaluate
from service.database import Tx
from service.demo import store
from service.demo.generator import partnership
from service.demo.generator.course.police import file_after
from service.demo.partnership import Known
from service.flags import rules
from service.flags import store as flags
from service.flags.sweep import telling
from service.pathways import rebuild
from service.pathways import store as spine
from service.pathways.rulebook import current

_MOMENT: Final = timedelta(microseconds=1)
_NOTICED: Final = timedelta(seconds=2)
#: People are told of what was noticed this recently; older flags stand, their messages are long read.
_TOLD: Final = timedelta(days=2)
#: Of flags that stand for more than two hours, the shares that somebody answered, or only saw.
_ANSWERED: Final = 0.45
_SEEN: Final = 0.2
_BY_NOW: Final = timedelta(hours=2)
_FEED_DAY: Final = timedelta(days=1)
_SEED: Final = 61

_ANSWERS: Final = (
    ("School asked for the attendance record; answer expected.", "Ring the school"),
    ("Two attempts to reach the officer in the case.", "Ask the duty sergeant"),
    ("Worker off sick; duty worker will go.", "Visit by the duty worker"),
    ("Waiting for the health visitor's chronology.", "Ask the named nurse"),
    ("Backlog list agreed with the force; this one is next.", "Share with the next batch"),
    ("Family seen at the station by mistake; visit booked.", "Visit at home"),
)


async def watch(tx: Tx, known: Known, pathways: Sequence[UUID]) -> None:
    """Everything of these pathways' past that is not derived: what was noticed, told and answered by now."""
    async with tx.recording():
        await _flag_what_was_corrected(tx, pathways)
        standing = await store.standing_flags(tx.connection, tx.now, pathways)
        await _climb(tx, standing, await current(tx), pathways)
        await store.write_answers(tx.connection, answers := _answers(standing, known, tx.now))
        lapses = [(row[1], row[0], row[7]) for row in answers if row[7] is not None and row[7] > tx.now]
        await store.write_lapses(tx.connection, lapses, tx.now)


async def _flag_what_was_corrected(tx: Tx, among: Sequence[UUID]) -> None:
    """Flags that were raised before a correction, whose conditions it ended."""
    pathways = await store.corrected(tx.connection, among)
    rulebook = await current(tx)
    rows: list[tuple[Any, ...]] = []
    for pathway, (_, history) in (await spine.histories(tx.connection, pathways)).items():
        rows += [(pathway, *row) for row in _raised_before_corrections(history, rulebook)]
    await store.write_flags(tx.connection, rows)
    await rebuild.recompute(tx, pathways)


def _raised_before_corrections(history: History, rulebook: Rulebook) -> list[tuple[Any, ...]]:
    times = sorted({row.recorded_at for row in history.milestones if row.supersedes is not None})
    known_at = {row.root: row.recorded_at for row in history.milestones if row.supersedes is None}
    raised = {(flag.rule, flag.subject, flag.episode) for flag in history.flags}
    found = []
    for at in times:
        for condition in evaluate(as_known_at(history, at - _MOMENT), rulebook).conditions:
            key = (condition.rule, condition.subject, condition.episode)
            noticed = max(condition.true_from, known_at.get(condition.episode, condition.true_from)) + _NOTICED
            if noticed < at and key not in raised:
                raised.add(key)
                found.append((*key, condition.true_from, noticed, condition.holder))
    return found


async def _climb(tx: Tx, standing: Sequence[store.Standing], rulebook: Rulebook, pathways: Sequence[UUID]) -> None:
    """Plan every ladder as it was when its flag was raised, take what is due, and tell of what is recent."""
    table = telling()
    steps: list[rules.Step] = []
    wanted: list[tuple[UUID, str]] = []
    for flag, noticed, _, _ in standing:
        ladder = rulebook.versions[flag.version].ladder if flag.version else ()
        steps += rules.rungs(flag, table, ladder, noticed)
        if noticed > tx.now - _TOLD:
            wanted += [(flag.id, role) for role in rules.to_tell(flag, table, ladder, noticed)]
    await flags.plan_steps(tx.connection, steps, tx.now)
    await store.climb_ladders(tx.connection, tx.now)
    await flags.tell(tx.connection, wanted, tx.now)
    await store.date_messages(tx.connection, tx.now, pathways)


def _answers(standing: Sequence[store.Standing], known: Known, now: datetime) -> list[tuple[Any, ...]]:
    """(id, flag, kind, at, by, note, next action, by when) of the share that somebody dealt with."""
    table = telling()
    posts = {(one.role, one.area or one.force): one.key for one in reversed(partnership().people)}
    found: list[tuple[Any, ...]] = []
    for flag, noticed, area, force in standing:
        # Of its own for each flag, so that it does not matter which others are dealt with at the same time.
        rng = Random(f"{_SEED} {flag.rule} {flag.subject} {flag.true_from}")  # noqa: S311  # a synthetic past
        chance, wait = rng.random(), timedelta(minutes=rng.randrange(15, 300))
        note, action = rng.choice(_ANSWERS)
        at = noticed + wait
        if flag.rule == "approaching" or at > now or noticed > now - _BY_NOW or chance > _ANSWERED + _SEEN:
            continue
        role = rules.to_tell(flag, table, (), noticed)[0]
        by = posts.get((role, force if role == "police_liaison" else area))
        if by is None:
            continue
        promised = now + timedelta(hours=rng.randrange(2, 72))
        answered = chance < _ANSWERED
        found.append(
            (
                new_id(at),
                flag.id,
                "answered" if answered else "acknowledged",
                at,
                known.people[by],
                note if answered else None,
                action if answered else None,
                promised if answered else None,
            )
        )
    return found


def signs_of_life(now: datetime) -> list[tuple[Any, ...]]:
    """When the watcher and the feeds were last heard of."""
    last = file_after(now - _FEED_DAY, now)
    feeds = [
        (f"feed:{feed.key}", last if last <= now else last - _FEED_DAY, {"title": "police file"})
        for feed in partnership().feeds
    ]
    return [("watcher", now, {}), *feeds]
