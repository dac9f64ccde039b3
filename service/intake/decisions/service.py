"""Share, decline, draft, decide and transfer: the use cases around a notice's fate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from schema.vocabulary import CONTACT_OUTCOMES, NOT_SHARED_REASONS
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused, Wrong
from service.intake.decisions import store
from service.intake.decisions.store import Draft
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.pathways.service import Recorded

_ACCEPTS_REFERRAL: Final = ("referral", "strategy_discussion", "immediate_protection")
LongText = Annotated[str, Meta(max_length=10_000)]


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contact decision for one child or several of one family.

    It is complete only with outcome, rationale, the history considered, and a decider whom the
    area lists as qualified (design section 2). ``pathways`` names what it covers; other incidents
    of the same child stay open.
    """

    pathways: Annotated[list[UUID], Meta(min_length=1, max_length=40)]
    outcome: str = ""
    rationale: LongText = ""
    history_considered: LongText = ""
    decided_by: UUID | None = None
    at: datetime | None = None
    to_area: str | None = None
    named_worker: str | None = None


def _wrong_with(decision: Decision, qualified: dict[UUID, str]) -> list[Wrong]:
    found = []
    if decision.outcome not in CONTACT_OUTCOMES:
        found.append(
            Wrong("outcome", decision.outcome or "nothing", " or ".join(CONTACT_OUTCOMES), "Choose the outcome.")
        )
    for field, what in (("rationale", "the rationale"), ("history_considered", "the history you considered")):
        if not getattr(decision, field).strip():
            found.append(Wrong(field, "nothing", what, f"Write down {what}."))
    if decision.decided_by not in qualified:
        names = ", ".join(qualified.values()) or "nobody yet: an administrator lists them"
        got = "nobody" if decision.decided_by is None else "somebody else"
        found.append(Wrong("decided_by", got, f"one of: {names}", "Choose who decided."))
    if decision.outcome == "sent_to_right_area" and not decision.to_area:
        found.append(Wrong("to_area", "nothing", "the right area", "Choose the area it was sent to."))
    if decision.outcome == "linked_to_open_case" and not (decision.named_worker or "").strip():
        found.append(
            Wrong("named_worker", "nothing", "the worker of the open case", "Name the worker who holds the case.")
        )
    return found


async def _one_area(tx: Tx, ids: Sequence[UUID]) -> str:
    areas = await store.areas_of(tx, ids)
    if missing := [str(each) for each in ids if each not in areas]:
        raise NotFound("There is no such pathway.", pathways=missing)
    if len(set(areas.values())) > 1:
        raise Conflict("These children are in different areas: decide for each area by itself.")
    return next(iter(areas.values()))


async def qualified(tx: Tx, area: str) -> dict[UUID, str]:
    """Who may decide contacts in an area: names by id."""
    return await store.qualified(tx, area)


async def decide(tx: Tx, decision: Decision) -> Recorded:
    """Record a contact decision on every pathway that it covers.

    A decision to refer, discuss or protect accepts the referral at the same moment; one that sends
    a child to the right area opens a transfer, and the sender holds the child until it is accepted.

    Raises:
        Refused: it is not complete, or its decider is not one the area lists.
        NotFound, Conflict, Forbidden: a pathway is not there, not of one area, not the actor's.
    """
    area = await _one_area(tx, decision.pathways)
    deciders = await store.qualified(tx, area)
    wrong = _wrong_with(decision, deciders)
    if decision.outcome == "sent_to_right_area" and decision.to_area == area:
        wrong.append(Wrong("to_area", area, "another area", "This child is in that area already."))
    if not wrong and decision.to_area and not await store.area_exists(tx, decision.to_area):
        wrong.append(Wrong("to_area", decision.to_area, "an area of the tracker", "Choose one from the list."))
    if wrong or decision.decided_by is None:
        raise Refused(wrong, "This decision is not complete. Nothing was recorded; a draft stops no clock.")
    if (
        tx.actor.kind == "person"
        and decision.decided_by != tx.actor.id
        and not tx.actor.holds("mash_manager", area=area)
    ):
        raise Forbidden("Only a manager records a decision that somebody else made.")
    if decision.outcome == "sent_to_right_area":
        await _refuse_sent_already(tx, decision.pathways)
    at = (decision.at or tx.now).replace(microsecond=0)
    entries = []
    for pathway in decision.pathways:
        detail: dict[str, Any] = {
            "rationale": decision.rationale.strip(),
            "history_considered": decision.history_considered.strip(),
            "decided_by": deciders[decision.decided_by],
            "decider": str(decision.decided_by),
        }
        if decision.named_worker:
            detail["named_worker"] = decision.named_worker.strip()
        entries.append(Entry(pathway=pathway, kind="contact_decided", at=at, outcome=decision.outcome, detail=detail))
        if decision.outcome in _ACCEPTS_REFERRAL:
            entries.append(Entry(pathway=pathway, kind="referral_accepted", at=at, detail={"with_decision": True}))
        if decision.outcome == "sent_to_right_area":
            entries.append(
                Entry(pathway=pathway, kind="sent_to_right_area", at=at, detail={"to_area": decision.to_area})
            )
    recorded = await pathways.record(tx, entries)
    await store.drop_drafts(tx, decision.pathways)
    if decision.outcome == "sent_to_right_area" and decision.to_area:
        for pathway in decision.pathways:
            await store.send(tx, pathway, area, decision.to_area)
    return recorded


