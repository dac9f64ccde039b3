"""Logging of a process: one line for each event on standard error, in UTC, nothing personal."""

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Final, TextIO

_FORMAT: Final = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s"


def configure() -> None:
    """Set up logging for this process; call it once, at its start."""
    logging.basicConfig(level=logging.INFO, handlers=[handler(sys.stderr)], force=True)
    # It writes whole addresses with their queries.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # The framework would install handlers of its own.
    logging.getLogger("litestar").propagate = True


def handler(stream: TextIO) -> logging.Handler:
    """What writes the lines."""
    made = logging.StreamHandler(stream)
    formatter = logging.Formatter(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    made.setFormatter(formatter)
    made.addFilter(_without_message)
    return made


def _without_message(record: logging.LogRecord) -> bool:
    """Tell where an exception happened and not what it says: the database quotes the row it refused."""
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text = "\n".join(_places(record.exc_info[1]))
    return True


def _places(error: BaseException) -> Iterator[str]:
    """The exception's type and its frames, those of what caused it first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _places(before)
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}"
