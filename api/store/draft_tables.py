"""The tables of what is authored, as queries see them: sources, drafts, consent.

All of it only grows. One exception: older texts of a file in a draft go, once a later one is there.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from api.store.tables import METADATA, Instant, Packed

sources = Table(
    "sources",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("body", Packed, nullable=False),
)
"""Files of the knowledge base by their content."""

tree_files = Table(
    "tree_files",
    METADATA,
    Column("release", ForeignKey("releases.digest"), nullable=False),
    Column("path", Text, nullable=False),
    Column("source", ForeignKey("sources.sha256"), nullable=False),
    PrimaryKeyConstraint("release", "path"),
)

trees = Table(
    "trees",
    METADATA,
    Column("release", ForeignKey("releases.digest"), primary_key=True),
    Column("digest", Text, nullable=False),
)
"""Which releases' files are kept. A row closes a tree: no file is added to it any more."""

in_force = Table(
    "in_force",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("release", ForeignKey("trees.release"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("since", Instant, nullable=False),
    CheckConstraint("origin IN ('files', 'editor')", name="in_force_has_an_origin"),
)
"""The releases that came into force, by *place* from 0 without gaps; the last one is in force.

*origin*: published from files, or by consent in the editor.
"""

drafts = Table(
    "drafts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Index("drafts_by_agency", "agency"),
)

revisions = Table(
    "revisions",
    METADATA,
    Column("draft", ForeignKey("drafts.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("base", ForeignKey("trees.release"), nullable=False),
    Column("author", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("draft", "revision"),
    Index("revisions_by_author", "author", "draft"),
)
"""One row a saving, from 0 without gaps: who wrote for which *agency*, on what *base*."""

revision_files = Table(
    "revision_files",
    METADATA,
    Column("draft", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Packed),
    PrimaryKeyConstraint("draft", "path", "revision"),
    ForeignKeyConstraint(["draft", "revision"], ["revisions.draft", "revisions.revision"]),
    CheckConstraint(
        "state IN ('text', 'gone', 'base') AND (state = 'text') = (body IS NOT NULL)",
        name="revision_files_say_what_became",
    ),
)
"""What a revision made of a file: a text, gone, or again as the base has it."""

proposals = Table(
    "proposals",
    METADATA,
    Column("draft", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", Packed, nullable=False),
    PrimaryKeyConstraint("draft", "revision"),
    ForeignKeyConstraint(["draft", "revision"], ["revisions.draft", "revisions.revision"]),
)
"""A draft frozen at a revision; *body* is the canonical JSON of which *digest* is the SHA-256."""

owners = Table(
    "owners",
    METADATA,
    Column("draft", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("agency", Text, nullable=False),
    PrimaryKeyConstraint("draft", "revision", "agency"),
    ForeignKeyConstraint(["draft", "revision"], ["proposals.draft", "proposals.revision"]),
)
"""The agencies that each must approve a proposal."""

approvals = Table(
    "approvals",
    METADATA,
    Column("draft", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("agency", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("person", Text, nullable=False),
    PrimaryKeyConstraint("draft", "revision", "agency"),
    ForeignKeyConstraint(
        ["draft", "revision", "agency"], ["owners.draft", "owners.revision", "owners.agency"]
    ),
)
"""Who approved for an agency: a person who wrote no revision of the draft (four eyes)."""

publications = Table(
    "publications",
    METADATA,
    Column("draft", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("place", ForeignKey("in_force.place"), nullable=False, unique=True),
    PrimaryKeyConstraint("draft"),
    ForeignKeyConstraint(["draft", "revision"], ["proposals.draft", "proposals.revision"]),
)
"""Which proposal came into force, and as which release in the order of `in_force`."""

GUARDED = (
    "sources",
    "tree_files",
    "trees",
    "in_force",
    "drafts",
    "revisions",
    "revision_files",
    "proposals",
    "owners",
    "approvals",
    "publications",
)
BESIDES = (
    "tree_files_open",
    "in_force_dense",
    "revisions_dense",
    "revisions_open",
    "proposals_current",
    "approvals_current",
    "approvals_by_another",
    "publications_approved",
    "publications_in_order",
)
"""Triggers beside those that every table has: what may be inserted."""

BESIDES_POSTGRESQL = ("revision_files_bounded",)
