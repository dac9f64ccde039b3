"""The board: what a member finds on it, in every form, and what they are not shown."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from service.actor import SYSTEM
from service.pathways import rulebook
from service.reports.board.rules.words import AS_THEY_ARE_NOW
from tests.fixtures.people import Browser, World
from tests.http.conftest import NOON

SECRET = "Quillfeather"


@pytest.fixture(autouse=True)
async def books(world: World) -> None:
    """Half a year of incidents of two areas; the latest have been left longer by the police."""
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=300)) as tx:
        await rulebook.ship(tx)
        if await tx.connection.fetchval("select count(*) from pathway"):
            return
    async with world.machine("gmp") as machine:
        for number in range(48):
            attended = NOON - timedelta(days=4 * number + 1)
            shared = attended + timedelta(hours=10 + (120 if number < 12 else 0))
            body: dict[str, Any] = {
                "reference": f"06DP/{number}/26",
                "force": "gmp",
                "area": "359" if number % 3 else "350",
                "grade": ("high", "medium", "standard")[number % 3],
                "police_attended": {"at": attended.isoformat()},
                "children": [
                    {"family_name": SECRET, "given_names": f"C{number}{n}", "date_of_birth": "2014-05-06"}
                    for n in range(2)
                ],
            }
            if shared < NOON:
                body["notice_shared"] = {"at": shared.isoformat()}
            answer = await machine.post("/api/v1/notices", json=body)
            assert answer.status_code == 201, answer.text


@pytest.fixture
async def member(world: World) -> AsyncIterator[Browser]:
    """A member of Wigan's board."""
    async with await world.signed_in("board_member", "359") as browser:
        yield browser


async def test_a_member_lands_on_it_and_is_told_how_long_where_and_who(member: Browser, world: World) -> None:
    assert (await member.get("/")).headers["location"] == "/board"
    page = unescape((await member.get("/board")).text)
    for said in ("Child-days at unassessed risk", "Where the time goes", "What was promised", "The ledger", "Residual"):
        assert said in page
    assert "as known now" in page
    assert "Small numbers are told as ranges" in page
    assert SECRET not in page
    assert "06DP" not in page
    stage = re.search(r'href="(/board/stages/police_share[^"]*)"', page)
    assert stage is not None
    shown = (await member.get(stage[1])).text
    assert "How many are in it" in shown
    assert "Ways out" in shown
    assert (await member.get("/board/stages/nothing")).status_code == 404
    async with await world.signed_in("senior_leader", "359") as leader:
        assert (await leader.get("/")).headers["location"] == "/board"
        assert "Small numbers are told as ranges" not in (await leader.get("/board")).text


async def test_the_first_screen_says_where_the_delay_is_if_it_is_real_how_sure_and_what_was_promised(
    member: Browser, world: World
) -> None:
    async with await world.signed_in("mash_manager", "359") as manager:
        finding = re.search(r'href="(/plans/new[?][^"]+)">Make it a promise', (await manager.get("/board")).text)
        assert finding is not None
        form = unescape((await manager.get(unescape(finding[1]))).text)
        # What the finding says, its figure and the agency that it asks are there already.
        assert re.search(r'<div class="govuk-inset-text">[^<]+\d', form)
        assert len(re.findall(r'<option value="[^"]+" selected>', form)) >= 2
        owner = re.search(r'<select[^>]*id="owner".*?<option value="([0-9a-f-]{36})"', form, re.DOTALL)
        assert owner is not None
        made = await manager.form(
            "/plans/new",
            area="359",
            what="A second officer shares notices at weekends",
            figure="police_share.median",
            group="all/all",
            owner=owner[1],
            agency="police",
            due_on="1/12/2026",
        )
        assert made.status_code == 303, made.text
    page = unescape((await member.get("/board")).text)
    assert "Make it a promise" not in page
    answers = re.findall(r'app-answers__question">([^<]+)</dt><dd class="app-answers__says">(.*?)</dd>', page)
    told = {question: re.sub(r"<[^>]+>", " ", said) for question, said in answers}
    assert page.index("app-answers") < page.index("<svg")
    where = told["Where is most of the delay?"]
    assert re.search(r"(In transit|Triage), with the police: \d+% of the time waited", where)
    assert re.search(r"(High|Medium|Standard) grade has most of it by grade: \d+%", where)
    assert re.match(r"(Yes|No)", told["Is it a real change?"])
    assert re.search("variation|varies|too few values", told["Is it a real change?"])
    assert re.search(r"[Hh]alf wait .* \d+ (or more )?waits", told["How sure is that?"])
    assert "A second officer shares notices at weekends" in told["What was promised last time?"]
    # The figure as it was then and as it is now, each with the days of its quarter.
    days = r"\(October to December 2026, until \w{3} \d+ Nov 2026\)"
    assert re.search(rf" {days} then, .+ {days} now", told["What was promised last time?"])


