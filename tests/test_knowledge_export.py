"""An ontology, rules and provenance as RDF: what it says, in bytes that are always the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from engine.knowledge import classified
from engine.knowledge.export import (
    CCCEV,
    Form,
    Ontology,
    Provenance,
    RuleStatement,
    Software,
    SourceFile,
    file_iri,
    rule_iri,
)
from engine.knowledge.names import BASE, CORE, HS, iri
from engine.knowledge.serialising import json_ld, turtle
from engine.language.hierarchy import direct_superclasses
from engine.language.period import Period
from engine.language.vocabulary import Basis
from tests.knowledge_sample import ONTOLOGY, more, written

DAY = date(2026, 11, 23)
OWN = Basis(
    cite="Act 1, Article 2",
    gist="Toys are safe.",
    status="law",
    checked=DAY,
    href="https://act.x/1",
)
RULE = RuleStatement(
    id="toys/all#R 1",
    title="Toys",
    agency="agency:Customs",
    mandate=True,
    sentence="Customs checks toys,\nwhen\n  - it is a “toy”.",
    period=Period(start=DAY),
    bases=("proportion", OWN),
    file="rules/toys/all.toml",
)
PROVENANCE = Provenance(
    id="2026-11-23-0123456789ab",
    digest="sha256:01",
    made_on=DAY,
    semantics="1",
    reasoner="prototypes and HermiT",
    agreement_run=500,
    files=(SourceFile(path="rules/toys/all.toml", sha256="ab"),),
    software=(Software(name="hermit", label="HermiT"),),
    exporter=Software(name="commensura/0", label="Commensura", version="0"),
    withheld=3,
)
RELEASE = URIRef(f"{BASE}release/{PROVENANCE.id}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


@pytest.fixture
def graph(folder: Path) -> Graph:
    return Ontology(folder).graph([RULE], PROVENANCE)


def parsed(content: bytes, form: str) -> Graph:
    with warnings.catch_warnings():
        # The reader of JSON-LD in rdflib makes a class that rdflib itself has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=content, format=form)


# What it says


def test_every_term_is_there_with_what_its_module_says(graph: Graph) -> None:
    toy = iri("product:Toy")
    assert (toy, RDF.type, OWL.Class) in graph
    assert graph.value(toy, SKOS.definition) == Literal("What a toy is.", lang="en")


def test_a_superclass_that_follows_is_stated(folder: Path) -> None:
    more(
        folder,
        "product:Rc a owl:Class ; rdfs:subClassOf product:Toy , core:Product ,\n"
        "    [ a owl:Restriction ; owl:onProperty fact:goods.components ;"
        " owl:someValuesFrom component:Pack ] ;\n"
        '    rdfs:label "rc" ; skos:definition "A rc." .\n',
    )
    graph = Ontology(folder).graph([], PROVENANCE)
    above = set(graph.objects(iri("product:Rc"), RDFS.subClassOf))
    assert {one for one in above if isinstance(one, URIRef)} == {
        iri("product:Toy"),
        iri("product:PoweredProduct"),
    }
    assert any(isinstance(one, BNode) for one in above)


def test_the_hierarchy_is_the_whole_inferred_one_without_what_follows() -> None:
    _, _, classification = classified(ONTOLOGY)
    direct = {
        name: direct_superclasses(name, classification.above) for name in classification.above
    }

    def reached(name: str) -> frozenset[str]:
        found, frontier = {name}, [name]
        while frontier:
            fresh = set(direct.get(frontier.pop(), ())) - found
            found |= fresh
            frontier += fresh
        return frozenset(found)

    assert {name: reached(name) for name in direct} == classification.above


def test_two_classes_of_one_extension_are_below_each_other() -> None:
    above = {
        "a": frozenset({"a", "b", "c"}),
        "b": frozenset({"a", "b", "c"}),
        "c": frozenset({"c"}),
    }
    assert direct_superclasses("a", above) == ["b", "c"]
    assert direct_superclasses("c", above) == []


def test_a_rule_is_a_criterion_with_its_agency_law_and_sentence(graph: Graph) -> None:
    rule = URIRef(f"{BASE}rule/toys/all#R%201")
    assert rule == rule_iri(RULE.id)
    assert set(graph.objects(rule, RDF.type)) == {CORE.Rule, CCCEV.Criterion}
    assert graph.value(rule, SKOS.definition) == Literal(RULE.sentence, lang="en")
    assert graph.value(rule, CORE.agency) == iri("agency:Customs")
    assert graph.value(rule, CORE["from"]) == Literal(DAY)
    assert graph.value(rule, CORE.until) is None
    assert graph.value(rule, PROV.wasDerivedFrom) == file_iri("rules/toys/all.toml")


def test_a_basis_says_how_sure_it_is(graph: Graph) -> None:
    cited = set(graph.objects(rule_iri(RULE.id), CCCEV.isDerivedFrom))
    (own,) = cited - {iri("basis:proportion")}
    assert graph.value(own, CORE.cite) == Literal("Act 1, Article 2")
    assert graph.value(own, CORE.status) == Literal("law")
    assert graph.value(own, CORE.checked) == Literal(DAY)
    assert str(graph.value(own, CORE.href)) == "https://act.x/1"


def test_the_release_says_where_it_came_from(graph: Graph) -> None:
    (source,) = graph.objects(RELEASE, PROV.wasDerivedFrom)
    assert graph.value(source, CORE.digest) == Literal("sha256:ab")
    made = graph.value(RELEASE, PROV.wasGeneratedBy)
    ended = graph.value(made, PROV.endedAtTime)
    assert isinstance(ended, Literal)
    assert str(ended) == "2026-11-23T00:00:00+00:00"
    assert graph.value(made, CORE.reasoner) == Literal("prototypes and HermiT")
    agent = graph.value(made, PROV.wasAssociatedWith)
    assert graph.value(agent, RDF.type) == PROV.SoftwareAgent
    assert graph.value(agent, OWL.versionInfo) is None


def test_what_is_not_for_the_public_is_counted(graph: Graph) -> None:
    assert graph.value(RELEASE, CORE.withheld) == Literal(3)


def test_the_program_that_wrote_the_graph_is_not_said_to_have_made_the_release(
    graph: Graph,
) -> None:
    written_by = graph.value(URIRef(f"{RELEASE}#graph"), PROV.wasGeneratedBy)
    agent = graph.value(written_by, PROV.wasAssociatedWith)
    assert graph.value(agent, OWL.versionInfo) == Literal("0")
    assert (graph.value(RELEASE, PROV.wasGeneratedBy), None, agent) not in graph


def test_codes_are_left_out_unless_asked_for(folder: Path, graph: Graph) -> None:
    assert not any(str(subject).startswith(HS) for subject in graph.subjects())
    whole = Ontology(folder).graph([RULE], PROVENANCE, hs=True)
    assert (HS["950300"], RDFS.subClassOf, HS["9503"]) in whole
    assert len(whole) > len(graph)


def test_what_is_said_of_all_goods_under_a_code_comes_with_the_codes(folder: Path) -> None:
    more(
        folder,
        'product:Kit a owl:Class ; rdfs:subClassOf product:Toy ; core:allUnder "9503" ;\n'
        '    rdfs:label "kit" ; skos:definition "A kit." .\n',
    )
    whole = Ontology(folder).graph([], PROVENANCE, hs=True)
    assert set(whole.objects(HS["9503"], RDFS.subClassOf)) == {HS["95"], iri("product:Kit")}


# How it is written


def test_turtle_and_json_ld_say_the_same(folder: Path, graph: Graph) -> None:
    ontology = Ontology(folder)
    for form, name in ((Form.TURTLE, "turtle"), (Form.JSON_LD, "json-ld")):
        content = ontology.written([RULE], PROVENANCE, form)
        assert isomorphic(parsed(content, name), graph), name


def test_json_ld_is_compact(folder: Path) -> None:
    document = json.loads(Ontology(folder).written([RULE], PROVENANCE, Form.JSON_LD))
    (toy,) = [node for node in document["@graph"] if node.get("@id") == "product:Toy"]
    assert toy == {
        "@id": "product:Toy",
        "@type": "owl:Class",
        "definition": "What a toy is.",
        "label": "toy",
        "subClassOf": "core:Product",
    }


AWKWARD = """
@prefix : <https://x.example/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :list ( 1 "two" ( ) [ :p 1.50 ] [ :p 1.50 ] ) ; :flag true , "true" ;
    rdfs:label "x" , "x"@fr , "x"@en ; :day "2026-01-01"^^xsd:date ;
    rdfs:subClassOf [ :p [ :q :a ] ] , [ :p [ :q :a ] ] , _:shared .
