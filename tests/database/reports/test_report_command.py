"""`tracker report backlog` says what the liaison's page says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.cli import main
from service.reports.backlog import service
from tests.fixtures.arrivals import put_child
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.world import world as make_world


@pytest.fixture
def page(database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> service.Report:
    """Two children's notices that have not left the force, as its liaison is told just before the command runs."""
    now = datetime.now(UTC).replace(microsecond=0)

    async def told() -> service.Report:
        async with make_world(database_urls, start=now) as world:
            for days in (1, 19):
                await put_child(world, attended=now - timedelta(days=days, hours=2), reference=f"06DR/{days}/26")
            async with world.database.transaction(world.liaison, readonly=True) as tx:
                return await service.report(tx, ["gmp"])

    monkeypatch.setenv("DATABASE_URL", database_urls.app_url)
    return run(told())


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["report", "backlog", "--json", *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_the_figures_are_the_pages_in_one_object(page: service.Report, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--force", "gmp")
    assert page.total == 2
    assert found["total"] == 2
    assert (found["by_grade"], found["late"], found["ages"]) == (page.by_grade, page.late, page.ages)
    assert found["sentences"][:2] == page.sentences[:2]
    assert told(capsys)["total"] == 2
    assert told(capsys, "--area", "350")["total"] == 0
    assert told(capsys, "--area", "359")["rates"] == found["rates"]
    assert told(capsys, "--grade", "high")["total"] == 0
    assert told(capsys, "--as-of", "2020-01-01T00:00Z")["total"] == 0
    assert told(capsys, "--from", "2026-10-01", "--to", "2026-10-02")["first_day"] == "2026-10-01"
    main(["report", "backlog"])
    out = capsys.readouterr().out
    assert out.startswith("2 incidents with children are not yet shared;")
    assert "more by Monday." in out
    assert "0 batches; not shared by decision: 0 children; found late: 0 children." in out


def test_a_place_that_does_not_exist_is_usage(page: service.Report, capsys: pytest.CaptureFixture[str]) -> None:
    assert page.total
    for words, said in (
        (("backlog", "--force", "nowhere"), "--force: there is no 'nowhere'; one of: gmp (Greater Manchester Police)"),
        (("backlog", "--area", "nowhere"), "--area: there is no 'nowhere'; one of: 350 (Bolton)"),
        (("backlog", "--as-of", "1999-01-01T00:00Z"), "--as-of: 1999-01-01 is not 2000-01-01 or later"),
        (("backlog", "--by", "2020-01-01"), "--by: 2020-01-01 is not a day after today"),
        (("delays", "--area", "nowhere"), "--area: there is no 'nowhere'; one of: 350 (Bolton)"),
        (("delays", "--by", "2030-01-01"), "--by: only the backlog is asked what clears it"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(["report", *words])
        assert ended.value.code == 2
        assert said in capsys.readouterr().err
