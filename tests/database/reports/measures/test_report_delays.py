"""`tracker report delays` and `tracker rebuild --measures` at a terminal and for a machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.cli import main
from service.reports.board.rules.words import AS_THEY_ARE_NOW
from tests.fixtures.arrivals import put_child
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.world import world as make_world

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def two_children(database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    """One waits, the other was seen a day after the police came."""

    async def put() -> None:
        async with make_world(database_urls, start=NOW) as world:
            at = NOW - timedelta(days=3)
            await put_child(world, attended=at, reference="06DR/1/26")
            await put_child(world, attended=at, reference="06DR/2/26", child_seen=at + timedelta(days=1))

    run(put())
    monkeypatch.setenv("DATABASE_URL", database_urls.app_url)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_the_figures_come_in_one_object_and_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "report", "delays", "--area", "359")
    assert (found["report"], found["area"], found["ledger"]["closing"], found["ledger"]["residual"]) == (
        "delays", "359", 1, 0,
    )  # fmt: skip
    assert told(capsys, "report", "delays", "--force", "mers")["ledger"]["closing"] == 0
    earlier = (NOW - timedelta(days=30)).strftime("%Y-%m-%dT%H:%MZ")
    reported = told(capsys, "report", "delays", "--as-of", earlier)
    assert (reported["known"]["basis"], reported["ledger"]["closing"]) == ("as_reported", 0)
    day = (NOW - timedelta(days=1)).date().isoformat()
    assert told(capsys, "report", "delays", "--from", day, "--to", day)["period"] == {"first": day, "last": day}
    assert main(["report", "delays"]) == 0
    out = capsys.readouterr().out
    assert AS_THEY_ARE_NOW not in out
    assert "1 child waits for a first decision." in out
    assert "1 open, 1 past the limit, oldest 3 days 0 h" in out
    assert "Review conference: 0 open, 0 past the limit.\n  None began and none ended.\n" in out
    assert "left over: 0." in out
    assert main(["report", "delays", "--as-of", earlier]) == 0
    assert AS_THEY_ARE_NOW in capsys.readouterr().out


def test_a_place_or_period_that_cannot_be_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["--force", "nowhere"], "--force: there is no 'nowhere'"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], "--from: 2026-02-02 is not 2026-02-01 or earlier"),
        (["--from", "9000-01-01", "--to", "9000-02-01"], "--from: 9000-01-01 is not "),
        (["--to", "0001-01-01"], "--from: 0001-01-01 is not 2000-01-01 or later"),
        (["--from", "2000-01-01"], "--from: 2000-01-01 is not at most 20 years before the last day"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["report", "delays", *words])
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


def test_a_last_day_alone_ends_the_usual_weeks(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "report", "delays", "--to", "2026-11-01")
    assert found["period"] == {"first": "2026-07-27", "last": "2026-11-01"}


def test_the_measures_are_counted_again_and_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "rebuild", "--measures")["changes"] == 2
    compared = told(capsys, "rebuild", "--measures", "--check")
    assert (compared["differing"], compared["units"]) == (0, 3)
    assert compared["bins"] > 0
