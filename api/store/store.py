"""The store: what the doors ask of it. Each call is one transaction.

The work is in the modules beside this one; here it gets its connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import TracebackType

from sqlalchemy import select

from api.store import appending, migrating, reading, tables
from api.store.database import PATIENCE, Database
from api.store.entries import Claim, Entry, Erased, Stored
from api.store.log import Log
from engine.evidence.record import Part


class Store:
    """Decisions, and all that is recorded about them, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str, *, create: bool = False, patience: float = PATIENCE) -> Store:
        """Open the store at *url*: `sqlite:///path` or `postgresql://user@host/database`.

        With *create*, make the schema, and the file of SQLite, where there is none yet. A writer
        waits *patience* seconds for its turn. Each process opens its own. Raises `StoreError`:
        no such database, or a schema older or newer than this code.
        """
        database = Database(url, create=create, patience=patience)
        try:
            migrating.checked(database, create=create)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Appending

    def append(self, entries: Sequence[Entry]) -> list[Stored]:
        """Append all *entries* in one commit, or none; once this returns, they are durable.

        Decide first and append then: a decision takes long, and only one can write at a time.
        Raises `StaleError` (of which `DuplicateError` is one) where another was quicker: read
        again, decide again, append again. `ConflictError`: an idempotency key stands for another
        request. `MissingError`: a release is not kept. `UnavailableError`: see there.
        `ValueError`: more than `appending.MAX_GROUP` entries.
        """
        with self._database.writing() as connection:
            return appending.append(connection, entries)

    def recall(self, author: str, claim: Claim) -> Stored | None:
        """What an idempotency key stands for; None where *author* has not used it.

        Raises `ConflictError` where it stands for another body.
        """
        with self._database.reading() as connection:
            index = appending.recalled(connection, author, claim)
            return None if index is None else reading.at(connection, index)

    # Reading

    def record(self, id: str) -> Stored | None:  # noqa: A002
        """The record of that id."""
        with self._database.reading() as connection:
            found = reading.stored(connection, tables.records.c.id == id)
        return found[0] if found else None

    def records(self, subject: str, kind: str | None = None) -> list[Stored]:
        """All records about *subject*, oldest first."""
        with self._database.reading() as connection:
            found = reading.stored(connection, tables.records.c.subject == subject)
        return [one for one in found if kind in (None, one.record.kind)]

    def parts(self, index: int) -> dict[str, Part | Erased]:
        """What the record at *index* says, by name; `Erased` in the place of what is gone.

        Raises `MissingError` where there is no such record.
        """
        with self._database.reading() as connection:
            return reading.parts(connection, index)

    def first_seen(self, unit: str) -> date | None:
        """The day on which a unit of goods was first seen, if it was."""
        units = tables.units.c
        with self._database.reading() as connection:
            return connection.scalar(select(units.first_seen).where(units.unit == unit))

    # The log

    @contextmanager
    def log(self) -> Iterator[Log]:
        """The log's size, tree and proofs, all of one moment."""
        with self._database.reading() as connection:
            yield Log(connection)

    def size(self) -> int:
        """How many entries the log has."""
        with self.log() as log:
            return log.size
