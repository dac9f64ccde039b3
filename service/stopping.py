"""Stopping when asked: SIGINT and SIGTERM as one exception that no step of ours is cut in half by."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec


class Stopped(KeyboardInterrupt):
    """SIGINT or SIGTERM arrived.

    Not an Exception: nothing on the way may take it for a failure and go on. A KeyboardInterrupt, because an event loop
    logs any other kind that arrives in one of its callbacks, and goes on.
    """


class _Asked(msgspec.Struct):
    """What the handler and the main thread know of each other."""

    whole_steps: int = 0
    waiting: bool = False


_asked = _Asked()


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Turn the first SIGINT or SIGTERM into `Stopped` wherever the main thread is, and ignore later ones."""

    def stop(number: int, frame: object) -> None:
        del number, frame
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        if _asked.whole_steps:
            _asked.waiting = True
        else:
            raise Stopped

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        _asked.waiting = False
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def whole_step() -> Iterator[None]:
    """Let a signal wait for the end of the block: for what starts a process and notes who will stop it.

    For the main thread, where signals arrive.
    """
    _asked.whole_steps += 1
    try:
        yield
    finally:
        _asked.whole_steps -= 1
        if _asked.waiting and not _asked.whole_steps:
            _asked.waiting = False
            raise Stopped


def asked_to_stop() -> bool:
    """Whether a signal waits for the end of a `whole_step`, which should then come soon."""
    return _asked.waiting
