"""The command line, as its user meets it: exit codes, answers on stdout, words on stderr."""

from __future__ import annotations

import json
import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from engine import release as releases
from engine.evidence.signing import read_verifier
from engine.knowledge import BOTH, hermit
from engine.language.vocabulary import Vocabulary
from engine.release import AGREEMENT_RUN
from tests.command_line import ROOT, Done, run, run_apart
from tests.engines import needs_both_engines
from tests.evidence_sample import STRANGER
from tests.full import often

DECLARATIONS = ROOT / "features" / "declarations"
SESAME = DECLARATIONS / "sesame-nigeria.json"


@pytest.fixture
def decide(by_release: tuple[str, ...], tmp_path: Path):
    def call(*words: str, body: bytes = b"") -> Done:
        options = (*by_release, "--key", str(tmp_path / "draw.key"))
        return run("decide", *words, *options, body=body)

    return call


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the knowledge base that a test may damage."""
    return copied(tmp_path)


def copied(folder: Path) -> Path:
    for name in ("ontology", "rules"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with its release: the one publication of the everyday suite that asks HermiT."""
    folder = copied(tmp_path_factory.mktemp("published"))
    with pytest.MonkeyPatch.context() as patch:
        # In full, on as many items as ever.
        patch.setattr(releases, "build", partial(releases.build, run=often(AGREEMENT_RUN, 20)))
        assert run("publish", "--root", str(folder)).returncode == 0
    return folder


@needs_both_engines
def test_a_decision_is_explained_as_text(decide) -> None:
    done = decide(str(SESAME))
    assert done.returncode == 0
    assert "food/entry-document#C079" in done.stdout
    assert "semantics and durable-rules agree" in done.stdout


@needs_both_engines
def test_a_decision_comes_as_json(decide) -> None:
    decision = json.loads(decide(str(SESAME), "--format", "json").stdout)
    assert decision["status"] == "status:Hold"
    assert decision["engines"] == ["semantics", "durable-rules"]


def test_the_trader_sees_no_rate_draw_or_reason_of_a_rule(decide) -> None:
    done = decide(str(SESAME), "--format", "json", "--audience", "trader")
    for key in ("because", "rate", "draw", "wouldImpose", "rule", "nearMisses"):
        assert f'"{key}"' not in done.stdout


def test_versions_given_together_supersede_each_other(decide, tmp_path: Path) -> None:
    amended = json.loads(SESAME.read_text())
    amended["declaration"]["goods"] = [{"item": 1, "netMassKg": 19000}]
    second = tmp_path / "amended.json"
    second.write_text(json.dumps(amended))
    first, later = json.loads(decide(str(SESAME), str(second), "--format", "json").stdout)
    assert later["supersedes"] == first["id"]
    assert later["version"] == 2


def test_another_day_is_a_what_if(decide) -> None:
    decision = json.loads(decide(str(SESAME), "--on", "2026-12-24", "--format", "json").stdout)
    assert decision["whatIf"] is True


def test_a_declaration_alone_is_a_request(decide) -> None:
    alone = json.dumps(json.loads(SESAME.read_text())["declaration"]).encode()
    assert json.loads(decide("-", "--format", "json", body=alone).stdout)["channel"]


@pytest.mark.parametrize(
    ("body", "code"),
    [(SESAME.read_bytes(), 0), (b'{"declaration": ', 2), (b"[" * 100_000, 2)],
    ids=["sound", "truncated", "deep"],
)
def test_a_process_ends_with_its_exit_code_and_no_stack_trace(
    by_release: tuple[str, ...], tmp_path: Path, body: bytes, code: int
) -> None:
    done = run_apart("decide", "-", *by_release, "--key", str(tmp_path / "draw.key"), body=body)
    assert done.returncode == code
    assert bool(done.stdout) == (code == 0)
    assert bool(done.stderr) == (code != 0)
    assert "Traceback" not in done.stderr


def test_what_the_agency_knows_can_stand_in_a_file_of_its_own(decide, tmp_path: Path) -> None:
    request = json.loads((DECLARATIONS / "sesame-nigeria-verified.json").read_text())
    declaration, known = tmp_path / "declaration.json", tmp_path / "known.json"
    declaration.write_text(json.dumps(request["declaration"]))
    known.write_text(json.dumps(request["known"]))
    done = decide(str(declaration), "--known", str(known), "--format", "json")
    assert json.loads(done.stdout)["status"] == "status:Proceed"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "JSON"),
        (b'{"declaration": ', "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (
            b'{"declaration": {"id": "x", "goods": [{"item": 1, "commodityCode": "123"}]}}',
            "commodityCode",
        ),
        (b'{"declaration": {"id": "x", "goods": [{"item": 1, "netMassKg": NaN}]}}', "NaN"),
        (b'{"declaration": {"id": "x\\u0000", "goods": [{"item": 1}]}}', "/declaration/id"),
        (
            b'{"declaration": {"id": "x", "facts": {"importer.record": "Good"}, '
            b'"goods": [{"item": 1}]}}',
            "importer.record",
        ),
        (b"[" * 100_000, "nest"),
        (b'{"declaration": {"id": "x", "goods": [{"item": 1, "colour": "red"}]}}', "colour"),
    ],
    ids=[
        "empty",
        "truncated",
        "no-utf8",
        "short-code",
        "nan",
        "nul",
        "own-record",
        "deep",
        "unknown-key",
    ],
)
def test_bad_input_exits_with_2_and_names_the_place(decide, body: bytes, named: str) -> None:
    done = decide("-", body=body)
    assert done.returncode == 2
    assert named.lower() in done.stderr.lower()
    assert done.stdout == ""


