"""What the pages of enquiries and conferences share: versions, and what somebody else changed meanwhile."""

from typing import Any

import msgspec

from service.enquiries.pages import words as own
from service.errors import PreconditionFailed
from service.web.forms import Form


class Meanwhile(msgspec.Struct, frozen=True):
    """Who changed a record while a form was open, and what it says now."""

    by: str | None
    lines: list[tuple[str, str]]


def version(form: Form) -> int:
    """The version that a form is based on; 0, which none ever is, where it names none."""
    text = form.value("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def meanwhile(failed: PreconditionFailed) -> Meanwhile:
    """What a page shows of a change that came first."""
    changed: dict[str, Any] = failed.facts.get("changed", {})
    return Meanwhile(failed.facts.get("by"), own.changed_lines(changed))
