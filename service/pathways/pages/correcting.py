"""Correct a milestone: say what it should have been, see what that changes, then record it."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.spine import Milestone
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, NotFound, Refused, Superseded
from service.pathways import owning, proposals, rulebook
from service.pathways import service as pathways
from service.pathways.owning import Owned
from service.pathways.pages import telling, wording
from service.pathways.pages.common import Subject, subject
from service.pathways.pages.kinds import OUTCOME, Field, fields
from service.pathways.pages.record import RECORDS, field_of, option_words, read_fields
from service.pathways.rules import Entry, wrong_with
from service.pathways.service import Correction, Effect
from service.pathways.view import service as views
from service.pathways.view.store import Worker
from service.pathways.view.store import workers as workers_of
from service.web import frame as frames
from service.web.forms import Form
from service.web.moments import When, shown
from service.web.page import page, seeother

_LONG: Final = 10_000


class Change(msgspec.Struct, frozen=True):
    """One clock before and after, in words."""

    child: str
    standard: str
    before: str
    after: str


class Effects(msgspec.Struct, frozen=True):
    """What a correction changes; ``forgiven`` are the standards it turns from late to in time.

    ``becomes`` is when it happened by the correction; None where the time stays.
    """

    changes: tuple[Change, ...]
    forgiven: tuple[str, ...]
    becomes: datetime | date | None = None


def effects_of(effects: list[Effect], names: dict[UUID, str], standards: dict[str, str], now: datetime) -> Effects:
    """Effects in words, under the names that the actor sees."""
    return Effects(
        tuple(
            Change(names.get(effect.subject.facts.id, "another child"), standards.get(key, key), before, after)
            for effect in effects
            for key, before, after in proposals.changes(effect, now)
        ),
        tuple(sorted({standards.get(key, key) for effect in effects for key in effect.forgiven})),
    )


async def standard_names(tx: Tx) -> dict[str, str]:
    """Standards by their names, the newest version's where they changed."""
    return {standard.key: standard.name for standard in (await rulebook.current(tx)).standards}


class Opened(msgspec.Struct, frozen=True):
    """The milestone in hand with everything its form needs.

    ``owned``: the record that tells this milestone too, which follows or is corrected instead.
    """

    about: Subject
    milestone: Milestone
    item: telling.Item
    asked: tuple[Field, ...]
    workers: list[Worker]
    owned: Owned | None


async def _open(tx: Tx, pathway: UUID, milestone: UUID, places: dict[str, str]) -> Opened:
    about = await subject(tx, pathway, "correction_form_viewed", "correct a milestone")
    timeline = await views.timeline(tx, about.head)
    found = timeline.get(milestone)
    if found is None:
        for stands, view in timeline.items():
            if any(old.milestone.id == milestone for old in view.corrected):
                raise Superseded("Somebody else corrected this first.", by=str(stands))
        raise NotFound("There is no such milestone.")
    kind = found.milestone.kind
    return Opened(
        about,
        found.milestone,
        telling.item(found, places),
        fields(kind),
        await workers_of(tx.connection, about.head.area) if kind == "allocated" else [],
        await owning.owned(tx, milestone),
    )


def _sent(opened: Opened) -> dict[str, str]:
    """The form's first showing: what stands."""
    milestone = opened.milestone
    sent = {
        "what": "values",
        "when": shown(When(at=milestone.at, on=milestone.on, precision=milestone.precision)),
    }
    for field in opened.asked:
        value = milestone.outcome if field.key == OUTCOME else milestone.detail.get(field.key)
        if isinstance(value, bool):
            sent[field.key] = "yes" if value else "no"
        elif field.key == OUTCOME and milestone.kind == "notice_received":
            sent[field.key] = str(value or "front_door")
        elif isinstance(value, str):
            sent[field.key] = value
    return sent


def _correction(form: Form, opened: Opened, tx: Tx) -> Correction | None:
    milestone = opened.milestone
    what = form.choice("what", "what is wrong", ("values", "never"), required=True)
    reason = form.text("reason", "what was wrong and how you know", required=True, longest=_LONG, lines=True)
    source = form.text("source", "where the right time comes from", longest=_LONG, lines=True) or ""
    if what == "never":
        return None if form.errors else Correction(reason=reason or "", source=source, retract=True)
    when = form.when("when", "when it happened", tx.now, required=True)
    asked = tuple(field for field in opened.asked if field.form not in {"agencies", "planned"})
    outcome, detail = read_fields(form, asked, tx, opened.workers, required=False)
    if when is None or form.errors:
        return None
    said = {key: value for key, value in detail.items() if milestone.detail.get(key) != value}
    # A box to the minute must not take the seconds off a time that was not touched.
    same = form.value("when") == shown(When(at=milestone.at, on=milestone.on, precision=milestone.precision))
    return Correction(
        reason=reason or "",
        source=source,
        at=milestone.at if same else when.at,
        on=milestone.on if same else when.on,
        precision=milestone.precision if same else when.precision,
        outcome=outcome if outcome != "front_door" else None,
        detail=said or None,
    )


