"""Notes and checkpoints: the published vector, every changed byte, and a log that was rewritten."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence import checkpoint, merkle, note
from engine.evidence.check import refused
from engine.evidence.checkpoint import Checkpoint, grown, opened, signed
from engine.evidence.note import NoteError
from engine.evidence.signing import Verifier
from tests.evidence_sample import SIGNER, STRANGER, Log

ORIGIN = "commensura.example/log"
EMPTY = Checkpoint(ORIGIN, 0, merkle.EMPTY)

origins = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
names = origins.map(lambda text: text.replace("+", "-"))
roots = st.binary(min_size=32, max_size=32)
checkpoints = st.builds(Checkpoint, names, st.integers(1, 10**18 - 1), roots)


def entries(size: int, word: str = "entry") -> Log:
    return Log([f"{word} {index}".encode() for index in range(size)])


def at(log: Log, size: int, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin, size, merkle.root(size, log.nodes))


# Notes


PUBLISHED = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n"
)
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_the_published_note_is_read_with_its_key() -> None:
    """The example of Go's package for notes (golang.org/x/mod/sumdb/note), which C2SP describes."""
    verifier = Verifier(base64.b64decode(PUBLISHED_KEY.split("+")[2])[1:])
    assert note.key_text("PeterNeumann", verifier) == PUBLISHED_KEY
    assert note.read(PUBLISHED).signed_by("PeterNeumann", verifier)
    assert not note.read(PUBLISHED.replace("don't", "do")).signed_by("PeterNeumann", verifier)


def test_a_signature_of_an_unknown_key_is_left_aside() -> None:
    first, second = note.signed("text\n", "a", STRANGER), note.signed("text\n", "b", SIGNER)
    both = note.read(first + second.splitlines()[-1] + "\n")
    assert both.signed_by("a", STRANGER.public)
    assert both.signed_by("b", SIGNER.public)
    assert not both.signed_by("a", SIGNER.public)


def test_a_key_that_signed_rightly_and_wrongly_is_not_believed() -> None:
    right, wrong = note.signed("text\n", "a", SIGNER), note.signed("other\n", "a", SIGNER)
    both = note.read(right + wrong.splitlines()[-1] + "\n")
    assert not both.signed_by("a", SIGNER.public)


@given(st.text(st.sampled_from("a\n\r\t— é"), max_size=9).map(lambda text: f"{text}\n"))
def test_a_text_that_is_signed_is_read_again_or_refused(text: str) -> None:
    try:
        found = note.signed(text, "key", SIGNER)
    except NoteError:
        return
    assert note.read(found).text == text


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u2003b", "\ud800", "\x00"])
def test_a_name_that_would_break_the_line_is_refused(name: str) -> None:
    with pytest.raises(NoteError, match="no name of a key"):
        note.signed("text\n", name, SIGNER)


@pytest.mark.parametrize("text", ["", "text", "tab\t\n", "nul\0\n", "\ud800\n", "\r\n"])
def test_a_text_that_is_no_lines_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError, match="no text for a note"):
        note.signed(text, "key", SIGNER)


LINE = "— key AAAAAAAA"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text\n",
        "\n\n",
        f"text\n{LINE}\n",
        f"text\n\n{LINE}",
        f"text\n\n{LINE}\r\n",
        "text\n\n— key\n",
        "text\n\n- key AAAAAAAA\n",
        "text\n\n— k+y AAAAAAAA\n",
        "text\n\n— key AAAA\n",  # an id and no signature
        "text\n\n— key AAAAAAA\n",
        "text\n\n— key AAAAAAB=\n",  # bits beyond the last byte
        "text\n\n— key AAAA AAAA\n",
        "text\n\n" + f"{LINE}\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        note.read(text)


# Checkpoints


@given(checkpoints)
def test_a_checkpoint_is_the_same_after_it_was_signed(found: Checkpoint) -> None:
    assert opened(signed(found, SIGNER), SIGNER.public) == found


def test_a_checkpoint_has_the_lines_of_the_standard() -> None:
    origin, size, root, blank, signature = signed(at(entries(3), 3), SIGNER).splitlines()
    assert (origin, size, blank) == (ORIGIN, "3", "")
    assert base64.b64decode(root) == merkle.root(3, entries(3).nodes)
    assert signature.startswith(f"— {ORIGIN} ")


@given(checkpoints)
def test_a_checkpoint_of_another_key_is_refused(found: Checkpoint) -> None:
    with pytest.raises(NoteError, match=f"not signed by key {SIGNER.public.name}"):
        opened(signed(found, STRANGER), SIGNER.public)


