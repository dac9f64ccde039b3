"""The list of incidents not yet shared, with what stands above and below it, and the list as a file."""

from datetime import date, timedelta
from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.actor import Actor
from service.database import Database, Tx
from service.errors import Refused
from service.reports.backlog import export, rules, service
from service.reports.backlog.pages.common import LIAISON, PATH, did, incident_address, view_of
from service.reports.backlog.service import Backlog, Period
from service.reports.childless import service as childless
from service.web import live, times
from service.web import store as web
from service.web.charts import bands, trend
from service.web.charts.bands import BandPicture
from service.web.charts.trend import TrendPicture
from service.web.forms import Form
from service.web.page import page
from service.web.words import grade as grade_word

_DAY: Final = 10


def _asked(request: Request[Any, Any, Any], tx: Tx, form: Form) -> tuple[Period, date | None]:
    """The period and the day ahead of the address; what cannot be one is said, and the usual one taken."""
    days: dict[str, date | None] = {}
    for name in ("from", "to", "by"):
        text = request.query_params.get(name, "")
        try:
            days[name] = date.fromisoformat(text) if len(text) == _DAY else None
        except ValueError:
            days[name] = None
        if text and days[name] is None:
            form.fail(name, "Enter a day such as 2026-11-03.")
    over, by = service.period(tx.now), None
    for ask in (0, 1):
        try:
            if ask:
                by = service.day_ahead(tx.now, days["by"])
            else:
                over = service.period(tx.now, days["from"], days["to"])
        except Refused as refused:
            form.refused(refused)
    return over, by


def _bands(found: Backlog) -> BandPicture:
    graded = [grade for grade in rules.GRADES if found.everything.by_grade[grade] or grade != "ungraded"]
    return bands.layout(
        bands=[name for name, _ in rules.BANDS],
        counts=[(grade_word(grade), found.everything.bands[grade]) for grade in graded],
        title="Incidents not yet shared, by the officer's grade and by how long police have known",
    )


def _flow(found: Backlog) -> TrendPicture:
    return trend.layout(
        days=[(each.day, each.arrived, each.cleared) for each in found.passed.flow],
        names=("Arrived", "Cleared"),
        title="Incidents that arrived and were cleared each day",
    )


@get(PATH, opt=LIAISON, include_in_schema=False)
async def backlog_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What must leave this office today."""
    view = view_of(request)
    form = Form({name: request.query_params.get(name, "") for name in ("from", "to", "by")})
    async with database.transaction(actor) as tx:
        over, by = _asked(request, tx, form)
        found = await service.backlog(
            tx,
            filters=view.filters,
            sort=view.sort,
            descending=view.descending,
            limit=view.size,
            offset=view.offset,
            over=over,
            by=by,
        )
        names = await web.place_names(tx.connection)
        unasked = await childless.waiting(tx)
    return await page(
        request,
        "reports/backlog.html",
        view=view,
        found=found,
        names=names,
        did=did(request),
        unasked=unasked,
        here=view.href(page=view.page if view.page > 1 else None),
        opens=lambda incident: incident_address(incident, view),
        scoped=any(view.filters.get(name) for name in service.SCOPE),
        picture=_bands(found),
        flow=_flow(found),
        moved=found.estimable and any(each.arrived or each.cleared for each in found.passed.flow),
        batch=rules.BATCH,
        lasting=lambda seconds: times.length(timedelta(seconds=seconds)),
        silent=[names.get(force, force) for force in found.shared_only],
        form=form,
        status_code=422 if form.errors else 200,
    )


@get("/backlog.csv", opt=LIAISON, include_in_schema=False)
async def backlog_csv(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The list under these filters as a file, every row of it."""
    view = view_of(request)
    async with database.transaction(actor) as tx:
        found = await service.backlog(
            tx,
            filters=view.filters,
            sort=view.sort,
            descending=view.descending,
            limit=None,
            action="backlog_exported",
        )
        names = await web.place_names(tx.connection)
        text = export.csv(found.rows, names, tx.now, found.shared_only)
    named = {"content-disposition": 'attachment; filename="not-yet-shared.csv"'}
    return Response(text, media_type="text/csv", headers=named)


async def _live(tx: Tx) -> dict[str, str]:
    """Fresh words for the sentence and the tiles, read from rows as the visitor; no record is shown."""
    forces = tx.actor.forces("police_liaison")
    if not forces:
        return {}
    found = await service.report(tx, forces)
    numbers = {
        "late": found.late,
        "shift": found.late + found.late_by_shift,
        "monday": found.late + found.late_by_monday,
        **found.by_grade,
    }
    return {
        "backlog.sentence": " ".join(found.sentences),
        "backlog.ahead": " ".join(found.ahead),
        **{f"backlog.{name}": f"{number:,}" for name, number in numbers.items()},
    }


live.register_group("backlog", _live)
handlers: list[Any] = [backlog_page, backlog_csv]
