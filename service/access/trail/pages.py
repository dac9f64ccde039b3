"""The auditor's pages: the trail, who may come in, and whether the chain holds."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.access.trail import service
from service.actor import Actor
from service.cells import csv_line
from service.database import Database
from service.errors import Refused
from service.web import store as web
from service.web import words
from service.web.forms import Form
from service.web.moments import Unreadable, read_when
from service.web.page import page
from service.web.tables import ListView

_PATH: Final = "/audit"
_FILTERS: Final = ("from", "to", "action", "by", "pathway")
_COLUMNS: Final = ("When (UTC)", "Who", "Kind", "What", "Why", "Pathways", "More")


class _Asked:
    """What the address asks for; what cannot be read is said, and the week is shown."""

    def __init__(self, request: Request[Any, Any, Any], path: str, database: Database) -> None:
        self.view = ListView.of(request, path=path, sorts=("newest",), filters=_FILTERS)
        self.form = Form(self.view.filters)
        now = database.timepiece.now()
        self.first, self.last = self._day("from", database), self._day("to", database)
        self.action = self.view.filters.get("action")
        self.by, self.pathway = self._identity("by"), self._identity("pathway")
        try:
            service.period(self.first, self.last, now)
        except Refused as refused:
            for wrong in refused.wrong:
                self.form.fail(wrong.field, f"Choose {wrong.expected}")
            self.first = self.last = None

    def _day(self, name: str, database: Database) -> date | None:
        try:
            found = read_when(self.view.filters.get(name, ""), database.timepiece.now())
        except Unreadable as unreadable:
            self.form.fail(name, str(unreadable))
            return None
        return found.on if found else None

    def _identity(self, name: str) -> UUID | None:
        text = self.view.filters.get(name, "").rstrip("/").rpartition("/")[2]
        try:
            return UUID(text) if text else None
        except ValueError:
            self.form.fail(name, "Paste the address of the pathway's page" if name == "pathway" else "Choose somebody")
            return None


@get(_PATH, opt=allow("auditor"), include_in_schema=False)
async def trail_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Who looked at what."""
    asked = _Asked(request, _PATH, database)
    async with database.transaction(actor) as tx:
        found = await service.trail(
            tx,
            first=asked.first,
            last=asked.last,
            action=asked.action,
            actor=asked.by,
            pathway=asked.pathway,
            page=asked.view.page,
        )
    return await page(
        request,
        "access/trail.html",
        view=asked.view,
        form=asked.form,
        found=found,
    )


@get("/audit.csv", opt=allow("auditor"), include_in_schema=False)
async def trail_file(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """The same rows as a file."""
    asked = _Asked(request, _PATH, database)
    async with database.transaction(actor) as tx:
        found = await service.trail(
            tx,
            first=asked.first,
            last=asked.last,
            action=asked.action,
            actor=asked.by,
            pathway=asked.pathway,
            limit=service.EXPORT,
        )
    lines = (
        csv_line(
            [
                row.at.isoformat(timespec="seconds"),
                row.actor_name,
                row.actor_kind,
                words.sentence(row.action),
                row.purpose,
                str(row.pathways),
                more(row.detail),
            ]
        )
        for row in found.rows
    )
    return Response(
        ("\ufeff" + csv_line(_COLUMNS) + "".join(lines)).encode(),
        media_type="text/csv",
        headers={"content-disposition": 'attachment; filename="audit.csv"'},
    )


def more(detail: dict[str, Any]) -> str:
    """The rest of a row in words: filters and counts."""
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in detail.items() if value not in (None, "", []))


@get("/audit/access", opt=allow("auditor"), include_in_schema=False)
async def review_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Who may come in, and who was shown how many children."""
    asked = _Asked(request, "/audit/access", database)
    async with database.transaction(actor) as tx:
        found = await service.review(tx, first=asked.first, last=asked.last)
        names = await web.place_names(tx.connection)
        before = tx.now - service.UNUSED
    return await page(
        request,
        "access/review.html",
        view=asked.view,
        form=asked.form,
        found=found,
        names=names,
        unused=[service.unused(each, before) for each in found.access],
        days_unused=service.UNUSED.days,
    )


@get("/audit/chain", opt=allow("auditor"), include_in_schema=False)
async def chain_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Whether the chain of seals holds."""
    async with database.transaction(actor) as tx:
        verdict = await service.chain(tx)
    return await page(request, "access/chain.html", verdict=verdict)


handlers: list[Any] = [trail_page, trail_file, review_page, chain_page]
