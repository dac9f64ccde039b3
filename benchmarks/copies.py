"""SQL that multiplies a sample: every row again under other ids, in other areas, at the same times.

The times stay, so that weekdays, bank holidays and school terms mean the same for a copy as for the
original, and what was derived for the sample is right for its copies. An id keeps its time and most
of its random bits, so that copies stand beside their originals in every index, as rows of the same
week do; its version becomes 6, so that no copy can be the same as any original.
"""

from __future__ import annotations

#: Copies that share one set of areas: each area then holds what an area of its size collects in ten years.
PER_SET = 5


def _shifted(expression: str, digits: str) -> str:
    """The text of an id, as that of its copy; ``digits`` are the last four."""
    return f"overlay(left({expression}, 32) placing '6' from 15) || {digits}"


def _of_set(column: str) -> str:
    """An id of a person or team: the first set is worked by the originals."""
    return f"case when c.set = 0 then t.{column} else {_shifted(f't.{column}::text', 'c.set_hex')} end"


#: One row per copy: its number, its set of areas, and what both add to ids, codes and names.
COPIES = f"""
create unlogged table bench_copy as
select
  c as copy, c / {PER_SET} as set, lpad(to_hex(c), 4, '0') as hex,
  lpad(to_hex(c / {PER_SET}), 4, '0') as set_hex,
  case when c < {PER_SET} then '' else '-' || c / {PER_SET} end as suffix,
  (array['', '-Ash', '-Birch', '-Cove', '-Dale'])[1 + c % {PER_SET}] as name
from generate_series(1, $1::int - 1) as c
"""

#: Places and people, once for each further set of areas.
SETS = (
    "create unlogged table bench_set as select distinct set, suffix, set_hex from bench_copy where set > 0",
    "insert into force select f.code || s.suffix, f.name || s.suffix from force as f, bench_set as s",
    "insert into area select a.code || s.suffix, a.name || s.suffix, a.partnership || s.suffix"
    " from area as a, bench_set as s",
    "insert into force_area select f.force || s.suffix, f.area || s.suffix from force_area as f, bench_set as s",
    "insert into district select d.force || s.suffix, d.area || s.suffix, d.name from district as d, bench_set as s",
    f"insert into team select ({_shifted('t.id::text', 's.set_hex')})::uuid, t.area || s.suffix, t.name"
    " from team as t, bench_set as s",
    f"insert into school select ({_shifted('t.id::text', 's.set_hex')})::uuid, t.area || s.suffix, t.name"
    " from school as t, bench_set as s",
    f"insert into person select ({_shifted('p.id::text', 's.set_hex')})::uuid, p.sign_in || s.suffix, p.name, null,"
    " p.password_hash, null, p.created_at from person as p, bench_set as s",
    f"insert into person_role select ({_shifted('r.id::text', 's.set_hex')})::uuid,"
    f" ({_shifted('r.person::text', 's.set_hex')})::uuid, r.role, r.area || s.suffix, r.force || s.suffix, r.agency,"
    f" ({_shifted('r.team::text', 's.set_hex')})::uuid, r.since, null from person_role as r, bench_set as s",
    f"insert into qualified_decider select q.area || s.suffix, ({_shifted('q.person::text', 's.set_hex')})::uuid,"
    " q.since, null from qualified_decider as q, bench_set as s",
)

#: Columns that hold ids of rows that are copied, areas and forces, and what is written otherwise.
_IDS: dict[str, tuple[str, ...]] = {
    "incident": ("id",),
    "child": ("id",),
    "pathway": ("id", "incident", "child"),
    "milestone": ("id", "pathway", "record", "root", "supersedes"),
    "transfer": ("id", "pathway"),
    "pathway_state": ("pathway", "incident", "child"),
    "segment": ("pathway", "opened_by"),
    "clock": ("pathway", "episode", "start_milestone", "stop_milestone"),
    "wait": ("pathway", "episode"),
    "condition": ("about", "episode"),
    "flag": ("id", "about", "episode"),
    "flag_event": ("id", "flag", "answer"),
    "flag_step": ("id", "flag", "answer"),
    "message": ("id", "flag", "bundle"),
}
_PEOPLE: dict[str, tuple[str, ...]] = {
    "child": ("school",),
    "milestone": ("recorded_by", "authorised_by"),
    "flag_event": ("by",),
    "message": ("person",),
}
_EVIDENCE = f"array(select ({_shifted('e::text', 'c.hex')})::uuid from unnest(t.evidence) as e)"
_PLACES = ("area", "force", "from_area", "to_area")
_OTHER: dict[tuple[str, str], str] = {
    ("incident", "reference"): "t.reference || '/' || c.copy",
    ("child", "local_reference"): "t.local_reference || '/' || c.copy",
    ("child", "family_name"): "t.family_name || c.name",
    ("child", "normal_name"): ("replace(t.normal_name, '/', replace(lower(c.name), '-', '') || '/')"),
    ("milestone", "detail"): (
        "case when t.kind = 'allocated' and c.set > 0 then t.detail || jsonb_build_object('worker', "
        + _shifted("(t.detail ->> 'worker')", "c.set_hex")
        + ", 'team', "
        + _shifted("(t.detail ->> 'team')", "c.set_hex")
        + ") when t.kind = 'transfer_accepted' then t.detail || jsonb_build_object("
        "'from_area', (t.detail ->> 'from_area') || c.suffix) else t.detail end"
    ),
    ("pathway_state", "allocated_to"): _of_set("allocated_to"),
    ("pathway_state", "allocated_team"): _of_set("allocated_team"),
    ("condition", "evidence"): _EVIDENCE,
    ("flag", "evidence"): _EVIDENCE,
}

#: In the order of their references; two halves that two connections write side by side.
HALVES = (
    ("milestone", "transfer", "message"),
    ("incident", "child", "pathway", "pathway_state", "segment", "wait", "clock", "condition", "flag", "flag_event",
     "flag_step"),
)  # fmt: skip


def multiply(table: str, columns: list[str]) -> str:
    """The statement that copies one table; rows come in the order of the original's key."""
    key = _IDS[table][0]
    values = ", ".join(f"{_value(table, column)} as {column}" for column in columns)
    return (
        f"insert into {table} ({', '.join(columns)}) select {values}"
        f" from (select * from {table} order by {key}) as t cross join bench_copy as c"
    )


def _value(table: str, column: str) -> str:
    if (table, column) in _OTHER:
        return _OTHER[table, column]
    if column in _IDS[table]:
        return f"({_shifted(f't.{column}::text', 'c.hex')})::uuid"
    if column in _PEOPLE.get(table, ()):
        return f"({_of_set(f'{column}::text')})::uuid"
    if column in _PLACES:
        return f"t.{column} || c.suffix"
    return f"t.{column}"
