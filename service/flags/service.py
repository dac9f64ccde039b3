"""Flags as people work with them: what stands, what it rests on, and what is done about it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.flags import lots, reading, rules, store
from service.flags.lots import Asked, Lot
from service.flags.reading import Evidence, Flag, Happened, Waiting, Wanted
from service.pathways.view import service as view

INBOX: int = 100


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One flag with why it was raised, the milestones it rests on and what became of it."""

    flag: Flag
    explanation: str
    evidence: tuple[Evidence, ...]
    events: tuple[Happened, ...]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the inbox; ``flag`` is None where the actor may no longer see it."""

    waiting: Waiting
    flag: Flag | None


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """What a person was told: messages one by one, and lots of which only the most urgent are among those."""

    messages: list[Message]
    lots: list[Lot]


async def standing(tx: Tx, wanted: Wanted | None = None) -> list[Flag]:
    """Flags that hold now, in all areas and forces of the actor: areas' first, the force's overdue actions last.

    Leaves an audit row.
    """
    wanted = wanted or Wanted()
    found: list[Flag] = []
    forces = tx.actor.forces("police_liaison")
    for police, places in ((False, _areas(tx)), (True, forces)):
        if places:
            found += await reading.standing(tx.connection, places, tx.now, wanted, police=police)
    if forces:
        found = _once([*found, *await reading.police_actions(tx.connection, forces, tx.now, wanted)])
    pathways = [flag.about for flag in found if flag.about_kind == "pathway"]
    await audit.viewed(tx, "flags_viewed", "answer delays", pathways, {"rule": wanted.rule, "subject": wanted.subject})
    return found


async def about(tx: Tx, subjects: Sequence[UUID]) -> list[Flag]:
    """Every flag ever raised about these pathways or rows. For pages that audit the view themselves."""
    return _once(
        [flag for police in _sides(tx) for flag in await reading.seen(tx.connection, abouts=subjects, police=police)]
    )


async def one(tx: Tx, flag: UUID) -> Detail:
    """One flag in full. Leaves an audit row.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
    """
    found, police = await _find(tx, flag)
    detail = Detail(
        flag=found,
        explanation=await _why(tx, found),
        evidence=tuple(await reading.evidence(tx.connection, found.evidence, police=police)),
        events=tuple(await reading.events(tx.connection, flag, police=police)),
    )
    pathways = [found.about] if found.about_kind == "pathway" else []
    await audit.viewed(tx, "flag_viewed", "answer a delay", pathways, {"flag": str(flag)})
    return detail


async def _why(tx: Tx, flag: Flag) -> str:
    """The flag's clock in words; for what is about no clock, what its rule says."""
    said = None
    if flag.about_kind == "pathway" and flag.rule not in rules.WHY:
        said = await view.explanation(tx, flag.about, flag.subject, flag.evidence)
    return said or rules.why(flag.rule, flag.subject)


async def acknowledge(tx: Tx, flag: UUID, note: str = "") -> UUID:
    """The actor has seen it. The ladder goes on until somebody answers or it ends.

    Raises:
        NotFound, Forbidden, Refused: as `answer`.
    """
    found = await _answerable(tx, flag)
    if len(note) > rules.LONGEST_NOTE:
        raise Refused(rules.wrong_with_answer(note, "seen", tx.now + rules.LONGEST_ANSWER, tx.now))
    return await _event(tx, found, "acknowledged", note, None, None)


async def answer(tx: Tx, flag: UUID, *, note: str = "", next_action: str, next_due_at: datetime | None) -> UUID:
    """What the actor will do and by when. When that time passes and nothing changed, the answer lapses.

    An answer ends nothing: a flag ends by its cause only, and its ladder is climbed all the same.

    Raises:
        NotFound: there is no such flag for this actor.
        Forbidden: the actor's roles do not answer it.
        Refused: no action, no time, or a time that is not soon.
    """
    found = await _answerable(tx, flag)
    if wrong := rules.wrong_with_answer(note, next_action, next_due_at, tx.now):
        raise Refused(wrong)
    event = await _event(tx, found, "answered", note, next_action, next_due_at)
    if next_due_at is not None:
        async with tx.recording():
            await store.replace_lapse(tx.connection, new_id(tx.now), flag, event, next_due_at, tx.now)
    return event


