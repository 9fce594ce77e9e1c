"""Small ontologies made from a seed, within the profile; and items to be classified by them.

Half of the axioms are definitions, so that much is inferred; some theories have empty classes.
"""

from __future__ import annotations

import random
from decimal import Decimal

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from engine.knowledge.axioms import read_axioms
from engine.knowledge.model import Model
from engine.knowledge.names import BASE, CORE, HS
from engine.knowledge.prototype import code_axioms
from engine.knowledge.reading import Reading
from engine.knowledge.theory import Theory
from engine.language.expression import Atom, Flag, Named, Range, Some, point

CLASSES, COMPONENTS, FLAGS, NUMBERS = 14, 6, 2, 2
CODES = {"95": "toys", "9503": "toys", "950300": "toys", "85": "electrical"}
USES = ("Food", "Feed", "Other")


def product(number: int) -> URIRef:
    return URIRef(f"{BASE}product/C{number}")


def component(number: int) -> URIRef:
    return URIRef(f"{BASE}component/K{number}")


def fact(name: str) -> URIRef:
    return URIRef(f"{BASE}fact/{name}")


def reading_of(graph: Graph) -> Reading:
    return Reading(
        graph=graph,
        places={},
        texts={},
        shapes=Graph(),
        codes=CODES,
        countries={},
        currencies={},
    )


