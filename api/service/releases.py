"""Releases that are kept: which they are, and opening one to read it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from msgspec import Struct

from api.store import Kept, MissingError, Store
from engine import release as releases
from engine.decide.decision import ReleaseRef
from engine.evidence.signing import Verifier
from engine.release import Release


class KeptRelease(Struct, frozen=True, kw_only=True, rename="camel"):
    """A release by id and digest, the day it was made, and when it was first served here."""

    id: str
    digest: str
    made_on: date
    recorded: datetime


class ReleaseList(Struct, frozen=True, kw_only=True):
    """All releases that are kept, and the one that decides now."""

    serving: ReleaseRef
    releases: tuple[KeptRelease, ...]


def kept_release(one: Kept) -> KeptRelease:
    """A release of the store as it is shown."""
    return KeptRelease(id=one.id, digest=one.digest, made_on=one.made_on, recorded=one.since)


def one_of(store: Store, name: str) -> Kept:
    """The release of that id or digest. Raises `MissingError`: none is kept."""
    for one in store.releases():
        if name in (one.id, one.digest):
            return one
    raise MissingError(f"no release `{name[:100]}` is kept: see `/v1/releases`")


def file_of(store: Store, name: str) -> bytes:
    """The file of the release of that id or digest. Raises `MissingError`: none is kept."""
    body = store.release(one_of(store, name).digest)
    assert body is not None  # releases are never removed
    return body


def opened(
    store: Store, name: str, trusted: Sequence[Verifier], *, to_run: bool = False
) -> Release:
    """The release of that id or digest. Where it is not *to_run* but to be read only, its rules
    may mean what this code does not.

    Raises `MissingError`: none is kept; `ReleaseError`: this code cannot read it.
    """
    with tempfile.TemporaryDirectory(prefix="commensura-") as folder:
        path = Path(folder) / "release.json"
        path.write_bytes(file_of(store, name))
        return releases.load(path, *trusted, to_run=to_run)
