"""The drawn two years: repeatable, ordered, and never ahead of their own end."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.vocabulary import RANK
from service.demo.generator import generate
from service.demo.generator.shapes import SyntheticMilestone, SyntheticPathway
from tests.unit.demo.conftest import SEED, UNTIL


def current(pathway: SyntheticPathway) -> list[SyntheticMilestone]:
    """What stands after corrections, retracted rows left out, in the order of the vocabulary."""
    replaced = {told.supersedes for told in pathway.milestones}
    return [told for index, told in enumerate(pathway.milestones) if index not in replaced and not told.retracted]


def test_the_same_seed_gives_the_same_two_years(drawn: list[SyntheticPathway]) -> None:
    again = generate(SEED, UNTIL)
    assert all(first == second for first, second in zip(drawn, again, strict=True))


def test_another_seed_gives_other_people(drawn: list[SyntheticPathway]) -> None:
    other = next(iter(generate(SEED + 1, UNTIL, 0.05)))
    assert other != drawn[0]


def test_two_years_hold_about_three_thousand_incidents_and_five_and_a_half_thousand_children(
    drawn: list[SyntheticPathway],
) -> None:
    named = [pathway for pathway in drawn if pathway.child]
    assert 2700 < len({pathway.incident.reference for pathway in named}) < 3200
    assert 5000 < len(named) < 6100
    first = next(told.at for told in drawn[0].milestones if told.kind == "police_attended")
    assert first is not None
    assert timedelta(days=725) < UNTIL - first < timedelta(days=735)


@pytest.mark.parametrize("scale", [0.02, 0.3])
def test_a_part_of_the_partnership_can_be_asked_for(scale: float) -> None:
    named = sum(pathway.child is not None for pathway in generate(SEED, UNTIL, scale))
    assert 5500 * scale * 0.7 < named < 5500 * scale * 1.4 + 260


@pytest.mark.parametrize(
    "until",
    [
        UNTIL,
        datetime(2026, 12, 27, 3, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 59, 59, 999, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    ],
)
def test_nothing_happens_or_is_recorded_after_the_end(until: datetime) -> None:
    for pathway in generate(SEED, until, 0.2):
        for told in pathway.milestones:
            assert told.at is not None
            assert told.at <= told.recorded_at <= until
            assert told.at.tzinfo is UTC
            assert told.at.second == told.at.microsecond == told.recorded_at.microsecond == 0


def test_times_stand_in_order(drawn: list[SyntheticPathway]) -> None:
    """As recorded first, and as it stands after corrections."""
    for pathway in drawn:
        first = [(str(told.at), RANK[told.kind]) for told in pathway.milestones if told.supersedes is None]
        assert first == sorted(first)
        stands = sorted(current(pathway), key=lambda told: (str(told.at), RANK[told.kind]))
        kinds = [told.kind for told in stands if told.kind in ORDERED]
        assert kinds == sorted(kinds, key=ORDERED.index), kinds


ORDERED = [
    "incident_occurred", "police_reported", "police_attended", "notice_submitted", "notice_shared",
    "notice_received", "contact_decided", "referral_accepted", "assessment_authorised", "closed",
]  # fmt: skip


def test_incidents_come_in_the_order_police_attended_them(drawn: list[SyntheticPathway]) -> None:
    attended = [next(t.at for t in pathway.milestones if t.kind == "police_attended") for pathway in drawn]
    assert attended == sorted(attended, key=str)


def test_a_child_met_again_keeps_its_record(drawn: list[SyntheticPathway]) -> None:
    named = [pathway.child.reference for pathway in drawn if pathway.child]
    repeats = 1 - len(set(named)) / len(named)
    assert 0.2 < repeats < 0.4


def test_a_correction_names_what_it_corrects(drawn: list[SyntheticPathway]) -> None:
    corrected = [pathway for pathway in drawn if any(t.supersedes is not None for t in pathway.milestones)]
    assert len(corrected) > 20
    for pathway in corrected:
        right = pathway.milestones[-1]
        assert right.supersedes is not None
        assert right.reason
        wrong = pathway.milestones[right.supersedes]
        assert wrong.kind == right.kind
        assert wrong.recorded_at < right.recorded_at
