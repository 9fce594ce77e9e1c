"""What owlready2 is asked, and that its answer is plain and complete."""

import threading
from itertools import combinations

import owlready2
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS

from engine.knowledge.classes import Hierarchy, classify
from engine.knowledge.names import BASE, CORE, HS

P = [URIRef(f"{BASE}product/P{number}") for number in range(7)]
EDGES = st.lists(st.sampled_from(list(combinations(range(len(P)), 2))), max_size=12, unique=True)


def graph_of(edges: list[tuple[int, int]]) -> Graph:
    """Classes P0 to P6; an edge puts the first below the second, so that no cycle arises."""
    graph = Graph()
    for name in P:
        graph.add((name, RDF.type, OWL.Class))
    for below, above in edges:
        graph.add((P[below], RDFS.subClassOf, P[above]))
    return graph


@settings(max_examples=30, deadline=None)
@given(EDGES)
def test_superclasses_are_the_reflexive_transitive_closure(edges: list[tuple[int, int]]) -> None:
    graph = graph_of(edges)
    above = classify(graph).above
    for name in P:
        assert above[str(name)] == set(map(str, graph.transitive_objects(name, RDFS.subClassOf)))


@settings(max_examples=30, deadline=None)
@given(EDGES)
def test_disjointness_holds_both_ways(edges: list[tuple[int, int]]) -> None:
    graph = Graph()
    for left, right in edges:
        graph.add((P[left], RDF.type, OWL.Class))
        graph.add((P[right], RDF.type, OWL.Class))
        graph.add((P[left], OWL.disjointWith, P[right]))
    apart = classify(graph).apart
    stated = {(str(P[left]), str(P[right])) for left, right in edges}
    assert {(left, right) for left in apart for right in apart[left]} == stated | {
        (right, left) for left, right in stated
    }


def test_a_list_of_disjoint_classes_sets_each_pair_apart() -> None:
    graph = graph_of([])
    axiom, members = BNode(), BNode()
    Collection(graph, members, [P[0], P[1], P[2]])
    graph.add((axiom, RDF.type, OWL.AllDisjointClasses))
    graph.add((axiom, OWL.members, members))
    assert classify(graph).apart == {
        str(P[0]): {str(P[1]), str(P[2])},
        str(P[1]): {str(P[0]), str(P[2])},
        str(P[2]): {str(P[0]), str(P[1])},
    }


def test_all_goods_under_a_code_are_of_the_class_that_claims_it() -> None:
    graph = graph_of([(0, 1)])
    graph.add((P[0], CORE.allUnder, Literal("9503")))
    graph.add((HS["9503"], RDF.type, OWL.Class))
    assert classify(graph).above[str(HS["9503"])] == {str(HS["9503"]), str(P[0]), str(P[1])}


def test_an_inherited_clash_is_found_above_the_class() -> None:
    hierarchy = Hierarchy(
        above={"doll": frozenset({"doll", "toy", "food"})},
        apart={"toy": frozenset({"food"}), "food": frozenset({"toy"})},
    )
    assert hierarchy.clash("doll") == ("food", "toy")


def test_the_default_world_stays_empty() -> None:
    classify(graph_of([(0, 1)]))
    assert owlready2.default_world[str(P[0])] is None


def test_several_threads_may_build_at_once() -> None:
    answers: list[Hierarchy] = []
    graph = graph_of([(0, 1), (1, 2)])
    threads = [threading.Thread(target=lambda: answers.append(classify(graph))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
