"""Log a notice, once, whoever sends it and however often."""

import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.notices import NextDue, Notice, NoticeAnswer, NoticePathway, When
from service.access import audit
from service.actor import Actor
from service.clocks.words import say_due
from service.database import Tx
from service.errors import Conflict, NotFound, Refused, Wrong
from service.intake.books import service as books
from service.intake.feeds import store as feeds
from service.intake.notices import rules, store
from service.intake.notices.store import TYPISTS, Places
from service.pathways import store as spine

#: How long a keyed request is answered as it was the first time.
KEPT: Final = timedelta(days=7)
_ROUTE: Final = "notices"


async def places(tx: Tx) -> Places:
    """The areas and forces for which the actor may log notices."""
    actor = tx.actor
    return await store.places(tx, _areas(actor), _forces(actor))


def _areas(actor: Actor) -> list[str]:
    own = [actor.area] if actor.area else []
    return [*actor.areas(*TYPISTS), *own]


def _forces(actor: Actor) -> list[str]:
    own = [actor.force] if actor.force else []
    return [*actor.forces("police_liaison"), *own]


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that was logged, and what is due next of its incident in its area."""

    notice: Notice
    pathways: list[UUID]
    due: list[NextDue]


async def logged(tx: Tx, identity: UUID) -> Logged:
    """A notice as it was logged, to say when it is due and to carry it over to the next one.

    Raises:
        NotFound: there is none that this actor may see.
    """
    found = await store.logged(tx, identity)
    if found is None:
        raise NotFound("There is no such notice.")
    await audit.viewed(tx, "notice_viewed", "log the next notice", found.pathways)
    due = await _next_due(tx, found.pathways)
    return Logged(notice=found.notice, pathways=found.pathways, due=sorted(due.values(), key=lambda each: each.due_at))


async def incident(tx: Tx, identity: UUID) -> dict[str, str]:
    """What is known of an incident that no notice brought, for its first one: by the names of the form's boxes.

    Raises:
        NotFound: there is none that this actor may see.
    """
    found = await store.incident(tx, identity)
    if found is None:
        raise NotFound("There is no such incident.")
    await audit.viewed(tx, "notice_viewed", "log the first notice", [])
    return dict(zip(("reference", "force", "area", "district"), found, strict=True))


async def log(tx: Tx, notice: Notice) -> NoticeAnswer:
    """Log a notice: its incident, its children, its milestones, all or nothing.

    A notice that a coordinator types has been received: without a time of receipt it is taken as
    received now, and without a time of sharing as shared then too. A machine's notice without
    either is the force's own, not yet shared.

    Raises:
        Refused: every field that is wrong.
        Conflict: the reference is known and what is stored contradicts this.
    """
    allowed = await places(tx)
    wrong = rules.wrong_with(notice, tx.now, allowed.areas, allowed.forces)
    if not wrong:
        wrong = await _strangers(tx, notice)
    if wrong:
        raise Refused(wrong, "This notice cannot be logged as it is. Nothing was recorded.")
    source = "pushed" if tx.actor.kind == "client" else "typed"
    if tx.actor.holds(*TYPISTS, area=notice.area):
        notice = _received(tx, notice)
    if notice.children:
        placed = await books.put(tx, rules.arrivals(notice, source))
        _refuse_differences(placed)
        incident = placed[0].incident
    else:
        placed = []
        async with tx.recording():
            incident = await store.incident_only(tx, notice, rules.reference_of(notice))
    if incident is None:
        raise LookupError("an arrival that was placed has an incident")
    identity = new_id(tx.now)
    await store.insert_notice(tx, identity, incident, notice, source)
    if source == "pushed":
        await feeds.heard_push(tx)
    due = await _next_due_of(tx, placed)
    return NoticeAnswer(
        notice=identity,
        incident=incident,
        reference=rules.reference_of(notice),
        recorded_at=tx.now,
        pathways=[
            NoticePathway(
                pathway=p.pathway,
                outcome="repeated" if p.outcome == "repeated" else "accepted",
                updated=p.updated,
                next_due=due.get(p.pathway),
            )
            for p in placed
            if p.pathway
        ],
    )


async def _strangers(tx: Tx, notice: Notice) -> list[Wrong]:
    """Children chosen as known whom the actor cannot see in the notice's area: nobody is linked to those."""
    chosen = {number: child.child for number, child in enumerate(notice.children) if child.child is not None}
    known = await store.known_children(tx, notice.area, list(chosen.values())) if chosen else set()
    return [
        Wrong(
            f"children[{number}].child",
            str(child),
            "a child known in this area",
            "Choose one that a search for matches gave.",
        )
        for number, child in chosen.items()
        if child not in known
    ]


def _received(tx: Tx, notice: Notice) -> Notice:
    received = notice.notice_received or When(at=tx.now.replace(microsecond=0), precision="minute")
    return msgspec.structs.replace(notice, notice_received=received, notice_shared=notice.notice_shared or received)


def _refuse_differences(placed: list[books.Placed]) -> None:
    wrong = [
        Wrong(
            difference.field if len(placed) == 1 else f"children[{number}].{difference.field}",
            difference.got,
            f"what is recorded already: {difference.stored}",
            "If the recorded value is wrong, correct it on the pathway; nothing was changed.",
        )
        for number, place in enumerate(placed)
        for difference in place.differences
    ]
    if wrong:
        raise Refused(wrong, "This reference is on the books and says something else.")


async def _next_due_of(tx: Tx, placed: list[books.Placed]) -> dict[UUID, NextDue]:
    """The next due time of each pathway: from what recording found, else as it is stored."""
    found = {each.pathway: rules.next_due(each.derived.clocks) for each in placed if each.pathway and each.derived}
    known = {pathway: _said(tx, next_due) for pathway, next_due in found.items() if next_due}
    stored = [each.pathway for each in placed if each.pathway and each.pathway not in found]
    return known | (await _next_due(tx, stored) if stored else {})


async def _next_due(tx: Tx, pathways: list[UUID]) -> dict[UUID, NextDue]:
    """The next due time of each pathway, in words."""
    async with tx.recording():
        rows = await spine.next_due(tx.connection, pathways)
    return {pathway: _said(tx, row) for pathway, row in rows.items()}


def _said(tx: Tx, next_due: tuple[str, datetime, bool]) -> NextDue:
    standard, due, end_of_day = next_due
    return NextDue(standard=standard, due_at=due, words=say_due(due, tx.now, end_of_day=end_of_day))


async def log_keyed(tx: Tx, notice: Notice, key: str, body: bytes) -> tuple[int, object]:
    """Log a notice under an idempotency key: repeats get the first answer, whatever they race.

    Returns:
        The status and body to answer with.

    Raises:
        Conflict: another body came under the same key.
    """
    digest = hashlib.sha256(body).digest()
    if not await store.claim_key(tx, _ROUTE, key, digest):
        known = await store.stored_answer(tx, _ROUTE, key)
        if known is None:
            raise Conflict("This key is in use by somebody else.")
        stored_digest, status, answer = known
        if stored_digest != digest:
            raise Refused(
                [
                    Wrong(
                        "Idempotency-Key",
                        key,
                        "a new key for a new notice",
                        "This key was used for a notice with another body.",
                    )
                ]
            )
        return status, answer
    answered = msgspec.to_builtins(await log(tx, notice))
    await store.store_answer(tx, _ROUTE, key, 201, answered)
    return 201, answered
