"""A person's inbox, and one flag: what it rests on, and what is done about it."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, Refused
from service.flags import reading
from service.flags import service as flags
from service.flags.lots import Asked, Kind, Lot, within
from service.flags.reading import Flag
from service.flags.rules import LONGEST_NOTE, READ_BY, may_answer
from service.flags.service import Detail
from service.pathways import rulebook
from service.pathways.pages import telling, wording
from service.web import times
from service.web.forms import Form
from service.web.page import page, seeother
from service.web.tables import ListView

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
    """Which message was opened, or which lot of how many; empty for all of mine."""

    csrf_token: str = ""
    message: Annotated[str, msgspec.Meta(max_length=40)] = ""
    since: Annotated[str, msgspec.Meta(max_length=40)] = ""
    until: Annotated[str, msgspec.Meta(max_length=40)] = ""
    messages: Annotated[str, msgspec.Meta(max_length=10)] = ""


async def _names(tx: Tx) -> dict[str, str]:
    return {standard.key: standard.name for standard in (await rulebook.current(tx)).standards}


async def _children(tx: Tx, about: Sequence[Flag]) -> dict[UUID, str]:
    """Whom flags are about, by pathway."""
    found = await reading.children(tx.connection, [flag.about for flag in about if flag.about_kind == "pathway"])
    return {pathway: wording.name(given, family) for pathway, (given, family) in found.items()}


def titled(rule: str, subject: str, names: dict[str, str]) -> str:
    """``Late: decision on the contact``."""
    about = names.get(subject) or wording.kind(subject)
    return f"{wording.rule(rule)}: {about[:1].lower()}{about[1:]}"


@get("/inbox", opt=allow(*_ROLES), include_in_schema=False)
async def inbox(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
) -> Response[str]:
    """What was sent to me, newest first; what I have opened only when I ask for it. Or one lot, or one kind of it."""
    view = ListView.of(request, path="/inbox", sorts=("worst",), filters=("show", "since", "until", "rule", "subject"))
    everything = view.filters.get("show") == "all"
    since, until = _instant(view.filters.get("since")), _instant(view.filters.get("until"))
    rule, subject = view.filters.get("rule"), view.filters.get("subject")
    async with database.transaction(actor) as tx:
        names = await _names(tx)
        if since and until:
            asked = Asked(since=since, until=until, rule=rule, subject=subject, limit=view.size, offset=view.offset)
            found, total = await flags.lot(tx, asked, everything=everything)
            lots = []
        else:
            shown = await flags.inbox(tx, everything=everything)
            found, lots, total = shown.messages, shown.lots, len(shown.messages)
        children = await _children(tx, [each.flag for each in found if each.flag])
    return await page(
        request,
        "flags/inbox.html",
        messages=[(each, _title(each.flag, names)) for each in found],
        lots=[(each, [_line(view, each, kind, names) for kind in each.kinds], _stamps(each)) for each in lots],
        lot=(since, until) if since and until else None,
        kind=titled(rule, subject, names) if rule and subject else "",
        total=total,
        view=view,
        children=children,
        everything=everything,
        most=flags.INBOX,
        answers=_ANSWERS,
        wording=wording,
    )


def _title(flag: Flag | None, names: dict[str, str]) -> str:
    return titled(flag.rule, flag.subject, names) if flag else ""


def _instant(text: str | None) -> datetime | None:
    """An instant as this page's own links write it."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return within(found) if found.tzinfo else None


def _stamps(lot: Lot) -> dict[str, str]:
    return {"since": lot.since.isoformat(), "until": lot.until.isoformat()}


def _line(view: ListView, lot: Lot, kind: Kind, names: dict[str, str]) -> tuple[Kind, str, str]:
    """A kind with its name and the address of its messages; no name for what I no longer see."""
    if kind.rule is None or kind.subject is None:
        return kind, "", ""
    href = view.href(**_stamps(lot), rule=kind.rule, subject=kind.subject, sort=None)
    return kind, titled(kind.rule, kind.subject, names), href


@post("/inbox/read", opt=allow(*_ROLES), include_in_schema=False, status_code=303)
async def mark_read(
    data: URLEncodedBody[ReadForm], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Mark one message, a lot, or all, as read. A lot that has grown since it was shown is shown again instead."""
    since, until = _instant(data.since), _instant(data.until)
    if since and until and data.messages.isascii() and data.messages.isdigit():
        with suppress(Conflict):
            async with database.transaction(actor) as tx:
                await flags.mark_lot_read(tx, since, until, int(data.messages))
        return seeother("/inbox")
    only: list[UUID] | None = None
    if data.message or data.since:
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
        await flags.mark_flag_read(tx, flag)
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
        flag=flag,
        title=titled(flag.rule, flag.subject, names),
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
        wording=wording,
    )


handlers: list[Any] = [inbox, mark_read, show_flag, answer]
