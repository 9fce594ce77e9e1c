"""Reading records and their parts back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, select

from api.store import tables
from api.store.entries import Erased, Stored
from api.store.errors import MissingError, StoreError
from api.store.statements import Query
from engine.evidence.record import Part, Record

_RECORD = msgspec.json.Decoder(Record)
_RECORDS = select(
    tables.records.c.index, tables.records.c.author, tables.records.c.content
).order_by(tables.records.c.index)
_NAMED = Query(_RECORDS.where(tables.records.c.id == bindparam("id")))
_ABOUT = Query(_RECORDS.where(tables.records.c.subject == bindparam("subject")))


def stored(
    connection: Connection, wanted: ColumnElement[bool], limit: int | None = None
) -> list[Stored]:
    """The records that are *wanted*, in the order of the log."""
    return _stored(connection.execute(_RECORDS.where(wanted).limit(limit)))


def named(connection: Connection, identifier: str) -> Stored | None:
    """The record of that id."""
    return next(iter(_stored(_NAMED.rows(connection, id=identifier))), None)


def about(connection: Connection, subject: str) -> list[Stored]:
    """All records about *subject*, in the order of the log."""
    return _stored(_ABOUT.rows(connection, subject=subject))


def _stored(rows: Iterable[Any]) -> list[Stored]:
    return [
        Stored(index, author, _RECORD.decode(bytes(content))) for index, author, content in rows
    ]


def at(connection: Connection, index: int) -> Stored:
    """The record at *index*. Raises `MissingError` where the log is shorter."""
    found = stored(connection, tables.records.c.index == index)
    if not found:
        raise MissingError(f"there is no record {index}")
    return found[0]


def parts(connection: Connection, index: int) -> dict[str, Part | Erased]:
    """What the record at *index* says, by name, with `Erased` where it is gone.

    Raises `MissingError` where the log is shorter.
    """
    record = at(connection, index).record
    said: dict[str, Part | Erased] = {**_present(connection, index), **_gone(connection, index)}
    for name in record.parts:
        if name not in said:
            raise StoreError(f"the log is damaged: record {index} lacks its part `{name}`")
    return {name: said[name] for name in record.parts}


def _present(connection: Connection, index: int) -> dict[str, Part]:
    parts = tables.parts.c
    rows = connection.execute(
        select(parts.name, parts.salt, parts.body).where(parts.index == index)
    )
    return {row.name: Part(bytes(row.salt), row.body) for row in rows}


def _gone(connection: Connection, index: int) -> dict[str, Erased]:
    erasures, records = tables.erasures.c, tables.records.c
    rows = connection.execute(
        select(erasures.name, erasures.record, records.at)
        .join(tables.records, records.index == erasures.record)
        .where(erasures.index == index)
    )
    return {row.name: Erased(row.record, row.at) for row in rows}
