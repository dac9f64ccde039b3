"""The record of a discussion goes into its form and comes out of it as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from litestar.datastructures import MultiDict

from schema.ids import new_id
from schema.meetings import (
    ActionSaid,
    Agreed,
    Attendance,
    ChildRecord,
    Dissent,
    HistoryConsidered,
    Information,
    Record,
    WhatChanged,
)
from service.errors import Refused, Wrong
from service.meetings.pages import naming
from service.meetings.pages.record_form import opened, read
from service.meetings.structs import Invitee
from service.web.forms import Form

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
ADA, BEN, NURSE, BEFORE = (new_id(NOON + timedelta(seconds=n)) for n in range(4))
WHOLE = Record(
    held_from=NOON,
    held_until=NOON + timedelta(hours=1),
    form="video",
    chair="Cheryl Chair",
    attendance=[
        Attendance(agency="health", presence="represented", invitee=NURSE, name="Nia Nurse", representative="Bo"),
        Attendance(agency="childrens_social_care", presence="present", name="Mo", role_title="Manager", manager=True),
    ],
    information=[Information(agency="police", text="Two call-outs\nin May", may_be_told_to_parents="no")],
    history=HistoryConsidered(considered="Two earlier notices", missing="GP notes", confirmed_by_chair=True),
    children=[
        ChildRecord(
            child=ADA,
            said="I was scared",
            section_47="yes",
            enquiry="joint",
            lead="Sam",
            rationale="Third time",
            decided_by="Mo",
            medical=Agreed(needed=True, text="Today at 16:00"),
            legal=Agreed(needed=False),
        )
    ],
    dissent=[Dissent(agency="health", text="Too slow", escalated=True, escalated_to="Named nurse")],
    actions=[
        ActionSaid(
            what="See Ada",
            outcome_sought="Her own account",
            owner_agency="childrens_social_care",
            owner_name="Sam",
            due_at=NOON + timedelta(days=1),
            children=[ADA, BEN],
        )
    ],
    earlier_actions=[WhatChanged(action=BEFORE, what_changed="She sleeps at her aunt's")],
    next_discussion="In two weeks",
)


def read_back(fields: MultiDict[str]) -> tuple[Record, Form]:
    form = Form(fields)
    return read(fields, form, NOON + timedelta(hours=2)).record, form


def invitee(identity: UUID, agency: str, name: str) -> Invitee:
    return Invitee(
        id=identity,
        agency=agency,
        area="359",
        person=None,
        person_name=None,
        name=name,
        role_title="",
        mail="",
        required=True,
        invited_at=NOON,
    )


def test_a_whole_record_survives_its_form() -> None:
    record, form = read_back(MultiDict(opened(WHOLE, [], [ADA], [BEFORE])))
    assert form.errors == []
    assert record == WHOLE


def test_an_empty_form_is_an_empty_record_without_complaint() -> None:
    record, form = read_back(MultiDict())
    assert form.errors == []
    assert record == Record()


def test_everybody_invited_has_a_row_that_is_no_attendance() -> None:
    fields = MultiDict(opened(Record(), [invitee(NURSE, "health", "Nia Nurse")], [ADA], [BEFORE]))
    assert fields["attendance_0_name"] == "Nia Nurse"
    assert fields["children_0_child"] == str(ADA)
    assert fields["earlier_actions_0_action"] == str(BEFORE)
    record, form = read_back(fields)
    assert form.errors == []
    assert record.attendance == []
    assert [each.child for each in record.children] == [ADA]


def test_a_row_keeps_its_number_while_the_record_grows() -> None:
    police = new_id(NOON)
    asked = [invitee(police, "police", "Pat"), invitee(NURSE, "health", "Nia")]
    before, after = (MultiDict(opened(record, asked, [BEN, ADA], [BEFORE])) for record in (Record(), WHOLE))
    for fields in (before, after):
        assert fields["attendance_0_invitee"] == str(police)
        assert fields["attendance_1_invitee"] == str(NURSE)
        assert fields["children_0_child"] == str(BEN)
        assert fields["information_0_agency"] == "police"
    assert after["attendance_1_presence"] == "represented"
    assert after["attendance_2_name"] == "Mo"
    assert after["children_1_rationale"] == "Third time"
    assert read_back(after)[0].attendance == WHOLE.attendance


def test_what_is_wrong_is_shown_at_the_row_it_was_typed_in() -> None:
    fields = MultiDict([("actions_0_what", ""), ("actions_3_what", "See Ada"), ("children_2_child", str(ADA))])
    found = read(fields, Form(fields), NOON)
    wrong = Wrong("actions[0].owner_agency", "nothing", "an agency", "Say who")
    assert found.field_of(wrong) == "actions_3_owner_agency"
    assert found.field_of(Wrong("children[0].medical.text", "", "", "")) == "children_2_medical_text"
    assert found.field_of(Wrong("history.considered", "", "", "")) == "history_considered"
    assert found.field_of(Wrong("attendance", "", "", "")) == "attendance"


def test_an_earlier_action_without_an_answer_is_named_and_not_the_one_that_has_one() -> None:
    answered = MultiDict([("earlier_actions_0_action", str(BEFORE)), ("earlier_actions_0_what_changed", "")])
    answered.extend([("earlier_actions_1_action", str(ADA)), ("earlier_actions_1_what_changed", "He sleeps better")])
    found = read(answered, Form(answered), NOON)
    wrong = Wrong("earlier_actions[0].what_changed", "nothing", "what changed", "Say what changed.")
    assert found.field_of(wrong) == "earlier_actions_0_what_changed"
    told = naming.whose(Refused([wrong]), found, [], ["Visit the school", "Ring the surgery"])
    assert [each.help for each in told.wrong] == ["Say what changed (Visit the school)."]


def test_what_cannot_be_read_is_named_and_the_rest_kept() -> None:
    fields = MultiDict(
        [("held_from", "yesterday"), ("actions_0_what", "See Ada"), ("actions_0_due_at", "soonish"), ("form", "pigeon")]
    )
    record, form = read_back(fields)
    assert {error.href for error in form.errors} == {"#held_from", "#actions_0_due_at", "#form"}
    assert record.actions[0].what == "See Ada"
