"""One conference: ask for it, set its date, record it, and agree why it is late."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import ABUSE_CATEGORIES, AGENCIES, CONFERENCE_DELAY_REASONS
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.enquiries.conferences import agreeing, asking, rules, service, store, viewing
from service.enquiries.conferences.routes import AGREES, SEES
from service.enquiries.conferences.rules import Asking, Calling, ChildDecided, Holding, Lateness, Scheduling
from service.enquiries.conferences.viewing import ChildView, View
from service.enquiries.pages import words as own
from service.enquiries.pages.common import Meanwhile, meanwhile, version
from service.enquiries.store import Held, Revision
from service.errors import Conflict, Forbidden, PreconditionFailed, Refused, Wrong
from service.pathways.pages import wording
from service.pathways.pages.common import Subject, subject
from service.web.forms import Form, field_name
from service.web.moments import When, shown
from service.web.page import page, seeother

_LONG: Final = 10_000
DONE: Final = {
    "asked": "The conference has been asked for.",
    "opened": "Its record is open.",
    "scheduled": "The date is set. It stops no clock.",
    "cancelled": "Called off. Every child's clock goes on.",
    "held": "Recorded that it was held.",
    "explained": "Your side agreed to this reason. The other side must agree too.",
    "agreed": "Both have agreed. The reason stands on each child's page.",
}


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A conference and what this actor may do with it."""

    view: View
    revisions: list[Revision]
    arranges: bool
    side: str | None

    @property
    def explains(self) -> bool:
        """Whether this actor may say why it is late."""
        row = self.view.conference
        return self.side is not None and self.view.late and row.state != "cancelled"

    @property
    def stands(self) -> Held | None:
        """What both agreed to before, which stands while another reason waits for the other side."""
        row = self.view.conference
        told = (each for each in self.view.milestones if each.record == row.delay_record)
        return next(told, None) if row.agreed_again else None

    @property
    def agrees(self) -> bool:
        """Whether the other side's reason waits for this actor."""
        row = self.view.conference
        given = row.agreed_manager if self.side == "manager" else row.agreed_chair
        return self.explains and row.late_reason is not None and given is None


class Offer(msgspec.Struct, frozen=True):
    """Whom a conference may be asked for about, and the one that was held already without a record here."""

    about: Subject
    held: Held | None


async def _open(tx: Tx, actor: Actor, conference: UUID) -> Opened:
    found = await viewing.view(tx, conference)
    area = found.conference.area
    manages, chairs = actor.holds(*rules.MANAGES, area=area), actor.holds(*rules.CHAIRS, area=area)
    return Opened(
        view=found,
        revisions=await store.revisions(tx.connection, conference),
        arranges=actor.holds(*rules.ARRANGES, area=area),
        side="manager" if manages else "chair" if chairs else None,
    )


