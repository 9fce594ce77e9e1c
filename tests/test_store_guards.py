"""The database itself refuses to change or lose what was written, whoever asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import psycopg
import pytest

from api.store import Store, guards
from api.store.tables import METADATA
from tests.databases import database
from tests.store_sample import AT, AUTHOR, Raw, entry, executed, fill, raw

REFUSED = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)


@pytest.fixture
def filled(store: Store, url: str) -> str:
    fill(store)
    return url


@pytest.fixture(scope="module")
def bases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Gives the URL of a database of a dialect, filled once, for what is refused."""
    with ExitStack() as stack:

        @cache
        def made(dialect: str) -> str:
            folder = tmp_path_factory.mktemp(dialect)
            found = stack.enter_context(database(dialect, request, folder))
            with Store.open(found) as store:
                fill(store)
            return found

        yield made


@pytest.fixture
def kept(bases: Callable[[str], str], dialect: str) -> str:
    """A database in which a test sees to it that everything is as it was."""
    return bases(dialect)


def key(table: str) -> list[str]:
    """The columns that tell its rows apart, quoted."""
    return [f'"{column.name}"' for column in METADATA.tables[table].primary_key]


def contents(connection: Raw, table: str) -> list[tuple[object, ...]]:
    """Every row, with bytes as bytes, in one order."""
    rows = executed(connection, f"SELECT * FROM {table}")
    return sorted((tuple(row) for row in rows), key=repr)


def test_every_table_is_guarded_but_those_whose_rows_go() -> None:
    assert set(guards.GUARDED) == set(METADATA.tables) - {"pulse", "sessions", "attempts"}


@pytest.mark.parametrize("table", guards.GUARDED)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"],
    ids=["update", "delete", "truncate"],
)
def test_what_was_written_is_neither_changed_nor_deleted(
    kept: str, table: str, statement: str, dialect: str
) -> None:
    if statement.startswith("TRUNCATE") and dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with raw(kept) as connection:
        before = contents(connection, table)
        assert before
        with pytest.raises(REFUSED):
            executed(connection, statement.format(table=table, key=key(table)[0]))
        assert contents(connection, table) == before


@pytest.mark.parametrize("table", guards.GUARDED)
def test_no_row_is_replaced_by_another(kept: str, table: str) -> None:
    with raw(kept) as connection:
        before = contents(connection, table)
        keys = key(table)
        again = f"INTO {table} SELECT * FROM {table}"
        statement = (
            f"INSERT OR REPLACE {again}"
            if isinstance(connection, sqlite3.Connection)
            else f"INSERT {again} ON CONFLICT ({', '.join(keys)}) "
            f"DO UPDATE SET {keys[0]} = EXCLUDED.{keys[0]}"
        )
        with pytest.raises(REFUSED):
            executed(connection, statement)
        assert contents(connection, table) == before


def test_a_record_of_a_known_id_takes_no_new_place(filled: str) -> None:
    columns = "kind, id, subject, at, release, author, content"
    insert = "INSERT OR REPLACE" if filled.startswith("sqlite") else "INSERT"
    with raw(filled) as connection, pytest.raises((*REFUSED, psycopg.errors.UniqueViolation)):
        executed(
            connection,
            f'{insert} INTO records ("index", {columns}) '
            f'SELECT 3, {columns} FROM records WHERE "index" = 0',
        )


@pytest.mark.parametrize("index", [-1, 4, 100])
def test_no_record_leaves_a_place_out(filled: str, index: int) -> None:
    with raw(filled) as connection, pytest.raises(REFUSED):
        executed(
            connection,
            'INSERT INTO records ("index", kind, id, subject, at, author, content) '
            "SELECT ?, kind, 'another', subject, at, author, content FROM records "
            'WHERE "index" = 0',
            index,
        )


def test_a_part_goes_only_where_an_erasure_says_so(filled: str) -> None:
    with raw(filled) as connection, pytest.raises(REFUSED):
        executed(connection, "DELETE FROM parts WHERE \"index\" = 1 AND name = 'decision'")


def test_a_part_that_was_erased_does_not_come_back(filled: str) -> None:
    with raw(filled) as connection, pytest.raises(REFUSED):
        executed(
            connection,
            'INSERT INTO parts ("index", name, salt, body) '
            "SELECT 1, 'request', salt, body FROM parts WHERE \"index\" = 0 AND name = 'request'",
        )


def no_erasure(store: Store) -> None:
    store.append([entry("d-9")])


def an_old_one(store: Store) -> None:
    store.erase(0, ["request"], authority="a", reason="b", at=AT, author=AUTHOR)
    store.append([entry("d-9")])


@pytest.mark.parametrize("before", [no_erasure, an_old_one])
def test_nothing_but_a_new_erasure_erases(
    store: Store, url: str, before: Callable[[Store], None]
) -> None:
    store.append([entry("d-0")])
    before(store)
    with raw(url) as connection:
        for record in range(store.size()):
            with pytest.raises(REFUSED):
                executed(connection, "INSERT INTO erasures VALUES (0, 'decision', ?)", record)


def test_what_a_key_of_a_request_knows_is_cleared_only_by_an_erasure(filled: str) -> None:
    with raw(filled) as connection, pytest.raises(REFUSED):
        executed(connection, "UPDATE idempotency SET salt = NULL, digest = NULL")


@pytest.mark.parametrize(
    "change",
    ["role = 'officer'", "expires = NULL, revoked = NULL", "label = 'x', revoked = created"],
)
def test_a_key_is_revoked_and_not_changed(filled: str, change: str) -> None:
    with raw(filled) as connection, pytest.raises(REFUSED):
        executed(connection, f"UPDATE api_keys SET {change}")


def test_a_key_that_was_revoked_stays_so(filled: str) -> None:
    with raw(filled) as connection:
        executed(connection, "UPDATE api_keys SET revoked = created")
        for change in ("NULL", "created"):
            with pytest.raises(REFUSED):
                executed(connection, f"UPDATE api_keys SET revoked = {change}")


def test_the_guards_hold_in_a_session_that_replicates(filled: str, dialect: str) -> None:
    if dialect == "sqlite":
        pytest.skip("SQLite has no such sessions")
    with raw(filled) as connection:
        executed(connection, "SET session_replication_role = replica")
        with pytest.raises(REFUSED):
            executed(connection, "DELETE FROM records")
