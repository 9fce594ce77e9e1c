"""Sources: the files that a release was made from, by content; which release is in force.

Boundary: bytes by path. That a tree makes its release is for whoever keeps it to have shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection, func, insert, select

from api.store import draft_tables as tables
from api.store.errors import MissingError, StoreError
from engine.evidence.canonical import canonical

Tree = Mapping[str, bytes]
"""All sources of one release, by path from the root."""


class Origin(StrEnum):
    """How a release came into force: published from files, or by consent in the editor."""

    FILES = "files"
    EDITOR = "editor"


class InForce(Struct, frozen=True, kw_only=True):
    """A release that came into force *since* that time, at its *place* in their order."""

    place: int
    release: str
    origin: Origin
    since: datetime


def digest_of(tree: Tree) -> str:
    """``sha256:`` and the digest of a tree: of its paths with the SHA-256 of each file."""
    listed = {path: hashlib.sha256(body).hexdigest() for path, body in tree.items()}
    return f"sha256:{hashlib.sha256(canonical(listed)).hexdigest()}"


def keep(connection: Connection, release: str, tree: Tree) -> None:
    """Keep the tree of a release that is kept, once.

    Raises `StoreError` where another tree is kept for it, or the tree is empty.
    """
    if not tree:
        raise StoreError("a release is made from files, and there are none")
    digest = digest_of(tree)
    there = _digest(connection, release)
    if there is not None:
        if there != digest:
            raise StoreError(f"the release {release} is kept with other files already")
        return
    named = {path: hashlib.sha256(body).hexdigest() for path, body in tree.items()}
    bodies = {named[path]: body for path, body in tree.items()}
    kept = set(connection.scalars(select(tables.sources.c.sha256)))
    new = [{"sha256": name, "body": bodies[name]} for name in sorted(bodies.keys() - kept)]
    if new:
        connection.execute(insert(tables.sources), new)
    connection.execute(
        insert(tables.tree_files),
        [{"release": release, "path": path, "source": named[path]} for path in sorted(named)],
    )
    connection.execute(insert(tables.trees), [{"release": release, "digest": digest}])


def tree(connection: Connection, release: str) -> dict[str, bytes]:
    """The tree of a release.

    Raises `MissingError` where none is kept, `StoreError` where it is not as it was written.
    """
    digest = _digest(connection, release)
    if digest is None:
        raise MissingError(f"the files of the release {release} are not kept")
    rows = connection.execute(
        select(tables.tree_files.c.path, tables.sources.c.body)
        .join(tables.sources, tables.sources.c.sha256 == tables.tree_files.c.source)
        .where(tables.tree_files.c.release == release)
        .order_by(tables.tree_files.c.path)
    )
    found = dict(rows.all())
    if digest_of(found) != digest:
        raise StoreError(f"the files of the release {release} were altered")
    return found


def source(connection: Connection, release: str, path: str) -> bytes | None:
    """One file of a release's tree; None where it has none of that path."""
    return connection.scalar(
        select(tables.sources.c.body)
        .join(tables.tree_files, tables.sources.c.sha256 == tables.tree_files.c.source)
        .where(tables.tree_files.c.release == release, tables.tree_files.c.path == path)
    )


def has_tree(connection: Connection, release: str) -> bool:
    """Whether the files of a release are kept."""
    return _digest(connection, release) is not None


def enter(connection: Connection, release: str, origin: Origin, at: datetime) -> InForce:
    """Put a release, whose tree is kept, in force after all others."""
    place = connection.scalar(select(func.coalesce(func.max(tables.in_force.c.place), -1) + 1))
    assert place is not None
    entered = InForce(place=place, release=release, origin=origin, since=at)
    connection.execute(
        insert(tables.in_force),
        [{"place": place, "release": release, "origin": str(origin), "since": at}],
    )
    return entered


def newest(connection: Connection) -> InForce | None:
    """The release in force, if the files of any are kept."""
    listed = _listed(connection, 1)
    return listed[0] if listed else None


def succession(connection: Connection) -> list[InForce]:
    """Every release that came into force, oldest first; one can do so again."""
    return _listed(connection, None)[::-1]


def _listed(connection: Connection, limit: int | None) -> list[InForce]:
    rows = tables.in_force.c
    found = connection.execute(
        select(rows.place, rows.release, rows.origin, rows.since)
        .order_by(rows.place.desc())
        .limit(limit)
    )
    return [
        InForce(place=place, release=release, origin=Origin(origin), since=since)
        for place, release, origin, since in found
    ]


def _digest(connection: Connection, release: str) -> str | None:
    trees = tables.trees.c
    return connection.scalar(select(trees.digest).where(trees.release == release))