def test_a_body_of_100_mb_is_refused(decide, tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    big.write_bytes(b'{"declaration": {"id": "' + b"x" * 100_000_000 + b'"}}')
    done = decide(str(big))
    assert done.returncode == 2
    assert "send fewer items" in done.stderr


def test_a_missing_file_is_named(decide) -> None:
    done = decide("nowhere.json")
    assert done.returncode == 2
    assert "nowhere.json" in done.stderr


def test_a_missing_release_says_how_to_make_one(tmp_path: Path) -> None:
    done = run("decide", str(SESAME), "--release", str(tmp_path / "none.json"))
    assert done.returncode == 2
    assert "commensura publish" in done.stderr


def test_a_wrong_day_is_refused(decide) -> None:
    done = decide(str(SESAME), "--on", "23.11.2026")
    assert done.returncode == 2
    assert "2026-11-23" in done.stderr


def test_a_damaged_key_is_refused(by_release: tuple[str, ...], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("not a key")
    key.chmod(0o600)
    done = run("decide", str(SESAME), *by_release, "--key", str(key))
    assert done.returncode == 2
    assert "64 hexadecimal digits" in done.stderr


def test_check_passes_over_the_shipped_rules(copy: Path) -> None:
    done = run("check", "--root", str(copy), "--on", "2026-11-23")
    assert done.returncode == 0, done.stderr
    assert "no errors" in done.stdout


def test_check_says_what_safeguards_find_of_rules_and_declarations(copy: Path) -> None:
    day = ("--root", str(copy), "--on", "2026-11-23", "--format", "json")
    answer = json.loads(run("check", str(SESAME), *day).stdout)
    assert {one["verdict"] for one in answer["findings"]} == {"no flag", "insufficient record"}
    assert list(answer["declarations"]) == ["26NL000396D0A1B2C3"]


def test_check_names_the_field_of_a_declaration_that_cannot_be_decided_on(copy: Path) -> None:
    path = copy / "wrong.json"
    path.write_text(SESAME.read_text().replace('"item": 1', '"item": "one"'))
    done = run("check", str(path), "--root", str(copy))
    assert done.returncode == 2
    assert "/declaration/goods/0/item" in done.stderr


def test_check_names_file_line_and_mend(copy: Path) -> None:
    path = copy / "rules" / "products" / "toys" / "small-parts-danger.toml"
    path.write_text(path.read_text().replace("hazard:Choking", "hazard:Chocking"))
    done = run("check", "--root", str(copy))
    assert done.returncode == 1
    assert re.search(
        r"^rules/products/toys/small-parts-danger\.toml:\d+: error\[unknown-term\]: "
        r"unknown hazard `hazard:Chocking`\n  help: did you mean `hazard:Choking`\?$",
        done.stderr,
        re.MULTILINE,
    )


def test_check_gives_diagnostics_as_json(copy: Path) -> None:
    (copy / "rules" / "customs" / "random.toml").write_text('title = "no end')
    done = run("check", "--root", str(copy), "--format", "json")
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert answer["ok"] is False
    assert answer["diagnostics"][0]["code"] == "no-toml"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_cannot_be_meant_is_refused(day: str) -> None:
    done = run("check", "--on", day)
    assert (done.returncode, "write a year from 1900 to 2199" in done.stderr) == (2, True)


def test_mutate_lists_what_no_example_notices(copy: Path) -> None:
    path = copy / "rules" / "customs" / "random.toml"
    path.write_text(path.read_text().replace("gives = ", "# gives = "))
    done = run("mutate", "customs/random", "--root", str(copy), "--least", "0.9")
    assert done.returncode == 1
    assert "customs/random: rate: control:Identity at 0.01 → 0.005" in done.stdout
    assert "changes noticed" in done.stdout


def test_mutate_knows_the_rule_that_was_meant(copy: Path) -> None:
    done = run("mutate", "customs/randon", "--root", str(copy))
    assert done.returncode == 2
    assert "did you mean `customs/random`?" in done.stderr


def test_publish_writes_no_release_when_a_check_fails(copy: Path, built_quickly: None) -> None:
    path = copy / "rules" / "customs" / "random.toml"
    path.write_text(path.read_text().replace("0.01", "1.01"))
    assert run("publish", "--root", str(copy)).returncode == 1
    assert not (copy / "build").exists()


def test_publish_keeps_the_former_release_when_a_check_fails(
    published: Path, built_quickly: None
) -> None:
    before = (published / "build" / "release.json").read_bytes()
    (published / "rules" / "customs" / "random.toml").write_bytes(b"\0")
    assert run("publish", "--root", str(published)).returncode == 1
    assert (published / "build" / "release.json").read_bytes() == before


@pytest.mark.skipif(hermit.java() is None, reason="no Java: one classifier only")
def test_both_classifiers_give_the_vocabulary_that_one_gives(
    published: Path, vocabulary: Vocabulary
) -> None:
    # With no Java the same decisions come out: they follow from the vocabulary alone.
    trusted = read_verifier(published / ".commensura" / "signing.pub")
    found = releases.load(published / "build" / "release.json", trusted)
    assert (found.reasoner, found.vocabulary) == (BOTH, vocabulary)


def test_publish_signs_with_a_key_that_it_makes_once(copy: Path, built_quickly: None) -> None:
    first = json.loads(run("publish", "--root", str(copy), "--format", "json").stdout)
    again = json.loads(run("publish", "--root", str(copy), "--format", "json").stdout)
    assert first["key"] == again["key"]
    assert (copy / ".commensura" / "signing.key").stat().st_mode & 0o777 == 0o600
    public = str(copy / ".commensura" / "signing.pub")
    release = str(copy / "build" / "release.json")
    done = run("verify", release, "--key", public)
    assert done.returncode == 0
    assert f"key {first['key']} signed" in done.stdout
    # The installation that published trusts its own key without being told.
    assert run("export", "--root", str(copy)).returncode == 0
    other = run("term", "toy", "--release", release, "--trust", str(copy / "none.pub"))
    assert other.returncode == 2
    assert "no public key at" in other.stderr


def test_publish_refuses_a_key_that_others_may_read(copy: Path) -> None:
    key = copy / "signing.key"
    key.write_text("no matter")
    key.chmod(0o644)
    done = run("publish", "--root", str(copy), "--key", str(key))
    assert done.returncode == 2
    assert f"chmod 600 {key}" in done.stderr
    assert not (copy / "build").exists()


def test_nothing_is_decided_by_a_release_that_another_key_signed(
    release_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.pub"
    other.write_text(STRANGER.public.pem)
    words = ("--release", str(release_file), "--trust", str(other))
    done = run("decide", str(SESAME), *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "`--trust FILE`" in done.stderr


def test_any_of_several_trusted_keys_may_have_signed(
    by_release: tuple[str, ...], tmp_path: Path
) -> None:
    other = tmp_path / "other.pub"
    other.write_text(STRANGER.public.pem)
    assert run("term", "toy", "--trust", str(other), *by_release).returncode == 0


def test_a_scaffolded_rule_passes_every_check(copy: Path) -> None:
    assert run("new", "rule", "products/toys/rattles", "--root", str(copy)).returncode == 0
    done = run("check", "--root", str(copy))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "identifier", ["rattles", "../rattles", "Products/Rattles", "a/b/", "a b/c"]
)
def test_a_rule_is_not_written_outside_its_place(copy: Path, identifier: str) -> None:
    done = run("new", "rule", identifier, "--root", str(copy))
    assert done.returncode == 1
    assert "products/toys/rattles" in done.stderr


def test_a_rule_is_not_overwritten(copy: Path) -> None:
    done = run("new", "rule", "customs/random", "--root", str(copy))
    assert done.returncode == 1
    assert "already" in done.stderr


def test_an_unknown_command_exits_with_2() -> None:
    done = run_apart("decied")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_every_command_is_documented() -> None:
    listed = re.findall(r"^[│ ]+(\w+)  ", run("--help").stdout, re.MULTILINE)
    text = (ROOT / "api" / "README.md").read_text() + (ROOT / "rules" / "README.md").read_text()
    assert listed
    assert [name for name in listed if f"commensura {name}" not in text] == []
