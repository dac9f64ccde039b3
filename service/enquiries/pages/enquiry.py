"""One enquiry: what is known, what is missing, what the manager says, and what comes next."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import AGENCIES
from service.access.permissions import allow
from service.actor import Actor
from service.clocks import Rulebook, standing
from service.database import Database, Tx
from service.enquiries import authorising, rules, service, store, viewing
from service.enquiries.conferences import store as conferences
from service.enquiries.conferences.store import Brief
from service.enquiries.pages import words as own
from service.enquiries.pages.common import Meanwhile, meanwhile, version
from service.enquiries.routes import SEES
from service.enquiries.rules import Body, Check, Seen
from service.enquiries.store import Revision
from service.enquiries.viewing import View
from service.errors import Conflict, Forbidden, PreconditionFailed, Refused
from service.meetings import store as meetings
from service.meetings.rules import READERS
from service.meetings.structs import Discussion
from service.pathways import rulebook
from service.pathways.pages import wording
from service.pathways.view import store as view_store
from service.pathways.view.store import Other
from service.web.forms import Form, rows
from service.web.moments import When, shown
from service.web.page import page, seeother

_LONG: Final = 10_000
#: What the page says it did, told once.
DONE: Final = {
    "started": "The enquiry has begun.",
    "joined": "The enquiry was under way already: this is it, and the earliest discussion counts.",
    "saved": "Saved. It stops no clock.",
    "seen": "Recorded that the child was seen.",
    "completed": "It waits for a manager to authorise it.",
    "sent_back": "Sent back.",
    "authorised": "Authorised. The enquiry is complete.",
    "dropped": "Recorded that no conference is required.",
}
#: Clocks of an enquiry, in the order in which they end.
_CLOCKS: Final = (
    "child_seen_enquiry",
    "enquiry_history",
    "enquiry_completed",
    "conference",
    "assessment",
    "core_group",
    "first_review",
    "later_review",
)
#: Milestones that are recorded from here by the general form.
_LINKS: Final = {
    "assessment_started": "Assessment started",
    "assessment_authorised": "Assessment authorised",
    "core_group_held": "Core group held",
    "review_held": "Review held",
}
#: Those that only a child protection plan makes due: by these standards.
_OF_A_PLAN: Final = {"core_group_held": {"core_group"}, "review_held": {"first_review", "later_review"}}
#: Those that happen once.
_ONCE: Final = ("assessment_started", "assessment_authorised")


class ClockLine(msgspec.Struct, frozen=True):
    """One clock of the enquiry, with its state in words. ``unmet``: the work it belongs to ended before it was done."""

    name: str
    state: str
    due: datetime | None
    stopped: datetime | None
    unmet: bool


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows besides what was typed."""

    view: View
    clocks: list[ClockLine]
    conference: Brief | None
    decided_by: Discussion | None
    revisions: list[Revision]
    earlier: tuple[Other, ...]
    writes: bool
    authorises: bool


async def _open(tx: Tx, actor: Actor, enquiry: UUID) -> Opened:
    row = await store.get(tx.connection, enquiry)
    head = await view_store.head(tx.connection, row.pathways[0]) if row else None
    others = await view_store.others(tx.connection, head) if head else []
    earlier = tuple(each for each in others if each.same_child)
    found = await viewing.view(tx, enquiry, beside=[each.pathway for each in earlier])
    ids = [each.pathway for each in found.covers]
    area = found.child.area
    book = await rulebook.current(tx)
    about = await conferences.of_pathways(tx.connection, ids)
    return Opened(
        view=found,
        clocks=_clock_lines(found, book, tx.now),
        conference=next((each for each in about if each.state != "cancelled"), None),
        decided_by=await _decided_by(tx, actor, found),
        revisions=await store.revisions(tx.connection, enquiry),
        earlier=earlier,
        writes=actor.holds(*rules.WRITES, area=area),
        authorises=actor.holds(*rules.AUTHORISES, area=area),
    )


async def _decided_by(tx: Tx, actor: Actor, found: View) -> Discussion | None:
    """The discussion that decided the enquiry, where the actor may open it."""
    if found.discussion is None or not actor.holds(*READERS):
        return None
    return await meetings.discussion(tx.connection, found.discussion)


