"""The JSON API of flags: what stands, one in full, acknowledging and answering, and the inbox."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused, Wrong
from service.flags import service as flags
from service.flags.lots import Asked, Kind
from service.flags.reading import Evidence, Flag, Happened, Wanted
from service.flags.rules import LONGEST_NOTE, READ_BY, Answer
from service.flags.service import Message

#: Whose flags there are: those who can answer one.
_ROLES: Final = READ_BY
Note = Annotated[str, Meta(max_length=LONGEST_NOTE)]


class FlagOut(msgspec.Struct, frozen=True, kw_only=True):
    """A flag: ``about`` is a pathway, or a row of a file that is not on the books yet."""

    id: UUID
    about: UUID
    about_kind: str
    area: str | None
    force: str | None
    reference: str | None
    rule: str
    subject: str
    holder: str
    true_from: datetime
    true_until: datetime | None
    cause: str | None
    noticed_at: datetime
    found_late_seconds: int
    answer: Answer
    next_due_at: datetime | None
    escalated_to: list[str]


class FlagDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A flag with why it was raised in words, the milestones it rests on and what became of it."""

    flag: FlagOut
    explanation: str
    evidence: list[Evidence]
    events: list[Happened]


class AcknowledgeIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Seen."""

    note: Note = ""


class AnswerIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done next and by when. The flag ends by its cause alone."""

    next_action: Note = ""
    next_due_at: Annotated[datetime, Meta(tz=True)] | None = None
    note: Note = ""


class EventOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded."""

    id: UUID


class MessageOut(msgspec.Struct, frozen=True, kw_only=True):
    """One message; ``flag`` is missing where you may no longer see it."""

    id: UUID
    queued_at: datetime
    read_at: datetime | None
    flag: FlagOut | None


class LotOut(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of which so many came at once that only the most urgent are listed singly; the counts are of all."""

    since: datetime
    until: datetime
    messages: int
    urgent: int
    kinds: list[Kind]


class LotReadIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lot as it was shown."""

    since: Annotated[datetime, Meta(tz=True)]
    until: Annotated[datetime, Meta(tz=True)]
    messages: Annotated[int, Meta(ge=1)]


class ReadIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The messages that were opened; all of yours when left out."""

    messages: Annotated[list[UUID], Meta(max_length=1_000)] | None = None


class ReadOut(msgspec.Struct, frozen=True, kw_only=True):
    """How many were marked now."""

    marked: int


def shown(flag: Flag) -> FlagOut:
    """A flag as the API tells it."""
    return FlagOut(
        id=flag.id,
        about=flag.about,
        about_kind=flag.about_kind,
        area=flag.area,
        force=flag.force,
        reference=flag.reference,
        rule=flag.rule,
        subject=flag.subject,
        holder=flag.holder,
        true_from=flag.true_from,
        true_until=flag.true_until,
        cause=flag.cause,
        noticed_at=flag.noticed_at,
        found_late_seconds=int(flag.found_late.total_seconds()),
        answer=flag.answer,
        next_due_at=flag.next_due_at,
        escalated_to=list(flag.escalated_to),
    )


@get("/api/v1/flags", opt=allow(*_ROLES), operation_id="ListFlags")
async def list_flags(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    rule: FromQuery[str | None] = None,
    subject: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=100_000)] = 0,
) -> list[FlagOut]:
    """Flags that stand now: the longest first, warnings last."""
    wanted = Wanted(rule=rule, subject=subject, limit=limit, offset=offset)
    async with database.transaction(actor) as tx:
        return [shown(flag) for flag in await flags.standing(tx, wanted)]


@get("/api/v1/flags/{flag:uuid}", opt=allow(*_ROLES), operation_id="GetFlag")
async def get_flag(
    actor: NamedDependency[Actor], database: NamedDependency[Database], flag: FromPath[UUID]
) -> FlagDetail:
    """One flag with its evidence and what became of it."""
    async with database.transaction(actor) as tx:
        found = await flags.one(tx, flag)
    return FlagDetail(
        flag=shown(found.flag),
        explanation=found.explanation,
        evidence=list(found.evidence),
        events=list(found.events),
    )


