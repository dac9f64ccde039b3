"""A printed document can be read aloud, and nothing typed into it becomes anything but text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from service.documents import service
from service.documents.rules import covered, printable
from service.errors import Conflict

NOON = datetime(2026, 11, 3, 12, 0, 0, 123, tzinfo=UTC)
SQUARE = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"


async def made(said: str, rows: list[list[str]] | None = None) -> PdfReader:
    data = {"said": said, "rows": rows or [["Health", "Came"]], "svg": SQUARE, "alternative": "A black square"}
    return PdfReader(io.BytesIO(await service.pdf("documents/sample", data, title="A sample", made_at=NOON)))


def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def root(reader: PdfReader) -> Any:
    """The catalogue of the file, which the library types loosely."""
    return reader.root_object


def structure(reader: PdfReader) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree, in the order of reading."""
    waiting: list[Any] = [root(reader)["/StructTreeRoot"]["/K"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting.extend(reversed(element))
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            if "/K" in element:
                waiting.append(element["/K"])


async def test_it_says_its_title_and_language_and_declares_the_standard() -> None:
    reader = await made("One line")
    assert reader.metadata is not None
    assert reader.metadata.title == "A sample"
    assert reader.metadata.creation_date == NOON.replace(microsecond=0)
    catalogue = root(reader)
    assert catalogue["/Lang"] == "en-GB"
    assert bool(catalogue["/MarkInfo"]["/Marked"])
    assert bool(catalogue["/ViewerPreferences"]["/DisplayDocTitle"])
    metadata = catalogue["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


async def test_headings_lists_tables_and_pictures_are_told_as_such() -> None:
    elements = list(structure(await made("One line")))
    names = [str(element["/S"])[1:] for element in elements]
    assert [name for name in names if name in {"Title", "H1", "H2"}] == ["Title", "H1", "H2", "H2"]
    assert names.count("Table") == 1
    assert names.count("TH") == 2
    assert names.count("TD") == 2
    assert "L" in names
    assert [element["/Alt"] for element in elements if element["/S"] == "/Figure"] == ["A black square"]


async def test_fonts_are_inside_and_every_glyph_has_its_character() -> None:
    reader = await made("Zoë Ó Súilleabháin, Łukasz, עברית, عربي")
    fonts = [
        font.get_object()
        for page in root(reader)["/Pages"]["/Kids"]
        for font in page.get_object()["/Resources"]["/Font"].values()
    ]
    assert fonts
    assert all("/ToUnicode" in font for font in fonts)
    assert all("DejaVu" in str(font["/BaseFont"]) for font in fonts)
    assert "Zoë Ó Súilleabháin, Łukasz" in text(reader)


@pytest.mark.parametrize(
    "said",
    [
        '#panic("no")',
        '#read("/etc/passwd") #import "@preview/cetz:0.1.0"',
        "*bold* _slant_ = Heading // gone /* gone */ `code` $x^2$ <label> @label",
        '"); #pagebreak() ("',
        "\\u{41} \\n {{ 7 * 7 }} {% raw %}",
        "= One\n- two\n+ three\n/ four: five",
    ],
)
async def test_markup_stays_text(said: str) -> None:
    reader = await made(said, [[said, said]])
    shown = text(reader)
    for line in said.split("\n"):
        assert line in shown
    assert [element["/S"] for element in structure(reader)].count("/H1") == 1


async def test_what_no_font_shows_is_marked_and_what_turns_text_is_left_out() -> None:
    shown = text(await made("bell\x07 zero\x00 中 \U0001f9ff \ud800 safe\u202egnorw\u2066end"))
    assert "bell\ufffd zero\ufffd \ufffd \ufffd \ufffd safegnorwend" in shown


async def test_a_word_without_end_stays_on_the_page() -> None:
    reader = await made("Mississippi" * 300)
    box = reader.pages[0].mediabox
    lefts: list[float] = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda _, __, at, *___: lefts.append(at[4]))
    assert max(lefts) < box.width
    assert len(text(reader).replace("\u200b", "").replace("\n", "")) > 3300
    assert len(text(reader).splitlines()) > 30


async def test_too_much_is_refused() -> None:
    with pytest.raises(Conflict):
        await made("a" * service.LIMIT)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
async def test_anything_that_can_be_typed_can_be_printed(said: str) -> None:
    assert (await made(said, [[said, ""]])).pages


def test_the_font_knows_which_characters_it_has() -> None:
    has = covered((service._FONTS / service._REGULAR).read_bytes())
    assert set(map(ord, "aZ09£€é–’…Żß")) <= has
    assert ord("中") not in has
    assert printable("e\u0301\r\nn", has) == "é\nn"
