"""Consent: proposals, who must approve them, who did, and what came into force by it.

Triggers refuse what nobody consented to; here it is refused first, in words.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from api.store import draft_tables as tables
from api.store.sources import InForce


class Proposal(Struct, frozen=True, kw_only=True):
    """A draft frozen at a revision, named by the *digest* of its *body*."""

    draft: str
    revision: int
    digest: str
    body: bytes
    owners: tuple[str, ...]


class Approval(Struct, frozen=True, kw_only=True):
    """The consent of a *person* for an *agency* to the proposal of that *digest*."""

    draft: str
    revision: int
    agency: str
    digest: str
    person: str


def propose(connection: Connection, proposal: Proposal) -> None:
    """Freeze the draft at its latest revision."""
    named = {"draft": proposal.draft, "revision": proposal.revision}
    connection.execute(
        insert(tables.proposals), [{**named, "digest": proposal.digest, "body": proposal.body}]
    )
    rows = [{**named, "agency": agency} for agency in proposal.owners]
    if rows:
        connection.execute(insert(tables.owners), rows)


def proposal(connection: Connection, draft: str, revision: int) -> Proposal | None:
    """What was proposed at that revision, if it was."""
    rows, owners = tables.proposals.c, tables.owners.c
    row = connection.execute(
        select(rows.digest, rows.body).where(rows.draft == draft, rows.revision == revision)
    ).one_or_none()
    if row is None:
        return None
    agencies = connection.scalars(
        select(owners.agency)
        .where(owners.draft == draft, owners.revision == revision)
        .order_by(owners.agency)
    )
    return Proposal(
        draft=draft,
        revision=revision,
        digest=row.digest,
        body=row.body,
        owners=tuple(agencies),
    )


def approve(connection: Connection, approvals: Iterable[Approval]) -> None:
    """Keep approvals. The database refuses authors, and what was not proposed or is stale."""
    rows = [
        {
            "draft": one.draft,
            "revision": one.revision,
            "agency": one.agency,
            "digest": one.digest,
            "person": one.person,
        }
        for one in approvals
    ]
    connection.execute(insert(tables.approvals), rows)


def approvals(connection: Connection, draft: str, revision: int) -> list[Approval]:
    """Who approved that proposal, by agency."""
    rows = tables.approvals.c
    found = connection.execute(
        select(rows.agency, rows.digest, rows.person)
        .where(rows.draft == draft, rows.revision == revision)
        .order_by(rows.agency)
    )
    return [
        Approval(draft=draft, revision=revision, agency=agency, digest=digest, person=person)
        for agency, digest, person in found
    ]


def publish(connection: Connection, proposed: Proposal, entered: InForce) -> None:
    """Say by which proposal a release came into force."""
    connection.execute(
        insert(tables.publications),
        [{"draft": proposed.draft, "revision": proposed.revision, "place": entered.place}],
    )


def published(connection: Connection, draft: str) -> int | None:
    """The place among the releases in force that a draft came to, if it did."""
    rows = tables.publications.c
    return connection.scalar(select(rows.place).where(rows.draft == draft))
