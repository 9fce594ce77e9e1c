"""The record of proofs: beside its release, signed, and of no other."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.decide.decision import ReleaseRef
from engine.prove.proving import Case, Outcome
from engine.prove.record import RecordError, beside, load, missing, recorded, save
from engine.prove.report import Proof, Report, lines
from tests.evidence_sample import SIGNER, STRANGER

RELEASE = ReleaseRef(id="2026-11-23-abc", digest="sha256:abc")
CASE = Case(
    requests=({"declaration": {"id": "CASE-1"}},), says="a hold of low risk", agreement=True
)


def proof(name: str, outcome: Outcome) -> Proof:
    refuted, open_ = outcome is Outcome.REFUTED, outcome is Outcome.UNDECIDED
    return Proof(
        property=name,
        title="Something holds",
        article="Test Act, Article 1",
        statement="It holds.",
        outcome=outcome,
        seconds=1.5,
        case=CASE if refuted else None,
        reason="no time" if open_ else None,
    )


REPORT = Report(
    release=RELEASE,
    proofs=(
        proof("one", Outcome.PROVED),
        proof("two", Outcome.REFUTED),
        proof("three", Outcome.UNDECIDED),
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = beside(tmp_path / "release.json")
    save(recorded(REPORT, 30), found, SIGNER)
    return found


def test_a_record_is_read_as_it_was_written(path: Path) -> None:
    assert load(path, RELEASE, SIGNER.public) == recorded(REPORT, 30)


def test_a_record_stands_beside_its_release(path: Path) -> None:
    assert path.name == "release.proofs.json"


def test_a_record_that_was_changed_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"refuted", b"proved "))
    with pytest.raises(RecordError, match="was changed"):
        load(path, RELEASE, SIGNER.public)


def test_a_record_by_a_stranger_is_refused(path: Path) -> None:
    save(recorded(REPORT, 30), path, STRANGER)
    with pytest.raises(RecordError, match="not trusted"):
        load(path, RELEASE, SIGNER.public)


def test_a_record_of_another_release_is_refused(path: Path) -> None:
    other = msgspec.structs.replace(RELEASE, id="2026-11-24-def", digest="sha256:def")
    with pytest.raises(RecordError, match="is of release 2026-11-23-abc"):
        load(path, other, SIGNER.public)


def test_no_record_is_told_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="publish --prove"):
        load(tmp_path / "none.json", RELEASE, SIGNER.public)


def test_only_what_is_required_and_not_proved_is_missing() -> None:
    held = recorded(REPORT, 30).properties
    assert missing(held, ["one"]) == []
    (two, three) = missing(held, ["one", "two", "three"])
    assert "`two` is refuted: a hold of low risk" in two.message
    assert "`three` is undecided: no time" in three.message


def test_a_required_property_of_which_nothing_is_said_is_missing() -> None:
    (only,) = missing((), ["within-ladder"])
    assert only.message == "it is not known whether `within-ladder` holds"


def test_a_report_reads_with_its_counterexample_and_its_reason() -> None:
    text = "\n".join(lines(REPORT))
    assert "a hold of low risk" in text
    assert '{"declaration":{"id":"CASE-1"}}' in text
    assert "no time" in text
    assert text.endswith("1 of 3 properties hold of every declaration")
