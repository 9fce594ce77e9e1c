"""The schema: which one the database has, whether this code reads it, and the way to it.

Alembic takes long to load, so it is loaded where a database is opened: most commands open none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from api.store.database import Database
from api.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """What Alembic needs to know to run in the transaction of *connection*."""
    from alembic.config import Config

    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def migrate(url: str) -> str:
    """Bring the schema up to this code's, making an SQLite file where there is none.

    Returns the revision that it has now; what is kept stays. Raises `StoreError`.
    """
    database = Database(url, create=True)
    try:
        raised(database)
        return head()
    finally:
        database.close()


def raised(database: Database) -> None:
    """The same on an open database. Of several processes one does it, and the others wait."""
    from alembic import command

    with database.writing() as connection:
        found = revision(connection)
        if found is not None:
            _refuse_newer(found)
        command.upgrade(config(connection), "head")


def checked(database: Database, *, create: bool) -> None:
    """Raise `StoreError` where the schema is not this code's; make it where there is none yet."""
    with database.reading() as connection:
        found = revision(connection)
    if found is None and create:
        raised(database)
        return
    if found is None:
        raise StoreError("the database holds no log yet: run `commensura migrate`")
    _refuse_newer(found)
    if found != head():
        raise StoreError(
            f"the database has schema {found}, this code reads {head()}: run `commensura migrate`"
        )


def revision(connection: Connection) -> str | None:
    """The schema that the database has, if any."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The schema that this code reads."""
    found = _scripts().get_current_head()
    assert found is not None
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config())


def _refuse_newer(found: str) -> None:
    if found not in _known():
        raise StoreError(
            f"the database has schema {found}, newer than this code ({head()}): "
            "run the version that made it"
        )
