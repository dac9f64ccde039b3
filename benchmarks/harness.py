"""What the benchmarks share: results, percentiles, the api as a process, and browsers that cost next to nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec

from service.access import sessions
from service.embedded.process import free_port
from service.embedded.services import Services

CLIENTS = 8
READY_SECONDS = 60


class Result(msgspec.Struct, frozen=True):
    """One number: what was measured, what is to be reached, what was got."""

    what: str
    reach: str
    got: str
    met: bool | None = None


class Bench(msgspec.Struct, frozen=True):
    """What a benchmark is given."""

    size: int
    services: Services
    folder: Path


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cpu(bench: Bench) -> dict[str, float]:
    """Seconds of processor that the api and PostgreSQL have used so far, by their process tables.

    On a machine that others use too, these tell more than the time on the wall.
    """
    postmaster = int((bench.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    used = {"api": 0.0, "postgres": 0.0}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        # utime and stime; of the postmaster also those of connections that have ended.
        own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        if int(path.name) == postmaster:
            used["postgres"] += own + ended
        elif int(fields[1]) == postmaster:
            used["postgres"] += own
        elif int(fields[1]) == os.getpid() and b"\0serve\0" in command:
            used["api"] += own
    ticks = os.sysconf("SC_CLK_TCK")
    return {name: value / ticks for name, value in used.items()}


@contextmanager
def process(bench: Bench, name: str, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of our own commands beside us, with its log in the folder."""
    told = {
        **os.environ,
        "DATABASE_URL": bench.services.app_url,
        "REDIS_URL": bench.services.redis_url,
        **environment,
    }
    with (bench.folder / f"{name}.log").open("wb") as log:
        running = subprocess.Popen([sys.executable, "-m", "service", *words], env=told, stdout=log, stderr=log)
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait()


@contextmanager
def api(bench: Bench) -> Iterator[str]:
    """The api as `tracker serve` runs it; its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with process(bench, "serve", "serve", "--port", str(port), ORIGIN=address) as running:
        deadline = time.monotonic() + READY_SECONDS
        while asyncio.run(_status(address, "/health/ready")) != 200:
            if running.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the api did not start, see {bench.folder / 'serve.log'}")
            time.sleep(0.1)
        yield address


async def _status(address: str, path: str) -> int:
    try:
        async with Browser(address) as browser:
            return (await browser.send("GET", path))[0]
    except OSError:
        return 0


class Browser:
    """A keep-alive connection that sends bytes and reads the answer by its length: no more than that."""

    def __init__(self, address: str, session: str = "") -> None:
        self._host = urlsplit(address).netloc
        self._headers = f"Host: {self._host}\r\n"
        if session:
            self._headers += f"Cookie: session={session}\r\nX-CSRF-Token: {sessions.csrf_token(session)}\r\n"

    async def __aenter__(self) -> Browser:
        host, port = self._host.split(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def send(self, method: str, path: str, body: object = None, **more: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        content = b"" if body is None else msgspec.json.encode(body)
        head = f"{method} {path} HTTP/1.1\r\n{self._headers}"
        if content:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        for name, value in more.items():
            head += f"{name.replace('_', '-')}: {value}\r\n"
        self._writer.write(head.encode() + b"\r\n" + content)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in answer.split(b"\r\n")[1:]:
            header, _, said = line.partition(b":")
            if header.lower() == b"content-length":
                length = int(said)
        return int(answer[9:12]), await self._reader.readexactly(length)


def spent(before: dict[str, float], after: dict[str, float], count: int) -> str:
    """Milliseconds of processor for each of ``count``, in words."""
    parts = (f"{name} {(after[name] - before[name]) / count * 1000:.1f}" for name in before)
    return f"processor ms each: {', '.join(parts)}"


class SignedIn(msgspec.Struct, frozen=True):
    """A person with an open session."""

    session: str
    area: str
    force: str


async def sign_in(bench: Bench, role: str, count: int) -> list[SignedIn]:
    """Open sessions for ``count`` people of a role, in different areas as far as there are any."""
    connection = await asyncpg.connect(bench.services.owner_url)
    try:
        rows = await connection.fetch(
            "select distinct on (r.area) r.person, r.area, f.force from person_role as r"
            " join force_area as f on f.area = r.area where r.role = $1 order by r.area, r.person",
            role,
        )
        made = []
        for number in range(count):
            row = rows[number * len(rows) // count if len(rows) > count else number % len(rows)]
            token, now = sessions.new_token(), datetime.now(UTC)
            await connection.execute(
                "insert into session (token_hash, person, created_at, seen_at, expires_at) values ($1, $2, $3, $3, $4)",
                sessions.token_hash(token),
                row["person"],
                now,
                now + timedelta(hours=8),
            )
            made.append(SignedIn(token, row["area"], row["force"]))
    finally:
        await connection.close()
    return made
