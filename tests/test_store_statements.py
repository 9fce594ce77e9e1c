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
from sqlalchemy import bindparam, insert, select

from api.store import Store, StoreError, tables
from api.store.database import Database
from api.store.statements import Statement

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
        Statement(insert(tables.releases)).insert(connection, ours)
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
        found = Statement(query).rows(connection, since=since)
        assert len(found) == len(rows)
        assert found == [tuple(row) for row in connection.execute(query, {"since": since})]
        raise UndoneError


def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows, each under a key of its own; later ones have greater keys."""
    return [{"digest": f"{next(_digests):08}", **row} for row in rows]


def test_a_value_that_is_not_given_is_an_error(database: Database) -> None:
    query = select(tables.units).where(tables.units.c.unit == bindparam("unit"))
    with database.reading() as connection, pytest.raises(KeyError, match="unit"):
        Statement(query).rows(connection)


def test_what_a_guard_refuses_is_told_in_our_words(database: Database) -> None:
    row = {"unit": "ucr:1", "first_seen": date(2026, 11, 23)}
    refused = pytest.raises(StoreError, match="a guard of the database refused")
    with refused, database.writing() as connection:
        Statement(insert(tables.units)).insert(connection, [row, row])


def test_a_body_that_is_deflated_before_is_kept_as_any(database: Database) -> None:
    row = {"digest": "d", "id": "r", "made_on": date(2026, 11, 23), "kept": datetime.now(UTC)}
    with database.writing() as connection:
        Statement(insert(tables.releases)).insert(
            connection, [{**row, "body": tables.deflated(b"words")}]
        )
        assert connection.scalar(select(tables.releases.c.body)) == b"words"
