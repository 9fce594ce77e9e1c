"""Appending: what must hold first, then records, tree, parts and what rests on them.

Boundary: inside the one writer's transaction, so what is read here stays so until it is committed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, insert, or_, select

from api.store import tables
from api.store.entries import Claim, Entry, Stored
from api.store.errors import ConflictError, DuplicateError, MissingError, StaleError
from api.store.leaves import Leaf
from api.store.log import Log, Place
from api.store.statements import Statement
from engine.evidence import merkle
from engine.evidence.record import Part

MAX_GROUP = 1000
"""Entries of one commit: what a query can name, and a while that others can wait."""


# Statements are built once: building one takes four times as long as running it. Each names so many
# values, as filling in a list takes as long again.


@cache
def _last_about(count: int) -> Statement:
    records = tables.records.c
    return Statement(
        select(records.subject, func.max(records.index))
        .where(_one_of(records.subject, count))
        .group_by(records.subject)
    )


@cache
def _ids_there(count: int) -> Statement:
    return Statement(select(tables.records.c.id).where(_one_of(tables.records.c.id, count)))


@cache
def _seen(count: int) -> Statement:
    units = tables.units.c
    return Statement(select(units.unit, units.first_seen).where(_one_of(units.unit, count)))


@cache
def _releases_kept(count: int) -> Statement:
    digest = tables.releases.c.digest
    return Statement(select(digest).where(_one_of(digest, count)))


def _one_of(column: Column[Any], count: int) -> ColumnElement[bool]:
    """That a column is one of *count* values, which `_named` names."""
    return column.in_([bindparam(f"v{number}") for number in range(count)])


def _named(values: Iterable[str]) -> dict[str, str]:
    return {f"v{number}": value for number, value in enumerate(sorted(values))}


_INSERTS = [
    Statement(insert(table))
    for table in (tables.records, tables.nodes, tables.parts, tables.idempotency, tables.units)
]


def append(connection: Connection, leaves: Sequence[Leaf]) -> list[Stored]:
    """Append all *leaves*, in their order.

    Raises, of whatever stands in the way, `ConflictError` or `DuplicateError` for a key that is in
    use, `StaleError` and `DuplicateError` for what was written meanwhile, `MissingError` for a
    release that is not kept, `ValueError` for more than `MAX_GROUP`.
    """
    if len(leaves) > MAX_GROUP:
        raise ValueError(f"more than {MAX_GROUP} entries: append them in groups")
    if not leaves:
        return []
    entries = [leaf.entry for leaf in leaves]
    _check_claims(connection, entries)
    _check_subjects(connection, entries)
    _check_ids(connection, entries)
    sightings = _new_sightings(connection, entries)
    _check_releases(connection, entries)
    return _write(connection, leaves, sightings)


def recalled(connection: Connection, author: str, claim: Claim) -> int | None:
    """The index of the record that the key stands for, if it was used.

    Raises `ConflictError` where it was for another body, or its body has been erased.
    """
    return _recalled(connection, {(author, claim.key): claim}).get((author, claim.key))


def _recalled(
    connection: Connection, claims: Mapping[tuple[str, str], Claim]
) -> dict[tuple[str, str], int]:
    """The index of the record that each key in use stands for, by author and key."""
    if not claims:
        return {}
    kept = tables.idempotency.c
    rows = connection.execute(
        select(kept.author, kept.key, kept.salt, kept.digest, kept.index).where(
            _among(kept.author, kept.key, claims)
        )
    )
    found = {}
    for author, key, salt, digest, index in rows:
        if salt is None:
            raise ConflictError(f"what the key `{key}` stands for has been erased")
        if Part(bytes(salt), claims[author, key].body).digest != digest:
            raise ConflictError(f"the key `{key}` stands for another request: use a new one")
        found[author, key] = index
    return found


def _among(
    first: Column[Any], second: Column[Any], pairs: Iterable[tuple[Any, Any]]
) -> ColumnElement[bool]:
    """That both columns together are one of *pairs*, of which there are some.

    For `(first, second) IN (…)` SQLite reads the whole table; so asked, it uses the key.
    """
    seconds: dict[Any, list[Any]] = defaultdict(list)
    for one, other in sorted(pairs):
        seconds[one].append(other)
    return or_(*((first == one) & second.in_(others) for one, others in seconds.items()))


# What must hold


def _check_claims(connection: Connection, entries: Sequence[Entry]) -> None:
    claims: dict[tuple[str, str], Claim] = {}
    for entry in entries:
        if entry.claim is not None:
            name = entry.author, entry.claim.key
            if name in claims:
                raise DuplicateError(f"two entries have the key `{entry.claim.key}`")
            claims[name] = entry.claim
    for _, key in _recalled(connection, claims):
        raise DuplicateError(f"the key `{key}` stands for a record already")


def _check_subjects(connection: Connection, entries: Sequence[Entry]) -> None:
    seen = {entry.subject: entry.after for entry in entries if entry.after is not None}
    if not seen:
        return
    last: dict[str, int] = dict(_last_about(len(seen)).rows(connection, **_named(seen)))
    for entry in entries:
        if entry.after not in (None, last.get(entry.subject, -1)):
            raise StaleError(f"something was recorded about `{entry.subject}` meanwhile")


def _check_ids(connection: Connection, entries: Sequence[Entry]) -> None:
    ids = [entry.id for entry in entries]
    named = _named(set(ids))
    there = {name for (name,) in _ids_there(len(named)).rows(connection, **named)}
    twice = sorted(there | {name for name, times in Counter(ids).items() if times > 1})
    if twice:
        raise DuplicateError(f"recorded already: {', '.join(twice)}", twice)


def _new_sightings(connection: Connection, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    given = [entry.sighting for entry in entries if entry.sighting is not None]
    if not given:
        return []
    named = _named({sighting.unit for sighting in given})
    known = dict(_seen(len(named)).rows(connection, **named))
    new = []
    for sighting in given:
        if sighting.unit not in known:
            known[sighting.unit] = sighting.day
            new.append({"unit": sighting.unit, "first_seen": sighting.day})
        elif known[sighting.unit] != sighting.day:
            raise StaleError(f"`{sighting.unit}` was first seen on {known[sighting.unit]}")
    return new


def _check_releases(connection: Connection, entries: Sequence[Entry]) -> None:
    digests = {entry.release for entry in entries if entry.release is not None}
    if not digests:
        return
    kept = {
        digest for (digest,) in _releases_kept(len(digests)).rows(connection, **_named(digests))
    }
    for missing in sorted(digests - kept):
        raise MissingError(f"the release {missing} is not kept, so nobody could replay it")


# Writing


def _write(
    connection: Connection, leaves: Sequence[Leaf], sightings: list[dict[str, Any]]
) -> list[Stored]:
    log = Log(connection)
    tree: dict[Place, bytes] = log.peaks()
    stored, records, nodes, parts, claims = [], [], [], [], []
    for index, leaf in enumerate(leaves, log.size):
        record = leaf.record
        stored.append(Stored(index, leaf.entry.author, record))
        records.append(
            {
                "index": index,
                "kind": record.kind,
                "id": record.id,
                "subject": record.subject,
                "at": record.at,
                "release": record.release,
                "author": leaf.entry.author,
                "content": leaf.content,
            }
        )
        for level, place, found in merkle.grown(
            index, leaf.hash, lambda level, place: tree[level, place]
        ):
            tree[level, place] = found
            nodes.append({"level": level, "place": place, "hash": found})
        parts += [{"index": index, **part} for part in leaf.parts]
        if leaf.claim is not None:
            claims.append({"index": index, **leaf.claim})
    rows_of = (records, nodes, parts, claims, sightings)
    for statement, rows in zip(_INSERTS, rows_of, strict=True):
        if rows:
            statement.insert(connection, rows)
    return stored
