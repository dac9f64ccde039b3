"""What pages say of where a child stands, in words that are true and end where they should."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from schema.holders import load_holders
from schema.spine import Milestone
from service.actor import Actor, Grant
from service.pathways.lists.store import WaitingCounts
from service.pathways.pages import telling, wording
from service.pathways.pages.steps import first_step, steps
from service.pathways.view.store import Head

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
ID = UUID("01890000-0000-7000-8000-000000000001")
HOUR = timedelta(hours=1)

HEAD = Head(
    pathway=ID,
    incident=ID,
    area="359",
    force="gmp",
    involvement="saw_or_heard",
    reference="06DA/1/26",
    district=None,
    summary=None,
    child=ID,
    family_name="Sutton",
    given_names="Ada",
    date_of_birth=date(2014, 5, 1),
    expected_date_of_birth=None,
    sex="F",
    ethnicity=None,
    disability=None,
    local_reference=None,
    school_status="at_school",
    school_name=None,
    confidential_address=False,
    safe_contact=None,
    first_grade="medium",
    grade="medium",
    urgent=False,
    stage="front_door",
    holder="childrens_social_care",
    held_since=NOW - 72 * HOUR,
    waiting_since=NOW - 72 * HOUR,
    outcome=None,
    decided_at=None,
    withdrawn=False,
    next_due_at=NOW - 24 * HOUR,
    next_due_standard="contact_decision",
    police_view=False,
)
COUNTS = WaitingCounts(
    deciding=17,
    deciding_late=4,
    late=9,
    today=1,
    police=3,
    us=4,
    meeting=5,
    unallocated=6,
    everything=30,
    longest_since=NOW - 147 * HOUR,
)


def said(now: datetime = NOW, due_name: str = "", **changed: object) -> str:
    return wording.head_sentence(msgspec.structs.replace(HEAD, **changed), now, due_name)


def test_the_head_says_how_long_for_whom_and_how_late() -> None:
    assert said() == "Waiting 3 days for children's social care to decide. 1 day late since yesterday 09:00."


def test_the_end_of_a_day_is_never_called_midnight_of_the_next() -> None:
    assert said(next_due_at=datetime(2026, 11, 4, 0, 0, tzinfo=UTC)).endswith(
        "9 hours late since the end of Tue 3 Nov."
    )


def test_what_is_due_names_itself_where_the_child_waits_for_something_else() -> None:
    text = said(due_name="School told", next_due_at=NOW + 2 * HOUR)
    assert text.endswith("decide. School told: due in 2 hours, today 11:00.")


def test_a_check_is_a_part_of_the_wait_and_not_a_new_one() -> None:
    text = said(stage="information", holder="health", held_since=NOW - HOUR, next_due_at=None)
    assert text == "Waiting 3 days for a decision, 1 hour of it for an answer from health."


def test_a_liaison_is_told_the_category_and_no_more() -> None:
    assert said(police_view=True, stage="decided", outcome="early_help") == "Decided: early help."
    assert said(police_view=True, stage="waiting_for_decision") == "Shared, waiting for a decision."
    arrived = said(police_view=True, stage="waiting_for_decision", sent_before=datetime(2026, 3, 4, 9, 12, tzinfo=UTC))
    assert arrived == "Shared, waiting for a decision. Sent before Wed 4 Mar 09:12; when is not recorded."
    midnight = datetime(2026, 3, 5, tzinfo=UTC)
    by_day = said(
        police_view=True, stage="decided", outcome="early_help", sent_before=midnight, shared_on=date(2026, 3, 4)
    )
    assert by_day == "Decided: early help. Sent by the end of Wed 4 Mar; when is not recorded."


def test_the_list_begins_with_one_sentence() -> None:
    sentence = wording.waiting_sentence(COUNTS, NOW)
    assert sentence == ("17 children are waiting for a decision. 4 are late; the longest has waited 6 days 3 hours.")
    one = msgspec.structs.replace(COUNTS, deciding=1, deciding_late=0, longest_since=NOW - HOUR)
    assert wording.waiting_sentence(one, NOW) == (
        "1 child is waiting for a decision. None is late; it has waited 1 hour."
    )
    assert "No child graded high" in wording.waiting_sentence(msgspec.structs.replace(COUNTS, deciding=0), NOW, "high")


@pytest.mark.parametrize("stage", sorted({row.stage for row in load_holders() if row.stage} | {"information"}))
def test_every_stage_has_words_and_a_next_step_for_somebody(stage: str) -> None:
    assert wording.stage(stage) != stage.replace("_", " ").capitalize() or stage in {"closed", "withdrawn"}
    everybody = Actor(
        kind="person",
        id=ID,
        name="x",
        grants=tuple(
            Grant(role=role, area=area)
            for role in ("mash_manager", "team_manager", "conference_service")
            for area in ("359", "350")
        ),
    )
    assert steps(everybody, ID, stage, "359", "gmp").now
    assert len(steps(everybody, ID, stage, "359", "gmp").now) <= 3


def test_a_coordinator_drafts_and_a_stranger_only_opens() -> None:
    coordinator = Actor(kind="person", id=ID, name="x", grants=(Grant(role="mash_coordinator", area="359"),))
    assert first_step(coordinator, ID, "front_door", "359", "gmp", allocate=False).text == "Draft decision"
    assert first_step(coordinator, ID, "front_door", "350", "gmp", allocate=False).text == "Open"


def test_what_happened_is_told_in_five_words() -> None:
    assert wording.happened("Neighbour called police after shouting at night", "unborn") == (
        "Neighbour called police after shouting…"
    )
    assert wording.happened(None, "saw_or_heard") == "Saw or heard it"


def test_recording_later_is_said_and_ids_are_not() -> None:
    milestone = Milestone(
        id=ID,
        root=ID,
        record=ID,
        kind="allocated",
        at=NOW - 2 * HOUR,
        on=None,
        precision="minute",
        recorded_at=NOW,
        detail={"worker": str(ID), "worker_name": "Jo Field", "team": str(ID), "team_name": "East", "decider": str(ID)},
    )
    assert telling.recorded_after(milestone) == "recorded 2 hours later"
    assert telling.facts(milestone.detail, {}) == [("Worker", "Jo Field"), ("Team", "East")]
    assert telling.title(msgspec.structs.replace(milestone, kind="contact_decided", outcome="early_help")) == (
        "Decided what happens: early help"
    )


def test_what_was_said_with_a_milestone_is_words_and_never_an_id_or_a_machines_time() -> None:
    detail = {
        "check": str(ID),
        "agency": "health",
        "postponed_from": "2026-11-19T10:00:00+00:00",
        "cause": "Nurse away",
    }
    assert telling.facts(detail, {}) == [
        ("Agency", "Health"),
        ("Postponed from", "Thu 19 Nov 2026 10:00"),
        ("Cause", "Nurse away"),
    ]


def test_why_a_flag_ended_is_said() -> None:
    assert telling.cause_words("met:contact_decided") == ": decided what happens"
    assert telling.cause_words("corrected") == ", by a correction"
    assert telling.cause_words(None) == ""
