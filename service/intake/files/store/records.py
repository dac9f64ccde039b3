"""What the tables of files hold, as structs."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from service.database import Queries

queries = Queries("service.intake.files")


class Feed(msgspec.Struct, frozen=True):
    """A feed that is set up: its profile, its force, and what it covers."""

    name: str
    profile: str
    force: str
    coverage: str


class Job(msgspec.Struct, frozen=True):
    """An import as its batch finds it. Field order is column order."""

    id: UUID
    kind: str
    feed: str | None
    force: str | None
    area: str | None
    dry_run: bool
    state: str
    last_row: int
    requested_by_kind: str
    requested_by: UUID | None
    stored_at: datetime
    size: int
    file_name: str


class RowEntry(msgspec.Struct, kw_only=True):
    """What became of one row of a file."""

    id: UUID
    number: int
    outcome: str
    cells: list[str]
    updated: bool = False
    reasons: list[dict[str, Any]] = []
    proposal: Any = None
    identity: str | None = None
    subject_key: UUID | None = None
    reference: str | None = None
    area: str | None = None
    force: str | None = None
    pathway: UUID | None = None
    aged_from: datetime | None = None
    grade: str | None = None
    urgent: bool = False
    dry_run: bool = False
    settled_at: datetime | None = None
    settled_by: UUID | None = None
    settled_as: str | None = None
    settled_note: str | None = None


class OpenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was held or refused, and is not settled."""

    number: int
    cells: list[str]
    texts: list[str]


SettledAs = Literal["on_the_books", "accepted", "corrected", "proposed", "kept", "discarded"]


class ImportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came, and what has become of it so far. ``read`` is the sum of the outcomes."""

    id: UUID
    kind: str
    feed: str | None
    force: str | None
    area: str | None
    file_name: str
    sha256: str
    size: int
    dry_run: bool
    state: str
    sent_by: str
    stored_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    last_row: int
    read: int
    accepted: int
    repeated: int
    held: int
    refused: int
    updated: int
    created: int
    unchanged: int
    error: str | None
    open_rows: int


class RowReason(msgspec.Struct, frozen=True):
    """Why a row was held or refused: the column, what stood there, and how to mend it."""

    field: str | None
    column: str | None
    got: str
    text: str


class RowLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a file with what became of it."""

    id: UUID
    number: int
    outcome: str
    updated: bool
    reasons: list[RowReason]
    reference: str | None
    area: str | None
    grade: str | None
    urgent: bool
    pathway: UUID | None
    aged_from: datetime | None
    settled_as: str | None
    settled_at: datetime | None
    settled_by: str | None
    settled_note: str | None


class NotYet(msgspec.Struct, frozen=True, kw_only=True):
    """A child of an incident that came in a file and is not on the books. ``flagged_at`` may lie ahead."""

    row: UUID
    of: UUID
    number: int
    reference: str
    area: str | None
    grade: str | None
    urgent: bool
    outcome: str
    reasons: list[RowReason]
    aged_from: datetime
    flagged_at: datetime


class UnsettledRow(msgspec.Struct, frozen=True, kw_only=True):
    """A held or refused row with what is needed to read it again."""

    id: UUID
    of: UUID
    number: int
    outcome: str
    cells: list[str]
    reasons: list[RowReason]
    proposal: list[dict[str, Any]] | None
    subject_key: UUID | None
    reference: str | None
    area: str | None
    force: str | None
    feed: str
    columns: list[str]
    file_name: str
    pathway: UUID | None
    aged_from: datetime | None
    settled_as: str | None