async def _refuse_sent_already(tx: Tx, ids: Sequence[UUID]) -> None:
    for pathway in ids:
        if (waiting := await store.open_transfer(tx, pathway)) is not None:
            raise Conflict(
                "This child has been sent to another area already, which has not accepted yet. If that was wrong, say"
                " on the timeline that it never happened; then send it again.",
                to_area=waiting.to_area,
            )


async def save_draft(tx: Tx, pathway: UUID, body: dict[str, Any], version: int) -> int:
    """Save a draft of a decision; it stops no clock.

    Raises:
        PreconditionFailed: somebody saved another draft meanwhile; ``facts`` hold it.
        NotFound: there is no such pathway for this actor.
    """
    if not await store.areas_of(tx, [pathway]):
        raise NotFound("There is no such pathway.")
    saved = await store.save_draft(tx, pathway, body, version)
    if saved is None:
        now = await store.draft(tx, pathway)
        raise PreconditionFailed(
            "Somebody saved another draft meanwhile.",
            version=now.version if now else 0,
            draft=now.body if now else {},
        )
    return saved


async def draft(tx: Tx, pathway: UUID) -> Draft | None:
    """The draft of a pathway's decision, if there is one.

    Raises:
        NotFound: there is no such pathway for this actor.
    """
    if not await store.areas_of(tx, [pathway]):
        raise NotFound("There is no such pathway.")
    return await store.draft(tx, pathway)


async def share(tx: Tx, ids: Sequence[UUID]) -> Recorded:
    """Share notices with children's social care now.

    Sharing here is sending: the notice is received at that moment.

    Raises:
        NotFound, Forbidden: as `pathways.service.record`.
    """
    at = tx.now.replace(microsecond=0)
    return await pathways.record(
        tx,
        [
            Entry(pathway=pathway, kind=kind, at=at, detail={"by": "liaison"})
            for pathway in dict.fromkeys(ids)
            for kind in ("notice_shared", "notice_received")
        ],
    )


async def decline(tx: Tx, pathway: UUID, reason: str, text: str, decided_by: str) -> Recorded:
    """Do not share one child's notice: one child at a time, with a named decider and a reason.

    Raises:
        Refused: the reason is not one of the list, or text or decider is missing.
    """
    wrong = []
    if reason not in NOT_SHARED_REASONS:
        wrong.append(Wrong("reason", reason or "nothing", " or ".join(NOT_SHARED_REASONS), "Choose a reason."))
    if not text.strip():
        wrong.append(Wrong("text", "nothing", "the reason in words", "Say why it is not shared."))
    if not decided_by.strip():
        wrong.append(Wrong("decided_by", "nothing", "a named decider", "Enter who decided."))
    if wrong:
        raise Refused(wrong)
    entry = Entry(
        pathway=pathway,
        kind="notice_not_shared",
        at=tx.now.replace(microsecond=0),
        outcome=reason,
        detail={"text": text.strip(), "decided_by": decided_by.strip()},
    )
    return await pathways.record(tx, [entry])


async def accept_transfer(tx: Tx, pathway: UUID, accepted_by: str) -> Recorded:
    """Accept in writing a child sent by another area: the pathway moves here, keeping its age.

    Raises:
        NotFound: nothing was sent.
        Forbidden: it was sent to another area.
    """
    waiting = await store.open_transfer(tx, pathway)
    if waiting is None:
        raise NotFound("No transfer waits for acceptance.")
    if not tx.actor.holds("mash_coordinator", "mash_manager", area=waiting.to_area):
        raise Forbidden("Only the receiving area accepts a transfer.")
    await store.accept(tx, waiting, pathway)
    at = tx.now.replace(microsecond=0)
    return await pathways.record(
        tx,
        [
            Entry(
                pathway=pathway,
                kind="transfer_accepted",
                at=at,
                detail={"accepted_by": accepted_by, "from_area": waiting.from_area},
            )
        ],
    )
