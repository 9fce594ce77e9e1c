"""The store: what the doors ask of it. Each call is one transaction.

The work is in the modules beside this one; here it gets its connection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from types import TracebackType

from sqlalchemy import RowMapping, bindparam, select

from api.store import (
    appending,
    auditing,
    erasing,
    keys,
    migrating,
    readiness,
    reading,
    releases,
    tables,
)
from api.store.auditing import Audit, Progress, silent
from api.store.authoring import Authoring
from api.store.database import PATIENCE, Database
from api.store.entries import Claim, Entry, Erased, Stored
from api.store.errors import UnavailableError
from api.store.keys import Key, Keyring, Role
from api.store.leaves import leaves
from api.store.log import Log
from api.store.people import People
from api.store.releases import Kept
from api.store.sessions import Sessions
from api.store.statements import Query
from engine.evidence.record import Part

_FIRST_SEEN = Query(
    select(tables.units.c.first_seen).where(tables.units.c.unit == bindparam("unit"))
)


class Store:
    """Decisions, all that is recorded about them, and who may ask, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keyring = Keyring(self._key)
        self.people, self.sessions = People(database), Sessions(database)
        self.authoring = Authoring(database)

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
        `ValueError`: more than `leaves.MAX_GROUP` entries.
        """
        made = leaves(entries)  # before its turn, so that others wait less
        with self._database.writing() as connection:
            return appending.append(connection, made)

    def recall(self, author: str, claim: Claim) -> Stored | None:
        """What an idempotency key stands for; None where *author* has not used it.

        Raises `ConflictError` where it stands for another body.
        """
        with self._database.reading() as connection:
            index = appending.recalled(connection, author, claim)
            return None if index is None else reading.at(connection, index)

    def erase(
        self,
        of: int | str,
        names: Collection[str] | None = None,
        *,
        authority: str,
        reason: str,
        at: datetime,
        author: str,
    ) -> Stored:
        """Record that parts are erased, by whose *authority* and why, and erase them.

        *of* is the index of a record, or a subject: then all its records. *names* are the parts;
        None for all, but those of erasures. What an idempotency key stood for goes with them. The
        log, its proofs and receipts stay as they are. Returns the record of the erasure. Raises
        `MissingError` where nothing of it is there, `ValueError` where nobody or no reason is
        named.
        """
        with self._database.writing() as connection:
            stored = erasing.erase(
                connection, of, names, authority=authority, reason=reason, at=at, author=author
            )
        # The erasure stands; where a reader is in the way, the disk follows later.
        with suppress(UnavailableError):
            self._database.forget("parts")
        return stored

    # Reading

    def record(self, identifier: str) -> Stored | None:
        """The record of that id."""
        with self._database.reading() as connection:
            return reading.named(connection, identifier)

    def records(self, subject: str, kind: str | None = None) -> list[Stored]:
        """All records about *subject*, oldest first."""
        with self._database.reading() as connection:
            found = reading.about(connection, subject)
        return [one for one in found if kind in (None, one.record.kind)]

    def parts(self, index: int) -> dict[str, Part | Erased]:
        """What the record at *index* says, by name; `Erased` in the place of what is gone.

        Raises `MissingError` where there is no such record.
        """
        with self._database.reading() as connection:
            return reading.parts(connection, index)

    def page(self, after: int = -1, limit: int = 100, kind: str | None = None) -> list[Stored]:
        """The next *limit* records after the index *after*, of one *kind* or of all.

        Ask again after the last one's index: the log is read in pieces, however long it is.
        """
        records = tables.records.c
        wanted = records.index > after
        if kind is not None:
            wanted &= records.kind == kind
        with self._database.reading() as connection:
            return reading.stored(connection, wanted, limit)

    def first_seen(self, unit: str) -> date | None:
        """The day on which a unit of goods was first seen, if it was."""
        with self._database.reading() as connection:
            first: date | None = _FIRST_SEEN.first(connection, unit=unit)
            return first

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

    def root(self, size: int | None = None) -> bytes:
        """`Log.root` of this moment."""
        with self.log() as log:
            return log.root(size)

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """`Log.inclusion` of this moment."""
        with self.log() as log:
            return log.inclusion(index, size)

    def consistency(self, first: int, second: int | None = None) -> tuple[bytes, ...]:
        """`Log.consistency` of this moment."""
        with self.log() as log:
            return log.consistency(first, second)

    # Releases

    def keep_release(self, body: bytes, at: datetime) -> Kept:
        """Keep a release file, whole; once is enough. Do so before anything that it decided.

        Raises `StoreError` where it is none, or was changed.
        """
        with self._database.writing() as connection:
            return releases.keep(connection, body, at)

    def release(self, digest: str) -> bytes | None:
        """The file of the release with that digest, if it is kept."""
        with self._database.reading() as connection:
            return releases.body(connection, digest)

    def releases(self) -> list[Kept]:
        """Every release that is kept, oldest first."""
        with self._database.reading() as connection:
            return releases.kept(connection)

    # API keys

    def create_key(
        self,
        role: Role,
        label: str,
        *,
        agency: str | None = None,
        expires: datetime | None = None,
        at: datetime,
    ) -> tuple[Key, str]:
        """A new key and its token, which is told this once.

        Raises `ValueError`: no label; an agency for roles that have none, or none for the others.
        """
        with self._database.writing() as connection:
            return keys.create(connection, role, label, agency=agency, expires=expires, at=at)

    def api_keys(self) -> list[Key]:
        """Every key that ever was, oldest first."""
        with self._database.reading() as connection:
            return keys.listed(connection)

    def revoke_key(self, identifier: str, at: datetime) -> Key:
        """Revoke a key for good: here at once, in other processes within `keys.REMEMBERED` seconds.

        Raises `MissingError` where there is no such key.
        """
        with self._database.writing() as connection:
            revoked = keys.revoke(connection, identifier, at)
        self._keyring.forget()
        return revoked

    def authenticate(self, token: str, at: datetime | None = None) -> Key | None:
        """Who holds that token, if it is valid now, or at the time that is given."""
        return self._keyring.holder(token, at)

    def _key(self, identifier: str) -> RowMapping | None:
        with self._database.reading() as connection:
            return keys.row(connection, identifier)

    # Health

    def audit(self, progress: Progress = silent) -> Audit:
        """Compute everything that is kept anew, and tell what is not as it was written.

        Takes the time of reading it all; others go on appending meanwhile.
        """
        return auditing.audit(self._database, progress)

    def ready(self) -> str | None:
        """Why nothing can be recorded now; None where it can. It writes, and syncs the disk."""
        return readiness.unready(self._database)
