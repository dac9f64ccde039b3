"""Logging of a process: one line for each event on standard error, in UTC, nothing personal."""

import logging
import sys
import time
from typing import Final

_FORMAT: Final = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s"


def configure() -> None:
    """Set up logging for this process; call it once, at its start."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # It writes whole addresses with their queries.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # The framework would install handlers of its own.
    logging.getLogger("litestar").propagate = True
