"""The data dictionary says what the code says."""

import re
from pathlib import Path

from schema.vocabulary import INVOLVEMENTS, MILESTONES
from service.pathways.rules import OUTCOMES
from tools.data_dictionary import PLACE, WORDS, document
from tools.migrated_tables import Column, tables

CODE = Path(__file__).resolve().parent.parent.parent / "service"


def test_the_data_dictionary_is_up_to_date() -> None:
    assert PLACE.read_text(encoding="utf-8") == document(), "run make docs"


def test_every_milestone_outcome_and_involvement_has_words() -> None:
    assert set(MILESTONES) == set(WORDS["milestones"])
    assert {code for codes in OUTCOMES.values() for code in codes} - {"high", "medium", "standard"} == set(
        WORDS["outcomes"]
    )
    assert set(INVOLVEMENTS) == set(WORDS["involvements"])


def test_every_rule_that_the_code_raises_has_words() -> None:
    raised = {
        rule
        for path in sorted((CODE / "clocks").glob("*.py"))
        for rule in re.findall(r'rule="(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert raised
    assert raised <= set(WORDS["rules"])


def test_tables_are_read_with_their_marks() -> None:
    found = {table.name: table for table in tables()}
    assert found["milestone"].append_only
    assert found["milestone"].secured
    assert not found["child"].append_only
    assert found["police_pathway"].view
    assert "outcome_category" in [column.name for column in found["police_pathway"].columns]


def test_columns_are_read_with_type_and_rules(tmp_path: Path) -> None:
    (tmp_path / "0001_things.sql").write_text(
        "-- Things we keep.\n"
        "create table thing (\n"
        "  id uuid primary key, -- a comment, with a comma\n"
        "  kind text not null check (kind in ('a', 'b')),\n"
        "  at timestamptz not null default clock_timestamp(),\n"
        "  check (kind <> ''),\n"
        "  unique (kind, at)\n"
        ");\n"
        "alter table thing add column note text;\n"
    )
    (table,) = tables(tmp_path)
    assert table.comment == "Things we keep."
    assert table.columns == [
        Column(name="id", type="uuid", rules="primary key"),
        Column(name="kind", type="text", rules="not null check (kind in ('a', 'b'))"),
        Column(name="at", type="timestamptz", rules="not null default clock_timestamp()"),
        Column(name="note", type="text"),
    ]
