"""Log a notice of two children over HTTP, beside the same database rows written by bare asyncpg."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from benchmarks.harness import CLIENTS, Bench, Browser, Result, SignedIn, api, cpu, percentile, sign_in, spent

NOTICES = 800
WARM_UP = 80
_SHARE = 0.4
_LATENCY = 0.060
#: Every table that logging a notice writes to, with how its rows of one incident are found.
_TABLES = {
    "incident": "id = $1",
    "child": "id in (select child from pathway where incident = $1)",
    "pathway": "incident = $1",
    "notice": "incident = $1",
    "milestone": "pathway in (select id from pathway where incident = $1)",
    "pathway_state": "incident = $1",
    "segment": "pathway in (select id from pathway where incident = $1)",
    "clock": "pathway in (select id from pathway where incident = $1)",
    "wait": "pathway in (select id from pathway where incident = $1)",
    "condition": "about in (select id from pathway where incident = $1)",
    "audit": "at in (select recorded_at from notice where incident = $1)",
    "outbox": "queued_at in (select recorded_at from notice where incident = $1)",
    "idempotency": "created_at in (select recorded_at from notice where incident = $1)",
}
_GENERATED = ("written_at", "transaction")
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_numbers = itertools.count(1)


def run(bench: Bench) -> list[Result]:
    """Both ways, one after the other."""
    with api(bench) as address:
        people = asyncio.run(sign_in(bench, "mash_coordinator", CLIENTS))
        asyncio.run(_over_http(address, people, WARM_UP))
        before = cpu(bench)
        seconds, taken = asyncio.run(_over_http(address, people, NOTICES))
        used = spent(before, cpu(bench), NOTICES)
    bare, rows = asyncio.run(_bare(bench))
    http = NOTICES / seconds
    late = percentile(taken, 0.99)
    return [
        Result(
            f"log a notice of two children over HTTP, {CLIENTS} clients",
            f"{_SHARE:.0%} of bare asyncpg",
            f"{http:,.0f}/s, bare asyncpg {bare:,.0f}/s ({rows} rows each): {http / bare:.0%}",
            http / bare >= _SHARE,
        ),
        Result(
            "99th percentile of logging a notice",
            f"{_LATENCY * 1000:.0f} ms",
            f"{late * 1000:.0f} ms (median {percentile(taken, 0.5) * 1000:.0f} ms; {used})",
            late < _LATENCY,
        ),
    ]


async def _over_http(address: str, people: list[SignedIn], count: int) -> tuple[float, list[float]]:
    taken: list[float] = []
    left = itertools.count(count, -1)

    async def client(person: SignedIn) -> None:
        async with Browser(address, person.session) as browser:
            while next(left) > 0:
                body = _notice(person)
                began = time.perf_counter()
                status, answer = await browser.send("POST", "/api/v1/notices", body, Idempotency_Key=str(uuid.uuid4()))
                taken.append(time.perf_counter() - began)
                if status != 201:
                    raise SystemExit(f"a notice was answered {status}: {answer.decode()[:500]}")

    began = time.perf_counter()
    await asyncio.gather(*(client(person) for person in people))
    return time.perf_counter() - began, taken


def _notice(person: SignedIn) -> dict[str, Any]:
    number = next(_numbers)
    attended = datetime.now(UTC).replace(microsecond=0, second=0) - timedelta(hours=3, minutes=number % 50)
    told = {"incident_occurred": -20, "police_reported": -10, "police_attended": 0, "notice_submitted": 95}
    return {
        "reference": f"BENCH/{uuid.uuid4().hex[:12]}",
        "force": person.force,
        "area": person.area,
        "grade": ("high", "medium", "standard")[number % 3],
        "grade_rationale": "As found at the scene.",
        **{kind: {"at": (attended + timedelta(minutes=after)).isoformat()} for kind, after in told.items()},
        "children": [
            {
                "family_name": f"Bench{uuid.uuid4().hex[:8]}",
                "given_names": given,
                "date_of_birth": born,
                "sex": sex,
                "involvement": "in_the_property",
                "seen_at_scene": "yes",
                "school_status": "at_school",
            }
            for given, born, sex in (("Amber", "2014-05-02", "F"), ("Kit", "2017-09-30", "M"))
        ],
    }


class _Table(msgspec.Struct, frozen=True):
    insert: str
    rows: list[tuple[Any, ...]]


async def _bare(bench: Bench) -> tuple[float, int]:
    """Write the rows of one notice again and again, one transaction each, from as many connections."""
    connections = [await _connected(bench) for _ in range(CLIENTS)]
    try:
        tables = await _rows_of_a_notice(connections[0])
        left = itertools.count(NOTICES, -1)

        async def client(connection: asyncpg.Connection[Any]) -> None:
            while next(left) > 0:
                await _write(connection, tables)

        began = time.perf_counter()
        await asyncio.gather(*(client(connection) for connection in connections))
        seconds = time.perf_counter() - began
    finally:
        for connection in connections:
            await connection.close()
    return NOTICES / seconds, sum(len(table.rows) for table in tables)


async def _connected(bench: Bench) -> asyncpg.Connection[Any]:
    connection = await asyncpg.connect(bench.services.owner_url)
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
    )
    return connection


async def _rows_of_a_notice(connection: asyncpg.Connection[Any]) -> list[_Table]:
    incident = await connection.fetchval(
        "select i.id from incident as i where i.reference like 'BENCH/%' order by i.first_seen_at desc limit 1"
    )
    tables = []
    for table, condition in _TABLES.items():
        found = await connection.fetch(f"select * from {table} where {condition}", incident)
        if not found:
            continue
        names = [name for name in found[0].keys() if name not in _GENERATED]  # noqa: SIM118  # a Record
        places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
        tables.append(
            _Table(
                f"insert into {table} ({', '.join(names)}) values ({places})",
                [tuple(row[name] for name in names) for row in found],
            )
        )
    return tables


async def _write(connection: asyncpg.Connection[Any], tables: list[_Table]) -> None:
    """The rows under fresh ids and a fresh reference."""
    fresh: dict[Any, Any] = {}
    suffix, own = uuid.uuid4().hex, _own(tables)

    def other(value: Any) -> Any:
        if isinstance(value, uuid.UUID) and value in own:
            return fresh.setdefault(value, uuid.uuid4())
        if isinstance(value, str) and _KEY.fullmatch(value):
            return suffix
        if isinstance(value, str) and value.startswith("BENCH/"):
            return f"BENCH/{suffix}"
        if isinstance(value, list):
            return [fresh.setdefault(each, uuid.uuid4()) if each in own else each for each in value]
        return value

    async with connection.transaction():
        for table in tables:
            await connection.executemany(
                table.insert,
                [tuple(other(value) for value in row) for row in table.rows],
            )


def _own(tables: list[_Table]) -> set[Any]:
    """Ids that are made for each notice: the keys of the rows themselves."""
    return {row[0] for table in tables for row in table.rows if "idempotency" not in table.insert}
