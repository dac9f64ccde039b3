"""From nothing to a running product as a user without rights, with the system's Python and a home of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = Path("/usr/bin/python3")
NOBODY = 65534
#: What the package clients of a machine may need to be told, and nothing else of whoever runs the tests.
CLIENTS = ("PIP_", "NPM_", "npm_", "UV_", "HTTP", "http", "NO_PROXY", "no_proxy", "SSL_", "NODE_EXTRA", "REQUESTS_")

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become somebody else"),
    pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason="this machine has no Python of its own"),
]


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-home-", dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_an_ordinary_user_sets_up_and_starts_the_product(home: Path) -> None:
    checkout = home / "tracker"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, checkout], check=True)
    for folder, _, files in os.walk(home):
        for name in ("", *files):
            os.chown(Path(folder, name), NOBODY, NOBODY, follow_symlinks=False)
    kept = {name: value for name, value in os.environ.items() if name.startswith(CLIENTS)}
    environment = {
        **kept,
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHON": str(SYSTEM_PYTHON),
    }

    done = subprocess.run(
        ["make", "setup"],
        cwd=checkout,
        env=environment,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    demo = subprocess.Popen(
        [".venv/bin/tracker", "demo", "--empty"],
        cwd=checkout,
        env=environment,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        ready = demo.stdout.readline()
        assert ready.startswith("READY http://127.0.0.1:"), ready
        with urllib.request.urlopen(ready.split()[1], timeout=30) as answer:
            assert answer.status == 200
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=30)
    assert demo.returncode == 0
    assert not list(home.glob("tracker-demo-*"))
