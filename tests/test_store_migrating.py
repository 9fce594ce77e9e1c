"""The schema: made once, known by its revision, whole on both databases, and the way back."""

from __future__ import annotations

import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api.store import Store, StoreError, guards, migrate, migrating
from api.store.database import Database
from api.store.tables import METADATA
from tests.store_sample import entries, executed, fill, raw, unguarded
from tests.store_writers import started
from tests.test_store_processes import acknowledged, check

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    database = Database(url)
    try:
        with database.writing() as connection:
            yield connection
    finally:
        database.close()


def named(url: str) -> set[str]:
    """The tables, triggers and functions of a database, those of Alembic and the system apart."""
    with connected(url) as connection:
        names = set(sa.inspect(connection).get_table_names()) | guards.present(connection)
        if connection.dialect.name == "postgresql":
            names |= set(
                connection.scalars(
                    sa.text(
                        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                    )
                )
            )
    return names - {"alembic_version"}


def test_what_is_opened_to_be_created_is_whole(empty_url: str) -> None:
    with Store.open(empty_url, create=True) as store:
        store.append(entries(0, 2))
        assert store.ready() is None
    with Store.open(empty_url, create=True) as store:
        assert store.size() == 2


def test_a_database_without_a_log_is_refused_with_the_mend(empty_url: str) -> None:
    with pytest.raises(StoreError, match="commensura migrate"):
        Store.open(empty_url)


def test_to_migrate_makes_what_is_missing_and_keeps_what_is_there(empty_url: str) -> None:
    assert migrate(empty_url) == migrating.head()
    with Store.open(empty_url) as store:
        fill(store)
        root = store.root()
    assert migrate(empty_url) == migrating.head()
    with Store.open(empty_url) as store:
        assert (store.size(), store.root()) == (3, root)


def test_the_migrations_make_the_tables_that_queries_see(url: str) -> None:
    with connected(url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_migrations_make_the_guards_that_are_looked_for(url: str, dialect: str) -> None:
    with connected(url) as connection:
        assert guards.present(connection) == guards.expected(dialect)
        assert guards.missing(connection) == []


def test_down_leaves_nothing_and_up_makes_it_again(url: str) -> None:
    before = named(url)
    with connected(url) as connection:
        command.downgrade(migrating.config(connection), "base")
    assert named(url) == set()
    migrate(url)
    assert named(url) == before


def test_a_log_that_holds_records_does_not_go_down(url: str) -> None:
    with Store.open(url) as store:
        store.append(entries(0, 1))
    with pytest.raises(ValueError, match="is not dropped"), connected(url) as connection:
        command.downgrade(migrating.config(connection), "base")
    with Store.open(url) as store:
        assert store.size() == 1


def test_a_newer_schema_is_left_to_newer_code(url: str) -> None:
    with raw(url) as connection:
        executed(connection, "UPDATE alembic_version SET version_num = '9999'")
    for ask in (Store.open, migrate):
        with pytest.raises(StoreError, match="9999, newer than this code"):
            ask(url)


def test_an_older_schema_is_refused_with_the_mend(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = rf"{migrating.head()}, this code reads 9998: .*commensura migrate"
    monkeypatch.setattr(migrating, "head", lambda: "9998")
    for create in (False, True):
        with pytest.raises(StoreError, match=words):
            Store.open(url, create=create)


def test_a_schema_that_changes_under_a_store_makes_it_unready(store: Store, url: str) -> None:
    with raw(url) as connection:
        executed(connection, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer than this code" in str(store.ready())


def test_four_processes_that_create_it_at_once_share_it(empty_url: str) -> None:
    writers = [started("append", empty_url, f"w{number}", "3") for number in range(4)]
    promised: dict[str, int] = {}
    for writer in writers:
        promised |= acknowledged(writer.communicate()[0])
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    with Store.open(empty_url) as store:
        check(store, promised)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_file_is_for_its_owner(empty_url: str) -> None:
    migrate(empty_url)
    path = Path(empty_url.removeprefix("sqlite:///"))
    with Store.open(empty_url) as store:
        store.append(entries(0, 1))
        files = [path, path.with_name(path.name + "-wal")]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]


@pytest.mark.parametrize("name", ["with space.db", "50%.db", "q?.db", "ä#.db"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    url = sa.URL.create("sqlite", database=str(path)).render_as_string()
    with Store.open(url, create=True) as store:
        store.append(entries(0, 1))
    assert path.is_file()
    assert {file.name for file in tmp_path.iterdir()} == {name}


def test_the_wheel_holds_the_migrations(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = set(archive.namelist())
    written = {path.relative_to(ROOT).as_posix() for path in migrating.MIGRATIONS.rglob("*.py")}
    assert written
    assert written <= shipped


def test_what_is_unguarded_is_found(url: str) -> None:
    with unguarded(url), connected(url) as connection:
        assert set(guards.missing(connection)) == guards.expected(connection.dialect.name)
