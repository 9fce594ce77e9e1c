"""The Merkle tree of a log: RFC 9162, section 2.1 (hashes, inclusion, consistency).

The tree of *n* entries has a root that changes with any entry. Full subtrees never change again,
so a log keeps them as *nodes*: level 0 are the entries' hashes, node (level, place) covers the
``2 ** level`` entries from ``place * 2 ** level``. Boundary: hashes only; what an entry says is for
`record`, where nodes are kept for the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Nodes = Callable[[int, int], bytes]
"""Gives the hash of the full subtree at (level, place)."""

EMPTY = hashlib.sha256(b"").digest()
"""The root of a log without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry: 32 bytes, never that of a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(size: int, leaf: bytes, nodes: Nodes) -> Iterator[tuple[int, int, bytes]]:
    """The nodes (level, place, hash) that a *leaf* adds to a log of *size* entries, leaf first.

    On average two: the leaf, and the subtrees that it completes.
    """
    level, place, found = 0, size, leaf
    yield level, place, found
    while place % 2:
        found = node_hash(nodes(level, place - 1), found)
        level, place = level + 1, place // 2
        yield level, place, found


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the first *size* entries."""
    return _covering(0, size, nodes) if size else EMPTY


def inclusion(index: int, size: int, nodes: Nodes) -> tuple[bytes, ...]:
    """The proof that entry *index* is among the first *size*: siblings from the leaf upwards.

    Raises `ValueError` where it is not.
    """
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not among the first {size}")
    return tuple(_siblings(index, 0, size, nodes))


def consistency(first: int, second: int, nodes: Nodes) -> tuple[bytes, ...]:
    """The proof that the first *first* entries are still those that *second* entries begin with.

    Raises `ValueError` where *first* is nothing, or more than *second*.
    """
    if not 0 < first <= second:
        raise ValueError(f"{first} is no earlier size of a log of {second} entries")
    return tuple(_shared(first, 0, second, nodes, whole=True))


def root_by_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that *proof* leads to from *leaf* (2.1.3.2); None where it fits no such log."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = node_hash(sibling, found)
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, sibling)
        place, last = place // 2, last // 2
    return found if last == 0 else None


def consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether *proof* shows that the second log begins with the first (2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:  # a full tree is its own first node
        path.insert(0, first_root)
    if not path:
        return False
    place, last = first - 1, second - 1
    while place % 2:
        place, last = place // 2, last // 2
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            new = node_hash(new, sibling)
        place, last = place // 2, last // 2
    return last == 0 and (old, new) == (first_root, second_root)


def _covering(start: int, end: int, nodes: Nodes) -> bytes:
    """The hash over entries *start* to *end*; *start* is a multiple of the left half's size."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + _left(count)
    return node_hash(_covering(start, middle, nodes), _covering(middle, end, nodes))


def _left(count: int) -> int:
    """The largest power of two below *count*."""
    return 1 << ((count - 1).bit_length() - 1)


def _siblings(index: int, start: int, end: int, nodes: Nodes) -> Iterator[bytes]:
    if end - start == 1:
        return
    middle = start + _left(end - start)
    if index < middle:
        yield from _siblings(index, start, middle, nodes)
        yield _covering(middle, end, nodes)
    else:
        yield from _siblings(index, middle, end, nodes)
        yield _covering(start, middle, nodes)


def _shared(first: int, start: int, end: int, nodes: Nodes, *, whole: bool) -> Iterator[bytes]:
    """SUBPROOF of 2.1.4.1; *whole*: the part below is what the verifier already has."""
    if first == end:
        if not whole:
            yield _covering(start, end, nodes)
        return
    middle = start + _left(end - start)
    if first <= middle:
        yield from _shared(first, start, middle, nodes, whole=whole)
        yield _covering(middle, end, nodes)
    else:
        yield from _shared(first, middle, end, nodes, whole=False)
        yield _covering(start, middle, nodes)
