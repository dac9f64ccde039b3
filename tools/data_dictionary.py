"""Write docs/data-dictionary.md from the code; what `make docs` runs: `python -m tools.data_dictionary`.

Everything in it comes from where the program itself reads it: the vocabulary, the shipped standards,
the feed profiles, the migrations, the API's own description. Only words for people stand beside, in
`tools/data_dictionary.toml`. No database is needed. With `--check` it only compares, exit code 1.
"""

import sys
import typing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from schema import vocabulary
from schema.holders import HolderRow, load_holders
from schema.standards import Standard, Start, Stop, load_shipped
from service.app import create_app
from service.exchange.history import HistoryRow
from service.intake.files.parse.profile import Split, load_profile, profile_names
from service.pathways.rules import OUTCOMES, REASONED, RECORDED_BY
from service.reference import completed
from service.settings import Settings
from service.web import words
from tools.migrated_tables import Table, tables

PLACE: Final = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"
WORDS: Final[dict[str, dict[str, str]]] = msgspec.toml.decode(
    Path(__file__).with_suffix(".toml").read_bytes(), type=dict[str, dict[str, str]]
)
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def document() -> str:
    """The whole dictionary as Markdown."""
    sections = _sections()
    links = "\n".join(f"- [{title}](#{title.lower().replace(' ', '-')})" for title in sections)
    parts = [f"# Data dictionary\n\n{WORDS['introductions']['document']}\n{links}\n"]
    for title, lines in sections.items():
        opening = WORDS["introductions"][title]
        parts.append(f"## {title}\n\n{opening}\n" + "\n".join(lines).strip() + "\n")
    return "\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with ``--check`` only say whether it is up to date."""
    text = document()
    if "--check" in arguments:
        same = PLACE.is_file() and PLACE.read_text(encoding="utf-8") == text
        print(
            "docs/data-dictionary.md is up to date" if same else "docs/data-dictionary.md is not up to date: make docs"
        )
        return 0 if same else 1
    PLACE.write_text(text, encoding="utf-8")
    return 0


def _sections() -> dict[str, list[str]]:
    return {
        "Milestones": list(_milestones()),
        "Outcomes and other lists": list(_lists()),
        "Standards": list(_standards()),
        "Flag conditions": list(_rules()),
        "Police file": list(_police_files()),
        "Pathway history file": list(_history_file()),
        "Tables and views": list(_tables()),
        "API": list(_api()),
    }


def _milestones() -> Iterator[str]:
    holders = load_holders()
    rows = []
    for rank, kind in enumerate(vocabulary.MILESTONES):
        reasons = [what for _, what in REASONED.get(kind, ())]
        needs = f" A person must give: {', '.join(reasons)}." if reasons else ""
        rows.append(
            (
                str(rank),
                f"`{kind}`",
                WORDS["milestones"][kind] + needs,
                "; ".join(_held(row) for row in holders if row.kind == kind),
                ", ".join(f"`{role}`" for role in RECORDED_BY.get(kind, ())) or "the system alone",
            )
        )
    yield from _table(("Rank", "Code", "Meaning", "Holder afterwards", "Recorded by"), rows)


def _held(row: HolderRow) -> str:
    when = f"{', '.join(row.outcomes)}: " if row.outcomes else ""
    if row.action == "unchanged":
        return f"{when}unchanged"
    if row.action in ("ask", "answer"):
        return f"{when}the agency asked" if row.action == "ask" else f"{when}whoever held before"
    named = f"{_plain(row.holder or '')} ({_plain(row.stage or '')})"
    return when + {"start": f"{named}, where nobody holds yet", "wait_on": f"the agency awaited, else {named}"}.get(
        row.action, named
    )


