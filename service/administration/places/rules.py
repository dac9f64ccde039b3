"""What codes and names of places must be like. Pure."""

import re
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from service.errors import Wrong

Kind = Literal["area", "force", "district", "team", "school", "feed"]
#: What may get another name: the rest is known to others by its name.
Renamed = Literal["area", "force", "team", "school"]
COVERAGES: Final = ("all_notices", "all_incidents", "shared_only")
LONGEST: Final = 200
_AREA: Final = re.compile(r"[A-Za-z0-9-]{2,12}")
_FORCE: Final = re.compile(r"[a-z0-9_-]{2,20}")
_Text = Annotated[str, Meta(max_length=LONGEST)]


class NewPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something of a partnership. What is needed depends on ``kind``.

    area: code, name, partnership, forces. force: code, name. district: force, area, name. team, school: area, name.
    feed: name, profile, force, coverage, silent_after_hours.
    """

    kind: Kind
    name: _Text
    code: _Text = ""
    partnership: _Text = ""
    area: _Text = ""
    force: _Text = ""
    forces: Annotated[list[_Text], Meta(max_length=50)] = []
    profile: _Text = ""
    coverage: _Text = "all_notices"
    silent_after_hours: Annotated[int, Meta(ge=1, le=1000)] = 26


def wrong_with(new: NewPlace, areas: frozenset[str], forces: frozenset[str], profiles: frozenset[str]) -> list[Wrong]:
    """Every field that is wrong."""
    found: list[Wrong] = []

    def check(field: str, value: str, good: bool, expected: str, help_: str) -> None:
        if not good:
            found.append(Wrong(field, value or "nothing", expected, help_))

    check("name", new.name, named(new.name), "a name", "Enter a name in letters that can be printed.")
    if new.kind == "area":
        check("code", new.code, bool(_AREA.fullmatch(new.code)), "2 to 12 letters, digits or hyphens",
              "Enter the code of the local authority, for example 359.")  # fmt: skip
        check("partnership", new.partnership, named(new.partnership), "a name", "Enter the partnership's name.")
        strange = [force for force in new.forces if force not in forces]
        check("forces", ", ".join(new.forces), bool(new.forces) and not strange, "forces of the tracker",
              "Choose the forces that send to this area.")  # fmt: skip
    if new.kind == "force":
        check("code", new.code, bool(_FORCE.fullmatch(new.code)), "2 to 20 small letters, digits, - or _",
              "Enter a short code in small letters, for example gmp.")  # fmt: skip
    if new.kind in {"district", "team", "school"}:
        check("area", new.area, new.area in areas, "an area of the tracker", "Choose an area.")
    if new.kind in {"district", "feed"}:
        check("force", new.force, new.force in forces, "a force of the tracker", "Choose a force.")
    if new.kind == "feed":
        check("name", new.name, bool(_FORCE.fullmatch(new.name)), "2 to 20 small letters, digits, - or _",
              "Enter a short name in small letters, for example gmp.")  # fmt: skip
        check("profile", new.profile, new.profile in profiles, "a profile that is there", "Choose a profile.")
        check("coverage", new.coverage, new.coverage in COVERAGES, " or ".join(COVERAGES), "Say what the feed sends.")
    return found


def named(text: str) -> bool:
    """Whether it can be shown as a name."""
    return bool(text.strip()) and text.isprintable()
