"""What reports at a terminal say of an option that cannot be."""

from collections.abc import Mapping

from service.console import Misuse
from service.errors import Refused


def known(option: str, code: str | None, names: Mapping[str, str]) -> None:
    """Whether there is such a place.

    Raises:
        Misuse: there is none; every code with its name stands in what it says.
    """
    if code and code not in names:
        there = ", ".join(f"{each} ({name})" for each, name in names.items()) or "none is set up"
        raise Misuse(f"--{option}: there is no {code!r}; one of: {there}")


def misused(refused: Refused) -> Misuse:
    """The first thing that is wrong, by the name of its option."""
    wrong = refused.wrong[0]
    return Misuse(f"--{wrong.field.replace('_', '-')}: {wrong.got} is not {wrong.expected}")
