"""A receipt: what lets anyone check, without asking us, that an entry is in the log.

It holds the entry's record, what the reader may see of it, the proof that leads from the record
to the root, and the signed checkpoint that states the root. Boundary: pure; keys and bytes come in.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from engine.evidence import checkpoint, merkle
from engine.evidence.canonical import decoded
from engine.evidence.check import Check, Result, judged
from engine.evidence.note import NoteError
from engine.evidence.record import SALT_BYTES, Part, Record
from engine.evidence.signing import Verifier


class Receipt(Struct, frozen=True, kw_only=True, rename="camel"):
    """A receipt as it is sent: `canonical` gives its bytes, in which salts and hashes are base64.

    *index* is the record's place in the log, from 0. *parts* has what the reader may see, by name;
    None for what was erased, nothing for what is withheld. *proof* has the siblings from the
    leaf upwards (RFC 9162, 2.1.3). *checkpoint* is a note.
    """

    record: Record
    index: int
    parts: dict[str, Part | None]
    proof: tuple[bytes, ...]
    checkpoint: str


class ReceiptError(ValueError):
    """What was sent is no receipt; the message says why."""


def read(body: bytes) -> Receipt:
    """The receipt in *body*, unverified. Raises `ReceiptError` where there is none."""
    try:
        return decoded(body, Receipt)
    except ValueError as error:
        raise ReceiptError(f"no receipt: {error}") from None


def verified(body: bytes, verifier: Verifier) -> list[Check]:
    """Every check of the receipt in *body*: its parts, its place in the log, the log's signature.

    Raises `ReceiptError` where it is no receipt.
    """
    receipt = read(body)
    try:
        signature = checkpoint.signature_check(receipt.checkpoint, verifier)
        stated = checkpoint.read(receipt.checkpoint)
    except NoteError as error:
        raise ReceiptError(f"no receipt: its checkpoint is {error}") from None
    root = merkle.root_by_inclusion(receipt.index, stated.size, receipt.record.leaf, receipt.proof)
    return [
        *_parts(receipt),
        judged(
            "inclusion",
            root == stated.root,
            f"the record is entry {receipt.index} of the {stated.size} under the checkpoint's root",
            "the proof does not lead from the record to the checkpoint's root",
        ),
        signature,
    ]


def _parts(receipt: Receipt) -> Iterator[Check]:
    recorded, shown = receipt.record.parts, receipt.parts
    for name in sorted(recorded.keys() | shown.keys()):
        yield _part(name, recorded.get(name), name in shown, shown.get(name))


def _part(name: str, digest: str | None, shown: bool, part: Part | None) -> Check:
    check = f"part {name}"
    if digest is None:
        return Check(check, Result.FAILS, "the record has no such part")
    if not shown:
        return Check(check, Result.WITHHELD, "not shown by this receipt")
    if part is None:
        return Check(check, Result.ERASED, "only its digest is left")
    # The digest runs over salt and body without a border: a salt of another length would move it.
    return judged(
        check,
        len(part.salt) == SALT_BYTES and part.digest == digest,
        "what the receipt shows is what was recorded",
        "what the receipt shows is not what was recorded",
    )
