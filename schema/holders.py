"""Who holds a child after which milestone: a data table, ``schema/holders.toml``."""

from pathlib import Path
from typing import Final, Literal

import msgspec

from schema.vocabulary import AGENCIES, MILESTONES

_SHIPPED: Final = Path(__file__).parent / "holders.toml"

#: What a row does. ``hold``: its holder takes over. ``start``: only where nobody holds yet.
#: ``unchanged``: nothing. ``ask``/``answer``: a check with the agency named by the outcome begins
#: or ends. ``wait_on``: the agency named by the outcome, else the row's holder. ``resume``: back to
#: the row's holder if the notice had been sent, else to the police.
Action = Literal["hold", "start", "unchanged", "ask", "answer", "wait_on", "resume"]

NO_AGENCY: Final = "no_agency"


class HolderRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After ``kind`` (with one of ``outcomes``; None: any other) ``holder`` has it, at ``stage``.

    ``phase`` keeps order: a row does not take a pathway back from a later phase, so a receipt that
    was recorded as after the decision leaves the decision's holder in place. ``resets`` lowers the
    phase again (a reopening, a new area).
    """

    kind: str
    outcomes: tuple[str, ...] | None = None
    action: Action = "hold"
    holder: str | None = None
    stage: str | None = None
    phase: int = 5
    resets: bool = False


def load_holders(document: bytes | None = None) -> tuple[HolderRow, ...]:
    """The table, strictly read; ``ValueError`` names a row that cannot be right."""
    body = _SHIPPED.read_bytes() if document is None else document
    rows = msgspec.toml.decode(body, type=dict[str, tuple[HolderRow, ...]])["holder"]
    for row in rows:
        if row.kind not in MILESTONES:
            raise ValueError(f"holders: {row.kind!r} is not a milestone")
        if row.action in ("hold", "start", "wait_on", "resume"):
            if row.holder not in (*AGENCIES, NO_AGENCY):
                raise ValueError(f"holders: {row.kind} has no holder from the list of agencies: {row.holder!r}")
            if not row.stage:
                raise ValueError(f"holders: {row.kind} has no stage")
    return rows
