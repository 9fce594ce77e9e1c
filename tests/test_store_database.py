"""What is acknowledged was synced to the disk, whatever the database is set to by default."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from api.store import Store, StoreError
from api.store.database import Database
from tests.databases import PATIENCE, Server
from tests.store_sample import entry

SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def set_to(database: Database, *names: str) -> list[object]:
    with database.writing() as connection:
        word = "PRAGMA" if database.dialect == "sqlite" else "SHOW"
        return [connection.scalar(sa.text(f"{word} {name}")) for name in names]


@SQLITE
def test_sqlite_syncs_every_commit(database: Database) -> None:
    assert set_to(database, "journal_mode", "synchronous", "foreign_keys", "secure_delete") == [
        "wal",
        2,
        1,
        1,
    ]


@POSTGRESQL
@pytest.mark.parametrize(("given", "used"), [("off", "on"), ("on", "on"), ("local", "local")])
def test_postgresql_syncs_every_commit(
    database: Database, postgresql: Server, given: str, used: str
) -> None:
    name = database.engine.url.database
    postgresql.run(f"ALTER DATABASE {name} SET synchronous_commit = {given}")
    assert set_to(database, "synchronous_commit") == [used]


@POSTGRESQL
def test_a_server_that_syncs_nothing_is_refused(url: str, postgresql: Server) -> None:
    def fsync(value: str) -> None:
        postgresql.run(f"ALTER SYSTEM SET fsync = {value}")
        postgresql.run("SELECT pg_reload_conf()")
        limit = time.monotonic() + PATIENCE
        while postgresql.asked("SHOW fsync") != value:
            assert time.monotonic() < limit
            time.sleep(0.01)

    fsync("off")
    try:
        with pytest.raises(StoreError, match="nothing it keeps is durable"):
            Store.open(url)
    finally:
        fsync("on")
    with Store.open(url) as store:
        assert store.append([entry("d-1")])


@POSTGRESQL
def test_a_reader_leaves_nothing_set_for_the_next(database: Database) -> None:
    with database.reading() as connection:
        assert connection.scalar(sa.text("SHOW transaction_isolation")) == "repeatable read"
    assert set_to(database, "transaction_isolation") == ["read committed"]
