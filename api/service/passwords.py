"""Passwords: what may be one, its argon2 hash (RFC 9106), and whether one is right.

Boundary: no person is known here.
"""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.declaration.problems import malformed

SHORTEST, LONGEST = 12, 200
"""Characters."""

_HASHER = PasswordHasher()
_TURNS = BoundedSemaphore(2)
"""Each hash takes 64 MiB: who sends many passwords at once must not take them all at once."""


def _nobodys() -> str:
    """A hash of no password, which takes as long as others to look at."""
    salt, found = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${found}"


_NOBODYS = _nobodys()


def hashed(password: str) -> str:
    """The hash to keep. Raises `MalformedError`: it is too short or too long."""
    length = len(_composed(password))
    if length < SHORTEST:
        mend = f"choose at least {SHORTEST} characters; a few words that are not a quotation do"
        raise malformed("/password", f"the password has {length} characters", mend)
    if length > LONGEST:
        mend = f"choose at most {LONGEST} characters"
        raise malformed("/password", "the password is too long", mend)
    with _TURNS:
        return _HASHER.hash(_bytes(password))


def right(password: str, kept: str | None) -> bool:
    """Whether it is the password of that hash. Without a hash it takes as long, and is not."""
    fits = len(password) <= LONGEST
    with _TURNS:
        try:
            _HASHER.verify(kept or _NOBODYS, _bytes(password if fits else ""))
        except (VerificationError, InvalidHashError):
            return False
    return fits and kept is not None


def made() -> str:
    """A password at random, of 96 bits, that can be read out and typed."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _composed(password: str) -> str:
    # The same password whatever keyboard typed it (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _composed(password).encode("utf-8", "surrogatepass")
