"""The first and the last times that a calendar has, recorded as anything, corrected to anything, and then shown."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from service.pathways.rules import OUTCOMES, REASONED, RECORDED_BY
from tests.http.fuzz.answers import check
from tests.http.fuzz.target import Target
from tests.http.fuzz.values import DAYS, INSTANTS

MOMENTS: list[dict[str, Any]] = [
    *({"at": at} for at in INSTANTS),
    *({"on": on} for on in DAYS),
    {"at": INSTANTS[0], "on": DAYS[0]},
    {"at": INSTANTS[0], "precision": "day"},
    {"on": DAYS[0], "precision": "second"},
    {"precision": "day"},
    {},
]


def recorder(kind: str) -> str:
    """Somebody of Wigan, or of its force, who records this kind."""
    role = RECORDED_BY[kind][0]
    return f"{role}.{'gmp' if role == 'police_liaison' else '359'}"


def seen(target: Target, pathway: str) -> None:
    """Everything that shows the pathway still does."""
    for path in (f"/api/v1/pathways/{pathway}", "/api/v1/waiting?which=everything"):
        answer = target.ask("mash_manager.359", "GET", path)
        assert answer.status_code in (200, 404), answer.text[:2000]
    for path in (f"/pathways/{pathway}", "/waiting?which=everything", "/waiting.csv"):
        assert target.ask("mash_manager.359", "GET", path).status_code in (200, 404)
    for path in ("/backlog", "/backlog.csv", "/api/v1/unshared", f"/pathways/{pathway}"):
        assert target.ask("police_liaison.gmp", "GET", path).status_code in (200, 404), path


@pytest.mark.parametrize("kind", RECORDED_BY)
def test_any_time_is_recorded_or_refused_and_what_is_recorded_can_be_shown(target: Target, kind: str) -> None:
    chance = Random(kind)
    pathway = chance.choice(target.ids["pathway"])
    for moment in chance.sample(MOMENTS, 8):
        outcome = chance.choice(OUTCOMES.get(kind) or (None,))
        detail = {key: "as told" for key, _ in REASONED.get(kind, ())}
        body = {"kind": kind, "outcome": outcome, "detail": detail} | moment
        check(target.ask(recorder(kind), "POST", f"/api/v1/pathways/{pathway}/milestones", json=body))
    seen(target, pathway)


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("preview", ["true", "false"])
def test_any_correction_is_taken_or_refused_and_what_is_taken_can_be_shown(
    target: Target, moment: dict[str, Any], preview: str
) -> None:
    chance = Random(f"{moment} {preview}")
    for milestone in chance.sample(target.ids["milestone"], 4):
        change = {"reason": "It was wrong", "source": "Log", "retract": chance.random() < 0.1} | moment
        path = f"/api/v1/milestones/{milestone}/corrections?preview={preview}"
        check(target.ask("mash_coordinator.359", "POST", path, json=change))
    seen(target, chance.choice(target.ids["pathway"]))


@pytest.mark.parametrize("at", INSTANTS)
def test_a_notice_of_any_time_is_taken_or_refused(target: Target, at: str) -> None:
    body = {
        "reference": f"06DT/{INSTANTS.index(at)}/26",
        "force": "gmp",
        "area": "359",
        "grade": "high",
        "police_attended": {"at": at},
        "children": [{"family_name": "Marsh", "given_names": "Una", "date_of_birth": "0001-01-01"}],
    }
    answer = target.ask("mash_coordinator.359", "POST", "/api/v1/notices", json=body)
    check(answer)
    if answer.status_code == 201:
        seen(target, answer.json()["pathways"][0]["pathway"])
