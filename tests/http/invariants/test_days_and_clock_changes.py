"""Local days, clock changes and days without a time, from the API to the page (invariant 8; bugs 1, 3 and 4)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from service.actor import SYSTEM
from service.intake.files import service as files
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.invariants.conftest import Family, notice
from tests.http.invariants.test_every_view_leaves_a_trace import VIEWS, filled

_TAG = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)


def young(reference: str, **more: Any) -> dict[str, Any]:
    """A notice of a child too young for school, so that no school day is involved."""
    child = {
        "family_name": "Marsh",
        "given_names": reference.replace("/", " "),
        "date_of_birth": "2025-02-03",
        "school_status": "not_of_school_age",
    }
    return notice(reference, **more) | {"children": [child]}


async def push(world: World, body: dict[str, Any]) -> str:
    async with world.machine("gmp") as machine:
        answer = await machine.post("/api/v1/notices", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["pathways"][0]["pathway"])


async def clocks(world: World, pathway: str) -> dict[str, Any]:
    async with await world.signed_in("mash_coordinator", "359") as browser:
        answer = await browser.get(f"/api/v1/pathways/{pathway}")
    assert answer.status_code == 200, answer.text
    return {each["clock"]["standard"]: each["clock"] for each in answer.json()["clocks"]}


@pytest.mark.parametrize(
    ("now", "attended", "due"),
    [
        # High: four elapsed hours, over the hour that does not exist and over the one that exists twice.
        ("2026-03-29T12:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T04:30:00Z"),
        ("2026-10-25T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T04:30:00Z"),
        ("2026-10-25T12:00:00Z", "2026-10-25T01:30:00+01:00", "2026-10-25T04:30:00Z"),
        ("2026-10-25T12:00:00Z", "2026-10-25T01:30:00+00:00", "2026-10-25T05:30:00Z"),
        ("2027-01-01T09:00:00Z", "2026-12-31T22:30:00Z", "2027-01-01T02:30:00Z"),
    ],
)
async def test_elapsed_hours_are_elapsed_hours_whatever_the_wall_says(
    world: World, now: str, attended: str, due: str
) -> None:
    world.timepiece.set(datetime.fromisoformat(now))
    reference = f"06DX/{abs(hash((now, attended))) % 10**8}/26"
    pathway = await push(world, young(reference, grade="high", police_attended={"at": attended}))
    assert (await clocks(world, pathway))["police_share"]["due_at"] == due


@pytest.mark.parametrize(
    ("received", "ends"),
    [
        ("2026-12-24T17:30:00Z", date(2026, 12, 29)),
        ("2026-12-31T23:30:00Z", date(2027, 1, 4)),
        ("2026-04-02T10:00:00Z", date(2026, 4, 7)),
        ("2026-07-10T22:30:00Z", date(2026, 7, 13)),
        ("2026-07-12T23:30:00Z", date(2026, 7, 14)),
    ],
    ids=["Christmas", "new year", "Easter", "Friday half past eleven", "Monday half past midnight"],
)
async def test_the_first_working_day_after_is_not_a_holiday(world: World, received: str, ends: date) -> None:
    world.timepiece.set(datetime.fromisoformat(received) + timedelta(minutes=5))
    reference = f"06DY/{received[:13]}/26"
    moments = {"police_attended": {"at": received}, "notice_shared": {"at": received}}
    pathway = await push(world, young(reference, **moments, notice_received={"at": received}))
    clock = (await clocks(world, pathway))["contact_decision"]
    due = datetime.fromisoformat(clock["due_at"])
    last = due - timedelta(seconds=1) if clock["end_of_day"] else due
    assert last.astimezone(UTC) <= datetime(ends.year, ends.month, ends.day, 23, 59, 59, tzinfo=UTC)
    assert local_day(last) == ends


def local_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Europe/London")).date()


async def test_today_ends_at_local_midnight(world: World) -> None:
    """British summer time: due at 23:30 is today's work, due at 00:30 is tomorrow's."""
    world.timepiece.set(datetime(2026, 7, 10, 12, 0, tzinfo=UTC))
    tonight = await push(world, young("06DZ/1/26", police_attended={"at": "2026-07-09T22:30:00Z"}))
    tomorrow = await push(world, young("06DZ/2/26", police_attended={"at": "2026-07-09T23:30:00Z"}))
    async with await world.signed_in("mash_coordinator", "359") as browser:
        today = (await browser.get("/api/v1/waiting?which=today")).json()
        everything = (await browser.get("/api/v1/waiting?which=everything")).json()
    assert {tonight, tomorrow} <= {row["pathway"] for row in everything["rows"]}
    due = {row["pathway"]: row["next_due_at"] for row in everything["rows"]}
    assert (due[tonight], due[tomorrow]) == ("2026-07-10T22:30:00Z", "2026-07-10T23:30:00Z")
    shown = {row["pathway"] for row in today["rows"]}
    assert tonight in shown
    assert tomorrow not in shown


async def test_what_arrives_round_midnight_is_counted_once_on_its_own_day(world: World) -> None:
    world.timepiece.set(datetime(2026, 5, 20, 12, 0, tzinfo=UTC))
    for number, submitted in enumerate(("2026-05-14T22:30:00Z", "2026-05-14T23:30:00Z", "2026-05-15T22:59:00Z")):
        body = young(
            f"06DV/{number}/26", police_attended={"at": "2026-05-14T20:00:00Z"}, notice_submitted={"at": submitted}
        )
        await push(world, body)
    async with await world.signed_in("police_liaison", "gmp") as browser:
        flow = (await browser.get("/api/v1/unshared")).json()["flow"]
    arrived = {row["day"]: row["arrived"] for row in flow}
    assert (arrived["2026-05-14"], arrived["2026-05-15"], arrived["2026-05-16"]) == (1, 2, 0)
    assert sum(arrived.values()) == 3


async def test_a_day_never_gets_a_midnight_on_any_page_or_in_any_answer(world: World) -> None:
    body = young("06DW/1/26", police_attended={"on": "2026-11-02"}, notice_submitted={"on": "2026-11-02"})
    pathway = await push(world, body)
    async with await world.signed_in("mash_coordinator", "359") as browser:
        view = (await browser.get(f"/api/v1/pathways/{pathway}")).json()
    attended = [each["milestone"] for each in view["timeline"] if each["milestone"]["kind"] == "police_attended"]
    assert [(each["at"], each["on"], each["precision"]) for each in attended] == [(None, "2026-11-02", "day")]

    family = Family({}, pathway, pathway)
    shown = 0
    for route in VIEWS:
        if "{pathway" not in route.path and "{" in route.path:
            continue
        for role in route.allow.roles:
            async with await world.signed_in(role, "gmp" if role == "police_liaison" else "359") as someone:
                answer = await someone.get(filled(route, family)[0])
            if "06DW" in answer.text:
                shown += 1
                assert_no_midnight(answer, route.path)
    assert shown >= 3


def assert_no_midnight(answer: httpx.Response, path: str) -> None:
    """Nothing says midnight of the day; the end of a day is said as such."""
    if "html" not in answer.headers["content-type"]:
        for wrong in ("2026-11-02T00:00", "2026-11-01T23:59", "2026-11-02 00:00", "02/11/2026 00:00", "2 Nov 00:00"):
            assert wrong not in answer.text, f"{path} says {wrong}"
        return
    text = " ".join(_TAG.sub(" ", answer.text).split())
    for wrong in ("00:00", "12am", "12:00am", "midnight"):
        assert wrong not in text, f"{path}: …{text[max(0, text.index(wrong) - 120) : text.index(wrong) + 40]}…"


FILE = (
    "Occurrence No,Incident Date,Incident Time,Date/Time Attended,DAB Submitted,Risk (Officer),District,LA,"
    "Child Surname,Child Forename(s),DOB,Sex,Child Seen,Referred to CSC,Summary\r\n"
)


async def test_the_hour_that_exists_twice_is_decided_held_or_refused_in_a_police_file(world: World) -> None:
    world.timepiece.set(datetime(2026, 11, 3, 12, 0, tzinfo=UTC))
    rows = {
        # Only British summer time keeps the order: the record was submitted at 01:10 the first time round.
        "06DU/1/26": "25/10/2026,00:40,25/10/2026 00:50,25/10/2026 01:30",
        "06DU/2/26": "25/10/2026,01:20,25/10/2026 01:40,25/10/2026 02:30",
        "06DU/3/26": "29/03/2026,00:40,29/03/2026 01:30,29/03/2026 02:30",
        "06DU/4/26": "25/10/2026,00:10,25/10/2026 00:20,25/10/2026 00:30",
    }
    lines = [
        f"{reference},{times},High,Leigh,Wigan,Marsh,Una {number},03/02/2025,F,Y,,Text\r\n"
        for number, (reference, times) in enumerate(rows.items())
    ]

    async def pieces() -> Any:
        yield (FILE + "".join(lines)).encode()

    database = world.app.state.database
    async with database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
        )
    identity = await files.store_file(database, SYSTEM, pieces(), feed="gmp", file_name="x.csv")
    summary = await files.run_import(database, identity)
    async with database.transaction(SYSTEM) as tx:
        found = await tx.connection.fetch("select reference, outcome from import_row where import = $1", identity)
        exact = await tx.connection.fetch(
            "select i.reference, m.occurred_at from milestone as m join pathway as p on p.id = m.pathway"
            " join incident as i on i.id = p.incident where m.kind = 'police_attended' and i.reference like '06DU%'"
        )
    outcomes = {row["reference"]: row["outcome"] for row in found}
    assert summary.read == 4
    assert outcomes["06DU/2/26"] == "held"
    assert outcomes["06DU/3/26"] == "refused"
    assert outcomes["06DU/4/26"] == "accepted"
    assert dict(map(tuple, exact))["06DU/4/26"] == datetime(2026, 10, 24, 23, 20, tzinfo=UTC)
