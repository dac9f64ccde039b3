"""One running application for the tests of a file; what they write, they share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.databases import DatabaseUrls
from tests.http.fuzz import target as targets
from tests.http.fuzz.target import Target


@pytest.fixture(scope="module")
def target(module_database_urls: DatabaseUrls) -> Iterator[Target]:
    """The application with records to hit."""
    with targets.running(module_database_urls) as made:
        yield made
