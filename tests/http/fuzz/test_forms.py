"""Every form of every page, with fields that exist and fields that do not, holding anything at all."""

from __future__ import annotations

import re
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.access.permissions import Route
from tests.http.fuzz.answers import check
from tests.http.fuzz.target import Target
from tests.http.fuzz.test_requests import CHANGES, is_page, named
from tests.http.fuzz.values import DAYS, INSTANTS, TEXTS, known

FORMS = [route for route in CHANGES if is_page(route)]
_FIELD = re.compile(r'\bname="([^"]{1,80})"')
_OPTION = re.compile(r'\bvalue="([^"]{1,80})"')
_ODD = ("", "\x00", "__proto__", "children_99999999999_family_name", "children_-1_x", "children_²_x", "a[b][c]", "é")


def fields(target: Target, route: Route, address: str, who: str) -> tuple[list[str], list[str]]:
    """The names of the form's fields and the values it offers, read from the page that shows it."""
    names, values = {"csrf_token", "next", "pathway", "incident", "text", "reason", "at", "add", "remove"}, set(TEXTS)
    for shown in dict.fromkeys((address, address.rsplit("/", 1)[0] or "/", "/backlog", "/waiting")):
        answer = target.ask(who, "GET", shown)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            names |= set(_FIELD.findall(answer.text))
            values |= set(_OPTION.findall(answer.text))
    return sorted(names - {"viewport", "csrf_token"}), sorted(values)


def explore(target: Target, route: Route, examples: int) -> None:
    chance = Random(route.path)
    actors = [who for who in target.actors(route.allow) if who]

    def address(chance: Random) -> str:
        return re.sub(r"\{([a-z_]+)[^}]*\}", lambda part: known(target.ids, part[1], chance), route.path)

    who = actors[0] if actors else ""
    names, offered = fields(target, route, address(chance), who)
    ids = [each for group in target.ids.values() for each in group]
    value = st.one_of(
        st.sampled_from(offered),
        st.sampled_from((*INSTANTS, *DAYS, *ids)),
        st.text(max_size=60),
    )
    name = st.one_of(st.sampled_from(names), st.sampled_from(names), st.sampled_from(_ODD), st.text(max_size=20))

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(
        sent=st.lists(st.tuples(name, value), max_size=30),
        who=st.sampled_from(actors or [""]),
        seed=st.integers(0, 2**32),
        filed=st.booleans(),
    )
    def attempt(sent: list[tuple[str, str]], who: str, seed: int, filed: bool) -> None:
        to = address(Random(seed))
        if filed:
            parts: Any = [(name or "x", (None, text)) for name, text in sent]
            answer = target.ask(who, route.method, to, files=parts or None)
        else:
            body = urlencode(sent, errors="surrogatepass").encode()
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = target.ask(who, route.method, to, content=body, headers=headers)
        check(answer, page=True)

    attempt()


@named(FORMS)
def test_whatever_a_form_sends_the_page_answers(target: Target, route: Route) -> None:
    explore(target, route, 12)


@pytest.mark.soak
@pytest.mark.timeout(600)
@named(FORMS)
def test_whatever_a_form_sends_for_long_the_page_answers(target: Target, route: Route) -> None:
    explore(target, route, 300)
