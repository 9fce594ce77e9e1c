"""Drafts: every saving is a revision, and names the one that it saw.

Boundary: texts by path. Which paths may be written, and what a text means, is for the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection, and_, delete, func, insert, select

from api.store import draft_tables as tables
from api.store.errors import MissingError, RevisionError

VERSIONS = 100
"""Texts that are kept of each file of a draft, for undo."""


class State(StrEnum):
    """What a revision made of a file: a text, gone, or again as the base has it."""

    TEXT = "text"
    GONE = "gone"
    BASE = "base"


class Draft(Struct, frozen=True, kw_only=True):
    """A draft at its latest *revision*, which *author* saved *at* that time.

    *agency* is that of whoever opened it; *base* the digest of the release that it changes.
    """

    id: str
    agency: str
    title: str
    base: str
    revision: int
    author: str
    at: datetime


class Version(Struct, frozen=True, kw_only=True):
    """One file as a revision left it; *text* is there where its state is a text.

    *author* wrote it, for that *agency*.
    """

    path: str
    revision: int
    state: State
    text: str | None = None
    author: str
    agency: str
    at: datetime


Saved = Mapping[str, tuple[State, str | None]]
"""What a saving makes of files, by path."""


class Saving(Struct, frozen=True, kw_only=True):
    """One saving by *author* for an *agency*: *files*, another title or base where one is given."""

    author: str
    agency: str
    at: datetime
    files: Saved = {}
    title: str | None = None
    base: str | None = None


def open_(connection: Connection, identifier: str, saving: Saving) -> Draft:
    """Open a draft; its first saving is revision 0, and names title and base."""
    connection.execute(insert(tables.drafts), [{"id": identifier, "agency": saving.agency}])
    assert saving.title is not None
    assert saving.base is not None
    draft = Draft(
        id=identifier,
        agency=saving.agency,
        title=saving.title,
        base=saving.base,
        revision=0,
        author=saving.author,
        at=saving.at,
    )
    _write(connection, draft, saving)
    return draft


def save(connection: Connection, identifier: str, seen: int, saving: Saving) -> Draft:
    """Save over the revision that was *seen*, and forget texts beyond `VERSIONS`.

    Raises `RevisionError` where another was saved meanwhile, `MissingError` for no such draft.
    """
    before = current(connection, identifier, seen)
    draft = Draft(
        id=identifier,
        agency=before.agency,
        title=before.title if saving.title is None else saving.title,
        base=before.base if saving.base is None else saving.base,
        revision=seen + 1,
        author=saving.author,
        at=saving.at,
    )
    _write(connection, draft, saving)
    for path in saving.files:
        _forget(connection, identifier, path)
    return draft


def current(connection: Connection, identifier: str, seen: int) -> Draft:
    """The draft, if its latest revision is the one that was *seen*.

    Raises `RevisionError` where it is not, `MissingError` for no such draft.
    """
    draft = found(connection, identifier)
    if draft.revision != seen:
        raise RevisionError(draft.revision, draft.author, draft.at)
    return draft


def found(connection: Connection, identifier: str) -> Draft:
    """The draft of that id. Raises `MissingError`."""
    drafts = _listed(connection, identifier=identifier)
    if not drafts:
        raise MissingError(f"there is no draft `{identifier[:100]}`")
    return drafts[0]


def listed(
    connection: Connection, *, author: str | None = None, agency: str | None = None
) -> list[Draft]:
    """The drafts that a person saved any revision of, or that an agency opened; latest first."""
    return _listed(connection, author=author, agency=agency)


def authors(connection: Connection, identifier: str) -> frozenset[str]:
    """Everyone who saved any revision of a draft."""
    rows = tables.revisions.c
    return frozenset(
        connection.scalars(select(rows.author).distinct().where(rows.draft == identifier))
    )


def latest(connection: Connection, identifier: str) -> dict[str, Version]:
    """Every file that the draft ever touched, as it stands, by path."""
    rows = tables.revision_files.c
    last = (
        select(rows.path, func.max(rows.revision).label("last"))
        .where(rows.draft == identifier)
        .group_by(rows.path)
        .subquery()
    )
    query = _versions(identifier).join(
        last, and_(rows.path == last.c.path, rows.revision == last.c.last)
    )
    return {row.path: _version(row) for row in connection.execute(query.order_by(rows.path))}


def versions(connection: Connection, identifier: str, path: str) -> list[Version]:
    """The texts of one file that are kept, oldest first."""
    rows = tables.revision_files.c
    query = _versions(identifier).where(rows.path == path).order_by(rows.revision)
    return [_version(row) for row in connection.execute(query)]


def _write(connection: Connection, draft: Draft, saving: Saving) -> None:
    connection.execute(
        insert(tables.revisions),
        [
            {
                "draft": draft.id,
                "revision": draft.revision,
                "title": draft.title,
                "base": draft.base,
                "author": draft.author,
                "agency": saving.agency,
                "at": draft.at,
            }
        ],
    )
    rows = [
        {
            "draft": draft.id,
            "path": path,
            "revision": draft.revision,
            "state": str(state),
            "body": None if text is None else text.encode(),
        }
        for path, (state, text) in saving.files.items()
    ]
    if rows:
        connection.execute(insert(tables.revision_files), rows)


def _forget(connection: Connection, identifier: str, path: str) -> None:
    rows = tables.revision_files.c
    mine = and_(rows.draft == identifier, rows.path == path)
    oldest = connection.scalar(
        select(rows.revision)
        .where(mine)
        .order_by(rows.revision.desc())
        .offset(VERSIONS - 1)
        .limit(1)
    )
    if oldest is not None:
        connection.execute(delete(tables.revision_files).where(mine, rows.revision < oldest))


def _listed(
    connection: Connection,
    *,
    identifier: str | None = None,
    author: str | None = None,
    agency: str | None = None,
) -> list[Draft]:
    drafts, rows = tables.drafts.c, tables.revisions.c
    last = select(rows.draft, func.max(rows.revision).label("last")).group_by(rows.draft).subquery()
    query = (
        select(
            drafts.id,
            drafts.agency,
            rows.title,
            rows.base,
            rows.revision,
            rows.author,
            rows.at,
        )
        .join(tables.revisions, rows.draft == drafts.id)
        .join(last, and_(last.c.draft == rows.draft, last.c.last == rows.revision))
        .order_by(rows.at.desc(), drafts.id)
    )
    if identifier is not None:
        query = query.where(drafts.id == identifier)
    if agency is not None:
        query = query.where(drafts.agency == agency)
    if author is not None:
        query = query.where(drafts.id.in_(select(rows.draft).where(rows.author == author)))
    return [Draft(**row) for row in connection.execute(query).mappings()]


def _versions(identifier: str):  # type: ignore[no-untyped-def]  # the type of a row is its columns
    files, rows = tables.revision_files.c, tables.revisions.c
    return (
        select(
            files.path, files.revision, files.state, files.body, rows.author, rows.agency, rows.at
        )
        .join(
            tables.revisions,
            and_(rows.draft == files.draft, rows.revision == files.revision),
        )
        .where(files.draft == identifier)
    )


def _version(row) -> Version:  # type: ignore[no-untyped-def]  # see `_versions`
    return Version(
        path=row.path,
        revision=row.revision,
        state=State(row.state),
        text=None if row.body is None else row.body.decode(),
        author=row.author,
        agency=row.agency,
        at=row.at,
    )
