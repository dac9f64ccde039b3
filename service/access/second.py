"""The second factor: time-based codes of an authenticator application (RFC 6238). Pure."""

from datetime import datetime
from typing import Final

import msgspec
import pyotp
import segno

#: Steps of half a minute before and after now whose codes count: clocks of telephones differ.
_WINDOW: Final = 1
_DIGITS: Final = 6
#: Empty squares around a picture, as its standard asks.
_MARGIN: Final = 4


def new_key() -> str:
    """160 random bits as people type them."""
    return pyotp.random_base32()


def shown(key: str) -> str:
    """The key in groups of four."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def address(key: str, sign_in: str, service: str) -> str:
    """What an authenticator application opens."""
    return pyotp.TOTP(key).provisioning_uri(name=sign_in, issuer_name=service)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A QR code: so many squares a side, its quiet margin included, and the dark ones as the path of an SVG."""

    side: int
    path: str


def picture(address: str) -> Picture:
    """The address as a picture that a telephone reads from the screen."""
    code = segno.make_qr(address, error="m")
    side, _ = code.symbol_size(border=_MARGIN)
    dark = (
        f"M{column + _MARGIN} {row + _MARGIN}h1v1h-1z"
        for row, squares in enumerate(code.matrix)
        for column, square in enumerate(squares)
        if square
    )
    return Picture(side=int(side), path="".join(dark))


def step_of(key: str, code: str, now: datetime, last: int | None) -> int | None:
    """The half minute whose code this is; None where it fits none, or one that was used or is older than that."""
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    codes = pyotp.TOTP(key)
    current = codes.timecode(now)
    for step in range(current - _WINDOW, current + _WINDOW + 1):
        if pyotp.utils.strings_equal(codes.generate_otp(step), typed):
            return step if last is None or step > last else None
    return None
