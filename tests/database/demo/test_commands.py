"""`rebuild` and `explain` as a person types them."""

from __future__ import annotations

import json
from typing import Any

import asyncpg
import pytest

from service.cli import main
from tests.database.demo.conftest import Loaded
from tests.fixtures.databases import run


@pytest.fixture(autouse=True)
def environment(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loaded database is the one that commands work on."""
    monkeypatch.setenv("DATABASE_URL", loaded.urls.app_url)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    last: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return last


def change(loaded: Loaded, query: str) -> Any:
    async def changed() -> Any:
        connection = await asyncpg.connect(loaded.urls.owner_url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return run(changed())


def test_a_check_finds_a_row_that_was_tampered_with_and_a_rebuild_mends_it(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    pathway = change(
        loaded,
        "update clock set due_at = due_at + interval '1 hour' where (pathway, standard, episode) ="
        " (select pathway, standard, episode from clock where due_at is not null order by due_at limit 1)"
        " returning pathway",
    )
    assert main(["rebuild", "--check", "--json"]) == 1
    found = told(capsys)
    assert (found["differing"], found["examples"]) == (1, [str(pathway)])
    assert main(["rebuild", "--json", "--processes", "2"]) == 0
    assert told(capsys)["differing"] == 1
    assert main(["rebuild", "--check", "--json"]) == 0
    after = told(capsys)
    assert (after["differing"], after["pathways"]) == (0, found["pathways"])


def test_shares_together_go_through_every_pathway_once(capsys: pytest.CaptureFixture[str]) -> None:
    gone_through = []
    for share in ("1/3", "2/3", "3/3"):
        assert main(["rebuild", "--check", "--json", "--share", share]) == 0
        gone_through.append(told(capsys)["pathways"])
    assert main(["rebuild", "--check", "--json"]) == 0
    assert sum(gone_through) == told(capsys)["pathways"]


@pytest.mark.parametrize("words", [("--share", "3/2"), ("--processes", "0"), ("--share", "1/2", "--processes", "2")])
def test_a_share_that_makes_no_sense_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rebuild", *words])
    assert ended.value.code == 2


def test_explain_says_why_every_clock_is_due(loaded: Loaded, capsys: pytest.CaptureFixture[str]) -> None:
    pathway = change(loaded, "select pathway from clock where standard = 'police_share' and due_at is not null limit 1")
    assert main(["explain", str(pathway)]) == 0
    words = capsys.readouterr().out
    assert " due " in words
    assert main(["explain", str(pathway), "--json"]) == 0
    found = told(capsys)
    assert found["pathway"] == str(pathway)
    assert all(clock["explanation"] for clock in found["clocks"])
    assert change(loaded, "select count(*) from audit where action = 'pathway_viewed' and actor_kind = 'system'") == 2


def test_explain_knows_no_other_pathway(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "00000000-0000-7000-8000-000000000000"]) == 1
    assert "no such pathway" in capsys.readouterr().err
