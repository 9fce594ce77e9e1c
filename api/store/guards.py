"""Which triggers keep what was written, and whether they are there.

A copy of a database can lose them, and whoever owns it can drop them.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from api.store import draft_tables
from api.store.tables import METADATA

GUARDED = (
    "releases",
    "records",
    "parts",
    "nodes",
    "erasures",
    "idempotency",
    "units",
    "api_keys",
    "person",
    *draft_tables.GUARDED,
)
_BESIDES = ("records_dense", "parts_erased", "erasures_stated", *draft_tables.BESIDES)
_SQLITE = {f"{table}_{guard}" for table in GUARDED for guard in ("once", "unchanged", "undeleted")}
_POSTGRESQL = {f"{table}_kept" for table in GUARDED}.union(
    ("idempotency_cleared", "api_keys_revoked"), draft_tables.BESIDES_POSTGRESQL
)


def expected(dialect: str) -> set[str]:
    """The names of the triggers that a database of this schema has."""
    return (_SQLITE if dialect == "sqlite" else _POSTGRESQL).union(_BESIDES)


def present(connection: Connection) -> set[str]:
    """The names of those that are there, and fire."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgenabled = 'A' AND NOT tgisinternal AND pg_table_is_visible(tgrelid)"
        )
    return set(connection.scalars(sa.text(query)))


def missing(connection: Connection) -> list[str]:
    """Tables and guards that ought to be there and are not."""
    tables = set(METADATA.tables).difference(sa.inspect(connection).get_table_names())
    guards = expected(connection.dialect.name).difference(present(connection))
    return sorted(tables) + sorted(guards)
