"""What the generator tells is what the one door takes: same words, same reasons, the right people."""

from collections import Counter
from uuid import UUID

import pytest

from schema.vocabulary import INVOLVEMENTS, NO_CHILD_REASONS, ROLES, SCHOOL_STATUSES
from service.demo.generator.partnership import partnership
from service.demo.generator.shapes import SyntheticPathway
from service.pathways.rules import RECORDED_BY, Entry, wrong_with
from tests.unit.demo.conftest import UNTIL

NOBODY = UUID(int=0)
ROLE_OF = {person.key: person.role for person in partnership().people}


def test_nothing_told_would_be_refused(everything: list[SyntheticPathway]) -> None:
    """As typed entries: vocabulary, outcomes, reasons, precision and the future."""
    wrong: Counter[str] = Counter()
    for pathway in everything:
        for told in pathway.milestones:
            entry = Entry(
                pathway=NOBODY,
                kind=told.kind,
                at=told.at,
                on=told.on,
                precision=told.precision,
                outcome=told.outcome,
                detail=told.detail,
                source=told.source,
                supersedes=NOBODY if told.supersedes is not None else None,
                retracted=told.retracted,
                reason=told.reason,
            )
            wrong.update(f"{told.kind}: {problem.field}" for problem in wrong_with(entry, UNTIL))
    assert not wrong


def test_everybody_records_only_what_their_role_records(everything: list[SyntheticPathway]) -> None:
    wrong = {
        (told.kind, told.recorded_by)
        for pathway in everything
        for told in pathway.milestones
        if told.source == "typed" and ROLE_OF[told.recorded_by] not in RECORDED_BY[told.kind]
    }
    assert not wrong


def test_people_named_in_details_work_in_the_partnership(everything: list[SyntheticPathway]) -> None:
    deciders = {person.key for person in partnership().people if person.decides_contacts}
    teams = {team.key for team in partnership().teams}
    for pathway in everything:
        for told in pathway.milestones:
            if told.kind == "contact_decided":
                assert told.detail["decided_by"] in deciders
            if told.kind == "allocated":
                assert ROLE_OF[told.detail["worker"]] == "social_worker"
                assert told.detail["team"] in teams


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_somebody_to_sign_in(role: str) -> None:
    assert role in ROLE_OF.values()


def test_sign_ins_are_unique_and_scoped() -> None:
    people = partnership().people
    assert len({person.key for person in people}) == len(people) == len({person.name for person in people})
    assert all(person.key == person.key.lower() for person in people)
    assert {"coordinator.wigan", "manager.bolton", "edt.rochdale", "liaison.gmp"} <= set(ROLE_OF)
    for person in people:
        assert (person.force is not None) == (person.role == "police_liaison")
        assert (person.area is None) == (person.role in ("police_liaison", "administrator", "auditor"))


def test_children_and_incidents_use_the_closed_lists(everything: list[SyntheticPathway]) -> None:
    schools = {school.key: school.area for school in partnership().schools}
    for pathway in everything:
        assert pathway.involvement in INVOLVEMENTS
        if pathway.child is None:
            assert pathway.incident.no_child_reason in NO_CHILD_REASONS
            continue
        assert pathway.incident.no_child_reason is None
        child = pathway.child
        assert child.school_status in SCHOOL_STATUSES
        assert child.school is None or schools[child.school] == child.area
        assert child.sex in ("F", "M", "U")
        assert child.date_of_birth or child.expected_date_of_birth


def test_one_child_has_one_record_and_one_pathway_per_incident(everything: list[SyntheticPathway]) -> None:
    records: dict[str, object] = {}
    seen = set()
    for pathway in everything:
        if pathway.child is not None:
            assert records.setdefault(pathway.child.reference, pathway.child) == pathway.child
            key = (pathway.incident.reference, pathway.child.reference)
            assert key not in seen
            seen.add(key)


def test_a_shared_record_is_the_same_fact_on_every_pathway(everything: list[SyntheticPathway]) -> None:
    facts: dict[str, object] = {}
    for pathway in everything:
        for told in pathway.milestones:
            if told.record is not None:
                fact = (told.kind, told.at, told.on, told.outcome, told.detail)
                assert facts.setdefault(told.record, fact) == fact
