"""Ask for a discussion: from a pathway's next steps, or as a review of an earlier discussion."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from schema.meetings import MOST_SLOTS, Agency, Asked, InviteeSaid, SlotSaid
from schema.vocabulary import AGENCIES
from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, NotFound, Refused
from service.meetings import rules, store
from service.meetings.pages import wording
from service.meetings.requesting import service as requesting
from service.pathways.view import store as views
from service.web.forms import Form, rows
from service.web.page import page, seeother

#: How long a discussion may be planned for, in minutes.
LENGTHS: Final = ("30", "45", "60", "90", "120")
_MOST_PATHWAYS: Final = 40
_CONTACTS: Final = 3


class Choice(msgspec.Struct, frozen=True):
    """A child in an incident that may be covered."""

    pathway: UUID
    name: str
    reference: str
    named: bool


class Opened(msgspec.Struct, frozen=True):
    """What the form needs: the children and incidents to choose from, managers, what it follows."""

    choices: tuple[Choice, ...]
    area: str
    managers: dict[UUID, str]
    follows: UUID | None
    required: tuple[str, ...]


async def _open(tx: Tx, named: list[UUID], follows: UUID | None) -> Opened:
    if follows is not None and not named:
        named = [each.pathway for each in await store.covered(tx.connection, follows)]
    found: dict[UUID, Choice] = {}
    area = ""
    for pathway in list(dict.fromkeys(named))[:_MOST_PATHWAYS]:
        head = await views.head(tx.connection, pathway)
        if head is None:
            raise NotFound("There is no such pathway.")
        area = area or head.area
        found[pathway] = Choice(pathway, f"{head.given_names} {head.family_name}".strip(), head.reference, True)
        for other in await views.others(tx.connection, head):
            name = f"{other.given_names} {other.family_name}".strip()
            found.setdefault(other.pathway, Choice(other.pathway, name, other.reference, False))
    if not found:
        raise NotFound("Open a child's page and ask for the discussion there.")
    await audit.viewed(tx, "discussion_request_viewed", "ask for a strategy discussion", found)
    required = rules.required_on(await store.required(tx.connection), area, tx.now)
    return Opened(
        tuple(sorted(found.values(), key=lambda each: not each.named)),
        area,
        await requesting.managers(tx, area),
        follows,
        required,
    )


@get("/pathways/{pathway:uuid}/discussion", opt=allow(*rules.CONVENERS), include_in_schema=False)
async def of_child(
    actor: NamedDependency[Actor], database: NamedDependency[Database], pathway: FromPath[UUID]
) -> Redirect:
    """From a child's page: to the discussion that is still to be held, else to the form that asks for one."""
    async with database.transaction(actor) as tx:
        standing = await store.open_covering(tx.connection, [pathway])
    return seeother(f"/meetings/{standing[0]}" if standing else f"/meetings/new?pathway={pathway}")


