"""A release: the same digest everywhere, whole or not at all, refused when anything is amiss."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import release as releases
from engine.decide import semantics
from engine.decide.answer import Answer
from engine.decide.examples import verdict
from engine.decide.network import Network
from engine.declaration.facts import Facts
from engine.evidence.canonical import canonical
from engine.language.diagnostics import RefusedError
from engine.language.rule import Rule
from engine.release import Release, ReleaseError, load, reference, save
from tests.engines import needs_both_engines

DAY = date(2026, 11, 23)
HOME = Path(__file__).parent.parent


@pytest.fixture
def saved(release_file: Path, tmp_path: Path) -> Path:
    """A copy of the shipped release that a test may spoil."""
    return Path(shutil.copy(release_file, tmp_path / "release.json"))


# Digest


def test_a_loaded_release_is_the_one_that_was_saved(release: Release, saved: Path) -> None:
    found = load(saved)
    assert found.ref == reference(release)
    assert found.vocabulary == release.vocabulary
    assert [bare(rule) for rule in found.base.rules] == [bare(rule) for rule in release.base.rules]
    assert found.base.parameters == release.base.parameters


def bare(rule: Rule) -> Rule:
    """The rule without its examples, whose plain values JSON does not tell apart."""
    return msgspec.structs.replace(rule, examples=())


def test_a_loaded_release_decides_its_own_examples_as_they_say(saved: Path) -> None:
    program = releases.decider(load(saved)).program
    examples = [(c.rule, example) for c in program.rules for example in c.rule.examples]
    assert examples
    for rule, example in examples:
        assert verdict(program, rule, example, DAY) == example.expect


def test_the_id_is_the_day_and_the_first_digits_of_the_digest(release: Release) -> None:
    ref = release.ref
    assert ref.id == f"2026-11-23-{ref.digest.removeprefix('sha256:')[:12]}"


SCRIPT = """
from datetime import date
from pathlib import Path
from engine.release import checked, reference
print(reference(checked(Path("."), date(2026, 11, 23))[0]).digest)
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_digest_is_the_same_in_every_process(release: Release, seed: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=HOME,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == release.ref.digest


def test_saving_twice_writes_the_same_bytes(release: Release, tmp_path: Path) -> None:
    save(release, tmp_path / "a")
    save(load(tmp_path / "a"), tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_rule_is_another_digest(release: Release) -> None:
    fewer = msgspec.structs.replace(release.base, rules=release.base.rules[1:])
    assert msgspec.structs.replace(release, base=fewer).ref.digest != release.ref.digest


def test_a_release_says_what_made_it(release: Release) -> None:
    assert (release.made_on, release.semantics) == (DAY, semantics.VERSION)


# Refused on loading


def test_a_changed_byte_is_refused(saved: Path) -> None:
    content = saved.read_bytes()
    place = content.index(b'"title":"') + len(b'"title":"')
    saved.write_bytes(content[:place] + b"X" + content[place + 1 :])
    with pytest.raises(ReleaseError, match="digest"):
        load(saved)


def test_another_digest_in_the_file_is_refused(saved: Path) -> None:
    content = json.loads(saved.read_bytes())
    content["digest"] = "sha256:" + "0" * 64
    saved.write_text(json.dumps(content))
    with pytest.raises(ReleaseError, match="digest"):
        load(saved)


def test_a_release_of_another_meaning_is_refused(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    save(msgspec.structs.replace(release, semantics="0"), path)
    with pytest.raises(ReleaseError, match="cannot run it"):
        load(path)


def test_a_release_of_another_format_is_refused(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    save(msgspec.structs.replace(release, format="another"), path)
    with pytest.raises(ReleaseError, match="format"):
        load(path)


def test_a_missing_release_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="commensura publish"):
        load(tmp_path / "none.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"digest": 1}', "\xff"])
def test_a_file_that_is_no_release_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "release.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ReleaseError):
        load(path)


def digested(value: Any) -> bytes:
    digest = hashlib.sha256(canonical(value)).hexdigest()
    return json.dumps({"digest": f"sha256:{digest}", "release": value}).encode()


@pytest.mark.parametrize(
    "value",
    [
        [],
        "text",
        None,
        {"format": releases.FORMAT, "semantics": semantics.VERSION},
    ],
)
def test_a_sound_digest_of_something_else_is_refused(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "release.json"
    path.write_bytes(digested(value))
    with pytest.raises(ReleaseError):
        load(path)


# Whole or not at all


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_an_interrupted_save_leaves_the_former_file_and_no_other(
    release: Release, saved: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = saved.read_bytes()

    def fails(*_: object) -> None:
        raise OSError("the disk is full")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fails)
    else:
        monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="disk is full"):
        save(msgspec.structs.replace(release, agreement_run=7), saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_an_interrupted_first_save_leaves_nothing(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(KeyboardInterrupt):
        save(release, tmp_path / "new" / "release.json")
    assert list((tmp_path / "new").iterdir()) == []


# Refused on publishing


def copied(tmp_path: Path) -> Path:
    for folder in ("ontology", "rules"):
        shutil.copytree(HOME / folder, tmp_path / folder)
    return tmp_path


@needs_both_engines
def test_publishing_lets_the_engines_agree_and_records_it() -> None:
    made, _ = releases.build(HOME, DAY, run=20)
    assert made.agreement_run == 20


@needs_both_engines
def test_engines_that_disagree_refuse_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = Network.judge

    def lies(self: Network, facts: Facts) -> Answer:
        answer = truth(self, facts)
        return msgspec.structs.replace(answer, applies=answer.applies ^ {0})

    monkeypatch.setattr(Network, "judge", lies)
    with pytest.raises(RefusedError, match="engines-disagree"):
        releases.build(HOME, DAY, run=5)


def test_a_failing_example_refuses_publishing(tmp_path: Path) -> None:
    root = copied(tmp_path)
    path = root / "rules" / "traders" / "poor-record.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('expect = "does not apply"', 'expect = "applies"'), "utf-8")
    with pytest.raises(RefusedError, match="example-fails"):
        releases.checked(root, DAY)


def test_an_unknown_term_refuses_publishing(tmp_path: Path) -> None:
    root = copied(tmp_path)
    path = root / "rules" / "customs" / "random.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("control:Identity", "control:Idenity"), "utf-8")
    with pytest.raises(RefusedError, match="did you mean `control:Identity`"):
        releases.checked(root, DAY)


def test_a_row_that_can_never_apply_refuses_publishing(tmp_path: Path) -> None:
    root = copied(tmp_path)
    path = root / "rules" / "food" / "entry-document.toml"
    text = path.read_text(encoding="utf-8")
    # Pistachios grown in one country and dispatched from another (C093) now need both at once.
    impossible = (
        '  { fact = "consignment.exportCountry", is = { column = "origin_grown", blank = "any" }, '
        'basis = "increased-controls" },\n'
    )
    marker = "[when]\nall = [\n"
    path.write_text(text.replace(marker, marker + impossible), "utf-8")
    with pytest.raises(RefusedError, match="never-applies"):
        releases.checked(root, DAY)
