"""A notice as a form types it: boxes to the one struct, and the struct back to boxes for carry-over."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from schema.notices import Notice, NoticeChild, Urgent, When
from schema.vocabulary import INVOLVEMENTS, NO_CHILD_REASONS, SEXES
from service.children.likeness import Said
from service.children.rules import normalise_name
from service.errors import Wrong
from service.intake.notices import rules
from service.intake.notices.store import Places, School
from service.web import moments
from service.web.forms import Form

GROUP: Final = "children"
LONG: Final = 10_000
GRADES: Final = ("high", "medium", "standard", "ungraded")
#: The boxes for times, in the order of a police notice, with what they are called in an error.
BOXES: Final = {
    "incident_occurred": "when it happened",
    "police_reported": "when it was reported to police",
    "police_attended": "when police attended",
    "notice_submitted": "when the officer's record was complete",
    "notice_received": "when the notice arrived",
}
#: Whom police may have told, as the page offers them.
TOLD: Final = (
    "Emergency duty team",
    "Social worker",
    "School",
    "Health visitor or midwife",
    "Domestic abuse service",
    "Probation",
)
#: What the box for the school takes besides the name of one.
SCHOOL_WORDS: Final = {
    "not of school age": "not_of_school_age",
    "home educated": "home_educated",
    "not in education": "not_in_education",
    "not known": "unknown",
}
_CHILD: Final = re.compile(r"children\[(\d+)\](?:\.(\w+))?")
_BLANK: Final = ("given_names", "family_name", "born", "said_or_showed", "school", "safe_contact", "local_reference")


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What a form says: the notice, and which row of the form each of its children stands in."""

    notice: Notice
    rows: tuple[int, ...]

    def field(self, wrong: Wrong) -> str:
        """The box that a refusal is about."""
        found = _CHILD.match(wrong.field)
        if found is None:
            known = wrong.field.partition(".")[0]
            return "no_child_reason" if known == GROUP and not self.rows else known
        row = self.rows[int(found[1])] if int(found[1]) < len(self.rows) else 0
        name = found[2] or "given_names"
        box = {"date_of_birth": "born", "expected_date_of_birth": "born"}.get(name, name)
        return f"{GROUP}_{row}_{box}"


def blank(form: Form, row: int) -> bool:
    """Whether nothing was typed in a child's row: such a row is no child."""
    return not any(form.value(f"{GROUP}_{row}_{box}").strip() for box in _BLANK)


def said(form: Form, row: int, now: datetime) -> Said:
    """A row's child as far as it can be read, for possible matches; nothing is told to be wrong."""
    try:
        born = moments.read_day(form.value(f"{GROUP}_{row}_born"), now, future=True)
    except moments.Unreadable:
        born = None
    if form.value(f"{GROUP}_{row}_involvement") == "unborn":
        born = None
    return Said(
        family_name=_family(form, row).strip()[:200],
        given_names=form.value(f"{GROUP}_{row}_given_names").strip()[:200],
        date_of_birth=born,
    )


def key(child: Said) -> str:
    """What was compared: a choice among possible matches stands while this stays the same."""
    return f"{child.normal_name} {child.date_of_birth or ''}".strip()


def read(form: Form, count: int, now: datetime, places: Places, schools: Sequence[School], *, receives: bool) -> Typed:
    """Read the whole form; everything that cannot be read is told to the form.

    Args:
        form: what was sent.
        count: rows of children.
        now: the present instant.
        places: where the actor may log.
        schools: those of the areas.
        receives: whether the actor receives notices, rather than sends them.
    """
    reference = form.text("reference", "the police reference", required=True, longest=60)
    force = form.choice("force", "the force", places.forces, required=True)
    area = form.choice("area", "the area", places.areas, required=True)
    grade = form.choice("grade", "the grade, or say that none was given", GRADES, required=True)
    boxes = [box for box in BOXES if receives or box != "notice_received"]
    times = {box: _when(form, box, now) for box in boxes}
    urgent = form.text("urgent_reason", "why it is urgent for a child", longest=LONG, lines=True)
    if form.ticked("urgent") and urgent is None:
        form.fail("urgent_reason", "Enter why it is urgent for a child")
    rows = tuple(row for row in range(count) if not blank(form, row))
    children = [_child(form, row, now, area, schools) for row in rows]
    other = form.text("told_other", "whom else police told")
    notice = Notice(
        reference=reference or "",
        force=force or "",
        area=area or "",
        grade=cast(Any, grade or "ungraded"),
        district=form.text("district", "the police district"),
        grade_rationale=form.text("grade_rationale", "the reason for the grade", longest=LONG, lines=True) or "",
        urgent_for_child=Urgent(reason=urgent) if form.ticked("urgent") and urgent else None,
        summary=form.text("summary", "what happened", longest=LONG, lines=True) or "",
        told=[*form.choices("told", "whom police told", TOLD), *([other] if other else [])],
        children=children,
        no_child_reason=cast(
            Any, form.choice("no_child_reason", "why no child is named", NO_CHILD_REASONS) if not rows else None
        ),
        order_confirmed=form.ticked("order_confirmed"),
        **times,
    )
    return Typed(notice=notice, rows=rows)


