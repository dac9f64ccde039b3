"""Who may use a route. Every route says so in one way, and the application does not start otherwise.

    @get("/backlog", opt=allow("police_liaison"))
    @post("/api/v1/notices", opt=allow("mash_coordinator", scopes=("notices:write",)))
    @get("/sign-in", opt=public())
    @get("/account", opt=signed_in())

A role here opens the route; which records it then shows is the database's row-level security, and
what a person may do with one record is decided by the service behind the route.
"""

from typing import Any, Final, Literal, get_args

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from schema.vocabulary import ROLES
from service.actor import Actor

Scope = Literal["notices:write", "extracts:read", "history:write", "milestones:write"]
#: What a machine's token may be good for.
SCOPES: Final[tuple[str, ...]] = get_args(Scope)
_KEY: Final = "allow"


class Undeclared(Exception):
    """A route does not say who may use it."""


class Allow(msgspec.Struct, frozen=True, kw_only=True):
    """Who may use one route."""

    everyone: bool = False
    signed_in: bool = False
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def admits(self, actor: Actor) -> bool:
        """Whether ``actor`` may use the route."""
        if self.everyone:
            return True
        if actor.kind == "client":
            return any(scope in self.scopes for scope in actor.scopes)
        return actor.kind == "person" and (self.signed_in or actor.holds(*self.roles))


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path, as the access matrix walks them."""

    method: str
    path: str
    name: str
    allow: Allow
    parameters: tuple[str, ...]


def allow(*roles: str, scopes: tuple[Scope, ...] = ()) -> dict[str, Any]:
    """Any of these roles, or a machine's token with any of these scopes.

    Raises:
        ValueError: a role or scope that does not exist.
    """
    if unknown := [*(set(roles) - set(ROLES)), *(set(scopes) - set(SCOPES))]:
        raise ValueError(f"no such role or scope: {', '.join(unknown)}")
    if not roles and not scopes:
        raise ValueError("name at least one role or scope, or say signed_in() or public()")
    return {_KEY: Allow(roles=roles, scopes=scopes)}


def signed_in() -> dict[str, Any]:
    """Every person who is signed in, whatever their role."""
    return {_KEY: Allow(signed_in=True)}


def public() -> dict[str, Any]:
    """Everybody, signed in or not: nothing personal may be on it."""
    return {_KEY: Allow(everyone=True)}


def of(opt: dict[str, Any]) -> Allow | None:
    """What a handler declared, from its options."""
    found = opt.get(_KEY)
    return found if isinstance(found, Allow) else None


def walk_routes(app: Litestar) -> list[Route]:
    """Every method of every path, with who may use it, sorted.

    Raises:
        Undeclared: a route says nothing; all such routes are named.
    """
    found: list[Route] = []
    silent: list[str] = []
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            silent.append(f"{route.path} is no plain HTTP route")
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if method == "OPTIONS":
                continue
            declared = of(handler.opt)
            if declared is None:
                silent.append(f"{method} {route.path} ({handler.handler_name})")
                continue
            found.append(
                Route(
                    method=str(method),
                    path=route.path_format,
                    name=handler.handler_name,
                    allow=declared,
                    parameters=tuple(route.path_parameters),
                )
            )
    if silent:
        raise Undeclared("these routes do not say who may use them: " + "; ".join(sorted(silent)))
    return sorted(found, key=lambda each: (each.path, each.method))