@post("/api/v1/flags/{flag:uuid}/acknowledgement", opt=allow(*_ROLES), operation_id="AcknowledgeFlag")
async def acknowledge_flag(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    flag: FromPath[UUID],
    data: JSONBody[AcknowledgeIn],
) -> EventOut:
    """Say that you have seen it."""
    async with database.transaction(actor) as tx:
        return EventOut(id=await flags.acknowledge(tx, flag, data.note))


@post("/api/v1/flags/{flag:uuid}/answer", opt=allow(*_ROLES), operation_id="AnswerFlag")
async def answer_flag(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    flag: FromPath[UUID],
    data: JSONBody[AnswerIn],
) -> EventOut:
    """Say what is done next and by when; the answer lapses when that time passes."""
    async with database.transaction(actor) as tx:
        event = await flags.answer(tx, flag, note=data.note, next_action=data.next_action, next_due_at=data.next_due_at)
    return EventOut(id=event)


def _message(each: Message) -> MessageOut:
    return MessageOut(
        id=each.waiting.id,
        queued_at=each.waiting.queued_at,
        read_at=each.waiting.read_at,
        flag=shown(each.flag) if each.flag else None,
    )


@get("/api/v1/inbox", opt=allow(*_ROLES), operation_id="ListInbox")
async def list_inbox(
    actor: NamedDependency[Actor], database: NamedDependency[Database], everything: FromQuery[bool] = False
) -> list[MessageOut]:
    """Messages to you that you have not opened, newest first; with ``everything`` the opened ones too.

    Of lots, only the most urgent.
    """
    async with database.transaction(actor) as tx:
        found = await flags.inbox(tx, everything=everything)
    return [_message(each) for each in found.messages]


@get("/api/v1/inbox/lots", opt=allow(*_ROLES), operation_id="ListInboxLots")
async def list_lots(
    actor: NamedDependency[Actor], database: NamedDependency[Database], everything: FromQuery[bool] = False
) -> list[LotOut]:
    """Messages of which more came at once than can be read one by one, counted by kind; the newest lot first."""
    async with database.transaction(actor) as tx:
        found = await flags.inbox(tx, everything=everything)
    return [
        LotOut(since=lot.since, until=lot.until, messages=lot.messages, urgent=lot.urgent, kinds=list(lot.kinds))
        for lot in found.lots
    ]


@get("/api/v1/inbox/lot", opt=allow(*_ROLES), operation_id="ListInboxLot")
async def list_lot(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    since: Annotated[datetime, QueryParameter()],
    until: Annotated[datetime, QueryParameter()],
    rule: FromQuery[str | None] = None,
    subject: FromQuery[str | None] = None,
    everything: FromQuery[bool] = False,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> list[MessageOut]:
    """The messages of one lot, or of one kind in it, the most urgent first."""
    wrong = [
        Wrong(name, value.isoformat(), "an instant with its zone", "Add the zone.")
        for name, value in (("since", since), ("until", until))
        if value.tzinfo is None
    ]
    if wrong:
        raise Refused(wrong)
    asked = Asked(since=since, until=until, rule=rule, subject=subject, limit=limit, offset=offset)
    async with database.transaction(actor) as tx:
        found, _ = await flags.lot(tx, asked, everything=everything)
    return [_message(each) for each in found]


@post("/api/v1/inbox/lot/read", opt=allow(*_ROLES), operation_id="MarkInboxLotRead", status_code=200)
async def mark_lot_read(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[LotReadIn]
) -> ReadOut:
    """Mark a lot as opened, unless it has grown since it was shown."""
    async with database.transaction(actor) as tx:
        return ReadOut(marked=await flags.mark_lot_read(tx, data.since, data.until, data.messages))


@post("/api/v1/inbox/read", opt=allow(*_ROLES), operation_id="MarkInboxRead", status_code=200)
async def mark_inbox_read(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[ReadIn]
) -> ReadOut:
    """Mark messages as opened."""
    async with database.transaction(actor) as tx:
        return ReadOut(marked=await flags.mark_read(tx, data.messages))


handlers: list[Any] = [
    list_flags,
    get_flag,
    acknowledge_flag,
    answer_flag,
    list_inbox,
    list_lots,
    list_lot,
    mark_lot_read,
    mark_inbox_read,
]
