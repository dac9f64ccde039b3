"""Identifiers: UUIDv7, so that rows made together stand together in an index."""

import os
from datetime import datetime
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id(now: datetime) -> UUID:
    """A new UUIDv7 whose first 48 bits are the milliseconds of ``now``.

    ``now`` comes from the injected timepiece, so that identifiers made in tests sort by the
    test's own time. The remaining 74 bits are random; identifiers cannot be guessed.
    """
    random = int.from_bytes(os.urandom(10), "big")
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    return UUID(
        int=(milliseconds << 80) | _VERSION_7 | ((random >> 62 & 0xFFF) << 64) | _VARIANT | (random & ((1 << 62) - 1))
    )
