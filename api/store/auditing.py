"""The audit: all that is kept is computed anew from the records' content and compared.

It finds what was altered without altering the tree to fit. A tree that was rewritten as a whole
is found by comparing the root with checkpoints that others hold.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import Connection, LargeBinary, func, or_, select, type_coerce

from api.store import guards, releases, sources, tables
from api.store.database import Database
from api.store.erasing import KIND, PART, Erasure
from api.store.errors import StoreError
from api.store.log import Log, Place
from engine.evidence import merkle
from engine.evidence.canonical import canonical
from engine.evidence.record import Part, Record

PAGE = 200
"""Records that are held in memory at a time."""

Progress = Callable[[str, int, int], None]
"""Told the step, what of it is done, and how much there is."""


class Finding(Struct, frozen=True):
    """What is not as it was written; *index* is the record that it is about, if it is about one."""

    index: int | None
    message: str


class Audit(Struct, frozen=True):
    """The *size* of the log and the *root* that its records lead to, for checkpoints to confirm."""

    size: int
    root: bytes
    findings: tuple[Finding, ...]


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def audit(database: Database, progress: Progress = silent) -> Audit:
    """Audit the log as long as it is now, and what stands beside it.

    Each page is a snapshot of its own: nobody waits for the audit, and it waits for nobody.
    Raises `UnavailableError` where the database cannot be read.
    """
    with database.reading() as connection:
        size = Log(connection).size
        findings = [*_surroundings(connection), *_releases(connection), *_trees(connection)]
    last: dict[int, bytes] = {}  # the last full subtree of each level: all that growing reads
    for start in range(0, size, PAGE):
        progress("records", start, size)
        with database.reading() as connection:
            findings += _Page(connection, start, min(start + PAGE, size)).findings(last)
    progress("records", size, size)
    with database.reading() as connection:
        findings += _surplus(connection)
    # A peak of the tree is the last full subtree of its level.
    return Audit(size, merkle.root(size, lambda level, _: last[level]), tuple(findings))


def _surroundings(connection: Connection) -> Iterator[Finding]:
    for name in guards.missing(connection):
        yield Finding(None, f"`{name}` is missing from the database")
    if connection.dialect.name == "sqlite":
        for (message,) in connection.execute(sa.text("PRAGMA integrity_check(10)")):
            if message != "ok":
                yield Finding(None, f"the file is damaged: {message}")
        for table, row, parent, _ in connection.execute(sa.text("PRAGMA foreign_key_check")):
            yield Finding(None, f"row {row} of `{table}` speaks of what `{parent}` does not hold")


def _releases(connection: Connection) -> Iterator[Finding]:
    for kept in releases.kept(connection):
        try:
            body = releases.body(connection, kept.digest)
            sound = body is not None and releases.identified(body) == (kept.digest, kept.made_on)
        except (StoreError, zlib.error):
            sound = False
        if not sound:
            yield Finding(None, f"the release {kept.digest} was altered")


def _trees(connection: Connection) -> Iterator[Finding]:
    for release in {one.release for one in sources.succession(connection)}:
        try:
            sources.tree(connection, release)
        except (StoreError, zlib.error):
            yield Finding(None, f"the files of the release {release} were altered")


def _surplus(connection: Connection) -> Iterator[Finding]:
    size = Log(connection).size
    there = connection.scalar(select(func.count()).select_from(tables.nodes)) or 0
    due = sum(size >> level for level in range(size.bit_length()))
    if there > due:
        yield Finding(None, f"the tree has {there - due} nodes to which no record leads")


class _Page:
    """Some records, and everything that is kept about them."""

    def __init__(self, connection: Connection, start: int, end: int) -> None:
        self._start, self._end = start, end
        self._records = {row["index"]: row for row in self._of(connection, tables.records)}
        self._parts: dict[int, dict[str, Part | None]] = defaultdict(dict)
        self._gone: dict[int, set[str]] = defaultdict(set)
        self._said: dict[int, set[tuple[int, str]]] = defaultdict(set)
        parts, erasures = tables.parts.c, tables.erasures.c
        packed = type_coerce(parts.body, LargeBinary)
        for index, name, salt, body in connection.execute(
            select(parts.index, parts.name, parts.salt, packed).where(self._on(parts.index))
        ):
            self._parts[index][name] = _unpacked(bytes(salt), bytes(body))
        for index, name, record in connection.execute(
            select(erasures.index, erasures.name, erasures.record).where(
                self._on(erasures.index) | self._on(erasures.record)
            )
        ):
            self._gone[index].add(name)
            self._said[record].add((index, name))
        nodes = tables.nodes.c
        self._nodes: dict[Place, bytes] = {
            (level, place): bytes(found)
            for level, place, found in connection.execute(
                select(nodes.level, nodes.place, nodes.hash).where(self._completed())
            )
        }

    def findings(self, last: dict[int, bytes]) -> Iterator[Finding]:
        """What is wrong on this page; *last* grows by its records."""
        for index in range(self._start, self._end):
            row = self._records.get(index)
            if row is None:
                yield Finding(index, "the record is missing")
                leaf = self._nodes.get((0, index), merkle.EMPTY)
            else:
                yield from self._record(index, row)
                leaf = merkle.leaf_hash(bytes(row["content"]))
            grown = list(merkle.grown(index, leaf, lambda level, _: last[level]))
            for level, place, found in grown:
                last[level] = found
                if self._nodes.get((level, place)) != found:
                    yield Finding(index, f"node {place} of level {level} is not what it leads to")

    def _record(self, index: int, row: Any) -> Iterator[Finding]:
        content = bytes(row["content"])
        try:
            record = msgspec.json.decode(content, type=Record)
        except msgspec.DecodeError:
            yield Finding(index, "the content is no record")
            return
        if canonical(record) != content:
            yield Finding(index, "the content is not in its canonical form")
        for name in ("kind", "id", "subject", "at", "release"):
            if row[name] != getattr(record, name):
                yield Finding(index, f"the column `{name}` does not say what the content says")
        yield from self._words(index, record)
        yield from self._erasure(index, record)

    def _words(self, index: int, record: Record) -> Iterator[Finding]:
        parts, gone = self._parts[index], self._gone[index]
        for name, digest in record.parts.items():
            if name in parts:
                part = parts[name]
                if part is None or part.digest != digest:
                    yield Finding(index, f"the part `{name}` was altered")
                if name in gone:
                    yield Finding(index, f"the part `{name}` was erased and is there")
            elif name not in gone:
                yield Finding(index, f"the part `{name}` is missing")
        for name in sorted(parts.keys() - record.parts.keys()):
            yield Finding(index, f"the part `{name}` is not of this record")

    def _erasure(self, index: int, record: Record) -> Iterator[Finding]:
        stated: set[tuple[int, str]] = set()
        if record.kind == KIND:
            part = self._parts[index].get(PART)
            if part is None:
                return  # it was erased itself, or is told above
            try:
                erasure = msgspec.json.decode(part.body, type=Erasure)
            except msgspec.DecodeError:
                yield Finding(index, "what the erasure says cannot be read")
                return
            stated = {(one.index, name) for one in erasure.cleared for name in one.parts}
        if stated != self._said[index]:
            yield Finding(index, "what was erased is not what this record says was")

    def _on(self, column: sa.Column[Any]) -> sa.ColumnElement[bool]:
        return column.between(self._start, self._end - 1)

    def _of(self, connection: Connection, table: sa.Table) -> list[Any]:
        query = select(table).where(self._on(table.c.index)).order_by(table.c.index)
        return list(connection.execute(query).mappings())

    def _completed(self) -> sa.ColumnElement[bool]:
        """The nodes whose last entry is on this page."""
        nodes = tables.nodes.c
        return or_(
            *(
                (nodes.level == level)
                & nodes.place.between(self._start >> level, (self._end >> level) - 1)
                for level in range(self._end.bit_length())
            )
        )


def _unpacked(salt: bytes, body: bytes) -> Part | None:
    try:
        return Part(salt, zlib.decompress(body))
    except zlib.error:
        return None
