"""Entries for the tests of the store, and raw connections round its code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

import psycopg

from api.store import Entry
from engine.evidence.record import salted

AT = datetime(2026, 11, 23, 9, 30, 15, 250_000, tzinfo=UTC)
AUTHOR = "command line"
Raw: TypeAlias = "sqlite3.Connection | psycopg.Connection[Any]"


def entry(name: str, **given: Any) -> Entry:
    """A decision of that id, with a request and an answer of its own."""
    return Entry(
        **{
            "kind": "decision",
            "id": name,
            "subject": f"declaration-{name}",
            "at": AT,
            "author": AUTHOR,
            "parts": {
                "request": salted(f"request {name}".encode()),
                "decision": salted(f"decision {name}".encode()),
            },
            **given,
        }
    )


def entries(first: int, count: int) -> list[Entry]:
    return [entry(f"d-{number}") for number in range(first, first + count)]


@contextmanager
def raw(url: str) -> Iterator[Raw]:
    """The driver's own connection, each statement committed at once."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("PRAGMA foreign_keys=ON")
            yield file
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
