"""The container description: valid, and each service starts with exactly what it is given there.

No container engine is needed: the commands run here, not as root, with the environment of docker-compose.yml and
nothing else, against the services of this test run in the place of its containers.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import yaml

from service.embedded.process import free_port, launched
from tests.fixtures.databases import DatabaseUrls, ServiceUrls

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
IMAGE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
START_SECONDS = 90.0
PASSWORDS = ("SUPERUSER_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "REPORTS_PASSWORD", "REDIS_PASSWORD")


def interpolated(value: Any, variables: Mapping[str, str]) -> Any:
    """Fill in `${NAME:?message}` and `${NAME:-default}` as the container tool does."""
    if isinstance(value, dict):
        return {name: interpolated(each, variables) for name, each in value.items()}
    if isinstance(value, list):
        return [interpolated(each, variables) for each in value]
    if not isinstance(value, str):
        return value

    def fill(match: re.Match[str]) -> str:
        default = match["rest"].removeprefix(":-") if match["rest"].startswith(":-") else None
        found = variables.get(match["name"], default)
        assert found is not None, f"{match['name']} is not set"
        return found

    return re.sub(r"\$\{(?P<name>\w+)(?P<rest>[^}]*)\}", fill, value)


class Described:
    """docker-compose.yml with this run's services in the place of its containers."""

    def __init__(self, database: DatabaseUrls, redis_url: str) -> None:
        owner, app, redis = urlsplit(database.owner_url), urlsplit(database.app_url), urlsplit(redis_url)
        self.moved = {
            "@postgres:5432/tracker": f"@127.0.0.1:{owner.port}{owner.path}",
            "@redis:6379/0": f"@127.0.0.1:{redis.port}{redis.path}",
            "8000": str(free_port()),
            "9000": str(free_port()),
        }
        passwords = {
            "OWNER_PASSWORD": owner.password or "",
            "APP_PASSWORD": app.password or "",
            "REDIS_PASSWORD": redis.password or "",
        }
        variables = {**dict.fromkeys(PASSWORDS, "unused"), **passwords}
        self.services = interpolated(yaml.safe_load(COMPOSE.read_text("utf-8"))["services"], variables)

    def move(self, text: str) -> str:
        for there, here in self.moved.items():
            text = text.replace(there, here)
        return text

    def command(self, name: str) -> list[str]:
        """What the image's entry point would run."""
        words = [self.move(word) for word in self.services[name]["command"]]
        return [str(Path(sys.executable).with_name("tracker")), *words]

    def environment(self, name: str) -> dict[str, str]:
        given = self.services[name].get("environment", {})
        return {**IMAGE_ENVIRONMENT, **{key: self.move(value) for key, value in given.items()}}

    def health_check(self, name: str) -> list[str]:
        _, program, *words = (self.move(word) for word in self.services[name]["healthcheck"]["test"])
        return [sys.executable if program == "python" else str(Path(sys.executable).with_name(program)), *words]

    @contextmanager
    def running(self, name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
        """The service's process, not as root; stopped as a container is, which must work in its grace period."""
        grace = float(self.services[name]["stop_grace_period"].removesuffix("s"))
        process = subprocess.Popen(
            launched(folder, self.command(name), signal.SIGKILL),
            env=self.environment(name),
            cwd=folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
            process.terminate()
            assert process.wait(grace) == 0
        finally:
            process.kill()
            process.communicate()


@pytest.fixture
def described(database_urls: DatabaseUrls, redis_url: str) -> Described:
    return Described(database_urls, redis_url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The only place a service may write to, as /tmp is in its container."""
    inside = tmp_path / "tmp"
    inside.mkdir()
    return inside


def test_migrate_brings_the_schema_up_to_date_and_ends(described: Described, folder: Path) -> None:
    command = launched(folder, described.command("migrate"), signal.SIGKILL)
    done = subprocess.run(
        command, env=described.environment("migrate"), cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_service_starts_says_it_is_healthy_writes_nothing_and_stops_when_asked(
    described: Described, folder: Path, name: str
) -> None:
    with described.running(name, folder) as process:
        deadline = time.monotonic() + START_SECONDS
        check = described.health_check(name)
        environment = described.environment(name)
        while subprocess.run(check, env=environment, capture_output=True, check=False).returncode != 0:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline, f"{name} is not healthy after {START_SECONDS} seconds"
            time.sleep(0.1)
        opened = psutil.Process(process.pid).open_files()
        assert [file.path for file in opened if file.mode != "r"] == []


def test_only_the_migration_knows_the_owners_password(services: ServiceUrls) -> None:
    described = Described(DatabaseUrls(services.owner_url, services.app_url), services.redis_url)
    owner = urlsplit(services.owner_url).password
    assert owner
    knowing = {name for name in described.services if owner in str(described.services[name])}
    assert knowing == {"postgres", "migrate"}


def test_nothing_of_ours_runs_as_root_or_writes_its_own_file_system() -> None:
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    assert set(services) == {"postgres", "redis", "migrate", "api", "worker"}
    for name in ("redis", "migrate", "api", "worker"):
        assert services[name]["user"] != "0"
        assert services[name]["read_only"] is True
    assert all("healthcheck" in services[name] for name in services if name != "migrate")


@pytest.mark.skipif(
    shutil.which("docker-compose") is None, reason="docker-compose is not on this machine; .ci/run has it"
)
def test_the_container_tool_accepts_the_file() -> None:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **dict.fromkeys(PASSWORDS, "x")}
    command = ["docker-compose", "--file", str(COMPOSE), "config", "--quiet"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_passwords_nothing_starts() -> None:
    text = COMPOSE.read_text("utf-8")
    assert all(f"${{{name}:?" in text for name in PASSWORDS)
