"""What differs between two versions of a record, told value by value."""

from service.meetings.history.rules import differences


def test_rows_are_the_same_by_whom_they_are_about_wherever_they_stand() -> None:
    before = [
        {"agency": "police", "name": "Jo", "presence": "present"},
        {"agency": "health", "name": "", "presence": "apologies"},
    ]
    after = [
        {"agency": "health", "name": "", "presence": "sent_information"},
        {"agency": "police", "name": "Jo", "presence": "present"},
    ]
    (only,) = differences("attendance", before, after)
    assert (only.path[-1], only.before, only.after) == ("presence", "apologies", "sent_information")


def test_a_row_that_was_added_or_taken_out_tells_each_of_its_values() -> None:
    added = differences("dissent", [], [{"agency": "police", "text": "Too early", "escalated": False, "name": ""}])
    assert [(each.path[-1], each.before, each.after) for each in added] == [
        ("agency", None, "police"),
        ("text", None, "Too early"),
        ("escalated", None, False),
    ]
    gone = differences("dissent", [{"agency": "police", "text": "Too early"}], [])
    assert [(each.path[-1], each.before, each.after) for each in gone] == [
        ("agency", "police", None),
        ("text", "Too early", None),
    ]


def test_inside_a_value_only_what_changed_is_told() -> None:
    before = {"considered": "Two notices", "missing": "", "confirmed_by_chair": False}
    after = {"considered": "Two notices", "missing": None, "confirmed_by_chair": True}
    (only,) = differences("history", before, after)
    assert (only.path, only.before, only.after) == (("history", "confirmed_by_chair"), False, True)
    assert differences("chair", "", None) == []
