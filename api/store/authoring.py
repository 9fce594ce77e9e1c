"""What is authored, as the doors ask of it. Each call is one transaction.

A step of the workflow is written together with its entries in the log: both are there, or neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from api.store import appending, consents, drafts, releases, sources
from api.store.consents import Approval, Proposal
from api.store.database import Database
from api.store.drafts import Draft, Saving, Version
from api.store.entries import Entry, Stored
from api.store.errors import StaleError
from api.store.leaves import leaves
from api.store.sources import InForce, Origin, Tree


class Authoring:
    """Sources, drafts and consents, in the database of the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Sources

    def keep_tree(self, release: str, tree: Tree, at: datetime) -> InForce:
        """Keep the tree of a release that is kept, and that files put in force.

        Where it is the release in force already, nothing changes. Raises `StoreError`.
        """
        with self._database.writing() as connection:
            sources.keep(connection, release, tree)
            last = sources.newest(connection)
            if last is not None and last.release == release:
                return last
            return sources.enter(connection, release, Origin.FILES, at)

    def tree(self, release: str) -> dict[str, bytes]:
        """All sources of a release, by path.

        Raises `MissingError` where they are not kept, `StoreError` where they were altered.
        """
        with self._database.reading() as connection:
            return sources.tree(connection, release)

    def source(self, release: str, path: str) -> bytes | None:
        """One source of a release, if it has it."""
        with self._database.reading() as connection:
            return sources.source(connection, release, path)

    def has_tree(self, release: str) -> bool:
        """Whether the sources of a release are kept."""
        with self._database.reading() as connection:
            return sources.has_tree(connection, release)

    def in_force(self) -> InForce | None:
        """The release in force, if the sources of any are kept."""
        with self._database.reading() as connection:
            return sources.newest(connection)

    def succession(self) -> list[InForce]:
        """Every release that came into force, oldest first."""
        with self._database.reading() as connection:
            return sources.succession(connection)

    # Drafts

    def open_draft(self, identifier: str, saving: Saving, entries: Sequence[Entry]) -> Draft:
        """Open a draft of its author's agency; its first revision is 0."""
        with self._database.writing() as connection:
            draft = drafts.open_(connection, identifier, saving)
            appending.append(connection, leaves(entries))
            return draft

    def save_draft(
        self, identifier: str, seen: int, saving: Saving, entries: Sequence[Entry] = ()
    ) -> Draft:
        """Save over the revision that was *seen*.

        Raises `RevisionError`, which says who saved meanwhile and when; `MissingError`.
        """
        with self._database.writing() as connection:
            draft = drafts.save(connection, identifier, seen, saving)
            appending.append(connection, leaves(entries))
            return draft

    def draft(self, identifier: str) -> Draft:
        """The draft of that id. Raises `MissingError`."""
        with self._database.reading() as connection:
            return drafts.found(connection, identifier)

    def drafts(self, *, author: str | None = None, agency: str | None = None) -> list[Draft]:
        """The drafts that a person wrote on, or that an agency opened; latest first."""
        with self._database.reading() as connection:
            return drafts.listed(connection, author=author, agency=agency)

    def authors(self, identifier: str) -> frozenset[str]:
        """Everyone who saved any revision of a draft."""
        with self._database.reading() as connection:
            return drafts.authors(connection, identifier)

    def files(self, identifier: str) -> tuple[Draft, dict[str, Version]]:
        """A draft and every file that it ever touched, as it stands. Raises `MissingError`."""
        with self._database.reading() as connection:
            return drafts.found(connection, identifier), drafts.latest(connection, identifier)

    def versions(self, identifier: str, path: str) -> list[Version]:
        """The texts of one file that are kept for undo, oldest first."""
        with self._database.reading() as connection:
            return drafts.versions(connection, identifier, path)

    # Consent

    def propose(self, proposal: Proposal, entries: Sequence[Entry]) -> list[Stored]:
        """Freeze a draft at its latest revision. Raises `RevisionError` where it has a newer."""
        with self._database.writing() as connection:
            drafts.current(connection, proposal.draft, proposal.revision)
            consents.propose(connection, proposal)
            return appending.append(connection, leaves(entries))

    def proposal(self, draft: str, revision: int) -> Proposal | None:
        """What was proposed at that revision, if it was."""
        with self._database.reading() as connection:
            return consents.proposal(connection, draft, revision)

    def approve(self, approval: Approval, entries: Sequence[Entry]) -> list[Stored]:
        """Keep an approval.

        Raises `RevisionError` where the draft changed since; `StoreError` where a guard of the
        database refuses: an author of the draft, another digest, an agency that owns nothing.
        """
        with self._database.writing() as connection:
            drafts.current(connection, approval.draft, approval.revision)
            stored = appending.append(connection, leaves(entries))
            consents.approve(connection, [approval])
            return stored

    def approvals(self, draft: str, revision: int) -> list[Approval]:
        """Who approved that proposal, by agency."""
        with self._database.reading() as connection:
            return consents.approvals(connection, draft, revision)

    def publish(
        self,
        proposal: Proposal,
        base: str,
        body: bytes,
        tree: Tree,
        at: datetime,
        entries: Sequence[Entry],
    ) -> InForce:
        """Put a release in force by a proposal: file, tree, consent and log in one commit.

        *base* is the release that must be in force until now. Raises `StaleError` where another
        is, `RevisionError` where the draft changed since, `StoreError` where a guard refuses.
        """
        with self._database.writing() as connection:
            last = sources.newest(connection)
            if last is None or last.release != base:
                raise StaleError("another release came into force meanwhile: rebase the draft")
            drafts.current(connection, proposal.draft, proposal.revision)
            kept = releases.keep(connection, body, at)
            sources.keep(connection, kept.digest, tree)
            entered = sources.enter(connection, kept.digest, Origin.EDITOR, at)
            consents.publish(connection, proposal, entered)
            appending.append(connection, leaves(entries))
            return entered

    def published(self, draft: str) -> InForce | None:
        """The release as which a draft came into force, if it did."""
        with self._database.reading() as connection:
            place = consents.published(connection, draft)
            if place is None:
                return None
            return sources.succession(connection)[place]
