"""The chain from hazard to conformity: regulations, standards, routes, scales, dossiers."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from engine.knowledge.names import CORE, compact

HOME = Path(__file__).parent.parent
CERTAIN = {"law", "illustrative", "to-confirm"}


@cache
def graph() -> Graph:
    found = Graph()
    for path in sorted((HOME / "ontology").glob("*.ttl")):
        found.parse(path)
    return found


def of(kind: str) -> list[Node]:
    return sorted(graph().subjects(RDF.type, CORE[kind]), key=str)


def names(subject: Node, predicate: str) -> set[str]:
    return {compact(found) for found in graph().objects(subject, CORE[predicate])}


@pytest.mark.parametrize("regulation", of("Regulation"), ids=compact)
@pytest.mark.parametrize(
    "step",
    [
        *("regime", "pursues", "protects", "addresses", "treatment", "governs", "route"),
        *("accreditation", "competentAuthority", "href", "status", "checked", "inForce"),
    ],
)
def test_a_regulation_says_every_step_of_its_chain(regulation: Node, step: str) -> None:
    assert names(regulation, step)


@pytest.mark.parametrize("regulation", of("Regulation"), ids=compact)
def test_a_regulation_governs_declared_product_classes(regulation: Node) -> None:
    governed = set(graph().objects(regulation, CORE.governs))
    assert all((product, RDF.type, OWL.Class) in graph() for product in governed)


@pytest.mark.parametrize("kind", ["Standard", "Route", "Scale", "Dossier", "Regulation"])
def test_a_claim_says_how_sure_it_is_and_since_when(kind: str) -> None:
    for subject in of(kind):
        assert names(subject, "status") <= CERTAIN
        assert len(names(subject, "status")) == len(names(subject, "checked")) == 1


def test_every_standard_and_route_serves_a_regulation() -> None:
    assert set(of("Standard")) == set(graph().objects(None, CORE.standard))
    assert set(of("Route")) == set(graph().objects(None, CORE.route))


def test_every_hazard_at_the_top_has_a_scale() -> None:
    top = set(graph().subjects(RDFS.subClassOf, CORE.Hazard))
    assert top
    assert [compact(hazard) for hazard in top if not names(hazard, "scale")] == []


def test_every_scale_says_how_it_is_read_and_serves_a_hazard() -> None:
    assert {str(graph().value(scale, CORE.measure)) for scale in of("Scale")} == {"matrix", "level"}
    assert set(of("Scale")) == set(graph().objects(None, CORE.scale))


def test_every_defined_class_has_a_source() -> None:
    defined = set(graph().subjects(OWL.equivalentClass))
    assert len(defined) >= 45
    assert [compact(term) for term in defined if (term, DCTERMS.source, None) not in graph()] == []


def test_every_dossier_evaluates_risks_by_the_shared_matrix() -> None:
    for dossier in of("Dossier"):
        risks = list(graph().objects(dossier, CORE.risk))
        assert risks
        for risk in risks:
            severity, harm = (str(graph().value(risk, CORE[key])) for key in ("severity", "harm"))
            assert names(risk, "evaluation") == {matrix(int(severity), Decimal(harm))}


def matrix(severity: int, harm: Decimal) -> str:
    path = HOME / "rules" / "harmonised" / "severity.csv"
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            if harm > Decimal(row["probability_over"]):
                return row[f"severity_{severity}"]
    raise AssertionError("the matrix starts at 0")


@pytest.mark.parametrize("dossier", of("Dossier"), ids=compact)
def test_a_dossier_treats_each_risk_once_and_goes_all_the_way(dossier: Node) -> None:
    hazards = [compact(found(risk, "hazard")) for risk in graph().objects(dossier, CORE.risk)]
    chosen = [
        compact(found(option, "hazard"))
        for option in graph().objects(dossier, CORE.option)
        if str(found(option, "chosen")) == "true"
    ]
    assert sorted(chosen) == sorted(hazards)
    for step in ("regulates", "objective", "asset", "implementation", "crisisPlan", "reviewBy"):
        assert names(dossier, step), step


def found(subject: Node, predicate: str) -> URIRef:
    value = graph().value(subject, CORE[predicate])
    assert value is not None
    return URIRef(str(value))
