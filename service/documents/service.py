"""Makes tagged PDF (PDF/UA-1) from a Typst template and data.

    made = await documents.pdf("meetings/record", data, title="Strategy discussion 7F3K", made_at=tx.now)

``meetings/record`` is ``service/meetings/templates/record.typ``, which begins with
``#import "/documents/templates/house.typ": *`` and finds what was given as ``data``. Data go as JSON through an input
of the compiler and never into the source, so that nothing typed can become markup. Pictures are SVG in ``data`` under
keys that end in ``svg``.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import typst

from service.documents.rules import covered, printable
from service.errors import Conflict

#: Bytes of data: about a thousand pages. More is a mistake or an attack.
LIMIT: Final = 2_000_000
_ROOT: Final = Path(__file__).resolve().parent.parent
_FONTS: Final = Path(__file__).resolve().parent / "fonts"
_REGULAR: Final = "DejaVuSansCondensed.ttf"
#: Typesetting is the processor's work: two at a time, the others wait, and the event loop goes on.
_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="documents")


class FontsMissing(Exception):
    """The fonts were not put in their place."""

    def __init__(self) -> None:
        super().__init__("the fonts of printed documents are missing: run `make setup`")


async def pdf(template: str, data: object, *, title: str, made_at: datetime) -> bytes:
    """Make a document.

    Args:
        template: subject and name, as ``meetings/record``.
        data: a struct or mapping, whatever JSON can hold.
        title: what a reader's window and a screen reader say first. Nothing personal.
        made_at: the instant that stands in the file as its creation.

    Raises:
        Conflict: more than `LIMIT` bytes of data.
        FontsMissing: the front end was not built.
        typst.TypstError: the template is wrong; never the data.
    """
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _made, template, data, title, made_at)


def _made(template: str, data: object, title: str, made_at: datetime) -> bytes:
    given = msgspec.json.encode(_fit(msgspec.to_builtins({"title": title, "data": data}, str_keys=True)))
    if len(given) > LIMIT:
        raise Conflict("This document is too long to be printed. Print its parts instead.")
    made: bytes = typst.compile(
        _source(template),
        root=_ROOT,
        font_paths=_fonts(),
        sys_inputs={"data": given.decode()},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    return made


def _source(template: str) -> Path:
    subject, _, name = template.partition("/")
    return _ROOT / subject / "templates" / f"{name}.typ"


def _fit(plain: Any) -> Any:
    """Every text made fit to print; pictures, which are markup of our own, are left alone."""
    if isinstance(plain, dict):
        return {key: value if key.endswith("svg") else _fit(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_fit(value) for value in plain]
    return printable(plain, _characters()) if isinstance(plain, str) else plain


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    try:
        return covered((_FONTS / _REGULAR).read_bytes())
    except OSError as error:
        raise FontsMissing from error


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    _characters()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])
