"""Checkpoints: how many entries a log has and their root, signed (C2SP tlog-checkpoint).

A checkpoint is a note of three lines: origin, size, base64 of the root. The origin names the log,
and names its key too. Whoever keeps a checkpoint can hold every later one against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from engine.evidence import merkle, note
from engine.evidence.check import Check, judged
from engine.evidence.note import NoteError, from_base64, is_name, to_base64
from engine.evidence.signing import Signer, Verifier

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class Checkpoint(Struct, frozen=True):
    """What a log was: *size* entries under *root* (32 bytes); *origin* names the log.

    Raises `NoteError` where it says what no log can be.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_name(self.origin):
            raise NoteError("no origin of a log: it is empty, or holds a space or a plus")
        if not _SIZE.fullmatch(str(self.size)):
            raise NoteError(f"a log cannot have {self.size} entries")
        if len(self.root) != len(merkle.EMPTY):
            raise NoteError(f"a root of {len(self.root)} bytes; it has {len(merkle.EMPTY)}")
        if self.size == 0 and self.root != merkle.EMPTY:
            raise NoteError("a log without entries has another root")

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


class Growth(Struct, frozen=True, kw_only=True):
    """The proof that a log of *second* entries begins with its *first* ones (RFC 9162, 2.1.4)."""

    first: int
    second: int
    proof: tuple[bytes, ...]


def signed(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a note that the log's key signed."""
    return note.signed(checkpoint.text, checkpoint.origin, signer)


def read(text: str) -> Checkpoint:
    """The checkpoint that a note states, unverified. Raises `NoteError` where it states none."""
    lines = note.read(text).text.removesuffix("\n").split("\n")
    if len(lines) != 3:
        raise NoteError("no checkpoint: the lines of origin, size and root are expected")
    origin, size, root = lines
    if not _SIZE.fullmatch(size):
        raise NoteError("no checkpoint: its second line is no size")
    return Checkpoint(origin, int(size), from_base64(root))


def opened(text: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint of a note that the log's key signed.

    Raises `NoteError` where it is none, or not signed by that key.
    """
    found = read(text)
    if not is_signed(text, verifier):
        raise NoteError(f"the checkpoint of `{found.origin}` is not signed by key {verifier.name}")
    return found


def is_signed(text: str, verifier: Verifier) -> bool:
    """Whether the log's key signed this checkpoint. Raises `NoteError` where it is none."""
    return note.read(text).signed_by(read(text).origin, verifier)


def signature_check(text: str, verifier: Verifier, name: str = "checkpoint") -> Check:
    """The check of a checkpoint's signature. Raises `NoteError` where it is no checkpoint."""
    found = read(text)
    return judged(
        name,
        is_signed(text, verifier),
        f"key {verifier.name} signed that `{found.origin}` has {found.size} entries",
        f"key {verifier.name} did not sign this checkpoint of `{found.origin}`, or it was changed",
    )


def grown(earlier: str, later: str, proof: Sequence[bytes], verifier: Verifier) -> list[Check]:
    """The checks that a log only grew between two checkpoints, given as notes.

    Raises `NoteError` where one is no checkpoint.
    """
    first, second = read(earlier), read(later)
    objection = objection_to(first, second, proof)
    return [
        signature_check(earlier, verifier, "earlier checkpoint"),
        signature_check(later, verifier, "later checkpoint"),
        judged(
            "growth",
            objection is None,
            f"the {second.size} entries begin with the {first.size} before, unchanged",
            str(objection),
        ),
    ]


def objection_to(first: Checkpoint, second: Checkpoint, proof: Sequence[bytes]) -> str | None:
    """What speaks against a log having grown from *first* to *second*; None if *proof* shows it."""
    if first.origin != second.origin:
        return f"the checkpoints are of two logs, `{first.origin}` and `{second.origin}`"
    if second.size < first.size:
        return (
            f"the later checkpoint has {second.size} entries and the earlier one {first.size}: "
            "the log was rolled back, or the checkpoints are in the wrong order"
        )
    if first.size == second.size and first.root != second.root:
        return f"two roots over {first.size} entries: the log shows two pasts"
    if first.size == 0:  # any log begins with nothing
        return "a log without entries needs no proof" if proof else None
    if merkle.consistent(first.size, first.root, second.size, second.root, proof):
        return None
    return (
        f"the proof does not show that the {second.size} entries begin with the {first.size} "
        "before: the log was rewritten, or the proof is of other checkpoints"
    )
