"""A discussion by its pages, from the request to the record, with everybody in their own browser."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

from pypdf import PdfReader

from tests.fixtures.people import World
from tests.http.meetings.conftest import Logged, asked, complete, held, hidden


async def test_a_manager_asks_and_two_agencies_answer_from_their_own_page(world: World, logged: Logged) -> None:
    ada, ben = await logged("06SD/1/26", "Ada", "Ben")
    async with await world.signed_in("mash_manager", "359") as manager:
        form = (await manager.get(f"/meetings/new?pathway={ada}")).text
        assert "Ada Sutton, 06SD/1/26" in form
        assert "Ben Sutton, 06SD/1/26" in form
        assert form.count(" checked") == 3  # Ada, and how urgent and how held
        discussion = await asked(manager, [ada, ben], place="Room 4")
        page = (await manager.get(f"/meetings/{discussion}?done=requested")).text
        assert "Video call, Room 4" in page
        assert ">Waiting for an answer from children&#39;s social care, police and health.</strong>" in page
        assert "It is due by the end of tomorrow" in page
    async with await world.signed_in("partner", "359") as nurse:
        home = (await nurse.get("/meetings")).text
        assert "My invitations and actions" in home
        assert "1 discussion waits for your answer" in home
        assert "Answer or send information" in home
        assert f"/meetings/{discussion}" in home
        assert "Sutton" not in home
        page = (await nurse.get(f"/meetings/{discussion}")).text
        assert "Your answer for Health" in page
        assert "Fix this time" not in page
        assert "Ask again" not in page
        answers = {name: "accept" for name in answer_names(page)}
        invitee = page.split('name="invitee" value="')[1][:36]
        first = next(iter(answers))
        said = {"invitee": invitee, "note": "Seen in A&E twice"}
        assert (await nurse.form(f"/meetings/{discussion}/answer", **said, **{first: "accept"})).status_code == 303
        assert "You have answered 1 of 2 times. " in (await nurse.get("/meetings")).text
        done = await nurse.form(f"/meetings/{discussion}/answer", **said, **answers)
        assert done.status_code == 303, done.text
        home = (await nurse.get("/meetings")).text
        assert "0 discussions wait for your answer" in home
        assert "Answer or send information" not in home
    async with await world.signed_in("police_liaison", "gmp") as officer:
        page = (await officer.get(f"/meetings/{discussion}")).text
        invitee = page.split('name="invitee" value="')[1][:36]
        first, second = answer_names(page)
        done = await officer.form(
            f"/meetings/{discussion}/answer", invitee=invitee, **{first: "decline", second: "representative"}
        )
        assert done.status_code == 422
        assert "Say who comes instead" in done.text
        assert 'id="representative"' in done.text
        # What was chosen is chosen still, in the form that was sent.
        kept = done.text[done.text.index("app-mine") :]
        assert kept.index('<option value="decline" selected>') < kept.index('<option value="representative" selected>')
        done = await officer.form(
            f"/meetings/{discussion}/answer",
            invitee=invitee,
            representative="PC Reed",
            **{first: "decline", second: "representative"},
        )
        assert done.status_code == 303
    async with await world.signed_in("mash_manager", "359") as manager:
        page = (await manager.get(f"/meetings/{discussion}")).text
        assert "PC Reed" in page
        assert "Seen in A&amp;E twice" in page
        assert "Seen in A&amp;E twice" in (await manager.get(f"/meetings/{discussion}/record")).text


def answer_names(page: str) -> list[str]:
    mine = page[page.index("app-mine") :]
    return [part[:43] for part in mine[: mine.index("</section>")].split('name="')[1:] if part.startswith("answer_")]


async def test_the_record_is_written_beside_the_history_and_held(world: World, logged: Logged) -> None:
    earlier, _ = await logged("06SD/2/25", "Ada", "Ben")
    ada, ben = await logged("06SD/2/26", "Ada", "Ben")
    world.timepiece.advance(timedelta(hours=3))
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada, ben], requested_at="today 1130")
        page = (await manager.get(f"/meetings/{discussion}/record")).text
        assert page.index('class="app-record-form"') < page.index('id="chronology"')
        assert "06SD/2/25 (not covered)" in page
        fields = complete(hidden(page), step="hold")
        fields["actions_0_due_at"] = [""]
        fields["actions_0_owner_agency"] = [""]
        fields["children_1_rationale"] = [""]
        refused = await manager.form(f"/meetings/{discussion}/record", **fields)
        assert refused.status_code == 422
        for field in ("actions_0_due_at", "actions_0_owner_agency", "children_1_rationale"):
            assert f'href="#{field}"' in refused.text
            assert f'id="{field}"' in refused.text
        assert "Write down why this was decided (Ben Sutton)." in refused.text
        assert "Two earlier notices" in refused.text
        # What was typed is kept as a draft although the record was refused.
        again = (await manager.get(f"/meetings/{discussion}/record")).text
        assert "Two earlier notices" in again
        version = hidden(again)["version"][0]
        added = await manager.form(f"/meetings/{discussion}/cover", pathway=earlier, version=version)
        assert added.status_code == 303, added.text
        await held(manager, discussion)
        page = (await manager.get(f"/meetings/{discussion}?done=held")).text
        assert "quorate. The record is not yet with everybody required. It is due by the end of" in page
        assert "present, and the police and health present or represented." in page, "the rule of the quorum"
        assert "06SD/2/25" in page[page.index("Children</h2>") : page.index("<strong>Why:")]
        assert "See both children alone" in page
        assert "not sent" in page
        pathway = (await manager.get(f"/pathways/{ada}")).text
        assert "Strategy discussion held" in pathway


async def test_the_record_is_printed_as_tagged_pdf_without_a_confidential_address(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/3/26", "Ada")
    world.timepiece.advance(timedelta(hours=3))
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada], requested_at="today 1130", reason='#panic() *bold* "quoted"')
        assert (await manager.get(f"/meetings/{discussion}/record.pdf")).status_code == 404
        record = {
            "children_0_said": '<script>alert(1)</script> #read("/etc/passwd")',
            "attendance_2_presence": "no_response",
            "information_1_text": "Four calls this year",
            "information_1_may_be_told_to_parents": "no",
            "history_missing": "GP notes",
            "children_0_legal_needed": "yes",
            "children_0_legal_text": "Advice by noon",
            "dissent_0_agency": "police",
            "dissent_0_text": "Arrest first",
            "dissent_0_escalated": "yes",
            "dissent_0_escalated_to": "Det Supt Hale",
        }
        await held(manager, discussion, **record)
        page = (await manager.get(f"/meetings/{discussion}")).text
        assert "not quorate: health took no part. A quorate one is due by the end of" in page
        assert f'href="/meetings/new?pathway={ada}"' in page
        shown = (await manager.get(f"/meetings/{discussion}/print")).text
        assert "&lt;script&gt;" in shown
        answer = await manager.get(f"/meetings/{discussion}/record.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert "Sutton" not in answer.headers["content-disposition"]
    reader = PdfReader(io.BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert '#panic() *bold* "quoted"' in text
    assert '#read("/etc/passwd")' in text
    assert "Ada Sutton" in text
    on_paper = " ".join(text.split())
    for said in ("Not quorate", "Four calls", "Not to be told to parents", "GP notes", "Advice by noon", "Hale"):
        assert said in on_paper, said
    assert reader.metadata
    assert "Sutton" not in (reader.metadata.title or "")
    catalogue: Any = reader.root_object
    assert catalogue["/Lang"] == "en-GB"
    assert bool(catalogue["/MarkInfo"]["/Marked"])


async def test_two_people_write_one_record_and_nothing_is_lost(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/4/26", "Ada")
    async with (
        await world.signed_in("mash_manager", "359") as manager,
        await world.signed_in("mash_coordinator", "359") as coordinator,
    ):
        discussion = await asked(manager, [ada])
        path = f"/meetings/{discussion}/record"
        one, two = hidden((await manager.get(path)).text), hidden((await coordinator.get(path)).text)
        one |= {"chair": ["Cheryl"], "history_considered": ["Two notices"], "step": ["keep"]}
        unread = await manager.form(path, **(one | {"held_from": ["soonish"]}))
        assert (unread.status_code, unread.json()["version"]) == (422, None)
        assert unread.json()["said"].startswith("Not saved yet.")
        kept = await manager.form(path, **one)
        assert (kept.status_code, kept.json()["version"]) == (200, 1)
        assert re.fullmatch(r"Draft saved at \d\d:\d\d\.", kept.json()["said"])
        two |= {"chair": ["Nia"], "actions_0_what": ["Ring the school"], "step": ["draft"]}
        late = await coordinator.form(path, **(two | {"step": ["keep"]}))
        assert (late.status_code, late.json()["version"]) == (412, None)
        assert late.json()["said"].startswith("Alex Mash Manager saved while you were writing.")
        stale = await coordinator.form(path, **two)
        assert stale.status_code == 412
        assert "Alex Mash Manager saved while you were writing" in stale.text
        merged = hidden(stale.text)
        assert merged["history_considered"] == ["Two notices"]
        assert merged["actions_0_what"] == ["Ring the school"]
        assert merged["chair"] == ["Nia"]
        assert '<a href="#chair">Chair</a>: Cheryl' in stale.text
        assert (await coordinator.form(path, **(merged | {"step": ["draft"]}))).status_code == 303
        last = hidden((await manager.get(path)).text)
    assert (last["chair"], last["history_considered"]) == (["Nia"], ["Two notices"])


async def test_an_action_is_accepted_late_and_done_by_its_owner(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/5/26", "Ada")
    world.timepiece.advance(timedelta(hours=3))
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada], requested_at="today 1130")
        await held(manager, discussion)
    async with await world.signed_in("partner", "359") as nurse:
        # Others of the file left actions of health that are due at the same time: this one is the discussion's.
        action = (await nurse.get(f"/meetings/{discussion}")).text.split('href="/actions/')[1][:36]
        assert f'href="/actions/{action}"' in (await nurse.get("/meetings")).text
        page = (await nurse.get(f"/actions/{action}")).text
        assert "Not yet accepted, due in" in page
        assert "Cancel it" not in page
        taken = await nurse.form(f"/actions/{action}", step="accept", version="1")
        assert taken.status_code == 303, taken.text
        stale = await nurse.form(f"/actions/{action}", step="progress", version="1", progress_note="Rang twice")
        assert stale.status_code == 412
        assert "Rang twice" in stale.text
    world.timepiece.advance(timedelta(days=3))
    async with await world.signed_in("partner", "359") as nurse:
        assert "late</strong>" in (await nurse.get("/meetings")).text
        done = await nurse.form(
            f"/actions/{action}", step="done", version="2", done_note="Both seen", done_evidence="Record 17"
        )
        assert done.status_code == 303, done.text
        page = (await nurse.get(f"/actions/{action}")).text
        assert "Done late" in page
        assert "Record 17" in page
    async with await world.signed_in("mash_manager", "359") as manager:
        page = (await manager.get(f"/meetings/{discussion}")).text
        assert "Done late" in page
        assert "Record 17" in page
        review = (await manager.get(f"/meetings/new?follows={discussion}")).text
        assert "Ask for a review discussion" in review
        follows = await asked(manager, [ada], follows=discussion, slots_0_starts_at="", slots_1_starts_at="")
        form = (await manager.get(f"/meetings/{follows}/record")).text
        asks = form[form.index("Last time's actions: what changed for the child?") : form.index("When and how")]
        assert "See both children alone" in asks
        assert "Done late" in asks


async def test_postponing_needs_a_cause_and_an_agency_and_stops_nothing(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/6/26", "Ada")
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada])
        page = (await manager.get(f"/meetings/{discussion}")).text
        slot = page.split('/schedule"')[1].split('name="slot" value="')[1][:36]
        version = page.split('name="version" value="')[1].split('"')[0]
        assert (await manager.form(f"/meetings/{discussion}/schedule", slot=slot, version="0")).status_code == 412
        fixed = await manager.form(f"/meetings/{discussion}/schedule", slot=slot, version=version)
        assert fixed.status_code == 303, fixed.text
        moved = await manager.form(
            f"/meetings/{discussion}/place", version=str(int(version) + 1), form="meeting", place="Hall"
        )
        assert moved.status_code == 303, moved.text
        assert "Meeting in person, Hall" in (await manager.get(f"/meetings/{discussion}")).text
        form = (await manager.get(f"/meetings/{discussion}/postpone")).text
        version = form.split('name="version" value="')[1].split('"')[0]
        empty = await manager.form(f"/meetings/{discussion}/postpone", version=version, note="Snow")
        assert empty.status_code == 422
        assert 'href="#cause"' in empty.text
        assert 'href="#agency"' in empty.text
        assert "Snow" in empty.text
        done = await manager.form(
            f"/meetings/{discussion}/postpone", version=version, cause="agency_unavailable", agency="police"
        )
        assert done.status_code == 303, done.text
        page = (await manager.get(f"/meetings/{discussion}")).text
        assert "Postponed" in page
        assert "waits on police" in page
        assert "It is due by the end of tomorrow" in page
        assert (await manager.form(f"/meetings/{discussion}/chase")).status_code == 303
        again = await manager.json("POST", f"/api/v1/discussions/{discussion}/chase", {})
        assert again.status_code == 202, again.text
        assert len(again.json()["invitees"]) == 3


async def test_the_record_is_sent_and_corrected_with_what_stood_before_kept(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/7/26", "Ada")
    world.timepiece.advance(timedelta(hours=3))
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada], requested_at="today 1130")
        await held(manager, discussion)
        page = (await manager.get(f"/meetings/{discussion}")).text
        issue = page[page.index("/issue") :]
        version = issue.split('name="version" value="')[1].split('"')[0]
        everybody = [part[:36] for part in issue.split('name="invitees" type="checkbox" value="')[1:]]
        assert len(everybody) == 3
        nobody = await manager.form(f"/meetings/{discussion}/issue", version=version, how="tracker")
        assert nobody.status_code == 422
        assert 'href="#invitees"' in nobody.text
        sent = await manager.form(
            f"/meetings/{discussion}/issue", version=version, how="secure_mail", invitees=everybody
        )
        assert sent.status_code == 303, sent.text
        page = (await manager.get(f"/meetings/{discussion}?done=issued")).text
        assert "Record issued" in page
        fields = hidden((await manager.get(f"/meetings/{discussion}/record")).text)
        assert "actions_0_what" not in fields
        fields |= {"children_0_rationale": ["Fourth time"], "step": ["correct"]}
        assert (await manager.form(f"/meetings/{discussion}/record", **fields)).status_code == 422
        fields |= {"reason": ["Counted again"]}
        corrected = await manager.form(f"/meetings/{discussion}/record", **fields)
        assert corrected.status_code == 303, corrected.text
        page = (await manager.get(f"/meetings/{discussion}")).text
        assert "Fourth time" in page
        assert "Counted again" in page
        assert "before it was corrected" in page


async def test_somebody_who_is_not_invited_sees_nothing(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/8/26", "Ada")
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada])
    for role, place in (("mash_manager", "350"), ("partner", "350"), ("police_liaison", "merseyside")):
        async with await world.signed_in(role, place) as other:
            for path in ("", "/print", "/record.pdf"):
                assert (await other.get(f"/meetings/{discussion}{path}")).status_code in {403, 404}
            assert discussion not in (await other.get("/meetings")).text
    async with await world.signed_in("partner", "359") as nurse:
        assert (await nurse.get(f"/meetings/{discussion}/record")).status_code == 403


async def test_a_second_request_for_the_same_child_leads_to_the_first(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/9/26", "Ada")
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada])
        fields = {"named": ada, "pathways": ada, "reason": "Again", "urgency": "usual", "form": "video"}
        again = await manager.form("/meetings/new", **fields)
        assert again.status_code == 409
        assert f'href="/meetings/{discussion}"' in again.text
        assert "Again" in again.text
        empty = await manager.form("/meetings/new", named=ada)
        assert empty.status_code == 422
        for field in ("pathways", "urgency", "form"):
            assert f'href="#{field}"' in empty.text


async def test_a_record_is_not_lost_when_the_session_ends_while_it_is_written(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/12/26", "Ada")
    own = {"sec-fetch-site": "same-origin"}
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada])
        path = f"/meetings/{discussion}/record"
        fields = hidden((await manager.get(path)).text) | {
            "history_considered": ["Two notices in March"],
            "children_0_said": ["I hid behind the sofa"],
            "step": ["draft"],
        }
        world.timepiece.advance(timedelta(minutes=31))
        ended = await manager.client.post(path, data=fields, headers=own)
        assert ended.status_code == 401
        assert "You were signed out while you were writing" in ended.text
        assert "Two notices in March" in ended.text
        assert ">Child 1: what the child said</label>" in ended.text
        elsewhere = await manager.client.post(path, data=fields)
        assert "Two notices in March" not in elsewhere.text, "what no page of ours sent is not shown back"
    async with await world.signed_in("mash_manager", "359") as manager:
        old = fields | {"csrf_token": ["of the session before"]}
        again = await manager.client.post(path, data=old, headers=own)
        assert again.status_code == 403
        assert "Two notices in March" in again.text
        assert manager.csrf in again.text
        sent = await manager.client.post(path, data=fields | {"csrf_token": [manager.csrf]}, headers=own)
        assert sent.status_code == 303
        assert "Two notices in March" in (await manager.get(path)).text
