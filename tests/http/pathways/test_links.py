"""The pages of records that may be of one child, and the same by the API."""

from __future__ import annotations

import re

from service.actor import SYSTEM
from service.pathways.links import looking
from tests.fixtures.people import World
from tests.http.pathways.conftest import Log


def child(family: str, given: str) -> dict[str, list[dict[str, str]]]:
    return {"children": [{"family_name": family, "given_names": given, "date_of_birth": "2011-02-01"}]}


async def two(world: World, log: Log, family: str) -> tuple[str, str]:
    """Two records of one child, found by the watcher: the match, and the second pathway."""
    await log(f"06DA/1{family}/26", "", pushed=True, **child(family, "Ewan"))
    (second,) = await log(f"06DA/2{family}/26", "", pushed=True, **child(family, "Euan"))
    await looking.look(world.app.state.database)
    async with world.app.state.database.transaction(SYSTEM) as tx:
        match = await tx.connection.fetchval(
            "select m.id from possible_match as m join child as c on c.id = m.child where c.family_name = $1", family
        )
    return str(match), second


async def test_a_coordinator_settles_a_pair_on_pages_and_undoes_it_again(world: World, log: Log) -> None:
    match, second = await two(world, log, "Pennington")
    async with await world.signed_in("mash_coordinator", "359") as browser:
        shown = await browser.get("/possible-matches")
        assert "1 pair" in shown.text
        assert "Same date of birth." in shown.text
        asked = await browser.get(f"/possible-matches/{match}")
        assert "One child or two?" in asked.text
        refused = await browser.form(f"/possible-matches/{match}", verdict="child")
        assert refused.status_code == 422
        assert "Say how you know" in refused.text
        done = await browser.form(f"/possible-matches/{match}", verdict="child", why="The school confirms.")
        assert done.status_code == 303
        record = done.headers["location"]
        page = await browser.get(record)
        assert "The school confirms." in page.text
        assert "Came in as" in page.text
        link = re.search(r'name="link" value="([^"]+)"', page.text)
        assert link
        path = record.partition("?")[0]
        assert (await browser.form(f"{path}/unlink", link=link[1])).status_code == 422
        assert (await browser.form(f"{path}/unlink", link=link[1], why="Two cousins.")).status_code == 303
        again = await browser.get(path)
        assert "Two cousins." in again.text
        assert 'name="link"' not in again.text
        assert "/children/" in (await browser.get(f"/pathways/{second}")).text


async def test_the_api_lists_links_and_unlinks(world: World, log: Log) -> None:
    match, _ = await two(world, log, "Ashworth")
    async with await world.signed_in("mash_coordinator", "359") as browser:
        found = (await browser.get("/api/v1/possible-matches")).json()
        assert match in [pair["match"]["id"] for pair in found["pairs"]]
        pair = (await browser.get(f"/api/v1/possible-matches/{match}")).json()
        one, other = pair["child"]["record"]["id"], pair["other"]["record"]["id"]
        wrong = await browser.json("POST", f"/api/v1/possible-matches/{match}/settle", {"verdict": "same", "why": "x"})
        assert wrong.status_code == 422
        assert "keep" in wrong.text
        made = await browser.json("POST", f"/api/v1/children/{one}/link", {"into": other, "why": "One mother."})
        assert made.status_code == 200
        again = await browser.json("POST", f"/api/v1/children/{one}/link", {"into": other, "why": "One mother."})
        assert again.status_code == 409
        link = made.json()["link"]
        record = (await browser.get(f"/api/v1/children/{other}")).json()
        assert [line["kind"] for line in record["history"]] == ["linked"]
        undone = await browser.json("POST", f"/api/v1/child-links/{link}/unlink", {"why": "Two after all."})
        assert undone.status_code == 200


async def test_a_match_left_for_later_while_logging_waits_and_one_denied_is_not_asked_again(
    world: World, log: Log
) -> None:
    await log("06DA/71/26", "", pushed=True, **child("Kershaw", "Ewan"))
    async with await world.signed_in("mash_coordinator", "359") as browser:
        for reference, choice in (("06DA/72/26", "later"), ("06DA/73/26", "different")):
            form = {
                "reference": reference,
                "force": "gmp",
                "area": "359",
                "grade": "medium",
                "police_attended": "today 0112",
                "children_0_sent": "yes",
                "children_0_family_name": "Kershaw",
                "children_0_given_names": "Euan" if choice == "later" else "Ewen",
                "children_0_born": "1/2/2011",
            }
            shown = await browser.form("/notices/new", **form)
            key = re.search(r'name="children_0_shown" value="([^"]+)"', shown.text)
            assert key, shown.text[:3000]
            kept = {"children_0_shown": key[1], "children_0_child": choice}
            logged = await browser.form("/notices/new", **form, **kept)
            assert logged.status_code == 303, logged.text
    async with world.app.state.database.transaction(SYSTEM) as tx:
        states = await tx.connection.fetch("select state, count(*) from possible_match group by state order by 1")
    assert [tuple(row) for row in states][-1][0] == "waiting"
    assert {row[0] for row in states} == {"waiting", "different"}


async def test_a_coordinator_links_two_records_that_nobody_was_asked_about(world: World, log: Log) -> None:
    (first,) = await log("06DA/81/26", "", pushed=True, **child("Hollins", "Ewan"))
    await log("06DA/82/26", "", pushed=True, **child("Bamber", "Kai"))
    async with await world.signed_in("mash_coordinator", "359") as browser:
        record = re.search(r'href="(/children/[^"/?]+)"', (await browser.get(f"/pathways/{first}")).text)
        assert record
        assert "Link with another record" in (await browser.get(record[1])).text
        asking = f"{record[1]}/link"
        assert (await browser.form(asking)).status_code == 422
        assert "No other record of this area" in (await browser.form(asking, q="hollins")).text
        found = await browser.form(asking, q="bamber")
        beside = re.search(r'href="(/children/[^"]+/beside/[^"]+)"', found.text)
        assert beside
        compared = await browser.get(beside[1])
        assert "Which record stands?" in compared.text
        assert "Two children" not in compared.text
        refused = await browser.form(beside[1])
        assert refused.status_code == 422
        assert "Say how you know" in refused.text
        done = await browser.form(beside[1], verdict="other", why="Renamed by his mother; the GP confirms.")
        assert done.status_code == 303
        page = await browser.get(done.headers["location"])
        assert "Kai Bamber" in page.text
        assert "Came in as Ewan Hollins" in page.text
        # Linked already, so it is neither offered nor taken again.
        assert "Link with another record" not in (await browser.get(record[1])).text
        again = await browser.form(beside[1], verdict="child", why="Twice")
        assert again.status_code == 422
        assert "linked already" in again.text
