"""Sessions of browsers, and attempts to begin one; neither outlives its purpose.

A session is known by a token of which only a digest is kept; it ends by itself, by signing out,
with the person's password, and with the person or the key.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from api.store import keys, people, tables
from api.store.database import Database
from api.store.errors import UnavailableError
from api.store.keys import Key
from api.store.people import Account

LASTS, IDLE = timedelta(hours=12), timedelta(hours=1)
"""How long a session lasts, and how long while nothing is asked under it."""

_SEEN = timedelta(minutes=1)
"""So often it is noted that a session is used: a note is a write, and reading must not wait."""

WINDOW = timedelta(minutes=15)
BY_PERSON, BY_ADDRESS = 10, 50
"""Attempts that may fail in a window, by the name that was given and by where it was given."""


class Session(Struct, frozen=True, kw_only=True):
    """Whose session it is: a person's, or of who showed a key."""

    person: Account | None = None
    key: Key | None = None


class Sessions:
    """All sessions. Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, holder: Account | Key, at: datetime) -> str | None:
        """The token of a new session; None where the person or the key changed meanwhile."""
        token = secrets.token_urlsafe(32)
        if isinstance(holder, Account):
            session, person, key = Session(person=holder), holder.id, None
        else:
            session, person, key = Session(key=holder), None, holder.id
        with self._database.writing() as connection:
            _sweep(connection, at)
            if _holder(connection, person, key, at) != session:
                return None
            connection.execute(
                insert(tables.sessions).values(
                    digest=_digest(token), person=person, key=key, begun=at, seen=at
                )
            )
        return token

    def found(self, token: str, at: datetime) -> Session | None:
        """The session of that token, and that it is used; None where it has ended."""
        columns = tables.sessions.c
        with self._database.reading() as connection:
            query = select(tables.sessions).where(columns.digest == _digest(token))
            row = connection.execute(query).one_or_none()
            if row is None or _over(row, at):
                return None
            session = _holder(connection, row.person, row.key, at)
        if session is not None and at - row.seen >= _SEEN:
            with suppress(UnavailableError), self._database.writing() as connection:
                used = update(tables.sessions).where(columns.digest == row.digest)
                connection.execute(used.values(seen=at))
        return session

    def end(self, token: str) -> None:
        """End a session, if there is one."""
        with self._database.writing() as connection:
            ended = tables.sessions.c.digest == _digest(token)
            connection.execute(delete(tables.sessions).where(ended))

    def attempt(self, name: str, address: str, at: datetime) -> bool:
        """Note an attempt under *name* from *address*; False, unnoted, where there were too many.

        It is noted before its password is looked at: attempts at once are counted all the same.
        """
        columns = tables.attempts.c
        person, place = _subject("person", name), _subject("address", address)
        with self._database.writing() as connection:
            connection.execute(delete(tables.attempts).where(columns.at <= at - WINDOW))
            for column, value, most in (
                (columns.person, person, BY_PERSON),
                (columns.address, place, BY_ADDRESS),
            ):
                count = select(func.count()).select_from(tables.attempts).where(column == value)
                if (connection.scalar(count) or 0) >= most:
                    return False
            connection.execute(
                insert(tables.attempts).values(
                    id=secrets.token_bytes(16), person=person, address=place, at=at
                )
            )
        return True

    def succeeded(self, name: str) -> None:
        """Forget the attempts under *name*: its person signed in."""
        with self._database.writing() as connection:
            subject = tables.attempts.c.person == _subject("person", name)
            connection.execute(delete(tables.attempts).where(subject))


def _holder(
    connection: Connection, person: str | None, key: str | None, at: datetime
) -> Session | None:
    """Whose it is, if he may still have one."""
    if person is not None:
        row = people.row(connection, person)
        account = None if row is None else people.account_of(row)
        return Session(person=account) if account and account.disabled is None else None
    row = None if key is None else keys.row(connection, key)
    found = None if row is None else keys.key_of(row)
    return Session(key=found) if found and found.valid(at) else None


def _over(row: Row[tuple[datetime, ...]], at: datetime) -> bool:
    return bool(at - row.begun >= LASTS or at - row.seen >= IDLE)


def _sweep(connection: Connection, at: datetime) -> None:
    columns = tables.sessions.c
    over = or_(columns.begun <= at - LASTS, columns.seen <= at - IDLE)
    connection.execute(delete(tables.sessions).where(over))


def _digest(token: str) -> bytes:
    # The token has 256 random bits: nobody guesses it, so the hash need not be slow.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _subject(kind: str, text: str) -> bytes:
    # What is typed as a name may be a password by mistake: it is not kept as text.
    return hashlib.sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).digest()
