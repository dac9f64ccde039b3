"""The record of a discussion as a form, and the form as a record. Pure.

Fields carry the names of the record's own: ``children_0_rationale`` is ``children[0].rationale``. A row that says
nothing is no row of the record, so rows of the form and of the record are counted apart (`Read.field_of`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeVar, get_args
from uuid import UUID

import msgspec

from schema.meetings import (
    ActionSaid,
    Agreed,
    Attendance,
    ChildRecord,
    Dissent,
    EnquiryType,
    HistoryConsidered,
    Information,
    MayBeTold,
    Presence,
    Record,
    SectionFortySeven,
    WhatChanged,
)
from schema.meetings import Form as MeetingForm
from schema.vocabulary import AGENCIES
from service.errors import Wrong
from service.meetings.structs import Invitee
from service.web.forms import Form, field_name, rows
from service.web.moments import When, shown

T = TypeVar("T", bound=msgspec.Struct)
Group = Literal["attendance", "information", "children", "dissent", "actions", "earlier_actions"]
MOST: Final[dict[Group, int]] = {
    "attendance": 60,
    "information": 60,
    "children": 40,
    "dissent": 20,
    "actions": 60,
    "earlier_actions": 120,
}
#: What may be needed for a child, with what is written about it.
NEEDS: Final = ("immediate_protection", "medical", "interview", "legal")
_LONG: Final = 10_000
_POINTER: Final = re.compile(r"(\w+)\[(\d+)\](.*)\Z")


class Read(msgspec.Struct, frozen=True):
    """What a form said; ``rows`` are the form's row numbers behind each group of the record."""

    record: Record
    rows: Mapping[str, list[int]]

    def field_of(self, wrong: Wrong) -> str:
        """The field of the form that one wrong value of the record came from."""
        found = _POINTER.match(wrong.field)
        if found is None:
            return field_name(wrong)
        group, number, rest = found[1], int(found[2]), found[3].replace(".", "_")
        # The rows of earlier actions are fixed, those without an answer too; others are numbered as they were sent.
        known = [] if group == "earlier_actions" else self.rows.get(group, [])
        row = known[number] if number < len(known) else number
        return f"{group}_{row}{rest}" if rest else f"{group}_{row}_{_FIRST.get(group, 'text')}"


#: The field that stands for a whole row.
_FIRST: Final = {
    "attendance": "presence",
    "children": "rationale",
    "actions": "what",
    "earlier_actions": "what_changed",
}


def read(sent: Mapping[str, Any], form: Form, now: datetime) -> Read:
    """Read the form; what cannot be read is in its errors, what is incomplete is the service's to say."""
    numbers: dict[str, list[int]] = {}

    def group(name: Group, one: Callable[[Form, str, datetime], T | None]) -> list[T]:
        found = []
        numbers[name] = []
        for number in range(rows(sent, name, at_least=0, at_most=MOST[name])):
            made = one(form, f"{name}_{number}_", now)
            if made is not None:
                found.append(made)
                numbers[name].append(number)
        return found

    record = Record(
        held_from=_instant(form, "held_from", "when it began", now),
        held_until=_instant(form, "held_until", "when it ended", now),
        form=_choice(form, "form", "how it was held", get_args(MeetingForm)),
        chair=form.text("chair", "who chaired") or "",
        claimed_quorate=_yes_no(form, "claimed_quorate", "whether it was quorate"),
        attendance=group("attendance", _attendance),
        information=group("information", _information),
        history=HistoryConsidered(
            considered=_lines(form, "history_considered", "the history considered"),
            missing=_lines(form, "history_missing", "what was missing"),
            confirmed_by_chair=form.ticked("history_confirmed_by_chair"),
        ),
        children=group("children", _child),
        dissent=group("dissent", _dissent),
        actions=group("actions", _action),
        earlier_actions=group("earlier_actions", _earlier),
        next_discussion=_lines(form, "next_discussion", "the next discussion"),
    )
    return Read(record, numbers)


