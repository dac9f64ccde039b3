"""Forms: read what was typed, keep it, and say everything that is wrong with links to it.

    form = Form(await request.form())
    name = form.text("family_name", "the family name", required=True, longest=100)
    when = form.when("attended", "when police attended", now, required=True)
    grade = form.choice("grade", "a grade", GRADES)
    if form.errors:
        return await page(request, "intake/log.html", status_code=422, form=form, errors=form.errors)

In the template: ``{{ govukInput({"id": "family_name", ..., "value": form.value("family_name"),
"errorMessage": form.message("family_name")}) }}``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final, TypeVar

import msgspec

from service.errors import Conflict, Forbidden, Refused, Wrong
from service.web import moments
from service.web.moments import Unreadable, When

T = TypeVar("T")
S = TypeVar("S", bound=str)
_LINES: Final = "\t\r\n"


class PageError(msgspec.Struct, frozen=True):
    """One line of the error summary. ``href`` leads to the field, such as ``#name``."""

    text: str
    href: str = ""


class Form:
    """What a form sent, and what is wrong with it. A page's first showing uses an empty one."""

    def __init__(self, sent: Mapping[str, Any] | None = None) -> None:
        self._sent: Mapping[str, Any] = sent if sent is not None else {}
        self._wrong: dict[str, str] = {}
        self._general: list[PageError] = []

    @property
    def errors(self) -> list[PageError]:
        """Everything that is wrong, in the order it was read."""
        return [*self._general, *(PageError(text, f"#{name}") for name, text in self._wrong.items())]

    def value(self, name: str, default: str = "") -> str:
        """What the box shows: what was typed, or the default on the first showing."""
        found = self._sent.get(name, default)
        return found if isinstance(found, str) else default

    def values(self, name: str) -> list[str]:
        """Every value of a name: ticked boxes."""
        getall = getattr(self._sent, "getall", None)
        found: Iterable[Any] = getall(name, []) if getall else [self._sent[name]] if name in self._sent else []
        return [each for each in found if isinstance(each, str)]

    def names(self, start: str) -> list[str]:
        """The names that begin so, once each, in the order sent: rows whose numbers the server gave out."""
        return [name for name in dict.fromkeys(self._sent) if name.startswith(start)]

    def message(self, name: str) -> dict[str, str] | None:
        """What the GOV.UK macros take as ``errorMessage``."""
        return {"text": self._wrong[name]} if name in self._wrong else None

    def fail(self, name: str, text: str) -> None:
        """Say that a field is wrong; the first word about a field stands. Without a name: the whole form."""
        if name:
            self._wrong.setdefault(name, text)
        else:
            self._general.append(PageError(text))

    def text(
        self, name: str, what: str, *, required: bool = False, longest: int = 200, lines: bool = False
    ) -> str | None:
        """A box of text, trimmed; None when it is empty.

        Args:
            name: the field.
            what: it in words, as in "Enter the family name".
            required: whether it may be empty.
            longest: characters.
            lines: whether it may have line breaks and tabs.
        """
        found = self.value(name).strip()
        if not found:
            if required:
                self.fail(name, f"Enter {what}")
            return None
        if len(found) > longest:
            self.fail(name, f"{_first_up(what)} must be {longest} characters or fewer")
            return None
        if any(not each.isprintable() and not (lines and each in _LINES) for each in found):
            self.fail(name, f"{_first_up(what)} has characters that cannot be shown. Type it again")
            return None
        return found

    def choice(self, name: str, what: str, options: Collection[S], *, required: bool = False) -> S | None:
        """One of a list; None when nothing is chosen."""
        found = self.value(name).strip()
        for option in options:
            if option == found:
                return option
        if found or required:
            self.fail(name, f"Choose {what}")
        return None

    def choices(self, name: str, what: str, options: Collection[S]) -> list[S]:
        """Any of a list, in the list's own order."""
        found = self.values(name)
        if set(found) - set(options):
            self.fail(name, f"Choose {what} from the list")
        return [each for each in options if each in found]

    def ticked(self, name: str) -> bool:
        """Whether a single box is ticked."""
        return bool(self.value(name))

    def when(
        self, name: str, what: str, now: datetime, *, required: bool = False, future: bool = False, both: bool = False
    ) -> When | None:
        """A box for a date and time; see ``moments.read_when``."""
        return self._read(name, what, required, lambda text: moments.read_when(text, now, future=future, both=both))

    def day(self, name: str, what: str, now: datetime, *, required: bool = False, future: bool = False) -> date | None:
        """A box for a day; see ``moments.read_day``."""
        return self._read(name, what, required, lambda text: moments.read_day(text, now, future=future))

    def _read(self, name: str, what: str, required: bool, read: Callable[[str], T | None]) -> T | None:
        try:
            found = read(self.value(name))
        except Unreadable as unreadable:
            self.fail(name, str(unreadable))
            return None
        if found is None and required:
            self.fail(name, f"Enter {what}")
        return found

    def refused(self, refused: Refused, names: Callable[[Wrong], str] | None = None) -> None:
        """Show what a service refused beside the fields it is about.

        Args:
            refused: what the service raised.
            names: the form's field for one wrong value; by default the pointer with dots and brackets as
                underscores (``children[1].date_of_birth`` is ``children_1_date_of_birth``).
        """
        for wrong in refused.wrong:
            name = (names or field_name)(wrong)
            self.fail(name, wrong.help or f"Expected {wrong.expected}")
        if not refused.wrong:
            self.fail("", refused.message)

    @contextmanager
    def answering(self, field: str = "", names: Callable[[Wrong], str] | None = None) -> Iterator[None]:
        """Do what the form asks; what a service refuses of it is shown above the form.

        Args:
            field: beside which stands what is refused as a whole (a conflict, or what is not this person's to do).
            names: as `refused`.
        """
        try:
            yield
        except Refused as refused:
            self.refused(refused, names)
        except (Conflict, Forbidden) as refusal:
            self.fail(field, refusal.message)


def field_name(wrong: Wrong) -> str:
    """A pointer as the id of a field."""
    return wrong.field.replace("[", "_").replace("].", "_").replace("]", "").replace(".", "_")


def rows(sent: Mapping[str, Any], group: str, *, at_least: int = 1, at_most: int = 20) -> int:
    """How many repeated rows a form has: ``children_0_name``, ``children_1_name`` … and one more when asked for.

    The button that adds a row is ``<button name="add" value="children">``; it works without scripts.
    """
    numbers = [
        int(rest.split("_", 1)[0])
        for name in sent
        if name.startswith(f"{group}_") and (rest := name.removeprefix(f"{group}_")).split("_", 1)[0].isdecimal()
    ]
    count = max([number + 1 for number in numbers if number < at_most], default=0)
    return min(max(count + (sent.get("add") == group), at_least), at_most)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