def refuse(form: Form, typed: Typed, wrong: Sequence[Wrong]) -> list[str]:
    """Tell the form what a service or rule found wrong; the moments whose order is asked about."""
    asked = []
    for each in wrong:
        name = typed.field(each)
        if name in rules.NAMES and each.expected.startswith("not before "):
            before = each.expected.removeprefix("not before ").partition(" (")[0]
            what = rules.NAMES[name]
            form.fail(name, f"{what[:1].upper()}{what[1:]} is before {before}. Correct it, or tick that both are right")
            asked.append(name)
        else:
            form.fail(name, (each.help or f"Expected {each.expected}").rstrip("."))
    return asked


def carried(notice: Notice) -> dict[str, str]:
    """What the next notice of the same incident begins with: the incident, and the last child's household."""
    values = {
        "reference": notice.reference,
        "force": notice.force,
        "area": notice.area,
        "grade": notice.grade,
        "district": notice.district or "",
        "grade_rationale": notice.grade_rationale,
        "summary": notice.summary,
    }
    if notice.urgent_for_child:
        values |= {"urgent": "yes", "urgent_reason": notice.urgent_for_child.reason}
    for box in BOXES:
        when: When | None = getattr(notice, box)
        if when is not None:
            shown = moments.When(at=when.at, on=when.on, precision=when.precision or ("day" if when.on else "minute"))
            values[box] = moments.shown(shown)
    if notice.children:
        last = notice.children[-1]
        values[f"{GROUP}_0_family_name"] = last.family_name
        values[f"{GROUP}_0_safe_contact"] = last.safe_contact or ""
        values[f"{GROUP}_0_confidential_address"] = "yes" if last.confidential_address else ""
    return values


def _when(form: Form, box: str, now: datetime) -> When | None:
    found = form.when(box, BOXES[box], now)
    return When(at=found.at, on=found.on, precision=found.precision) if found else None


def _family(form: Form, row: int) -> str:
    """A row's family name, or that of the rows above where it is the same."""
    typed = form.value(f"{GROUP}_{row}_family_name")
    if typed.strip() or row == 0 or not form.ticked(f"{GROUP}_{row}_same_surname"):
        return typed
    return _family(form, row - 1)


def _household(form: Form, row: int) -> tuple[str | None, bool]:
    """Safe contact and confidential marker: the row's own, or those of the rows above for the same address."""
    contact = form.text(f"{GROUP}_{row}_safe_contact", "the safe contact", longest=LONG, lines=True)
    confidential = form.ticked(f"{GROUP}_{row}_confidential_address")
    if row > 0 and form.ticked(f"{GROUP}_{row}_same_address"):
        above, marked = _household(form, row - 1)
        return contact or above, confidential or marked
    return contact, confidential


def _child(form: Form, row: int, now: datetime, area: str | None, schools: Sequence[School]) -> NoticeChild:
    at = f"{GROUP}_{row}_"
    involvement = form.choice(f"{at}involvement", "how the child was involved", INVOLVEMENTS) or "not_recorded"
    unborn = involvement == "unborn"
    born = form.day(f"{at}born", "the date of birth", now, future=True)
    if born is not None and not unborn:
        born = form.day(f"{at}born", "the date of birth", now)
    form.text(f"{at}family_name", "the family name")
    contact, confidential = _household(form, row)
    school, status = _school(form, f"{at}school", area, schools)
    values: dict[str, Any] = {
        "family_name": _family(form, row).strip(),
        "given_names": form.text(f"{at}given_names", "the given names") or "",
        "date_of_birth": None if unborn else born,
        "expected_date_of_birth": born if unborn else None,
        "sex": form.choice(f"{at}sex", "the sex", SEXES),
        "involvement": involvement,
        "seen_at_scene": form.choice(f"{at}seen", "whether the child was seen", ("yes", "no")),
        "not_seen_because": form.text(f"{at}not_seen", "why the child was not seen", longest=LONG, lines=True) or "",
        "said_or_showed": form.text(f"{at}said_or_showed", "what the child said or showed", longest=LONG, lines=True)
        or "",
        "school": school,
        "school_status": status,
        "ethnicity": form.text(f"{at}ethnicity", "the ethnicity"),
        "disability": form.text(f"{at}disability", "the disability"),
        "local_reference": form.text(f"{at}local_reference", "the council's reference"),
        "safe_contact": contact,
        "confidential_address": confidential,
        "child": _settled(form, row, now),
    }
    return NoticeChild(**values)


def _settled(form: Form, row: int, now: datetime) -> UUID | None:
    """The known child whom a person chose, where that was chosen of what is typed now."""
    chosen = form.value(f"{GROUP}_{row}_child")
    shown = form.value(f"{GROUP}_{row}_shown")
    if not chosen or chosen in {"different", "later"} or shown != key(said(form, row, now)):
        return None
    try:
        return UUID(chosen)
    except ValueError:
        form.fail(f"{GROUP}_{row}_given_names", "Choose again whether this child is known")
        return None


def _school(form: Form, name: str, area: str | None, schools: Sequence[School]) -> tuple[Any, Any]:
    typed = form.text(name, "the school")
    if typed is None:
        return None, None
    if status := SCHOOL_WORDS.get(typed.casefold()):
        return None, status
    wanted = normalise_name(typed)
    found = [each for each in schools if normalise_name(each.name) == wanted]
    chosen = next((each for each in found if each.area == area), found[0] if found else None)
    if chosen is None:
        form.fail(name, "No school of that name is listed. Choose one from the list, or write Not known")
        return None, None
    return chosen.id, "at_school"