def _attendance(form: Form, at: str, now: datetime) -> Attendance | None:
    del now
    presence = _choice(form, f"{at}presence", "how they took part", get_args(Presence))
    agency = _choice(form, f"{at}agency", "an agency", AGENCIES)
    name = form.text(f"{at}name", "the name") or ""
    if presence is None:
        if name and not form.value(f"{at}invitee"):
            form.fail(f"{at}presence", "Choose how they took part")
        return None
    if agency is None:
        form.fail(f"{at}agency", "Choose an agency")
        return None
    return Attendance(
        agency=agency,
        presence=presence,
        invitee=_id(form.value(f"{at}invitee")),
        name=name,
        role_title=form.text(f"{at}role_title", "the role") or "",
        representative=form.text(f"{at}representative", "the representative") or "",
        manager=form.ticked(f"{at}manager"),
    )


def _information(form: Form, at: str, now: datetime) -> Information | None:
    del now
    text = _lines(form, f"{at}text", "what was shared")
    agency = _choice(form, f"{at}agency", "an agency", AGENCIES)
    if not text:
        return None
    if agency is None:
        form.fail(f"{at}agency", "Choose the agency that shared this")
        return None
    told = _choice(form, f"{at}may_be_told_to_parents", "whether parents may be told", get_args(MayBeTold))
    return Information(
        agency=agency,
        text=text,
        name=form.text(f"{at}name", "the name") or "",
        may_be_told_to_parents=told or "ask_its_owner",
    )


def _child(form: Form, at: str, now: datetime) -> ChildRecord | None:
    del now
    child = _id(form.value(f"{at}child"))
    if child is None:
        return None
    return ChildRecord(
        child=child,
        said=_lines(form, f"{at}said", "what the child said"),
        showed=_lines(form, f"{at}showed", "what the child showed"),
        daily_life=_lines(form, f"{at}daily_life", "the child's daily life"),
        not_known_because=_lines(form, f"{at}not_known_because", "why it is not known"),
        section_47=_choice(form, f"{at}section_47", "whether an enquiry is needed", get_args(SectionFortySeven)),
        enquiry=_choice(form, f"{at}enquiry", "joint or single agency", get_args(EnquiryType)),
        lead=form.text(f"{at}lead", "who leads") or "",
        alternative=_lines(form, f"{at}alternative", "what happens instead"),
        rationale=_lines(form, f"{at}rationale", "the rationale"),
        decided_by=form.text(f"{at}decided_by", "who decided") or "",
        parents_told=_lines(form, f"{at}parents_told", "what parents are told"),
        **{need: _agreed(form, f"{at}{need}") for need in NEEDS},
    )


def _agreed(form: Form, at: str) -> Agreed:
    needed = _yes_no(form, f"{at}_needed", "whether it is needed")
    return Agreed(needed=needed, text=_lines(form, f"{at}_text", "what was agreed"))


def _dissent(form: Form, at: str, now: datetime) -> Dissent | None:
    del now
    text = _lines(form, f"{at}text", "what was not agreed to")
    agency = _choice(form, f"{at}agency", "an agency", AGENCIES)
    if not text:
        return None
    if agency is None:
        form.fail(f"{at}agency", "Choose the agency that did not agree")
        return None
    return Dissent(
        agency=agency,
        text=text,
        name=form.text(f"{at}name", "the name") or "",
        escalated=form.ticked(f"{at}escalated"),
        escalated_to=form.text(f"{at}escalated_to", "to whom") or "",
    )


def _action(form: Form, at: str, now: datetime) -> ActionSaid | None:
    what = _lines(form, f"{at}what", "what is to be done")
    sought = _lines(form, f"{at}outcome_sought", "the outcome sought")
    agency = _choice(form, f"{at}owner_agency", "an agency", AGENCIES)
    name = form.text(f"{at}owner_name", "the owner's name") or ""
    due = _instant(form, f"{at}due_at", "by when", now, future=True)
    if not (what or sought or agency or name or form.value(f"{at}due_at").strip()):
        return None
    children = [found for each in form.values(f"{at}children") if (found := _id(each)) is not None]
    return ActionSaid(
        what=what, outcome_sought=sought, owner_agency=agency, owner_name=name, due_at=due, children=children
    )


def _earlier(form: Form, at: str, now: datetime) -> WhatChanged | None:
    del now
    action = _id(form.value(f"{at}action"))
    text = _lines(form, f"{at}what_changed", "what changed")
    return WhatChanged(action=action, what_changed=text) if action and text else None


