"""Which steps a page offers first."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.actor import Actor, Grant
from service.pathways.pages.steps import steps

PATHWAY = UUID("01890000-0000-7000-8000-000000000001")


def offered(role: str, stage: str, *running: str) -> list[str]:
    actor = Actor(kind="person", id=PATHWAY, name="Somebody", grants=(Grant(role=role, area="359"),))
    return [step.kind for step in steps(actor, PATHWAY, stage, "359", "gmp", running=running).now]


@pytest.mark.parametrize(
    ("running", "first"),
    [
        (("child_seen_enquiry", "assessment"), ["child_seen", "assessment_authorised"]),
        (("core_group", "first_review", "assessment"), ["core_group_held", "review_held", "assessment_authorised"]),
        (("later_review",), ["review_held"]),
        ((), ["child_seen", "enquiry_started", "assessment_authorised"]),
    ],
)
def test_with_a_lead_social_worker_what_is_owed_first_is_offered_first(
    running: tuple[str, ...], first: list[str]
) -> None:
    assert offered("team_manager", "lead_social_worker", *running)[: len(first)] == first


def test_what_a_role_does_not_record_is_not_offered_however_late_it_is() -> None:
    assert "review_held" not in offered("social_worker", "lead_social_worker", "later_review")


def test_elsewhere_the_stage_says_what_comes_next() -> None:
    assert offered("mash_manager", "front_door", "later_review")[0] == "contact_decided"