def _lists() -> Iterator[str]:
    for kind, outcomes in OUTCOMES.items():
        yield f"### Outcomes of `{kind}`\n"
        yield from _codes(outcomes)
    yield "### Other closed lists\n"
    yield from _table(
        ("List", "Codes"),
        [
            ("Involvement of a child", ", ".join(f"`{code}`" for code in vocabulary.INVOLVEMENTS)),
            ("Precision of a time", ", ".join(f"`{code}`" for code in vocabulary.PRECISIONS)),
            ("Source of a milestone", ", ".join(f"`{code}`" for code in vocabulary.SOURCES)),
            ("Why no child is named", ", ".join(f"`{code}`" for code in vocabulary.NO_CHILD_REASONS)),
            ("School", ", ".join(f"`{code}`" for code in vocabulary.SCHOOL_STATUSES)),
            ("Sex", ", ".join(f"`{code}`" for code in vocabulary.SEXES)),
            ("Agencies", ", ".join(f"`{code}`" for code in vocabulary.AGENCIES)),
            ("Roles", ", ".join(f"`{code}`" for code in vocabulary.ROLES)),
        ],
    )
    yield "### Involvement\n"
    yield from _table(
        ("Code", "Meaning"), [(f"`{code}`", WORDS["involvements"][code]) for code in vocabulary.INVOLVEMENTS]
    )


def _codes(codes: Iterable[str]) -> Iterator[str]:
    meanings: dict[str, str] = {
        **{grade: f"{grade.capitalize()} risk." for grade in vocabulary.GRADES},
        **WORDS["outcomes"],
    }
    yield from _table(("Code", "Meaning"), [(f"`{code}`", meanings[code]) for code in codes])


def _standards() -> Iterator[str]:
    for standard in load_shipped():
        yield f"### `{standard.key}`: {standard.name}\n"
        yield from _table(("What", "Value"), list(_standard(standard)))


def _standard(standard: Standard) -> Iterator[tuple[str, str]]:
    yield "Within", _duration(standard.within)
    if standard.warn is not None:
        yield "Warning before that", _duration(standard.warn)
    yield "Started by", "; ".join(_start(start) for start in standard.started_by)
    yield "Met by", "; ".join(_stop(stop) for stop in standard.met_by)
    if standard.ended_by:
        yield "Ended, unmet, by", "; ".join(_stop(stop) for stop in standard.ended_by)
    yield "Accountable", _plain(standard.holder)
    grades = f", {', '.join(standard.flag_grades)} only" if standard.flag_grades else ""
    yield "Flag", f"`{standard.flags}`{grades}"
    yield (
        "Ladder",
        ", then ".join(f"`{rung.role}`" + (f" after {rung.after}" if rung.after else "") for rung in standard.ladder),
    )
    if standard.one_per is not None:
        yield "One for each", f"`{standard.one_per}` that the milestones name; what names none goes with any"
    if standard.applies_to == "school_age":
        yield "Applies to", "children from reception to 17 who are at school or educated at home"
    yield "Basis", standard.basis
    yield "Source", standard.source
    yield (
        "Confidence",
        standard.confidence + (", confirmed locally" if standard.confirmed_locally else ", not yet confirmed locally"),
    )


def _duration(within: str | dict[Any, str]) -> str:
    return within if isinstance(within, str) else ", ".join(f"{grade}: {text}" for grade, text in within.items())


def _start(start: Start) -> str:
    said = f"`{start.kind}`" + _outcomes(start.outcomes, start.except_outcomes)
    said += "".join(f" with {name} {str(value).lower()}" for name, value in start.detail.items())
    said += f", unless {_listed(start.unless)}" if start.unless else ""
    said += f", after {_listed(start.after)}" if start.after else ""
    said += f", reversing {_listed(start.reversing)}" if start.reversing else ""
    said += f", within {start.within}" if start.within else ""
    return said + (", marked as standing in" if start.marked else "") + (", each time" if start.mode == "each" else "")


def _stop(stop: Stop) -> str:
    return f"`{stop.kind}`" + _outcomes(stop.outcomes, stop.except_outcomes)


def _outcomes(outcomes: tuple[str, ...] | None, excluded: tuple[str, ...]) -> str:
    return (f" ({', '.join(outcomes)})" if outcomes else "") + (f" (not {', '.join(excluded)})" if excluded else "")


def _rules() -> Iterator[str]:
    yield from _table(("Rule", "True while"), [(f"`{rule}`", meaning) for rule, meaning in WORDS["rules"].items()])