class Maker:
    """Makes one theory as triples."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.graph = Graph()
        self._vocabulary()
        for number in range(1, COMPONENTS):
            self._component(number)
        for number in range(1, CLASSES):
            self._class(number)
        self._disjointness()
        if self.rng.random() < 0.3:
            self.graph.add((fact("flag0"), RDFS.domain, product(self.rng.randrange(3))))

    def theory(self) -> Theory:
        theory, off = read_axioms(reading_of(self.graph))
        assert off == []
        return theory

    def _vocabulary(self) -> None:
        add = self.graph.add
        for kind, prefix in (
            (CORE.Product, "product"),
            (CORE.Component, "component"),
            (CORE.Use, "use"),
        ):
            add((kind, RDF.type, OWL.Class))
            add((kind, CORE.prefix, Literal(prefix)))
        kinds = BNode()
        self._list(kinds, OWL.members, [CORE.Product, CORE.Component, CORE.Use])
        add((kinds, RDF.type, OWL.AllDisjointClasses))
        for use in USES:
            add((URIRef(f"{BASE}use/{use}"), RDF.type, CORE.Use))
        facts = [(f"flag{n}", "boolean", None) for n in range(FLAGS)]
        facts += [(f"number{n}", "number", None) for n in range(NUMBERS)]
        facts += [("parts", "terms", CORE.Component), ("bits", "terms", CORE.Component)]
        for name, kind, scope in [*facts, ("use", "term", CORE.Use)]:
            add((fact(name), RDF.type, CORE.Fact))
            add((fact(name), CORE.type, Literal(kind)))
            add((fact(name), CORE.source, Literal("declared")))
            if scope is not None:
                add((fact(name), CORE.range, scope))
        add((fact("number0"), CORE.minimum, Literal(0)))
        add((fact("parts"), CORE.transitive, Literal(True)))
        add((component(0), RDF.type, OWL.Class))
        add((component(0), RDFS.subClassOf, CORE.Component))
        add((product(0), RDF.type, OWL.Class))
        add((product(0), RDFS.subClassOf, CORE.Product))

    def _component(self, number: int) -> None:
        self.graph.add((component(number), RDF.type, OWL.Class))
        above = [CORE.Component, *(component(n) for n in range(number))]
        self.graph.add((component(number), RDFS.subClassOf, self.rng.choice(above)))
        if self.rng.random() < 0.4:
            below = component(self.rng.randrange(number))
            name = self.rng.choice(("parts", "bits"))
            self.graph.add((component(number), RDFS.subClassOf, self._some(name, below)))

    def _class(self, number: int) -> None:
        rng, name = self.rng, product(number)
        self.graph.add((name, RDF.type, OWL.Class))
        if rng.random() < 0.5:
            self.graph.add((name, OWL.equivalentClass, self._definition(number)))
            if rng.random() < 0.15:
                self.graph.add((name, RDFS.subClassOf, product(rng.randrange(number))))
            return
        for above in rng.sample(range(number), min(number, rng.choice((1, 1, 2)))):
            self.graph.add((name, RDFS.subClassOf, product(above)))
        if rng.random() < 0.4:
            self.graph.add((name, RDFS.subClassOf, self._restriction()))
        if rng.random() < 0.15:
            self.graph.add((name, RDFS.subClassOf, self._group(OWL.unionOf, number, 0)))
        if rng.random() < 0.2:
            self.graph.add((name, CORE.allUnder, Literal(rng.choice(sorted(CODES)))))

    def _disjointness(self) -> None:
        for _ in range(self.rng.choice((0, 0, 0, 1, 2))):
            left, right = self.rng.sample(range(1, CLASSES), 2)
            self.graph.add((product(left), OWL.disjointWith, product(right)))

    # Expressions over classes of a lower number

    def _definition(self, number: int) -> Node:
        node, named = BNode(), [product(self.rng.randrange(number))]
        if self.rng.random() < 0.4:
            named = [self.rng.choice((CORE.Product, HS[self.rng.choice(sorted(CODES))]))]
        parts = [self._expression(number, 1) for _ in range(self.rng.choice((1, 2, 2)))]
        self._list(node, OWL.intersectionOf, [*named, *parts])
        self.graph.add((node, RDF.type, OWL.Class))
        return node

    def _expression(self, number: int, depth: int) -> Node:
        kind = self.rng.random()
        if depth > 0 and kind < 0.4:
            operator = OWL.intersectionOf if kind < 0.2 else OWL.unionOf
            return self._group(operator, number, depth - 1)
        if kind < 0.5:
            return product(self.rng.randrange(number))
        if kind < 0.6:
            return HS[self.rng.choice(sorted(CODES))]
        return self._restriction()

    def _group(self, operator: URIRef, number: int, depth: int) -> Node:
        node = BNode()
        parts = [self._expression(number, depth) for _ in range(self.rng.choice((2, 2, 3)))]
        self._list(node, operator, parts)
        self.graph.add((node, RDF.type, OWL.Class))
        return node

    def _restriction(self) -> Node:
        rng = self.rng
        match rng.randrange(4):
            case 0:
                return self._value(f"flag{rng.randrange(FLAGS)}", Literal(rng.random() < 0.6))
            case 1:
                return self._some(f"number{rng.randrange(NUMBERS)}", self._interval())
            case 2:
                name = rng.choice(("parts", "bits"))
                return self._some(name, component(rng.randrange(COMPONENTS)))
            case _:
                return self._value("use", URIRef(f"{BASE}use/{rng.choice(USES)}"))

    def _interval(self) -> Node:
        rng, node, facets = self.rng, BNode(), list[Node]()
        low = rng.randrange(0, 6)
        for facet, bound in (
            (rng.choice((XSD.minInclusive, XSD.minExclusive)), low),
            (rng.choice((XSD.maxInclusive, XSD.maxExclusive)), low + rng.randrange(1, 5)),
        ):
            if rng.random() < 0.7 or not facets:
                end = BNode()
                self.graph.add((end, facet, Literal(Decimal(bound))))
                facets.append(end)
        self._list(node, OWL.withRestrictions, facets)
        self.graph.add((node, RDF.type, RDFS.Datatype))
        self.graph.add((node, OWL.onDatatype, XSD.decimal))
        return node

    def _some(self, name: str, value: Node) -> Node:
        return self._restricted(name, OWL.someValuesFrom, value)

    def _value(self, name: str, value: Node) -> Node:
        return self._restricted(name, OWL.hasValue, value)

    def _restricted(self, name: str, predicate: URIRef, value: Node) -> Node:
        node = BNode()
        self.graph.add((node, RDF.type, OWL.Restriction))
        self.graph.add((node, OWL.onProperty, fact(name)))
        self.graph.add((node, predicate, value))
        return node

    def _list(self, node: Node, predicate: URIRef, members: list[Node]) -> None:
        head = BNode()
        Collection(self.graph, head, members)
        self.graph.add((node, predicate, head))


def items(rng: random.Random, theory: Theory, count: int) -> list[list[Atom]]:
    """Items that contradict nothing: a class or two, a code, some values."""
    model = Model((*theory.axioms, *code_axioms(theory.axioms)), theory.facts)
    products = [term for term in theory.classes if term.startswith("product:")]
    components = [term for term in theory.classes if term.startswith("component:")]
    found: list[list[Atom]] = []
    while len(found) < count:
        one: list[Atom] = [Named("core:Product")]
        one += [Named(term) for term in rng.sample(products, rng.choice((0, 1, 1, 2)))]
        if rng.random() < 0.3:
            one.append(Named("hs:9503"))
        one += [Flag(f"flag{n}", rng.random() < 0.5) for n in range(FLAGS) if rng.random() < 0.6]
        one += [
            Range(f"number{n}", point(Decimal(rng.randrange(0, 9))))
            for n in range(NUMBERS)
            if rng.random() < 0.7
        ]
        if rng.random() < 0.6:
            one.append(Some(rng.choice(("parts", "bits")), rng.choice(components)))
        if rng.random() < 0.5:
            one.append(Some("use", f"use:{rng.choice(USES)}"))
        if model.saturated(one):
            found.append(one)
    return found
