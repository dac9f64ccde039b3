"""No small number can be worked out from what a board is shown: attacked with a solver in whole numbers."""

from collections.abc import Hashable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.reports.disclosure import BLANK, EXACT, LARGE, NEAR, SMALL, SOME, Cell, Published, Sum, protect
from tests.unit.reports.disclosure.attacker import Attacker, given_away

Cells = dict[Hashable, Cell]
#: Mostly small numbers, for they are what is at stake.
COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 12), st.integers(0, 80))
BOUNDED = settings(max_examples=25, deadline=None, derandomize=True)


def count(children: int, behind: int | None = None, **more: Any) -> Cell:
    return Cell(children=children, behind=behind, **more)


def told(published: Published) -> dict[Hashable, object]:
    return {key: published.exact.get(key, label) for key, label in published.labels.items()}


def total(cells: Cells, name: Hashable, parts: list[Hashable]) -> Sum:
    cells[name] = count(sum(cells[key].children for key in parts), weight=2)
    return Sum(name, tuple(parts))


def test_a_small_number_takes_another_with_it() -> None:
    cells: Cells = {"a": count(3), "b": count(9), "c": count(0), "d": count(40)}
    sums = [total(cells, "all", ["a", "b", "c", "d"])]
    assert told(protect(cells, sums)) == {"a": SMALL, "b": LARGE, "c": 0, "d": 40, "all": 52}


def test_a_total_goes_where_it_would_narrow_its_parts() -> None:
    cells: Cells = {"a": count(3), "b": count(5)}
    sums = [total(cells, "all", ["a", "b"])]
    # Of eight children neither part can be one or two.
    assert told(protect(cells, sums)) == {"a": SMALL, "b": SMALL, "all": LARGE}


def test_a_small_total_is_not_broken_down() -> None:
    cells: Cells = {"a": count(3), "b": count(2)}
    sums = [total(cells, "all", ["a", "b"])]
    assert told(protect(cells, sums)) == {"a": BLANK, "b": BLANK, "all": SMALL}


def test_many_children_of_few_incidents_are_hidden_too() -> None:
    cells: Cells = {"a": count(10, 2), "b": count(40, 30), "c": count(48, 28)}
    sums = [total(cells, "all", ["a", "b", "c"])]
    assert told(protect(cells, sums)) == {"a": LARGE, "b": LARGE, "c": 48, "all": 98}


def test_what_is_left_of_a_total_is_not_of_few_incidents_either() -> None:
    cells: Cells = {"a": count(4, 1), "b": count(7, 5), "c": count(48, 28), "d": count(60, 50)}
    sums = [total(cells, "all", ["a", "b", "c", "d"])]
    # Eleven children of at most six incidents, perhaps of five, would be left: one more line is hidden.
    assert told(protect(cells, sums)) == {"a": SMALL, "b": LARGE, "c": LARGE, "d": 60, "all": 119}


def test_nearly_all_tells_who_is_not() -> None:
    cells: Cells = {"late": count(97, weight=0), "in time": count(3, told=False)}
    sums = [total(cells, "all", ["late", "in time"])]
    assert told(protect(cells, sums)) == {"late": LARGE, "in time": BLANK, "all": 100}


def test_the_threshold_is_the_partnerships() -> None:
    cells: Cells = {"a": count(7), "b": count(30), "c": count(31)}
    sums = [total(cells, "all", ["a", "b", "c"])]
    assert told(protect(cells, sums))["a"] == 7
    assert told(protect(cells, sums, threshold=9)) == {"a": SMALL, "b": LARGE, "c": 31, "all": 68}


def test_two_reports_that_differ_by_little_show_one_of_them() -> None:
    cells: Cells = {"now": count(13), "then": count(12), "much now": count(30), "much then": count(21)}
    published = protect(cells, [], twins={"then": "now", "much then": "much now"})
    assert told(published) == {"now": 13, "then": NEAR, "much now": 30, "much then": 21}
    # Of many child-days, counted in hundredths, an hour less is near too.
    days: Cells = {"now": count(46_404, width=23_202), "then": count(46_400, width=23_200)}
    assert told(protect(days, [], twins={"then": "now"})) == {"now": 46_404, "then": NEAR}


def test_what_one_report_hides_the_other_does_not_tell() -> None:
    cells: Cells = {"now": count(4), "then": count(20)}
    assert told(protect(cells, [], twins={"then": "now"})) == {"now": SMALL, "then": LARGE}


def test_what_is_hidden_in_both_of_two_reports_is_not_worked_out_from_what_is_left_of_a_total() -> None:
    cells: Cells = {"then": count(4), "now": count(7), "others": count(20), "most": count(30)}
    sums = [total(cells, "all", ["now", "others", "most"])]
    twins: dict[Hashable, Hashable] = {"now": "then"}
    published = protect(cells, sums, twins=twins)
    assert told(published) == {"then": SMALL, "now": LARGE, "others": LARGE, "most": 30, "all": 57}
    assert given_away(cells, sums, published, twins.items()) == []


