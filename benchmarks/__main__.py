"""Runs the benchmarks: `python -m benchmarks --size 10000 [NAME ...]`."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from benchmarks import board, data, deadlines, lists, notices, places, police_file, rebuilds, starts, sweeps
from benchmarks.harness import Bench, Result

#: In this order: what only reads first, so that nothing is left to do for what follows.
ALL: dict[str, Callable[[Bench], list[Result]]] = {
    "rebuild": rebuilds.run,
    "lists": lists.run,
    "board": board.run,
    "notices": notices.run,
    "deadlines": deadlines.run,
    "sweep": sweeps.run,
    "police-file": police_file.run,
    "demo": starts.run,
}
_WORD = {True: "met", False: "NOT MET", None: ""}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="pathways held, about (10000)")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(ALL)} (all)")
    options = parser.parse_args()
    if unknown := set(options.names) - set(ALL):
        parser.error(f"not a benchmark: {', '.join(sorted(unknown))}")
    folder = data.build(options.size)
    print(f"\n{os.cpu_count()} cores, Python {platform.python_version()}, {options.size:,} pathways", flush=True)
    found: dict[str, list[Result]] = {}
    for name in options.names or ALL:
        with places.running(folder) as services:
            found[name] = ALL[name](Bench(options.size, services, folder))
        for result in found[name]:
            print(f"{_WORD[result.met]:8}{result.what}\n        {result.got}   (reach: {result.reach})", flush=True)
    kept = {"at": datetime.now(UTC), "size": options.size, "cores": os.cpu_count(), "results": found}
    (folder / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1))


if __name__ == "__main__":
    main()
