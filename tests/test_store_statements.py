"""A statement run by the driver says and finds what SQLAlchemy would have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, bindparam, insert, select

from api.store import Store, StoreError, tables
from api.store.database import Database
from api.store.log import Log
from api.store.statements import Among, Insertion, Query
from tests.store_sample import MONDAY, entry, raw

ZONES = [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=3))]
ROWS = st.fixed_dictionaries(
    {
        "id": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        "made_on": st.dates(),
        "kept": st.datetimes(
            datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.sampled_from(ZONES)
        ),
        "body": st.binary(max_size=200),
    }
)
"""Of `releases`, whose columns are of every type that the log has; without the key."""

_digests = count()


@pytest.fixture
def database(store: Store, url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


class UndoneError(Exception):
    """So that each example finds the table empty."""


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_rows_go_in_as_by_sqlalchemy(database: Database, rows: list[dict[str, Any]]) -> None:
    ours, theirs = named(rows), named(rows)
    with suppress(UndoneError), database.writing() as connection:
        Insertion(insert(tables.releases)).run(connection, ours)
        connection.execute(insert(tables.releases), theirs)
        columns = [one for one in tables.releases.c if one.name != "digest"]
        kept = {row.digest: row[1:] for row in connection.execute(select(tables.releases))}
        raw = connection.exec_driver_sql(
            f"SELECT {', '.join(one.name for one in columns)} FROM releases ORDER BY digest"
        ).all()
        assert raw[: len(rows)] == raw[len(rows) :]
        assert [kept[row["digest"]] for row in ours] == [kept[row["digest"]] for row in theirs]
        raise UndoneError


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_rows_come_out_as_by_sqlalchemy(database: Database, rows: list[dict[str, Any]]) -> None:
    query = select(tables.releases).where(tables.releases.c.kept >= bindparam("since"))
    since = min(row["kept"] for row in rows)
    with suppress(UndoneError), database.writing() as connection:
        connection.execute(insert(tables.releases), named(rows))
        found = Query(query).rows(connection, since=since)
        assert len(found) == len(rows)
        assert found == [tuple(row) for row in connection.execute(query, {"since": since})]
        raise UndoneError


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows, each under a key of its own; later ones have greater keys."""
    return [{"digest": f"{next(_digests):08}", **row} for row in rows]


@pytest.mark.parametrize("values", [{}, {"unti": "a"}, {"unit": "a", "day": "b"}])
def test_other_values_than_it_takes_are_an_error(
    database: Database, values: dict[str, str]
) -> None:
    query = Query(select(tables.units).where(tables.units.c.unit == bindparam("unit")))
    with database.reading() as connection, pytest.raises(ValueError, match="it takes unit; not"):
        query.rows(connection, **values)


@pytest.mark.parametrize(
    "query",
    [
        select(tables.units).where(tables.units.c.unit == "a"),
        select(tables.units).limit(3),
        select(tables.units).where(tables.units.c.unit.in_(["a"])),
        select(tables.units).where(tables.units.c.unit.in_(bindparam("units", expanding=True))),
    ],
)
def test_what_is_not_compiled_once_for_all_values_is_an_error(
    database: Database, query: Select[Any]
) -> None:
    with database.reading() as connection, pytest.raises(ValueError, match="stands for one value"):
        Query(query).rows(connection)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8])
def test_rows_are_found_by_any_number_of_texts(database: Database, count: int) -> None:
    rows = [{"unit": f"ucr:{number}", "first_seen": MONDAY} for number in range(9)]
    with database.writing() as connection:
        Insertion(insert(tables.units)).run(connection, rows)
    wanted = [f"ucr:{number}" for number in range(count)]
    among = Among(select(tables.units.c.unit), tables.units.c.unit)
    with database.reading() as connection:
        assert sorted(among.rows(connection, wanted)) == [(unit,) for unit in wanted]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_query_that_breaks_off_holds_on_to_no_snapshot(store: Store, url: str) -> None:
    """Whoever asks next by that connection sees what was written meanwhile."""
    store.append([entry("d-1")])
    with raw(url) as connection:
        connection.execute("INSERT INTO units VALUES (CAST(x'ff' AS TEXT), '2026-11-23')")
        connection.commit()
    database = Database(url)
    units = Query(select(tables.units.c.unit))
    try:
        with pytest.raises(StoreError) as kept, database.reading() as connection:  # noqa: F841
            units.rows(connection)
        store.append([entry("d-2")])
        with database.reading() as connection:
            assert Log(connection).size == 2
    finally:
        database.close()


def test_what_a_guard_refuses_is_told_in_our_words(database: Database) -> None:
    row = {"unit": "ucr:1", "first_seen": date(2026, 11, 23)}
    refused = pytest.raises(StoreError, match="a guard of the database refused")
    with refused, database.writing() as connection:
        Insertion(insert(tables.units)).run(connection, [row, row])


def test_a_body_that_is_deflated_before_is_kept_as_any(database: Database) -> None:
    row = {"digest": "d", "id": "r", "made_on": date(2026, 11, 23), "kept": datetime.now(UTC)}
    with database.writing() as connection:
        Insertion(insert(tables.releases)).run(
            connection, [{**row, "body": tables.deflated(b"words")}]
        )
        assert connection.scalar(select(tables.releases.c.body)) == b"words"
