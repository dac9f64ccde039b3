"""Quoracy, the best slot, who must take part, and when an action was overdue: the pure rules."""

from datetime import UTC, datetime, timedelta
from inspect import signature
from itertools import pairwise
from typing import Any, get_args
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from schema.meetings import TAKES_PART, TOOK_PART, Agency, Answer, Asked, Attendance, InviteeSaid, Presence, SlotSaid
from schema.vocabulary import AGENCIES
from service.actor import Actor, Grant
from service.meetings import rules
from service.meetings.acting.rules import IN_TIME, Event, Overdue, overdue
from service.meetings.holding.quoracy import best, quoracy
from service.meetings.requesting.rules import wrong_with_invitee, wrong_with_request, wrong_with_slots
from service.meetings.routes import handlers
from service.meetings.structs import Answered, Invitee, Required, Slot

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
_NAMES = UUID("0b5c1f9e-3a57-4b0e-8f5d-6d3d5a1f2c22")
THREE = ("childrens_social_care", "police", "health")
agencies = st.sampled_from(get_args(Agency))
attendances = st.lists(
    st.builds(Attendance, agency=agencies, presence=st.sampled_from(get_args(Presence)), manager=st.booleans()),
    max_size=8,
)


def uuid(name: object) -> UUID:
    return uuid5(_NAMES, str(name))


def test_the_closed_list_of_agencies_is_the_vocabularys() -> None:
    assert get_args(Agency) == AGENCIES


@given(attendances, st.sets(agencies))
def test_quorate_means_that_nobody_required_is_missing(attendance: list[Attendance], required: set[str]) -> None:
    found = quoracy(attendance, required)
    assert found.quorate == (not found.missing)
    assert set(found.missing) <= {*required, "childrens_social_care"}
    assert set(found.present) == {each.agency for each in attendance if each.presence in TOOK_PART}
    if found.quorate:
        assert required <= set(found.present)
        assert any(each.manager and each.presence == "present" for each in attendance)


@given(attendances, st.sets(agencies))
def test_more_attendance_never_undoes_a_quorum_and_what_was_only_sent_never_makes_one(
    attendance: list[Attendance], required: set[str]
) -> None:
    more = [*attendance, Attendance(agency="police", presence="present")]
    assert quoracy(more, required).quorate >= quoracy(attendance, required).quorate
    sent = [
        *attendance,
        *(Attendance(agency=each, presence="sent_information", manager=True) for each in get_args(Agency)),
    ]
    assert quoracy(sent, required).quorate == quoracy(attendance, required).quorate


def test_a_manager_is_present_in_person() -> None:
    others = [Attendance(agency="police", presence="present"), Attendance(agency="health", presence="represented")]
    ours = Attendance(agency="childrens_social_care", presence="represented", manager=True)
    found = quoracy([ours, *others], THREE)
    assert (found.quorate, found.missing) == (False, ("childrens_social_care",))
    assert found.rule == (
        "A manager of children's social care must be present, and the police and health present or represented."
    )


@given(attendances)
def test_of_several_from_one_agency_the_best_counts(attendance: list[Attendance]) -> None:
    found = best(attendance)
    assert set(found) == {each.agency for each in attendance}
    for agency, presence in found.items():
        if any(each.agency == agency and each.presence == "present" for each in attendance):
            assert presence == "present"


SLOTS = [Slot(id=uuid(n), starts_at=NOW + timedelta(hours=n), ends_at=NOW + timedelta(hours=n + 1)) for n in (1, 2, 3)]
INVITEES = [
    Invitee(
        id=uuid(agency),
        agency=agency,
        area="359",
        person=None,
        person_name=None,
        name="",
        role_title="",
        mail="",
        required=True,
        invited_at=NOW,
    )
    for agency in THREE
]
answers = st.dictionaries(
    st.tuples(st.sampled_from(SLOTS), st.sampled_from(INVITEES)), st.sampled_from(get_args(Answer)), max_size=9
)


@given(answers, st.none() | st.integers(0, 4), st.integers(0, 4))
def test_the_first_slot_to_come_that_all_required_accept_stands_first(
    said: dict[tuple[Slot, Invitee], Answer], due: int | None, passed: int
) -> None:
    told = [
        Answered(slot=slot.id, invitee=who.id, answer=answer, representative="", note="", at=NOW, by_name=None)
        for (slot, who), answer in said.items()
    ]
    due_at = None if due is None else NOW + timedelta(hours=due)
    now = NOW + timedelta(hours=passed)
    found = rules.ranked(SLOTS, told, INVITEES, THREE, due_at, now)
    assert {each.slot.id for each in found} == {slot.id for slot in SLOTS}
    complete = [s for s in SLOTS if s.ends_at >= now and all(said.get((s, who)) in TAKES_PART for who in INVITEES)]
    assert [each.slot for each in found if each.first] == complete[:1]
    if complete:
        assert found[0].slot == complete[0]
    rest = [each.slot.starts_at for each in found if not each.first]
    assert rest == sorted(rest)
    for each in found:
        assert each.in_time == (None if due_at is None else each.slot.starts_at <= due_at)
        assert not set(each.missing) & set(each.accepted_by)
    silent = {who.agency for who in INVITEES if not any(key[1] == who for key in said)}
    assert set(rules.waits_for(SLOTS, told, INVITEES, THREE)) == silent


def entry(agency: str, day: int, *, required: bool = True, area: str | None = None) -> Required:
    at = NOW + timedelta(days=day)
    return Required(area=area, agency=agency, required=required, effective_from=at, basis="", recorded_at=at)


