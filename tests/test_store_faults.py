"""A database that is locked, full, read-only or gone says so, and nothing is half there."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api.store import Entry, Store, StoreError, UnavailableError, readiness
from api.store.database import Database
from engine.evidence.record import salted
from tests.databases import Server
from tests.store_sample import entries, entry, executed, raw, unguarded

SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
LOCK = "SELECT pg_advisory_lock(x'434d4e53'::int)"
READ_ONLY = "can be read but not written"


def file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def large(name: str) -> Entry:
    """An entry of 2 MB that cannot be deflated."""
    with Path("/dev/urandom").open("rb") as noise:
        return entry(name, parts={"request": salted(noise.read(2_000_000))})


@contextmanager
def refusing(store: Store, message: str) -> Iterator[None]:
    """Something is wrong inside: a group is refused whole, and then goes through."""
    store.append(entries(0, 2))
    with pytest.raises(UnavailableError, match=message) as caught:
        yield
    assert not any(word in str(caught.value) for word in ("sqlite3", "psycopg", "SQL:", "http"))
    assert (store.size(), store.record("d-2"), store.record("d-9")) == (2, None, None)
    assert store.audit().findings == ()
    assert [one.index for one in store.append([entry("d-2"), entry("d-9")])] == [2, 3]


# Locked


@contextmanager
def holding(url: str) -> Iterator[None]:
    """Another process writes, and does not finish."""
    with raw(url) as connection:
        executed(connection, "BEGIN IMMEDIATE" if url.startswith("sqlite") else LOCK)
        yield


def refused_while_held(store: Store, url: str) -> None:
    with holding(url):
        store.append([entry("d-2"), entry("d-9")])


def test_a_writer_does_not_wait_for_ever(url: str) -> None:
    with Store.open(url, patience=0.1) as store, refusing(store, "another process holds"):
        refused_while_held(store, url)


def test_readers_do_not_wait_for_a_writer(url: str) -> None:
    with Store.open(url, patience=0.1) as store:
        store.append([entry("d-1")])
        with holding(url):
            assert store.record("d-1") is not None
            assert len(store.root()) == 32


# Full


@SQLITE
def test_a_full_database_takes_no_half_group(url: str) -> None:
    """`max_page_count` bounds a real file: SQLite tells what it tells of a full disk."""
    database = Database(url)
    with Store(database) as store, refusing(store, "is full"):
        bounded(database, 8)
        try:
            store.append([entry("d-2"), large("d-9")])
        finally:
            bounded(database, 1_000_000)


def bounded(database: Database, pages: int) -> None:
    """Let the file grow by so many pages. The pool has one connection, which keeps the bound."""
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        (there,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {there + pages}")


@SQLITE
@pytest.mark.parametrize("room", [0, 8_192, 1_000_000])
def test_a_disk_that_fails_while_writing_leaves_no_half_group(
    store: Store, url: str, room: int
) -> None:
    """The system refuses to let a file of this process grow past a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with refusing(store, "disk of the database"):
        wal = file(url).with_name("log.db-wal")
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + room, hard))
        try:
            store.append([entry("d-2"), large("d-9")])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@POSTGRESQL
@pytest.mark.parametrize("table", ["records", "nodes", "parts"])
def test_a_full_disk_under_postgresql_leaves_no_half_group(
    store: Store, url: str, table: str
) -> None:
    """The server raises what it raises for a full disk, in the middle of the group."""
    with raw(url) as connection, refusing(store, "is full"):
        executed(
            connection,
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$",
        )
        executed(
            connection,
            f"CREATE TRIGGER full_disk AFTER INSERT ON {table} EXECUTE FUNCTION full_disk()",
        )
        try:
            store.append([entry("d-2"), entry("d-9")])
        finally:
            executed(connection, "DROP FUNCTION full_disk CASCADE")


# Read-only


def read_only(database: Database, request: pytest.FixtureRequest, value: str) -> None:
    """Let what is opened from now on be read only, `ON` or `OFF`."""
    if database.dialect == "sqlite":
        with closing(database.engine.raw_connection()) as connection:
            connection.cursor().execute(f"PRAGMA query_only = {value}")
    else:
        name = database.engine.url.database
        server: Server = request.getfixturevalue("postgresql")
        server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")
        database.engine.dispose()


def test_a_database_that_cannot_be_written_says_so(
    url: str, request: pytest.FixtureRequest
) -> None:
    database = Database(url)
    with Store(database) as store, refusing(store, READ_ONLY):
        read_only(database, request, "ON")
        try:
            assert READ_ONLY in str(store.ready())
            store.append([entry("d-2"), entry("d-9")])
        finally:
            read_only(database, request, "OFF")


# Gone