def _lines(form: Form, name: str, what: str) -> str:
    return form.text(name, what, longest=_LONG, lines=True) or ""


def _choice(form: Form, name: str, what: str, options: Iterable[str]) -> Any:
    return form.choice(name, what, tuple(options))


def _yes_no(form: Form, name: str, what: str) -> bool | None:
    said = form.choice(name, what, ("yes", "no"))
    return None if said is None else said == "yes"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _instant(form: Form, name: str, what: str, now: datetime, *, future: bool = False) -> datetime | None:
    when = form.when(name, what, now, future=future)
    if when is not None and when.at is None:
        form.fail(name, f"Give the time of day too: {what}")
        return None
    return when.at if when else None


def opened(
    record: Record, invitees: Sequence[Invitee], children: Sequence[UUID], earlier: Sequence[UUID]
) -> list[tuple[str, str]]:
    """What the form shows: names and values, several of one name where several are ticked.

    There is a row for everybody invited, every child and every earlier action, in their own order and whether or not
    the record says something about them; what else the record has stands after them. So a row keeps its number
    while the record grows, and two people's forms can be compared.

    Args:
        record: the draft or the record that is corrected; an empty one at the first opening.
        invitees: who was asked to take part. Being asked is no attendance: their rows have none until somebody says.
        children: the children that are talked about.
        earlier: actions of the last discussion that are asked about.
    """
    quorate = record.claimed_quorate
    pairs = _fields("", record) + _fields("history_", record.history)
    pairs += [("claimed_quorate", "yes" if quorate else "no")] if quorate is not None else []
    came = {each.invitee: _fields("", each) for each in record.attendance if each.invitee}
    asked = [came.get(each.id) or _asked(each) for each in invitees]
    pairs += _rows("attendance", asked, [each for each in record.attendance if each.invitee not in _ids(invitees)])
    told: dict[str, Information] = {each.agency: each for each in reversed(record.information)}
    agencies = dict.fromkeys(each.agency for each in invitees)
    first = [_fields("", told[each]) if each in told else [("agency", each)] for each in agencies]
    rest = [each for each in record.information if each.agency not in agencies or each is not told[each.agency]]
    pairs += _rows("information", first, rest)
    known = {each.child: each for each in record.children}
    pairs += _rows("children", [_fields("", known.get(child) or ChildRecord(child=child)) for child in children], [])
    changed = {each.action: each for each in record.earlier_actions}
    before = [_fields("", changed.get(action) or WhatChanged(action=action)) for action in earlier]
    pairs += _rows("earlier_actions", before, [])
    return [*pairs, *_rows("dissent", [], record.dissent), *_rows("actions", [], record.actions)]


def _asked(invitee: Invitee) -> list[tuple[str, str]]:
    pairs = [("agency", invitee.agency), ("invitee", str(invitee.id))]
    pairs += [("name", invitee.person_name or invitee.name), ("role_title", invitee.role_title)]
    return [(name, value) for name, value in pairs if value]


def _ids(invitees: Iterable[Invitee]) -> set[UUID | None]:
    return {each.id for each in invitees}


def _rows(
    group: Group, first: Sequence[list[tuple[str, str]]], rest: Sequence[msgspec.Struct]
) -> list[tuple[str, str]]:
    every = [*first, *(_fields("", each) for each in rest)]
    return [(f"{group}_{number}_{name}", value) for number, row in enumerate(every) for name, value in row]


def _fields(at: str, row: msgspec.Struct) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in msgspec.structs.asdict(row).items():
        if isinstance(value, Agreed):
            needed = "" if value.needed is None else "yes" if value.needed else "no"
            found += [(f"{at}{name}_needed", needed), (f"{at}{name}_text", value.text)]
        elif isinstance(value, datetime):
            found.append((f"{at}{name}", shown(When(at=value, on=None, precision="minute"))))
        elif isinstance(value, list):
            found += [(f"{at}{name}", str(each)) for each in value if isinstance(each, UUID)]
        elif value is True and name != "claimed_quorate":
            found.append((f"{at}{name}", "yes"))
        elif isinstance(value, (str, UUID)):
            found.append((f"{at}{name}", str(value)))
    return [(name, value) for name, value in found if value]
