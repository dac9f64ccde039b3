"""How long one evaluation takes: run as ``python -m benchmarks.evaluate``.

The pathways are those a police file makes (five or six milestones) and a long one that went all the
way to a conference. Prints microseconds per pathway, the median of several rounds on one core.
"""

import argparse
import json
import statistics
import sys
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from uuid import UUID

from schema.calendars import load_shipped as load_calendar
from schema.holders import load_holders
from schema.spine import History, Milestone, PathwayFacts
from schema.standards import load_shipped
from service.clocks import Rulebook, evaluate

_BEGIN = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
#: (kind, hours after attendance, outcome)
_POLICE_FILE = (
    ("incident_occurred", -2, None),
    ("police_attended", 0, None),
    ("risk_graded", 0, "medium"),
    ("seen_at_scene", 0, "yes"),
    ("notice_submitted", 2, None),
    ("notice_shared", 77, None),
)
_LONG = (
    *_POLICE_FILE,
    ("notice_received", 78, None),
    ("school_notified", 10, None),
    ("contact_decided", 90, "strategy_discussion"),
    ("allocated", 95, None),
    ("strategy_requested", 92, None),
    ("strategy_held", 100, "quorate"),
    ("enquiry_started", 100, "joint"),
    ("child_seen", 120, None),
    ("strategy_record_issued", 121, None),
    ("enquiry_completed", 300, "substantiated_continuing_risk"),
    ("conference_held", 400, "plan"),
    ("core_group_held", 600, None),
)


def pathway(number: int, steps: tuple[tuple[str, int, str | None], ...]) -> History:
    """One pathway, at its own time of the year."""
    begin = _BEGIN + timedelta(minutes=37 * number)
    rows = []
    for place, (kind, hours, outcome) in enumerate(steps):
        at = begin + timedelta(hours=hours)
        identity = UUID(int=number * 100 + place + 1)
        rows.append(
            Milestone(
                id=identity,
                root=identity,
                record=identity,
                kind=kind,
                at=at,
                on=None,
                precision="minute",
                recorded_at=at + timedelta(hours=1),
                outcome=outcome,
            )
        )
    facts = PathwayFacts(
        id=UUID(int=number), area="359", force="06", date_of_birth=date(2016, 5, 4), school_status="at_school"
    )
    return History(pathway=facts, milestones=tuple(rows))


def measure(histories: list[History], rulebook: Rulebook, rounds: int) -> float:
    """Microseconds per pathway, the median of the rounds."""
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        for history in histories:
            evaluate(history, rulebook)
        taken.append((perf_counter() - begun) / len(histories) * 1e6)
    return statistics.median(taken)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pathways", type=int, default=2_000, help="how many pathways in each round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    begun = perf_counter()
    rulebook = Rulebook(load_shipped(), [load_calendar()], load_holders())
    found = {"rulebook built, milliseconds": (perf_counter() - begun) * 1e3}
    for name, steps in (("police file pathway", _POLICE_FILE), ("pathway to conference", _LONG)):
        histories = [pathway(number, steps) for number in range(options.pathways)]
        measure(histories[:200], rulebook, 1)
        found[f"{name}, microseconds"] = measure(histories, rulebook, options.rounds)
    found = {name: round(value, 1) for name, value in found.items()}
    if options.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
