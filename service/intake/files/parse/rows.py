"""What one row of a police file says: read field by field, or refused with every reason at once.

Decided here: refused rows, and rows held for what is in them alone (known times out of order, an
hour that exists twice). Whether a row repeats or contradicts what is stored is decided where it is put on the books.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, TypeVar

from schema.vocabulary import Grade
from service.intake.files.parse.outcomes import ParsedRow, Reason, RefusedRow
from service.intake.files.parse.profile import MOMENTS, FeedProfile, field_columns, fold
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.source import Header
from service.intake.files.parse.times import TOLERANCE, Moment, Standing, TimeReader, Wrong, is_future, settle

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FREE_TEXT: Final = ("summary", None)
_CONTROL_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MIDNIGHT: Final = re.compile(r"[ T]00:00(:00)?$")
_SHOWN: Final = 60
_Value = TypeVar("_Value")


class RowReader:
    """Reads the rows of one file. ``now`` decides what is in the future; set it for every batch."""

    def __init__(self, profile: FeedProfile, header: Header, now: datetime) -> None:
        self._columns = field_columns(profile)
        self._fields = {place: field for field, place in header.places.items()}
        self._places = header.places
        self._headings = header.columns
        self._own = frozenset(header.own)
        self._times = TimeReader(profile.zone, profile.date_formats)
        self._grades = _folded(profile.grades)
        self._areas = _folded(profile.areas)
        self._sexes = _folded(profile.sexes)
        self._seen = _folded(profile.seen)
        self._unborn = frozenset(fold(name) for name in profile.unborn)
        self._totals = tuple(fold(start) for start in profile.total_lines)
        self._area_names = ", ".join(sorted(profile.areas))
        self._grade_words = ", ".join(profile.grades)
        self.set_now(now)

    def set_now(self, now: datetime) -> None:
        """Times more than five minutes after ``now`` are refused from here on."""
        self._latest = now + TOLERANCE
        self._latest_day = self._times.day_of(self._latest)

    def read(self, raw: RawRow) -> ParsedRow | RefusedRow:
        """What ``raw`` says. Never raises, whatever the cells hold."""
        whole = self._broken(raw)
        if whole is not None:
            return whole
        reasons: list[Reason] = []
        cells = self._clean(raw.cells, reasons)
        spoilt = {reason.field for reason in reasons}
        reference = self._reference(cells, reasons, spoilt)
        area = self._area(cells, reasons, spoilt)
        grade = self._grade(cells, reasons)
        incident, attended, submitted, shared = moments = tuple(self._moment(name, cells, reasons) for name in MOMENTS)
        given_names = self._words("given_names", cells)
        born, expected, involvement = self._birth(cells, given_names, incident, reasons)
        if reasons:
            return RefusedRow(
                number=raw.number,
                reasons=tuple(reasons),
                reference=reference or None,
                area=area,
                attended=attended,
                grade=grade,
                grade_unreadable=any(reason.field == "grade" for reason in reasons),
            )
        (incident, attended, submitted, shared), standing = settle(moments, self._latest)
        notes: list[str] = []
        return ParsedRow(
            number=raw.number,
            reference=reference,
            area=area or "",
            district=self._words("district", cells) or None,
            family_name=self._words("family_name", cells),
            given_names=given_names,
            date_of_birth=born,
            expected_date_of_birth=expected,
            sex=self._known("sex", self._sexes, cells, notes) or "U",
            involvement=involvement,
            grade=grade,
            incident=incident,
            attended=attended,
            submitted=submitted,
            shared=shared,
            seen_at_scene=self._known("seen_at_scene", self._seen, cells, notes),
            summary=self._cell("summary", cells) or None,
            held=() if standing == "ordered" else (self._why_held(standing, moments),),
            notes=tuple(notes),
        )

    def _broken(self, raw: RawRow) -> RefusedRow | None:
        """The refusal of a row that is wrong as a row; what stands before the break is still read,
        so that the incident can be shown as not yet on the books.
        """
        cells = raw.cells
        if self._totals and fold(cells[0]).startswith(self._totals) and sum(1 for c in cells if c.strip()) <= 2:
            counted = Reason(None, None, "", "This is the line that counts the rows, not a child. Leave it out.")
            return RefusedRow(number=raw.number, reasons=(counted,))
        found, wanted = len(cells), len(self._headings)
        if raw.problem is None and found == wanted:
            return None
        message = raw.problem or (
            f"This row has {found} cells and the heading has {wanted}. Export it again or mend it: "
            "a cell that holds the separator or a line break needs quotation marks around it."
        )
        ignored: list[Reason] = []
        sound = self._clean(cells if found < wanted else cells[:1], ignored)
        sound = sound + [""] * (wanted - len(sound))
        grade = self._grade(sound, ignored)
        return RefusedRow(
            number=raw.number,
            reasons=(Reason(None, None, "", message),),
            reference=self._reference(sound, ignored, set()) or None,
            area=self._area(sound, ignored, set()),
            attended=self._moment("attended", sound, ignored),
            grade=grade,
            grade_unreadable=grade is None,
        )

    def _clean(self, cells: list[str], reasons: list[Reason]) -> list[str]:
        """The cells, with those that hold control characters reported and emptied.

        A column that no field takes may hold free text; those that we added say nothing of the row.
        """
        clean = cells
        for place, cell in enumerate(cells):
            if cell.isprintable() or place in self._own:
                continue
            field = self._fields.get(place)
            found = (_CONTROL_IN_TEXT if field in _FREE_TEXT else _CONTROL).search(cell)
            if found:
                if clean is cells:
                    clean = list(cells)
                clean[place] = ""
                message = (
                    f"There is a control character (U+{ord(found[0]):04X}) after {found.start()} characters. "
                    "Take it out."
                )
                reasons.append(Reason(field, self._headings[place], _shorten(cell), message))
        return clean

    def _cell(self, field: str, cells: list[str]) -> str:
        place = self._places.get(field)
        return "" if place is None else cells[place].strip()

    def _words(self, field: str, cells: list[str]) -> str:
        return " ".join(self._cell(field, cells).split())

    def _wrong(self, field: str, got: str, message: str) -> Reason:
        return Reason(field, self._columns.get(field), _shorten(got), message)

    def _reference(self, cells: list[str], reasons: list[Reason], spoilt: set[str | None]) -> str:
        reference = self._words("reference", cells)
        if not reference and "reference" not in spoilt:
            reasons.append(self._wrong("reference", "", "There is no reference. Put in the force's own number."))
        return reference

    def _area(self, cells: list[str], reasons: list[Reason], spoilt: set[str | None]) -> str | None:
        text = self._cell("area", cells)
        code = self._areas.get(text) or self._areas.get(fold(text))
        if code is None and "area" not in spoilt:
            message = f"{_shorten(text)} is not an area of this feed." if text else "There is no area."
            reasons.append(self._wrong("area", text, f"{message} Expected: {self._area_names}."))
        return code

    def _grade(self, cells: list[str], reasons: list[Reason]) -> Grade | None:
        text = self._cell("grade", cells)
        if not text:
            return None
        grade = self._grades.get(text) or self._grades.get(fold(text))
        if grade is None:
            message = f"{_shorten(text)} is not a grade. Expected one of: {self._grade_words}; or leave it blank."
            reasons.append(self._wrong("grade", text, message))
        return grade

    def _moment(self, field: str, cells: list[str], reasons: list[Reason]) -> Moment | None:
        clock = ""
        if field in self._places:
            where, text = field, self._cell(field, cells)
        else:
            where, text = f"{field}_date", _MIDNIGHT.sub("", self._cell(f"{field}_date", cells))
            clock = self._cell(f"{field}_time", cells)
            if clock and not text:
                reasons.append(self._wrong(where, "", "There is a time of day without a date. Put in the date."))
                return None
        if not text:
            return None
        moment = self._times.moment(text, clock)
        if isinstance(moment, Wrong):
            if moment.in_clock and clock:
                where = f"{field}_time"
            reasons.append(self._wrong(where, f"{text} {clock}".strip(), moment.message))
            return None
        if is_future(moment, self._latest, self._latest_day):
            reasons.append(self._future(where, f"{text} {clock}".strip()))
            return None
        return moment

    def _future(self, field: str, text: str) -> Reason:
        return self._wrong(field, text, f"{text} is in the future. Check the year, the month and the day.")

    def _birth(
        self, cells: list[str], given_names: str, incident: Moment | None, reasons: list[Reason]
    ) -> tuple[date | None, date | None, str]:
        """Date of birth, expected date of birth and involvement.

        A child named as unborn whose date lies after the incident has an expected date; a child
        born after the incident was unborn at it.
        """
        unborn = fold(given_names) in self._unborn
        text = _MIDNIGHT.sub("", self._cell("date_of_birth", cells))
        if not text:
            return None, None, "unborn" if unborn else "not_recorded"
        born = self._times.day(text)
        if isinstance(born, Wrong):
            reasons.append(self._wrong("date_of_birth", text, born.message))
            return None, None, "not_recorded"
        later = incident is None or born > incident.on
        if unborn and later:
            return None, born, "unborn"
        if born > self._latest_day:
            reasons.append(self._future("date_of_birth", text))
        return born, None, "unborn" if incident is not None and later else "not_recorded"

    def _known(self, field: str, words: Mapping[str, _Value], cells: list[str], notes: list[str]) -> _Value | None:
        text = self._cell(field, cells)
        if not text:
            return None
        value = words.get(text)
        if value is None:
            value = words.get(fold(text))
        if value is None:
            notes.append(f"{self._columns[field]}: {_shorten(text)} is not understood and was left out.")
        return value

    def _why_held(self, standing: Standing, moments: tuple[Moment | None, ...]) -> Reason:
        known = [(name, moment) for name, moment in zip(MOMENTS, moments, strict=True) if moment is not None]
        told = ", ".join(f"{name} {self._shown(moment)}" for name, moment in known)
        if standing == "out_of_order":
            return Reason(None, None, "", f"The known times are out of order: {told}. Which of them is wrong?")
        doubled = next(name for name, moment in known if moment.other)
        message = (
            "The clocks went back that night and this hour happened twice; the other times do not decide which is "
            f"meant: {told}. Choose one."
        )
        return Reason(doubled, self._columns.get(doubled) or self._columns.get(f"{doubled}_time"), "", message)

    def _shown(self, moment: Moment) -> str:
        if moment.at is None:
            return f"{moment.on:%d/%m/%Y} (no time of day)"
        local = moment.at.astimezone(self._times.zone)
        shown = f"{local:%d/%m/%Y %H:%M}"
        return f"{shown} (either {moment.at:%H:%M} or {moment.other:%H:%M} UTC)" if moment.other else shown


def _folded(words: Mapping[str, _Value]) -> dict[str, _Value]:
    return {fold(word): value for word, value in words.items()}


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
