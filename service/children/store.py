"""Finds children who may be the one that was typed."""

from collections.abc import Sequence

import asyncpg

from service.children.likeness import NEAR_DAYS, Known, Said, turned
from service.database import Connection, Queries

queries = Queries(__package__ or "service.children")


async def candidates(connection: Connection, area: str, said: Said) -> list[Known]:
    """Children of an area worth comparing, for those who work there."""
    born = said.date_of_birth
    rows = await connection.fetch(
        queries.candidates, area, said.normal_name, born, turned(born) if born else None, NEAR_DAYS
    )
    return [_known(row) for row in rows]


async def candidates_police(connection: Connection, forces: Sequence[str], area: str, said: Said) -> list[Known]:
    """Children of a force's own incidents in an area worth comparing."""
    born = said.date_of_birth
    rows = await connection.fetch(
        queries.candidates_police,
        list(forces),
        area,
        said.family_name.strip(),
        born,
        turned(born) if born else None,
        NEAR_DAYS,
    )
    return [_known(row) for row in rows]


def _known(row: asyncpg.Record) -> Known:
    fields = dict(row)
    return Known(**{**fields, "pathways": tuple(fields["pathways"])})
