"""The log, what stands beside it, and the triggers that keep it.

The triggers stop slips and faulty code; whoever owns the database can drop them. That the log was
not rewritten is shown by its tree and by checkpoints that others hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PLACE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)
KEYS = {
    "releases": ["digest"],
    "records": ["id"],  # `index` is guarded by density
    "parts": ["index", "name"],
    "nodes": ["level", "place"],
    "erasures": ["index", "name"],
    "idempotency": ["author", "key"],
    "units": ["unit"],
    "api_keys": ["id"],
}
"""Every guarded table, and what tells its rows apart."""


def upgrade() -> None:
    _tables()
    dialect = op.get_bind().dialect.name
    for statement in _sqlite() if dialect == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM records")):
        raise ValueError("a log that holds records is not dropped")
    for table in (*reversed(KEYS), "pulse"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")


def _tables() -> None:
    op.create_table(
        "releases",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("kept", INSTANT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "records",
        sa.Column("index", PLACE, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("release", sa.Text, sa.ForeignKey("releases.digest")),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("records_by_subject", "records", ["subject", "index"])
    op.create_index("records_by_kind", "records", ["kind", "index"])
    op.create_table(
        "parts",
        sa.Column("index", PLACE, sa.ForeignKey("records.index"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("length(hash) = 32", name="nodes_are_sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column("index", PLACE, sa.ForeignKey("records.index"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("record", PLACE, sa.ForeignKey("records.index"), nullable=False),
    )
    op.create_table(
        "idempotency",
        sa.Column("author", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("digest", sa.Text),
        sa.Column("index", PLACE, sa.ForeignKey("records.index"), nullable=False, index=True),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "units",
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("first_seen", sa.Date, nullable=False),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("agency", sa.Text),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("expires", INSTANT),
        sa.Column("revoked", INSTANT),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.execute("INSERT INTO pulse (id, at) VALUES (1, CURRENT_TIMESTAMP)")


# The guards say the same in both dialects, each in its own way.

_NEXT = '(SELECT coalesce(max("index"), -1) + 1 FROM records)'
_ERASED = 'EXISTS (SELECT 1 FROM erasures WHERE "index" = {row}."index" AND name = {row}.name)'
_LAST_IS_ERASURE = (
    """EXISTS (SELECT 1 FROM records WHERE "index" = NEW.record AND kind = 'erasure' """
    """AND NEW."index" < NEW.record AND NEW.record = (SELECT max("index") FROM records))"""
)
_ANY_ERASED = 'EXISTS (SELECT 1 FROM erasures WHERE "index" = OLD."index")'


def _sqlite() -> list[str]:
    guards = []

    def guard(table: str, name: str, event: str, when: str | None, message: str) -> None:
        condition = f"WHEN {when} " if when else ""
        guards.append(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{table}: {message}'); END"
        )

    for table, columns in KEYS.items():
        # INSERT OR REPLACE deletes without asking the triggers on DELETE.
        same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        guard(table, "once", "INSERT", there, "this row is there already")
        if table not in ("idempotency", "api_keys"):
            guard(table, "unchanged", "UPDATE", None, "nothing is ever changed")
        if table != "parts":
            guard(table, "undeleted", "DELETE", None, "nothing is ever deleted")
    guard("records", "dense", "INSERT", f'NEW."index" <> {_NEXT}', "an index is left out")
    gone = _ERASED.format(row="OLD")
    guard("parts", "undeleted", "DELETE", f"NOT {gone}", "no erasure says that it goes")
    guard("parts", "erased", "INSERT", _ERASED.format(row="NEW"), "it was erased")
    guard("erasures", "stated", "INSERT", f"NOT {_LAST_IS_ERASURE}", "no record says so")
    guard(
        "idempotency",
        "unchanged",
        "UPDATE",
        "NOT (NEW.salt IS NULL AND NEW.digest IS NULL "
        + "".join(f'AND NEW."{n}" = OLD."{n}" ' for n in ("author", "key", "index", "at"))
        + f"AND {_ANY_ERASED})",
        "nothing is changed, unless its record is erased",
    )
    kept = ("id", "salt", "digest", "role", "agency", "label", "created", "expires")
    guard(
        "api_keys",
        "unchanged",
        "UPDATE",
        "NOT (OLD.revoked IS NULL AND NEW.revoked IS NOT NULL "
        + "".join(f"AND NEW.{name} IS OLD.{name} " for name in kept)
        + ")",
        "a key is revoked, once, and not changed",
    )
    return guards


FUNCTIONS = (
    "guard_unchanged",
    "guard_records",
    "guard_parts",
    "guard_erasures",
    "guard_idempotency",
    "guard_api_keys",
)


def _postgresql() -> list[str]:
    guards = []

    def function(name: str, when: str, message: str) -> None:
        guards.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({when}) THEN RAISE EXCEPTION '%: {message}', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )

    def guard(table: str, name: str, events: str, each: str, called: str) -> None:
        guards.append(
            f"CREATE TRIGGER {table}_{name} BEFORE {events} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {called}()"
        )
        # Not even a session that replicates goes round it.
        guards.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")

    function("guard_unchanged", "true", "nothing is ever changed or deleted")
    function("guard_records", f'NEW."index" <> {_NEXT}', "an index is left out")
    gone, erased = _ERASED.format(row="OLD"), _ERASED.format(row="NEW")
    function(
        "guard_parts",
        f"CASE WHEN TG_OP = 'DELETE' THEN NOT {gone} ELSE {erased} END",
        "a part goes when an erasure says so, and never comes back",
    )
    function("guard_erasures", f"NOT {_LAST_IS_ERASURE}", "no record says so")
    function(
        "guard_idempotency",
        "NOT (NEW.salt IS NULL AND NEW.digest IS NULL AND "
        '(NEW.author, NEW.key, NEW."index", NEW.at) = (OLD.author, OLD.key, OLD."index", OLD.at) '
        f"AND {_ANY_ERASED})",
        "nothing is changed, unless its record is erased",
    )
    function(
        "guard_api_keys",
        "NOT (OLD.revoked IS NULL AND NEW.revoked IS NOT NULL "
        "AND to_jsonb(NEW) - 'revoked' = to_jsonb(OLD) - 'revoked')",
        "a key is revoked, once, and not changed",
    )
    for table in KEYS:
        events = {
            "parts": "UPDATE OR TRUNCATE",
            "idempotency": "DELETE OR TRUNCATE",
            "api_keys": "DELETE OR TRUNCATE",
        }.get(table, "UPDATE OR DELETE OR TRUNCATE")
        guard(table, "kept", events, "STATEMENT", "guard_unchanged")
    guard("records", "dense", "INSERT", "ROW", "guard_records")
    guard("parts", "erased", "INSERT OR DELETE", "ROW", "guard_parts")
    guard("erasures", "stated", "INSERT", "ROW", "guard_erasures")
    guard("idempotency", "cleared", "UPDATE", "ROW", "guard_idempotency")
    guard("api_keys", "revoked", "UPDATE", "ROW", "guard_api_keys")
    return guards
