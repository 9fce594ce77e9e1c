"""Leaves of the log to be: what of an entry waits for no place in it.

Only one can write at a time: who keeps decisions makes this before the turn to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from api.store import tables
from api.store.entries import Entry
from engine.evidence import merkle
from engine.evidence.canonical import canonical
from engine.evidence.record import Record, salted

MAX_GROUP = 1000
"""Entries of one commit: what a query can name, and a while that others can wait."""


class Leaf(Struct, frozen=True):
    """An *entry*, its *record* with the *content* that the log keeps of it, and the leaf's *hash*.

    *parts* are the rows of its parts, *claim* is that of its key; all lack the index only.
    """

    entry: Entry
    record: Record
    content: bytes
    hash: bytes
    parts: list[dict[str, Any]]
    claim: dict[str, Any] | None


def leaves(entries: Sequence[Entry]) -> list[Leaf]:
    """The leaves of *entries* for one commit. Raises `ValueError` for more than `MAX_GROUP`."""
    if len(entries) > MAX_GROUP:
        raise ValueError(f"more than {MAX_GROUP} entries: append them in groups")
    return [_leaf(entry) for entry in entries]


def _leaf(entry: Entry) -> Leaf:
    record = entry.record
    content = canonical(record)
    return Leaf(
        entry=entry,
        record=record,
        content=content,
        hash=merkle.leaf_hash(content),
        parts=[
            {"name": name, "salt": part.salt, "body": tables.deflated(part.body)}
            for name, part in entry.parts.items()
        ],
        claim=_claim(entry, record),
    )


def _claim(entry: Entry, record: Record) -> dict[str, Any] | None:
    if entry.claim is None:
        return None
    kept = salted(entry.claim.body)
    return {
        "author": entry.author,
        "key": entry.claim.key,
        "salt": kept.salt,
        "digest": kept.digest,
        "at": record.at,
    }
