"""`tracker rebuild`: recompute every derived row or count the measures again, or only compare."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

import msgspec

from service.collecting import collect_seldom
from service.commands.environment import required
from service.console import Console, Failure, Misuse, Unreachable
from service.database import connect
from service.embedded.process import launched
from service.meetings.acting import rebuilding
from service.pathways.rebuild import Rebuilt, count, rebuild
from service.reports.measures import folding
from service.timepiece import SystemTimepiece

SEVERAL_FROM = 20_000
"""Fewer pathways are done before a second process has loaded."""
UNREACHABLE = 3
STOP_SECONDS = 10.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only compare; write nothing")
    parser.add_argument(
        "--processes", type=int, metavar="N", help=f"how many to run (2; 1 for fewer than {SEVERAL_FROM:,} pathways)"
    )
    parser.add_argument(
        "--share",
        type=_share,
        metavar="I/N",
        help="do every N-th batch, from the I-th on: for runs on several machines",
    )
    parser.add_argument(
        "--measures",
        action="store_true",
        help="count the figures of reports again from milestones, instead of derived rows",
    )
    parser.epilog = (
        "Runs beside the service: each batch is one short transaction, and only what differs is written. "
        "Prints pathways and differing. Exit 0 when all are gone through; with --check, 1 when any differed."
    )


def _share(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise argparse.ArgumentTypeError(f"{text!r} is no share; write 1/2 and 2/2")
    return int(number) - 1, int(of)


def run(options: argparse.Namespace, console: Console) -> int:
    url = required("DATABASE_URL")
    if options.processes is not None and options.processes < 1:
        raise Misuse("--processes is 1 or more")
    if options.measures and (options.share or options.processes):
        raise Misuse("--measures is done by one process")
    if options.share and options.processes:
        raise Misuse("--share and --processes exclude each other")
    collect_seldom()
    if options.measures:
        counted = asyncio.run(_measures(url, options.check, console))
        console.result(msgspec.structs.asdict(counted))
        return 1 if options.check and counted.differing else 0
    total = asyncio.run(_count(url))
    if options.share:
        result = asyncio.run(_rebuild(url, options.check, options.share, total, console))
    else:
        processes = options.processes or (1 if total < SEVERAL_FROM else 2)
        result = _in_processes(url, options.check, processes, total, console)
    console.result(msgspec.structs.asdict(result))
    return 1 if options.check and result.differing else 0


async def _measures(url: str, check: bool, console: Console) -> folding.Rebuilt:
    database = await connect(url, SystemTimepiece(), size=2, command_timeout=None)
    try:
        if check:
            return await folding.check(database, thorough=True)
        return await folding.rebuild(database, progress=lambda done: console.progress(done, None, "changes"))
    finally:
        await database.close()


async def _count(url: str) -> int:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        return await count(database)
    finally:
        await database.close()


async def _rebuild(url: str, check: bool, share: tuple[int, int], total: int, console: Console) -> Rebuilt:
    database = await connect(url, SystemTimepiece(), size=2)
    try:
        result = await rebuild(
            database,
            check=check,
            share=share,
            progress=lambda done: console.progress(done * share[1], total, "pathways"),
        )
        if share[0] == 0:
            actions = await rebuilding.rebuild(database, check=check)
            result.differing += len(actions)
            result.examples = [*result.examples, *map(str, actions)][:5]
        return result
    finally:
        await database.close()


def _in_processes(url: str, check: bool, processes: int, total: int, console: Console) -> Rebuilt:
    """Do the first share here and the others in processes of their own, which end with this one."""
    with ExitStack() as stack:
        others = [_start(number, processes, check, stack) for number in range(2, processes + 1)]
        result = asyncio.run(_rebuild(url, check, (0, processes), total, console))
        for other in others:
            found = _finished(other)
            result.pathways += found.pathways
            result.differing += found.differing
            result.examples = [*result.examples, *found.examples][:5]
    return result


def _start(number: int, of: int, check: bool, stack: ExitStack) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "service", "rebuild", "--json", "--share", f"{number}/{of}"]
    process = subprocess.Popen(
        launched(None, [*command, *(["--check"] if check else [])], signal.SIGTERM),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    stack.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _finished(process: subprocess.Popen[bytes]) -> Rebuilt:
    said, _ = process.communicate()
    lines = said.decode().splitlines()
    answer: dict[str, Any] = msgspec.json.decode(lines[-1]) if lines else {}
    if "pathways" in answer:
        return msgspec.convert(answer, Rebuilt)
    why = answer.get("error", f"it ended with {process.returncode}")
    if process.returncode == UNREACHABLE:
        raise Unreachable(f"one of the processes could not go on: {why}")
    raise Failure(f"one of the processes could not go on: {why}")
