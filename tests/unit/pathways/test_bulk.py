"""Several writes as one statement."""

from service.pathways import bulk


def test_each_statement_keeps_its_own_arguments() -> None:
    first, second = "insert into a values ($1, $2::text[], $1)", "insert into b\nselect $2, $1 -- and a word"
    assert bulk.together(first, second, "insert into c values ($1, $10)") == (
        "with part_0 as (\ninsert into a values ($1, $2::text[], $1)\n),"
        " part_1 as (\ninsert into b\nselect $4, $3 -- and a word\n)\n"
        "insert into c values ($5, $14)"
    )
