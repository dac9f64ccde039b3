"""`tracker evaluate`, as an operator runs it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.cli import main
from tests.fixtures.conditions import Given, give
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.world import world


@pytest.fixture
def due(database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """One condition that is true now and one in an hour; when the first became true."""
    monkeypatch.setenv("DATABASE_URL", database_urls.app_url)
    now = datetime.now(UTC).replace(microsecond=0)

    async def prepare() -> None:
        async with world(database_urls) as made:
            hour = timedelta(hours=1)
            await give(made.database, [Given(true_from=now - hour), Given(true_from=now + hour, rule="absent")])

    run(prepare())
    return now


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    last: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return last


def test_what_would_be_raised_is_printed_and_nothing_is_written(
    due: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    for instant, expected in ((due, {"overdue": 1}), (due + timedelta(hours=2), {"absent": 1, "overdue": 1})):
        assert main(["evaluate", "--as-of", instant.isoformat(), "--json"]) == 0
        found = told(capsys)
        assert found["by_rule"] == expected
        assert found["would_raise"] == len(found["conditions"]) == sum(expected.values())
    assert main(["evaluate", "--json"]) == 0
    assert told(capsys)["raised"] == 1
    assert main(["evaluate", "--json"]) == 0
    assert told(capsys)["raised"] == 0


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-03T09:00", "2026-02-30T00:00Z"])
def test_an_instant_that_is_none_is_usage(instant: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "--as-of", instant])
    assert ended.value.code == 2
