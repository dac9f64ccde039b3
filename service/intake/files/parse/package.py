"""The parts of an .xlsx package (Office Open XML), unpacked as a stream and within limits."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final
from xml.parsers import expat

from service.intake.files.parse.problems import UnreadableFile

#: Bytes all parts together may unpack to; 200,000 ordinary rows take about 150 MB.
MAX_UNPACKED: Final = 512 * 1024 * 1024
#: Bytes of one tag or attribute; real ones are shorter by far.
MAX_TOKEN: Final = 1_000_000
_BLOCK: Final = 1 << 16
SAVE_AGAIN: Final = "Open it in a spreadsheet program and save it again as .xlsx, or export it as CSV."


class Package:
    """An opened package. Every byte it unpacks counts against one budget."""

    def __init__(self, file: BinaryIO) -> None:
        with damage_told():
            file.seek(0)
            self._archive = zipfile.ZipFile(file)
            self._names = {name.lower(): name for name in self._archive.namelist()}
        self._left = MAX_UNPACKED

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def parse(self, name: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Feeds the part ``name`` to ``parser``; yields after every block, so that rows can flow."""
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.buffer_text = True
        if name not in self:
            raise UnreadableFile("This workbook is not complete.", SAVE_AGAIN)
        with damage_told():
            info = self._archive.getinfo(self._names[name.lower()])
            if info.flag_bits & 1:
                raise UnreadableFile("This workbook is protected by a password.", "Save it without one.")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnreadableFile("This workbook is packed in an unusual way.", SAVE_AGAIN)
            with self._archive.open(info) as stream:
                fed = 0
                while block := stream.read(_BLOCK):
                    fed += len(block)
                    self._spend(len(block))
                    parser.Parse(block, False)
                    if fed - parser.CurrentByteIndex > MAX_TOKEN:
                        raise UnreadableFile("This workbook is damaged.", SAVE_AGAIN)
                    yield
                parser.Parse(b"", True)
                yield

    def read(self, name: str, parser: expat.XMLParserType) -> None:
        """Feeds a whole part to ``parser``."""
        for _ in self.parse(name, parser):
            pass

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise UnreadableFile(
                f"This workbook unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB.",
                "Export it as CSV, or in parts.",
            )


@contextmanager
def damage_told() -> Iterator[None]:
    """Turns what zip and XML readers raise on damaged input into ``UnreadableFile``."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        EOFError,
        OSError,
        KeyError,
        IndexError,
        ValueError,
        OverflowError,
        RuntimeError,
    ) as error:
        raise UnreadableFile("This workbook is damaged.", SAVE_AGAIN) from error


def local(name: str) -> str:
    """An element's or attribute's name without its namespace prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def _refuse_doctype(*_: object) -> None:
    raise UnreadableFile("This workbook holds a document type, which no workbook needs.", SAVE_AGAIN)
