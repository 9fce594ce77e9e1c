"""Persons who sign in, their sessions, and attempts to begin one.

A person stays, under the same id and agency: what was done in its name names it. Sessions and
attempts go.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FOR_GOOD = "id, agency, created"


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("duties", sa.Text, nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("one_time", sa.Boolean, nullable=False),
        sa.Column("subject", sa.Text, unique=True),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("disabled", INSTANT),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("person", sa.Text, sa.ForeignKey("person.id")),
        sa.Column("key", sa.Text, sa.ForeignKey("api_keys.id")),
        sa.Column("begun", INSTANT, nullable=False),
        sa.Column("seen", INSTANT, nullable=False),
        sa.CheckConstraint("(person IS NULL) <> (key IS NULL)", name="sessions_have_one_holder"),
    )
    op.create_index("sessions_by_person", "sessions", ["person"])
    op.create_table(
        "attempts",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("attempts_by_person", "attempts", ["person"])
    op.create_index("attempts_by_address", "attempts", ["address"])
    op.create_index("attempts_by_time", "attempts", ["at"])
    dialect = op.get_bind().dialect.name
    for statement in _sqlite() if dialect == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    for table in ("attempts", "sessions", "person"):
        op.drop_table(table)


def _sqlite() -> list[str]:
    there = "EXISTS (SELECT 1 FROM person WHERE id = NEW.id)"
    return [
        f"CREATE TRIGGER person_{name} BEFORE {event} ON person {when} "
        f"BEGIN SELECT RAISE(ABORT, 'person: {message}'); END"
        for name, event, when, message in (
            ("once", "INSERT", f"WHEN {there}", "this row is there already"),
            ("unchanged", f"UPDATE OF {FOR_GOOD}", "", "a person keeps its id and agency"),
            ("undeleted", "DELETE", "", "nobody is ever deleted"),
        )
    ]


def _postgresql() -> list[str]:
    return [
        f"CREATE TRIGGER person_kept BEFORE UPDATE OF {FOR_GOOD} OR DELETE OR TRUNCATE ON person "
        "FOR EACH STATEMENT EXECUTE FUNCTION guard_unchanged()",
        "ALTER TABLE person ENABLE ALWAYS TRIGGER person_kept",
    ]
