"""A form keeps what was typed and names everything that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from service.errors import Refused, Wrong
from service.web.forms import Form, rows

NOW = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)


def test_all_errors_come_in_order_with_links_and_values_are_kept() -> None:
    form = Form({"name": "", "when": "soon", "grade": "worst", "note": "a\x07b"})
    assert form.text("name", "the family name", required=True) is None
    assert form.when("when", "when police attended", NOW) is None
    assert form.choice("grade", "a grade", ("high",)) is None
    assert form.text("note", "the note") is None
    assert [error.href for error in form.errors] == ["#name", "#when", "#grade", "#note"]
    assert form.errors[0].text == "Enter the family name"
    assert form.value("when") == "soon"
    assert form.message("grade") == {"text": "Choose a grade"}
    assert form.message("other") is None


def test_what_a_service_refused_stands_beside_its_fields() -> None:
    form = Form({})
    form.refused(
        Refused([Wrong("children[1].date_of_birth", "x", "a day", "Write a day."), Wrong("", "", "y", "All.")])
    )
    assert [(error.text, error.href) for error in form.errors] == [
        ("All.", ""),
        ("Write a day.", "#children_1_date_of_birth"),
    ]


def test_rows_are_counted_and_one_is_added_on_demand() -> None:
    sent = {"children_0_name": "A", "children_3_name": "B", "children_x": "", "children_999_name": "C"}
    assert rows(sent, "children") == 4
    assert rows({**sent, "add": "children"}, "children") == 5
    assert rows({}, "children") == 1
    assert rows({"children_19_name": "", "add": "children"}, "children") == 20
