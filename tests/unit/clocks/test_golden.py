"""Sixty cases: milestones in, the sentences a person reads out."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from service.clocks import evaluate, explain
from tests.fixtures.histories import PATHWAY, history, shipped, when

_FOLDER = Path(__file__).parent / "golden"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(_FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def said(case: dict[str, Any]) -> dict[str, list[str]]:
    """What is said of every standard that the case asks about."""
    facts = case.get("child", {})
    born = facts.get("date_of_birth")
    assert born is None or isinstance(born, date)
    told = history(*case["milestones"], pathway=msgspec.structs.replace(PATHWAY, **facts))
    book = shipped()
    now = when(case["now"])
    found: dict[str, list[str]] = {}
    for row in evaluate(told, book).clocks:
        if row.standard in case["says"]:
            calendar = book.calendar(row.stop_recorded_at)
            words = explain(row, told, book.versions[row.version], now, calendar)
            found.setdefault(row.standard, []).append(words)
    return found


@pytest.mark.parametrize("case", CASES)
def test_the_explanation_reads_as_agreed(case: dict[str, Any]) -> None:
    assert said(case) == case["says"]


def test_there_are_sixty_cases() -> None:
    assert len(CASES) >= 60