@get("/meetings/new", opt=allow(*rules.CONVENERS), include_in_schema=False)
async def ask(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The form; the address names pathways (`pathway`) or the discussion that this one follows (`follows`)."""
    named = [found for each in request.query_params.getall("pathway", []) if (found := _id(each))]
    follows = _id(request.query_params.get("follows", ""))
    async with database.transaction(actor) as tx:
        opened = await _open(tx, named, follows)
    return await _shown(request, opened, Form({"urgency": "usual", "form": "video", "length": "60"}))


@post("/meetings/new", opt=allow(*rules.CONVENERS), include_in_schema=False, status_code=200)
async def save(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Ask for it, or show the form again with everything that is wrong."""
    sent = await request.form()
    form = Form(sent)
    named = [found for each in form.values("named") if (found := _id(each))]
    async with database.transaction(actor) as tx:
        opened = await _open(tx, named, _id(form.value("follows")))
    asked = _asked(form, opened, database.timepiece.now())
    if asked is not None and not form.value("add"):
        try:
            async with database.transaction(actor) as tx:
                identity = await requesting.request(tx, asked)
        except Refused as refused:
            form.refused(refused)
        except Conflict as conflict:
            standing = conflict.facts.get("discussions", [])
            return await _shown(request, opened, form, standing=standing, status_code=409)
        else:
            return seeother(f"/meetings/{identity}?done=requested")
    return await _shown(request, opened, form, contacts=rows(sent, "invitees", at_least=1))


def _asked(form: Form, opened: Opened, now: datetime) -> Asked | None:
    known = [str(each.pathway) for each in opened.choices]
    pathways = form.choices("pathways", "the children and incidents", known)
    if not pathways:
        form.fail("pathways", "Choose at least one child and incident")
    reason = form.text("reason", "the reason", longest=10_000, lines=True) or ""
    manager = form.choice("manager", "a manager", [str(each) for each in opened.managers])
    urgency = form.choice("urgency", "how urgent it is", wording.URGENCIES, required=True)
    how = form.choice("form", "how it is held", wording.FORMS, required=True)
    threshold = _instant(form, "threshold_at", "when the threshold was reached", now)
    requested = _instant(form, "requested_at", "when it was asked for", now)
    place = form.text("place", "the place") or ""
    slots = read_slots(form, now)
    invitees = [InviteeSaid(agency=each) for each in form.choices("agencies", "agencies", AGENCIES)]
    invitees += _contacts(form)
    if form.errors or urgency is None or how is None:
        return None
    said: dict[str, Any] = {"pathways": pathways, "urgency": urgency, "form": how, "manager": manager}
    said |= {"kind": "review" if opened.follows else "initial", "follows": opened.follows, "slots": slots}
    said |= {"reason": reason, "place": place}
    said |= {"threshold_at": threshold, "requested_at": requested, "invitees": invitees}
    return msgspec.convert(msgspec.to_builtins(said), Asked)


def read_slots(form: Form, now: datetime) -> list[SlotSaid]:
    """The times that are offered; empty boxes offer none."""
    length = form.choice("length", "how long it takes", LENGTHS) or "60"
    found = []
    for number in range(MOST_SLOTS):
        starts = _instant(form, f"slots_{number}_starts_at", "when it could begin", now, future=True)
        if starts is not None:
            found.append(SlotSaid(starts_at=starts, ends_at=starts + timedelta(minutes=int(length))))
    return found


def _contacts(form: Form) -> list[InviteeSaid]:
    found = []
    for number in range(20):
        at = f"invitees_{number}_"
        agency: Agency | None = form.choice(f"{at}agency", "an agency", AGENCIES)
        name = form.text(f"{at}name", "the name") or ""
        mail = form.text(f"{at}mail", "the address") or ""
        if not (name or mail):
            continue
        if agency is None:
            form.fail(f"{at}agency", "Choose the agency of this person")
            continue
        role = form.text(f"{at}role_title", "the role") or ""
        found.append(InviteeSaid(agency=agency, name=name, role_title=role, mail=mail))
    return found


def _instant(form: Form, name: str, what: str, now: datetime, *, future: bool = False) -> datetime | None:
    when = form.when(name, what, now, future=future)
    if when is not None and when.at is None:
        form.fail(name, f"Give the time of day too: {what}")
        return None
    return when.at if when else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _shown(
    request: Request[Any, Any, Any],
    opened: Opened,
    form: Form,
    *,
    contacts: int = 1,
    standing: list[str] | None = None,
    status_code: int | None = None,
) -> Response[str]:
    return await page(
        request,
        "meetings/new.html",
        status_code=status_code or (422 if form.errors else 200),
        opened=opened,
        form=form,
        standing=standing,
        contacts=contacts,
        first=not form.value("csrf_token"),
        lengths=LENGTHS,
        slots=MOST_SLOTS,
        more=[each for each in AGENCIES if each not in opened.required],
        agencies=AGENCIES,
        wording=wording,
    )


handlers: list[Any] = [of_child, ask, save]
