"""The rows of the invented partnership: places, schools, teams, and everybody who may sign in."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection
from service.demo import store
from service.demo.generator import partnership
from service.demo.generator.partnership import FORCE_CODE, FORCE_NAME, Partnership, Person
from service.intake.files.parse.profile import load_profile

#: Letters and digits that nobody takes for each other.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_MAIL: Final = "tracker.example"
_ROLES: Final = {
    "mash_coordinator": "MASH coordinator",
    "mash_manager": "MASH manager",
    "social_worker": "social worker",
    "team_manager": "team manager",
    "conference_service": "conference service",
    "out_of_hours": "out-of-hours team",
    "senior_leader": "senior leader",
    "police_liaison": "police liaison officer",
    "partner": "partner agency",
    "board_member": "board member",
    "administrator": "administrator",
    "auditor": "auditor",
}


class SignIn(msgspec.Struct, frozen=True):
    """Who can sign in to a demonstration, and how."""

    name: str
    role: str
    username: str
    password: str


class Known(msgspec.Struct, frozen=True):
    """Ids and names of the partnership by the generator's keys."""

    people: dict[str, UUID]
    teams: dict[str, UUID]
    schools: dict[str, UUID]
    names: dict[str, str]


def new_password() -> str:
    """One for everybody of an installation: 16 letters and digits in four groups, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def known(now: datetime) -> Known:
    """Give everybody and everything of the partnership an id."""
    made = partnership()
    return Known(
        people={person.key: new_id(now) for person in made.people},
        teams={team.key: new_id(now) for team in made.teams},
        schools={school.key: new_id(now) for school in made.schools},
        names={person.key: person.name for person in made.people} | {team.key: team.name for team in made.teams},
    )


async def known_again(connection: Connection) -> Known:
    """The ids of a partnership that is there already; what has been renamed or ended since is left out."""
    made = partnership()
    people = await store.known_people(connection)
    teams = await store.known_teams(connection)
    schools = await store.known_schools(connection)
    return Known(
        people={one.key: people[one.key] for one in made.people if one.key in people},
        teams={one.key: teams[one.area, one.name] for one in made.teams if (one.area, one.name) in teams},
        schools={one.key: schools[one.area, one.name] for one in made.schools if (one.area, one.name) in schools},
        names={one.key: one.name for one in made.people} | {one.key: one.name for one in made.teams},
    )


def sign_ins(password: str) -> list[SignIn]:
    """Everybody who can sign in, with role and place in words."""
    made = partnership()
    areas = {area.code: area.name for area in made.areas}
    return [SignIn(person.name, _post(person, areas), person.key, password) for person in made.people]


def _post(person: Person, areas: dict[str, str]) -> str:
    place = areas.get(person.area or "", FORCE_NAME if person.force else "")
    return f"{_ROLES[person.role]}, {place}" if place else _ROLES[person.role]


async def write(connection: Connection, ids: Known, password_hash: str, since: datetime) -> None:
    """Write the partnership into an empty database; ``since`` is when everybody took up their post."""
    made = partnership()
    await store.write_places(
        connection,
        forces=[(FORCE_CODE, FORCE_NAME)],
        areas=[(area.code, area.name, f"{area.name} Safeguarding Children Partnership") for area in made.areas],
        force_areas=[(FORCE_CODE, area.code) for area in made.areas],
        districts=[(FORCE_CODE, area.code, name) for area in made.areas for name in area.districts],
        teams=[(ids.teams[team.key], team.area, team.name) for team in made.teams],
        schools=[(ids.schools[school.key], school.area, school.name) for school in made.schools],
        feeds=[(feed.key, feed.profile, feed.force, load_profile(feed.profile).coverage) for feed in made.feeds],
    )
    await store.write_people(
        connection,
        people=[(ids.people[one.key], one.key, one.name, f"{one.key}@{_MAIL}") for one in made.people],
        roles=_roles(made, ids, since),
        deciders=[(one.area, ids.people[one.key]) for one in made.people if one.decides_contacts and one.area],
        password_hash=password_hash,
        since=since,
    )


def _roles(made: Partnership, ids: Known, since: datetime) -> list[tuple[object, ...]]:
    agencies = {agency.key: agency.kind for agency in made.agencies}
    return [
        (
            new_id(since),
            ids.people[one.key],
            one.role,
            one.area,
            one.force,
            agencies[one.agency],
            ids.teams[one.team] if one.team else None,
        )
        for one in made.people
    ]
