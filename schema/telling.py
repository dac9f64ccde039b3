"""Who is told of a flag: a data table, ``schema/telling.toml``."""

from pathlib import Path
from typing import Final

import msgspec

from schema.standards import Rung, parse_duration
from schema.vocabulary import AGENCIES, ROLES

_SHIPPED: Final = Path(__file__).parent / "telling.toml"
_HOLDERS: Final = (*AGENCIES, "no_agency")


class TellRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tell ``roles`` of a flag with one of these rules, subjects and holders; None fits any.

    ``ladder`` is for rules that no standard stands behind; its rungs count from when it became true.
    """

    roles: tuple[str, ...]
    rules: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None
    holders: tuple[str, ...] | None = None
    ladder: tuple[Rung, ...] = ()

    def fits(self, rule: str, subject: str, holder: str) -> bool:
        """Whether this row is about such a flag."""
        return (
            (self.rules is None or rule in self.rules)
            and (self.subjects is None or subject in self.subjects)
            and (self.holders is None or holder in self.holders)
        )


def load_telling(document: bytes | None = None) -> tuple[TellRow, ...]:
    """The table, strictly read; ``ValueError`` names what cannot be right."""
    body = _SHIPPED.read_bytes() if document is None else document
    rows = msgspec.toml.decode(body, type=dict[str, tuple[TellRow, ...]])["tell"]
    for row in rows:
        if unknown := {*row.roles, *(rung.role for rung in row.ladder)} - set(ROLES):
            raise ValueError(f"telling: not a role: {', '.join(sorted(unknown))}")
        if unknown := set(row.holders or ()) - set(_HOLDERS):
            raise ValueError(f"telling: not a holder: {', '.join(sorted(unknown))}")
        for rung in row.ladder:
            parse_duration(rung.after or "1 second")
    if not rows or not rows[-1].roles or not rows[-1].fits("any", "any", "any"):
        raise ValueError("telling: the last row must fit every flag, so that somebody is always told")
    return rows
