"""What becomes of a row of a police file before anything stored is looked at."""

from datetime import date

import msgspec

from schema.vocabulary import Grade
from service.intake.files.parse.profile import Sex
from service.intake.files.parse.times import Moment


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why a row is refused or held: the field (None: the row), its column, what stood there, and
    what is wrong with it and how to mend it.
    """

    field: str | None
    column: str | None
    got: str
    message: str

    def __str__(self) -> str:
        return f"{self.column}: {self.message}" if self.column else self.message


class ParsedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be taken, unless ``held`` says why a person must look first.

    ``grade`` None is ungraded. A row that names no child at all has ``names_child`` False.
    ``notes`` are sentences about values that were left out because they could not be understood.
    """

    number: int
    reference: str
    area: str
    district: str | None = None
    family_name: str = ""
    given_names: str = ""
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    sex: Sex = "U"
    involvement: str = "not_recorded"
    grade: Grade | None = None
    incident: Moment | None = None
    attended: Moment | None = None
    submitted: Moment | None = None
    shared: Moment | None = None
    seen_at_scene: bool | None = None
    summary: str | None = None
    held: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def names_child(self) -> bool:
        return bool(self.family_name or self.given_names or self.date_of_birth)


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that cannot be taken. What could still be read of it lets the incident be shown as
    "not yet on the books": ``grade_unreadable`` makes it as urgent as a high one.
    """

    number: int
    reasons: tuple[Reason, ...]
    reference: str | None = None
    area: str | None = None
    attended: Moment | None = None
    grade: Grade | None = None
    grade_unreadable: bool = False