def _clock_lines(found: View, book: Rulebook, now: datetime) -> list[ClockLine]:
    """The newest clock of each standard, of the pathway where it is due first, of those that apply."""
    names = {standard.key: standard.name for standard in book.standards}
    kinds = {milestone.id: milestone.kind for milestone in found.milestones}
    lines = []
    for key in _CLOCKS:
        own_clocks = [
            clock
            for clocks in found.clocks.values()
            for clock in clocks
            if clock.standard == key and clock.rules and clock.due_at is not None and clock.standing != "not_applicable"
        ]
        if own_clocks:
            clock = max(own_clocks, key=lambda each: (each.stopped_at is None, each.started_at or each.due_at or now))
            stopped_by = kinds.get(clock.stop_milestone) if clock.stop_milestone else None
            unmet = stopped_by is not None and book.ways_out(key).get(stopped_by) == "over"
            lines.append(ClockLine(names.get(key, key), standing(clock, now), clock.due_at, clock.stopped_at, unmet))
    return lines


@get("/enquiries/{enquiry:uuid}", opt=allow(*SEES), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
) -> Response[str]:
    """The enquiry with its form, as it stands."""
    async with database.transaction(actor) as tx:
        opened = await _open(tx, actor, enquiry)
    return await _shown(request, opened, Form(first(opened.view.body)))


def first(body: Body) -> dict[str, str]:
    """The form's first showing: what is written."""
    sent = {
        name: str(getattr(body, name) or "")
        for name in Body.__struct_fields__
        if name != "checks" and getattr(body, name)
    }
    for number, check in enumerate(body.checks):
        field = f"checks_{number}_"
        sent |= {
            f"{field}id": check.id,
            f"{field}agency": check.agency,
            f"{field}question": check.question,
            f"{field}answer": check.answer,
        }
        for name in ("asked_on", "answered_on"):
            day = getattr(check, name)
            sent[field + name] = shown(When(at=None, on=day, precision="day")) if day else ""
    return sent


def read(form: Form, sent: Mapping[str, Any], now: datetime) -> Body:
    """What was written; nothing of it need be complete."""
    texts = {
        "lead_social_worker": form.text("lead_social_worker", "the lead social worker"),
        "police_officer": form.text("police_officer", "the police officer"),
    }
    for name in ("history", "not_seen_why", "findings", "rationale", "next_step_text"):
        texts[name] = form.text(name, own.FIELDS[name].lower(), longest=_LONG, lines=True)
    chosen = {
        "outcome": form.choice("outcome", "the outcome", rules.OUTCOMES),
        "conference_required": form.choice("conference_required", "yes or no", ("yes", "no")),
        "next_step": form.choice("next_step", "the next step", rules.NEXT_STEPS),
    }
    checks = [_check(form, number, now) for number in range(rows(sent, "checks", at_most=rules.MOST_CHECKS))]
    said = {name: value for name, value in (texts | chosen).items() if value is not None}
    return msgspec.convert(
        {**said, "checks": [check for check in checks if check is not None]}, Body, from_attributes=True
    )


def _check(form: Form, number: int, now: datetime) -> Check | None:
    field = f"checks_{number}_"
    agency = form.choice(f"{field}agency", "the agency", AGENCIES)
    question = form.text(f"{field}question", "what was asked", longest=_LONG, lines=True) or ""
    answer = form.text(f"{field}answer", "the answer", longest=_LONG, lines=True) or ""
    asked = form.day(f"{field}asked_on", "the day it was asked", now)
    answered = form.day(f"{field}answered_on", "the day it was answered", now)
    if agency is None:
        if question or answer or asked or answered:
            form.fail(f"{field}agency", "Choose the agency of this check")
        return None
    identity = form.value(f"{field}id")[:200]
    return Check(agency=agency, id=identity, question=question, asked_on=asked, answered_on=answered, answer=answer)


@post("/enquiries/{enquiry:uuid}", opt=allow(*rules.WRITES), include_in_schema=False, status_code=200)
async def write(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
) -> Response[Any]:
    """Save what is written, or say that it is complete; what was typed is kept when either is refused."""
    sent = await request.form()
    form = Form(sent)
    if sent.get("add") == "checks":
        async with database.transaction(actor) as tx:
            opened = await _open(tx, actor, enquiry)
        return await _shown(request, opened, form, checks=rows(sent, "checks", at_most=rules.MOST_CHECKS))
    body = read(form, sent, database.timepiece.now())
    saved: list[int] = []

    async def do(tx: Tx) -> str:
        saved.append(await service.save(tx, enquiry, body, version(form)))
        return "saved"

    answer = await _do(request, actor, database, enquiry, form, do)
    if form.value("step") != "complete" or not saved:
        return answer

    async def finish(tx: Tx) -> str:
        await service.complete(tx, enquiry, saved[0])
        return "completed"

    # What is missing is said; what there is has been kept.
    return await _do(request, actor, database, enquiry, form, finish, fresh=True)