@get("/pathways/{pathway:uuid}/milestones/{milestone:uuid}/correct", opt=allow(*RECORDS), include_in_schema=False)
async def ask(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    milestone: FromPath[UUID],
) -> Response[Any]:
    """The form, filled with what stands."""
    places = (await frames.load(request)).places
    try:
        async with database.transaction(actor) as tx:
            opened = await _open(tx, pathway, milestone, places)
    except Superseded as superseded:
        return await _too_late(request, actor, database, pathway, superseded)
    return await _shown(request, opened, Form(_sent(opened)))


@post(
    "/pathways/{pathway:uuid}/milestones/{milestone:uuid}/correct",
    opt=allow(*RECORDS),
    include_in_schema=False,
    status_code=200,
)
async def save(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    milestone: FromPath[UUID],
) -> Response[Any]:
    """First show what the correction changes; when that was seen, record or propose it."""
    form = Form(await request.form())
    places = (await frames.load(request)).places
    try:
        async with database.transaction(actor) as tx:
            opened = await _open(tx, pathway, milestone, places)
            effects = await _previewed(tx, form, opened)
        if effects is None or form.errors or form.value("step") != "record":
            return await _shown(request, opened, form, effects)
        async with database.transaction(actor) as tx:
            change = _correction(form, opened, tx)
            proposal = await proposals.correct_or_propose(tx, milestone, change) if change else None
    except Superseded as superseded:
        return await _too_late(request, actor, database, pathway, superseded)
    return seeother(f"/pathways/{pathway}?done={'proposed' if proposal else 'corrected'}")


async def _previewed(tx: Tx, form: Form, opened: Opened) -> Effects | None:
    """What the form's correction changes; None, with the errors in the form, where it cannot be made."""
    change = _correction(form, opened, tx)
    if change is None:
        return None
    wrong = wrong_with(entry_of(opened, change), tx.now)
    if wrong:
        form.refused(Refused(wrong), field_of)
        return None
    effects = await pathways.preview(tx, opened.milestone.id, change)
    found = effects_of(effects, opened.about.family, await standard_names(tx), tx.now)
    if found.forgiven and not change.source.strip():
        form.fail("source", "Say where the right time comes from: this turns late into in time")
    if opened.owned is not None:
        try:
            await opened.owned.owner.check(tx, opened.owned.fact, change)
        except Conflict as instead:
            form.fail("what", instead.message)
        except Refused as refused:
            form.refused(refused, field_of)
    old, new = opened.milestone, change.at or change.on
    return msgspec.structs.replace(found, becomes=None if new in (None, old.at, old.on) else new)


def entry_of(opened: Opened, change: Correction) -> Entry:
    """The entry that a correction would be, to be checked before anything is worked out from it."""
    milestone = opened.milestone
    dated = change.at is not None or change.on is not None
    return Entry(
        pathway=opened.about.head.pathway,
        kind=milestone.kind,
        at=change.at if dated else milestone.at,
        on=change.on if dated else milestone.on,
        precision=(change.precision or milestone.precision) if dated else milestone.precision,
        outcome=change.outcome or milestone.outcome,
        detail=milestone.detail | (change.detail or {}),
        supersedes=milestone.id,
        retracted=change.retract,
        reason=change.reason,
    )


async def _shown(
    request: Request[Any, Any, Any], opened: Opened, form: Form, effects: Effects | None = None
) -> Response[str]:
    seen = effects is not None and not form.errors
    return await page(
        request,
        "pathways/preview.html" if seen else "pathways/correct.html",
        opened=opened,
        head=opened.about.head,
        item=opened.item,
        fields=[field for field in opened.asked if field.form not in {"agencies", "planned"}],
        workers=opened.workers,
        form=form,
        effects=effects,
        sent=[(name, value) for name in _names(opened) for value in form.values(name)],
        wording=wording,
        said=option_words,
    )


def _names(opened: Opened) -> list[str]:
    return ["what", "when", "reason", "source", *(field.key for field in opened.asked)]


async def _too_late(
    request: Request[Any, Any, Any], actor: Actor, database: Database, pathway: UUID, superseded: Superseded
) -> Response[str]:
    """412: what somebody else changed meanwhile."""
    frame = await frames.load(request)
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "correction_form_viewed", "see what somebody else corrected")
        stands = (await views.timeline(tx, about.head)).get(UUID(str(superseded.facts["by"])))
    return await page(
        request,
        "pathways/superseded.html",
        status_code=412,
        head=about.head,
        item=telling.item(stands, frame.places) if stands else None,
        wording=wording,
    )


handlers: list[Any] = [ask, save]
