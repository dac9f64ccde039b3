"""The pack as it is printed: who and what it is about, the findings, pictures as SVG that stand alone, and tables."""

from collections.abc import Sequence
from typing import Any, Final

from service.reports.board.rules import pictures, words
from service.reports.board.rules.answers import Answer
from service.reports.board.rules.tables import Table, explained, told
from service.reports.board.service import Board
from service.web import times
from service.web.templating import ENVIRONMENT

#: Tables that say in print what a picture shows already, week by week.
_NOT_PRINTED: Final = frozenset({"child_days", "promises"})
#: The table that opens a pack.
_OPENS: Final = "promises"
#: Columns that stand beside each other on paper in letters that can be read.
_WIDEST: Final = 9


def title(areas: str) -> str:
    """The pack's title."""
    return f"Are children waiting longer, where, and who acts? {areas}".strip()


def about(found: Board) -> list[str]:
    """What the figures are, line by line."""
    known = found.figures.known
    basis = "As known now" if known.instant == known.asked else "As known then, and told to boards since"
    if known.basis == "as_reported":
        basis = "As had been reported by then"
    lines = [
        "Figures of police domestic-abuse notices, and of nothing else.",
        f"Period: {words.period(found.figures.period, times.today(known.instant))}.",
        f"{basis}: {times.moment(known.instant)}.",
        "Open cases are never left out. Intervals hold in 95 of 100 cases, although siblings share their fate.",
    ]
    if known.lowered:
        lines.append("A later instant had been asked for; of what was still being written then nothing is told.")
    if known.basis == "as_reported":
        lines.append(words.AS_THEY_ARE_NOW)
    if found.guarded:
        lines.append("Small numbers are told as ranges, so that no child can be recognised.")
    return [*lines, found.commentary.summary]


def pack(found: Board, tables: list[Table], answers: Sequence[Answer]) -> dict[str, Any]:
    """What the template of the PDF is given."""
    weeks = pictures.child_days(found.figures, found.chart)
    chain = pictures.stage_chain(found.figures, lambda stage: f"#{stage}")
    svg = ENVIRONMENT.get_template("reports/picture.svg").render
    return {
        "about": about(found)[:-1],
        "answers": [" ".join((each.question, each.says, each.more)).strip() for each in answers],
        "summary": found.commentary.summary,
        "findings": [
            {
                "says": each.says,
                "status": {"signal": "Signal", "no_signal": "No signal"}.get(each.status, ""),
                "rest": " ".join(part for part in (each.sure, each.contributor, each.caveat) if part),
                "question": each.question,
            }
            for each in found.commentary.findings
        ],
        "cautions": list(found.commentary.cautions),
        "weeks": {"svg": svg(picture=weeks, what="weeks"), "alt": f"{weeks.title}. {weeks.desc}"},
        "changes": list(weeks.notes),
        "stages": {"svg": svg(picture=chain, what="stages"), "alt": f"{chain.title}. {chain.desc}"},
        "promises": [_printed(table) for table in tables if table.key == _OPENS],
        "tables": [_printed(table) for table in tables if table.key not in _NOT_PRINTED],
    }


def _printed(table: Table) -> dict[str, Any]:
    """A table as paper holds it: a wide one in parts, each of which begins with what names its rows."""
    names, cells = [column.name for column in table.columns], told(table)
    labels = next((n for n, column in enumerate(table.columns) if column.kind not in ("text", "day")), 1)
    wide = len(names) > _WIDEST
    step = _WIDEST - labels if wide else len(names)
    begins = range(labels, len(names), step) if wide else (labels,)
    chosen = [[*range(labels), *range(first, min(first + step, len(names)))] for first in begins]
    return {
        "title": table.title,
        "lead": table.lead,
        "means": table.means,
        "notes": [*table.notes, *explained(table)],
        "parts": [
            {"columns": [names[n] for n in part], "rows": [[row[n] for n in part] for row in cells]} for part in chosen
        ],
    }
