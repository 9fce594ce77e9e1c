"""The Merkle tree against the definition of RFC 9162, and what no proof may show."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence import merkle
from tests.evidence_sample import Log


def by_definition(entries: list[bytes]) -> bytes:
    """MTH, as section 2.1.1 writes it."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    left, right = by_definition(entries[:k]), by_definition(entries[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def named(size: int) -> list[bytes]:
    return [f"entry {index}".encode() for index in range(size)]


sizes = st.integers(1, 70)


@given(st.integers(0, 70))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    entries = named(size)
    assert merkle.root(size, Log(entries).nodes) == by_definition(entries)


@given(sizes, st.data())
def test_every_entry_is_proved_to_be_there(size: int, data: st.DataObject) -> None:
    log, index = Log(named(size)), data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(index, size, log.nodes)
    found = merkle.root_by_inclusion(index, size, log.leaves[index], proof)
    assert found == merkle.root(size, log.nodes)


@given(sizes, st.data())
def test_another_entry_is_not(size: int, data: st.DataObject) -> None:
    log, index = Log(named(size)), data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion(index, size, log.nodes)
    found = merkle.root_by_inclusion(index, size, merkle.leaf_hash(b"another"), proof)
    assert found != merkle.root(size, log.nodes)


@given(st.integers(2, 70), st.data())
def test_a_proof_shows_an_entry_at_its_own_place_only(size: int, data: st.DataObject) -> None:
    log = Log(named(size))
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda found: found != index))
    proof = merkle.inclusion(index, size, log.nodes)
    found = merkle.root_by_inclusion(other, size, log.leaves[index], proof)
    assert found != merkle.root(size, log.nodes)


@given(sizes, st.data())
def test_a_log_that_grew_is_consistent(size: int, data: st.DataObject) -> None:
    log, first = Log(named(size)), data.draw(st.integers(1, size))
    proof = merkle.consistency(first, size, log.nodes)
    roots = merkle.root(first, log.nodes), merkle.root(size, log.nodes)
    assert merkle.consistent(first, roots[0], size, roots[1], proof)


@given(sizes, st.data())
def test_a_log_whose_past_was_changed_is_not(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, first - 1))
    entries = named(size)
    before = merkle.root(first, Log(entries).nodes)
    entries[changed] = b"rewritten"
    log = Log(entries)
    proof = merkle.consistency(first, size, log.nodes)
    assert not merkle.consistent(first, before, size, merkle.root(size, log.nodes), proof)


@given(sizes, st.data())
def test_a_damaged_proof_shows_nothing(size: int, data: st.DataObject) -> None:
    log, first = Log(named(size)), data.draw(st.integers(1, size))
    proof = list(merkle.consistency(first, size, log.nodes))
    roots = merkle.root(first, log.nodes), merkle.root(size, log.nodes)
    damaged = data.draw(
        st.sampled_from(["longer", "shorter", "other"] if proof else ["longer"]), "how"
    )
    if damaged == "longer":
        proof.append(merkle.EMPTY)
    elif damaged == "shorter":
        proof.pop()
    else:
        proof[data.draw(st.integers(0, len(proof) - 1))] = merkle.EMPTY
    assert not merkle.consistent(first, roots[0], size, roots[1], proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_entry_outside_the_log_is_proved(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not among"):
        merkle.inclusion(index, size, Log(named(size)).nodes)
    assert merkle.root_by_inclusion(index, size, merkle.EMPTY, ()) is None


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (-1, 1)])
def test_no_other_size_is_an_earlier_one(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no earlier size"):
        merkle.consistency(first, second, Log(named(second)).nodes)
    assert not merkle.consistent(first, merkle.EMPTY, second, merkle.EMPTY, ())


def test_the_published_vectors_hold() -> None:
    """Root of the 8 test inputs used by implementations of RFC 6962, whose tree this is."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    entries = [bytes.fromhex(text) for text in inputs]
    assert merkle.root(8, Log(entries).nodes).hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )
