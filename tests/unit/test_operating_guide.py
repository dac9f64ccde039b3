"""The operating guide names what there is."""

from pathlib import Path

import msgspec

from schema.standards import load_shipped
from service.commands import VERBS
from service.settings import Settings

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "operating-guide.md").read_text(encoding="utf-8")


def test_every_setting_is_explained_with_its_default() -> None:
    rows = {line.split("`")[1]: line for line in GUIDE.splitlines() if line.startswith("| `") and line.count("|") == 4}
    for field in msgspec.structs.fields(Settings):
        row = rows[field.name.upper()]
        if isinstance(field.default, (int, str)) and field.default != "":
            assert str(field.default) in row.replace("`", "")


def test_every_standard_is_listed_as_to_be_confirmed() -> None:
    section = GUIDE.partition("## Standards and calendars")[2].partition("\n## ")[0]
    derived = {"absent_decision", "absent_notice", "absent_strategy_request", "in_transit"}
    statutory = {"police_protection", "emergency_order"}
    wanted = {standard.key for standard in load_shipped()} - derived - statutory
    assert {key for key in wanted if f"`{key}`" not in section} == set()


def test_commands_it_shows_exist() -> None:
    shown = {
        line.split()[1]
        for line in GUIDE.splitlines()
        if line.startswith("    tracker ") and not line.startswith("    tracker --")
    }
    assert shown
    assert shown <= set(VERBS)
