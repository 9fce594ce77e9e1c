"""The log as one snapshot sees it: its size, its tree, proofs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import TypeVar

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from api.store import tables
from api.store.errors import StoreError
from api.store.statements import Query
from engine.evidence import merkle
from engine.evidence.merkle import Nodes

Place = tuple[int, int]
Answer = TypeVar("Answer")


_LAST = Query(select(func.max(tables.records.c.index)))


@cache
def _nodes(count: int) -> Query:
    """The query for so many nodes, at most two of each level.

    For `(level, place) IN (…)` SQLite reads the whole table; so asked, it uses the key.
    """
    nodes = tables.nodes.c
    wanted = (
        and_(nodes.level == bindparam(f"level{n}"), nodes.place == bindparam(f"place{n}"))
        for n in range(count)
    )
    return Query(select(nodes.level, nodes.place, nodes.hash).where(or_(*wanted)))


class Log:
    """The tree of the log's first *size* entries. Good as long as its connection is."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        last = _LAST.first(connection)
        self.size: int = 0 if last is None else last + 1

    def nodes(self, level: int, place: int) -> bytes:
        """The hash of the full subtree there (`merkle.Nodes`)."""
        return self._kept({(level, place)})[level, place]

    def root(self, size: int | None = None) -> bytes:
        """The root of the first *size* entries, or of all. Raises `ValueError` beyond them."""
        size = self._within(size)
        return self._given(lambda nodes: merkle.root(size, nodes))

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """The proof that *index* is among the first *size*. Raises `ValueError` where not."""
        size = self._within(size)
        return self._given(lambda nodes: merkle.inclusion(index, size, nodes))

    def consistency(self, first: int, second: int | None = None) -> tuple[bytes, ...]:
        """The proof that the first *first* are still those with which *second* begin.

        Raises `ValueError` where *first* is nothing or more, or *second* is beyond the log.
        """
        second = self._within(second)
        return self._given(lambda nodes: merkle.consistency(first, second, nodes))

    def peaks(self) -> dict[Place, bytes]:
        """The full subtrees that stand side by side: all that growing reads."""
        needed: set[Place] = set()
        merkle.root(self.size, _noting(needed))
        return self._kept(needed)

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"the log has {self.size} entries, not {size}")
        return size

    def _given(self, asked: Callable[[Nodes], Answer]) -> Answer:
        """What *asked* makes of its nodes. It is asked twice, so that one query brings them all."""
        needed: set[Place] = set()
        asked(_noting(needed))
        kept = self._kept(needed)
        return asked(lambda level, place: kept[level, place])

    def _kept(self, places: Collection[Place]) -> dict[Place, bytes]:
        if not places:
            return {}
        named = {
            f"{name}{n}": value
            for n, at in enumerate(places)
            for name, value in zip(("level", "place"), at, strict=True)
        }
        found = _nodes(len(places)).rows(self._connection, **named)
        kept = {(level, place): bytes(hash_) for level, place, hash_ in found}
        if len(kept) < len(places):
            missing = min(set(places) - set(kept))
            raise StoreError(f"the log is damaged: node {missing} is missing")
        return kept


def _noting(needed: set[Place]) -> Nodes:
    """Nodes that only note which are asked for."""

    def note(level: int, place: int) -> bytes:
        needed.add((level, place))
        return merkle.EMPTY

    return note
