"""Lists: filters, sorting and pages that live in the address, 50 rows to a page.

    view = ListView.of(request, path="/waiting", sorts=("worst", "waited"), filters=("late", "holder"))
    rows, total = await store.waiting(tx, view.sort, view.filters, limit=view.size, offset=view.offset)
    return await page(request, "reports/waiting.html", rows=rows, view=view, total=total)

In the template: ``{% from "web/lists.html" import sort_header, pages, count_line %}``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request

PAGE_SIZE: Final = 50
_LAST_PAGE: Final = 10_000
_LONGEST: Final = 100


class Link(msgspec.Struct, frozen=True):
    """One entry of the pagination; ``number`` is None for a gap."""

    number: int | None
    href: str = ""
    current: bool = False


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """How a list is being looked at. Made from the address, and gives the addresses of other ways to look."""

    path: str
    sort: str
    descending: bool = False
    page: int = 1
    filters: Mapping[str, str] = {}
    size: int = PAGE_SIZE

    @classmethod
    def of(
        cls, request: Request[Any, Any, Any], *, path: str, sorts: Sequence[str], filters: Sequence[str] = ()
    ) -> "ListView":
        """Read the address. What it cannot mean is left out: an address is never a reason to fail.

        Args:
            request: the one being answered.
            path: the list's own path.
            sorts: the sort keys it knows, the usual one first.
            filters: the filters it knows. Nothing personal may be a filter.
        """
        asked = {name: value for name, value in request.query_params.items() if len(value) <= _LONGEST}
        wanted = asked.get("sort", "")
        sort = wanted.removeprefix("-")
        number = asked.get("page", "1")
        return cls(
            path=path,
            sort=sort if sort in sorts else sorts[0],
            descending=wanted.startswith("-") and sort in sorts,
            page=min(max(int(number), 1), _LAST_PAGE)
            if number.isascii() and number.isdigit() and len(number) < 6
            else 1,
            filters={name: asked[name] for name in filters if asked.get(name)},
        )

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.size

    def href(self, **changed: str | int | None) -> str:
        """The address with something changed; None takes a filter away. Back to the first page unless named."""
        sort = f"-{self.sort}" if self.descending else self.sort
        query: dict[str, Any] = {**self.filters, "sort": sort, "page": None, **changed}
        kept = {
            name: value for name, value in query.items() if value not in (None, "") and (name, value) != ("page", 1)
        }
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def sorted_by(self, key: str) -> str:
        """The address that sorts by ``key``, or turns the order when it does already."""
        return self.href(sort=f"-{key}" if key == self.sort and not self.descending else key)

    def aria_sort(self, key: str) -> str:
        """For the column's header."""
        return "none" if key != self.sort else "descending" if self.descending else "ascending"

    def pages(self, total: int) -> list[Link]:
        """Links to pages: the first, the last and those around here, with gaps."""
        last = max(1, -(-total // self.size))
        here = min(self.page, last)
        shown = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
        links: list[Link] = []
        for number in shown:
            if links and links[-1].number is not None and number - links[-1].number > 1:
                links.append(Link(None))
            links.append(Link(number, self.href(page=number), number == here))
        return links if last > 1 else []
