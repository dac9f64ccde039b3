"""Our own sessions: a random token in the browser, its SHA-256 in PostgreSQL, nothing else.

A session's CSRF token is an HMAC keyed with the session's own token, so a token taken from one
session is worth nothing in another and nothing has to be stored.
"""

import hashlib
import hmac
import secrets
from typing import Final

_BYTES: Final = 32
_PURPOSE: Final = b"tracker csrf token v1"


def new_token() -> str:
    """256 random bits, for a cookie or a machine."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def csrf_token(token: str) -> str:
    """The token that forms of this session carry."""
    key = token.encode("utf-8", "surrogateescape")
    return hmac.new(key, _PURPOSE, hashlib.sha256).hexdigest()


def csrf_fits(token: str, offered: str) -> bool:
    """Whether a form belongs to this session; in constant time."""
    return hmac.compare_digest(csrf_token(token).encode(), offered.encode("utf-8", "surrogateescape"))
