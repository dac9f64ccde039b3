"""Worklist and search, as a coordinator opens them: one view is one row of the audit trail."""

from __future__ import annotations

import asyncio
import itertools
import time

import asyncpg

from benchmarks.harness import CLIENTS, Bench, Browser, Result, SignedIn, api, cpu, percentile, sign_in, spent

VIEWS = 800
WARM_UP = 160
_LATENCY = 0.050


def run(bench: Bench) -> list[Result]:
    """The API's worklist and search, and the page of the worklist."""
    results = []
    with api(bench) as address:
        people = asyncio.run(sign_in(bench, "mash_coordinator", CLIENTS))
        names = asyncio.run(_names(bench, people))
        for what, method, path in (
            ("worklist over the API", "GET", "/api/v1/waiting"),
            ("everything open over the API", "GET", "/api/v1/waiting?which=everything"),
            ("search by family name over the API", "POST", "/api/v1/search"),
            ("worklist as a page", "GET", "/waiting"),
        ):
            asyncio.run(_views(address, people, names, method, path, WARM_UP))
            before = cpu(bench)
            seconds, taken = asyncio.run(_views(address, people, names, method, path, VIEWS))
            used = spent(before, cpu(bench), VIEWS)
            late = percentile(taken, 0.99)
            results.append(
                Result(
                    f"{what}, {CLIENTS} clients: 99th percentile",
                    f"{_LATENCY * 1000:.0f} ms",
                    f"{late * 1000:.0f} ms (median {percentile(taken, 0.5) * 1000:.0f} ms,"
                    f" {VIEWS / seconds:,.0f}/s; {used})",
                    late < _LATENCY,
                )
            )
    return results


async def _names(bench: Bench, people: list[SignedIn]) -> dict[str, list[str]]:
    """The first letters of some family names of each area."""
    connection = await asyncpg.connect(bench.services.owner_url)
    try:
        return {
            person.area: [
                row[0]
                for row in await connection.fetch(
                    "select distinct left(family_name, 5) from child where area = $1 limit 100", person.area
                )
            ]
            for person in people
        }
    finally:
        await connection.close()


async def _views(
    address: str, people: list[SignedIn], names: dict[str, list[str]], method: str, path: str, count: int
) -> tuple[float, list[float]]:
    taken: list[float] = []
    left = itertools.count(count, -1)

    async def client(person: SignedIn) -> None:
        async with Browser(address, person.session) as browser:
            while (number := next(left)) > 0:
                known = names[person.area]
                body = {"text": known[number % len(known)]} if method == "POST" else None
                began = time.perf_counter()
                status, answer = await browser.send(method, path, body)
                taken.append(time.perf_counter() - began)
                if status != 200:
                    raise SystemExit(f"{path} was answered {status}: {answer.decode()[:500]}")

    began = time.perf_counter()
    await asyncio.gather(*(client(person) for person in people))
    return time.perf_counter() - began, taken
