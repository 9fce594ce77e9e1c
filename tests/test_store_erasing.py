"""Erasing takes words and salts, and leaves the log, its proofs and the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.store import ConflictError, Erased, MissingError, Store
from engine.evidence import merkle
from engine.evidence.record import Part, salted
from tests.store_sample import AT, AUTHOR, CLAIM, entries, entry, executed, raw

WHY: dict[str, Any] = {
    "authority": "Data Protection Officer",
    "reason": "the person asked for it",
    "at": AT,
    "author": AUTHOR,
}


def said(part: Part | Erased) -> Any:
    assert isinstance(part, Part)
    return msgspec.json.decode(part.body)


def test_an_erased_part_says_so(store: Store) -> None:
    given = entry("d-1")
    store.append([given])
    erasure = store.erase(0, ["request"], **WHY)
    assert store.parts(0) == {
        "decision": given.parts["decision"],
        "request": Erased(erasure.index, AT),
    }


def test_the_erasure_is_a_record_that_says_what_who_and_why(store: Store) -> None:
    store.append([entry("d-1", subject="a"), entry("d-2", subject="a")])
    erasure = store.erase("a", **WHY)
    assert (erasure.record.kind, erasure.record.subject) == ("erasure", "a")
    assert said(store.parts(erasure.index)["erasure"]) == {
        "authority": "Data Protection Officer",
        "reason": "the person asked for it",
        "cleared": [
            {"index": 0, "record": "d-1", "parts": ["decision", "request"]},
            {"index": 1, "record": "d-2", "parts": ["decision", "request"]},
        ],
    }


def test_a_subject_is_erased_and_no_other(store: Store) -> None:
    kept = entry("d-2", subject="b")
    store.append([entry("d-1", subject="a"), kept, entry("d-3", subject="a")])
    store.erase("a", ["request"], **WHY)
    assert store.parts(1) == kept.parts
    for index in (0, 2):
        assert isinstance(store.parts(index)["request"], Erased)
        assert isinstance(store.parts(index)["decision"], Part)


def test_roots_and_proofs_of_before_still_hold(store: Store) -> None:
    stored = store.append(entries(0, 7))
    root = store.root()
    proofs = [store.inclusion(index) for index in range(7)]
    store.erase(3, **WHY)
    assert store.root(7) == root
    for one, proof in zip(stored, proofs, strict=True):
        assert store.inclusion(one.index, 7) == proof
        assert merkle.root_by_inclusion(one.index, 7, one.record.leaf, proof) == root
    proof = store.consistency(7)
    assert merkle.consistent(7, root, 8, store.root(), proof)


def test_what_is_left_is_sound(store: Store) -> None:
    store.append(entries(0, 3))
    store.erase(1, **WHY)
    assert store.audit().findings == ()


def test_what_was_erased_is_not_erased_again(store: Store) -> None:
    store.append([entry("d-1", subject="a")])
    store.erase("a", **WHY)
    with pytest.raises(MissingError, match="nothing of"):
        store.erase("a", **WHY)
    assert store.size() == 2


@pytest.mark.parametrize("of", [7, "another"])
def test_what_is_not_there_is_not_erased(store: Store, of: int | str) -> None:
    store.append([entry("d-1")])
    with pytest.raises(MissingError):
        store.erase(of, **WHY)
    assert store.size() == 1


@pytest.mark.parametrize("unsaid", ["authority", "reason"])
def test_an_erasure_names_an_authority_and_a_reason(store: Store, unsaid: str) -> None:
    store.append([entry("d-1")])
    with pytest.raises(ValueError, match="names an authority and a reason"):
        store.erase(0, **{**WHY, unsaid: " "})
    assert isinstance(store.parts(0)["request"], Part)


def test_what_an_erasure_says_is_erased_only_by_name(store: Store) -> None:
    store.append([entry("d-1", subject="a")])
    first = store.erase("a", ["request"], **WHY)
    store.erase("a", **WHY)
    assert isinstance(store.parts(first.index)["erasure"], Part)
    store.erase(first.index, ["erasure"], **WHY)
    assert isinstance(store.parts(first.index)["erasure"], Erased)
    assert store.audit().findings == ()


def test_a_key_of_a_request_that_was_erased_tells_nothing_of_it(store: Store, url: str) -> None:
    store.append([entry("d-1", claim=CLAIM)])
    store.erase(0, ["request"], **WHY)
    with pytest.raises(ConflictError, match="has been erased"):
        store.recall(AUTHOR, CLAIM)
    with pytest.raises(ConflictError, match="has been erased"):
        store.append([entry("d-2", claim=CLAIM)])
    with raw(url) as connection:
        assert executed(connection, "SELECT salt, digest FROM idempotency") == [(None, None)]


def held(path: Path) -> Iterator[bytes]:
    for name in ("", "-wal", "-shm"):
        file = path.with_name(path.name + name)
        if file.exists():
            yield file.read_bytes()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_byte_of_it_is_left_in_the_files(store: Store, url: str) -> None:
    secret = salted(b"\x8f" + bytes(range(255, 0, -1)))  # what deflating leaves as it is
    path = Path(url.removeprefix("sqlite:///"))
    store.append([entry("d-1", parts={"request": secret})])
    trace = secret.body[40:80]
    assert any(trace in content for content in held(path))
    store.erase(0, **WHY)
    assert not any(trace in content or secret.salt in content for content in held(path))


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_the_rows_do_not_wait_for_a_vacuum(store: Store, url: str) -> None:
    store.append([entry("d-1")])
    store.erase(0, **WHY)
    with raw(url) as connection:
        executed(connection, "SELECT pg_stat_force_next_flush()")
        ((times,),) = executed(
            connection, "SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'parts'"
        )
    assert times == 1
