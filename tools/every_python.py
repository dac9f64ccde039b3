"""Start the product and run the unit tests on each supported Python of this machine; what `make test-all` runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")


def candidates(version: str) -> Iterator[str]:
    """Where an interpreter of the version may be: on the path, the system's own, or kept by pyenv."""
    yield from (f"python{version}", "python3", f"/usr/bin/python{version}")
    if shutil.which("pyenv"):
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False).stdout.strip()
        for path in sorted(Path(root, "versions").glob(f"{version}.*"), reverse=True):
            yield str(path / "bin" / "python")


def interpreter(version: str) -> str | None:
    """One that really is of the version, or None."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in candidates(version):
        try:
            answer = subprocess.run([candidate, "-c", question], capture_output=True, text=True, check=False)
        except OSError:
            continue
        if answer.stdout.strip() == version:
            return candidate
    return None


def starts(venv: Path) -> bool:
    """Whether the product comes up on embedded services and goes down again when asked."""
    process = subprocess.Popen(
        [venv / "bin" / "tracker", "demo", "--empty"], stdout=subprocess.PIPE, text=True, bufsize=1
    )
    ready = process.stdout is not None and process.stdout.readline().startswith("READY ")
    process.send_signal(signal.SIGTERM)
    return process.wait(30) == 0 and ready


def tried(version: str, python: str) -> bool:
    """Set up an environment of its own, start, and test."""
    venv = Path(f".venv-{version}").absolute()
    environment = {**os.environ, "VENV": str(venv), "PYTHON": python}
    if subprocess.run(["make", "setup"], env=environment, check=False).returncode != 0:
        return False
    if not starts(venv):
        print(f"Python {version}: the product did not start and stop", file=sys.stderr)
        return False
    tests = [str(venv / "bin" / "pytest"), "-q", "-m", "not soak", "tests/unit", "-p", "no:cacheprovider"]
    return subprocess.run(tests, check=False).returncode == 0


def main() -> int:
    failed = False
    for version in VERSIONS:
        python = interpreter(version)
        if python is None:
            print(f"Python {version}: not on this machine")
            continue
        passed = tried(version, python)
        print(f"Python {version}: {'passed' if passed else 'FAILED'}", flush=True)
        failed = failed or not passed
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