def test_every_changed_bit_of_a_checkpoint_is_refused() -> None:
    whole = signed(at(entries(7), 7), SIGNER).encode()
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            text = bytes(changed).decode("utf-8", "replace")
            with pytest.raises(NoteError):
                opened(text, SIGNER.public)


def test_every_shortened_checkpoint_is_refused() -> None:
    whole = signed(at(entries(7), 7), SIGNER)
    for end in range(len(whole)):
        with pytest.raises(NoteError):
            opened(whole[:end], SIGNER.public)


def test_a_signature_of_another_origin_is_refused() -> None:
    text = at(entries(3), 3).text
    with pytest.raises(NoteError, match="not signed"):
        opened(note.signed(text, "another.example/log", SIGNER), SIGNER.public)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n3\n",
        f"{ORIGIN}\n03\n{'A' * 43}=\n",
        f"{ORIGIN}\n-3\n{'A' * 43}=\n",
        f"{ORIGIN}\n+3\n{'A' * 43}=\n",
        f"{ORIGIN}\n٣\n{'A' * 43}=\n",
        f"{ORIGIN}\n{10**18}\n{'A' * 43}=\n",
        f"{ORIGIN}\n3\n{'A' * 42}B=\n",  # bits beyond the last byte
        f"{ORIGIN}\n3\n{'A' * 40}\n",
        f"{ORIGIN}\n3\n{'A' * 43}=\nextension\n",
        f"{ORIGIN}\n0\n{'A' * 43}=\n",
        f"\n3\n{'A' * 43}=\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        opened(note.signed(text, ORIGIN, SIGNER), SIGNER.public)


@pytest.mark.parametrize("found", [("a b", 1, b"r" * 32), ("a", -1, b"r" * 32), ("a", 1, b"r")])
def test_what_no_log_can_be_is_no_checkpoint(found: tuple[str, int, bytes]) -> None:
    with pytest.raises(NoteError):
        Checkpoint(*found)


# Growth


sizes = st.integers(1, 40)


@given(sizes, st.data())
def test_a_log_that_grew_is_shown_to_have_grown(size: int, data: st.DataObject) -> None:
    log, first = entries(size), data.draw(st.integers(1, size))
    notes = signed(at(log, first), SIGNER), signed(at(log, size), SIGNER)
    proof = merkle.consistency(first, size, log.nodes)
    assert not refused(grown(*notes, proof, SIGNER.public))


def objection(first: Checkpoint, second: Checkpoint, proof: tuple[bytes, ...] = ()) -> str:
    """What the check of growth says; the signatures hold."""
    checks = grown(signed(first, SIGNER), signed(second, SIGNER), proof, SIGNER.public)
    assert [check.name for check in checks if check.result == "fails"] == ["growth"]
    return checks[-1].message


@given(sizes, st.data())
def test_a_rollback_is_told(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, size - 1))
    log = entries(size)
    proof = merkle.consistency(first, size, log.nodes) if first else ()
    assert "rolled back" in objection(at(log, size), at(log, first) if first else EMPTY, proof)


@given(sizes)
def test_two_pasts_of_one_size_are_told(size: int) -> None:
    assert "two pasts" in objection(at(entries(size), size), at(entries(size, "another"), size))


@given(sizes, sizes)
def test_a_rewritten_past_is_told(first: int, more: int) -> None:
    other = entries(first + more, "another")
    proof = merkle.consistency(first, first + more, other.nodes)
    said = objection(at(entries(first), first), at(other, first + more), proof)
    assert "the log was rewritten" in said


def test_a_log_of_another_origin_is_told() -> None:
    log = entries(3)
    said = objection(at(log, 3), at(log, 3, "another.example/log"))
    assert "two logs" in said


def test_any_log_begins_with_none() -> None:
    notes = signed(EMPTY, SIGNER), signed(at(entries(3), 3), SIGNER)
    assert not refused(grown(*notes, (), SIGNER.public))
    assert "needs no proof" in objection(EMPTY, at(entries(3), 3), (merkle.EMPTY,))


@pytest.mark.parametrize("place", [0, 1])
def test_a_checkpoint_that_a_stranger_signed_shows_no_growth(place: int) -> None:
    log = entries(5)
    keys = [SIGNER, SIGNER]
    keys[place] = STRANGER
    notes = signed(at(log, 2), keys[0]), signed(at(log, 5), keys[1])
    checks = grown(*notes, merkle.consistency(2, 5, log.nodes), SIGNER.public)
    failing = [check.name for check in checks if check.result == "fails"]
    assert failing == [("earlier checkpoint", "later checkpoint")[place]]


def test_a_checkpoint_can_be_read_without_its_key() -> None:
    assert checkpoint.read(signed(at(entries(5), 5), STRANGER)).size == 5
