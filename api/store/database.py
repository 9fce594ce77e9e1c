"""The database: how it is reached, one writer at a time, and its faults in our words.

Boundary: connections and transactions; no table is named here.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool

from api.store.errors import StoreError, UnavailableError

PATIENCE = 5.0
"""Seconds that a writer waits for its turn, and a connection for an answer."""

_ASKING = 0.0003
"""Seconds after which a writer asks again for its turn."""

_APPENDING = 0x434D4E53  # the advisory lock of PostgreSQL that writers take: "CMNS"
_URLS = "use `sqlite:///path/to/file` or `postgresql://user@host/database`"


class Database:
    """A pool of connections to one database. A process opens its own: none survives a fork."""

    def __init__(self, url: str, *, create: bool = False, patience: float = PATIENCE) -> None:
        """Reach it lazily; with *create*, an SQLite file is made where there is none.

        Raises `StoreError` for a URL that is none of ours, `UnavailableError` where there is no
        file.
        """
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise StoreError(f"this is no URL of a database: {_URLS}") from None
        self._file: _File | None = None
        dialect = parsed.get_backend_name()
        if dialect == "sqlite":
            self._file = _File(_path(parsed), create=create)
            self.engine = _sqlite(self._file, patience)
        elif dialect == "postgresql":
            self.engine = _postgresql(parsed, patience)
        else:
            raise StoreError(f"`{dialect}` is no database that keeps a log here: {_URLS}")
        # A transaction of SQLite is a snapshot as it is.
        self._reader = self.engine.execution_options(
            **({} if self._file else {"isolation_level": "REPEATABLE READ"})
        )
        self._patience = patience

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def file(self) -> Path | None:
        """Where SQLite keeps it."""
        return self._file.path if self._file else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot: what others commit meanwhile is not seen."""
        with _in_our_words(), self._reader.begin() as connection:
            if self._file is not None:
                self._file.check()
                _driver(connection).execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only writer. What it wrote is durable once this is left, or undone by an error."""
        with _in_our_words():
            with self.engine.begin() as connection:
                if self._file is None:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_APPENDING)))
                else:
                    self._file.check()
                    _take_turn(_driver(connection), self._patience)
                yield connection
            if self._file is not None:
                self._file.check()  # nobody would find what went into a file that was unlinked

    def forget(self, table: str) -> None:
        """Leave no copy of rows that were deleted from *table*, as far as readers allow it now.

        SQLite overwrites them in its file, and what its log holds is folded into the file;
        PostgreSQL frees their space. Copies and archived logs are for whoever made them.
        """
        with _in_our_words(), self.engine.connect() as connection:
            if self._file is not None:
                self._file.check()
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql(f"VACUUM {table}")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class _File:
    """The file of an SQLite database, known by its place on the disk."""

    def __init__(self, path: Path, *, create: bool) -> None:
        self.path = path
        try:
            if create:
                path.parent.mkdir(parents=True, exist_ok=True)
                # What traders declare is for the service's own user.
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._known = self._found()
        except OSError:
            raise UnavailableError(
                f"there is no database at {path}: make one with `commensura migrate`"
            ) from None

    def check(self) -> None:
        """Raise `UnavailableError` where it is gone: SQLite would go on writing to what was it."""
        try:
            found = self._found()
        except OSError:
            raise UnavailableError(f"the database at {self.path} is gone") from None
        if found != self._known:
            raise UnavailableError(f"another file is at {self.path}: start again to read it")

    def _found(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_dev, status.st_ino


def _path(url: URL) -> Path:
    if not url.database or url.database == ":memory:" or url.query:
        raise StoreError(f"a log in memory, or with options, is not kept: {_URLS}")
    return Path(url.database).absolute()


def _sqlite(file: _File, patience: float) -> Engine:
    # A connection never makes a file: a database that vanished must not come back empty.
    address = f"{file.path.as_uri()}?mode=rw"

    def connected() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
            if mode != "wal":
                raise StoreError(f"SQLite cannot keep a write-ahead log at {file.path}")
        except BaseException:
            connection.close()
            raise
        return connection

    # Whoever reads or writes begins by itself: for one listener SQLAlchemy announces every query.
    return sa.create_engine("sqlite://", creator=connected, poolclass=QueuePool)


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _take_turn(driver: sqlite3.Connection, patience: float) -> None:
    """Begin as the only writer, soon after the one before has ended.

    SQLite itself asks again after 1, 2, 5, 10 and more milliseconds, while a turn takes about two.
    """
    deadline = time.monotonic() + patience
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < deadline:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(_ASKING)
            else:
                return
        driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")


def _postgresql(url: URL, patience: float) -> Engine:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,  # a server that was restarted costs no request
        connect_args={
            "connect_timeout": max(2, round(patience)),
            "tcp_user_timeout": max(2, round(patience)) * 1000,
        },
    )

    @event.listens_for(engine, "connect")
    def connected(connection: psycopg.Connection[Any], _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, false),"
                " set_config('synchronous_commit',"
                "  CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
                "  ELSE current_setting('synchronous_commit') END, false),"
                " current_setting('fsync')",
                [f"{round(patience * 1000)}ms"],
            )
            row = cursor.fetchone()
        connection.commit()
        if row is None or row[2] != "on":
            raise StoreError("PostgreSQL runs with fsync off, so nothing it keeps is durable")

    return engine


# Faults

_BY_SQLITE = {
    sqlite3.SQLITE_BUSY: "another process holds the database; try again",
    sqlite3.SQLITE_LOCKED: "another process holds the database; try again",
    sqlite3.SQLITE_READONLY: "the database can be read but not written",
    sqlite3.SQLITE_IOERR: "the disk of the database cannot be read or written",
    sqlite3.SQLITE_FULL: "the disk of the database is full",
    sqlite3.SQLITE_CANTOPEN: "the file of the database cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the file of the database is damaged: restore it from a copy",
    sqlite3.SQLITE_NOTADB: "the file is no database",
}
_BY_SQLSTATE = {
    "53100": "the disk of the database is full",
    "55P03": "another process holds the database; try again",
    "25006": "the database can be read but not written",
    "42501": "the database does not let this user do that",
    "42P01": "a table is missing: run `commensura migrate`",
}
_UNREACHABLE = "the database cannot be reached"
_DRIVERS = (sqlite3.Error, psycopg.Error, DBAPIError, sa.exc.TimeoutError)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """What the driver reports is an `UnavailableError`, what a guard refuses a `StoreError`."""
    try:
        yield
    except IntegrityError as error:
        raise StoreError(f"a guard of the database refused: {error.orig}") from error
    except (sqlite3.IntegrityError, psycopg.IntegrityError) as error:
        raise StoreError(f"a guard of the database refused: {error}") from error
    except _DRIVERS as error:
        raise UnavailableError(_reason(error)) from error


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        # The low byte is the kind of error; SQLITE_ERROR is a statement that does not fit.
        return _BY_SQLITE.get(code & 0xFF, "the tables are not those of this version")
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return _BY_SQLSTATE.get(cause.sqlstate, f"the database refused ({cause.sqlstate})")
    return _UNREACHABLE
