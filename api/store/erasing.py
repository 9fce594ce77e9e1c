"""Erasing: what a person may ask to be forgotten goes; that it was there, and why it went, stays.

The log holds digests that are salted, and the salt goes with the words: so no leaf changes, every
root and receipt still verifies, and nobody can try guesses against what is left.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from api.store import reading, tables
from api.store.appending import append
from api.store.entries import Entry, Stored
from api.store.errors import MissingError
from api.store.leaves import leaves
from api.store.log import Log
from engine.evidence.canonical import canonical
from engine.evidence.record import salted

KIND = "erasure"
PART = "erasure"


class Cleared(Struct, frozen=True):
    """Which *parts* of which *record* are gone; *index* is its place."""

    index: int
    record: str
    parts: tuple[str, ...]


class Erasure(Struct, frozen=True):
    """What the record of an erasure says: what went, by whose *authority*, and why."""

    authority: str
    reason: str
    cleared: tuple[Cleared, ...]


def erase(
    connection: Connection,
    of: int | str,
    names: Collection[str] | None,
    *,
    authority: str,
    reason: str,
    at: datetime,
    author: str,
) -> Stored:
    """Record that parts are erased, and erase them.

    *of* is the index of a record, or a subject: then all its records. *names* are the parts, None
    for all but those of erasures. Raises `MissingError` where nothing of it is there to erase,
    `ValueError` where nobody or no reason is named.
    """
    if not authority.strip() or not reason.strip():
        raise ValueError("an erasure names an authority and a reason")
    found = _present(connection, of, names)
    if not found:
        raise MissingError(f"nothing of {of!r} is there to be erased")
    cleared = tuple(Cleared(one.index, one.record.id, tuple(sorted(parts))) for one, parts in found)
    index = Log(connection).size
    entry = Entry(
        kind=KIND,
        id=f"{KIND}:{index}",
        subject=found[0][0].record.subject,
        at=at,
        author=author,
        parts={PART: salted(canonical(Erasure(authority, reason, cleared)))},
    )
    (stored,) = append(connection, leaves([entry]))
    gone = [(one.index, name) for one in cleared for name in one.parts]
    connection.execute(
        insert(tables.erasures),
        [{"index": place, "name": name, "record": index} for place, name in gone],
    )
    parts, keys = tables.parts.c, tables.idempotency.c
    for place, name in gone:
        connection.execute(delete(tables.parts).where(parts.index == place, parts.name == name))
    # Its digest would let anybody who has most of the request guess the rest.
    connection.execute(
        update(tables.idempotency)
        .where(keys.index.in_([one.index for one in cleared]), keys.salt.is_not(None))
        .values(salt=None, digest=None)
    )
    return stored


def _present(
    connection: Connection, of: int | str, names: Collection[str] | None
) -> list[tuple[Stored, set[str]]]:
    """The records that have any of the named parts still, and which."""
    records, parts = tables.records.c, tables.parts.c
    wanted = records.index == of if isinstance(of, int) else records.subject == of
    if names is None:
        wanted &= records.kind != KIND
    found = []
    for one in reading.stored(connection, wanted):
        there = set(connection.scalars(select(parts.name).where(parts.index == one.index)))
        there &= there if names is None else set(names)
        if there:
            found.append((one, there))
    return found