def test_an_areas_own_rule_goes_before_the_general_one_from_its_day_on() -> None:
    entries = [
        entry("police", -100),
        entry("health", -100),
        entry("education", 10, area="359"),
        entry("health", 5, required=False, area="350"),
        entry("health", 20, area="350"),
    ]
    assert rules.required_on(entries, "359", NOW) == ("police", "health")
    assert rules.required_on(entries, "359", NOW + timedelta(days=10)) == ("police", "health", "education")
    assert rules.required_on(entries, "350", NOW + timedelta(days=6)) == ("police",)
    assert rules.required_on(entries, "350", NOW + timedelta(days=20)) == ("police", "health")


def test_an_invitation_by_name_is_that_persons_and_an_agencys_is_its_peoples() -> None:
    nurse = Actor(
        kind="person", id=uuid("nurse"), name="", grants=(Grant(role="partner", area="359", agency="health"),)
    )
    officer = Actor(kind="person", id=uuid("officer"), name="", grants=(Grant(role="police_liaison", force="gmp"),))
    mine = {each.agency: rules.is_mine(each, nurse, ["gmp"]) for each in INVITEES}
    assert mine == {"childrens_social_care": False, "police": False, "health": True}
    assert [each.agency for each in INVITEES if rules.is_mine(each, officer, ["gmp"])] == ["police"]
    assert not any(rules.is_mine(each, officer, ["mers"]) for each in INVITEES)


def event(kind: str, hour: int, *, due: int | None = None, at: int | None = None) -> Event:
    return Event(
        id=uuid((kind, hour)),
        kind=kind,
        at=NOW + timedelta(hours=hour if at is None else at),
        recorded_at=NOW + timedelta(hours=hour),
        by_name=None,
        note="",
        evidence="",
        due_at=None if due is None else NOW + timedelta(hours=due),
        owner_agency=None,
        owner_name=None,
        discussion=None,
    )


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 60)), max_size=5), st.none() | st.integers(51, 80))
def test_every_due_time_that_passed_is_one_stretch_and_they_never_overlap(
    moves: list[tuple[int, int]], done: int | None
) -> None:
    events = [event("given", 0, due=10)]
    events += [event("due_changed", hour, due=hour + more) for hour, more in sorted(dict(moves).items())]
    if done is not None:
        events.append(event("done", done))
    found = overdue(events)
    assert len({each.episode for each in found}) == len(found)
    assert all(each.true_until is None or each.true_until > each.true_from for each in found)
    assert all(a.true_until is not None and a.true_until <= b.true_from for a, b in pairwise(found))
    assert [each.true_until is None for each in found].count(True) == (done is None)


def test_done_in_time_and_told_late_ends_the_flag_when_it_is_told() -> None:
    stretches = overdue([event("given", 0, due=10), event("done", 20, at=9)])
    since, told = NOW + timedelta(hours=10), NOW + timedelta(hours=20)
    assert stretches == [Overdue(episode=uuid(("given", 0)), true_from=since, true_until=told, cause=IN_TIME)]


def test_a_request_says_why_and_names_a_manager_of_the_area_and_keeps_its_times_in_order() -> None:
    manager, clerk = uuid("manager"), uuid("clerk")
    known = {manager: "Mo Manager"}
    late = NOW + timedelta(hours=1)

    def fields(me: UUID, **more: Any) -> list[str]:
        asked = Asked(**{"pathways": [uuid("ada")], "reason": "Hit", **more})
        return [each.field for each in wrong_with_request(asked, known, me, NOW)]

    assert fields(manager) == []
    assert fields(clerk, manager=manager) == []
    assert fields(manager, reason="  ") == ["reason"]
    assert fields(clerk) == ["manager"]
    assert fields(manager, manager=clerk) == ["manager"]
    assert fields(manager, threshold_at=late) == ["threshold_at"]
    assert fields(manager, requested_at=NOW - timedelta(hours=2), threshold_at=NOW) == ["threshold_at"]
    assert fields(manager, invitees=[InviteeSaid(agency="health", mail="nobody")]) == ["invitees[0].mail"]
    assert fields(manager, slots=[SlotSaid(starts_at=late, ends_at=NOW)]) == ["slots[0].ends_at"]


def test_every_change_names_the_version_it_is_based_on() -> None:
    free = {
        handler.operation_id
        for handler in handlers
        if not handler.http_methods <= {"GET", "HEAD"} and "if_match" not in signature(handler.fn).parameters
    }
    # What is new, what is one's own word, what asks again, and what is only ever added.
    assert free == {"RequestDiscussion", "AnswerSlot", "Chase", "RequireAgency"}


def test_slots_that_cannot_be_are_refused_one_by_one() -> None:
    def said(start: float, end: float) -> SlotSaid:
        return SlotSaid(starts_at=NOW + timedelta(hours=start), ends_at=NOW + timedelta(hours=end))

    assert wrong_with_slots([said(1, 2), said(3, 4)], [SLOTS[1]], NOW) == []
    fields = [each.field for each in wrong_with_slots([said(2, 1), said(-3, -2), said(5, 30), said(5, 6)], [], NOW)]
    assert fields == [
        "slots",
        "slots[0].ends_at",
        "slots[1].starts_at",
        "slots[2].ends_at",
        "slots[3].starts_at",
    ]


def test_an_address_that_would_break_a_mails_header_is_refused() -> None:
    for bad in ("nobody", "a@", "a@b@c", "a@b\nBcc: c@d", "a b@c"):
        assert wrong_with_invitee(InviteeSaid(agency="health", mail=bad), "x"), bad
    assert wrong_with_invitee(InviteeSaid(agency="health", mail="a@b.example"), "x") == []
