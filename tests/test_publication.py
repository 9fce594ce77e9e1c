"""A release for other systems: only from its own files, and only what is public."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from rdflib import PROV, RDF, Graph, Literal, URIRef

from engine.knowledge.export import file_iri, rule_iri
from engine.knowledge.names import BASE, CORE
from engine.publication import Form, MismatchError, export
from engine.release import Release

HOME = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def graph(release: Release) -> Graph:
    return Graph().parse(data=export(release, HOME, Form.TURTLE), format="turtle")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("ontology", "rules"):
        shutil.copytree(HOME / folder, tmp_path / folder)
    return tmp_path


def test_public_rules_are_there_and_others_are_counted(release: Release, graph: Graph) -> None:
    rules = release.base.rules
    public = {rule_iri(rule.id) for rule in rules if rule.disclosure == "public"}
    assert set(graph.subjects(RDF.type, CORE.Rule)) == public
    node = URIRef(f"{BASE}release/{release.ref.id}")
    assert graph.value(node, CORE.withheld) == Literal(len(rules) - len(public))
    assert graph.value(node, CORE.digest) == Literal(release.ref.digest)


def test_nothing_names_a_rule_that_is_not_public(release: Release, graph: Graph) -> None:
    hidden = [rule for rule in release.base.rules if rule.disclosure != "public"]
    assert hidden
    said = "\n".join(str(node) for node in graph.all_nodes())
    for rule in hidden:
        assert f"{rule.table}.toml" not in said
        assert str(rule_iri(rule.id)) not in said.splitlines()
        assert rule.title not in said
    assert "low-garment-value" not in said


def test_each_file_has_the_digest_of_its_bytes(release: Release, graph: Graph) -> None:
    node = URIRef(f"{BASE}release/{release.ref.id}")
    files = set(graph.objects(node, PROV.wasDerivedFrom))
    for path in ("ontology/core.ttl", "ontology/hs2022.csv", "rules/food/increased-controls.csv"):
        assert file_iri(path) in files
        digest = hashlib.sha256((HOME / path).read_bytes()).hexdigest()
        assert graph.value(file_iri(path), CORE.digest) == Literal(f"sha256:{digest}")


def test_a_rule_is_derived_from_a_file_of_the_release(graph: Graph) -> None:
    files = set(graph.subjects(CORE.digest))
    for rule in graph.subjects(RDF.type, CORE.Rule):
        assert graph.value(rule, PROV.wasDerivedFrom) in files


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("ontology/hazards.ttl", '"choking"@en', '"choke"@en', "hazard:Choking: label changed"),
        ("rules/customs/random.toml", "one consignment", "a consignment", "`customs/random`"),
        ("rules/parameters/request-days.toml", 'title = "', 'title = "The ', "parameters"),
        ("rules/calendars/belgium.toml", "2026-05-14", "2026-05-15", "calendars"),
    ],
)
def test_other_files_are_not_exported(
    release: Release, copy: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (copy / file).read_text("utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(MismatchError, match="made from other files") as caught:
        export(release, copy, Form.TURTLE)
    assert said in str(caught.value)


def test_a_comment_does_not_make_other_files(release: Release, copy: Path) -> None:
    path = copy / "ontology" / "hazards.ttl"
    path.write_text(path.read_text("utf-8") + "\n# Nothing more\n", "utf-8")
    assert export(release, copy, Form.JSON_LD)
