"""The tables as queries see them; `migrations` makes them, and the triggers that guard them.

Everything is kept as written. The exceptions: a part goes when an erasure says so, and with it
what an idempotency key knows of the request; a key is revoked once; a person keeps its id and
agency; `sessions` and `attempts` go; `pulse` is no data.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
)


class Instant(TypeDecorator[datetime]):
    """A time in UTC to the microsecond, whether or not the database knows time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Deflated(bytes):
    """Bytes as `Packed` keeps them."""


def deflated(body: bytes) -> Deflated:
    """*body* as `Packed` keeps it, for whoever has more time before a transaction than in it."""
    return Deflated(zlib.compress(body, 1))


class Packed(TypeDecorator[bytes]):
    """Bytes, deflated: a decision is an eighth of its length, so a commit writes fewer pages."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _: Dialect) -> bytes | None:
        return value if value is None or isinstance(value, Deflated) else deflated(value)

    def process_result_value(self, value: bytes | None, _: Dialect) -> bytes | None:
        return None if value is None else zlib.decompress(value)


METADATA = MetaData()
# SQLite: the key of the rows themselves.
Place = BigInteger().with_variant(Integer, "sqlite")

releases = Table(
    "releases",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("kept", Instant, nullable=False),
    Column("body", Packed, nullable=False),
)

records = Table(
    "records",
    METADATA,
    Column("index", Place, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("release", ForeignKey("releases.digest")),
    Column("author", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index("records_by_subject", "subject", "index"),
    Index("records_by_kind", "kind", "index"),
)
"""One row an entry of the log. *index* is its place among the leaves, from 0 without gaps.

*content* is its canonical JSON, of which the leaf is the hash; the columns before it repeat it
for queries, except *author*, which the leaf does not cover.
"""

parts = Table(
    "parts",
    METADATA,
    Column("index", ForeignKey("records.index"), nullable=False),
    Column("name", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Packed, nullable=False),
    PrimaryKeyConstraint("index", "name"),
)

nodes = Table(
    "nodes",
    METADATA,
    Column("level", Integer, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "place"),
    CheckConstraint("length(hash) = 32", name="nodes_are_sha256"),
    sqlite_with_rowid=False,
)
"""The full subtrees of `engine.evidence.merkle`; level 0 are the leaves."""

erasures = Table(
    "erasures",
    METADATA,
    Column("index", ForeignKey("records.index"), nullable=False),
    Column("name", Text, nullable=False),
    Column("record", ForeignKey("records.index"), nullable=False),
    PrimaryKeyConstraint("index", "name"),
)
"""Which parts are gone, and the *record* that says by whose authority."""

idempotency = Table(
    "idempotency",
    METADATA,
    Column("author", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("salt", LargeBinary),
    Column("digest", Text),
    Column("index", ForeignKey("records.index"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("author", "key"),
)
"""What each key stands for. *salt* and *digest* are of the request, and go when it is erased."""

units = Table(
    "units",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("first_seen", Date, nullable=False),
)

api_keys = Table(
    "api_keys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("role", Text, nullable=False),
    Column("agency", Text),
    Column("label", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant),
    Column("revoked", Instant),
)

person = Table(
    "person",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("duties", Text, nullable=False),
    Column("password", Text),
    Column("one_time", Boolean, nullable=False),
    Column("subject", Text, unique=True),
    Column("created", Instant, nullable=False),
    Column("disabled", Instant),
)
"""See `people.Account`; *duties* are words, with a space between."""

sessions = Table(
    "sessions",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("person", ForeignKey("person.id")),
    Column("key", ForeignKey("api_keys.id")),
    Column("begun", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    CheckConstraint("(person IS NULL) <> (key IS NULL)", name="sessions_have_one_holder"),
    Index("sessions_by_person", "person"),
)
"""By the SHA-256 of its token; of a person, or of who showed a key."""

attempts = Table(
    "attempts",
    METADATA,
    Column("id", LargeBinary, primary_key=True),
    Column("person", LargeBinary, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Index("attempts_by_person", "person"),
    Index("attempts_by_address", "address"),
    Index("attempts_by_time", "at"),
)
"""To sign in by a password: SHA-256 of the name that was given and of where it was given."""

pulse = Table(
    "pulse",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)
"""One row, written to find out whether the database can be written."""
