"""`export` and `diff`, as their user meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from rdflib import RDF, Graph

from engine import release as releases
from engine.knowledge.names import CORE
from engine.release import Release
from tests.command_line import ROOT, run
from tests.evidence_sample import SIGNER
from tests.test_api_cli import SESAME


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the knowledge base that a test may change."""
    for folder in ("ontology", "rules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


TOYS = "products/toys/small-parts"


def amend(root: Path, file: str, *pairs: tuple[str, str]) -> None:
    path = root / "rules" / file
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def relabel(root: Path) -> None:
    path = root / "ontology" / "hazards.ttl"
    text = path.read_text("utf-8")
    assert '"choking"@en' in text
    path.write_text(text.replace('"choking"@en', '"choke"@en'), "utf-8")


# Export


def test_an_export_goes_to_standard_output_as_turtle(by_release: tuple[str, ...]) -> None:
    done = run("export", *by_release)
    assert done.returncode == 0
    assert list(Graph().parse(data=done.stdout, format="turtle").subjects(RDF.type, CORE.Rule))


def test_an_export_goes_to_a_file_as_json_ld(by_release: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "release.jsonld"
    options = ("--format", "json-ld", "--output", str(path), "--hs")
    done = run("export", *by_release, *options)
    assert done.returncode == 0
    assert str(path) in done.stdout
    nodes = json.loads(path.read_bytes())["@graph"]
    assert any(node.get("@id") == "hs:950300" for node in nodes)


def test_a_release_of_other_files_is_not_exported(by_release: tuple[str, ...], copy: Path) -> None:
    relabel(copy)
    done = run("export", *by_release, "--root", str(copy))
    assert (done.returncode, done.stdout) == (2, "")
    assert "made from other files: they differ, such as hazard:Choking: label" in done.stderr
    assert "publish again" in done.stderr


def test_a_file_that_cannot_be_written_is_bad_input(
    by_release: tuple[str, ...], tmp_path: Path
) -> None:
    done = run("export", *by_release, "--output", str(tmp_path))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


# Differences


def test_a_release_does_not_differ_from_its_folder(
    release_file: Path, trusting: tuple[str, ...], release: Release
) -> None:
    done = run("diff", str(release_file), ".", *trusting)
    assert done.returncode == 0
    assert done.stdout == f"{release.ref.id} → .: no differences\n"


def test_differences_are_no_failure(
    release_file: Path, trusting: tuple[str, ...], copy: Path
) -> None:
    relabel(copy)
    done = run("diff", str(release_file), str(copy / "ontology"), *trusting)
    assert done.returncode == 0
    first, *_, last = done.stdout.splitlines()
    assert first.endswith(": 1 difference; rules are not compared, as one side holds none")
    assert last == "hazard:Choking: label changed: choking → choke"


def test_differences_come_as_json(
    release_file: Path, trusting: tuple[str, ...], copy: Path, release: Release
) -> None:
    relabel(copy)
    options = ("--format", "json", *trusting)
    found = json.loads(run("diff", str(release_file), str(copy), *options).stdout)
    assert found["before"] == release.ref.id
    assert (found["rules"], found["withheld"]) == (True, 0)
    assert found["counts"] == {"hazard": {"added": 0, "removed": 0, "changed": 1}}
    assert found["differences"] == [
        {
            "kind": "hazard",
            "subject": "hazard:Choking",
            "aspect": "label",
            "change": "changed",
            "before": "choking",
            "after": "choke",
        }
    ]


def test_many_differences_are_counted_first(copy: Path) -> None:
    path = copy / "ontology" / "currencies.csv"
    path.write_text("code,name\nEUR,Euro\nGBP,Pound\nUSD,Dollar\n", "utf-8")
    done = run("diff", "ontology", str(copy))
    lines = done.stdout.splitlines()
    assert lines[1].startswith("  currency: ")
    assert lines[1].endswith(" removed")
    assert lines[3] == "currency AED: removed (AED)"


def test_rules_are_compared_below_their_names(copy: Path) -> None:
    amend(copy, f"{TOYS}.toml", ("under = 36", "under = 48"), ("rate = 1,", "rate = 0.5,"))
    done = run("diff", ".", str(copy))
    assert done.stdout == (
        f". → {copy}: 2 differences\n"
        "\n"
        f"rule {TOYS}: "
        "Examine toys with small parts for children under three when the risk is high\n"
        "  control (physical check): rate changed: 100 % → 50 %\n"
        "  when changed: the intended age is less than 36 months → "
        "the intended age is less than 48 months\n"
    )


def test_the_rules_of_a_release_and_a_folder_are_compared_as_json(
    release_file: Path, trusting: tuple[str, ...], copy: Path
) -> None:
    amend(copy, f"{TOYS}.toml", ("review_by = 2028-01-01", "review_by = 2029-01-01"))
    options = ("--format", "json", *trusting)
    found = json.loads(run("diff", str(release_file), str(copy), *options).stdout)
    assert found["counts"] == {"rule": {"added": 0, "removed": 0, "changed": 1}}
    assert [(one["subject"], one["after"]) for one in found["differences"]] == [
        (TOYS, "2029-01-01")
    ]


def test_what_a_table_says_of_all_its_rows_is_told_once(copy: Path) -> None:
    file = "food/increased-controls.toml"
    amend(copy, file, ("review_by = 2027-02-18", "review_by = 2027-08-18"))
    lines = run("diff", ".", str(copy)).stdout.splitlines()
    assert lines[2:] == [
        "table food/increased-controls: 68 rows",
        "  day of review changed: 2027-02-18 → 2027-08-18",
    ]


def test_unsound_rules_are_bad_input(copy: Path) -> None:
    amend(copy, f"{TOYS}.toml", ("under = 36", 'under = "many"'), ('regime = "', 'regime = "no'))
    done = run("diff", ".", str(copy))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{copy} holds no sound rules:\nrules/{TOYS}.toml:" in done.stderr
    assert "and 1 more: `commensura check`" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.json", "ontology"), "no release at nowhere.json"),
        (("README.md", "ontology"), "README.md is no release"),
        (("ontology", "rules"), "rules is neither a release nor a folder of Turtle modules"),
    ],
)
def test_what_cannot_be_compared_is_bad_input(words: tuple[str, str], said: str) -> None:
    done = run("diff", *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_an_unsound_ontology_is_bad_input(copy: Path) -> None:
    path = copy / "ontology" / "hazards.ttl"
    path.write_text(path.read_text("utf-8") + "\nhazard:New a owl:Class .\n", "utf-8")
    done = run("diff", "ontology", str(copy))
    assert done.returncode == 2
    assert "holds no sound ontology" in done.stderr
    assert "and 2 more" in done.stderr


def test_a_release_of_other_semantics_is_compared_and_not_run(
    release: Release, trusting: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "old.json"
    releases.save(msgspec.structs.replace(release, semantics="0"), path, SIGNER)
    assert run("diff", str(path), ".", *trusting).returncode == 0
    done = run("decide", str(SESAME), "--release", str(path), *trusting)
    assert done.returncode == 2
    assert "cannot run it" in done.stderr
