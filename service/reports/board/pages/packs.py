"""The board's pack in every form; each download is one row of the audit."""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.actor import Actor
from service.database import Database
from service.documents import service as documents
from service.reports.board import csv, ods, printing, service, xlsx
from service.reports.board.pages.board import shown
from service.reports.board.pages.common import DOWNLOAD, PATH, READERS, areas_of, download, read
from service.reports.board.rules import pictures
from service.reports.board.rules.sheets import workbook
from service.reports.board.rules.tables import explained
from service.reports.board.service import Board
from service.web import store as web
from service.web.page import page

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, media_type: str, found: Board, ending: str) -> Response[bytes]:
    name = f"board-{found.figures.period.first}-to-{found.figures.period.last}.{ending}"
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})


async def _names(database: Database, actor: Actor, found: Board) -> str:
    """The areas that the figures are of."""
    async with database.transaction(actor, readonly=True) as tx:
        places = await web.place_names(tx.connection)
    return ", ".join(places.get(area, area) for area in found.figures.scope.areas or areas_of(actor))


@get(f"{PATH}/pack", opt=READERS, include_in_schema=False)
async def pack_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The whole pack as one page, to be printed."""
    found, form = await read(request, actor, database, DOWNLOAD)
    return await page(
        request,
        "reports/pack.html",
        **shown(found, actor, form),
        picture=pictures.child_days(found.figures, found.chart),
        chain=pictures.stage_chain(found.figures, lambda stage: f"#{stage}"),
        answers=service.first_answers(found),
        explained=explained,
        whole_pack=service.tables(found),
    )


@get(f"{PATH}/pack.xlsx", opt=READERS, include_in_schema=False)
async def pack_xlsx(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """Every table as a workbook for Excel."""
    found = await download(request, actor, database)
    title = printing.title(await _names(database, actor, found))
    sheets = workbook(title, printing.about(found), service.data(found))
    made = xlsx.write(sheets, title=title, author="Tracker", made_at=found.figures.known.instant)
    return _file(made, _XLSX, found, "xlsx")


@get(f"{PATH}/pack.ods", opt=READERS, include_in_schema=False)
async def pack_ods(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """Every table as an OpenDocument spreadsheet."""
    found = await download(request, actor, database)
    title = printing.title(await _names(database, actor, found))
    sheets = workbook(title, printing.about(found), service.data(found))
    return _file(ods.write(sheets, title=title, made_at=found.figures.known.instant), ods.MEDIA_TYPE, found, "ods")


@get(f"{PATH}/pack.pdf", opt=READERS, include_in_schema=False)
async def pack_pdf(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """The pack as an accessible PDF."""
    found = await download(request, actor, database)
    title = printing.title(await _names(database, actor, found))
    given = printing.pack(found, service.tables(found), service.first_answers(found))
    made = await documents.pdf("reports/pack", given, title=title, made_at=found.figures.known.instant)
    return _file(made, "application/pdf", found, "pdf")


@get(f"{PATH}/data.csv", opt=READERS, include_in_schema=False)
async def data_csv(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """Every number of the board as one file."""
    found = await download(request, actor, database)
    return _file(csv.data(service.data(found)).encode(), "text/csv", found, "csv")


@get(f"{PATH}/dictionary.csv", opt=READERS, include_in_schema=False)
async def dictionary_csv(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[bytes]:
    """What every column of the data holds."""
    found = await download(request, actor, database)
    made = csv.dictionary(service.data(found)).encode()
    headers = {"content-disposition": 'attachment; filename="board-data-dictionary.csv"'}
    return Response(made, media_type="text/csv", headers=headers)


handlers: list[Any] = [pack_page, pack_xlsx, pack_ods, pack_pdf, data_csv, dictionary_csv]