def _police_files() -> Iterator[str]:
    for name in profile_names():
        profile = load_profile(name)
        yield f"### Profile `{name}`: {profile.title}\n"
        yield f"Force `{profile.force}`, coverage `{profile.coverage}`, zone {profile.zone}."
        yield f"Dates: {', '.join(profile.date_formats)}. Grades: {_spelt(profile.grades)}."
        yield f"Areas: {_spelt(profile.areas)}.\n"
        rows = []
        for field in profile.columns.__struct_fields__:
            column = getattr(profile.columns, field)
            if column is not None:
                shown = f"{column.date}, {column.time}" if isinstance(column, Split) else column
                rows.append((shown, "may be absent" if field in profile.optional else "", WORDS["police_file"][field]))
        yield from _table(("Column", "", "Becomes"), rows)


def _spelt(spellings: dict[str, Any]) -> str:
    return ", ".join(f"{said} = `{meant}`" for said, meant in spellings.items())


def _history_file() -> Iterator[str]:
    hints = typing.get_type_hints(HistoryRow)
    rows = [(f"`{name}`", _kind(hints[name]), WORDS["history_file"][name]) for name in HistoryRow.__struct_fields__]
    yield from _table(("Column", "Kind", "Becomes"), rows)


def _kind(hint: Any) -> str:
    kinds = [each for each in typing.get_args(hint) if each is not type(None)] or [hint]
    if typing.get_origin(hint) is typing.Literal:
        return ", ".join(f"`{each}`" for each in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        return "list"
    names = {"str": "text", "date": "day", "bool": "`yes` or `no`", "Moment": "time"}
    return ", ".join(
        _kind(each) if typing.get_args(each) else names.get(each.__name__, each.__name__) for each in kinds
    )


def _tables() -> Iterator[str]:
    for table in tables():
        yield f"### `{table.name}`\n"
        yield _purpose(table) + _marks(table) + "\n"
        if table.view:
            yield ", ".join(f"`{column.name}`" for column in table.columns) + "\n"
        else:
            yield from _table(
                ("Column", "Type", ""),
                [(f"`{each.name}`", each.type, f"`{each.rules}`" if each.rules else "") for each in table.columns],
            )


def _purpose(table: Table) -> str:
    said = WORDS["tables"].get(table.name) or table.comment
    if not said:
        raise ValueError(f"say in a comment of {table.migration} what {table.name} is for")
    return said


def _marks(table: Table) -> str:
    marks = [
        mark for mark, holds in (("append-only", table.append_only), ("row-level security", table.secured)) if holds
    ]
    return f" *{', '.join(marks).capitalize()}.*" if marks else ""


def _api() -> Iterator[str]:
    described = _described()
    rows = []
    for path, item in sorted(described["paths"].items()):
        for method in _METHODS:
            if method in item:
                body = [
                    _reference(each["schema"])
                    for each in item[method].get("requestBody", {}).get("content", {}).values()
                ]
                rows.append(
                    (
                        f"`{method.upper()} {path}`",
                        " ".join(item[method].get("description", "").split()),
                        ", ".join(body),
                    )
                )
    yield from _table(("Operation", "What it does", "Body"), rows)
    for name, schema in sorted(described["components"]["schemas"].items()):
        yield f"### {name}\n"
        if schema.get("description"):
            yield " ".join(schema["description"].split()) + "\n"
        required = set(schema.get("required", ()))
        fields = [
            (
                f"`{field}`",
                _reference(each),
                "required" if field in required else "",
                " ".join(each.get("description", "").split()),
            )
            for field, each in schema.get("properties", {}).items()
        ]
        if fields:
            yield from _table(("Field", "Type", "", "Meaning"), fields)


def _described() -> dict[str, Any]:
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1/none"))
    encoded = msgspec.json.encode(app.openapi_schema.to_schema(), enc_hook=str)
    return completed(msgspec.json.decode(encoded, type=dict[str, Any]))


def _reference(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(_reference(each) for each in schema[several]))
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"] if each is not None)
    if schema.get("type") == "array":
        return f"list of {_reference(schema.get('items', {}))}"
    kinds = schema.get("type", "anything")
    said = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{said} ({schema['format']})" if "format" in schema else said


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _plain(code: str) -> str:
    return words.sentence(code)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
