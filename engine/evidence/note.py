"""Signed notes: a short text with signatures beneath it (C2SP signed-note).

A text of lines, a blank line, then one line a signature: an em dash, the name of the key, and
the base64 of its id (4 bytes) and the signature. Anyone may add a signature of their own, so lines
of keys that are not asked for are read and left aside.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from msgspec import Struct

from engine.evidence.signing import Signer, Verifier

MAX_SIGNATURES = 100
_ED25519 = b"\x01"
_ID_BYTES = 4
_SIGNATURE = re.compile(r"— (?P<name>\S+) (?P<value>\S+)")
_TEXT = re.compile(r"[^\x00-\x09\x0b-\x1f\ud800-\udfff]+\n")
_NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]+")


class NoteError(ValueError):
    """A note cannot be taken; the message says why."""


class Signature(Struct, frozen=True):
    """One line beneath a note. *key_id* has 4 bytes; it is a hint and proves nothing."""

    name: str
    key_id: bytes
    value: bytes


class Note(Struct, frozen=True):
    """A text, which ends with a line break, and the signatures beneath it, unverified."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, name: str, verifier: Verifier) -> bool:
        """Whether the key signed this text by that *name*, and never wrongly."""
        found = [
            verifier.verify(one.value, self.text.encode())
            for one in self.signatures
            if (one.name, one.key_id) == (name, _key_id(name, verifier))
        ]
        return bool(found) and all(found)


def signed(text: str, name: str, signer: Signer) -> str:
    """The note of a *text* that ends with a line break, signed by a key of that *name*.

    Raises `NoteError` where text or name cannot stand in a note.
    """
    if not is_name(name):
        raise NoteError("no name of a key: it is empty, or holds a space or a plus")
    if not _TEXT.fullmatch(text):
        raise NoteError("no text for a note: lines without control characters are expected")
    value = _key_id(name, signer.public) + signer.sign(text.encode())
    return f"{text}\n— {name} {to_base64(value)}\n"


def read(note: str) -> Note:
    """The parts of a note, its signatures unverified. Raises `NoteError` where it is none."""
    if not _TEXT.fullmatch(note):
        raise NoteError("no note: lines without control characters are expected")
    text, _, beneath = note.rpartition("\n\n")
    if not text:
        raise NoteError("no note: a text, a blank line and lines of signatures are expected")
    lines = beneath.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"no note: it has more than {MAX_SIGNATURES} signatures")
    return Note(f"{text}\n", tuple(map(_signature, lines)))


def key_text(name: str, verifier: Verifier) -> str:
    """The key as other readers of notes take it: name, id and key, with a plus between them."""
    key = to_base64(_ED25519 + verifier.raw)
    return f"{name}+{_key_id(name, verifier).hex()}+{key}"


def is_name(text: str) -> bool:
    """Whether *text* can name a key: not empty, without spaces and pluses."""
    return _NAME.fullmatch(text) is not None


def to_base64(value: bytes) -> str:
    """The one spelling of *value* (RFC 4648, section 4)."""
    return base64.b64encode(value).decode("ascii")


def from_base64(text: str) -> bytes:
    """What *text* spells. Raises `NoteError` for any but its one spelling."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if not value or to_base64(value) != text:  # bits that count for nothing could hide a change
        raise NoteError("no base64 where a hash or a signature is expected")
    return value


def _signature(line: str) -> Signature:
    found = _SIGNATURE.fullmatch(line)
    if found is None or not is_name(found["name"]):
        raise NoteError("no note: a line beneath its text is no signature")
    value = from_base64(found["value"])
    if len(value) <= _ID_BYTES:
        raise NoteError("no note: a signature is too short")
    return Signature(found["name"], value[:_ID_BYTES], value[_ID_BYTES:])


def _key_id(name: str, verifier: Verifier) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + verifier.raw).digest()[:_ID_BYTES]
