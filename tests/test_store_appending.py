"""What is appended is there, once, at its place; what cannot be is refused whole."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from api.store import (
    Claim,
    ConflictError,
    DuplicateError,
    MissingError,
    Sighting,
    StaleError,
    Store,
)
from api.store.leaves import MAX_GROUP
from engine.evidence import merkle
from tests.store_sample import AUTHOR, CLAIM, MONDAY, TUESDAY, entries, entry


def test_what_is_appended_reads_back(store: Store) -> None:
    given = entry("d-1")
    (stored,) = store.append([given])
    assert stored.record == given.record
    assert store.record("d-1") == stored
    assert store.parts(stored.index) == given.parts


def test_a_store_that_is_opened_again_holds_the_same(url: str) -> None:
    with Store.open(url) as first:
        stored = first.append(entries(0, 3))
    with Store.open(url) as second:
        assert [second.record(f"d-{number}") for number in range(3)] == stored


def test_places_are_dense_from_nothing(store: Store) -> None:
    places = [one.index for size in (1, 3, 1) for one in store.append(entries(store.size(), size))]
    assert places == [0, 1, 2, 3, 4]
    assert store.size() == 5


def test_nothing_is_appended_to_nothing(store: Store) -> None:
    assert store.append([]) == []
    with store.log() as log:
        assert (log.size, log.root()) == (0, merkle.EMPTY)


def test_a_time_is_kept_to_the_microsecond_and_in_utc(store: Store) -> None:
    at = datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=3)))
    store.append([entry("d-1", at=at)])
    found = store.record("d-1")
    assert found is not None
    assert found.record.at.isoformat() == "2026-11-23T09:00:00.000001+00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        entry("d-1", at=datetime(2026, 11, 23))


@pytest.mark.parametrize("name", ["", "nul\0", "x" * 501])
@pytest.mark.parametrize("field", ["id", "subject", "kind", "author"])
def test_a_name_that_no_index_takes_is_refused(field: str, name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        entry("d-1", **{field: name})


def test_records_of_a_subject_come_oldest_first(store: Store) -> None:
    given = [
        entry("d-1", subject="a"),
        entry("d-2", subject="b"),
        entry("x-1", subject="a", kind="act"),
        entry("d-3", subject="a"),
    ]
    store.append(given)
    assert [one.record.id for one in store.records("a")] == ["d-1", "x-1", "d-3"]
    assert [one.record.id for one in store.records("a", "act")] == ["x-1"]
    assert store.records("c") == []


def test_the_author_stands_beside_the_record(store: Store) -> None:
    given = entry("d-1", author="k7ab2cde")
    (stored,) = store.append([given])
    assert stored.author == "k7ab2cde"
    assert stored.record.leaf == entry("d-1", author=AUTHOR, parts=given.parts).record.leaf


def test_no_record_is_there_that_was_not_appended(store: Store) -> None:
    assert store.record("d-1") is None
    with pytest.raises(MissingError, match="no record 0"):
        store.parts(0)


# All or nothing


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (entry("d-0"), DuplicateError),
        (entry("d-2"), DuplicateError),
        (entry("d-3", release="sha256:unknown"), MissingError),
        (entry("d-3", subject="declaration-d-0", after=-1), StaleError),
        (entry("d-3", sighting=Sighting("ucr:1", TUESDAY)), StaleError),
        (entry("d-3", claim=Claim("key-1", b"another")), ConflictError),
        (entry("d-3", claim=CLAIM), DuplicateError),
    ],
    ids=["id", "id in the group", "release", "subject", "unit", "key", "key of the same"],
)
def test_where_one_entry_is_refused_none_is_written(
    store: Store, refused: Any, error: type[Exception]
) -> None:
    store.append([entry("d-0", sighting=Sighting("ucr:1", MONDAY), claim=CLAIM)])
    fresh = Sighting("ucr:2", MONDAY), Claim("key-2", b"")
    with pytest.raises(error):
        store.append([entry("d-2", sighting=fresh[0], claim=fresh[1]), refused])
    assert store.size() == 1
    assert store.record("d-2") is None
    assert store.first_seen("ucr:2") is None
    assert store.recall(AUTHOR, fresh[1]) is None


def test_a_duplicate_says_which(store: Store) -> None:
    store.append(entries(0, 3))
    with pytest.raises(DuplicateError) as caught:
        store.append([entry("d-9"), entry("d-2"), entry("d-1")])
    assert caught.value.ids == ("d-1", "d-2")


def test_a_group_has_a_bound(store: Store) -> None:
    with pytest.raises(ValueError, match="in groups"):
        store.append(entries(0, MAX_GROUP + 1))
    assert len(store.append(entries(0, MAX_GROUP))) == MAX_GROUP


# What the writer saw


def test_an_entry_that_saw_the_last_of_its_subject_is_taken(store: Store) -> None:
    (first,) = store.append([entry("d-1", subject="a", after=-1)])
    store.append([entry("d-2", subject="b")])
    (second,) = store.append([entry("d-3", subject="a", after=first.index)])
    assert second.index == 2


def test_an_entry_that_missed_the_last_of_its_subject_is_refused(store: Store) -> None:
    store.append([entry("d-1", subject="a"), entry("x-1", subject="a", kind="act")])
    with pytest.raises(StaleError, match="meanwhile"):
        store.append([entry("d-2", subject="a", after=0)])


def test_entries_of_one_group_saw_what_was_there_before_it(store: Store) -> None:
    store.append([entry("d-1", subject="a")])
    given = [entry(name, subject="a", after=0) for name in ("d-2", "d-3")]
    assert [one.index for one in store.append(given)] == [1, 2]


# First seen


def test_a_unit_keeps_its_first_day(store: Store) -> None:
    assert store.first_seen("ucr:1") is None
    store.append([entry("d-1", sighting=Sighting("ucr:1", MONDAY))])
    store.append([entry("d-2", sighting=Sighting("ucr:1", MONDAY))])
    assert store.first_seen("ucr:1") == MONDAY


def test_a_draw_by_a_later_day_is_refused(store: Store) -> None:
    store.append([entry("d-1", sighting=Sighting("ucr:1", MONDAY))])
    with pytest.raises(StaleError, match="first seen on 2026-11-23"):
        store.append([entry("d-2", sighting=Sighting("ucr:1", TUESDAY))])


def test_two_days_for_one_unit_in_a_group_are_refused(store: Store) -> None:
    days = [Sighting("ucr:1", day) for day in (MONDAY, TUESDAY)]
    with pytest.raises(StaleError):
        store.append([entry(f"d-{i}", sighting=day) for i, day in enumerate(days)])
    assert store.first_seen("ucr:1") is None


# Idempotency


def test_a_key_recalls_what_it_stands_for(store: Store) -> None:
    assert store.recall(AUTHOR, CLAIM) is None
    (stored,) = store.append([entry("d-1", claim=CLAIM)])
    assert store.recall(AUTHOR, CLAIM) == stored


def test_a_key_stands_for_one_body(store: Store) -> None:
    store.append([entry("d-1", claim=CLAIM)])
    with pytest.raises(ConflictError, match="another request"):
        store.recall(AUTHOR, Claim(CLAIM.key, b"another request"))


def test_each_author_has_keys_of_its_own(store: Store) -> None:
    store.append([entry("d-1", claim=CLAIM)])
    assert store.recall("another", CLAIM) is None
    (second,) = store.append([entry("d-2", author="another", claim=CLAIM)])
    assert store.recall("another", CLAIM) == second
