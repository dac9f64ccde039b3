"""Tables that say how far the figures can be trusted: fairness, data quality, the ledger, and what moved since."""

from typing import Final

from service.reports.board.rules import words
from service.reports.board.rules.delays import definition, stage_name
from service.reports.board.rules.tables import Column, Table
from service.reports.board.rules.working import counts
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, Split
from service.reports.measures.ledgers import Restated
from service.web.words import listed

#: The table of what every figure means.
DEFINITIONS: Final = "definitions"
_MOVED: Final = {
    "waiting": "Children waiting for a first decision",
    "oldest": "Longest wait, minutes",
    "past_limit": "Past their limit",
    "child_days": "Child-days at unassessed risk",
    "began": "Waits that began",
    "decided": "Waits that ended",
    "median_of_ended": "Median wait of those that ended, minutes",
    "within_limit": "Share within the limit",
    "incidents_not_shared": "Incidents not shared",
}
_WAITS: Final = {
    "longer": "Waits longer",
    "shorter": "Waits shorter",
    "alike": "No difference that can be told",
}


def fairness(figures: BoardFigures) -> Table:
    """Waiting for a first decision by who the children are."""
    return Table(
        key="fairness",
        title="Waiting for a first decision, by ethnicity, disability, age and sex",
        columns=(
            Column("Characteristic"),
            Column("Group"),
            Column("Children", "count"),
            Column("Waiting now", "count"),
            Column("Half have waited", "lasting"),
            Column("Within the limit", "likely"),
            Column("Waited 7 days at most", "likely"),
            Column("Less that share of all others", "likely"),
            Column("Against all others"),
        ),
        rows=tuple(
            (
                words.group(each.characteristic),
                words.group(each.group),
                each.children,
                each.open,
                each.median,
                each.within,
                each.left,
                each.difference,
                _against(each),
            )
            for each in figures.fairness
        ),
        lead=_told_apart(figures),
        means=definition(figures, "fairness"),
        notes=(
            "Waits longer, or shorter: on average within 7 days, by more than chance and siblings explain when all "
            "groups of the characteristic are judged together.",
        ),
    )


def _told_apart(figures: BoardFigures) -> str:
    """Which groups wait longer or shorter."""
    said = [
        f"{what}: {listed([words.group(each.group) for each in groups])}."
        for waits, what in (("longer", "Wait longer than all others"), ("shorter", "Wait less long"))
        if (groups := [each for each in figures.fairness if each.waits == waits])
    ]
    return " ".join(said) or "Of no group can it be told that it waits longer, or less long, than all others."


def _against(group: Split) -> str:
    """Whether a difference can be told, in words."""
    if group.waits is None:
        return "not shown" if is_hidden(group.difference.value) else "Too few to tell"
    return _WAITS[group.waits]


def quality(figures: BoardFigures) -> list[Table]:
    """What the data cannot tell."""
    found = figures.quality
    rows = [
        ("A needed time is missing: " + stage_name(figures, stage), count)
        for stage, count in found.cannot_compute.items()
    ]
    rows += [
        ("Known to the day alone, or estimated", found.approximate),
        ("Times out of order", found.out_of_order),
        ("No grade", found.ungraded),
        ("School not known", found.school_unknown),
        *((f"{words.group(name)} not recorded", count) for name, count in found.not_recorded.items()),
        ("Recorded more than a day after it happened (milestones)", found.recorded_after_a_day.count),
        ("All pathways that began in the period", found.pathways),
    ]
    return [
        Table(
            key="quality",
            title="What the data cannot tell",
            columns=(Column("What"), Column("Pathways", "count")),
            rows=tuple(rows),
            lead=f"Of {words.count(found.pathways)} pathways that began in the period {words.count(found.approximate)} "
            f"have a time known to the day alone, {words.count(found.out_of_order)} have times out of order, and "
            f"{words.count(found.ungraded)} have no grade.",
            means=definition(figures, "quality"),
        ),
        counts("regraded", "Regraded since the officer's first grade", found.regraded),
        Table(
            key="corrections",
            title="Corrections of times, by the agency whose times they are",
            columns=(
                Column("Agency"),
                Column("Corrections", "count"),
                Column("Turned late into in time", "count", "each with a source and a second person"),
            ),
            rows=tuple((words.holder(each.agency), each.corrections, each.forgave) for each in found.corrections),
        ),
    ]


def ledger(figures: BoardFigures) -> Table:
    """Who entered and left unassessed risk; residual nought."""
    found = figures.ledger
    exits = tuple((f"less: {words.group(cause)}", count) for cause, count in found.exits.items())
    live = () if found.live is None else (("Counted from the records themselves", found.live),)
    return Table(
        key="ledger",
        title="The ledger of unassessed risk, in pathways",
        columns=(Column("Line"), Column("Pathways", "count")),
        rows=(
            ("Opening", found.opening),
            ("New", found.new),
            ("Reopened", found.reopened),
            ("Moved in", found.moved_in),
            *exits,
            ("Closing", found.closing),
            *live,
            ("Residual", found.residual),
        ),
        lead=f"Opening {words.count(found.opening)}, new {words.count(found.new)}, closing "
        f"{words.count(found.closing)}; unaccounted for: {words.count(found.residual)}.",
        means=definition(figures, "ledger"),
    )


def restated(found: Restated) -> Table:
    """As reported then and as known now, of the same instant."""
    return Table(
        key="restated",
        title="As reported then, and as known now",
        columns=(Column("Figure"), Column("As reported", "number"), Column("As known now", "number")),
        rows=tuple((_MOVED.get(each.key, each.key), each.reported, each.known_now) for each in found.figures),
        lead=f"Since then: {words.count(found.corrections)} corrections, {words.count(found.retractions)} retractions "
        f"and {words.count(found.recorded_late)} records of earlier events, on {words.count(found.pathways)} "
        "pathways.",
        notes=(words.AS_THEY_ARE_NOW,),
    )


def definitions(figures: BoardFigures) -> Table:
    """What every figure means."""
    return Table(
        key=DEFINITIONS,
        title="What every figure means",
        columns=(
            Column("Figure"),
            Column("Unit"),
            Column("Counts"),
            Column("Meaning"),
            Column("Begins with"),
            Column("Ends with"),
        ),
        rows=tuple(
            (each.name, each.unit, each.counts, each.words, _listed(each.starts), _listed(each.ends))
            for each in figures.definitions
        ),
    )


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(words.group(kind).lower() for kind in kinds) or "does not apply"