@get("/pathways/{pathway:uuid}/conference", opt=allow(*SEES), include_in_schema=False)
async def ask_form(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """The conference that is ahead for this child, else the form that asks for one."""
    found = await _offered(actor, database, pathway)
    if isinstance(found, UUID):
        return seeother(f"/conferences/{found}")
    if not actor.holds(*rules.ASKS, area=found.about.head.area):
        raise Forbidden("No conference has been asked for about this child; a manager asks for one.")
    return await _ask_shown(request, found, Form())


@post("/pathways/{pathway:uuid}/conference", opt=allow(*rules.ASKS), include_in_schema=False, status_code=200)
async def ask(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """Ask for one conference about this child and the siblings that are ticked."""
    found = await _offered(actor, database, pathway)
    if isinstance(found, UUID):
        return seeother(f"/conferences/{found}")
    form = Form(await request.form())
    options = [str(each.pathway) for each in found.about.siblings]
    children = [UUID(each) for each in form.choices("children", "children", options)]
    kind = form.choice("kind", "the kind of conference", rules.KINDS, required=True)
    when: When | None = None
    if kind == "transfer_in":
        when = form.when("notified_at", "when the other area told us", database.timepiece.now(), required=True)
    by = form.text("notified_by", "who told us", required=kind == "transfer_in")
    if form.errors:
        return await _ask_shown(request, found, form)
    wanted = Asking(
        pathways=[pathway, *children],
        kind=msgspec.convert(kind, rules.Kind),
        notified_at=when.at if when else None,
        notified_on=when.on if when else None,
        notified_by=by or "",
    )
    try:
        async with database.transaction(actor) as tx:
            made = await asking.ask(tx, wanted)
    except Refused as refused:
        form.refused(refused)
    except (Conflict, Forbidden) as refusal:
        form.fail("", refusal.message)
    else:
        return seeother(f"/conferences/{made}?done={'opened' if found.held else 'asked'}")
    return await _ask_shown(request, found, form)


async def _offered(actor: Actor, database: Database, pathway: UUID) -> Offer | UUID:
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "conference_form_viewed", "ask for a conference")
        known = await store.of_pathways(tx.connection, [pathway])
        ahead = next((each.id for each in known if each.state in ("requested", "scheduled")), None)
        if ahead is not None:
            return ahead
        return Offer(about, await asking.unopened(tx, [pathway], "initial"))


async def _ask_shown(request: Request[Any, Any, Any], offer: Offer, form: Form) -> Response[str]:
    return await page(
        request,
        "enquiries/ask.html",
        about=offer.about,
        head=offer.about.head,
        held=offer.held,
        siblings=offer.about.siblings,
        form=form,
        kinds=own.CONFERENCES.items(),
        wording=wording,
    )


@get("/conferences/{conference:uuid}", opt=allow(*SEES), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
) -> Response[str]:
    """The conference as it stands, with the forms of what may be done now."""
    async with database.transaction(actor) as tx:
        opened = await _open(tx, actor, conference)
    return await _shown(request, opened, Form(_first(opened)))


def _first(opened: Opened) -> dict[str, str]:
    row = opened.view.conference
    planned = shown(When(at=row.planned_for, on=None, precision="minute")) if row.planned_for else ""
    return {
        "planned_for": planned,
        "chair": row.chair,
        "held_chair": row.chair,
        "reason": row.late_reason or "",
        "agency": row.late_agency or "",
        "text": row.late_text,
        "interim_plan": row.interim_plan,
    }


@post("/conferences/{conference:uuid}/date", opt=allow(*rules.ARRANGES), include_in_schema=False, status_code=200)
async def schedule(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
) -> Response[Any]:
    """Set or move its date."""
    form = Form(await request.form())
    when = form.when("planned_for", "when it is planned for", database.timepiece.now(), required=True, future=True)
    if when is not None and when.at is None:
        form.fail("planned_for", "Enter the time of day too")
    chair = form.text("chair", "the chair")
    cause = form.text("cause", "why it is moved", longest=_LONG, lines=True)
    agency = form.choice("waits_on", "the agency", AGENCIES)

    async def do(tx: Tx) -> str:
        said = Scheduling(
            planned_for=(when.at if when else None) or tx.now, chair=chair or "", cause=cause or "", waits_on=agency
        )
        await service.schedule(tx, conference, said, version(form))
        return "scheduled"

    return await _do(request, actor, database, conference, form, do)


@post("/conferences/{conference:uuid}/call-off", opt=allow(*rules.ARRANGES), include_in_schema=False, status_code=200)
async def call_off(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
) -> Response[Any]:
    """Call it off."""
    form = Form(await request.form())
    cause = form.text("off_cause", "why", required=True, longest=_LONG, lines=True)
    agency = form.choice("off_waits_on", "the agency it waits on", AGENCIES, required=True)

    async def do(tx: Tx) -> str:
        await service.call_off(tx, conference, Calling(cause=cause or "", waits_on=agency), version(form))
        return "cancelled"

    return await _do(request, actor, database, conference, form, do)


@post("/conferences/{conference:uuid}/held", opt=allow(*rules.ARRANGES), include_in_schema=False, status_code=200)
async def hold(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
) -> Response[Any]:
    """Record that it was held."""
    form = Form(await request.form())
    when = form.when("held_at", "when it was held", database.timepiece.now())
    chair = form.text("held_chair", "who chaired it")
    agencies = form.choices("agencies", "agencies", AGENCIES)
    decided = []
    for name in form.names("outcome_"):
        field = name.removeprefix("outcome_")
        outcome = form.choice(name, "plan or no plan", ("plan", "no_plan"))
        category = form.choice(f"category_{field}", "the category of abuse", ABUSE_CATEGORIES)
        if outcome is not None:
            decided.append((field, outcome, category if outcome == "plan" else None))

    async def do(tx: Tx) -> str:
        known = {str(child.about.pathway) for child in (await viewing.load(tx, conference)).children}
        holding = Holding(
            at=when.at if when else None,
            on=when.on if when else None,
            precision=when.precision if when else None,
            chair=chair or "",
            agencies=agencies,
            children=[
                ChildDecided(pathway=UUID(field), outcome="plan" if outcome == "plan" else "no_plan", category=category)
                for field, outcome, category in decided
                if field in known
            ],
        )
        await service.hold(tx, conference, holding, version(form))
        return "held"

    def named(wrong: Wrong) -> str:
        """The field of the page: decisions stand under the child's own name."""
        if wrong.field.startswith("children["):
            number = int(wrong.field.removeprefix("children[").partition("]")[0])
            return f"category_{decided[number][0]}" if number < len(decided) else "children"
        return {"at": "held_at", "on": "held_at", "chair": "held_chair"}.get(wrong.field) or field_name(wrong)

    return await _do(request, actor, database, conference, form, do, named)


@post("/conferences/{conference:uuid}/lateness", opt=allow(*AGREES), include_in_schema=False, status_code=200)
async def explain(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    conference: FromPath[UUID],
) -> Response[Any]:
    """Say why it is late, or agree to what the other side said."""
    form = Form(await request.form())
    if form.value("step") == "agree":

        async def agree(tx: Tx) -> str:
            await agreeing.agree(tx, conference, version(form))
            return "agreed"

        return await _do(request, actor, database, conference, form, agree)
    reason = form.choice("reason", "the reason", CONFERENCE_DELAY_REASONS, required=True)
    agency = form.choice("agency", "the agency it waited on", AGENCIES)
    text = form.text("text", "the reason in words", required=True, longest=_LONG, lines=True)
    plan = form.text("interim_plan", "the interim plan", required=True, longest=_LONG, lines=True)

    async def do(tx: Tx) -> str:
        said = Lateness(reason=reason or "", agency=agency, text=text or "", interim_plan=plan or "")
        await agreeing.explain(tx, conference, said, version(form))
        return "explained"

    return await _do(request, actor, database, conference, form, do)


async def _do(
    request: Request[Any, Any, Any],
    actor: Actor,
    database: Database,
    conference: UUID,
    form: Form,
    do: Callable[[Tx], Awaitable[str]],
    names: Callable[[Wrong], str] | None = None,
) -> Response[Any]:
    """Make a change; show the page again, with everything that was typed, where it is refused."""
    changed: Meanwhile | None = None
    if not form.errors:
        try:
            async with database.transaction(actor) as tx:
                done = await do(tx)
            return seeother(f"/conferences/{conference}?done={done}")
        except PreconditionFailed as failed:
            changed = meanwhile(failed)
        except Refused as refused:
            form.refused(refused, names)
        except (Conflict, Forbidden) as refusal:
            form.fail("", refusal.message)
    async with database.transaction(actor) as tx:
        opened = await _open(tx, actor, conference)
    return await _shown(request, opened, form, changed)


async def _shown(
    request: Request[Any, Any, Any], opened: Opened, form: Form, changed: Meanwhile | None = None
) -> Response[str]:
    view = opened.view
    return await page(
        request,
        "enquiries/conference.html",
        status_code=412 if changed else 422 if form.errors else 200,
        opened=opened,
        view=view,
        row=view.conference,
        form=form,
        changed=changed,
        version=view.version if changed or not form.value("version") else version(form),
        sentence=own.conference_sentence(view),
        countdowns={child.about.pathway: _countdown(child, view) for child in view.children},
        done=DONE.get(request.query_params.get("done", "")),
        stands=_first(opened),
        agencies=AGENCIES,
        categories=own.CATEGORIES.items(),
        reasons=own.REASONS.items(),
        own=own,
        wording=wording,
    )


def _countdown(child: ChildView, view: View) -> str:
    """Working days left, late by, or late by as it is planned."""
    row, due = view.conference, child.clock.due_at if child.clock else None
    stopped = child.clock.stopped_at if child.clock else None
    return own.countdown(
        child.working_days_left,
        child.working_days_late,
        is_late=child.late,
        passed=due is not None and (stopped or view.now) > due,
        ahead=stopped is None
        and row.state == "scheduled"
        and row.planned_for is not None
        and row.planned_for > view.now,
    )


handlers: list[Any] = [ask_form, ask, show, schedule, call_off, hold, explain]
