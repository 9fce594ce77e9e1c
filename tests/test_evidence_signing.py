"""Keys and signatures: RFC 8032, files that openssl reads, and what is refused."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence.signing import Signer, Verifier, local_signer, read_verifier, verifier_of
from tests.evidence_sample import SIGNER, STRANGER, said_at_once

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")


# Signatures


@pytest.mark.parametrize(
    ("seed", "public", "body", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_the_vectors_of_rfc_8032_hold(seed: str, public: str, body: str, signature: str) -> None:
    signer = Signer(bytes.fromhex(seed))
    assert signer.public.raw.hex() == public
    assert signer.sign(bytes.fromhex(body)).hex() == signature


@given(st.binary(max_size=60))
def test_what_was_signed_is_verified(body: bytes) -> None:
    assert SIGNER.public.verify(SIGNER.sign(body), body)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_a_signature_is_for_one_body(body: bytes, other: bytes) -> None:
    assert SIGNER.public.verify(SIGNER.sign(body), other) == (body == other)


@given(st.binary(max_size=60))
def test_a_signature_is_of_one_key(body: bytes) -> None:
    assert not SIGNER.public.verify(STRANGER.sign(body), body)


def test_no_bit_of_a_signature_may_change() -> None:
    for bit in range(512):
        signature = bytearray(SIGNER.sign(b"body"))
        signature[bit // 8] ^= 1 << bit % 8
        assert not SIGNER.public.verify(bytes(signature), b"body"), bit


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_of_another_length_is_none(length: int) -> None:
    assert not SIGNER.public.verify((SIGNER.sign(b"body") * 2)[:length], b"body")


# Names and text


@needs_openssl
def test_a_key_is_named_by_the_digest_that_openssl_gives() -> None:
    words = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    done = subprocess.run(words, input=SIGNER.public.pem.encode(), capture_output=True, check=True)
    assert SIGNER.public.name == hashlib.sha256(done.stdout).hexdigest()[:16]


def test_a_public_key_is_the_same_after_its_text() -> None:
    assert verifier_of(SIGNER.public.pem.encode()) == SIGNER.public


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_public_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Verifier(b"k" * length)


def test_a_private_key_is_not_shown() -> None:
    assert "only for the tests" not in repr(SIGNER)


# Key files


def test_a_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.key"
    assert local_signer(path).public == local_signer(path).public
    assert local_signer(tmp_path / "other.key").public != local_signer(path).public


def test_the_private_key_is_for_its_owner_and_the_public_one_for_all(tmp_path: Path) -> None:
    local_signer(tmp_path / "signing.key")
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"signing.key": 0o600, "signing.pub": 0o644}


def test_the_public_key_stands_beside_the_private_one(tmp_path: Path) -> None:
    signer = local_signer(tmp_path / "signing.key")
    assert read_verifier(tmp_path / "signing.pub") == signer.public


def test_a_lost_public_key_is_made_again(tmp_path: Path) -> None:
    signer = local_signer(tmp_path / "signing.key")
    (tmp_path / "signing.pub").unlink()
    local_signer(tmp_path / "signing.key")
    assert read_verifier(tmp_path / "signing.pub") == signer.public


def test_a_public_key_of_another_is_refused_and_kept(tmp_path: Path) -> None:
    local_signer(tmp_path / "signing.key")
    path = tmp_path / "signing.pub"
    path.write_text(STRANGER.public.pem)
    with pytest.raises(ValueError, match="is not the public key of the private key"):
        local_signer(tmp_path / "signing.key")
    assert read_verifier(path) == STRANGER.public


def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    local_signer(path)
    path.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        local_signer(path)


def encoded(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, password: str = "") -> bytes:
    locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


PEM = encoded(Ed25519PrivateKey.from_private_bytes(b"k" * 32))
NO_PRIVATE_KEYS = {
    "empty": b"",
    "words": b"not a key",
    "binary": bytes(range(256)),
    "truncated": PEM[:60],
    "another-kind": encoded(ec.generate_private_key(ec.SECP256R1())),
    "locked": encoded(Ed25519PrivateKey.generate(), "password"),
    "public": SIGNER.public.pem.encode(),
    "unknown-kind": PEM.replace(b"MC4CAQAwBQYDK2Vw", b"MC4CAQAwBQYDK2V_"),
}


@pytest.mark.parametrize("text", NO_PRIVATE_KEYS.values(), ids=NO_PRIVATE_KEYS)
def test_a_file_that_is_no_private_key_is_refused_and_kept(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "signing.key"
    path.write_bytes(text)
    path.chmod(0o600)
    with pytest.raises(ValueError, match=r"signing.key is no Ed25519 private key"):
        local_signer(path)
    assert path.read_bytes() == text
    assert list(tmp_path.iterdir()) == [path]


NO_PUBLIC_KEYS = {
    "empty": b"",
    "words": b"not a key",
    "private": PEM,
    "another-kind": ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
}


@pytest.mark.parametrize("text", NO_PUBLIC_KEYS.values(), ids=NO_PUBLIC_KEYS)
def test_a_file_that_is_no_public_key_is_refused(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "other.pub"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=r"other.pub is no Ed25519 public key"):
        read_verifier(path)


MAKING = """
from engine.evidence.signing import local_signer
print(local_signer(Path(sys.argv[1])).public.name)
"""


def test_processes_that_make_the_key_at_once_all_hold_the_same(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.key"
    assert said_at_once(MAKING, path) == {read_verifier(path.with_suffix(".pub")).name}
    assert len(list(path.parent.iterdir())) == 2


# Others


@needs_openssl
def test_openssl_verifies_what_was_signed(tmp_path: Path) -> None:
    signer = local_signer(tmp_path / "signing.key")
    (tmp_path / "body").write_bytes(b"body")
    (tmp_path / "signature").write_bytes(signer.sign(b"body"))
    words = "openssl pkeyutl -verify -pubin -inkey signing.pub -rawin -in body -sigfile signature"
    done = subprocess.run(words.split(), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Verified Successfully" in done.stdout


@needs_openssl
def test_a_key_that_openssl_made_signs(tmp_path: Path) -> None:
    path = tmp_path / "signing.key"
    words = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(path)]
    subprocess.run(words, check=True, capture_output=True)
    path.chmod(0o600)
    signer = local_signer(path)
    assert read_verifier(tmp_path / "signing.pub").verify(signer.sign(b"body"), b"body")
