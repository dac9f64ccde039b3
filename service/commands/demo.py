"""`tracker demo`: the whole product on one machine, one process tree.

Order matters for how soon the first page is there. The first time, the past is made up while the database's cluster
is created, and the api loads while the schema is made and the partnership filled with whoever waits now and what was
worked on lately. READY is said when that is done and the workers run; older cases are loaded afterwards by a process of
their own, which the next start takes up if it was cut short.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import shutil
import socket
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec

from service import embedded
from service.collecting import collect_seldom
from service.console import Console, Failure, Unreachable
from service.demo import SignIn, loading, prepared, seeding
from service.demo.story import Story, tell
from service.embedded.process import free_port
from service.migrations import MigrationError, migrate
from service.stopping import whole_step
from service.supervisor import Supervisor
from service.timepiece import SystemTimepiece

USUAL_PORT = 8000
READY_SECONDS = 60.0
WATCH_SECONDS = 0.5
SIGN_INS = "sign-ins.json"
"""Written when the partnership is complete."""
HALF_FILLED = "filling"
"""There while the partnership is being filled: if it is found at the start, the last time was cut short."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--empty", action="store_true", help="areas, agencies and people but no incidents, thrown away at exit"
    )
    parser.add_argument("--port", type=_port, metavar="N", help=f"port of the pages ({USUAL_PORT}, else any free one)")
    parser.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR", help="where data is kept (.demo)")
    parser.epilog = "Stops on Ctrl-C. Prints READY with the address, DATABASE_URL and REDIS_URL, then who can sign in."


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def run(options: argparse.Namespace, console: Console) -> int:
    with ExitStack() as stack:
        port = options.port or _some_port(empty=options.empty)
        if not _free(port):
            raise Failure(f"port {port} is taken; choose another with --port")
        data = options.data
        if options.empty:
            with whole_step():
                data = Path(tempfile.mkdtemp(prefix="tracker-demo-"))
                stack.callback(shutil.rmtree, data, ignore_errors=True)
        collect_seldom()
        story = None if options.empty or (data / SIGN_INS).exists() else _told(stack)
        try:
            services = stack.enter_context(embedded.start(data, durable=not options.empty, prepared=_prepared(options)))
        except embedded.ServiceUnavailable as error:
            raise Unreachable(str(error)) from error
        _run_product(stack, services, data, port, story, console)
    return 0


def _prepared(options: argparse.Namespace) -> embedded.Prepared | None:
    """What set-up prepared is for the demonstration that is kept."""
    return None if options.empty else embedded.Prepared(prepared.place(), prepared.change_passwords)


def _told(stack: ExitStack) -> Future[Story]:
    """The synthetic past up to now, made up in a thread while others are waited for."""
    until = SystemTimepiece().now().replace(microsecond=0)
    pool = ThreadPoolExecutor(1)
    stack.callback(pool.shutdown, wait=False)
    return pool.submit(tell, until)


def _run_product(
    stack: ExitStack,
    services: embedded.Services,
    data: Path,
    port: int,
    story: Future[Story] | None,
    console: Console,
) -> None:
    if (data / HALF_FILLED).exists():
        asyncio.run(_start_over(services.owner_url))
    address = f"http://127.0.0.1:{port}"
    supervisor = Supervisor(
        data,
        {
            "DATABASE_URL": services.app_url,
            "REDIS_URL": services.redis_url,
            "ORIGIN": address,
            "PHASE": "Demonstration",
        },
    )
    stack.callback(supervisor.stop)
    # Says it is ready only when the schema is there, so it can load meanwhile.
    supervisor.start("serve", ["serve", "--host", "127.0.0.1", "--port", str(port)])
    _migrated(services, data)
    sign_ins = _seeded(services, data, story, console=console)
    supervisor.start("work", ["work"])
    _wait_until_ready(supervisor, port)
    _tell(address, services, sign_ins, console)
    loading_rest = asyncio.run(_left(services.app_url)) > 0
    if loading_rest:
        supervisor.start("past", [], module="service.demo.rest", once=True)
    while True:
        time.sleep(WATCH_SECONDS)
        for name in supervisor.check():
            console.warn(f"the {name} process ended and was started again; see {data / name}.log")
        if loading_rest and all(child.name != "past" for child in supervisor.children):
            loading_rest = False
            asyncio.run(seeding.analyse(services.owner_url))


async def _left(app_url: str) -> int:
    async with seeding.filling(app_url) as database:
        return await loading.left(database)


async def _start_over(owner_url: str) -> None:
    """An empty database in the place of one that was filled in part."""
    parts = urlsplit(owner_url)
    connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
    try:
        # Nothing of ours is connected; without force PostgreSQL sends its own vacuuming away, which an owner may not.
        await connection.execute("drop database if exists tracker")
        await connection.execute("create database tracker")
    finally:
        await connection.close()


def _migrated(services: embedded.Services, data: Path) -> None:
    try:
        asyncio.run(migrate(services.owner_url))
    except MigrationError as error:
        known = (data / SIGN_INS).exists()
        raise Failure(f"{error} (remove {data} to start over)" if known else str(error)) from error


def _seeded(
    services: embedded.Services, data: Path, story: Future[Story] | None, *, console: Console
) -> Sequence[SignIn]:
    """Fill the partnership the first time, with what is wanted on the first page; who can sign in."""
    known = data / SIGN_INS
    if known.exists():
        return msgspec.json.decode(known.read_bytes(), type=list[SignIn])
    (data / HALF_FILLED).touch()
    told = story.result() if story else None
    until = told.until if told else SystemTimepiece().now().replace(microsecond=0)
    wanted = told.wanted if told else 0
    sign_ins = asyncio.run(seeding.begin(services.app_url, until, told, wanted=wanted, progress=console.progress))
    known.touch(mode=0o600)
    known.write_bytes(msgspec.json.encode(sign_ins))
    (data / HALF_FILLED).unlink()
    return sign_ins


def _some_port(*, empty: bool) -> int:
    """The usual port when it is free, so that a bookmark keeps working; any free one for a throw-away demonstration."""
    return USUAL_PORT if not empty and _free(USUAL_PORT) else free_port()


def _free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server will: a port that only waits for its last connection to be forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(port):
        for child in supervisor.children:
            if child.process.poll() is not None:
                raise Failure(f"the {child.name} process did not start: {supervisor.last_words(child)}")
        if time.monotonic() > deadline:
            raise Failure(f"the pages were not ready within {READY_SECONDS:.0f} seconds")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", "/health/ready")
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()


def _tell(address: str, services: embedded.Services, sign_ins: Sequence[SignIn], console: Console) -> None:
    console.say(f"READY {address}")
    console.say(f"DATABASE_URL={services.app_url}")
    console.say(f"REDIS_URL={services.redis_url}")
    for person in sign_ins:
        console.say(f"{person.name}, {person.role}: {person.username} / {person.password}")
    if console.json:
        console.result(
            {
                "ready": address,
                "database_url": services.app_url,
                "redis_url": services.redis_url,
                "sign_ins": [msgspec.structs.asdict(person) for person in sign_ins],
            }
        )
