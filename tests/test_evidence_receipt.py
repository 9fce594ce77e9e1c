"""Receipts: what holds, what is erased or withheld, and that no change goes unseen."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence import checkpoint, merkle
from engine.evidence.canonical import canonical
from engine.evidence.check import refused
from engine.evidence.checkpoint import Checkpoint
from engine.evidence.receipt import Receipt, ReceiptError, read, verified
from engine.evidence.record import Part, Record
from engine.evidence.signing import Signer
from tests.evidence_sample import SIGNER, STRANGER, Log

ORIGIN = "commensura.example/log"
NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
SIZE = 6


def part(index: int, name: str) -> Part:
    return Part(bytes([index]) * 32, f'{{"{name}":{index}}}'.encode())


def record(index: int, log: str = "log") -> Record:
    parts = {name: part(index, name).digest for name in ("decision", "declaration")}
    return Record(
        kind="decision",
        id=f"{log}-{index}",
        subject=f"declaration {index}",
        at=NOW,
        release="sha256:" + "0" * 64,
        parts=parts,
    )


def receipt(index: int = 2, size: int = SIZE, log: str = "log", signer: Signer = SIGNER) -> Receipt:
    tree = Log([canonical(record(one, log)) for one in range(size)])
    stated = Checkpoint(ORIGIN, size, merkle.root(size, tree.nodes))
    return Receipt(
        record=record(index, log),
        index=index,
        parts={name: part(index, name) for name in ("decision", "declaration")},
        proof=merkle.inclusion(index, size, tree.nodes),
        checkpoint=checkpoint.signed(stated, signer),
    )


def results(found: Receipt) -> dict[str, str]:
    return {one.name: one.result.value for one in verified(canonical(found), SIGNER.public)}


def failing(found: Receipt) -> list[str]:
    return [name for name, result in results(found).items() if result == "fails"]


def changed(found: Receipt, **changes: Any) -> Receipt:
    return msgspec.structs.replace(found, **changes)


# What holds


@given(st.integers(1, 40), st.data())
def test_every_entry_has_a_receipt_that_holds(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert results(receipt(index, size)) == {
        "part declaration": "holds",
        "part decision": "holds",
        "inclusion": "holds",
        "checkpoint": "holds",
    }


def test_an_erased_part_is_told_as_erased_and_does_not_fail() -> None:
    found = receipt()
    erased = changed(found, parts={**found.parts, "declaration": None})
    assert results(erased)["part declaration"] == "erased"
    assert failing(erased) == []


def test_a_withheld_part_is_told_as_withheld_and_does_not_fail() -> None:
    found = receipt()
    shown = changed(found, parts={"decision": found.parts["decision"]})
    assert results(shown)["part declaration"] == "withheld"
    assert failing(shown) == []


def test_a_receipt_is_the_same_after_it_was_sent() -> None:
    assert read(canonical(receipt())) == receipt()


def test_names_are_camel_case_and_bytes_base64() -> None:
    sent = json.loads(canonical(receipt()))
    assert set(sent) == {"record", "index", "parts", "proof", "checkpoint"}
    assert base64.b64decode(sent["parts"]["decision"]["salt"]) == bytes([2]) * 32
    assert base64.b64decode(sent["parts"]["decision"]["body"]) == b'{"decision":2}'


def test_spaces_and_the_order_of_keys_are_free() -> None:
    sent = json.loads(canonical(receipt()))
    again = json.dumps(dict(reversed(sent.items())), indent=2).encode()
    assert not refused(verified(again, SIGNER.public))


# What fails


def test_every_changed_bit_of_a_receipt_is_refused() -> None:
    whole = canonical(receipt(1, 3))
    for place in range(len(whole)):
        for bit in range(8):
            body = bytearray(whole)
            body[place] ^= 1 << bit
            assert is_refused(bytes(body)), (place, bit)


def test_every_shortened_receipt_is_refused() -> None:
    whole = canonical(receipt(1, 3))
    assert all(is_refused(whole[:end]) for end in range(len(whole)))


def is_refused(body: bytes) -> bool:
    try:
        return refused(verified(body, SIGNER.public))
    except ReceiptError:
        return True


def test_swapped_parts_fail() -> None:
    found = receipt()
    swapped = {"decision": found.parts["declaration"], "declaration": found.parts["decision"]}
    assert failing(changed(found, parts=swapped)) == ["part decision", "part declaration"]


def test_a_part_of_another_entry_fails() -> None:
    found = receipt()
    parts = {**found.parts, "decision": part(3, "decision")}
    assert failing(changed(found, parts=parts)) == ["part decision"]


def test_a_part_that_the_record_does_not_have_fails() -> None:
    found = receipt()
    parts = {**found.parts, "remark": part(2, "remark")}
    assert failing(changed(found, parts=parts)) == ["part remark"]


@pytest.mark.parametrize("moved", [-32, -1, 1, 5])
def test_what_was_said_cannot_be_moved_into_its_salt_or_out_of_it(moved: int) -> None:
    found = receipt()
    whole = part(2, "decision").salt + part(2, "decision").body
    other = Part(whole[: 32 + moved], whole[32 + moved :])
    assert other.digest == found.record.parts["decision"]
    assert failing(changed(found, parts={"decision": other})) == ["part decision"]


def test_another_record_with_its_own_parts_is_not_in_the_log() -> None:
    forged = msgspec.structs.replace(record(2), subject="another declaration")
    assert failing(changed(receipt(), record=forged)) == ["inclusion"]


def test_an_entry_at_another_place_is_not_in_the_log() -> None:
    for index in (-1, 0, 1, 3, SIZE, 2**40):
        assert failing(changed(receipt(), index=index)) == ["inclusion"]


@pytest.mark.parametrize("how", ["shorter", "longer", "reversed", "none"])
def test_a_damaged_proof_fails(how: str) -> None:
    proof = receipt().proof
    damaged = {
        "shorter": proof[:-1],
        "longer": (*proof, merkle.EMPTY),
        "reversed": proof[::-1],
        "none": (),
    }
    assert failing(changed(receipt(), proof=damaged[how])) == ["inclusion"]


def test_a_receipt_of_another_log_fails() -> None:
    other = receipt(log="another", signer=STRANGER)
    assert failing(other) == ["checkpoint"]


def test_a_checkpoint_of_another_log_fails() -> None:
    # Signed by the same key: the tree alone tells them apart.
    other = receipt(log="another").checkpoint
    assert failing(changed(receipt(), checkpoint=other)) == ["inclusion"]


def test_a_checkpoint_from_before_the_entry_fails() -> None:
    assert failing(changed(receipt(4), checkpoint=receipt(1, 3).checkpoint)) == ["inclusion"]


def test_a_root_that_nobody_signed_fails() -> None:
    forged = receipt(log="forged").checkpoint.split("\n")
    forged[-2] = receipt().checkpoint.split("\n")[-2]
    found = changed(receipt(log="forged"), checkpoint="\n".join(forged))
    assert failing(found) == ["checkpoint"]


# What is no receipt


def twice(body: bytes) -> bytes:
    """With another index before the one that counts for most readers."""
    return body.replace(b'"index":', b'"index":1,"index":')


NO_RECEIPTS = {
    "empty": b"",
    "list": b"[]",
    "other": b"{}",
    "binary": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "deep-inside": canonical(receipt()).replace(
        b'"index":', b'"x":' + b"[" * 99_999 + b',"index":'
    ),
    "stated-twice": twice(canonical(receipt())),
    "more-in-the-receipt": canonical(receipt()).replace(b'"index":', b'"more":1,"index":'),
    "more-in-the-record": canonical(receipt()).replace(b'"kind":', b'"more":1,"kind":'),
    "another-time-zone": canonical(receipt()).replace(b"10:30:00Z", b"10:30:00+00:00"),
    "other-base64": canonical(receipt()).replace(b'Mn0="', b'Mn1="'),
    "no-checkpoint": canonical(changed(receipt(), checkpoint="text")),
    "too-large-index": canonical(receipt()).replace(b'"index":2', b'"index":' + b"9" * 30),
    "surrogate": canonical(receipt()).replace(b"log-2", b"log-\\ud800"),
}


@pytest.mark.parametrize("body", NO_RECEIPTS.values(), ids=NO_RECEIPTS)
def test_what_is_no_receipt_is_refused(body: bytes) -> None:
    assert body != canonical(receipt())
    with pytest.raises(ReceiptError, match=r"^no receipt: "):
        verified(body, SIGNER.public)
