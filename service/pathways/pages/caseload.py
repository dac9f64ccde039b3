"""My children: the home of social workers and their managers. Whose clock runs out next?"""

from datetime import datetime
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.pathways.caseload import service
from service.pathways.caseload.service import Caseload
from service.pathways.caseload.store import CaseRow
from service.pathways.pages import wording
from service.pathways.pages.steps import Step, first_step
from service.web import words
from service.web.page import page
from service.web.tables import ListView

_ROLES: Final = ("social_worker", "team_manager")
_PATH: Final = "/caseload"


class Case(msgspec.Struct, frozen=True):
    """One row with what it says and does."""

    row: CaseRow
    stage: str
    step: Step


@get(_PATH, opt=allow(*_ROLES), include_in_schema=False)
async def caseload(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Children allocated to the visitor, or to the visitor's teams."""
    view = ListView.of(request, path=_PATH, sorts=("due",))
    async with database.transaction(actor) as tx:
        found = await service.caseload(tx, page=view.page)
        now = tx.now
    cases = [
        Case(
            row,
            wording.stage(row.stage),
            first_step(actor, row.pathway, row.stage, row.area, row.force, allocate=row.allocation_wanted),
        )
        for row in found.rows
    ]
    return await page(
        request,
        "pathways/caseload.html",
        view=view,
        found=found,
        cases=cases,
        sentence=sentence(found, now),
        wording=wording,
    )


def sentence(found: Caseload, now: datetime) -> str:
    """What stands above the list, the most urgent last so that it is remembered."""
    counts = found.counts
    if not counts.everything:
        whose = "to your team" if found.team else "to you"
        return f"No child of a police notice is allocated {whose}."
    said = f"{words.count(counts.everything, 'child', 'children')} of police notices."
    if counts.unallocated:
        said += f" {words.count(counts.unallocated, 'has', 'have')} no worker."
    first = next((row.next_due_at for row in found.rows if row.next_due_at and row.next_due_at >= now), None)
    if counts.late:
        return f"{said} {words.count(counts.late, 'is', 'are')} late."
    return f"{said} Nothing is late" + (f"; next due {wording.moment(first, now)}." if first else ".")


handlers: Final[list[Any]] = [caseload]
