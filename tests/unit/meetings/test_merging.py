"""Two people write one record and neither loses a word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.meetings.pages.merging import merge

BASE = [("chair", "Mo"), ("children_0_rationale", "Second time"), ("actions_0_what", "See Ada")]


def changed(**fields: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in (dict(BASE) | fields).items() if value]


def test_what_only_one_of_them_changed_is_taken() -> None:
    found = merge(BASE, changed(children_0_rationale="Third time"), changed(chair="Cheryl"))
    assert dict(found.pairs) == dict(changed(children_0_rationale="Third time", chair="Cheryl"))
    assert found.clashes == ()


def test_where_both_wrote_mine_stays_and_theirs_is_shown() -> None:
    found = merge(BASE, changed(chair="Nia"), changed(chair="Cheryl"))
    assert dict(found.pairs)["chair"] == "Cheryl"
    assert [(each.name, each.theirs) for each in found.clashes] == [("chair", "Nia")]


def test_rows_that_both_added_stand_one_after_the_other() -> None:
    theirs = changed(actions_1_what="Ring the school", actions_1_owner_name="Nia")
    found = merge(BASE, theirs, changed(actions_1_what="Visit tonight", actions_2_what="Ask the GP"))
    pairs = dict(found.pairs)
    assert [pairs[f"actions_{n}_what"] for n in range(4)] == [
        "See Ada",
        "Ring the school",
        "Visit tonight",
        "Ask the GP",
    ]
    assert "actions_2_owner_name" not in pairs
    assert found.clashes == ()


def test_what_both_changed_alike_is_no_clash() -> None:
    both = changed(chair="Cheryl")
    assert merge(BASE, both, both).clashes == ()


def test_what_they_took_out_is_out_unless_i_changed_it() -> None:
    theirs = changed(children_0_rationale="")
    assert "children_0_rationale" not in dict(merge(BASE, theirs, BASE).pairs)
    found = merge(BASE, theirs, changed(children_0_rationale="Third"))
    assert dict(found.pairs)["children_0_rationale"] == "Third"
    assert found.clashes[0].theirs == ""


def test_line_ends_of_a_browser_are_no_change() -> None:
    base = [("chair", "a\nb")]
    assert merge(base, [("chair", "c")], [("chair", "a\r\nb")]).pairs == (("chair", "c"),)


VALUES = st.dictionaries(st.sampled_from(["chair", "form", "history_considered"]), st.sampled_from(["a", "b", "c"]))


@given(VALUES, VALUES, VALUES)
def test_no_word_of_either_is_lost(base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]) -> None:
    found = merge(list(base.items()), list(theirs.items()), list(mine.items()))
    shown = set(found.pairs) | {(each.name, each.theirs) for each in found.clashes}
    assert {pair for pair in mine.items() if base.get(pair[0]) != pair[1]} <= shown
    assert {pair for pair in theirs.items() if base.get(pair[0]) != pair[1]} <= shown
