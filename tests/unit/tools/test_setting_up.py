"""Setting up on a machine that lacks something ends in one line that says what to do, and changes nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
KEPT = ("tools", "requirements", "schema", "service", "workers", "pyproject.toml", "package.json", "package-lock.json")


def set_up(folder: Path, **settings: str) -> tuple[int, list[str]]:
    """What `make setup` runs, with settings of its own: its exit code and what it said on standard error."""
    done = subprocess.run(
        [sys.executable, folder / "tools" / "setup_environment.py"],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return done.returncode, done.stderr.splitlines()


def test_a_python_that_cannot_make_environments_is_told_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "ensurepip.py").write_text("raise ImportError('not in this package')")
    settings = {"VENV": str(tmp_path / "venv"), "PYTHONPATH": str(tmp_path / "lacking")}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    told = f"this Python {version} lacks venv and ensurepip; on Debian: apt-get install python{version}-venv"
    assert set_up(ROOT, **settings) == (1, [f"make setup: {told}"])
    assert not (tmp_path / "venv").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a file system without room is at hand on Linux only")
def test_a_full_disk_is_told_before_anything_is_written() -> None:
    told = "the disk is too full: 0 MB free beside venv, 1000 MB needed."
    assert set_up(ROOT, VENV="/proc/venv") == (1, [f"make setup: {told}"])


def test_a_package_that_cannot_be_had_is_named_in_one_line(tmp_path: Path) -> None:
    for name in KEPT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
        else:
            shutil.copy(source, tmp_path / name)
    (tmp_path / "requirements" / "dev.txt").write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    code, said = set_up(tmp_path, VENV=str(tmp_path / "venv"), PIP_NO_INPUT="1", **nowhere)
    assert code == 1
    (line,) = said
    assert line.startswith("make setup: installing the packages failed: ")
    assert "no-such-package" in line
