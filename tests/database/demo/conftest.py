"""A small synthetic partnership, loaded once for the tests that only look at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pytest

from service.demo import SignIn, seed
from tests.fixtures.databases import DatabaseUrls, run

#: A Wednesday morning.
UNTIL = datetime(2026, 11, 4, 10, 30, tzinfo=UTC)
SCALE = 0.05


class Loaded(msgspec.Struct, frozen=True):
    """Where it was loaded, and who can sign in."""

    urls: DatabaseUrls
    sign_ins: Sequence[SignIn]


@pytest.fixture(scope="module")
def loaded(module_database_urls: DatabaseUrls) -> Loaded:
    """A twentieth of the partnership, with every hand-written case."""
    urls = module_database_urls
    told: list[int] = []
    sign_ins = run(
        seed(
            urls.owner_url,
            urls.app_url,
            empty=False,
            progress=lambda done, _total, _what: told.append(done),
            scale=SCALE,
            now=UNTIL,
        )
    )
    assert told == sorted(told)
    return Loaded(urls, sign_ins)
