"""Promises, comments, packs and caseloads by their pages and by the API."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from httpx import Response

from schema.ids import new_id
from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.conftest import NOON

BODY = {
    "area": "359",
    "what": "Triage on Saturdays",
    "figure": "child_days.waiting",
    "agency": "police",
    "due_on": "2026-11-30",
}


@pytest.fixture
async def ready(world: World) -> World:
    """A partnership with its rules."""
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
    return world


def liaison(world: World) -> str:
    return str(world.partnership.people["police_liaison.gmp"])


async def made(world: World, **changed: Any) -> dict[str, Any]:
    async with await world.signed_in("senior_leader", "359") as leader:
        answer = await leader.json("POST", "/api/v1/reports/plans", {**BODY, "owner": liaison(world), **changed})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def token(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


async def test_a_promise_is_made_on_its_page_and_read_by_the_board(ready: World) -> None:
    async with await ready.signed_in("mash_manager", "359") as manager:
        empty = await manager.form("/plans/new", area="359", what="Ring <b>twice</b>")
        assert empty.status_code == 422
        for name in ("figure", "owner", "agency", "due_on"):
            assert f'href="#{name}"' in empty.text
        assert "Ring &lt;b&gt;twice" in empty.text
        sent = await manager.form(
            "/plans/new",
            area="359",
            what="Ring twice",
            figure="child_days.waiting",
            group="all/all",
            owner=liaison(ready),
            agency="police",
            due_on="30/11/2026",
        )
        assert (sent.status_code, sent.headers["location"]) == (303, "/plans?done=made")
    async with await ready.signed_in("board_member", "359") as member:
        listed = (await member.get("/plans")).text
        assert "Ring twice" in listed
        assert "Make a promise" not in listed
        assert (await member.get("/plans/new", accept="application/json")).status_code == 403


async def test_a_finding_leads_to_its_promise(ready: World) -> None:
    async with await ready.signed_in("senior_leader", "359") as leader:
        shown = (await leader.get("/plans/new?figure=police_share:typical&finding=It+takes+longer.")).text
    assert '<option value="police_share.median" selected>' in shown
    assert "It takes longer." in shown


async def test_its_owner_answers_on_its_page(ready: World) -> None:
    promise = (await made(ready))["promise"]["id"]
    async with await ready.signed_in("police_liaison", "gmp") as owner:
        path = f"/plans/{promise}"
        text = (await owner.get(path)).text
        assert "Another day, person or agency" not in text
        nothing = await owner.form(path, form="answer", version=token(text, "version"), text="")
        assert nothing.status_code == 422
        said = await owner.form(path, form="answer", version="1", kind="done", text="Two officers on Saturdays.")
        assert said.status_code == 303
        late = await owner.form(path, form="answer", version="1", kind="note", text="And Sundays.")
        assert late.status_code == 412
        assert "And Sundays." in late.text
        over = await owner.form(path, form="answer", version="2", kind="withdrawn", text="No.")
        assert over.status_code == 409
        assert "Two officers on Saturdays." in (await owner.get(path)).text


async def test_versions_are_named_by_the_api(ready: World) -> None:
    promise = (await made(ready))["promise"]["id"]
    path = f"/api/v1/reports/plans/{promise}"
    async with await ready.signed_in("mash_manager", "359") as manager:
        assert (await manager.get(path)).headers["etag"] == '"1"'
        change = {"due_on": "2026-12-24", "reason": "The board asked."}
        assert (await manager.json("PATCH", path, change)).status_code == 428
        done = await manager.json("PATCH", path, change, **{"if-match": '"1"'})
        assert (done.status_code, done.json()) == (200, {"version": 2})
        assert (await manager.json("PATCH", path, change, **{"if-match": '"1"'})).status_code == 412
        wrong = await manager.json("PATCH", path, {"agency": "circus", "reason": ""}, **{"if-match": '"2"'})
        assert wrong.status_code == 422
        assert {each["field"] for each in wrong.json()["errors"]} == {"agency", "reason"}
        answered = await manager.json(
            "POST", f"{path}/answers", {"kind": "note", "text": "Half way."}, **{"if-match": '"2"'}
        )
        assert answered.status_code == 201
        figures = (await manager.get("/api/v1/reports/plans/figures?area=359")).json()
        assert {"child_days.waiting", "child_days.total"} <= {each["figure"] for each in figures}
    async with await ready.signed_in("mash_manager", "350") as stranger:
        assert (await stranger.get(path, accept="application/json")).status_code == 404
        assert (await stranger.get("/api/v1/reports/plans/figures?area=359")).status_code == 403


async def test_a_comment_of_a_board_member_stays(ready: World) -> None:
    async with await ready.signed_in("board_member", "350") as member:
        assert (await member.form("/plans/comments", area="350", text=" ")).status_code == 422
        assert (await member.form("/plans/comments", area="359", text="Not mine")).status_code == 422
        assert (await member.form("/plans/comments", area="350", text="Why <i>so</i> long?")).status_code == 303
        assert "Why &lt;i&gt;so&lt;/i&gt; long?" in (await member.get("/plans")).text
        sent = {"area": "350", "first_day": "2026-10-01", "last_day": "2026-09-01", "text": "x"}
        assert (await member.json("POST", "/api/v1/reports/comments", sent)).status_code == 422
        (found,) = (await member.get("/api/v1/reports/comments?area=350")).json()
        assert found["by_role"] == "board_member"


async def test_a_report_is_issued_and_found_to_be_the_same_again(ready: World) -> None:
    async with await ready.signed_in("senior_leader", "359") as leader:
        bad = {"area": "359", "name": "", "first_day": "2026-10-02", "last_day": "2026-10-31"}
        refused = await leader.json("POST", "/api/v1/reports/issues", bad)
        assert {each["field"] for each in refused.json()["errors"]} == {"name", "first_day"}
        sent = await leader.form("/packs/issues", area="359", name="Board, 3 November", period="2026-07-01 2026-09-30")
        assert sent.status_code == 303, sent.text
        again = await leader.form("/packs/issues", area="359", name="Board, 3 November", period="2026-07-01 2026-09-30")
        assert again.status_code == 422
        shown = (await leader.get("/packs")).text
        link = re.search(r'href="(/board[^"]+)">Board, 3 November', shown)
        assert link is not None
        assert "as_of=2026-11-03T12%3A00%3A00" in link[1]
        issued = (await leader.get(unescape(link[1]))).text
        assert (issued.count("as had been reported"), "There is a problem" in issued) == (1, False)
        (issue,) = (await leader.get("/api/v1/reports/issues")).json()
        assert (await leader.get(f"/api/v1/reports/issues/{issue['id']}")).json()["reproduced"] is True
    async with await ready.signed_in("board_member", "359") as member:
        shown = (await member.get("/packs")).text
        assert "A name leads to the report of the same days as a board is shown it now." in shown
        link = re.search(r'href="(/board[^"]+)">Board, 3 November', shown)
        assert link is not None
        assert "There is a problem" not in (await member.get(unescape(link[1]))).text
    async with await ready.signed_in("board_member", "350") as stranger:
        assert (await stranger.get("/api/v1/reports/issues")).json() == []
        path = f"/api/v1/reports/issues/{issue['id']}"
        assert (await stranger.get(path, accept="application/json")).status_code == 404


async def test_a_subscription_is_ones_own(ready: World) -> None:
    path = "/api/v1/reports/subscription"
    async with await ready.signed_in("board_member", "359") as member:
        assert (await member.json("PUT", path, {"every": "hour"})).status_code == 422
        assert (await member.form("/packs", every="week")).status_code == 303
        assert (await member.get(path)).json()["subscription"]["every"] == "week"
        assert "sent a link each week" in (await member.get("/packs")).text
    async with await ready.signed_in("police_liaison", "gmp") as other:
        assert (await other.get(path)).json() == {"subscription": None}
        assert "Incidents not yet shared" in (await other.get("/packs")).text


async def test_a_whole_caseload_is_known_only_where_it_was_entered(ready: World) -> None:
    worker = ready.partnership.people["social_worker.359"]
    async with await ready.signed_in("team_manager", "359") as manager:
        page = (await manager.get("/whole-caseloads")).text
        assert "not known" in page
        choice = f"359 {worker}"
        assert (await manager.form("/whole-caseloads", worker=choice, cases="many")).status_code == 422
        assert (await manager.form("/whole-caseloads", worker=f"359 {new_id(NOON)}", cases="3")).status_code == 422
        assert (await manager.form("/whole-caseloads", worker=choice, cases="31")).status_code == 303
        body = {"area": "359", "worker": str(worker), "cases": 400, "counted_on": "2027-01-01"}
        refused = await manager.json("POST", "/api/v1/reports/caseloads", body)
        assert {each["field"] for each in refused.json()["errors"]} == {"cases", "counted_on"}
        other = await manager.json(
            "POST", "/api/v1/reports/caseloads", {**body, "area": "350", "cases": 3, "counted_on": "2026-11-01"}
        )
        assert other.status_code == 403
    async with await ready.signed_in("mash_manager", "359") as reader:
        (found,) = (await reader.get("/api/v1/reports/caseloads")).json()
        assert (found["cases"], found["counted_on"]) == (31, "2026-11-03")


async def test_whole_caseloads_are_taken_as_a_file_filled_in_and_sent_back(ready: World) -> None:
    async with await ready.signed_in("team_manager", "359") as manager:
        listed = (await manager.get("/whole-caseloads.csv")).text
        heading, row = listed.splitlines()
        filled = ",".join([*row.split(",")[:-2], "27", "2026-11-02"])

        async def send(path: str, text: str | None) -> Response:
            files = {} if text is None else {"file": ("caseloads.csv", text.encode())}
            return await manager.client.post(path, data={"csrf_token": manager.csrf}, files=files)

        done = await send("/whole-caseloads", f"{heading}\r\n{filled}\r\n")
        assert done.headers["location"] == "/whole-caseloads?done=1"
        assert "1 new count is entered from the file" in (await manager.get("/whole-caseloads?done=1")).text
        refused = await send("/whole-caseloads", f"{heading}\r\n{filled}\r\n{filled.replace(',27,', ',many,')}\r\n")
        assert (refused.status_code, "Row 3: cases: many is not 0 to 300" in refused.text) == (422, True)
        assert (await send("/whole-caseloads", "")).status_code == 422
        api = "/api/v1/reports/caseloads/file"
        assert (await send(api, f"{heading}\r\n{filled}\r\n")).json() == {"entered": 0, "unchanged": 1}
        assert (await send(api, "name\nNobody\n")).json()["errors"][0]["field"] == "file"
        assert (await send(api, None)).status_code == 422
    async with await ready.signed_in("team_manager", "350") as other:
        files = {"file": ("caseloads.csv", f"{heading}\r\n{filled}\r\n".encode())}
        theirs = await other.client.post("/whole-caseloads", data={"csrf_token": other.csrf}, files=files)
        assert (theirs.status_code, "is not one worker of your areas" in theirs.text) == (422, True)


async def test_an_administrator_sets_what_is_small(ready: World) -> None:
    async with await ready.signed_in("administrator", "359") as browser:
        path = "/api/v1/reports/small-numbers"
        assert (await browser.json("PUT", path, {"area": "359", "most": 7})).status_code == 200
        assert (await browser.json("PUT", path, {"area": "359", "most": 1})).status_code == 422
        assert (await browser.json("PUT", path, {"area": "000", "most": 5})).status_code == 404


async def test_what_cannot_be_is_refused_and_nothing_breaks(ready: World) -> None:
    promise = (await made(ready))["promise"]["id"]
    async with await ready.signed_in("senior_leader", "359") as leader:
        for version in ("123456789x", "²", "99999999999999999999", ""):
            sent = await leader.form(f"/plans/{promise}", form="answer", version=version, kind="note", text="x")
            assert sent.status_code == 412, version
        for day in ("0001-01-01", "9999-12-31"):
            issue = {"area": "359", "name": "x", "first_day": day, "last_day": day}
            assert (await leader.json("POST", "/api/v1/reports/issues", issue)).status_code == 422
            new = {**BODY, "owner": liaison(ready), "due_on": day}
            assert (await leader.json("POST", "/api/v1/reports/plans", new)).status_code == 422
        odd = {**BODY, "owner": liaison(ready), "what": "a\x00b", "figure": "x\x00"}
        assert (await leader.json("POST", "/api/v1/reports/plans", odd)).status_code == 422
        said = {"area": "359", "first_day": "2026-10-01", "last_day": "2026-10-31", "text": "x", "figure": "\x00"}
        assert (await leader.json("POST", "/api/v1/reports/comments", said)).status_code == 422
    async with await ready.signed_in("board_member", "359") as member:
        for query in ("as_of=0001-01-01T00:00:00Z", "as_of=9999-12-31T23:59:59Z", "from=9999-10-01&to=9999-12-31"):
            answer = await member.get(f"/api/v1/reports/delays?{query}", accept="application/json")
            assert answer.status_code == 422, query
        assert (await member.get("/api/v1/reports/plans?area=%00", accept="application/json")).status_code < 500