async def test_the_board_says_of_each_stage_whether_it_changes_and_how_long_children_stay(
    member: Browser, world: World
) -> None:
    page = unescape((await member.get("/board")).text)
    assert "Does the number waiting grow?" in page
    assert "Within the limit: variation and assurance" in page
    async with await world.signed_in("senior_leader", "359") as leader:
        # Not ten incidents in four weeks: the time between them, which a member of the board is not told.
        assert "Days between one incident" in (await leader.get("/board/stages/police_share")).text
        assert "Days between one incident" not in (await member.get("/board/stages/police_share")).text
        # Nor the curve: among so few each step would be one child.
        drawn = unescape((await leader.get("/board/stages/police_share")).text)
        assert "Still in it" in drawn
        for said in (
            "Limit, high: 4 hours",
            "Limit, standard: 72 hours",
            "The standard's limit",
            "Which way they leave",
        ):
            assert said in drawn
        page = (await member.get("/board/stages/police_share")).text
        assert "Still in it" not in page
        assert "There are too few to draw, or too few may be told." in page


async def test_a_member_chooses_quarters_alone_and_is_told_why(member: Browser, world: World) -> None:
    page = (await member.get("/board?from=2026-08-03&to=2026-09-10")).text
    assert "Choose a whole quarter." in page
    for days, status in (
        ("from=2026-07-01&to=2026-09-30", 200),
        ("as_of=2026-10-01", 200),
        ("from=x", 422),
        ("as_of=2031-01-01", 422),
        ("as_of=0001-01-01", 422),
        ("area=350", 200),
    ):
        answer = await member.get(f"/board?{days}")
        assert answer.status_code == status, days
        assert SECRET not in answer.text
    for path in ("/board", "/board/pack"):
        then = (await member.get(f"{path}?as_of=2026-10-01")).text
        assert "as had been reported" in then
        assert AS_THEY_ARE_NOW in then
        assert AS_THEY_ARE_NOW not in (await member.get(path)).text
    assert "Choose the end of the quarter." in (await member.get("/board?as_of=2026-11-01")).text
    async with await world.signed_in("mash_manager", "359") as manager:
        assert "whole quarter" not in (await manager.get("/board?from=2026-08-03&to=2026-09-10")).text


