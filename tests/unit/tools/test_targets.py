"""What `make`, the build server and a trial on several Pythons do, told by programs that only note their call."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import every_python

ROOT = Path(__file__).resolve().parents[3]
SHELL = ("sh", "dirname", "id", "cat")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is a whole machine: a shell's few, and what is put there besides."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in SHELL:
        (programs / name).symlink_to(str(shutil.which(name)))
    return programs


def program(machine: Path, name: str, script: str) -> None:
    made = machine / name
    made.write_text(f"#!/bin/sh\n{script}\n")
    made.chmod(0o755)


def ci(machine: Path, **settings: str) -> tuple[int, list[str]]:
    """The build server's script on that machine: its exit code and what was called, in order."""
    checkout = machine.parent
    (checkout / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", checkout / ".ci" / "run")
    told = checkout / "told"
    told.touch()
    program(machine, "python3", f'exec "{sys.executable}" "$@"')
    program(machine, "sudo", 'exec "$@"')
    program(machine, "apt-get", f'echo "apt-get $*" >> {told}')
    program(machine, "make", f'echo "make $*" >> {told}; [ "$*" = "$FAILS" ] && exit 3; exit 0')
    done = subprocess.run([checkout / ".ci" / "run"], env={"PATH": str(machine), **settings}, check=False)
    return done.returncode, told.read_text().splitlines()


def test_the_build_server_checks_and_tests_and_installs_nothing_that_is_there(machine: Path) -> None:
    for name in ("chromium", "docker-compose"):
        program(machine, name, "exit 0")
    assert ci(machine) == (0, ["make lint", "make test"])


def test_the_build_server_installs_what_a_bare_machine_lacks(machine: Path) -> None:
    _, told = ci(machine)
    assert told[0] == "apt-get update -qq"
    assert told[1].endswith("--no-install-recommends chromium fonts-liberation docker-compose")
    assert told[2:] == ["make lint", "make test"]


@pytest.mark.parametrize("target", ["lint", "test"])
def test_the_build_server_fails_with_either_and_always_runs_the_tests(machine: Path, target: str) -> None:
    for name in ("chromium", "docker-compose"):
        program(machine, name, "exit 0")
    assert ci(machine, FAILS=target) == (3, ["make lint", "make test"])


def test_without_chromium_the_tests_do_not_start_and_say_how_to_get_it(machine: Path) -> None:
    def asked(**settings: str) -> tuple[int, str]:
        command = [sys.executable, str(ROOT / "tools" / "browser.py")]
        environment = {"PATH": str(machine), **settings}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    advice = "apt-get install chromium (or BROWSER=none leaves its tests out)"
    assert asked() == (1, f"make test: Chromium is missing: {advice}\n")
    assert asked(BROWSER="none") == (0, "")
    program(machine, "chromium", "exit 0")
    assert asked() == (0, "")


def test_make_lists_every_target() -> None:
    shown = subprocess.run(["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True).stdout
    listed = {line.split()[1] for line in shown.splitlines() if line.startswith("make ")}
    phony = {
        line.split()[1] for line in (ROOT / "Makefile").read_text("utf-8").splitlines() if line.startswith(".PHONY")
    }
    assert listed == phony
    assert {"setup", "demo", "test", "soak", "lint", "test-all", "bench", "help"} <= listed


def test_a_trial_takes_only_an_interpreter_that_really_is_of_the_version(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(machine))
    assert every_python.interpreter("4.1") is None
    program(machine, "python4.1", "echo 4.0")
    assert every_python.interpreter("4.1") is None
    program(machine, "python3", "echo 4.1")
    assert every_python.interpreter("4.1") == "python3"
    program(machine, "python4.1", "echo 4.1")
    assert every_python.interpreter("4.1") == "python4.1"
