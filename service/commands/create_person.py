"""`tracker create-person`: a person who can sign in; the first administrator above all."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import secrets
import sys

from schema.vocabulary import ROLES
from service.access import passwords, service
from service.actor import SYSTEM, Grant
from service.administration.granting import FORCE_ROLES, PLACELESS_ROLES
from service.commands.environment import required
from service.console import Console, Misuse
from service.database import connect
from service.timepiece import SystemTimepiece


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sign_in", metavar="SIGN-IN", help="the name to sign in with")
    parser.add_argument("--name", required=True, help="first name and surname")
    parser.add_argument("--role", required=True, choices=ROLES, help="what the person does")
    parser.add_argument("--area", help="code of the area the role is held in")
    parser.add_argument("--force", help="code of the police force the role is held in")
    parser.add_argument("--agency", help="the agency of a partner")
    parser.add_argument("--email", help="where messages go")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    parser.epilog = "Without --password-stdin a password is asked for on a terminal, and made up elsewhere."


def run(options: argparse.Namespace, console: Console) -> int:
    if options.role in FORCE_ROLES and not options.force:
        raise Misuse(f"{options.role} needs --force")
    if options.role not in (*FORCE_ROLES, *PLACELESS_ROLES) and not options.area:
        raise Misuse(f"{options.role} needs --area")
    password, made_up = _password(options)
    if weak := passwords.too_weak(password, options.sign_in):
        raise Misuse(weak)
    person = asyncio.run(_create(required("DATABASE_URL"), options, password))
    result = {"person": person, "sign_in": options.sign_in.strip().lower()}
    console.result({**result, "password": password} if made_up else result)
    return 0


def _password(options: argparse.Namespace) -> tuple[str, bool]:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        first = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != first:
            raise Misuse("the two passwords differ")
        return first, False
    return secrets.token_urlsafe(15), True


async def _create(url: str, options: argparse.Namespace, password: str) -> str:
    database = await connect(url, SystemTimepiece(), size=1)
    try:
        hashed = await passwords.hashed(password)
        grant = Grant(role=options.role, area=options.area, force=options.force, agency=options.agency)
        async with database.transaction(SYSTEM) as tx:
            person = await service.create_person(
                tx,
                sign_in=options.sign_in,
                name=options.name,
                password_hash=hashed,
                grants=(grant,),
                email=options.email,
            )
    finally:
        await database.close()
    return str(person)