async def test_the_workbooks_follow_the_guidance_on_spreadsheets(member: Browser) -> None:
    books = {}
    for ending in ("xlsx", "ods"):
        answer = await member.get(f"/board/pack.{ending}")
        assert answer.status_code == 200
        assert f".{ending}" in answer.headers["content-disposition"]
        books[ending] = answer.content
    read = {
        ending: {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        for ending, content in books.items()
        for book in [CalamineWorkbook.from_filelike(BytesIO(content))]
    }
    assert list(read["ods"]) == list(read["xlsx"])
    assert list(read["xlsx"])[:3] == ["Cover", "Contents", "Notes"]
    assert {row[0] for row in read["xlsx"]["Notes"]} >= {"[c]", "[x]", "[z]"}
    for name, rows in read["ods"].items():
        header = next(place for place, row in enumerate(rows) if place and all(row))
        assert all(all(cell != "" for cell in row) for row in rows[header:]), f"{name} has an empty cell"
        assert len(rows) == len(read["xlsx"][name])
    told = str(read["xlsx"]["Stages"])
    assert "[c]" in told
    assert SECRET not in str(read)
    with ZipFile(BytesIO(books["xlsx"])) as package:
        tables = [name for name in package.namelist() if name.startswith("xl/tables/")]
        assert len(tables) == len(read["xlsx"])
        assert not any(b"mergeCell" in package.read(name) for name in package.namelist())
    with ZipFile(BytesIO(books["ods"])) as package:
        assert package.infolist()[0].filename == "mimetype"
        assert package.read("content.xml").count(b"<table:database-range ") == len(read["ods"])


async def test_the_printed_pack_is_tagged_and_the_data_have_a_dictionary(member: Browser, world: World) -> None:
    pdf = PdfReader(BytesIO((await member.get("/board/pack.pdf")).content))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "Where the time goes" in text
    assert SECRET not in text
    assert "What every figure means" in (await member.get("/board/pack")).text
    rows = list(csv.DictReader(StringIO((await member.get("/board/data.csv")).text.removeprefix("\ufeff"))))
    known = list(csv.DictReader(StringIO((await member.get("/board/dictionary.csv")).text.removeprefix("\ufeff"))))
    assert {row["table"] for row in rows} <= {row["table"] for row in known}
    assert ("ledger", "Residual", "0") in {(row["table"], row["row"], row["value"]) for row in rows}
    async with world.app.state.database.transaction(SYSTEM) as tx:
        counted = await tx.connection.fetch("select action, count(*) from audit where action like 'board%' group by 1")
    assert dict(counted)["board_downloaded"] >= 4


async def test_a_file_is_never_of_another_period_than_was_asked(member: Browser, world: World) -> None:
    files = ("pack.pdf", "pack.xlsx", "pack.ods", "data.csv", "dictionary.csv")
    for number, path in enumerate(files):
        days = (
            "from=garbage",
            "from=2027-01-01&to=2027-02-01",
            "as_of=2027-01-01",
            "to=2026-11-01",
            "as_of=2026-10-01x",
        )
        answer = await member.get(f"/board/{path}?{days[number]}")
        assert answer.status_code == 422, path
        assert "content-disposition" not in answer.headers
    assert "There is a problem" in (await member.get("/board/pack?from=garbage")).text
    assert (await member.get("/board/data.csv?area=350")).status_code == 403
    async with await world.signed_in("mash_manager", "359") as manager:
        answer = await manager.get("/board/data.csv?to=2026-11-01")
        assert "board-2026-07-27-to-2026-11-01.csv" in answer.headers["content-disposition"]


async def test_a_change_is_marked_on_the_picture_and_taken_back_by_those_who_lead(
    member: Browser, world: World
) -> None:
    assert (await member.get("/board/changes")).status_code == 403
    async with await world.signed_in("mash_manager", "359") as manager:
        refused = await manager.form("/board/changes", on="tomorrow", words="")
        assert refused.status_code == 422
        assert 'href="#words"' in refused.text or 'href="#on"' in refused.text
        done = await manager.form("/board/changes", on="5/10/2026", words="Triage works on Sundays", new_baseline="yes")
        assert done.status_code == 303
        page = (await manager.get("/board/changes")).text
        assert "begin again" in page
        mark = re.search(r"/board/changes/([0-9a-f-]+)/take-back", page)
        assert mark is not None
        assert "Mon 5 Oct 2026: Triage works on Sundays" in (await member.get("/board")).text
        told = (await member.get("/api/v1/reports/board")).json()
        assert [each["words"] for each in told["changes"]] == ["Triage works on Sundays"]
        assert told["commentary"]["summary"]
        async with await world.signed_in("mash_manager", "350") as other:
            assert (await other.form(f"/board/changes/{mark[1]}/take-back")).status_code == 404
            body = {"area": "359", "on": "2026-10-05", "words": "Not mine"}
            assert (await other.json("POST", "/api/v1/reports/changes", body)).status_code == 403
        assert (await manager.form(f"/board/changes/{mark[1]}/take-back")).status_code == 303
        assert (await manager.form(f"/board/changes/{mark[1]}/take-back")).status_code == 404
        assert "Nothing is marked yet" in (await manager.get("/board/changes")).text


async def test_a_leader_tries_more_hands_and_is_told_what_that_takes_for_granted(world: World) -> None:
    async with await world.signed_in("senior_leader", "359") as leader:
        tried = unescape((await leader.get("/board/what-if?lever=triage_hours&amount=3&each=2&after=1")).text)
        assert "With the change" in tried
        assert "3 triage hours more each week, each for 2 children. It begins after 1 week." in tried
        for wrong in (
            "amount=x",
            "amount=nan",
            "each=0",
            "after=99",
            "lever=nothing&amount=inf",
            "lever=threshold&amount=140",
        ):
            refused = await leader.get(f"/board/what-if?{wrong}")
            assert refused.status_code == 422, wrong
            # Of another question than was asked there is no answer.
            assert "With the change" not in refused.text
            assert "Nothing was tried" in refused.text
            assert ("Choose what changes from the list." in refused.text) == ("nothing" in wrong)
        typed = (await leader.get("/board/what-if?lever=allocations&amount=x&each=3")).text
        assert "Enter a number." in typed
        assert 'value="allocations" selected' in typed
        assert 'name="each" maxlength="12" value="3"' in typed
        nobody = unescape((await leader.get("/board?from=2010-01-01&to=2010-03-31")).text)
        assert "nobody was notified in the period" in nobody
        assert "not estimable, from" not in nobody
        assert (
            "Nobody entered in the period."
            in (await leader.get("/board/stages/unassessed?from=2010-01-01&to=2010-03-31")).text
        )
    async with await world.signed_in("board_member", "359") as member:
        # Two notices a week are too few to be told: it says what it takes, and who can try it.
        shown = unescape((await member.get("/board/what-if")).text)
        assert "it takes 8 whole weeks in a row of which every number may be told" in shown
        assert "who leads here can try this with every number" in shown
