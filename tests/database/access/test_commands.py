"""People and machines made on the command line, and the audit verified there."""

from __future__ import annotations

import io
import json

import asyncpg
import pytest

from service.access import sessions
from service.cli import main
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.people import Partnership


@pytest.fixture(autouse=True)
def environment(database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> DatabaseUrls:
    """The application's database in the environment, no terminal, and a partnership."""
    monkeypatch.setenv("DATABASE_URL", database_urls.app_url)
    monkeypatch.setattr("sys.stdin", io.StringIO("three odd words here\n"))
    run(Partnership.of(database_urls.owner_url))
    return database_urls


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    last: dict[str, object] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return last


def test_the_first_administrator_gets_a_password_that_was_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create-person", "Boss", "--name", "Pat Boss", "--role", "administrator", "--json"]) == 0
    found = told(capsys)
    assert found["sign_in"] == "boss"
    assert len(str(found["password"])) >= 20
    assert main(["create-person", "boss", "--name", "Pat Boss", "--role", "administrator"]) == 1


def test_a_password_that_is_given_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["create-person", "sam", "--name", "Sam", "--role", "mash_manager", "--area", "359", "--password-stdin"]
    assert main([*words, "--json"]) == 0
    assert "password" not in told(capsys)


@pytest.mark.parametrize(
    "words",
    [
        ["create-person", "sam", "--name", "Sam", "--role", "mash_manager"],
        ["create-person", "sam", "--name", "Sam", "--role", "police_liaison"],
        ["create-client", "feed", "--scope", "notices:write"],
        ["create-client", "feed", "--scope", "everything", "--force", "gmp"],
    ],
)
def test_what_makes_no_sense_is_a_usage_error(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_a_place_that_does_not_exist_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create-client", "feed", "--scope", "notices:write", "--force", "nowhere"]) == 1
    assert main(["create-person", "sam", "--name", "Sam", "--role", "mash_manager", "--area", "999"]) == 1
    assert capsys.readouterr().err == "tracker: There is no such area or force.\n" * 2


def test_a_clients_token_is_shown_once_and_only_its_hash_is_kept(
    environment: DatabaseUrls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["create-client", "feed", "--scope", "notices:write", "--force", "gmp", "--json"]) == 0
    token = str(told(capsys)["token"])

    async def kept() -> bytes:
        connection = await asyncpg.connect(environment.owner_url)
        found: bytes = await connection.fetchval("select token_hash from client where name = 'feed'")
        await connection.close()
        return found

    assert run(kept()) == sessions.token_hash(token)


def test_the_audit_is_verified(capsys: pytest.CaptureFixture[str]) -> None:
    main(["create-person", "boss", "--name", "Pat Boss", "--role", "administrator"])
    assert main(["verify-audit", "--seal", "--json"]) == 0
    found = told(capsys)
    assert found["intact"] is True
    assert main(["verify-audit", "--head", "00" * 32]) == 1
