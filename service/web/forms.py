"""Forms: read what was typed, keep it, and say everything that is wrong with links to it."""

import msgspec


class PageError(msgspec.Struct, frozen=True):
    """One line of the error summary. ``href`` leads to the field, such as ``#name``."""

    text: str
    href: str = ""
