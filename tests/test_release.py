"""A release: the same digest everywhere, whole or not at all, refused when anything is amiss."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine import knowledge
from engine import release as releases
from engine.decide import semantics
from engine.decide.answer import Answer
from engine.decide.examples import verdict
from engine.decide.network import Network
from engine.declaration.facts import Facts
from engine.evidence.canonical import canonical
from engine.evidence.signing import Signer
from engine.knowledge import BOTH, PROTOTYPE
from engine.language.base import ReadBase
from engine.language.checks import check
from engine.language.diagnostics import Diagnostic, RefusedError, Severity
from engine.language.rule import Rule
from engine.release import Release, ReleaseError, load, reference, save
from tests.engines import needs_both_engines
from tests.evidence_sample import SIGNER, STRANGER

DAY = date(2026, 11, 23)
HOME = Path(__file__).parent.parent


@pytest.fixture
def saved(release_file: Path, tmp_path: Path) -> Path:
    """A copy of the shipped release that a test may spoil."""
    return Path(shutil.copy(release_file, tmp_path / "release.json"))


# Digest


def test_a_loaded_release_is_the_one_that_was_saved(release: Release, saved: Path) -> None:
    found = load(saved, SIGNER.public)
    assert found.ref == reference(release)
    assert found.vocabulary == release.vocabulary
    assert [bare(rule) for rule in found.base.rules] == [bare(rule) for rule in release.base.rules]
    assert found.base.parameters == release.base.parameters


def bare(rule: Rule) -> Rule:
    """The rule without its examples, whose plain values JSON does not tell apart."""
    return msgspec.structs.replace(rule, examples=())


def test_a_loaded_release_decides_its_own_examples_as_they_say(saved: Path) -> None:
    program = releases.decider(load(saved, SIGNER.public)).program
    examples = [(c.rule, example) for c in program.rules for example in c.rule.examples]
    assert examples
    for rule, example in examples:
        assert verdict(program, rule, example) == example.expect


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
    save(release, tmp_path / "a", SIGNER)
    save(load(tmp_path / "a", SIGNER.public), tmp_path / "b", SIGNER)
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
        load(saved, SIGNER.public)


def test_another_digest_in_the_file_is_refused(saved: Path, release: Release) -> None:
    digest = release.ref.digest.encode()
    saved.write_bytes(saved.read_bytes().replace(digest, b"sha256:" + b"0" * 64))
    with pytest.raises(ReleaseError, match="digest"):
        load(saved, SIGNER.public)


def test_a_release_of_another_meaning_is_refused(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    save(msgspec.structs.replace(release, semantics="0"), path, SIGNER)
    with pytest.raises(ReleaseError, match="cannot run it"):
        load(path, SIGNER.public)


@pytest.mark.parametrize("place", ["release", "rule"])
def test_a_release_that_says_more_than_is_read_is_not_run(small: Path, place: str) -> None:
    body = json.loads(small.read_bytes())["release"]
    (body if place == "release" else body["base"]["rules"][0])["more"] = 1
    small.write_bytes(written(canonical(body), SIGNER))
    with pytest.raises(ReleaseError, match="another version of this code"):
        load(small, SIGNER.public)
    assert load(small, SIGNER.public, to_run=False)


def test_a_release_of_another_format_is_refused(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    save(msgspec.structs.replace(release, format="another"), path, SIGNER)
    with pytest.raises(ReleaseError, match="format"):
        load(path, SIGNER.public)


def test_a_missing_release_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="commensura publish"):
        load(tmp_path / "none.json", SIGNER.public)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"digest": 1}', "\xff"])
def test_a_file_that_is_no_release_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "release.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ReleaseError):
        load(path, SIGNER.public)


@pytest.mark.parametrize(
    "value",
    [
        [],
        "text",
        None,
        {"format": releases.FORMAT, "semantics": semantics.VERSION},
    ],
)
def test_a_sound_signature_of_something_else_is_refused(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "release.json"
    path.write_bytes(written(canonical(value), SIGNER))
    with pytest.raises(ReleaseError, match=r"format|no whole release"):
        load(path, SIGNER.public)


def test_a_folder_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no release"):
        load(tmp_path, SIGNER.public)


# Signature


def written(body: bytes, signer: Signer, key: str | None = None) -> bytes:
    """The file that *signer* would publish, whatever the body; *key* is the name it takes."""
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    value = base64.b64encode(signer.sign(f"commensura release {digest}\n".encode())).decode()
    signature = canonical({"key": key or signer.public.name, "ed25519": value})
    return b'{"digest":"%b","release":%b,"signature":%b}' % (digest.encode(), body, signature)


@pytest.fixture
def small(release: Release, tmp_path: Path) -> Path:
    """A release file of one rule and no words, small enough to change every byte of it."""
    words = msgspec.structs.asdict(release.vocabulary)
    nothing = {name: type(value)() for name, value in words.items()}
    rule = min(map(bare, release.base.rules), key=lambda rule: len(canonical(rule)))
    path = tmp_path / "small.json"
    save(
        msgspec.structs.replace(
            release,
            vocabulary=msgspec.structs.replace(release.vocabulary, **nothing),
            base=msgspec.structs.replace(release.base, rules=(rule,), parameters={}, calendars={}),
        ),
        path,
        SIGNER,
    )
    return path


def test_a_release_file_is_as_documented(small: Path) -> None:
    body = json.loads(small.read_bytes())["release"]
    assert small.read_bytes() == written(canonical(body), SIGNER)
    assert small.read_bytes() == canonical(json.loads(small.read_bytes()))


def test_every_changed_byte_of_a_signed_release_is_refused(small: Path) -> None:
    whole = small.read_bytes()
    assert load(small, SIGNER.public)
    body = range(whole.index(b',"release":') + 11, whole.rindex(b',"signature":'))
    for place in range(len(whole)):
        # All bits around the body; in it the next one each time, as the digest tells all alike.
        for bit in [place % 8] if place in body else range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            small.write_bytes(changed)
            with pytest.raises(ReleaseError):
                load(small, SIGNER.public)


def test_every_shortened_release_is_refused(small: Path) -> None:
    whole = small.read_bytes()
    for end in range(0, len(whole), 7):
        small.write_bytes(whole[:end])
        with pytest.raises(ReleaseError):
            load(small, SIGNER.public)


@pytest.mark.parametrize(
    "respelled",
    [
        lambda whole: json.dumps(json.loads(whole)).encode(),
        lambda whole: whole + b"\n",
        lambda whole: whole.replace(b'{"digest"', b'{"digest":"sha256:0","digest"', 1),
        lambda whole: whole.replace(b'"signature":{', b'"signature":{"more":1,', 1),
    ],
    ids=["spaces", "line-break", "stated-twice", "more"],
)
def test_another_spelling_of_a_release_is_refused(
    small: Path, respelled: Callable[[bytes], bytes]
) -> None:
    small.write_bytes(respelled(small.read_bytes()))
    with pytest.raises(ReleaseError):
        load(small, SIGNER.public)


def test_a_release_that_is_not_signed_is_refused(small: Path) -> None:
    content = json.loads(small.read_bytes())
    del content["signature"]
    small.write_bytes(canonical(content))
    with pytest.raises(ReleaseError, match="is not signed: publish again"):
        load(small, SIGNER.public)


def test_a_release_that_another_key_signed_names_both_and_the_mend(small: Path) -> None:
    names = f"by key {SIGNER.public.name}, and trusted is {STRANGER.public.name}: .*`--trust FILE`"
    with pytest.raises(ReleaseError, match=names):
        load(small, STRANGER.public)


def test_a_release_is_refused_where_no_key_is_trusted(small: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no key is trusted here: .*`commensura publish`"):
        load(small)


def test_a_release_may_be_signed_by_any_of_the_trusted_keys(small: Path) -> None:
    assert load(small, STRANGER.public, SIGNER.public) == load(small, SIGNER.public)


def test_a_stranger_who_takes_the_name_of_a_trusted_key_is_refused(small: Path) -> None:
    body = canonical(json.loads(small.read_bytes())["release"])
    small.write_bytes(written(body, STRANGER, SIGNER.public.name))
    with pytest.raises(ReleaseError, match="its signature does not hold"):
        load(small, SIGNER.public)


def test_a_signature_of_another_release_is_refused(small: Path, saved: Path) -> None:
    content = json.loads(small.read_bytes())
    content["signature"] = json.loads(saved.read_bytes())["signature"]
    small.write_bytes(canonical(content))
    with pytest.raises(ReleaseError, match="its signature does not hold"):
        load(small, SIGNER.public)


def test_a_body_with_a_digest_of_its_own_is_not_signed_by_that(small: Path) -> None:
    content = json.loads(small.read_bytes())
    content["release"]["base"]["rules"][0]["title"] = "forged"
    content["digest"] = f"sha256:{hashlib.sha256(canonical(content['release'])).hexdigest()}"
    small.write_bytes(canonical(content))
    results = {one.name: one.result.value for one in releases.verified(small, SIGNER.public)}
    assert results == {"digest": "holds", "signature": "fails"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_verifies_a_release(small: Path) -> None:
    content = json.loads(small.read_bytes())
    folder = small.parent
    (folder / "line").write_text(f"commensura release {content['digest']}\n")
    (folder / "signature").write_bytes(base64.b64decode(content["signature"]["ed25519"]))
    (folder / "signing.pub").write_text(SIGNER.public.pem)
    words = "openssl pkeyutl -verify -pubin -inkey signing.pub -rawin -in line -sigfile signature"
    done = subprocess.run(words.split(), cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_signed_release_holds_in_every_check(small: Path) -> None:
    results = {one.name: one.result.value for one in releases.verified(small, SIGNER.public)}
    assert results == {"digest": "holds", "signature": "holds"}


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
        save(msgspec.structs.replace(release, agreement_run=7), saved, SIGNER)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_an_interrupted_first_save_leaves_nothing(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(KeyboardInterrupt):
        save(release, tmp_path / "new" / "release.json", SIGNER)
    assert list((tmp_path / "new").iterdir()) == []


# Refused on publishing


def copied(tmp_path: Path) -> Path:
    for folder in ("ontology", "rules"):
        shutil.copytree(HOME / folder, tmp_path / folder)
    return tmp_path


@needs_both_engines
def test_publishing_lets_the_engines_agree_and_records_it() -> None:
    made, _ = releases.build(HOME, DAY, run=20, reasoner=BOTH)
    assert made.agreement_run == 20


@needs_both_engines
def test_engines_that_disagree_refuse_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = Network.judge

    def lies(self: Network, facts: Facts) -> Answer:
        answer = truth(self, facts)
        return msgspec.structs.replace(answer, applies=answer.applies ^ {0})

    monkeypatch.setattr(Network, "judge", lies)
    with pytest.raises(RefusedError, match="engines-disagree"):
        releases.build(HOME, DAY, run=5, reasoner=BOTH)


@pytest.mark.parametrize(("before", "asked"), [(BOTH, False), (PROTOTYPE, True), (None, True)])
def test_what_both_classified_before_is_not_asked_again(
    before: str | None, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opinions: list[object] = []

    def opinion(*given: object) -> tuple[list[Diagnostic], bool]:
        opinions.append(given)
        return [], True

    monkeypatch.setattr(knowledge, "second_opinion", opinion)
    made, _, _ = releases.checked(HOME, DAY, twice=True, reasoner=before)
    assert (made.reasoner, bool(opinions)) == (BOTH, asked)


def test_a_release_on_disk_is_found_as_sound_as_its_files(release_file: Path) -> None:
    loaded = load(release_file, SIGNER.public)
    found = check(ReadBase.without_files(loaded.base), loaded.vocabulary, DAY)
    assert [one for one in found if one.severity is Severity.ERROR] == []


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
