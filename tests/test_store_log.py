"""The tree that the store keeps is the tree over its records, however they came."""

from __future__ import annotations

import sqlite3
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from api.store import Role, Sighting, Store
from api.store.database import Database
from engine.evidence import merkle
from engine.evidence.canonical import canonical
from tests.store_sample import AT, AUTHOR, CLAIM, MONDAY, entries, entry, raw
from tests.test_evidence_merkle import Log as InMemory


def leaves(store: Store) -> list[bytes]:
    """The bytes that the log's leaves are made of."""
    found: list[bytes] = []
    while page := store.page(len(found) - 1, 100):
        found += [canonical(one.record) for one in page]
    return found


_names = count()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 9), max_size=5))
def test_any_grouping_leads_to_the_root_over_the_same_records(
    store: Store, groups: list[int]
) -> None:
    """The log grows from one example to the next: a log of any length is one to append to."""
    appended: list[bytes] = []
    for size in groups:
        stored = store.append([entry(f"d-{next(_names)}") for _ in range(size)])
        appended += [canonical(one.record) for one in stored]
    found = leaves(store)
    assert found[len(found) - len(appended) :] == appended
    assert store.root() == merkle.root(len(found), InMemory(found).nodes)


def test_every_node_is_that_of_the_tree(store: Store) -> None:
    for size in (1, 4, 6):
        store.append(entries(store.size(), size))
    memory = InMemory(leaves(store))
    with store.log() as log:
        assert all(log.nodes(*place) == found for place, found in memory.kept.items())


@pytest.fixture
def grown(store: Store) -> Store:
    store.append(entries(0, 13))
    return store


def test_every_entry_is_proved_in_every_size(grown: Store) -> None:
    stored = grown.page(-1, 13)
    with grown.log() as log:
        for size in range(1, 14):
            for one in stored[:size]:
                proof = log.inclusion(one.index, size)
                found = merkle.root_by_inclusion(one.index, size, one.record.leaf, proof)
                assert found == log.root(size)


def test_every_size_is_proved_consistent_with_every_later_one(grown: Store) -> None:
    with grown.log() as log:
        for second in range(1, 14):
            for first in range(1, second + 1):
                proof = log.consistency(first, second)
                roots = log.root(first), log.root(second)
                assert merkle.consistent(first, roots[0], second, roots[1], proof)


def test_what_is_appended_meanwhile_is_not_in_the_snapshot(grown: Store, url: str) -> None:
    with grown.log() as log, Store.open(url) as other:
        root = log.root()
        other.append([entry("d-new")])
        assert (log.size, log.root()) == (13, root)
        assert other.size() == 14


def test_nothing_is_proved_beyond_the_log(grown: Store) -> None:
    with grown.log() as log:
        for asked in (log.root, log.consistency):
            with pytest.raises(ValueError, match="13"):
                asked(14)
        with pytest.raises(ValueError, match="has 13 entries"):
            log.inclusion(0, 14)
        with pytest.raises(ValueError, match="not among"):
            log.inclusion(13)


@pytest.mark.parametrize("limit", [1, 4, 13, 100])
def test_pages_hold_every_record_once(grown: Store, limit: int) -> None:
    found, after = [], -1
    while page := grown.page(after, limit):
        assert len(page) <= limit
        found += [one.record.id for one in page]
        after = page[-1].index
    assert found == [f"d-{number}" for number in range(13)]


def test_pages_of_a_kind_hold_no_other(store: Store) -> None:
    store.append([entry(f"x-{i}", kind="act" if i % 3 else "decision") for i in range(9)])
    assert [one.index for one in store.page(-1, 2, "decision")] == [0, 3]
    assert [one.index for one in store.page(3, 2, "decision")] == [6]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_call_of_the_service_reads_a_whole_table(url: str) -> None:
    """The cost of a call must not grow with the log: each query finds its rows by a key."""
    asked: list[str] = []
    database = Database(url)

    @event.listens_for(database.engine, "connect")
    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(asked.append)

    with Store(database) as store:
        sighting = Sighting("ucr:1", MONDAY)
        store.append([entry("d-1", subject="a", claim=CLAIM, sighting=sighting), *entries(5, 6)])
        _, token = store.create_key(Role.AUDITOR, "court of audit", at=AT)
        store.append([entry("d-2", subject="a", after=0, sighting=sighting), *entries(20, 3)])
        store.recall(AUTHOR, CLAIM)
        store.record("d-1")
        store.records("a")
        store.parts(0)
        store.page(3, 2, "decision")
        store.first_seen("ucr:1")
        store.inclusion(3)
        store.consistency(3)
        store.erase("a", ["request"], authority="a", reason="b", at=AT, author=AUTHOR)
        store.authenticate(token)
    found = [one for one in asked if one.split()[0] in ("SELECT", "UPDATE", "DELETE")]
    assert len(found) > 30
    with raw(url) as connection:
        for statement in found:
            if "alembic_version" in statement or "pulse" in statement:
                continue
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                assert not row[3].startswith("SCAN "), f"{row[3]}: {statement}"
