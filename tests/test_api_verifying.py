"""`verify`: each kind of file, what it says of each check, and what is no such file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from api.verifying import UnverifiableError, as_text, verified
from engine import release as releases
from engine.decide.decision import ReleaseRef
from engine.evidence import merkle
from engine.evidence.canonical import canonical
from engine.evidence.checkpoint import Growth, signed
from engine.evidence.signing import Signer
from engine.prove import record as records
from engine.prove.proving import Outcome
from engine.prove.record import Held, Record
from tests.command_line import run
from tests.evidence_sample import SIGNER, STRANGER
from tests.test_evidence_checkpoint import at, entries
from tests.test_evidence_receipt import changed, receipt

LOG = entries(9)


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "signing.pub"
    path.write_text(SIGNER.public.pem)
    return str(path)


def note(folder: Path, size: int, signer: Signer = SIGNER) -> Path:
    path = folder / f"{size}.checkpoint"
    path.write_text(signed(at(LOG, size), signer), "utf-8")
    return path


def growth(folder: Path, first: int, second: int) -> Path:
    path = folder / "growth.json"
    proof = merkle.consistency(first, second, LOG.nodes)
    path.write_bytes(canonical(Growth(first=first, second=second, proof=proof)))
    return path


def sent(folder: Path, body: bytes) -> Path:
    path = folder / "receipt.json"
    path.write_bytes(body)
    return path


def results(*files: Path, signer: Signer = SIGNER) -> list[dict[str, str]]:
    found = verified(files, signer.public)
    return [{check.name: check.result.value for check in one.checks} for one in found]


# On the command line


def test_a_release_is_verified_in_words(release_file: Path, public_key: Path) -> None:
    done = run("verify", str(release_file), "--key", str(public_key))
    assert done.returncode == 0
    first, digest, signature = done.stdout.splitlines()
    assert first == f"verified: {release_file}, release"
    assert digest.startswith("  digest     holds: the release has the digest that it states, sha2")
    assert signature == f"  signature  holds: key {SIGNER.public.name} signed that digest"


def test_a_release_of_another_key_is_refused_with_1(
    release_file: Path, key: str, tmp_path: Path
) -> None:
    Path(key).write_text(STRANGER.public.pem)
    done = run("verify", str(release_file), "--key", key)
    assert done.returncode == 1
    assert "REFUSED" in done.stdout
    assert f"by key {SIGNER.public.name}, and trusted is {STRANGER.public.name}" in done.stdout


def test_a_changed_release_is_refused_with_1(release_file: Path, key: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(release_file, tmp_path / "release.json"))
    path.write_bytes(path.read_bytes().replace(b'"title":"', b'"title":"X', 1))
    done = run("verify", str(path), "--key", key)
    assert done.returncode == 1
    assert "fails: release.json was changed after publishing" in done.stdout


def test_a_receipt_is_verified_as_json(key: str, tmp_path: Path) -> None:
    path = sent(tmp_path, canonical(receipt()))
    done = run("verify", str(path), "--key", key, "--format", "json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["verified"]) == (0, True)
    assert answer["what"].startswith("receipt of the decision log-2 on declaration 2")
    results = {check["name"]: check["result"] for check in answer["checks"]}
    assert results.pop("draws") == "not checked"  # what this sample decides is no decision
    assert set(results.values()) == {"holds"}


def test_one_refused_file_among_others_refuses_with_1(key: str, tmp_path: Path) -> None:
    bad = sent(tmp_path, canonical(changed(receipt(), index=3)))
    done = run("verify", str(note(tmp_path, 3)), str(bad), "--key", key, "--format", "json")
    assert done.returncode == 1
    assert {one["what"][:7]: one["verified"] for one in json.loads(done.stdout)} == {
        "checkpo": True,
        "receipt": False,
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["nowhere.json"], "nowhere.json cannot be read: No such file"),
        (["README.md"], "README.md is neither JSON nor a checkpoint"),
        (["features/declarations/sesame-nigeria.json"], "neither a release nor a receipt"),
    ],
)
def test_what_cannot_be_verified_exits_with_2(files: list[str], said: str, key: str) -> None:
    done = run("verify", *files, "--key", key)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_public_key_that_cannot_be_used_exits_with_2(release_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.pub"
    path.write_text("no key")
    done = run("verify", str(release_file), "--key", str(path))
    assert done.returncode == 2
    assert "the public key cannot be used: other.pub is no Ed25519 public key" in done.stderr


def test_a_missing_public_key_exits_with_2_and_the_mend(release_file: Path, tmp_path: Path) -> None:
    done = run("verify", str(release_file), "--key", str(tmp_path / "none.pub"))
    assert done.returncode == 2
    assert "`commensura publish` makes one" in done.stderr


# Receipts


def test_what_is_erased_or_withheld_is_said_and_not_refused(tmp_path: Path) -> None:
    path = sent(tmp_path, canonical(changed(receipt(), parts={"declaration": None})))
    (found,) = verified([path], SIGNER.public)
    assert found.verified
    lines = list(as_text([found]))
    assert "  part declaration  erased: only its digest is left" in lines
    assert "  part decision     withheld: not shown by this receipt" in lines


def test_a_receipt_cannot_write_a_check_of_its_own(tmp_path: Path) -> None:
    forged = '"log-2\\n  checkpoint  holds: \\u001b[32m"'
    body = canonical(receipt()).replace(b'"log-2"', forged.encode())
    lines = list(as_text(verified([sent(tmp_path, body)], SIGNER.public)))
    assert len(lines) == 5
    assert lines[0].startswith("REFUSED: ")
    assert all(line.isprintable() for line in lines)


# Checkpoints


def test_a_checkpoint_alone_is_its_signature(tmp_path: Path) -> None:
    assert results(note(tmp_path, 3)) == [{"checkpoint": "holds"}]
    assert results(note(tmp_path, 3), signer=STRANGER) == [{"checkpoint": "fails"}]


def test_two_checkpoints_with_their_proof_show_growth(tmp_path: Path) -> None:
    files = note(tmp_path, 3), note(tmp_path, 9), growth(tmp_path, 3, 9)
    assert results(*files) == [
        {"earlier checkpoint": "holds", "later checkpoint": "holds", "growth": "holds"}
    ]


def test_the_proof_may_stand_anywhere_among_the_files(tmp_path: Path) -> None:
    proof = growth(tmp_path, 3, 9)
    (found,) = results(proof, note(tmp_path, 3), note(tmp_path, 9))
    assert found["growth"] == "holds"


def test_checkpoints_in_the_wrong_order_are_a_rollback(tmp_path: Path) -> None:
    (found,) = results(note(tmp_path, 9), note(tmp_path, 3))
    assert found["growth"] == "fails"


def test_a_checkpoint_that_was_kept_twice_needs_no_proof(tmp_path: Path) -> None:
    (found,) = results(note(tmp_path, 3), note(tmp_path, 3))
    assert found["growth"] == "holds"


def test_a_checkpoint_of_a_stranger_shows_no_growth(tmp_path: Path) -> None:
    files = note(tmp_path, 3, STRANGER), note(tmp_path, 9), growth(tmp_path, 3, 9)
    assert results(*files)[0]["earlier checkpoint"] == "fails"


def test_checkpoints_without_their_proof_are_asked_for_it(tmp_path: Path) -> None:
    with pytest.raises(UnverifiableError, match="proof that the log grew from 3 to 9 entries"):
        results(note(tmp_path, 3), note(tmp_path, 9))


def test_a_proof_of_other_sizes_is_named(tmp_path: Path) -> None:
    files = note(tmp_path, 3), note(tmp_path, 9), growth(tmp_path, 4, 9)
    with pytest.raises(UnverifiableError, match=r"proof from 4 to 9 entries; .* have 3 and 9"):
        results(*files)


def test_a_proof_or_three_checkpoints_alone_are_not_verified(tmp_path: Path) -> None:
    files = [note(tmp_path, size) for size in (2, 3, 9)]
    proof = growth(tmp_path, 3, 9)
    for given in ([proof], [files[0], proof], files, [*files[:2], proof, proof]):
        with pytest.raises(UnverifiableError, match="give one checkpoint, or two"):
            results(*given)


# Records of proofs


@pytest.fixture
def published(tmp_path: Path, release_file: Path) -> Path:
    """A release in a folder of its own, with no record beside it yet."""
    return Path(shutil.copy(release_file, tmp_path / "release.json"))


def recorded(path: Path, release: Path | None = None, signer: Signer = SIGNER) -> Path:
    """A record of proofs at *path*, of *release* or of one that is nowhere."""
    digest = "sha256:elsewhere" if release is None else releases.digest_of(release)
    of_each = {
        "no-gap": Outcome.REFUTED,
        "within-ladder": Outcome.PROVED,
        "basis-in-force": Outcome.UNDECIDED,
        "authorised-no-worse": Outcome.PROVED,
    }
    record = Record(
        format=records.FORMAT,
        release=ReleaseRef(id="2026-11-23-abc", digest=digest),
        budget=30,
        properties=tuple(
            Held(property=name, outcome=outcome, case=None, reason=None)
            for name, outcome in of_each.items()
        ),
    )
    records.save(record, path, signer)
    return path


def test_the_record_beside_a_release_is_verified_with_it(published: Path) -> None:
    recorded(records.beside(published), published)
    assert results(published) == [
        {"digest": "holds", "signature": "holds"},
        {"signature": "holds", "release": "holds"},
    ]


def test_no_record_beside_a_release_is_no_failure(published: Path) -> None:
    (found,) = verified([published], SIGNER.public)
    assert found.verified


def test_a_record_tells_what_is_proved_refuted_and_undecided(published: Path, key: str) -> None:
    path = recorded(records.beside(published), published)
    done = run("verify", str(path), "--key", key)
    assert done.returncode == 0
    first, *checks = done.stdout.splitlines()
    assert first == f"verified: {path}, record of proofs of release 2026-11-23-abc"
    assert checks == [
        f"  signature  holds: key {SIGNER.public.name} signed the record",
        f"  release    holds: the record is of {published}",
        "  proved     within-ladder, authorised-no-worse",
        "  refuted    no-gap",
        "  undecided  basis-in-force",
    ]


def test_a_record_tells_its_properties_as_json(published: Path, key: str) -> None:
    path = recorded(records.beside(published), published)
    done = run("verify", str(path), "--key", key, "--format", "json")
    assert json.loads(done.stdout)["properties"] == {
        "proved": ["within-ladder", "authorised-no-worse"],
        "refuted": ["no-gap"],
        "undecided": ["basis-in-force"],
    }


def test_a_record_that_was_changed_is_refused_with_1(published: Path, key: str) -> None:
    path = recorded(records.beside(published), published)
    path.write_bytes(path.read_bytes().replace(b"refuted", b"proved "))
    done = run("verify", str(published), "--key", key)
    assert done.returncode == 1
    assert "release.proofs.json was changed, or signed by a key that is not trusted" in done.stdout


def test_a_record_that_a_stranger_signed_is_refused(published: Path) -> None:
    recorded(records.beside(published), published, STRANGER)
    assert results(published)[1] == {"signature": "fails"}


def test_a_record_of_another_release_is_refused_with_1(published: Path, key: str) -> None:
    recorded(records.beside(published))
    done = run("verify", str(published), "--key", key)
    assert done.returncode == 1
    assert f"fails: the record is of another release than {published}" in done.stdout


def test_a_refused_record_says_nothing_of_properties(published: Path) -> None:
    recorded(records.beside(published))
    (_, found) = verified([published], SIGNER.public)
    assert not found.properties


def test_a_record_of_a_release_that_was_changed_is_refused(published: Path) -> None:
    path = recorded(records.beside(published), published)
    published.write_bytes(published.read_bytes().replace(b'"title":"', b'"title":"X', 1))
    assert results(path) == [{"signature": "holds", "release": "fails"}]


def test_a_record_elsewhere_is_held_against_the_release_that_is_given(
    published: Path, tmp_path: Path
) -> None:
    path = recorded(tmp_path / "received.json", published)
    assert results(path, published)[1] == {"signature": "holds", "release": "holds"}


def test_a_record_without_its_release_is_told_apart(published: Path, tmp_path: Path) -> None:
    path = recorded(tmp_path / "received.json", published)
    assert results(path) == [{"signature": "holds", "release": "not checked"}]


def test_a_record_named_with_its_release_is_looked_at_once(published: Path) -> None:
    path = recorded(records.beside(published), published)
    assert len(results(published, path)) == 2


@pytest.mark.parametrize("body", [b"", b"{}", b'{"record": ' + b"[" * 100_000])
def test_what_stands_in_the_place_of_a_record_is_refused(published: Path, body: bytes) -> None:
    records.beside(published).write_bytes(body)
    assert results(published)[1] == {"signature": "fails"}


# What is nothing of that


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b'{"record": 1}',
        b'{"release": 1}',
        b'{"proof": 1}',
        b'{"proof": ["A"], "first": 1, "second": 2}',
        b'{"release": ' + b"[" * 100_000,
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(UnverifiableError):
        results(sent(tmp_path, body))


def test_an_error_holds_nothing_that_a_terminal_would_obey(tmp_path: Path) -> None:
    with pytest.raises(UnverifiableError) as refused:
        results(sent(tmp_path, b'{"release":1,"digest":"","\\u001b[2J":1}'))
    assert str(refused.value).isprintable()
