"""The record of a discussion, written beside the chronology: drafts, holding, correcting, and two people at once."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import MultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.meetings import Record
from schema.vocabulary import AGENCIES
from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, PreconditionFailed, Refused
from service.meetings import rules
from service.meetings import service as meetings
from service.meetings.acting import service as acting
from service.meetings.acting.service import Detail
from service.meetings.correcting import service as correcting
from service.meetings.correcting.service import Amended
from service.meetings.holding import service as holding
from service.meetings.pages import drafting, naming, wording
from service.meetings.pages.chronology import Chronology, chronologies
from service.meetings.pages.convening import version_of
from service.meetings.pages.discussion import Changed
from service.meetings.pages.merging import Clash, Pairs, merge
from service.meetings.pages.record_form import MOST, Group, Read, opened, read
from service.meetings.structs import Quoracy, View
from service.web import frame as frames
from service.web import words
from service.web.forms import Form, rows
from service.web.page import page, seeother

#: Empty rows that a group shows for what nobody was asked for.
_SPARE: Final[dict[Group, int]] = {"attendance": 1, "information": 0, "children": 0, "dissent": 0, "actions": 1}


class Opened(msgspec.Struct, frozen=True):
    """Everything the page needs besides what stands in the form."""

    view: View
    saved: tuple[tuple[str, str], ...]
    saved_by: str
    draft: int
    chronology: list[Chronology]
    earlier: dict[str, Detail]

    @property
    def held(self) -> bool:
        """Whether this is a correction of what was held."""
        return self.view.discussion.held_from is not None


async def _open(tx: Tx, discussion: UUID, places: dict[str, str]) -> Opened:
    view = await meetings.seen(tx, discussion)
    row = view.discussion
    number, draft = 0, None
    if row.held_from is None:
        number, draft = await holding.draft(tx, discussion)
    elif view.record is None:
        raise Conflict("There is no record that could be corrected.")
    if row.cancelled_at is not None:
        raise Conflict("This discussion was called off: there is nothing to record.")
    record = view.record.record if view.record else draft.record if draft else Record()
    record = record if row.held_from or record.form else msgspec.structs.replace(record, form=row.form)
    earlier = {} if row.held_from else await _earlier(tx, view)
    told, seen = await chronologies(tx, view.covered, places)
    about = [*(each.pathway for each in view.covered), *seen]
    await audit.viewed(tx, "discussion_record_viewed", "hold a strategy discussion with the history beside it", about)
    children = [each.child for each in wording.children(view.covered)]
    pairs = opened(record, view.invitees, children, [UUID(each) for each in earlier])
    by = draft.saved_by_name or "somebody" if draft else ""
    return Opened(view, tuple(_with_sent(pairs, view)), by, number, told, earlier)


async def _earlier(tx: Tx, view: View) -> dict[str, Detail]:
    return {str(each.action.id): each for each in await acting.earlier(tx, view.discussion.id)}


def _with_sent(pairs: Pairs, view: View) -> list[tuple[str, str]]:
    """What agencies wrote with their answers stands in the record as information that they shared."""
    if view.discussion.held_from is not None:
        return list(pairs)
    names = {each.id: each.agency for each in view.invitees}
    notes: dict[str, str] = {}
    for answer in view.answers:
        if answer.note:
            notes.setdefault(names.get(answer.invitee, ""), answer.note)
    told = {name for name, _ in pairs}
    added = []
    for name, value in pairs:
        group, _, rest = name.partition("_")
        number, _, field = rest.partition("_")
        if group == "information" and field == "agency" and value in notes and f"information_{number}_text" not in told:
            added.append((f"information_{number}_text", notes[value]))
    return [*pairs, *added]


@get("/meetings/{discussion:uuid}/record", opt=allow(*rules.CONVENERS), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[Any]:
    """The form with what was saved, and the chronology beside it."""
    places = (await frames.load(request)).places
    async with database.transaction(actor) as tx:
        found = await _open(tx, discussion, places)
        quorate = await holding.quorate(tx, found.view.discussion, _of(found.saved, tx))
    done = "The draft is saved. It stops no clock." if request.query_params.get("done") == "drafted" else None
    return await _shown(request, found, MultiDict(found.saved), quorate=quorate, done=done)


def _of(pairs: Pairs, tx: Tx) -> Record:
    fields = MultiDict(pairs)
    return read(fields, Form(fields), tx.now).record


@post("/meetings/{discussion:uuid}/record", opt=allow(*rules.CONVENERS), include_in_schema=False, status_code=200)
async def save(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[Any]:
    """Save a draft, hold the discussion, or correct its record. Whatever happens, what was typed stays."""
    sent = await request.form()
    form = Form(sent)
    found_read = read(sent, form, database.timepiece.now())
    step = form.value("step")
    version, draft, failed, status = version_of(form), version_of(form, "draft"), None, 422
    incomplete: Refused | None = None
    if step == "keep":
        return await drafting.keep(actor, database, discussion, draft, found_read, form)
    # A draft may be anything that can be read; errors are shown and nothing is saved.
    if step in {"draft", "hold", "correct"} and not form.errors:
        try:
            if step == "correct":
                made = await _correct(actor, database, discussion, version, found_read, form)
                return seeother(f"/meetings/{discussion}?done={'proposed' if made.proposal else 'corrected'}")
            async with database.transaction(actor) as tx:
                draft = await holding.save_draft(tx, discussion, draft, found_read.record)
            if step == "draft":
                return seeother(f"/meetings/{discussion}/record?done=drafted")
            async with database.transaction(actor) as tx:
                await holding.hold(tx, discussion, version, found_read.record, draft_version=draft)
            return seeother(f"/meetings/{discussion}?done=held")
        except Refused as refused:
            incomplete = refused
        except PreconditionFailed as changed:
            failed, status = changed, 412
        except Conflict as conflict:
            form.fail("", conflict.message)
            status = 409
    places = (await frames.load(request)).places
    async with database.transaction(actor) as tx:
        found = await _open(tx, discussion, places)
        quorate = await holding.quorate(tx, found.view.discussion, found_read.record)
    if incomplete is not None:
        earlier = [each.action.what for each in found.earlier.values()]
        told = naming.whose(incomplete, found_read, wording.children(found.view.covered), earlier)
        form.refused(told, found_read.field_of)
    status = status if form.errors or failed else 200
    if failed is not None:
        return await _merged(request, found, sent, form, failed, quorate)
    return await _shown(
        request, found, sent, form=form, based=(version, draft), quorate=quorate, base=_base(form), status_code=status
    )


async def _correct(
    actor: Actor, database: Database, discussion: UUID, version: int, found: Read, form: Form
) -> Amended:
    reason = form.text("reason", "why it is corrected", longest=10_000, lines=True) or ""
    source = form.text("source", "the source", longest=10_000, lines=True) or ""
    async with database.transaction(actor) as tx:
        return await correcting.amend(tx, discussion, version, found.record, reason=reason, source=source)


async def _merged(
    request: Request[Any, Any, Any],
    found: Opened,
    sent: Any,
    form: Form,
    failed: PreconditionFailed,
    quorate: Quoracy,
) -> Response[str]:
    """Somebody saved meanwhile: both are put together, and shown before anything is saved."""
    mine = [(name, value) for name, value in sent.multi_items() if isinstance(value, str) and name not in _OURS]
    put = merge(_base(form), found.saved, mine)
    fields = MultiDict([*put.pairs, *((name, form.value(name)) for name in ("csrf_token", "reason", "source"))])
    return await _shown(
        request,
        found,
        fields,
        changed=Changed.of(failed),
        clashes=put.clashes,
        quorate=quorate,
        status_code=412,
    )


#: Fields of the form that are none of the record.
_OURS: Final = frozenset({"csrf_token", "version", "draft", "base", "step", "add", "reason", "source"})


def _base(form: Form) -> Pairs:
    """What the form began from, as it was written into it."""
    try:
        return msgspec.json.decode(form.value("base"), type=list[tuple[str, str]])
    except msgspec.MsgspecError:
        return ()


async def _shown(
    request: Request[Any, Any, Any],
    found: Opened,
    fields: Any,
    *,
    form: Form | None = None,
    based: tuple[int, int] | None = None,
    quorate: Quoracy | None = None,
    base: Pairs | None = None,
    changed: Changed | None = None,
    clashes: tuple[Clash, ...] = (),
    done: str | None = None,
    status_code: int = 200,
) -> Response[str]:
    """The page; ``based``: the versions of discussion and draft that the form was made from, else those that stand."""
    form = form or Form(fields)
    version, draft = based or (found.view.discussion.version, found.draft)
    counts = {
        group: rows(fields, group, at_least=0, at_most=most)
        + (_SPARE.get(group, 0) if not form.value("csrf_token") else 0)
        for group, most in MOST.items()
    }
    children = wording.children(found.view.covered)
    return await page(
        request,
        "meetings/record.html",
        status_code=status_code,
        found=found,
        view=found.view,
        row=found.view.discussion,
        children={str(each.child): each for each in children},
        counts=counts,
        quorate=quorate,
        form=form,
        version=version,
        draft=draft,
        base=msgspec.json.encode(base if base is not None else found.saved).decode(),
        changed=changed,
        clashes=[(each.name, naming.named(each.name, fields, children), each.theirs) for each in clashes],
        done=done,
        agency_options=[(each, words.sentence(each)) for each in AGENCIES],
        wording=wording,
    )


handlers: list[Any] = [show, save]
