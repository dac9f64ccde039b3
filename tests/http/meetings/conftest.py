"""Children who wait for a discussion, and the pages by which it is asked for, answered, held and acted on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import Browser, World

Logged = Callable[..., Awaitable[list[str]]]


@pytest.fixture
async def logged(world: World) -> Logged:
    """Put children of one incident on the books; their pathways."""
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)

    async def log(reference: str, *names: str) -> list[str]:
        body = {
            "reference": reference,
            "force": "gmp",
            "area": "359",
            "grade": "high",
            "police_attended": {"at": "2026-11-03T09:12:00Z"},
            # The middle of the reference makes families of their own in the one database of a file.
            "children": [
                {
                    "family_name": "Sutton",
                    "given_names": name,
                    "date_of_birth": f"2014-05-{reference.split('/')[1]:0>2}",
                }
                for name in names
            ],
        }
        async with await world.signed_in("mash_coordinator", "359") as coordinator:
            answer = await coordinator.json("POST", "/api/v1/notices", body)
        assert answer.status_code == 201, answer.text
        return [each["pathway"] for each in answer.json()["pathways"]]

    return log


async def asked(manager: Browser, pathways: list[str], **more: str | list[str]) -> str:
    """Ask for a discussion as the form does; its id."""
    fields: dict[str, str | list[str]] = {
        "named": pathways,
        "pathways": pathways,
        "reason": "Hit in front of the children",
        "urgency": "usual",
        "form": "video",
        "length": "60",
        "slots_0_starts_at": "tomorrow 1000",
        "slots_1_starts_at": "tomorrow 1400",
    }
    answer = await manager.form("/meetings/new", **(fields | more))
    assert answer.status_code == 303, answer.text
    found = re.match(r"/meetings/([0-9a-f-]{36})\?done=requested", answer.headers["location"])
    assert found
    return found[1]


def hidden(text: str) -> dict[str, list[str]]:
    """Every hidden field and filled box of the record's form, as a browser would send them back."""
    form = text[text.index('class="app-record-form"') :]
    form = form[: form.index("</form>")]
    form = re.sub(r"<template>.*?</template>", "", form, flags=re.S)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(_text(value[1]) if value else "")
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        first = re.search(r'<option value="([^"]*)"', inner)
        found[name] = [chosen[1] if chosen else first[1] if first else ""]
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, flags=re.S):
        found[name] = [_text(inner)]
    return found


def _text(value: str) -> str:
    for entity, character in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        value = value.replace(entity, character)
    return value


def complete(fields: dict[str, list[str]], **more: str) -> dict[str, list[str]]:
    """A record that is complete: everybody came, and an enquiry begins for every child."""
    made = {name: list(values) for name, values in fields.items()}
    made |= {"held_from": ["today 1200"], "held_until": ["today 1245"], "chair": ["Cheryl Chair"]}
    for name in fields:
        if name.startswith("attendance_") and name.endswith("_invitee") and fields[name][0]:
            at = name.removesuffix("invitee")
            made |= {f"{at}presence": ["present"], f"{at}name": [f"Person {at[-2]}"]}
            if fields[f"{at}agency"] == ["childrens_social_care"]:
                made[f"{at}manager"] = ["yes"]
        if name.startswith("children_") and name.endswith("_child"):
            at = name.removesuffix("child")
            made |= {
                f"{at}said": ["I was scared"],
                f"{at}section_47": ["yes"],
                f"{at}enquiry": ["joint"],
                f"{at}lead": ["Sam Social"],
                f"{at}rationale": ["Third time this year"],
                f"{at}decided_by": ["Mo Manager"],
            }
    made |= {
        "history_considered": ["Two earlier notices"],
        "history_confirmed_by_chair": ["yes"],
        "actions_0_what": ["See both children alone"],
        "actions_0_outcome_sought": ["Their own account is known"],
        "actions_0_owner_agency": ["health"],
        "actions_0_owner_name": [""],
        "actions_0_due_at": ["tomorrow 1700"],
    }
    return made | {name: [value] for name, value in more.items()}


async def held(manager: Browser, discussion: str, **more: str) -> None:
    """Hold it by its page."""
    page = (await manager.get(f"/meetings/{discussion}/record")).text
    answer = await manager.form(f"/meetings/{discussion}/record", **complete(hidden(page), step="hold", **more))
    assert answer.status_code == 303, answer.text
