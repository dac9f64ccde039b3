"""The record on paper and as PDF, and to whom it was sent."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.meetings import How
from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.documents import service as documents
from service.errors import Conflict, NotFound, PreconditionFailed, Refused
from service.meetings import rules
from service.meetings import service as meetings
from service.meetings.acting import service as acting
from service.meetings.holding import service as holding
from service.meetings.pages import wording
from service.meetings.pages.convening import version_of
from service.meetings.pages.discussion import Changed, Loaded, load, shown
from service.meetings.pages.printing import printed
from service.settings import Settings
from service.web.forms import Form
from service.web.page import page, seeother

_ONLY: Final = ("tracker", "secure_mail", "post", "by_hand")


async def _kept(tx: Tx, discussion: UUID, purpose: str) -> Loaded:
    view = await meetings.seen(tx, discussion)
    if view.record is None:
        raise NotFound("There is no record of this discussion yet.")
    actions = await acting.of_discussion(tx, discussion)
    await audit.viewed(
        tx,
        "discussion_record_printed",
        purpose,
        [each.pathway for each in view.covered],
        {"discussion": str(discussion)},
    )
    return Loaded(view, actions, [])


@get("/meetings/{discussion:uuid}/print", opt=allow(*rules.READERS), include_in_schema=False)
async def on_paper(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[str]:
    """The record alone, as it is printed."""
    async with database.transaction(actor) as tx:
        found = await _kept(tx, discussion, "print the record of a discussion")
    return await page(
        request,
        "meetings/printed.html",
        view=found.view,
        row=found.view.discussion,
        found=found,
        children=wording.children(found.view.covered),
        wording=wording,
    )


@get("/meetings/{discussion:uuid}/record.pdf", opt=allow(*rules.READERS), include_in_schema=False)
async def as_pdf(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    discussion: FromPath[UUID],
) -> Response[bytes]:
    """The record as tagged PDF. Neither its name nor its title says whom it is about."""
    async with database.transaction(actor) as tx:
        found = await _kept(tx, discussion, "keep the record of a discussion")
        now = tx.now
    made = await documents.pdf(
        "meetings/record",
        printed(found.view, found.actions, settings.organisation, now),
        title=wording.title(discussion),
        made_at=now,
    )
    name = wording.title(discussion).lower().replace(" ", "-")
    return Response(
        made,
        media_type="application/pdf",
        headers={"content-disposition": f'inline; filename="{name}.pdf"', "cache-control": "no-store"},
    )


@post("/meetings/{discussion:uuid}/issue", opt=allow(*rules.CONVENERS), include_in_schema=False, status_code=200)
async def issue(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[Any]:
    """Remember to whom the record was sent, how and when."""
    form = Form(await request.form())
    now = database.timepiece.now()
    invitees = [known for each in form.values("invitees") if (known := _id(each))]
    how: How | None = form.choice("how", "how it was sent", _ONLY, required=True)
    if not invitees:
        form.fail("invitees", "Choose to whom it was sent")
    when = form.when("sent_at", "when it was sent", now)
    if when is not None and when.at is None:
        form.fail("sent_at", "Give the time of day too")
    status, changed = 422, None
    if not form.errors and how is not None:
        try:
            async with database.transaction(actor) as tx:
                await holding.issue(
                    tx, discussion, version_of(form), invitees, how=how, sent_at=when.at if when else None
                )
            return seeother(f"/meetings/{discussion}?done=issued")
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


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


handlers: list[Any] = [on_paper, as_pdf, issue]
