"""What is authored: sources, drafts, and the consent without which nothing comes into force.

The triggers state four eyes in the database's own words: who wrote any revision of a draft cannot
approve it, and what is not approved by every agency that owns it cannot come into force.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEYS = {
    "sources": ["sha256"],
    "tree_files": ["release", "path"],
    "trees": ["release"],
    "in_force": ["place"],
    "drafts": ["id"],
    "revisions": ["draft", "revision"],
    "revision_files": ["draft", "path", "revision"],
    "proposals": ["draft", "revision"],
    "owners": ["draft", "revision", "agency"],
    "approvals": ["draft", "revision", "agency"],
    "publications": ["draft"],
}
"""Every table, and what tells its rows apart."""


def upgrade() -> None:
    _tables()
    dialect = op.get_bind().dialect.name
    for statement in _sqlite() if dialect == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM drafts")):
        raise ValueError("drafts are not dropped")
    for table in reversed(KEYS):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for trigger in (*(name for _, name, _, _ in INSERTS), "revision_files_bounded"):
            op.execute(f"DROP FUNCTION guard_{trigger}()")


def _tables() -> None:
    def text(name: str) -> sa.Column[str]:
        return sa.Column(name, sa.Text, nullable=False)

    def number(name: str) -> sa.Column[int]:
        return sa.Column(name, sa.Integer, nullable=False)

    def refers(name: str, to: str) -> sa.Column[str]:
        return sa.Column(name, sa.Text, sa.ForeignKey(to), nullable=False)

    def of(table: str, *columns: str) -> sa.ForeignKeyConstraint:
        return sa.ForeignKeyConstraint(columns, [f"{table}.{column}" for column in columns])

    def bytes_(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
        return sa.Column(name, sa.LargeBinary, nullable=nullable)

    def keyed(table: str) -> sa.PrimaryKeyConstraint:
        return sa.PrimaryKeyConstraint(*KEYS[table])

    op.create_table("sources", text("sha256"), bytes_("body"), keyed("sources"))
    op.create_table(
        "tree_files",
        refers("release", "releases.digest"),
        text("path"),
        refers("source", "sources.sha256"),
        keyed("tree_files"),
    )
    op.create_table("trees", refers("release", "releases.digest"), text("digest"), keyed("trees"))
    op.create_table(
        "in_force",
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        refers("release", "trees.release"),
        text("origin"),
        sa.Column("since", INSTANT, nullable=False),
        keyed("in_force"),
        sa.CheckConstraint("origin IN ('files', 'editor')", name="in_force_has_an_origin"),
    )
    op.create_table("drafts", text("id"), text("agency"), keyed("drafts"))
    op.create_index("drafts_by_agency", "drafts", ["agency"])
    op.create_table(
        "revisions",
        refers("draft", "drafts.id"),
        number("revision"),
        text("title"),
        refers("base", "trees.release"),
        text("author"),
        text("agency"),
        sa.Column("at", INSTANT, nullable=False),
        keyed("revisions"),
    )
    op.create_index("revisions_by_author", "revisions", ["author", "draft"])
    op.create_table(
        "revision_files",
        text("draft"),
        text("path"),
        number("revision"),
        text("state"),
        bytes_("body", nullable=True),
        keyed("revision_files"),
        of("revisions", "draft", "revision"),
        sa.CheckConstraint(
            "state IN ('text', 'gone', 'base') AND (state = 'text') = (body IS NOT NULL)",
            name="revision_files_say_what_became",
        ),
    )
    op.create_table(
        "proposals",
        text("draft"),
        number("revision"),
        text("digest"),
        bytes_("body"),
        keyed("proposals"),
        of("revisions", "draft", "revision"),
    )
    op.create_table(
        "owners",
        text("draft"),
        number("revision"),
        text("agency"),
        keyed("owners"),
        of("proposals", "draft", "revision"),
    )
    op.create_table(
        "approvals",
        text("draft"),
        number("revision"),
        text("agency"),
        text("digest"),
        text("person"),
        keyed("approvals"),
        of("owners", "draft", "revision", "agency"),
    )
    op.create_table(
        "publications",
        text("draft"),
        number("revision"),
        sa.Column(
            "place", sa.Integer, sa.ForeignKey("in_force.place"), nullable=False, unique=True
        ),
        keyed("publications"),
        of("proposals", "draft", "revision"),
    )


# What may be inserted, said once for both dialects: table, guard, when it refuses, why.

_HEAD = "(SELECT max(revision) FROM revisions WHERE draft = NEW.draft)"
_SAME = "{0}.draft = NEW.draft AND {0}.revision = NEW.revision"
_PUBLISHED = "EXISTS (SELECT 1 FROM publications WHERE draft = NEW.draft)"
INSERTS = (
    (
        "tree_files",
        "tree_files_open",
        "EXISTS (SELECT 1 FROM trees WHERE release = NEW.release)",
        "the tree is whole already",
    ),
    (
        "in_force",
        "in_force_dense",
        "NEW.place <> (SELECT coalesce(max(place), -1) + 1 FROM in_force)",
        "a place is left out",
    ),
    (
        "revisions",
        "revisions_dense",
        "NEW.revision <> "
        "(SELECT coalesce(max(revision), -1) + 1 FROM revisions WHERE draft = NEW.draft)",
        "a revision is left out",
    ),
    ("revisions", "revisions_open", _PUBLISHED, "the draft is in force"),
    (
        "proposals",
        "proposals_current",
        f"NEW.revision <> {_HEAD} OR {_PUBLISHED}",
        "the draft changed since",
    ),
    (
        "approvals",
        "approvals_current",
        f"NEW.revision <> {_HEAD} OR NOT EXISTS (SELECT 1 FROM proposals p "
        f"WHERE {_SAME.format('p')} AND p.digest = NEW.digest)",
        "the draft changed since",
    ),
    (
        "approvals",
        "approvals_by_another",
        "EXISTS (SELECT 1 FROM revisions WHERE draft = NEW.draft AND author = NEW.person)",
        "nobody approves what they wrote",
    ),
    (
        "publications",
        "publications_approved",
        f"NEW.revision <> {_HEAD} "
        f"OR NOT EXISTS (SELECT 1 FROM owners o WHERE {_SAME.format('o')}) "
        f"OR EXISTS (SELECT 1 FROM owners o WHERE {_SAME.format('o')} AND NOT EXISTS "
        "(SELECT 1 FROM approvals a WHERE a.draft = o.draft AND a.revision = o.revision "
        "AND a.agency = o.agency)) "
        "OR EXISTS (SELECT 1 FROM approvals a JOIN revisions r "
        f"ON r.draft = a.draft AND r.author = a.person WHERE {_SAME.format('a')})",
        "an approval of every owner, by another than its authors, is needed",
    ),
    (
        "publications",
        "publications_in_order",
        "NOT EXISTS (SELECT 1 FROM revisions r JOIN in_force f ON f.release = r.base "
        f"WHERE {_SAME.format('r')} AND f.place = NEW.place - 1)",
        "its base is not the release in force before it",
    ),
)

_LATER = (
    "EXISTS (SELECT 1 FROM revision_files later WHERE later.draft = OLD.draft "
    "AND later.path = OLD.path AND later.revision > OLD.revision)"
)


def _sqlite() -> list[str]:
    guards = []

    def guard(table: str, name: str, event: str, when: str | None, message: str) -> None:
        condition = f"WHEN {when} " if when else ""
        guards.append(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{table}: {message}'); END"
        )

    for table, columns in KEYS.items():
        # INSERT OR REPLACE deletes without asking the triggers on DELETE.
        same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
        if table == "publications":
            same += " OR place = NEW.place"  # unique, too
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        guard(table, f"{table}_once", "INSERT", there, "this row is there already")
        guard(table, f"{table}_unchanged", "UPDATE", None, "nothing is ever changed")
        bounded = f"NOT {_LATER}" if table == "revision_files" else None
        guard(table, f"{table}_undeleted", "DELETE", bounded, "nothing is ever deleted")
    for table, name, when, message in INSERTS:
        guard(table, name, "INSERT", when, message)
    return guards


def _postgresql() -> list[str]:
    guards = []

    def function(name: str, when: str, message: str) -> None:
        guards.append(
            f"CREATE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({when}) THEN RAISE EXCEPTION '%: {message}', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )

    def guard(table: str, name: str, events: str, each: str, called: str) -> None:
        guards.append(
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION guard_{called}()"
        )
        # Not even a session that replicates goes round it.
        guards.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")

    for table in KEYS:
        events = "UPDATE OR DELETE OR TRUNCATE"
        if table == "revision_files":
            events = "UPDATE OR TRUNCATE"
        guard(table, f"{table}_kept", events, "STATEMENT", "unchanged")
    for table, name, when, message in INSERTS:
        function(name, when, message)
        guard(table, name, "INSERT", "ROW", name)
    function("revision_files_bounded", f"NOT {_LATER}", "the latest text of a file stays")
    guard("revision_files", "revision_files_bounded", "DELETE", "ROW", "revision_files_bounded")
    return guards