@SQLITE
def test_what_would_go_into_a_file_that_is_gone_is_refused(store: Store, url: str) -> None:
    store.append([entry("d-1")])
    file(url).unlink()
    for ask in (lambda: store.append([entry("d-2")]), store.size):
        with pytest.raises(UnavailableError, match="is gone"):
            ask()
    assert not file(url).exists()


@SQLITE
def test_a_new_connection_does_not_make_the_file_anew(url: str) -> None:
    database = Database(url)
    with Store(database) as store:
        store.append([entry("d-1")])
        database.engine.dispose()
        file(url).unlink()
        with pytest.raises(UnavailableError, match="cannot be opened"):
            store.append([entry("d-2")])
    assert not file(url).exists()


@SQLITE
def test_nothing_is_acknowledged_whose_file_went_meanwhile(url: str) -> None:
    database = Database(url)
    try:
        with pytest.raises(UnavailableError, match="is gone"), database.writing():
            file(url).unlink()
    finally:
        database.close()


@SQLITE
def test_another_file_in_its_place_is_not_written_to(
    store: Store, url: str, sqlite_template: Path
) -> None:
    store.append([entry("d-1")])
    file(url).rename(file(url).with_name("moved.db"))
    file(url).write_bytes(sqlite_template.read_bytes())
    with pytest.raises(UnavailableError, match="another file"):
        store.append([entry("d-2")])


@POSTGRESQL
def test_a_database_that_was_dropped_is_unavailable(
    store: Store, url: str, postgresql: Server
) -> None:
    name = Database(url).engine.url.database
    postgresql.run(f"DROP DATABASE {name} WITH (FORCE)")
    for ask in (lambda: store.append([entry("d-2")]), store.size):
        with pytest.raises(UnavailableError):
            ask()


TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@POSTGRESQL
def test_connections_that_were_cut_cost_no_request(store: Store, url: str) -> None:
    store.append([entry("d-1")])
    with raw(url) as connection:
        executed(connection, TERMINATE)
    assert [one.index for one in store.append([entry("d-2")])] == [1]


@POSTGRESQL
def test_a_connection_that_is_cut_while_writing_leaves_nothing(url: str) -> None:
    def cut(database: Database) -> None:
        with database.writing() as writing, raw(url) as connection:
            writing.exec_driver_sql("INSERT INTO units VALUES ('ucr:1', '2026-11-23')")
            executed(connection, TERMINATE)

    database = Database(url)
    with Store(database) as store:
        with pytest.raises(UnavailableError):
            cut(database)
        assert store.first_seen("ucr:1") is None


# What is no database of ours


def test_a_server_that_is_not_there_is_unavailable_and_tells_no_password() -> None:
    with pytest.raises(UnavailableError, match="cannot be reached") as caught:
        Store.open("postgresql://someone:secret@127.0.0.1:1/log")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "log.db", "sqlite://", "sqlite:///:memory:", "mysql://host/log", "://", "sqlite:///a?b=c"],
)
def test_what_is_no_url_of_ours_is_refused_with_the_forms_that_are(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:///path/to/file"):
        Store.open(url)


def test_a_file_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="commensura migrate"):
        Store.open(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(UnavailableError, match="is no database"):
        Store.open(f"sqlite:///{path}")


# Health


def test_a_store_that_can_do_its_work_is_ready(store: Store) -> None:
    assert store.ready() is None


def test_being_asked_leaves_the_log_as_it_is(store: Store) -> None:
    store.append(entries(0, 3))
    root = store.root()
    store.ready()
    assert (store.size(), store.root()) == (3, root)


@pytest.mark.parametrize("table", ["units", "nodes", "pulse"])
def test_a_missing_table_is_named(store: Store, url: str, table: str) -> None:
    with unguarded(url) as connection:
        executed(connection, f"DROP TABLE {table}")
    assert table in str(store.ready())


def test_missing_guards_are_named(store: Store, url: str) -> None:
    with unguarded(url):
        pass
    assert "records_dense" in str(store.ready())


def test_a_lock_that_is_not_given_back_is_told(url: str) -> None:
    with Store.open(url, patience=0.1) as store, holding(url):
        assert "another process holds" in str(store.ready())


@SQLITE
def test_a_file_that_is_gone_is_told(store: Store, url: str) -> None:
    file(url).unlink()
    assert "is gone" in str(store.ready())


@SQLITE
def test_a_disk_that_is_nearly_full_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "ROOM", 2**62)
    assert store.ready() == "the disk of the database is nearly full"


@SQLITE
def test_a_disk_that_takes_nothing_is_told(store: Store, url: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        reason = store.ready()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert reason == "the disk of the database cannot be read or written"
    assert store.ready() is None
