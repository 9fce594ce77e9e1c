"""Releases that decided: kept whole, so that a decision can be replayed years later.

Boundary: the file's bytes and its digest. What a release means is for `engine.release`.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
import rfc8785
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from api.store import tables
from api.store.errors import StoreError
from engine.evidence.canonical import canonical


class Kept(Struct, frozen=True):
    """A release that is kept: its *digest* and *id*, the day of its build, and since when."""

    digest: str
    id: str
    made_on: date
    since: datetime


def keep(connection: Connection, body: bytes, at: datetime) -> Kept:
    """Keep a release file, once. Raises `StoreError` where it is none, or was changed."""
    digest, made_on = identified(body)
    releases = tables.releases.c
    for one in kept(connection):
        if one.digest == digest:
            return one
    new = Kept(digest, f"{made_on.isoformat()}-{digest.removeprefix('sha256:')[:12]}", made_on, at)
    connection.execute(
        insert(tables.releases).values(
            {
                releases.digest: new.digest,
                releases.id: new.id,
                releases.made_on: new.made_on,
                releases.kept: new.since,
                releases.body: body,
            }
        )
    )
    return new


def kept(connection: Connection) -> list[Kept]:
    """Every release that is kept, oldest first."""
    releases = tables.releases.c
    rows = connection.execute(
        select(releases.digest, releases.id, releases.made_on, releases.kept).order_by(
            releases.kept, releases.digest
        )
    )
    return [Kept(*row) for row in rows]


def body(connection: Connection, digest: str) -> bytes | None:
    """The file of the release with that digest."""
    releases = tables.releases.c
    return connection.scalar(select(releases.body).where(releases.digest == digest))


def identified(body: bytes) -> tuple[str, date]:
    """The digest of what a release file says, and the day of its build.

    Raises `StoreError` where it is no release or does not have the digest that it states.
    """
    try:
        content = msgspec.json.decode(body)
        digest = f"sha256:{hashlib.sha256(canonical(content['release'])).hexdigest()}"
        stated, made_on = content["digest"], date.fromisoformat(content["release"]["made_on"])
    except (msgspec.DecodeError, rfc8785.CanonicalizationError, KeyError, TypeError, ValueError):
        raise StoreError("this is no release file: publish one with `commensura publish`") from None
    if stated != digest:
        raise StoreError("this release was changed after publishing: publish again")
    return digest, made_on