async def inbox(tx: Tx, *, everything: bool = False) -> Inbox:
    """The actor's messages with what each is about, newest first, and the lots. Leaves an audit row."""
    if tx.actor.id is None:
        return Inbox(messages=[], lots=[])
    found, singly = await lots.lots(tx.connection, tx.actor.id, tx.now, _sides(tx), everything=everything)
    waiting = await lots.inbox(tx.connection, tx.actor.id, INBOX, singly, everything=everything)
    return Inbox(messages=await _messages(tx, waiting), lots=found)


async def lot(tx: Tx, asked: Asked, *, everything: bool = False) -> tuple[list[Message], int]:
    """The messages of one lot, the most urgent first, and how many there are. Leaves an audit row."""
    if tx.actor.id is None:
        return [], 0
    waiting, total = await lots.listed(tx.connection, tx.actor.id, tx.now, _sides(tx), asked, everything=everything)
    return await _messages(tx, waiting), total


async def _messages(tx: Tx, waiting: Sequence[Waiting]) -> list[Message]:
    ids = [each.flag for each in waiting]
    flags = {
        flag.id: flag for police in _sides(tx) for flag in await reading.seen(tx.connection, ids=ids, police=police)
    }
    pathways = [flag.about for flag in flags.values() if flag.about_kind == "pathway"]
    await audit.viewed(tx, "inbox_viewed", "see what needs me", pathways)
    return [Message(waiting=each, flag=flags.get(each.flag)) for each in waiting]


async def mark_read(tx: Tx, messages: Sequence[UUID] | None = None) -> int:
    """Mark the actor's messages as opened: these, or all; how many there were."""
    if tx.actor.id is None:
        return 0
    return await reading.mark_read(tx.connection, tx.actor.id, tx.now, messages)


async def mark_flag_read(tx: Tx, flag: UUID) -> None:
    """Mark the actor's message about a flag as opened: its page was."""
    if tx.actor.id is not None:
        await reading.mark_flag_read(tx.connection, flag, tx.actor.id, tx.now)


async def mark_lot_read(tx: Tx, since: datetime, until: datetime, messages: int) -> int:
    """Mark the actor's messages of one lot as opened; how many there were.

    Raises:
        Conflict: there are more than the ``messages`` that the actor was shown, for some came meanwhile.
    """
    if tx.actor.id is None:
        return 0
    marked = await reading.mark_read(tx.connection, tx.actor.id, tx.now, None, lots.within(since), lots.within(until))
    if marked > messages:
        raise Conflict("More messages came meanwhile. Nothing was marked: look at them first.")
    return marked


def _areas(tx: Tx) -> tuple[str, ...]:
    return tx.actor.areas(*rules.ANSWERED_BY, "partner")


def _sides(tx: Tx) -> list[bool]:
    """The views the actor looks through: the area's (False), the police's (True).

    Flags of actions stand in the area's alone, where row-level security shows a liaison officer the force's own.
    """
    police = tx.actor.forces("police_liaison")
    return [side for side, here in ((True, police), (False, (*_areas(tx), *police))) if here]


def _once(flags: Sequence[Flag]) -> list[Flag]:
    """Without repeats, for somebody who sees a flag from two sides."""
    return list({flag.id: flag for flag in flags}.values())


async def _find(tx: Tx, flag: UUID) -> tuple[Flag, bool]:
    for police in _sides(tx):
        found = await reading.seen(tx.connection, ids=[flag], police=police)
        if found:
            return found[0], police
    raise NotFound("There is no such flag.")


async def _answerable(tx: Tx, flag: UUID) -> Flag:
    found, _ = await _find(tx, flag)
    if not rules.may_answer(tx.actor, found.holder, found.subject, found.area, found.force):
        raise Forbidden("This flag is answered by those who hold the child now.")
    return found


async def _event(
    tx: Tx, flag: Flag, kind: str, note: str, next_action: str | None, next_due_at: datetime | None
) -> UUID:
    identity = new_id(tx.now)
    async with tx.recording():
        await store.add_event(
            tx.connection,
            store.Event(
                id=identity,
                flag=flag.id,
                kind=kind,
                at=tx.now,
                by_kind=tx.actor.kind,
                by=tx.actor.id,
                note=note.strip() or None,
                next_action=next_action.strip() if next_action else None,
                next_due_at=next_due_at,
                area=flag.area,
                force=flag.force,
            ),
        )
    return identity