@post("/enquiries/{enquiry:uuid}/seen", opt=allow(*rules.WRITES), include_in_schema=False, status_code=200)
async def see(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
) -> Response[Any]:
    """Record that the child was seen."""
    form = Form(await request.form())
    when = form.when("at", "when the child was seen", database.timepiece.now(), required=True)
    alone = form.choice("seen_alone", "yes or no", ("yes", "no"), required=True)
    why = form.text("why_not_alone", "why the child was not seen alone", longest=_LONG, lines=True)
    said = form.text("said", "what the child said", longest=_LONG, lines=True)

    async def do(tx: Tx) -> str:
        seen = Seen(
            at=when.at if when else None,
            on=when.on if when else None,
            precision=when.precision if when else None,
            seen_alone=alone == "yes",
            why_not_alone=why or "",
            said=said or "",
        )
        await service.record_seen(tx, enquiry, seen, version(form))
        return "seen"

    return await _do(request, actor, database, enquiry, form, do)


@post("/enquiries/{enquiry:uuid}/judge", opt=allow(*rules.AUTHORISES), include_in_schema=False, status_code=200)
async def judge(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
) -> Response[Any]:
    """A manager authorises the enquiry, or sends it back."""
    form = Form(await request.form())
    verdict = form.choice("verdict", "what you decide", ("authorise", "send_back"), required=True)
    why = form.text("why", "what is still to be done", longest=_LONG, lines=True)

    async def do(tx: Tx) -> str:
        if verdict == "authorise":
            await authorising.authorise(tx, enquiry, version(form))
            return "authorised"
        await authorising.send_back(tx, enquiry, version(form), why or "")
        return "sent_back"

    return await _do(request, actor, database, enquiry, form, do)


@post("/enquiries/{enquiry:uuid}/no-conference", opt=allow(*rules.AUTHORISES), include_in_schema=False, status_code=200)
async def drop(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    enquiry: FromPath[UUID],
) -> Response[Any]:
    """A manager finds that no conference is required after all."""
    form = Form(await request.form())
    reason = form.text("reason", "why no conference is required", required=True, longest=_LONG, lines=True)

    async def do(tx: Tx) -> str:
        await authorising.drop_conference(tx, enquiry, version(form), reason or "")
        return "dropped"

    return await _do(request, actor, database, enquiry, form, do)


async def _do(
    request: Request[Any, Any, Any],
    actor: Actor,
    database: Database,
    enquiry: UUID,
    form: Form,
    do: Callable[[Tx], Awaitable[str]],
    *,
    fresh: bool = False,
) -> Response[Any]:
    """Make a change; show the page again, with everything that was typed, where it is refused."""
    changed: Meanwhile | None = None
    if not form.errors:
        try:
            async with database.transaction(actor) as tx:
                done = await do(tx)
            return seeother(f"/enquiries/{enquiry}?done={done}")
        except PreconditionFailed as failed:
            changed = meanwhile(failed)
        except Refused as refused:
            form.refused(refused)
        except (Conflict, Forbidden) as refusal:
            form.fail("", refusal.message)
    async with database.transaction(actor) as tx:
        opened = await _open(tx, actor, enquiry)
    return await _shown(request, opened, form, changed=changed, fresh=fresh)


async def _shown(
    request: Request[Any, Any, Any],
    opened: Opened,
    form: Form,
    *,
    changed: Meanwhile | None = None,
    checks: int | None = None,
    fresh: bool = False,
) -> Response[str]:
    view = opened.view
    # A form that was sent to another part of the page holds nothing of what is written.
    writing = form if form.value("part", "body") == "body" else Form(first(view.body))
    return await page(
        request,
        "enquiries/enquiry.html",
        status_code=412 if changed else 422 if form.errors else 200,
        opened=opened,
        view=view,
        body=view.body,
        form=form,
        writing=writing,
        changed=changed,
        version=view.version if changed or fresh or not form.value("version") else version(form),
        checks=checks or max(1, len(view.body.checks), _rows(writing)),
        sentence=own.enquiry_sentence(view, view.now),
        done=DONE.get(request.query_params.get("done", "")),
        agencies=AGENCIES,
        links=_links(view),
        own=own,
        wording=wording,
    )


def _links(view: View) -> list[tuple[str, str]]:
    """What makes sense to record next: nothing that is on record, and nothing of a plan that nobody made."""
    timed = {clock.standard for clocks in view.clocks.values() for clock in clocks}
    known = {each.kind for each in view.milestones}
    return [
        (kind, text)
        for kind, text in _LINKS.items()
        if not (kind in _ONCE and kind in known) and not (kind in _OF_A_PLAN and timed.isdisjoint(_OF_A_PLAN[kind]))
    ]


def _rows(form: Form) -> int:
    """How many checks a form holds."""
    return rows(dict.fromkeys(form.names("checks_"), ""), "checks", at_most=rules.MOST_CHECKS)


handlers: list[Any] = [show, write, see, judge, drop]
