"""The class hierarchy, as owlready2 holds it: what is above a class, and what is apart from it.

Boundary: one world of its own for one build, closed before `classify` returns; nothing writes to
it after loading, and only plain data leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import permutations
from threading import RLock

import owlready2
from msgspec import Struct
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from engine.knowledge.names import BASE, CORE, HS

_ASSERTED = (
    RDF.type,
    RDF.first,
    RDF.rest,
    RDFS.subClassOf,
    OWL.equivalentClass,
    OWL.disjointWith,
    OWL.members,
)
"""The predicates that make classes and set them apart. `owl:imports` is none: no network."""


class Hierarchy(Struct, frozen=True, kw_only=True):
    """Classes by IRI. *above* holds each class itself and all its superclasses.

    *apart* holds the classes declared disjoint from it, both ways, not those of its superclasses.
    """

    above: dict[str, frozenset[str]]
    apart: dict[str, frozenset[str]]

    def clash(self, iri: str) -> tuple[str, str] | None:
        """Return two superclasses that nothing can be both of, if *iri* has such."""
        above = self.above[iri]
        pairs = ((left, right) for left in sorted(above) for right in self.apart.get(left, ()))
        return min(((left, right) for left, right in pairs if right in above), default=None)


def classify(graph: Graph) -> Hierarchy:
    """Let owlready2 hold the classes of *graph*, and ask it for all but the bare HS codes.

    The graph must be free of cycles: owlready2 would load them silently wrong.
    """
    named = [str(iri) for iri in sorted(_asked(graph))]
    # An explicit lock: a world read from two threads without one fails now and then.
    world = owlready2.World(lock=RLock())
    try:
        world.get_ontology(BASE).load(fileobj=BytesIO(_triples(graph)))
        return Hierarchy(
            above={iri: _above(world[iri]) for iri in named},
            apart=_apart(world),
        )
    finally:
        world.close()


def _asked(graph: Graph) -> Iterator[URIRef]:
    """Every class of the project, and the HS codes under which all goods are of some class."""
    for iri in graph.subjects(RDF.type, OWL.Class):
        if isinstance(iri, URIRef) and not iri.startswith(HS):
            yield iri
    for code in set(graph.objects(None, CORE.allUnder)):
        yield HS[str(code)]


def _triples(graph: Graph) -> bytes:
    """Serialise the axioms about classes as N-Triples; ``allUnder`` becomes a superclass."""
    axioms = Graph()
    for predicate in _ASSERTED:
        for subject, found in graph.subject_objects(predicate):
            axioms.add((subject, predicate, found))
    for product, code in graph.subject_objects(CORE.allUnder):
        axioms.add((HS[str(code)], RDFS.subClassOf, product))
    return axioms.serialize(format="nt", encoding="utf-8")


def _above(held: owlready2.ThingClass) -> frozenset[str]:
    return frozenset(found.iri for found in held.ancestors()) - {str(OWL.Thing)}


def _apart(world: owlready2.World) -> dict[str, frozenset[str]]:
    apart: dict[str, set[str]] = {}
    for axiom in world.disjoint_classes():
        for left, right in permutations(axiom.entities, 2):
            apart.setdefault(left.iri, set()).add(right.iri)
    return {iri: frozenset(others) for iri, others in apart.items()}
