"""An entry of the log: what it is, and the salted digests of what was said.

The log holds digests and no words, so that a person's data can be erased while the log stands:
without its salt a digest says nothing of what it was made from.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from msgspec import Struct

from engine.evidence.canonical import canonical
from engine.evidence.merkle import leaf_hash

SALT_BYTES = 32


class Part(Struct, frozen=True):
    """One part of what an entry says, with the salt of its digest."""

    salt: bytes
    body: bytes

    @property
    def digest(self) -> str:
        """``sha256:`` and the digest of salt and body."""
        return f"sha256:{hashlib.sha256(self.salt + self.body).hexdigest()}"


class Record(Struct, frozen=True, kw_only=True, rename="camel"):
    """An entry of the log.

    *kind* is what it records: a decision, an act, an outcome, an erasure. *id* names it, once in
    the log; *subject* is what it is about, such as the declaration. *at* is when it was recorded,
    in UTC. *release* is the digest of the release that decided, if one did. *parts* are the
    digests of what was said, by name.
    """

    kind: str
    id: str
    subject: str
    at: datetime
    release: str | None
    parts: dict[str, str]

    @property
    def leaf(self) -> bytes:
        """Its hash in the tree."""
        return leaf_hash(canonical(self))


def salted(body: bytes) -> Part:
    """A part with a salt of its own, which nobody can guess."""
    return Part(secrets.token_bytes(SALT_BYTES), body)
