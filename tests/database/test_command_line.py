"""The command line's contract: exit codes, what goes to which stream, and one JSON object at the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest

from service.commands import VERBS
from tests.fixtures.databases import DatabaseUrls

NOBODY_THERE = "postgresql://tracker_owner:secret@127.0.0.1:1/tracker"


def tracker(*words: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, with only the given settings."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_URL_FILE"))}
    command = [sys.executable, "-m", "service", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**kept, **(environment or {})})


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself_and_takes_json(verb: str) -> None:
    done = tracker(verb, "--help")
    assert done.returncode == 0, done.stderr
    assert "--json" in done.stdout


def test_no_verb_shows_them_all() -> None:
    done = tracker()
    assert done.returncode == 0
    assert all(verb in done.stdout for verb in VERBS)


@pytest.mark.parametrize("words", [("nonsense",), ("migrate", "--nonsense"), ("demo", "--port", "0")])
def test_wrong_usage_ends_with_2(words: tuple[str, ...]) -> None:
    done = tracker(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "error" in done.stderr


def test_a_missing_setting_is_usage_and_named() -> None:
    done = tracker("migrate")
    assert done.returncode == 2
    assert "OWNER_DATABASE_URL" in done.stderr


def test_a_database_that_cannot_be_reached_ends_with_3_and_one_line() -> None:
    done = tracker("migrate", "--json", environment={"OWNER_DATABASE_URL": NOBODY_THERE})
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "cannot be reached" in json.loads(done.stdout.splitlines()[-1])["error"]


def test_a_wrong_password_ends_with_3_and_does_not_show_it(database_urls: DatabaseUrls) -> None:
    done = tracker("migrate", environment={"OWNER_DATABASE_URL": database_urls.owner_url.replace(":", ":wrong", 2)})
    assert done.returncode != 0
    assert "wrong" not in done.stderr


def test_json_ends_standard_output_with_one_object(database_urls: DatabaseUrls) -> None:
    done = tracker("migrate", "--json", environment={"OWNER_DATABASE_URL": database_urls.owner_url})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"applied": 0}


def test_a_secret_may_come_from_a_file(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("secrets") / "owner"
    path.write_text(f"{database_urls.owner_url}\n")
    assert tracker("migrate", environment={"OWNER_DATABASE_URL_FILE": str(path)}).returncode == 0


def test_help_does_not_wait_for_the_drivers() -> None:
    started = time.monotonic()
    tracker("--help")
    took = time.monotonic() - started
    script = "import sys, service.cli; print('litestar' in sys.modules, 'asyncpg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"], f"importing the command line loads a driver ({took:.2f} s)"
