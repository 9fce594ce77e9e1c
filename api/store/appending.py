"""Appending: what must hold first, then records, tree, parts and what rests on them.

Boundary: inside the one writer's transaction, so what is read here stays so until it is committed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, insert, or_, select

from api.store import tables
from api.store.entries import Claim, Entry, Stored
from api.store.errors import ConflictError, DuplicateError, MissingError, StaleError
from api.store.leaves import Leaf
from api.store.log import Log, Place
from api.store.statements import Among, Insertion
from engine.evidence import merkle
from engine.evidence.record import Part

_RECORDS, _UNITS = tables.records.c, tables.units.c
_LAST_ABOUT = Among(
    select(_RECORDS.subject, func.max(_RECORDS.index)).group_by(_RECORDS.subject), _RECORDS.subject
)
_IDS = Among(select(_RECORDS.id), _RECORDS.id)
_SEEN = Among(select(_UNITS.unit, _UNITS.first_seen), _UNITS.unit)
_RELEASES = Among(select(tables.releases.c.digest), tables.releases.c.digest)
_INSERTIONS = [
    Insertion(insert(table))
    for table in (tables.records, tables.nodes, tables.parts, tables.idempotency, tables.units)
]


def append(connection: Connection, leaves: Sequence[Leaf]) -> list[Stored]:
    """Append all *leaves*, in their order.

    Raises, of whatever stands in the way, `ConflictError` or `DuplicateError` for a key that is in
    use, `StaleError` and `DuplicateError` for what was written meanwhile, `MissingError` for a
    release that is not kept.
    """
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
    last: dict[str, int] = dict(_LAST_ABOUT.rows(connection, seen))
    for entry in entries:
        if entry.after not in (None, last.get(entry.subject, -1)):
            raise StaleError(f"something was recorded about `{entry.subject}` meanwhile")


def _check_ids(connection: Connection, entries: Sequence[Entry]) -> None:
    ids = [entry.id for entry in entries]
    there = {name for (name,) in _IDS.rows(connection, set(ids))}
    twice = sorted(there | {name for name, times in Counter(ids).items() if times > 1})
    if twice:
        raise DuplicateError(f"recorded already: {', '.join(twice)}", twice)


def _new_sightings(connection: Connection, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    given = [entry.sighting for entry in entries if entry.sighting is not None]
    if not given:
        return []
    known = dict(_SEEN.rows(connection, {sighting.unit for sighting in given}))
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
    kept = {digest for (digest,) in _RELEASES.rows(connection, digests)}
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
    for insertion, rows in zip(_INSERTIONS, rows_of, strict=True):
        if rows:
            insertion.run(connection, rows)
    return stored
