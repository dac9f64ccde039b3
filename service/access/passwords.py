"""Passwords: argon2id, in a thread, and as slow for a name that does not exist as for one that does."""

import asyncio
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: RFC 9106, second recommended option: 3 passes over 64 MiB, 4 lanes.
HASHER: Final = PasswordHasher()
SHORTEST: Final = 12
LONGEST: Final = 200
# Each hash takes 64 MiB: two at a time, so that a flood of sign-ins cannot take the memory.
_AT_ONCE: Final = 2
_gates: dict[int, asyncio.Semaphore] = {}


def _gate() -> asyncio.Semaphore:
    """One gate for each event loop; loops that ended are forgotten."""
    loop = asyncio.get_running_loop()
    if id(loop) not in _gates:
        _gates.clear()
        _gates[id(loop)] = asyncio.Semaphore(_AT_ONCE)
    return _gates[id(loop)]


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that no password fits, verified when the name is unknown."""
    return HASHER.hash("nobody has this password")


def _fits(stored: str | None, password: str) -> bool:
    try:
        HASHER.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


async def hashed(password: str) -> str:
    """The hash to store."""
    async with _gate():
        return await asyncio.to_thread(HASHER.hash, password)


async def verified(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``; takes as long when ``stored`` is None."""
    async with _gate():
        return await asyncio.to_thread(_fits, stored, password[:LONGEST])


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(stored)


def too_weak(password: str, name: str) -> str | None:
    """Why a new password cannot be taken, in words; None when it can."""
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} characters or more. Three words that do not belong together are good."
    if len(password) > LONGEST:
        return f"Use {LONGEST} characters or fewer."
    if name and name.lower() in password.lower():
        return "Do not use your sign-in name in your password."
    if len(set(password)) < 5:
        return "Use at least five different characters."
    return None
