"""The project's own rules find what they are for, and nothing innocent."""

from __future__ import annotations

import pytest

from tools.lint.python_rules import check_python
from tools.lint.sql_rules import check_sql
from tools.lint.text_rules import check_text


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("Q = 'select id from child'", "SQL outside"),
        ("Q = 'INSERT INTO child values (1)'", "SQL outside"),
        ("from datetime import datetime\ndatetime.now()", "time is an argument"),
        ("import datetime\ndatetime.datetime.utcnow()", "time is an argument"),
        ("import time\ntime.time()", "time is an argument"),
        ("import asyncio, httpx\nasyncio.wait_for(f(), 1)", "httpx.Timeout"),
    ],
)
def test_a_break_of_a_rule_is_found(source: str, complaint: str) -> None:
    [found] = check_python("service/somewhere.py", source)
    assert complaint in found


@pytest.mark.parametrize(
    "source",
    [
        '"""Select a child from the list."""',
        "LABEL = 'Select a reason'",
        "import time\ntime.monotonic()",
        "import asyncio\nasyncio.wait_for(f(), 1)",
        "timepiece.now()",
    ],
)
def test_what_is_innocent_passes(source: str) -> None:
    assert list(check_python("service/somewhere.py", source)) == []


def test_the_timepiece_may_read_the_clock() -> None:
    assert list(check_python("service/timepiece.py", "from datetime import datetime\ndatetime.now()")) == []


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("select *\nfrom child", 1),
        ("insert into a (b)\nvalues ($1)\nreturning *", 3),
        ("select id\nfrom a\nwhere due < now()", 3),
        ("select c.* from child as c", 1),
        ("-- name: a\nwith part as (select id from child) select id from part\n-- name: b\nselect * from part", 4),
    ],
)
def test_a_query_that_breaks_a_rule_is_found_on_its_line(query: str, line: int) -> None:
    [found] = check_sql("service/queries.sql", query)
    assert found.startswith(f"service/queries.sql:{line}:")


@pytest.mark.parametrize(
    "query",
    [
        "select count(*) from child",
        "insert into a (b, c)\nselect *, $3 from unnest($1::text[], $2::text[])",
        "-- select * from now()\nselect id from child",
        "-- name: a\nwith part as (select id from child) select * from part",
    ],
)
def test_an_innocent_query_passes(query: str) -> None:
    assert list(check_sql("service/queries.sql", query)) == []


def test_a_migration_may_default_to_the_servers_clock() -> None:
    assert list(check_sql("schema/migrations/0001_a.sql", "create table a (at timestamptz default now())")) == []


def test_a_file_that_is_too_long_or_unfinished_is_found() -> None:
    assert list(check_text("service/a.py", "x = 1\n" * 500)) == []
    assert list(check_text("service/a.py", "x = 1\n" * 501))
    assert list(check_text("service/a.py", "x = 1  # TO" + "DO later"))
    assert list(check_text("service/a.py", "x = '/ho" + "me/somebody'"))
