"""A person's inbox, and one flag: what it rests on, and what is done about it."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Refused
from service.flags import reading
from service.flags import service as flags
from service.flags.reading import Flag, Waiting
from service.flags.rules import LONGEST_NOTE, READ_BY, may_answer
from service.flags.service import Detail
from service.pathways import rulebook
from service.pathways.pages import telling, wording
from service.web import times
from service.web.forms import Form
from service.web.page import page, seeother

_ROLES: Final = READ_BY
_ANSWERS: Final = {
    "unanswered": "Not answered",
    "acknowledged": "Seen, not answered",
    "answered": "Answered",
    "lapsed": "Answered, and the time has passed",
}
_EVENTS: Final = {
    "acknowledged": "Seen by {name}",
    "answered": "Answered by {name}",
    "escalated": "Told to the {role}",
    "lapsed": "The answer's time passed and nothing changed",
}


class ReadForm(msgspec.Struct, frozen=True, kw_only=True):
    """Which message was opened; empty for all of mine."""

    csrf_token: str = ""
    message: Annotated[str, msgspec.Meta(max_length=40)] = ""


async def _names(tx: Tx) -> dict[str, str]:
    return {standard.key: standard.name for standard in (await rulebook.current(tx)).standards}


async def _unread(tx: Tx) -> list[Waiting]:
    return await reading.inbox(tx.connection, tx.actor.id, flags.INBOX, everything=False) if tx.actor.id else []


async def _children(tx: Tx, about: Sequence[Flag]) -> dict[UUID, str]:
    """Whom flags are about, by pathway."""
    found = await reading.children(tx.connection, [flag.about for flag in about if flag.about_kind == "pathway"])
    return {pathway: wording.name(given, family) for pathway, (given, family) in found.items()}


def titled(flag: Flag, names: dict[str, str]) -> str:
    """``Late: decision on the contact``."""
    subject = names.get(flag.subject) or wording.kind(flag.subject)
    return f"{wording.rule(flag.rule)}: {subject[:1].lower()}{subject[1:]}"


@get("/inbox", opt=allow(*_ROLES), include_in_schema=False)
async def inbox(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    show: FromQuery[str] = "",
) -> Response[str]:
    """What was sent to me, newest first; what I have opened only when I ask for it."""
    everything = show == "all"
    async with database.transaction(actor) as tx:
        found = await flags.inbox(tx, everything=everything)
        names = await _names(tx)
        children = await _children(tx, [each.flag for each in found if each.flag])
    return await page(
        request,
        "flags/inbox.html",
        messages=[(each, titled(each.flag, names) if each.flag else "") for each in found],
        children=children,
        everything=everything,
        most=flags.INBOX,
        answers=_ANSWERS,
        wording=wording,
    )


@post("/inbox/read", opt=allow(*_ROLES), include_in_schema=False, status_code=303)
async def mark_read(
    data: URLEncodedBody[ReadForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Mark one message, or all, as read."""
    only: list[UUID] | None = None
    if data.message:
        try:
            only = [UUID(data.message)]
        except ValueError:
            return seeother("/inbox")
    async with database.transaction(actor) as tx:
        await flags.mark_read(tx, only)
    return seeother("/inbox")


@get("/flags/{flag:uuid}", opt=allow(*_ROLES), include_in_schema=False)
async def show_flag(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    flag: FromPath[UUID],
) -> Response[str]:
    """One flag with a form to answer it. Opening it marks my message about it as read."""
    async with database.transaction(actor) as tx:
        detail, names = await flags.one(tx, flag), await _names(tx)
        children = await _children(tx, [detail.flag])
        await flags.mark_read(tx, [each.id for each in await _unread(tx) if each.flag == flag])
    return await _shown(request, actor, detail, names, Form(), children)


@post("/flags/{flag:uuid}", opt=allow(*_ROLES), include_in_schema=False, status_code=200)
async def answer(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    flag: FromPath[UUID],
) -> Response[Any]:
    """Say that it was seen, or what is done next and by when."""
    form = Form(await request.form())
    async with database.transaction(actor) as tx:
        detail, names = await flags.one(tx, flag), await _names(tx)
        children = await _children(tx, [detail.flag])
    try:
        async with database.transaction(actor) as tx:
            note = form.text("note", "the note", longest=LONGEST_NOTE, lines=True) or ""
            if form.value("step") == "seen":
                await flags.acknowledge(tx, flag, note)
            else:
                action = form.text("next_action", "what you will do", required=True, longest=LONGEST_NOTE, lines=True)
                due = form.when("next_due_at", "by when", tx.now, required=True, future=True)
                if due is not None and due.at is None:
                    form.fail("next_due_at", "Enter the time of day too")
                if not form.errors:
                    await flags.answer(
                        tx, flag, note=note, next_action=action or "", next_due_at=due.at if due else None
                    )
    except Refused as refused:
        form.refused(refused)
    if form.errors:
        return await _shown(request, actor, detail, names, form, children)
    return seeother(f"/flags/{flag}")


async def _shown(
    request: Request[Any, Any, Any],
    actor: Actor,
    detail: Detail,
    names: dict[str, str],
    form: Form,
    children: dict[UUID, str],
) -> Response[str]:
    flag = detail.flag
    return await page(
        request,
        "flags/flag.html",
        status_code=422 if form.errors else 200,
        flag=flag,
        title=titled(flag, names),
        child=children.get(flag.about),
        explanation=detail.explanation,
        answer=_ANSWERS[flag.answer],
        found=f"found late, by {times.length(flag.found_late)}" if flag.found_late.total_seconds() >= 60 else "",
        ended=telling.cause_words(flag.cause),
        evidence=[(wording.kind(each.kind), each.at or each.on, each.recorded_at) for each in detail.evidence],
        events=[
            (
                each,
                _EVENTS[each.kind].format(
                    name=each.name or "somebody", role=(each.role or "").replace("_", " ").replace("mash", "MASH")
                ),
            )
            for each in detail.events
            if each.kind in _EVENTS
        ],
        answerable=may_answer(actor, flag.holder, flag.subject, flag.area, flag.force),
        form=form,
        errors=form.errors,
        wording=wording,
    )


handlers: list[Any] = [inbox, mark_read, show_flag, answer]