:b rdfs:subClassOf _:shared , "odd" ; :n "01"^^xsd:integer , 1e3 , "a\\nb" .
_:shared :p :a . _:c :p _:d . _:d :p _:c . _:d :q [ :p 1 ] . [] :p :a . [] :p :a .
:e :list _:cell . :f :list _:cell . _:cell rdf:first 1 ; rdf:rest rdf:nil .
"""


def test_awkward_graphs_survive() -> None:
    graph = Graph().parse(data=AWKWARD, format="turtle")
    assert isomorphic(parsed(turtle(graph), "turtle"), graph)
    assert isomorphic(parsed(json_ld(graph), "json-ld"), graph)


def test_names_of_blank_nodes_and_order_change_no_byte() -> None:
    graph = Graph().parse(data=AWKWARD, format="turtle")
    renamed: dict[Node, Node] = {}
    again = Graph()
    for triple in sorted(graph, key=str, reverse=True):
        again.add(
            tuple(
                renamed.setdefault(node, BNode()) if isinstance(node, BNode) else node
                for node in triple
            )
        )
    assert turtle(again) == turtle(graph)
    assert json_ld(again) == json_ld(graph)


@pytest.mark.parametrize("form", list(Form))
def test_another_process_writes_the_same_bytes(folder: Path, form: Form) -> None:
    script = (
        "import sys; from pathlib import Path; from tests import test_knowledge_export as t; "
        "ontology = t.Ontology(Path(sys.argv[1])); "
        "sys.stdout.buffer.write(ontology.written([t.RULE], t.PROVENANCE, t.Form(sys.argv[2])))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, str(folder), form],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ONTOLOGY.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert found == {Ontology(folder).written([RULE], PROVENANCE, form)}


def test_a_title_is_that_of_the_rule(graph: Graph) -> None:
    assert graph.value(rule_iri(RULE.id), DCTERMS.title) == Literal("Toys", lang="en")
