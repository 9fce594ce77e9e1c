"""API keys: who may ask over HTTP, known by a secret of which only a digest is kept.

Boundary: who it is. What each role may do is for the doors. Keys are made and revoked, and parts
erased, on the command line: a stolen key must not make keys or destroy evidence, so there is no
role for that.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection, RowMapping, insert, select, update

from api.store import tables
from api.store.entries import MAX_TEXT
from api.store.errors import MissingError

REMEMBERED = 5.0
"""Seconds for which a key is believed without asking the database: so long a revoked one works."""

_TOKEN = re.compile(r"cmns_(?P<id>[a-z2-7]{8})_(?P<secret>[A-Za-z0-9_-]{43})")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class Role(StrEnum):
    """As what the holder of a key asks."""

    TRADER = "trader"  # decisions, as traders may see them
    OFFICER = "officer"  # a person of an agency: decisions whole, acts, what-if
    SYSTEM = "agency-system"  # a machine of an agency: decisions whole, outcomes
    AUDITOR = "auditor"  # reads the log, receipts, replays; decides nothing


ACTING = (Role.OFFICER, Role.SYSTEM)
"""Roles that ask for an agency."""


class Key(Struct, frozen=True, kw_only=True):
    """An API key without its secret. *id* is its public part, and the author of what it records.

    *agency* is that for which an officer or a system asks, None for others. *label* says whose it
    is: an office or a system, as it can never be erased.
    """

    id: str
    role: Role
    agency: str | None
    label: str
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def valid(self, at: datetime) -> bool:
        """Whether it opens anything at that time."""
        return self.revoked is None and (self.expires is None or at < self.expires)


def create(
    connection: Connection,
    role: Role,
    label: str,
    *,
    agency: str | None,
    expires: datetime | None,
    at: datetime,
) -> tuple[Key, str]:
    """A new key, and its token, which is told this once.

    Raises `ValueError`: no label; an agency for those who have none, or none for those who do.
    """
    if not 0 < len(label.strip()) <= MAX_TEXT:
        raise ValueError("a key needs a label: the office or system that it is for")
    if (agency is not None) != (role in ACTING):
        raise ValueError(
            f"a key of role {role} {'needs an' if role in ACTING else 'has no'} agency"
        )
    secret, salt = secrets.token_urlsafe(32), secrets.token_bytes(16)
    key = Key(
        id="".join(secrets.choice(_ALPHABET) for _ in range(8)),
        role=role,
        agency=agency,
        label=label.strip(),
        created=at,
        expires=expires,
    )
    connection.execute(
        insert(tables.api_keys).values(
            id=key.id,
            salt=salt,
            digest=_digest(salt, secret),
            role=key.role.value,
            agency=key.agency,
            label=key.label,
            created=key.created,
            expires=key.expires,
        )
    )
    return key, f"cmns_{key.id}_{secret}"


def listed(connection: Connection) -> list[Key]:
    """Every key that ever was, oldest first."""
    columns = tables.api_keys.c
    rows = connection.execute(select(tables.api_keys).order_by(columns.created, columns.id))
    return [key_of(row) for row in rows.mappings()]


def revoke(connection: Connection, identifier: str, at: datetime) -> Key:
    """Revoke a key for good, once. Raises `MissingError` where there is no such key."""
    columns = tables.api_keys.c
    connection.execute(
        update(tables.api_keys)
        .where(columns.id == identifier, columns.revoked.is_(None))
        .values(revoked=at)
    )
    found = row(connection, identifier)
    if found is None:
        raise MissingError(f"there is no key `{identifier}`")
    return key_of(found)


def row(connection: Connection, identifier: str) -> RowMapping | None:
    """The row of a key, with its salt and digest."""
    query = select(tables.api_keys).where(tables.api_keys.c.id == identifier)
    return connection.execute(query).mappings().one_or_none()


def key_of(row: RowMapping) -> Key:
    """The key in a row."""
    return Key(
        id=row["id"],
        role=Role(row["role"]),
        agency=row["agency"],
        label=row["label"],
        created=row["created"],
        expires=row["expires"],
        revoked=row["revoked"],
    )


def _digest(salt: bytes, secret: str) -> bytes:
    # The secret has 256 random bits: nobody guesses it, so the hash need not be slow.
    return hashlib.sha256(salt + secret.encode()).digest()


class Keyring:
    """Who holds which key, remembered for a while: it is asked on every request."""

    def __init__(self, find: Callable[[str], RowMapping | None]) -> None:
        self._find = find
        self._known: dict[str, tuple[float, Key, bytes, bytes]] = {}

    def holder(self, token: str, at: datetime | None = None) -> Key | None:
        """The key of that token, if it is one and is valid now, or at the time that is given."""
        form = _TOKEN.fullmatch(token)
        if form is None:
            return None
        known = self._known.get(form["id"])
        if known is None or time.monotonic() - known[0] > REMEMBERED:
            row = self._find(form["id"])
            if row is None:
                return None  # not remembered: whoever guesses must not fill the memory
            known = time.monotonic(), key_of(row), bytes(row["salt"]), bytes(row["digest"])
            self._known[form["id"]] = known
        _, key, salt, digest = known
        if not hmac.compare_digest(_digest(salt, form["secret"]), digest):
            return None
        return key if key.valid(at or datetime.now(UTC)) else None

    def forget(self) -> None:
        """Ask anew about every key."""
        self._known.clear()
