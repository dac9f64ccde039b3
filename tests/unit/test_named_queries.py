"""How a file of queries is read: by names, with what several have in common written once."""

import pytest

from service.database import named_queries

FILE = """
-- Of things.
-- part: newest
order by <this>.at desc;

-- name: things
select t.id from thing as t
-- use: newest t

-- name: deeds
select d.id from deed as d
-- use: newest d
limit $1;
"""


def test_what_queries_have_in_common_stands_in_each_of_them_and_is_none_itself() -> None:
    assert named_queries(FILE) == {
        "things": "select t.id from thing as t\norder by t.at desc",
        "deeds": "select d.id from deed as d\norder by d.at desc\nlimit $1",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select 1;\n-- name: one\nselect 1;", "before the first"),
        ("-- name: one\nselect 1;\n-- name: one\nselect 2;", "two queries are named one"),
        ("-- name: one\n-- use: later\n-- part: later\nselect 1;", "no part named later above"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        named_queries(text)
