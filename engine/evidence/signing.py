"""Ed25519 signatures (RFC 8032), and the files in which an installation keeps its key.

Boundary: signs and verifies bytes. Whoever signs says what kind of thing it is within those bytes
(`note`, `release`), so that no signature can be taken for that of something else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from engine import files

SEED_BYTES = 32
_NAME_DIGITS = 16


@dataclass(frozen=True)
class Verifier:
    """A public key: *raw* are its 32 bytes (RFC 8032, 5.1.5). Raises `ValueError` for others."""

    raw: bytes

    def __post_init__(self) -> None:
        Ed25519PublicKey.from_public_bytes(self.raw)

    @property
    def name(self) -> str:
        """What the key is called in files and addresses: 16 hexadecimal digits.

        They begin the SHA-256 of the key's SubjectPublicKeyInfo. A name finds a key; only the key
        itself is trusted.
        """
        info = self._key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(info).hexdigest()[:_NAME_DIGITS]

    @property
    def pem(self) -> str:
        """The key as text: SubjectPublicKeyInfo in PEM (RFC 7468, section 13)."""
        info = self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return info.decode("ascii")

    def verify(self, signature: bytes, body: bytes) -> bool:
        """Whether *signature* (64 bytes) is that of this key on *body*."""
        try:
            self._key.verify(signature, body)
        except InvalidSignature:
            return False
        return True

    @property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)


class Signer:
    """A private key, made from a seed of 32 bytes (RFC 8032, 5.1.5)."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = Verifier(self._key.public_key().public_bytes_raw())

    def sign(self, body: bytes) -> bytes:
        """The signature of *body*: 64 bytes, the same whenever asked."""
        return self._key.sign(body)

    def _pem(self) -> bytes:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def local_signer(path: Path) -> Signer:
    """The key of this installation, made on first use; its public key stands beside it, `.pub`.

    Raises `ValueError` where the file is no such key, is open to others than its owner, or stands
    beside the public key of another one.
    """
    pem = files.secret(path, lambda: Signer(secrets.token_bytes(SEED_BYTES))._pem())
    with _refused(f"{path.name} is no Ed25519 private key in PEM without a password"):
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError
    signer = Signer(key.private_bytes_raw())
    _export(signer.public, path.with_suffix(".pub"))
    return signer


def _export(public: Verifier, path: Path) -> None:
    made = files.create(path, public.pem.encode("ascii"), files.EVERYONE)
    if not made and read_verifier(path) != public:
        # Not mended here: whoever trusts that file should learn that the key is another one.
        raise ValueError(
            f"{path.name} is not the public key of the private key beside it: remove {path} to "
            "have it made again, or put the private key back"
        )


def read_verifier(path: Path) -> Verifier:
    """The public key in a file. Raises `ValueError` where there is none, `OSError` unread."""
    return verifier_of(path.read_bytes(), path.name)


def verifier_of(pem: bytes, source: str = "the text") -> Verifier:
    """The public key in *pem*. Raises `ValueError`, which names the *source*, for anything else."""
    with _refused(f"{source} is no Ed25519 public key in PEM"):
        key = load_pem_public_key(pem)
        if not isinstance(key, Ed25519PublicKey):
            raise TypeError
    return Verifier(key.public_bytes_raw())


@contextmanager
def _refused(message: str) -> Iterator[None]:
    """One error for all that can be wrong with a key: its text, its kind, a password."""
    try:
        yield
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError(message) from None
