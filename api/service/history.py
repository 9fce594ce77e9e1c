"""All that is kept of one declaration: its versions, oldest first.

Boundary: reads the store; writes nothing.
"""

from __future__ import annotations

from msgspec import Struct

from api.service.version import PERSONS, Version, version_of
from api.store import Erased, Store, Stored
from engine.declaration.declaration import Declaration
from engine.evidence.record import Part

DECISION = "decision"


class ErasedError(Exception):
    """What is asked for was erased; the message says when."""


class Kept(Struct, frozen=True):
    """A version, and the record that holds it."""

    stored: Stored
    version: Version


class History(Struct, frozen=True):
    """The versions of a declaration; *last_index* is that of the last record about it, else -1."""

    kept: tuple[Kept, ...]
    last_index: int

    @property
    def last(self) -> Kept | None:
        """The version that stands."""
        return self.kept[-1] if self.kept else None

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """What was declared, version after version: what a new one amends."""
        last = self.last
        if last is None:
            return ()
        return (*last.version.request.earlier, last.version.request.declaration)

    def at(self, stored: Stored) -> Kept:
        """The version that this record holds."""
        return next(one for one in self.kept if one.stored.index == stored.index)

    def before(self, kept: Kept) -> Kept | None:
        """The version that this one supersedes."""
        place = self.kept.index(kept)
        return self.kept[place - 1] if place else None


def history(store: Store, declaration: str) -> History:
    """The history of a declaration. Raises `ErasedError` where more than its persons is gone."""
    records = store.records(declaration)
    kept: list[Kept] = []
    for stored in records:
        if stored.record.kind == DECISION:
            before = kept[-1].version if kept else None
            kept.append(Kept(stored, _version(store, stored, before)))
    return History(tuple(kept), records[-1].index if records else -1)


def _version(store: Store, stored: Stored, before: Version | None) -> Version:
    said = store.parts(stored.index)
    gone = {name: part for name, part in said.items() if isinstance(part, Erased)}
    for name, part in gone.items():
        if name != PERSONS:
            raise ErasedError(
                f"`{stored.record.id}`: its {name} was erased on {part.at:%Y-%m-%d}; "
                f"record {part.index} says why"
            )
    there = {name: part.body for name, part in said.items() if isinstance(part, Part)}
    return version_of(there, before, persons_erased=PERSONS in gone)
