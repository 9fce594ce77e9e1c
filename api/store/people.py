"""Persons who sign in: what is kept of them, with the hash of their password only.

Boundary: who there is. How a password is hashed, and what duties mean, is for the service.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from api.store import tables
from api.store.database import Database
from api.store.errors import DuplicateError, MissingError


class Account(Struct, frozen=True, kw_only=True):
    """A person, by *id* for good; *agency* is for good, too.

    *password* is its argon2 hash, None for who signs in elsewhere only; *one_time*: somebody else
    chose it, and it opens nothing but the choice of another. *subject* is the name by which a
    provider of OpenID Connect knows the person, where that is not the id.
    """

    id: str
    name: str
    agency: str
    duties: frozenset[str]
    password: str | None = None
    one_time: bool = False
    subject: str | None = None
    created: datetime
    disabled: datetime | None = None


class People:
    """All persons. Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, account: Account) -> None:
        """Add a person. Raises `DuplicateError`: the id or the subject is another's, or was."""
        with self._database.writing() as connection:
            if row(connection, account.id) is not None:
                raise DuplicateError(f"there is a person `{account.id}` already", [account.id])
            if account.subject is not None and _of(connection, account.subject) is not None:
                words = f"`{account.subject}` is the subject of another person"
                raise DuplicateError(words, [account.subject])
            connection.execute(insert(tables.person).values(**_values(account)))

    def found(self, identifier: str) -> Account | None:
        """The person of that id, disabled or not."""
        with self._database.reading() as connection:
            found = row(connection, identifier)
        return None if found is None else account_of(found)

    def of_subject(self, subject: str) -> Account | None:
        """The person whom a provider knows by that name."""
        with self._database.reading() as connection:
            found = _of(connection, subject)
        return None if found is None else account_of(found)

    def listed(self, agency: str | None = None) -> list[Account]:
        """Everybody who ever was, by id; of one *agency*, or of all."""
        query = select(tables.person).order_by(tables.person.c.id)
        if agency is not None:
            query = query.where(tables.person.c.agency == agency)
        with self._database.reading() as connection:
            return [account_of(found) for found in connection.execute(query).mappings()]

    def set_duties(self, identifier: str, duties: frozenset[str]) -> Account:
        """Give these duties instead; whoever is disabled has none. Raises `MissingError`."""
        with self._database.writing() as connection:
            return _change(connection, identifier, duties=_written(duties))

    def set_password(self, identifier: str, password: str, *, one_time: bool) -> Account:
        """Keep another hash, and end all sessions of the person. Raises `MissingError`."""
        with self._database.writing() as connection:
            _end_sessions(connection, identifier)
            return _change(connection, identifier, password=password, one_time=one_time)

    def disable(self, identifier: str, at: datetime) -> Account:
        """Let a person sign in no more, for good, and end all sessions. Raises `MissingError`."""
        with self._database.writing() as connection:
            _end_sessions(connection, identifier)
            found = row(connection, identifier)
            if found is not None and found["disabled"] is not None:
                return account_of(found)
            return _change(connection, identifier, disabled=at)


def row(connection: Connection, identifier: str) -> RowMapping | None:
    """The row of a person."""
    query = select(tables.person).where(tables.person.c.id == identifier)
    return connection.execute(query).mappings().one_or_none()


def account_of(row: RowMapping) -> Account:
    """The person in a row."""
    return Account(**{**row, "duties": frozenset(row["duties"].split())})


def _of(connection: Connection, subject: str) -> RowMapping | None:
    query = select(tables.person).where(tables.person.c.subject == subject)
    return connection.execute(query).mappings().one_or_none()


def _change(connection: Connection, identifier: str, **values: Any) -> Account:
    columns = tables.person.c
    connection.execute(
        update(tables.person)
        .where(columns.id == identifier, columns.disabled.is_(None))
        .values(**values)
    )
    found = row(connection, identifier)
    if found is None:
        raise MissingError(f"there is no person `{identifier}`")
    if found["disabled"] is not None and "disabled" not in values:
        raise MissingError(f"the person `{identifier}` is disabled")
    return account_of(found)


def _end_sessions(connection: Connection, identifier: str) -> None:
    connection.execute(delete(tables.sessions).where(tables.sessions.c.person == identifier))


def _values(account: Account) -> dict[str, Any]:
    fields = {name: getattr(account, name) for name in account.__struct_fields__}
    return fields | {"duties": _written(account.duties)}


def _written(duties: frozenset[str]) -> str:
    return " ".join(sorted(duties))
