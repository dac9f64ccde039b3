"""What a command says, and how it fails: results on standard output, everything else out of the way of a pipe.

With `--json`, standard output ends with one object on one line and nothing else is promised about it; words for people
go to standard error. Without it, words go to standard output. Progress is drawn on standard error, on a terminal only.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import msgspec


class Failure(Exception):
    """The command could not do all it was asked; the message is one line for the person. Exit 1."""


class Misuse(Exception):
    """The command was asked for something that makes no sense; one line. Exit 2."""


class Unreachable(Exception):
    """A service the command needs cannot be reached; one line. Exit 3."""


class Console:
    """Where a command writes."""

    def __init__(self, *, json: bool = False) -> None:
        self.json = json
        self._drawn = False

    def say(self, line: str) -> None:
        """One line for a person, at once."""
        self._erase()
        print(line, file=sys.stderr if self.json else sys.stdout, flush=True)

    def warn(self, line: str) -> None:
        """One line that must not get into a pipe."""
        self._erase()
        print(line, file=sys.stderr, flush=True)

    def result(self, result: Mapping[str, object]) -> None:
        """The object of `--json`; without it, one `name: value` line each. Call it once, last."""
        self._erase()
        if self.json:
            print(msgspec.json.encode(result).decode(), flush=True)
            return
        for name, value in result.items():
            text = value if isinstance(value, str | int | float) else msgspec.json.encode(value).decode()
            print(f"{name}: {text}", flush=True)

    def progress(self, done: int, total: int | None, what: str) -> None:
        """How far a long step is; drawn over itself on a terminal, silent elsewhere."""
        if not sys.stderr.isatty():
            return
        share = f" of {total:,} ({done * 100 // total}%)" if total else ""
        sys.stderr.write(f"\r\x1b[K{what}: {done:,}{share}")
        sys.stderr.flush()
        self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False