def test_what_was_told_before_is_taken_into_account() -> None:
    cells: Cells = {"a": count(3), "b": count(9), "c": count(40)}
    sums = [total(cells, "all", ["a", "b", "c"])]
    published = protect(cells, sums, fixed={"b": EXACT, "all": EXACT})
    assert told(published) == {"a": SMALL, "b": 9, "c": LARGE, "all": 52}


@BOUNDED
@given(st.data())
def test_nothing_is_given_away_by_margins(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    cells: Cells = {}
    for row in range(rows):
        for column in range(columns):
            children = data.draw(COUNTS)
            cells[row, column] = count(children, data.draw(st.integers(min(children, 1), children)))
    sums = [total(cells, ("row", row), [(row, column) for column in range(columns)]) for row in range(rows)]
    sums += [total(cells, ("column", column), [(row, column) for row in range(rows)]) for column in range(columns)]
    sums.append(total(cells, "all", [("row", row) for row in range(rows)]))
    sums.append(Sum("all", tuple(("column", column) for column in range(columns))))
    published = protect(cells, sums)
    assert given_away(cells, sums, published) == []


@BOUNDED
@given(st.data())
def test_nothing_is_given_away_by_nested_and_overlapping_tables(data: st.DataObject) -> None:
    cells: Cells = {}
    atoms: list[Hashable] = list(range(data.draw(st.integers(2, 8))))
    for atom in atoms:
        cells[atom] = count(data.draw(COUNTS), told=data.draw(st.booleans()), weight=0)
    sums = []
    for level in range(3):
        groups: dict[int, list[Hashable]] = {}
        for atom in atoms:
            groups.setdefault(data.draw(st.integers(0, 2)), []).append(atom)
        for group, members in groups.items():
            sums.append(total(cells, (level, group), members))
        sums.append(total(cells, "all", [(level, group) for group in groups]))
    # Also where it is hidden coarsely, after few tries.
    patience = data.draw(st.sampled_from([0, 1, 1_000]))
    published = protect(cells, sums, threshold=data.draw(st.sampled_from([2, 5])), patience=patience)
    assert given_away(cells, sums, published) == []


@BOUNDED
@given(st.data())
def test_nothing_is_given_away_by_two_reports(data: st.DataObject) -> None:
    cells: Cells = {}
    places = range(data.draw(st.integers(1, 5)))
    for place in places:
        now = data.draw(COUNTS)
        cells["now", place] = count(now)
        cells["then", place] = count(max(0, now + data.draw(st.integers(-7, 7))))
    sums = [total(cells, (report, "all"), [(report, place) for place in places]) for report in ("now", "then")]
    twins: dict[Hashable, Hashable] = {("then", place): ("now", place) for place in [*places, "all"]}
    published = protect(cells, sums, twins=twins)
    assert given_away(cells, sums, published, twins.items()) == []
    # What is known now is read by itself too: as it is told then, the other report gives nothing away beside it.
    present: dict[Hashable, Cell] = {
        key: cell for key, cell in cells.items() if isinstance(key, tuple) and key[0] == "now"
    }
    alone = protect(present, sums[:1])
    beside = protect(cells, sums, twins=twins, fixed=alone.labels)
    assert {key: beside.labels[key] for key in present} == alone.labels
    assert given_away(cells, sums, beside, twins.items()) == []
    for each in (published, beside):
        for one, other in twins.items():
            shown = {each.labels[one], each.labels[other]} == {EXACT}
            assert not (shown and 0 < abs(cells[one].children - cells[other].children) <= 5)


@BOUNDED
@given(st.lists(COUNTS, min_size=1, max_size=6))
def test_somebody_who_waits_is_never_shown_as_nobody(counts: list[int]) -> None:
    cells: Cells = {number: count(children) for number, children in enumerate(counts)}
    sums = [total(cells, "all", list(cells))]
    published = protect(cells, sums)
    for key, cell in cells.items():
        assert published.exact.get(key, cell.children) == cell.children
        assert (published.bounds(key)[0] == 0) <= (cell.children == 0 or published.labels[key] == BLANK)
    if cells["all"].children:
        assert published.bounds("all")[0] >= 1


def waiting(children: int, **more: Any) -> Cell:
    return count(children, waits=True, **more)


def unspoken(cells: Cells, published: Published) -> list[Hashable]:
    """Those who wait and of whom neither their own number says that there are any, nor that of all of whom they are."""
    totals = published.spoken_for
    found = [key for key, cell in cells.items() if cell.waits and cell.children and published.bounds(key)[0] < 1]
    return [key for key in found if key not in totals or published.bounds(totals[key])[0] < 1]


def betrayed(cells: Cells, sums: list[Sum], published: Published) -> list[Hashable]:
    """Hidden noughts beside which nobody is hidden in the same words, so that the words would tell who is one."""
    found = []
    for key, cell in cells.items():
        if cell.waits and cell.told and not cell.children and published.labels[key] != EXACT:
            beside = [other for each in sums if key in each.parts for other in each.parts]
            alike = [
                other
                for other in beside
                if cells[other].children and published.labels[other] == BLANK and other in published.spoken_for
            ]
            if published.labels[key] != BLANK or not alike:
                found.append(key)
    return found


def test_of_a_few_who_wait_in_several_groups_all_groups_are_told_alike_and_the_total_speaks() -> None:
    cells: Cells = {"a": waiting(3), "b": waiting(2), "c": waiting(0)}
    cells["all"] = waiting(5, weight=2)
    sums = [Sum("all", ("a", "b", "c"))]
    published = protect(cells, sums)
    # Two groups that say "somebody" would tell that they are two at least, and a group that says "nobody" who they are.
    assert told(published) == {"a": BLANK, "b": BLANK, "c": BLANK, "all": SMALL}
    assert published.spoken_for == {"a": "all", "b": "all", "c": "all"}
    assert Attacker(published, sums).narrow("c") == (0, 5)


def test_two_counts_of_the_same_who_wait_speak_for_each_other_once() -> None:
    cells: Cells = {
        "open": waiting(3), "none here": waiting(0), "waiting": waiting(3), "none there": waiting(0), "few": waiting(2)
    }  # fmt: skip
    sums = [Sum("open", ("waiting", "none here")), Sum("waiting", ("open", "none there"))]
    published = protect(cells, sums)
    assert given_away(cells, sums, published) == []
    assert unspoken(cells, published) == []


def test_a_nought_is_told_where_nobody_waits_in_any_report_that_hides_it() -> None:
    cells: Cells = {"now": waiting(4), "then": waiting(0), "more now": waiting(0), "more then": waiting(3)}
    published = protect(cells, [], twins={"then": "now", "more then": "more now"})
    assert told(published) == {"now": SMALL, "then": 0, "more now": 0, "more then": SMALL}


def test_of_those_who_wait_it_is_said_that_there_is_somebody_where_no_more_may_be_said() -> None:
    cells: Cells = {"a": waiting(3), "b": waiting(6, told=False), "c": count(4)}
    published = protect(cells, [])
    assert told(published) == {"a": SMALL, "b": SOME, "c": SMALL}


@BOUNDED
@given(st.data())
def test_that_somebody_waits_is_always_said_and_gives_nothing_away(data: st.DataObject) -> None:
    """Two divisions of the same children, one again divided and with some past their limit, and a second report."""
    cells: Cells = {}
    sums = []
    reports = ("now", "then") if data.draw(st.booleans()) else ("now",)
    groups = range(data.draw(st.integers(1, 4)))
    for report in reports:
        for group in groups:
            for part in range(2):
                cells[report, group, part] = waiting(data.draw(COUNTS), weight=0)
            parts = ((report, group, 0), (report, group, 1))
            cells[report, group] = waiting(sum(cells[part].children for part in parts))
            sums.append(Sum((report, group), parts))
            # Of each group some are past their limit; how many are not is told nowhere.
            late = data.draw(st.integers(0, cells[report, group].children))
            cells[report, group, "late"] = waiting(late, weight=0)
            cells[report, group, "in time"] = count(cells[report, group].children - late, told=False, weight=0)
            sums.append(Sum((report, group), ((report, group, "late"), (report, group, "in time"))))
        cells[report, "late"] = waiting(sum(cells[report, group, "late"].children for group in groups))
        sums.append(Sum((report, "late"), tuple((report, group, "late") for group in groups)))
        number = sum(cells[report, group].children for group in groups)
        some = data.draw(st.integers(0, number))
        cells[report, "girls"], cells[report, "boys"] = waiting(some), waiting(number - some)
        cells[report, "all"] = waiting(number, weight=2, told=data.draw(st.booleans()))
        sums += [
            Sum((report, "all"), tuple((report, group) for group in groups)),
            Sum((report, "all"), ((report, "girls"), (report, "boys"))),
        ]
    twins: dict[Hashable, Hashable] = {}
    if len(reports) == 2:
        twins = {key: ("now", *key[1:]) for key in cells if isinstance(key, tuple) and key[0] == "then"}
    published = protect(cells, sums, twins=twins, patience=data.draw(st.sampled_from([0, 1, 1_000])))
    assert given_away(cells, sums, published, twins.items()) == []
    assert unspoken(cells, published) == []
    assert betrayed(cells, sums, published) == []
