"""One generated partnership for all tests of the demo's generator."""

from datetime import UTC, datetime

import pytest

from service.demo.generator import generate, written_cases
from service.demo.generator.shapes import SyntheticPathway

UNTIL = datetime(2026, 11, 22, 13, 40, 12, tzinfo=UTC)
SEED = 359


@pytest.fixture(scope="session")
def drawn() -> list[SyntheticPathway]:
    return list(generate(SEED, UNTIL))


@pytest.fixture(scope="session")
def written() -> list[SyntheticPathway]:
    return list(written_cases(UNTIL))


@pytest.fixture(scope="session")
def everything(drawn: list[SyntheticPathway], written: list[SyntheticPathway]) -> list[SyntheticPathway]:
    return written + drawn
