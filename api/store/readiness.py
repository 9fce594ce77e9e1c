"""Whether the store can do its work now, found out by doing a little of it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from sqlalchemy import update

from api.store import guards, migrating, tables
from api.store.database import Database
from api.store.errors import StoreError, UnavailableError

ROOM = 16 * 2**20
"""Bytes that must be free beside an SQLite file: its log grows before it is folded back."""


def unready(database: Database) -> str | None:
    """Why nothing can be recorded now; None where it can.

    It commits a write, to a row that is no data: a disk that takes nothing is found out in no
    other way.
    """
    try:
        migrating.checked(database, create=False)
        with database.reading() as connection:
            missing = guards.missing(connection)
        if missing:
            return f"missing from the database: {', '.join(missing)}"
        with database.writing() as connection:
            connection.execute(update(tables.pulse).values(at=datetime.now(UTC)))
        if database.file is not None and shutil.disk_usage(database.file.parent).free < ROOM:
            return "the disk of the database is nearly full"
    except StoreError as error:
        return str(error)
    except OSError:
        return str(UnavailableError("the disk of the database cannot be read"))
    return None
