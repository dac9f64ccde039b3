"""What is due to lose its names is on a page; a manager keeps a record beyond its time."""

from __future__ import annotations

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World

RETENTION = "/administration/retention"


async def test_the_administrator_changes_a_rule_and_the_auditor_sees_it(world: World) -> None:
    async with await world.signed_in("administrator", "359") as admin:
        page = await admin.get(RETENTION)
        assert "0 children’s records and 0 stored files are due" in page.text
        wrong = await admin.form(RETENTION, entity="child", child_years="0", child_age="9", child_basis="")
        assert wrong.status_code == 422
        for said in ("years from 1 to 100", "age from 18 to 100", "where it is written"):
            assert said in wrong.text
        assert (await admin.form(RETENTION, entity="nothing")).status_code == 422
        done = await admin.form(
            RETENTION, entity="child", child_years="10", child_age="25", child_basis="Schedule 7, Wigan."
        )
        assert done.status_code == 303
    async with await world.signed_in("auditor", "359") as auditor:
        page = await auditor.get(RETENTION)
        assert "10 years after the last recorded step" in page.text
        assert "Schedule 7, Wigan." in page.text
        assert (await auditor.get("/api/v1/retention")).json()["children"] == []


async def test_a_manager_keeps_a_record_and_lets_it_go(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
    async with world.machine("gmp") as machine:
        notice = {
            "reference": "06DA/91/26",
            "force": "gmp",
            "area": "359",
            "grade": "medium",
            "police_attended": {"at": "2026-11-03T01:12:00Z"},
            "children": [{"family_name": "Pennington", "given_names": "Ewan", "date_of_birth": "2011-02-01"}],
        }
        answer = await machine.post("/api/v1/notices", json=notice)
    async with world.app.state.database.transaction(SYSTEM) as tx:
        child = await tx.connection.fetchval(
            "select child from pathway where id = $1::text::uuid", answer.json()["pathways"][0]["pathway"]
        )
    path = f"/children/{child}/hold"
    async with await world.signed_in("mash_manager", "359") as manager:
        assert path in (await manager.get(f"/children/{child}")).text
        assert (await manager.form(path, reason="")).status_code == 422
        assert (await manager.form(path, reason="Practice review 4/26.")).status_code == 303
        (hold,) = (await manager.get(f"/api/v1/children/{child}/holds")).json()["holds"]
        assert "Practice review 4/26." in (await manager.get(path)).text
        assert (await manager.form(path, lift=hold["id"], reason="Published.")).status_code == 303
        assert (await manager.form(path, lift=hold["id"], reason="Again.")).status_code == 422
        assert (await manager.form(path, lift="nonsense", reason="Again.")).status_code == 404
    async with await world.signed_in("mash_manager", "350") as other:
        assert (await other.get(path)).status_code == 404
