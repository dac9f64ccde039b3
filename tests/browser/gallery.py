"""A page with one of everything that pages are made of: what the browser tests look at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from litestar import Request, Response, get

from service.access.permissions import public
from service.web import frame, live
from service.web.charts import bands, lanes, trend
from service.web.forms import Form
from service.web.tables import ListView
from service.web.templating import ENVIRONMENT

NOW = datetime(2026, 11, 10, 14, 30, tzinfo=UTC)
DAY = timedelta(days=1)
START = NOW - 6 * DAY - timedelta(hours=5)

TEMPLATE = Path(__file__).with_name("gallery.html")


def context() -> dict[str, Any]:
    """Made-up records, among them those that are hard to draw."""
    hour = timedelta(hours=1)
    form = Form({"attended": "25/10/2026 01:30"})
    form.when("attended", "when police attended", NOW)
    form.choice("grade", "the grade that the officer gave", ("high", "medium", "standard"), required=True)
    spans = [
        lanes.Span(lane="police", since=START, until=START + 30 * hour, what="Police, to share"),
        lanes.Span(lane="police", since=START + 30 * hour, until=START + 31 * hour, what="In transit"),
        lanes.Span(lane="csc", since=START + 31 * hour, until=START + 92 * hour, what="Front door"),
        lanes.Span(lane="health", since=START + 92 * hour, until=START + 95 * hour, what="A check", approximate=True),
        lanes.Span(lane="csc", since=START + 95 * hour, until=None, what="Front door"),
    ]
    marks = [
        lanes.Mark(lane="police", title="Police attended", at=START),
        lanes.Mark(lane="police", title="Risk graded high", at=START + timedelta(minutes=25)),
        lanes.Mark(lane="police", title="Notice submitted", at=START + 3 * hour),
        lanes.Mark(lane="police", title="Notice shared", at=START + 30 * hour),
        lanes.Mark(lane="csc", title="Notice received", at=START + 31 * hour),
        lanes.Mark(lane="education", title="School notified", on=(START + DAY).date()),
        lanes.Mark(lane="csc", title="Information requested from health", at=START + 92 * hour),
        lanes.Mark(lane="health", title="Information returned", at=START + 95 * hour),
    ]
    dues = [
        lanes.Due(lane="police", title="Share the notice", at=START + 4 * hour, met=START + 30 * hour),
        lanes.Due(lane="csc", title="Decide the contact", at=START + 100 * hour),
    ]
    return {
        "lane": lanes.layout(
            lanes=[
                ("police", "Police"),
                ("csc", "Children's social care"),
                ("health", "Health"),
                ("education", "Education"),
            ],
            spans=spans,
            marks=marks,
            dues=dues,
            now=NOW,
            title="What happened to this child and who held the child",
        ),
        "band": bands.layout(
            bands=["under 1 day", "1 to 3 days", "3 to 7 days", "7 to 14 days", "over 14 days"],
            counts=[("High", (3, 1, 0, 0, 1)), ("Medium", (6, 9, 11, 8, 7)), ("Standard", (4, 5, 2, 3, 2))],
            title="Incidents not yet shared, by grade and age",
        ),
        "days": trend.layout(
            days=[(date(2026, 10, 14) + number * DAY, 14 + number % 5, 11 + number % 3) for number in range(28)],
            names=("Arrived", "Cleared"),
            title="Notices that arrived and were cleared each day",
        ),
        "rows": [
            ("Child of 4, sister of 7", "high", True, START, NOW - 2 * DAY),
            ("Child of 9", "medium", False, NOW - 2 * DAY, NOW + hour),
            ("Unborn", None, False, NOW - hour, NOW + DAY),
            ("Child of 15", "standard", False, NOW - 3 * hour, None),
        ],
        "items": [
            {
                "title": "Notice shared",
                "by": "PC Example, police",
                "at": START + 30 * hour,
                "late": "1 day 2 hours late",
            },
            {"title": "School notified", "on": (START + DAY).date(), "text": "To the designated safeguarding lead."},
            {
                "title": "Police attended",
                "at": START,
                "folded": [{"title": "Police attended", "at": START + hour, "by": "typed in error"}],
            },
        ],
        "form": form,
        "errors": form.errors,
    }


@get("/gallery", opt=public(), sync_to_thread=False)
def gallery(request: Request[Any, Any, Any]) -> Response[str]:
    """One of everything."""
    around = frame.bare(request)
    view = ListView.of(request, path="/gallery", sorts=("waited", "who", "grade", "due"), filters=("late",))
    text = ENVIRONMENT.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        frame=around, now=NOW, view=view, **context()
    )
    return Response(text, media_type="text/html")


async def _seven(_tx: Any) -> int:
    return 7


def install() -> list[Any]:
    """The gallery's own handlers."""
    live.register("gallery", _seven)
    return [gallery]
