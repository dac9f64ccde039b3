"""Corrections that wait for a second person: what each would change, agree or refuse."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Superseded, TrackerError
from service.pathways import proposals
from service.pathways import service as pathways
from service.pathways.pages import wording
from service.pathways.pages.correcting import Effects, effects_of, standard_names
from service.pathways.proposals import Proposal
from service.pathways.service import Correction
from service.pathways.view import store
from service.pathways.view.store import Head
from service.web.forms import PageError
from service.web.page import page, seeother

_SHOWN = 50


class Waiting(msgspec.Struct, frozen=True):
    """One proposal as the page shows it; without effects somebody corrected it meanwhile."""

    proposal: Proposal
    head: Head
    kind: str
    change: Correction
    effects: Effects | None
    own: bool


class VerdictForm(msgspec.Struct, frozen=True, kw_only=True):
    """Which button was pressed."""

    csrf_token: str = ""
    verdict: Annotated[str, msgspec.Meta(max_length=20)] = ""


async def _waiting(tx: Tx) -> tuple[list[Waiting], int]:
    every = await proposals.waiting(tx)
    names = await standard_names(tx)
    found = []
    for proposal in every[:_SHOWN]:
        head = await store.head(tx.connection, proposal.pathway)
        if head is None:
            continue
        change = msgspec.convert(proposal.body, Correction)
        effects: Effects | None = None
        kind = ""
        try:
            told = await pathways.preview(tx, proposal.milestone, change)
        except Superseded:
            told = []
        if told:
            effects = effects_of(told, {head.pathway: f"{head.given_names} {head.family_name}"}, names, tx.now)
            before = (m for m in told[0].history.milestones if m.id == proposal.milestone)
            kind = next((m.kind for m in before), "")
        found.append(Waiting(proposal, head, kind, change, effects, proposal.proposed_by == tx.actor.id))
    await audit.viewed(tx, "corrections_viewed", "judge corrections", [each.head.pathway for each in found])
    return found, len(every)


@get("/corrections", opt=allow("mash_manager"), include_in_schema=False)
async def waiting(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What waits for a second person, oldest first."""
    return await _shown(request, actor, database)


@post("/corrections/{proposal:uuid}", opt=allow("mash_manager"), include_in_schema=False, status_code=200)
async def judge(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    proposal: FromPath[UUID],
    data: URLEncodedBody[VerdictForm],
) -> Response[Any]:
    """Agree, which records the correction, or refuse; what cannot be judged is said above the list."""
    if data.verdict not in {"agree", "refuse"}:
        return await _shown(request, actor, database, [PageError("Choose to agree or to refuse")])
    try:
        async with database.transaction(actor) as tx:
            await proposals.judge(tx, proposal, agree=data.verdict == "agree")
    except TrackerError as error:
        return await _shown(request, actor, database, [PageError(error.message)])
    return seeother(f"/corrections?done={data.verdict}")


async def _shown(
    request: Request[Any, Any, Any], actor: Actor, database: Database, errors: list[PageError] | None = None
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found, total = await _waiting(tx)
    done = {"agree": "Agreed. The correction is recorded.", "refuse": "Refused. What was recorded stands."}
    return await page(
        request,
        "pathways/corrections.html",
        status_code=409 if errors else 200,
        waiting=found,
        total=total,
        errors=errors or [],
        done=done.get(request.query_params.get("done", "")),
        wording=wording,
    )


handlers: list[Any] = [waiting, judge]
