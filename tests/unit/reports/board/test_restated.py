"""What moved since a report was made: in words on a page, as numbers in files, and which of it moved."""

from typing import Any

import msgspec

from service.reports.board.rules.sheets import cells
from service.reports.board.rules.tables import told
from service.reports.board.rules.trusting import restated, restated_by_agency
from service.reports.disclosure.hidden import small
from service.reports.measures.ledgers import Moved, OfAgency, Restated


def made(*figures: tuple[str, Any, Any], late: Any = 43) -> Restated:
    return Restated(
        figures=[Moved(key=key, reported=reported, known_now=now) for key, reported, now in figures],
        corrections=1,
        retractions=0,
        recorded_late=late,
        pathways=19,
    )


def test_each_figure_is_told_in_its_own_words_and_whether_it_moved() -> None:
    table = restated(
        made(("waiting", 23.0, 25.0), ("oldest", 11086.0, 11086.0), ("within_limit", 0.9, 0.85), ("began", None, 4.0))
    )
    assert told(table) == [
        ["Children waiting for a first decision", "23", "25", "up"],
        ["Longest wait", "7 days 16 hours", "7 days 16 hours", "no"],
        ["Share within the limit", "90%", "85%", "down"],
        ["Waits that began", "not known", "4", "yes"],
    ]
    assert table.lead == (
        "Since then: 1 correction, 0 retractions and 43 records of earlier events, on 19 pathways. They moved: "
        "children waiting for a first decision, share within the limit and waits that began."
    )
    # A file holds numbers to work with.
    assert cells(table.rows[0], table.columns) == ["Children waiting for a first decision", 23, 25, "up"]
    assert cells(table.rows[1], table.columns)[1] == 11086.0


def test_of_what_is_hidden_it_is_not_told_whether_it_moved() -> None:
    table = restated(made(("waiting", 23.0, small(5)), ("past_limit", 8.0, 8.0), late=small(5)))
    assert [row[-1] for row in told(table)] == ["not shown", "no"]
    assert "1 to 5 records of earlier events" in table.lead
    assert "Of what may be told below, nothing has moved." in table.lead


def test_whose_records_moved_it_is_told_by_agency_with_what_was_late_and_is_in_time() -> None:
    hidden: Any = small(5)
    since = msgspec.structs.replace(
        made(late=small(5)),
        agencies=[
            OfAgency(agency="police", corrections=1, retractions=0, recorded_late=hidden, forgave=1),
            OfAgency(agency="childrens_social_care", corrections=0, retractions=0, recorded_late=40, forgave=0),
        ],
    )
    table = restated_by_agency(since)
    assert table.lead == (
        "Police: 1 correction, 0 retractions and 1 to 5 records of earlier events; 1 turned late into in time. "
        "Children's social care: 0 corrections, 0 retractions and 40 records of earlier events; 0 turned late into in "
        "time."
    )
    assert told(table) == [["Police", "1", "0", "1 to 5", "1"], ["Children's social care", "0", "0", "40", "0"]]
    assert cells(table.rows[1], table.columns) == ["Children's social care", 0, 0, 40, 0]
