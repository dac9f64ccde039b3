"""Tables that say how far the figures can be trusted: fairness, data quality, the ledger, and what moved since."""

from typing import Any, Final

from service.reports.board.rules import words
from service.reports.board.rules.delays import definition, stage_name
from service.reports.board.rules.tables import Column, Kind, Of, Table
from service.reports.board.rules.working import counts
from service.reports.disclosure.hidden import is_hidden
from service.reports.measures.figures import BoardFigures, Split
from service.reports.measures.ledgers import OfAgency, Restated
from service.web.words import listed

#: The table of what every figure means.
DEFINITIONS: Final = "definitions"
_MOVED: Final[dict[str, tuple[str, Kind]]] = {
    "waiting": ("Children waiting for a first decision", "count"),
    "oldest": ("Longest wait", "minutes"),
    "past_limit": ("Past their limit", "count"),
    "child_days": ("Child-days at unassessed risk", "number"),
    "began": ("Waits that began", "count"),
    "decided": ("Waits that ended", "count"),
    "median_of_ended": ("Median wait of those that ended", "minutes"),
    "within_limit": ("Share within the limit", "share"),
    "incidents_not_shared": ("Incidents not shared", "count"),
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
            words.IN_EACH,
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
    rows = [(*_MOVED.get(each.key, (words.group(each.key), "number")), each) for each in found.figures]
    moved = [
        name for name, kind, each in rows if _way(_cell(each.reported, kind), _cell(each.known_now, kind)) in _WAYS
    ]
    return Table(
        key="restated",
        title="As reported then, and as known now",
        columns=(Column("Figure"), Column("As reported", "number"), Column("As known now", "number"), Column("Moved")),
        rows=tuple((name, then := _cell(each.reported, kind), now := _cell(each.known_now, kind), _way(then, now))
                   for name, kind, each in rows),
        lead=f"Since then: {_recorded(found)}. "
        + (f"They moved: {listed([name[0].lower() + name[1:] for name in moved])}." if moved else _UNMOVED),
        notes=("In files times are in minutes, and shares from 0 to 1.", words.AS_THEY_ARE_NOW),
    )  # fmt: skip


_UNMOVED: Final = "Of what may be told below, nothing has moved."
_WAYS: Final = frozenset({"up", "down", "yes"})


def _recorded(found: Restated) -> str:
    """What was recorded later, by kind."""
    on = "pathway" if found.pathways == 1 else "pathways"
    return f"{_kinds(found)}, on {words.count(found.pathways)} {on}"


def _kinds(found: Restated | OfAgency) -> str:
    kinds = (
        (found.corrections, "correction", "corrections"),
        (found.retractions, "retraction", "retractions"),
        (found.recorded_late, "record of an earlier event", "records of earlier events"),
    )
    return listed([f"{words.count(number)} {one if number == 1 else many}" for number, one, many in kinds])


def restated_by_agency(found: Restated) -> Table:
    """Whose records were corrected, taken back or entered late since; and what was late and is in time by that."""
    return Table(
        key="restated_by_agency",
        title="What has been recorded since, by the agency whose record it is",
        columns=(
            Column("Agency"),
            Column("Corrections", "count"),
            Column("Retractions", "count", "said never to have happened"),
            Column("Records of earlier events", "count"),
            Column(
                "Turned late into in time", "count",
                "of the corrections and retractions, each with a source and a second person",
            ),
        ),
        rows=tuple(
            (words.holder(each.agency), each.corrections, each.retractions, each.recorded_late, each.forgave)
            for each in found.agencies
        ),
        lead=" ".join(
            f"{words.holder(each.agency)}: {_kinds(each)}; {words.count(each.forgave)} turned late into in time."
            for each in found.agencies
        ),
        notes=(
            "What the police record (the incident, its grade, the notice, whether it is shared, telling the school) is "
            "theirs, all else children's social care's, whoever typed it. A record about several children counts for "
            "each.",
        ),
    )  # fmt: skip


def _cell(value: Any, kind: Kind) -> Of:
    """A figure of its own kind; a count as the whole number that it is."""
    whole = kind == "count" and value is not None and not is_hidden(value)
    return Of(int(value) if whole else value, kind)


def _way(then: Of, now: Of) -> str:
    """Whether, and which way, a figure has moved, as far as both are told."""
    if is_hidden(then.value) or is_hidden(now.value):
        return "not shown"
    if then.value == now.value:
        return "no"
    if then.value is None or now.value is None:
        return "yes"
    return "up" if now.value > then.value else "down"


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
