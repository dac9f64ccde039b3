"""Tables, views and columns as the migrations leave them, read from the SQL text; no database is needed.

Understands the plain statements that the migrations use: `create table`, `create [or replace] view ... select`,
`alter table ... add column`, append-only triggers and row-level security. Anything else about a table is ignored.
"""

import re
from pathlib import Path
from typing import Final

import msgspec

FOLDER: Final = Path(__file__).resolve().parent.parent / "schema" / "migrations"
_TABLE: Final = re.compile(r"((?:^--[^\n]*\n)*)^create[ ]table (?:if not exists )?(\w+) \(\n(.*?)^\);", re.M | re.S)
_VIEW: Final = re.compile(
    r"((?:^--[^\n]*\n)*)^create view (\w+) (?:with \([^)]*\) )?as\n([s]elect\n.*?)^from ", re.M | re.S
)
_ADDED: Final = re.compile(r"^alter table (\w+) add column (\w+) ([^;]+);", re.M)
_DROPPED: Final = re.compile(r"^alter table (\w+) drop column (?:if exists )?(\w+)", re.M)
_SECURED: Final = re.compile(r"^alter table (\w+) enable row level security", re.M)
_SECURED_TOGETHER: Final = re.compile(r"^    '(\w+:\w+(?:', '\w+:\w+)*)'", re.M)
_APPEND_ONLY: Final = re.compile(r"on (\w+)\s+for each statement execute function refuse_change\(\)")
_COLUMN: Final = re.compile(r"(\w+) (.+)", re.S)
_NO_COLUMN: Final = ("check", "unique", "primary", "foreign", "constraint", "exclude")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column; ``rules`` is what the table says of it beside its type."""

    name: str
    type: str
    rules: str = ""


class Table(msgspec.Struct, kw_only=True):
    """A table or a view, the migration that made it, and the comment above it there."""

    name: str
    migration: str
    comment: str
    columns: list[Column]
    view: bool = False
    append_only: bool = False
    secured: bool = False


def tables(folder: Path = FOLDER) -> list[Table]:
    """Every table and view, in the order in which the migrations make them."""
    found: dict[str, Table] = {}
    for path in sorted(folder.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        for comment, name, body in _TABLE.findall(sql):
            found[name] = Table(name=name, migration=path.name, comment=_said(comment), columns=_columns(body))
        for comment, name, body in _VIEW.findall(sql):
            listed = [Column(name=_alias(part), type="") for part in _parts(body.removeprefix("select\n"))]
            found[name] = Table(name=name, migration=path.name, comment=_said(comment), columns=listed, view=True)
        for name, column, rest in _ADDED.findall(sql):
            found[name].columns.append(_column(f"{column} {rest}"))
        for name, column in _DROPPED.findall(sql):
            found[name].columns = [each for each in found[name].columns if each.name != column]
        for name in _APPEND_ONLY.findall(sql):
            found[name].append_only = True
        together = [pair.split(":")[0] for line in _SECURED_TOGETHER.findall(sql) for pair in line.split("', '")]
        for name in (*_SECURED.findall(sql), *together):
            if name in found:
                found[name].secured = True
    return list(found.values())


def _said(comment: str) -> str:
    return " ".join(line.removeprefix("--").strip() for line in comment.splitlines())


def _columns(body: str) -> list[Column]:
    return [_column(part) for part in _parts(body) if part.split(maxsplit=1)[0].lower() not in _NO_COLUMN]


def _column(text: str) -> Column:
    named = _COLUMN.fullmatch(" ".join(text.split()))
    if named is None:
        raise ValueError(f"this is no column: {text!r}")
    name, rest = named.groups()
    kind, *_ = re.split(r" (?=not null|primary key|references|check|default|unique|generated)", rest, maxsplit=1)
    return Column(name=name, type=kind, rules=rest[len(kind) :].strip())


def _alias(expression: str) -> str:
    """The name that an expression of a view's list goes by."""
    return re.split(r"[\s.]", " ".join(expression.split()))[-1]


def _parts(body: str) -> list[str]:
    """A list split at the commas that stand outside brackets and quotes, comments left out."""
    bare = "\n".join(re.sub(r"\s*--.*$", "", line) for line in body.splitlines())
    found, depth, quoted, start = [], 0, False, 0
    for at, character in enumerate(bare):
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
            if character == "," and depth == 0:
                found.append(bare[start:at])
                start = at + 1
    found.append(bare[start:])
    return [part.strip() for part in found if part.strip()]
