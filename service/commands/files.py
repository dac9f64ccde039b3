"""Files that a command reads and writes, with one clear line for each thing that can be wrong with them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from service.console import Failure

CHUNK = 1_000_000
COLLECT_EVERY = 200_000
"""New objects between looks for garbage cycles, of which reading makes none: the usual 700 costs a fifth."""


def open_file(path: str) -> BinaryIO:
    """A file to read.

    Raises:
        Failure: it is not there, is a folder, or may not be read.
    """
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}") from error


def digest(file: BinaryIO) -> bytes:
    """The SHA-256 of a file, which is then at its start again."""
    found = hashlib.sha256()
    while piece := file.read(CHUNK):
        found.update(piece)
    file.seek(0)
    return found.digest()


async def pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """A file in pieces."""
    while piece := file.read(CHUNK):
        yield piece


class Written:
    """A file to write that holds records of children: for its owner alone, and whole or not there.

    Raises:
        Failure: it cannot be written; said before anything is done.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f"{self._path.name}.part")
        try:
            number = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise Failure(f"{path}: {error.strerror or error}") from error
        self._file = os.fdopen(number, "w", encoding="utf-8", newline="")

    def write(self, text: str) -> None:
        """Add text."""
        try:
            self._file.write(text)
        except OSError as error:
            raise Failure(f"{self._path}: {error.strerror or error}") from error

    def keep(self) -> None:
        """It is whole: give it its name."""
        try:
            self._file.close()
            self._part.replace(self._path)
        except OSError as error:
            raise Failure(f"{self._path}: {error.strerror or error}") from error

    def drop(self) -> None:
        """It did not become whole."""
        self._file.close()
        self._part.unlink(missing_ok=True)
