"""What convenors and those invited do before a discussion: offer times, answer, fix, invite, chase."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, get_args
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.meetings import Form as How
from schema.meetings import InviteeSaid
from schema.vocabulary import AGENCIES
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, PreconditionFailed, Refused
from service.meetings import rules
from service.meetings.invitations import service as invitations
from service.meetings.pages import wording
from service.meetings.pages.discussion import Changed, load, shown
from service.meetings.pages.requesting import read_slots
from service.meetings.requesting import planning
from service.meetings.requesting import service as requesting
from service.web.forms import Form
from service.web.page import seeother

#: Reads the form and, where it is right, does what it says; the word of what was done, None where it is not right.
_HOW: Final[tuple[How, ...]] = get_args(How)
Deed = Callable[[Tx, Form, UUID, int], Awaitable[str | None]]


async def _done(
    request: Request[Any, Any, Any], actor: Actor, database: Database, discussion: UUID, deed: Deed
) -> Response[Any]:
    """Do it, or show the page again with what was typed and what is wrong with it."""
    form = Form(await request.form())
    status, changed = 422, None
    try:
        async with database.transaction(actor) as tx:
            word = await deed(tx, form, discussion, version_of(form))
        if word is not None:
            return seeother(f"/meetings/{discussion}?done={word}")
    except Refused as refused:
        form.refused(refused)
    except PreconditionFailed as failed:
        status, changed = 412, Changed.of(failed)
    except Conflict as conflict:
        status = 409
        form.fail("", conflict.message)
    async with database.transaction(actor) as tx:
        found = await load(tx, discussion)
    return await shown(request, found, form, changed=changed, status_code=status)


def version_of(form: Form, name: str = "version") -> int:
    """The version that a form was made from; one that was tampered with is older than any."""
    found = form.value(name)
    return int(found) if found.isascii() and found.isdigit() and len(found) < 9 else 0


async def _offer(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    slots = read_slots(form, tx.now)
    if not slots and not form.errors:
        form.fail("slots_0_starts_at", "Enter at least one time")
    if form.errors:
        return None
    await planning.offer_slots(tx, discussion, version, slots)
    return "offered"


async def _take_back(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    await planning.withdraw_slot(tx, discussion, version, _id(form, "slot"))
    return "withdrawn"


async def _answer(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    del version  # an answer is the invited person's own and collides with nobody's
    invitee = _id(form, "invitee")
    representative = form.text("representative", "the representative") or ""
    note = form.text("note", "the note", longest=10_000, lines=True) or ""
    said = [
        (name.removeprefix("answer_"), answer)
        for name in form.names("answer_")
        if form.value(name) and (answer := form.choice(name, "an answer", wording.ANSWERS)) is not None
    ]
    if not said and not form.errors:
        form.fail("", "Choose an answer to at least one time")
    if form.errors:
        return None
    for slot, answer in said:
        await planning.answer(
            tx,
            discussion,
            _uuid(slot),
            answer,
            invitee=invitee,
            representative=representative if answer == "representative" else "",
            note=note,
        )
    return "answered"


async def _fix(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    await planning.schedule(tx, discussion, version, _id(form, "slot"))
    return "scheduled"


async def _place(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    how = form.choice("form", "how it takes place", _HOW, required=True)
    where = form.text("place", "where, or how to join") or ""
    if form.errors:
        return None
    await planning.place(tx, discussion, version, where=where, form=how)
    return "placed"


async def _invite(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    agency = form.choice("invite_agency", "an agency", AGENCIES, required=True)
    said = {
        "name": form.text("invite_name", "the name") or "",
        "role_title": form.text("invite_role_title", "the role") or "",
        "mail": form.text("invite_mail", "the mail address") or "",
    }
    if form.errors or agency is None:
        return None
    try:
        await requesting.invite(tx, discussion, version, msgspec.convert({"agency": agency, **said}, InviteeSaid))
    except Refused as refused:
        form.refused(refused, lambda wrong: f"invite_{wrong.field.strip('.')}")
        return None
    return "invited"


async def _uninvite(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    await requesting.withdraw_invitation(tx, discussion, version, _id(form, "invitee"))
    return "withdrawn"


async def _chase(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    del version, form
    await invitations.chase(tx, discussion)
    return "chased"


async def _cover(tx: Tx, form: Form, discussion: UUID, version: int) -> str | None:
    await requesting.cover(tx, discussion, version, [_id(form, "pathway")])
    return "covered"


def _id(form: Form, name: str) -> UUID:
    return _uuid(form.value(name))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        # No form of ours sends this; an id that nothing has is answered as one that is gone.
        return UUID(int=0)


def _deed(path: str, name: str, deed: Deed, roles: tuple[str, ...]) -> Any:
    @post(
        f"/meetings/{{discussion:uuid}}/{path}", name=name, opt=allow(*roles), include_in_schema=False, status_code=200
    )
    async def handler(
        request: Request[Any, Any, Any],
        actor: NamedDependency[Actor],
        database: NamedDependency[Database],
        discussion: FromPath[UUID],
    ) -> Response[Any]:
        return await _done(request, actor, database, discussion, deed)

    return handler


handlers: list[Any] = [
    _deed("slots", "offer_slots", _offer, rules.CONVENERS),
    _deed("withdraw-slot", "take_slot_back", _take_back, rules.CONVENERS),
    _deed("answer", "answer_slots", _answer, rules.READERS),
    _deed("schedule", "fix_time", _fix, rules.CONVENERS),
    _deed("place", "change_place", _place, rules.CONVENERS),
    _deed("invite", "invite_somebody", _invite, rules.CONVENERS),
    _deed("withdraw-invitation", "take_invitation_back", _uninvite, rules.CONVENERS),
    _deed("chase", "ask_again", _chase, rules.CONVENERS),
    _deed("cover", "cover_more", _cover, rules.CONVENERS),
]
