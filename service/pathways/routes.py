"""The JSON API of pathways: lists, one pathway, milestones, corrections, standards."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import UNSET, Meta, UnsetType

from schema.standards import Standard
from schema.vocabulary import Precision
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused
from service.pathways import proposals, rulebook
from service.pathways import service as pathways
from service.pathways.links import routes as links
from service.pathways.lists import service as lists
from service.pathways.lists.service import Unshared, Waiting, Which
from service.pathways.lists.store import Found
from service.pathways.rules import Entry, wrong_with_door
from service.pathways.service import Correction
from service.pathways.view import service as views
from service.pathways.view.service import PathwayView

FRONT_DOOR: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
#: Roles that see single pathways; which ones is row-level security's to say.
SEES: Final = (
    *FRONT_DOOR,
    "social_worker",
    "team_manager",
    "conference_service",
    "senior_leader",
    "police_liaison",
)
_RECORDS: Final = (*FRONT_DOOR, "social_worker", "team_manager", "conference_service", "police_liaison")
LongText = Annotated[str, Meta(max_length=10_000)]


class MilestoneIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A milestone to record: ``at`` an instant with its zone, or ``on`` a day. Never when it was recorded."""

    kind: str
    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    precision: Precision | None = None
    outcome: str | None = None
    detail: dict[str, Any] = {}


class MilestoneOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded."""

    id: UUID
    kind: str
    recorded_at: datetime


class CorrectionIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a milestone should have said, or ``retract``: it never happened.

    ``source`` (the log or record that shows it) is needed where late becomes in time.
    """

    reason: LongText
    source: LongText = ""
    retract: bool = False
    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    precision: Precision | None = None
    outcome: str | None = None
    detail: dict[str, Any] | UnsetType = UNSET


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """One clock before and after a correction."""

    pathway: UUID
    standard: str
    before: str
    after: str


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """What a correction did, or would do (``preview``), or that it waits for a second person."""

    state: Literal["preview", "recorded", "waits_for_second_person"]
    changes: list[Changed]
    proposal: UUID | None = None


class SearchIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A police reference, a date of birth (03/02/2011), or the beginning of a family name."""

    text: Annotated[str, Meta(max_length=200)]


def entry_of(pathway: UUID, said: MilestoneIn) -> Entry:
    """The entry that a body describes."""
    precision: Precision = said.precision or ("day" if said.on is not None else "minute")
    at = said.at.replace(microsecond=0) if said.at else None
    return Entry(
        pathway=pathway,
        kind=said.kind,
        at=at,
        on=said.on,
        precision=precision,
        outcome=said.outcome,
        detail=said.detail,
    )


@get("/api/v1/waiting", opt=allow(*FRONT_DOOR), operation_id="ListWaiting")
async def list_waiting(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    which: FromQuery[Which] = "deciding",
    area: FromQuery[str | None] = None,
    grade: FromQuery[Literal["high", "medium", "standard", "ungraded"] | None] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> Waiting:
    """Children waiting for a decision, or other open work, worst first, 50 to a page."""
    async with database.transaction(actor) as tx:
        return await lists.waiting(tx, which=which, area=area, grade=grade, page=page)


@get("/api/v1/unshared", opt=allow("police_liaison"), operation_id="ListUnshared")
async def list_unshared(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    grade: FromQuery[Literal["high", "medium", "standard", "ungraded"] | None] = None,
    area: FromQuery[str | None] = None,
    district: FromQuery[str | None] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> Unshared:
    """Notices that have not left the force, oldest high first, then by lateness, 50 to a page."""
    async with database.transaction(actor) as tx:
        return await lists.unshared(tx, grade=grade, area=area, district=district, page=page)


@post("/api/v1/search", opt=allow(*FRONT_DOOR, "police_liaison"), operation_id="Search", status_code=200)
async def search(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[SearchIn]
) -> list[Found]:
    """Find pathways. A body and not an address: names do not belong in addresses."""
    async with database.transaction(actor) as tx:
        return await lists.search(tx, data.text)


@get("/api/v1/pathways/{pathway:uuid}", opt=allow(*SEES), operation_id="GetPathway")
async def get_pathway(
    actor: NamedDependency[Actor], database: NamedDependency[Database], pathway: FromPath[UUID]
) -> PathwayView:
    """One pathway: clocks explained in words, holders, the timeline, flags, siblings."""
    async with database.transaction(actor) as tx:
        return await views.view(tx, pathway)


@post("/api/v1/pathways/{pathway:uuid}/milestones", opt=allow(*_RECORDS), operation_id="RecordMilestone")
async def record_milestone(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    data: JSONBody[MilestoneIn],
) -> MilestoneOut:
    """Record a milestone that the actor's role records. Clocks and flags follow at once.

    Decisions, transfers, enquiries and conferences have routes of their own, which do more than write the milestone;
    their kinds are refused here.
    """
    if wrong := wrong_with_door(data.kind):
        raise Refused(wrong)
    async with database.transaction(actor) as tx:
        recorded = await pathways.record_one(tx, entry_of(pathway, data))
    return MilestoneOut(id=recorded.id, kind=recorded.kind, recorded_at=recorded.recorded_at)


@post(
    "/api/v1/milestones/{milestone:uuid}/corrections",
    opt=allow(*_RECORDS),
    operation_id="CorrectMilestone",
    responses={
        200: ResponseSpec(Corrected, description="What it would change; nothing was recorded."),
        202: ResponseSpec(Corrected, description="It waits for a second person; nothing changed yet."),
    },
)
async def correct_milestone(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    milestone: FromPath[UUID],
    data: JSONBody[CorrectionIn],
    preview: FromQuery[bool] = False,
) -> Response[Corrected]:
    """Correct or retract a milestone, on every pathway it covers; the old row stays as it was.

    A correction that turns late into in time waits for a second person. Correcting what has been
    corrected already is 412, with the correction that stands.
    """
    change = Correction(
        reason=data.reason,
        source=data.source,
        retract=data.retract,
        at=data.at.replace(microsecond=0) if data.at else None,
        on=data.on,
        precision=data.precision,
        outcome=data.outcome,
        detail=None if data.detail is UNSET else data.detail,
    )
    async with database.transaction(actor) as tx:
        effects = await pathways.preview(tx, milestone, change)
        changes = [
            Changed(pathway=effect.subject.facts.id, standard=name, before=before, after=after)
            for effect in effects
            for name, before, after in proposals.changes(effect, tx.now)
        ]
        if preview:
            return Response(Corrected(state="preview", changes=changes), status_code=200)
        proposal = await proposals.correct_or_propose(tx, milestone, change)
    state: Literal["recorded", "waits_for_second_person"] = "waits_for_second_person" if proposal else "recorded"
    return Response(Corrected(state=state, changes=changes, proposal=proposal), status_code=202 if proposal else 201)


@get("/api/v1/corrections/waiting", opt=allow("mash_manager"), operation_id="ListProposals")
async def list_proposals(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> list[proposals.Proposal]:
    """Corrections that wait for a second person."""
    async with database.transaction(actor) as tx:
        return await proposals.waiting(tx)


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the second person agrees."""

    agree: bool


@post("/api/v1/corrections/{proposal:uuid}/verdict", opt=allow("mash_manager"), operation_id="JudgeProposal")
async def judge_proposal(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    proposal: FromPath[UUID],
    data: JSONBody[Verdict],
) -> None:
    """Agree to a correction, which records it, or refuse it. Never one's own."""
    async with database.transaction(actor) as tx:
        await proposals.judge(tx, proposal, agree=data.agree)


@get("/api/v1/standards", opt=allow("administrator", *FRONT_DOOR, "police_liaison"), operation_id="ListStandards")
async def list_standards(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> list[Standard]:
    """Every version of every standard, with its basis, source and confidence."""
    async with database.transaction(actor, readonly=True) as tx:
        return list((await rulebook.current(tx)).standards)


@post("/api/v1/standards", opt=allow("administrator"), operation_id="AddStandard")
async def add_standard(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[rulebook.NewStandard]
) -> Standard:
    """Record a new version of a standard, from now on or later; clocks that run keep theirs."""
    async with database.transaction(actor) as tx:
        return await rulebook.new_version(tx, data)


class CalendarOut(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the calendar that holds from now on."""

    number: int
    recorded_at: datetime


@post("/api/v1/holidays", opt=allow("administrator"), operation_id="AddHoliday")
async def add_holiday(
    actor: NamedDependency[Actor], database: NamedDependency[Database], data: JSONBody[rulebook.NewHoliday]
) -> CalendarOut:
    """Add a bank holiday. Open clocks move as soon as a worker has been there; closed ones never do."""
    async with database.transaction(actor) as tx:
        made = await rulebook.add_holiday(tx, data)
    return CalendarOut(number=made.number, recorded_at=made.recorded_at)


handlers: list[Any] = [
    list_waiting,
    list_unshared,
    search,
    get_pathway,
    record_milestone,
    correct_milestone,
    list_proposals,
    judge_proposal,
    list_standards,
    add_standard,
    add_holiday,
    *links.handlers,
]
