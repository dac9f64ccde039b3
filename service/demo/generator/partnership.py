"""The invented partnership: one force, three areas, and everybody who works in them.

The force and the areas exist; every person, team and school is made up. Keys of people are the
demo's sign-ins.
"""

import msgspec

from schema.vocabulary import SCHOOL_STATUSES
from service.demo.generator.names import ADULTS

FORCE_CODE = "gmp"
FORCE_NAME = "Greater Manchester Police"


class Area(msgspec.Struct, frozen=True):
    """``code`` is the local authority's DfE number; ``share`` its part of the incidents."""

    code: str
    key: str
    name: str
    districts: tuple[str, ...]
    share: float


class School(msgspec.Struct, frozen=True):
    key: str
    area: str
    name: str
    phase: str


class Agency(msgspec.Struct, frozen=True):
    """An organisation that takes part; ``kind`` is one of ``schema.vocabulary.AGENCIES``."""

    key: str
    kind: str
    name: str
    area: str | None


class Team(msgspec.Struct, frozen=True):
    key: str
    area: str
    name: str


class Person(msgspec.Struct, frozen=True):
    """Somebody who may sign in. Exactly one of ``area`` and ``force`` is the scope, or neither.

    ``decides_contacts``: the area lists this person as qualified to decide contacts.
    """

    key: str
    name: str
    role: str
    agency: str
    area: str | None = None
    force: str | None = None
    team: str | None = None
    decides_contacts: bool = False


class Feed(msgspec.Struct, frozen=True):
    key: str
    force: str
    profile: str
    name: str


class Partnership(msgspec.Struct, frozen=True):
    areas: tuple[Area, ...]
    schools: tuple[School, ...]
    agencies: tuple[Agency, ...]
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    feeds: tuple[Feed, ...]


AREAS = (
    Area("359", "wigan", "Wigan", ("Wigan North", "Wigan South", "Leigh"), 0.38),
    Area("350", "bolton", "Bolton", ("Bolton Central", "Bolton West"), 0.33),
    Area("354", "rochdale", "Rochdale", ("Rochdale", "Heywood"), 0.29),
)
AREA_KEY = {area.code: area.key for area in AREAS}

#: Practitioners per team; the first of an area signs in as ``worker.wigan``.
WORKERS_PER_TEAM = 3
TEAM_NAMES = {"assessment": "Assessment team", "protection": "Child protection team"}

_PRIMARY = ("Canal Side", "Hope Street", "Moss Bank", "St Oswin's", "Larkhill")
_SECONDARY = ("The Ridge Academy", "Holm Cross High School")
_AGENCY_NAMES = {
    "childrens_social_care": "{} Children's Services",
    "health": "{} Community Health NHS Trust",
    "education": "{} Education Safeguarding",
    "early_help": "{} Family Help",
    "probation": "{} Probation Delivery Unit",
    "domestic_abuse_service": "{} Domestic Abuse Service",
    "housing": "{} Housing",
}
_PARTNERS = {
    "health": "health",
    "education": "education",
    "probation": "probation",
    "idva": "domestic_abuse_service",
}


def _schools(area: Area) -> list[School]:
    made = [
        School(f"{area.key}-p{n}", area.code, f"{name} Primary, {area.name}", "primary")
        for n, name in enumerate(_PRIMARY, 1)
    ]
    made += [
        School(f"{area.key}-s{n}", area.code, f"{name}, {area.name}", "secondary")
        for n, name in enumerate(_SECONDARY, 1)
    ]
    return made


def _posts(area: Area) -> list[tuple[str, str, str, str | None, bool]]:
    """The area's posts: sign-in stem, role, agency kind, team, decides contacts."""
    care = "childrens_social_care"
    posts: list[tuple[str, str, str, str | None, bool]] = [
        ("coordinator", "mash_coordinator", care, None, False),
        ("coordinator2", "mash_coordinator", care, None, False),
        ("manager", "mash_manager", care, None, True),
        ("manager2", "mash_manager", care, None, True),
        ("conference", "conference_service", care, None, False),
        ("edt", "out_of_hours", care, None, True),
        ("leader", "senior_leader", care, None, False),
        ("board", "board_member", care, None, False),
    ]
    for number, team in enumerate(TEAM_NAMES):
        posts.append((f"teammanager{'' if not number else number + 1}", "team_manager", care, team, False))
        for place in range(WORKERS_PER_TEAM):
            nth = number * WORKERS_PER_TEAM + place + 1
            posts.append((f"worker{'' if nth == 1 else nth}", "social_worker", care, team, False))
    posts += [(stem, "partner", kind, None, False) for stem, kind in _PARTNERS.items()]
    return posts


def partnership() -> Partnership:
    """Everything that has to stand before an incident can be told."""
    names = iter(ADULTS)
    people = [
        Person("liaison.gmp", next(names), "police_liaison", "police", force=FORCE_CODE),
        Person("liaison2.gmp", next(names), "police_liaison", "police", force=FORCE_CODE),
        Person("administrator", next(names), "administrator", "partnership"),
        Person("auditor", next(names), "auditor", "partnership"),
    ]
    agencies = [
        Agency("police", "police", FORCE_NAME, None),
        Agency("partnership", "other", "Partnership office", None),
    ]
    schools: list[School] = []
    teams: list[Team] = []
    for area in AREAS:
        schools += _schools(area)
        agencies += [
            Agency(f"{kind}.{area.key}", kind, name.format(area.name), area.code)
            for kind, name in _AGENCY_NAMES.items()
        ]
        teams += [Team(f"{stem}.{area.key}", area.code, f"{name}, {area.name}") for stem, name in TEAM_NAMES.items()]
        people += [
            Person(
                f"{stem}.{area.key}",
                next(names),
                role,
                f"{kind}.{area.key}",
                area=area.code,
                team=f"{team}.{area.key}" if team else None,
                decides_contacts=decides,
            )
            for stem, role, kind, team, decides in _posts(area)
        ]
    feed = Feed("gmp", FORCE_CODE, "gmp", "Greater Manchester Police daily file")
    return Partnership(AREAS, tuple(schools), tuple(agencies), tuple(teams), tuple(people), (feed,))


def workers_of(area: str) -> tuple[tuple[str, str], ...]:
    """The area's practitioners with their team: (person key, team key)."""
    return tuple(
        (person.key, person.team)
        for person in _PEOPLE.people
        if person.area == area and person.role == "social_worker" and person.team
    )


_PEOPLE = partnership()
WORKERS = {area.code: workers_of(area.code) for area in AREAS}
SCHOOLS = {
    (area.code, phase): tuple(
        school.key for school in _PEOPLE.schools if (school.area, school.phase) == (area.code, phase)
    )
    for area in AREAS
    for phase in ("primary", "secondary")
}
AT_SCHOOL, HOME_EDUCATED, TOO_YOUNG, NOT_IN_EDUCATION, SCHOOL_UNKNOWN = SCHOOL_STATUSES
