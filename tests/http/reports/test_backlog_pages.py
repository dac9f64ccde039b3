"""The backlog as a liaison works it: figures, sharing, declining, regrading, and the list as a file."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import Browser, World
from tests.http.conftest import NOON


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=30)) as tx:
        await rulebook.ship(tx)


async def push(world: World, reference: str, *names: str, days: float = 2, **more: Any) -> list[str]:
    """A machine pushes an incident that police attended some days ago; its pathways."""
    body = {
        "reference": reference,
        "force": "gmp",
        "area": "359",
        "district": "Wigan West",
        "grade": "medium",
        "police_attended": {"at": (NOON - timedelta(days=days)).isoformat()},
        "children": [
            {"family_name": "Sutton", "given_names": name, "date_of_birth": f"2012-05-{number + 1:02}"}
            for number, name in enumerate(names)
        ],
    } | more
    async with world.machine("gmp") as machine:
        answer = await machine.post("/api/v1/notices", json=body)
    assert answer.status_code == 201, answer.text
    return [each["pathway"] for each in answer.json()["pathways"]]


async def liaison(world: World) -> Browser:
    return await world.signed_in("police_liaison", "gmp")


async def incident_of(world: World, pathway: str) -> str:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        return str(await tx.connection.fetchval("select incident from pathway where id = $1", UUID(pathway)))


def field(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return unescape(found[1])


async def references(browser: Browser, query: str = "") -> list[str]:
    text = (await browser.get(f"/backlog{query}")).text
    return re.findall(r"Share (06DB/\d+/26)</span></label>", text)


async def test_an_incident_of_two_children_counts_once_and_the_oldest_high_comes_first(world: World) -> None:
    await push(world, "06DB/1/26", "Ada", "Bea", days=3)
    await push(world, "06DB/2/26", "Cai", days=19)
    await push(world, "06DB/3/26", "Dee", days=1, grade="high")
    async with await liaison(world) as browser:
        shown = (await browser.get("/backlog")).text
        assert "3 incidents with children are not yet shared; 2 medium." in shown
        assert "The oldest medium is 19 days old." in shown
        assert await references(browser) == ["06DB/3/26", "06DB/2/26", "06DB/1/26"]
        assert await references(browser, "?grade=high") == ["06DB/3/26"]
        assert await references(browser, "?first=medium") == ["06DB/2/26", "06DB/1/26"]
        assert await references(browser, "?due=late&sort=reference") == ["06DB/1/26", "06DB/2/26", "06DB/3/26"]
        assert await references(browser, "?area=350") == []
        assert (await browser.get("/backlog?page=99999999&sort=x&grade=none")).status_code == 200


async def test_i_share_one_incident_with_one_press_and_it_leaves_the_list(world: World) -> None:
    pathways = await push(world, "06DB/10/26", "Efa", "Fay")
    incident = await incident_of(world, pathways[0])
    async with await liaison(world) as browser:
        answer = await browser.form("/backlog/share", only=incident, back="/backlog?grade=medium")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/backlog?grade=medium&done=shared&incidents=1&children=2"
        shown = (await browser.get(answer.headers["location"])).text
        assert "1 incident shared, 2 children" in shown
        assert "06DB/10/26" not in await references(browser)
        again = await browser.form("/backlog/share", only=incident)
    assert again.status_code == 409
    assert "shared or decided on already" in again.text


async def test_what_arrived_without_word_of_its_sending_has_left_the_list_and_its_page_says_what_is_not_known(
    world: World,
) -> None:
    (pathway,) = await push(
        world, "06DB/11/26", "Gwen", notice_received={"at": (NOON - timedelta(hours=3)).isoformat()}
    )
    incident = await incident_of(world, pathway)
    async with await liaison(world) as browser:
        assert "06DB/11/26" not in await references(browser)
        for path in (f"/backlog/incidents/{incident}", f"/pathways/{pathway}"):
            shown = (await browser.get(path)).text
            assert re.search(r"Sent before [^.]*; when is not recorded\.", shown), path


async def test_several_are_shared_after_one_question(world: World) -> None:
    ids = [await incident_of(world, (await push(world, f"06DB/2{n}/26", "Gil"))[0]) for n in (0, 1)]
    async with await liaison(world) as browser:
        data = {"csrf_token": browser.csrf, "incident": ids}
        asked = await browser.client.post("/backlog/share", data=data)
        assert "Share 2 incidents now?" in asked.text
        assert {"06DB/20/26", "06DB/21/26"} <= set(re.findall(r'scope="row"[^>]*>([^<]+)<', asked.text))
        assert asked.text.count("Medium") == 2
        assert {"06DB/20/26", "06DB/21/26"} <= set(await references(browser))
        done = await browser.client.post("/backlog/share", data={**data, "sure": "yes"})
        assert done.status_code == 303
        assert "incidents=2" in done.headers["location"]
        assert not {"06DB/20/26", "06DB/21/26"} & set(await references(browser))
        late = await browser.client.post("/backlog/share", data=data)
        assert (late.status_code, "shared or decided on already" in late.text) == (409, True)
        assert (await browser.form("/backlog/share", only="x", incident="y")).headers["location"] == "/backlog"


async def test_one_child_is_declined_with_its_history_before_me_and_the_sibling_stays(world: World) -> None:
    await push(world, "06DB/30/26", "Hal", days=40)
    pathways = await push(world, "06DB/31/26", "Hal", "Ivy")
    async with await liaison(world) as browser:
        page = (await browser.get(f"/backlog/decline/{pathways[0]}?back=/backlog")).text
        assert "1 other incident of this child" in page
        assert "06DB/30/26" in page
        assert "<title>Do not share" in page
        empty = await browser.form(f"/backlog/decline/{pathways[0]}", text="At his gran's")
        assert empty.status_code == 422
        assert 'href="#reason"' in empty.text
        assert 'href="#decided_by"' in empty.text
        assert "At his gran&#39;s" in empty.text
        done = await browser.form(
            f"/backlog/decline/{pathways[0]}",
            reason="below_threshold",
            text="At his gran's",
            decided_by="PS 1234",
            back="https://evil.example/backlog",
        )
        assert done.headers["location"] == "/backlog?done=declined"
        shown = (await browser.get("/backlog")).text
    assert "Ivy Sutton" in shown
    assert pathways[0] not in shown


async def test_an_incident_is_regraded_for_all_its_children_with_a_rationale(world: World) -> None:
    pathways = await push(world, "06DB/40/26", "Jan", "Kai", days=0.2)
    incident = await incident_of(world, pathways[0])
    async with await liaison(world) as browser:
        assert "all of its 2 children" in (await browser.get(f"/backlog/regrade/{incident}")).text
        refused = await browser.form(f"/backlog/regrade/{incident}", grade="medium")
        assert refused.status_code == 422
        assert "the grade it has already" in refused.text
        assert 'href="#rationale"' in refused.text
        done = await browser.form(f"/backlog/regrade/{incident}", grade="high", rationale="Strangulation disclosed")
        assert done.status_code == 303
        assert (await references(browser, "?grade=high")).count("06DB/40/26") == 1
    async with world.app.state.database.transaction(SYSTEM) as tx:
        records = await tx.connection.fetch(
            "select distinct record from milestone where kind = 'risk_regraded' and pathway = any($1::uuid[])",
            [UUID(each) for each in pathways],
        )
    assert len(records) == 1


async def test_the_file_has_the_lists_rows_is_guarded_and_leaves_a_trace(world: World) -> None:
    await push(world, "06DB/50/26", "=HYPERLINK(1)", district="@Wigan")
    async with await liaison(world) as browser:
        answer = await browser.get("/backlog.csv?district=%40Wigan")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("Reference,Area,District,Children,Children found late,Grade")
    assert len(lines) == 2
    assert "'@Wigan" in lines[1]
    assert "'=HYPERLINK(1) Sutton" in lines[1]
    async with world.app.state.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow("select pathways, detail from audit where action = 'backlog_exported'")
    assert row is not None
    assert len(row["pathways"]) == 1
    assert row["detail"]["incidents"] == 1


async def test_another_force_sees_nothing_of_it_and_shares_nothing(world: World) -> None:
    pathways = await push(world, "06DB/60/26", "Lou")
    incident = await incident_of(world, pathways[0])
    async with await world.signed_in("police_liaison", "merseyside") as browser:
        assert "06DB/60/26" not in (await browser.get("/backlog")).text
        assert (await browser.get(f"/backlog/decline/{pathways[0]}")).status_code == 404
        assert (await browser.get(f"/backlog/regrade/{incident}")).status_code == 404
        assert (await browser.form("/backlog/share", only=incident)).status_code == 409


async def test_i_open_read_and_work_one_after_the_other_without_typing_a_reference(world: World) -> None:
    told = {"district": "Atherton", "summary": "Shouting heard.\nDoor broken.", "grade_rationale": "Third time"}
    pathways = [await push(world, f"06DB/7{n}/26", "Max", "Nia", days=9 - n, **told) for n in range(3)]
    filters = "?district=Atherton&sort=worst"
    async with await liaison(world) as browser:
        listed = (await browser.get(f"/backlog{filters}")).text
        opened = re.findall(r'href="(/backlog/incidents/[^"]+)">06DB/7', listed)
        assert len(opened) == 3
        page = (await browser.get(unescape(opened[0]))).text
        assert "1 of 3" in page
        assert "Max Sutton" in page
        assert "Police attended" in page
        assert "Shouting heard.\nDoor broken.</p>" in page
        assert "“Third time”" in page
        assert 'rel="next"' in page
        assert 'rel="prev"' not in page
        following = field(page, "next")
        done = await browser.form("/backlog/share", only=await incident_of(world, pathways[0][0]), next=following)
        assert done.headers["location"].startswith(following)
        page = (await browser.get(done.headers["location"])).text
        assert "1 incident shared, 2 children" in page
        assert "06DB/71/26" in page
        assert "1 of 2" in page
        address, following = done.headers["location"].partition("&done")[0], field(page, "next")
        said = {"reason": "below_threshold", "text": "Away", "decided_by": "PS 1", "back": address, "next": following}
        asked = (await browser.get(f"/backlog/decline/{pathways[1][0]}")).text
        assert ("Shouting heard." in asked, "“Third time”" in asked) == (True, True)
        one = await browser.form(f"/backlog/decline/{pathways[1][0]}", **said)
        assert one.headers["location"] == f"{address}&done=declined"
        both = await browser.form(f"/backlog/decline/{pathways[1][1]}", **said)
        assert both.headers["location"] == f"{following}&done=declined"
        page = (await browser.get(both.headers["location"])).text
        assert "06DB/72/26" in page
        assert "1 of 1" in page
        assert (await browser.get(f"/backlog/incidents/{pathways[0][0]}")).status_code == 404
        first = opened[0].partition("?")[0]
        assert "Shouting heard." not in (await browser.get(unescape(first))).text, "shared: no more the police's alone"
        left = (await browser.get(f"{address}")).text
        assert "Nothing of this incident is left to share" in left
        report = (await browser.get("/backlog?from=2026-10-20&to=2026-11-03")).text
        assert "Below threshold" in report
        refused = await browser.get("/backlog?from=2026-11-31&to=x")
        assert (refused.status_code, "Enter a day such as" in refused.text) == (422, True)
    async with await world.signed_in("police_liaison", "merseyside") as browser:
        assert (await browser.get(address)).status_code == 404


async def test_the_api_answers_by_grade_district_and_period_and_as_of_then(world: World) -> None:
    await push(world, "06DB/80/26", "Olu", days=2, district="Hindley")
    async with await liaison(world) as browser:
        found = (await browser.get("/api/v1/backlog?district=Hindley&from=2026-10-20&to=2026-11-02")).json()
        assert (found["total"], found["by_grade"]["medium"], found["lowered"]) == (1, 1, False)
        assert [(day["day"], day["arrived"]) for day in found["days"] if day["arrived"]] == [("2026-11-01", 1)]
        assert (await browser.get("/api/v1/backlog?district=Hindley&grade=high")).json()["total"] == 0
        then = (await browser.get("/api/v1/backlog?district=Hindley&as_of=2026-11-03T11:00:00Z")).json()
        assert then["total"] == 0
        assert then["as_of"] == "2026-11-03T11:00:00Z"
        for wrong in (
            "as_of=2026-11-03T11:00:00",
            "from=2026-11-04&to=2026-11-03",
            "to=2030-01-01",
            "grade=x",
            "to=0001-01-01",
            "as_of=0001-01-01T00:00:00Z",
        ):
            assert (await browser.get(f"/api/v1/backlog?{wrong}")).status_code in {400, 422}, wrong
        assert (await browser.get("/api/v1/backlog?force=merseyside")).status_code == 403
        (problem,) = (await browser.get("/api/v1/backlog?from=soon")).json()["errors"]
        assert (problem["field"], problem["help"]) == ("from", "It stands in the address.")


async def test_a_liaison_works_the_ten_worst_from_the_report_without_typing_a_reference(world: World) -> None:
    """Everything that is followed or sent was on the page before: links, hidden fields and buttons."""
    worst = [await push(world, f"06DB/9{n}/26", "Pia", days=30 - n, district="Tyldesley") for n in range(10)]
    await push(world, "06DB/89/26", "Quy", days=1, district="Tyldesley")
    async with await liaison(world) as browser:
        listed = (await browser.get("/backlog?district=Tyldesley")).text
        opened = re.search(r'href="(/backlog/incidents/[^"]+)">06DB/9', listed)
        assert opened is not None
        page = unescape((await browser.get(unescape(opened[1]))).text)
        for number in range(10):
            assert f"06DB/9{number}/26" in page
            assert f"1 of {11 - number}" in page
            assert "Police attended" in page
            if number % 3 == 2:
                decline = re.search(r'href="(/backlog/decline/[^"]+)"', page)
                assert decline is not None
                asked = unescape((await browser.get(decline[1])).text)
                said = {"reason": "below_threshold", "text": "Nobody at home", "decided_by": "PS 1234"}
                done = await browser.form(
                    decline[1].partition("?")[0], back=field(asked, "back"), next=field(asked, "next"), **said
                )
            else:
                only = re.search(r'name="only" value="([^"]+)"', page)
                assert only is not None
                done = await browser.form("/backlog/share", only=only[1], next=field(page, "next"))
            assert done.status_code == 303
            page = unescape((await browser.get(done.headers["location"])).text)
        assert "06DB/89/26" in page
        assert await references(browser, "?district=Tyldesley") == ["06DB/89/26"]
        left = (await browser.get("/backlog?district=Tyldesley")).text
    assert "06DB/89/26" in left
    assert all(pathways[0] not in left for pathways in worst)
