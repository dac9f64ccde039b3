"""Sheets as an OpenDocument spreadsheet (ODF 1.3), written here: what is needed of the format is a page long.

Each table is a database range with a header row, which is how this format marks a table.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from service.reports.board.rules.sheets import Sheet, Value

MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("meta", "meta"),
        ("fo", "xsl-fo-compatible"), ("number", "datastyle"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
#: How wide a character of the sheets is, in centimetres.
_CHARACTER: Final = 0.23
_FIRST: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(sheets: Sequence[Sheet], *, title: str, made_at: datetime) -> bytes:
    """A spreadsheet whose bytes depend on nothing but the arguments."""
    held = BytesIO()
    parts = {"content.xml": "".join(_content(sheets)), "styles.xml": _styles(), "meta.xml": _meta(title, made_at)}
    with ZipFile(held, "w") as package:
        # The type stands first and plain, so that a file is known by its beginning.
        _add(package, "mimetype", MEDIA_TYPE, made_at, ZIP_STORED)
        for name, text in parts.items():
            _add(package, name, _FIRST + text, made_at, ZIP_DEFLATED)
        _add(package, "META-INF/manifest.xml", _FIRST + _manifest(parts), made_at, ZIP_DEFLATED)
    return held.getvalue()


def _add(package: ZipFile, name: str, text: str, made_at: datetime, method: int) -> None:
    info = ZipInfo(name, made_at.timetuple()[:6])
    info.compress_type = method
    package.writestr(info, text)


def _content(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield f'<office:document-content {_NAMESPACES} office:version="1.3"><office:automatic-styles>'
    yield (
        '<number:date-style style:name="day"><number:year number:style="long"/><number:text>-</number:text>'
        '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
        '</number:date-style><style:style style:name="title" style:family="table-cell"><style:text-properties '
        'fo:font-size="16pt" fo:font-weight="bold"/></style:style><style:style style:name="head" '
        'style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" '
        'style:vertical-align="top"/><style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="date" style:family="table-cell" style:data-style-name="day">'
        '<style:table-cell-properties style:vertical-align="top"/></style:style>'
        '<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties '
        'fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Wide"/>'
        '<style:style style:name="row" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
    )
    for width in sorted({width for each in sheets for width in each.widths}):
        yield (
            f'<style:style style:name="wide{width}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width * _CHARACTER:.2f}cm"/></style:style>'
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for each in sheets:
        yield from _sheet(each)
    yield "<table:database-ranges>"
    for number, each in enumerate(sheets):
        top, last = len(each.above) + 2, len(each.above) + 2 + len(each.rows)
        name = each.name.replace("'", "''")
        area = f"$'{name}'.$A${top}:$'{name}'.${_letters(len(each.header))}${last}"
        yield (
            f'<table:database-range table:name="table_{number}" table:target-range-address={quoteattr(area)} '
            'table:contains-header="true"/>'
        )
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _letters(number: int) -> str:
    """The letters of a column, counted from one."""
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def _sheet(each: Sheet) -> Iterator[str]:
    yield f'<table:table table:name={quoteattr(each.name)} table:style-name="sheet">'
    for width in each.widths:
        yield f'<table:table-column table:style-name="wide{width}"/>'
    yield _row([each.title], "title")
    for line in each.above:
        yield _row([line])
    yield f"<table:table-header-rows>{_row(each.header, 'head')}</table:table-header-rows>"
    for row in each.rows:
        yield _row(row, "cell")
    yield "</table:table>"


def _row(values: Sequence[Value], style: str = "") -> str:
    return (
        f'<table:table-row table:style-name="row">{"".join(_cell(value, style) for value in values)}</table:table-row>'
    )


def _cell(value: Value, style: str) -> str:
    if isinstance(value, date):
        return (
            f'<table:table-cell table:style-name="date" office:value-type="date" office:date-value="{value:%Y-%m-%d}">'
            f"<text:p>{value:%Y-%m-%d}</text:p></table:table-cell>"
        )
    styled = f' table:style-name="{style}"' if style else ""
    if isinstance(value, str):
        return (
            f'<table:table-cell{styled} office:value-type="string"><text:p>{escape(_clean(value))}</text:p>'
            "</table:table-cell>"
        )
    return (
        f'<table:table-cell{styled} office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def _clean(text: str) -> str:
    """Text that XML can hold."""
    return "".join(each if each.isprintable() else " " for each in text)


def _styles() -> str:
    return (
        f'<office:document-styles {_NAMESPACES} office:version="1.3"><office:styles><style:default-style '
        'style:family="table-cell"><style:text-properties fo:font-family="Arial" fo:font-size="12pt" '
        'fo:language="en" fo:country="GB"/></style:default-style></office:styles><office:automatic-styles>'
        '<style:page-layout style:name="wide"><style:page-layout-properties style:print-orientation="landscape" '
        'fo:page-width="29.7cm" fo:page-height="21cm" fo:margin="1.5cm" style:scale-to-X="1" style:scale-to-Y="0"/>'
        "</style:page-layout></office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Wide" style:page-layout-name="wide"/></office:master-styles>'
        "</office:document-styles>"
    )


def _meta(title: str, made_at: datetime) -> str:
    return (
        f'<office:document-meta {_NAMESPACES} office:version="1.3"><office:meta><dc:title>{escape(_clean(title))}'
        f"</dc:title><dc:language>en-GB</dc:language><meta:creation-date>{made_at:%Y-%m-%dT%H:%M:%S}"
        "</meta:creation-date></office:meta></office:document-meta>"
    )


def _manifest(parts: dict[str, str]) -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in parts
    )
    return (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
        f'manifest:media-type="{MEDIA_TYPE}"/>{entries}</manifest:manifest>'
    )
