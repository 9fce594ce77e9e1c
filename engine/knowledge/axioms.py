"""What the modules say of classes, as plain axioms; and what they say beyond the profile.

The profile is what both classifiers can reason with and declarations can be realised by in
microseconds: named classes; intersections, unions, existentials and intervals in definitions;
the same, one at a time, as implications; disjointness; domains. An axiom outside it is refused by
name, as an answer that only one of two classifiers could give would not be believed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from engine.knowledge.findings import Findings
from engine.knowledge.names import CORE, HS, ONTOLOGY, compact, identifier, is_code, prefix_of
from engine.knowledge.reading import Reading
from engine.knowledge.theory import (
    Apart,
    Axiom,
    Defined,
    Domain,
    FactKind,
    Member,
    SubClass,
    Theory,
)
from engine.language.diagnostics import Diagnostic
from engine.language.expression import (
    Either,
    Every,
    Expression,
    Flag,
    Interval,
    Named,
    Range,
    Some,
    alternatives,
    count_alternatives,
    point,
)
from engine.language.vocabulary import FactType, Source

MAX_ALTERNATIVES = 64
"""Ways to satisfy one definition; with more it should be several classes."""


_TOP_LEVEL = {OWL.equivalentClass, OWL.disjointWith, OWL.members}
_WITHIN = {
    OWL.intersectionOf,
    OWL.unionOf,
    OWL.onProperty,
    OWL.hasValue,
    OWL.someValuesFrom,
    OWL.onDatatype,
    OWL.withRestrictions,
}
_OWL_TYPES = {
    OWL.Class,
    OWL.Restriction,
    OWL.AllDisjointClasses,
    OWL.Ontology,
    OWL.DatatypeProperty,
    OWL.ObjectProperty,
}
_FACETS = {XSD.minInclusive, XSD.minExclusive, XSD.maxInclusive, XSD.maxExclusive}
_DEFINABLE = "product"
_IMPLYING = ("product", "component")


class _OffProfileError(Exception):
    """A construct that the profile has no place for; the message says which."""


def read_axioms(reading: Reading) -> tuple[Theory, list[Diagnostic]]:
    """The axioms of all modules, and a diagnostic for each statement outside the profile."""
    reader = _Reader(reading)
    axioms = tuple(reader.axioms())
    theory = Theory(
        axioms=axioms,
        facts=reader.facts,
        classes=tuple(sorted(compact(iri) for iri in reader.classes)),
    )
    return theory, reader.findings.diagnostics


class _Reader:
    def __init__(self, reading: Reading) -> None:
        self.graph: Graph = reading.graph
        self.codes = reading.codes
        self.findings = Findings(reading)
        self.classes = {
            iri
            for iri in self.graph.subjects(RDF.type, OWL.Class)
            if isinstance(iri, URIRef) and not is_code(iri)
        }
        self.facts = {identifier(iri): self._kind(iri) for iri in self._facts()}

    def _facts(self) -> Iterator[URIRef]:
        for iri in self.graph.subjects(RDF.type, CORE.Fact):
            if isinstance(iri, URIRef):
                yield iri

    def _kind(self, iri: URIRef) -> FactKind:
        scope = self.graph.value(iri, CORE.range)
        terms = self.graph.subjects(RDFS.subClassOf, scope) if scope is not None else iter(())
        return FactKind(
            type=FactType(str(self.graph.value(iri, CORE.type))),
            over_classes=next(terms, None) is not None,
            transitive=self.graph.value(iri, CORE.transitive) == Literal(True),
            interval=Interval(
                _number(self.graph.value(iri, CORE.minimum)),
                _number(self.graph.value(iri, CORE.maximum)),
            ),
        )

    def axioms(self) -> Iterator[Axiom]:
        yield from self._superclasses()
        yield from self._definitions()
        yield from self._disjointness()
        yield from self._domains()
        yield from self._members()
        self._check_rest()

    def _superclasses(self) -> Iterator[Axiom]:
        for subject, above in sorted(self.graph.subject_objects(RDFS.subClassOf), key=str):
            if not isinstance(subject, URIRef) or is_code(subject):
                continue
            if isinstance(above, URIRef):
                yield SubClass(compact(subject), Named(compact(above)))
                continue
            try:
                if prefix_of(subject) not in _IMPLYING:
                    raise _OffProfileError("only products and components imply more than a class")
                expression = self.expression(above)
                if isinstance(expression, Every):
                    raise _OffProfileError("write one implication each, not an intersection")
                if prefix_of(subject) == "component" and not isinstance(expression, Some):
                    raise _OffProfileError("a component implies components only")
                yield SubClass(compact(subject), expression)
            except _OffProfileError as error:
                self._off(subject, error)
        for product, code in sorted(self.graph.subject_objects(CORE.allUnder), key=str):
            yield SubClass(f"hs:{code}", Named(compact(product)))

    def _definitions(self) -> Iterator[Axiom]:
        held: dict[Node, list[Node]] = {}
        for subject, by in self.graph.subject_objects(OWL.equivalentClass):
            held.setdefault(subject, []).append(by)
        for subject, several in sorted(held.items(), key=str):
            try:
                if not isinstance(subject, URIRef) or prefix_of(subject) != _DEFINABLE:
                    raise _OffProfileError("only products are defined by an expression")
                if len(several) > 1:
                    raise _OffProfileError("a class has one definition")
                expression = self.expression(several[0])
                if count_alternatives(expression) > MAX_ALTERNATIVES:
                    raise _OffProfileError(f"the definition has more than {MAX_ALTERNATIVES} ways")
                if not all(any(isinstance(a, Named) for a in w) for w in alternatives(expression)):
                    # Else parts of goods, which have facts too, would be goods.
                    raise _OffProfileError("each way to meet a definition names a class or a code")
                yield Defined(compact(subject), expression)
            except _OffProfileError as error:
                self._off(subject, error)

    def _disjointness(self) -> Iterator[Axiom]:
        for left, right in sorted(self.graph.subject_objects(OWL.disjointWith), key=str):
            yield Apart((compact(left), compact(right)))
        for axiom in sorted(self.graph.subjects(RDF.type, OWL.AllDisjointClasses), key=str):
            members = self.graph.value(axiom, OWL.members)
            terms = [] if members is None else list(Collection(self.graph, members))
            if len(terms) < 2 or not all(isinstance(term, URIRef) for term in terms):
                self._off(
                    axiom, _OffProfileError("disjoint classes are a list of two names or more")
                )
                continue
            yield Apart(tuple(compact(term) for term in terms))

    def _domains(self) -> Iterator[Axiom]:
        for fact in sorted(self._facts()):
            for domain in self.graph.objects(fact, RDFS.domain):
                over_classes = self.facts[identifier(fact)].over_classes
                if (
                    isinstance(domain, URIRef)
                    and prefix_of(domain) == _DEFINABLE
                    and not over_classes
                ):
                    yield Domain(identifier(fact), compact(domain))
                else:
                    self._off(
                        fact,
                        _OffProfileError(
                            "a domain is a class of products, of a fact that parts do not have"
                        ),
                    )

    def _members(self) -> Iterator[Axiom]:
        kinds = set(self.graph.subjects(CORE.prefix))
        for subject, kind in sorted(self.graph.subject_objects(RDF.type), key=str):
            if kind in kinds and isinstance(subject, URIRef):
                yield Member(compact(subject), compact(kind))

    # Expressions

    def expression(self, node: Node) -> Expression:
        """The class expression at *node*. Raises `_OffProfileError`."""
        if isinstance(node, URIRef):
            return self._named(node)
        if sum(1 for _ in self.graph.subjects(None, node)) > 1:
            # owlready2 would follow an expression that two classes share for ever.
            raise _OffProfileError("an expression is written where it is used, and not shared")
        for predicate, kind in ((OWL.intersectionOf, Every), (OWL.unionOf, Either)):
            members = self.graph.value(node, predicate)
            if members is not None:
                parts = tuple(map(self.expression, Collection(self.graph, members)))
                if len(parts) < 2:
                    raise _OffProfileError(f"`{compact_owl(predicate)}` takes two parts or more")
                return kind(parts)
        if (node, RDF.type, OWL.Restriction) in self.graph:
            return self._restriction(node)
        constructs = sorted(compact_owl(p) for p in self.graph.predicates(node) if p != RDF.type)
        raise _OffProfileError(f"`{', '.join(constructs) or 'nothing'}` is not understood here")

    def _named(self, node: URIRef) -> Named:
        if is_code(node):
            if node.removeprefix(str(HS)) not in self.codes:
                raise _OffProfileError(f"there is no code `{compact(node)}` in HS 2022")
        elif node not in self.classes:
            raise _OffProfileError(f"`{compact(node)}` is no class")
        return Named(compact(node))

    def _restriction(self, node: Node) -> Expression:
        known = {OWL.onProperty, OWL.hasValue, OWL.someValuesFrom, RDF.type}
        for predicate in self.graph.predicates(node):
            if predicate not in known:
                raise _OffProfileError(f"`{compact_owl(predicate)}` is not understood here")
        prop = self.graph.value(node, OWL.onProperty)
        if prop is None or identifier(prop) not in self.facts:
            raise _OffProfileError(f"`{compact(prop) if prop else 'nothing'}` is no fact")
        fact = identifier(prop)
        if str(self.graph.value(prop, CORE.source)) != Source.DECLARED:
            raise _OffProfileError(f"`{fact}` is not declared of goods: a class cannot rest on it")
        value = self.graph.value(node, OWL.hasValue)
        some = self.graph.value(node, OWL.someValuesFrom)
        kind = self.facts[fact]
        match kind.type:
            case FactType.BOOLEAN if isinstance(value, Literal) and isinstance(value.value, bool):
                return Flag(fact, value.value)
            case FactType.NUMBER if isinstance(value, Literal):
                return Range(fact, point(_exact(value)))
            case FactType.NUMBER if isinstance(some, BNode):
                return Range(fact, self._interval(some))
            case FactType.TERM | FactType.TERMS if not kind.over_classes and value is not None:
                return Some(fact, self._of_range(prop, value))
            case FactType.TERMS if kind.over_classes and isinstance(some, URIRef):
                return Some(fact, self._of_range(prop, some))
            case _:
                raise _OffProfileError(
                    f"a restriction on `{fact}`, a {kind.type}, is written in another way"
                )

    def _of_range(self, fact: Node, value: Node) -> str:
        scope = self.graph.value(fact, CORE.range)
        prefix = str(self.graph.value(scope, CORE.prefix))
        if not isinstance(value, URIRef) or prefix_of(value) != prefix:
            raise _OffProfileError(f"`{compact(value)}` is no `{prefix}`")
        return compact(value)

    def _interval(self, node: BNode) -> Interval:
        facets = self.graph.value(node, OWL.withRestrictions)
        if self.graph.value(node, OWL.onDatatype) != XSD.decimal or facets is None:
            raise _OffProfileError("a range of numbers is `xsd:decimal` with restrictions")
        found = Interval()
        for facet in Collection(self.graph, facets):
            for predicate, bound in self.graph.predicate_objects(facet):
                if predicate not in _FACETS or not isinstance(bound, Literal):
                    raise _OffProfileError(
                        f"the facet `{compact_owl(predicate)}` is not understood"
                    )
                number = _exact(bound)
                exclusive = predicate in (XSD.minExclusive, XSD.maxExclusive)
                low = predicate in (XSD.minInclusive, XSD.minExclusive)
                found = found.meet(
                    Interval(low=number, over=exclusive)
                    if low
                    else Interval(high=number, under=exclusive)
                )
        return found

    # What else there is

    def _check_rest(self) -> None:
        """Report OWL that no reader above has met: it would be silently without effect."""
        for subject, predicate, value in self.graph:
            if not str(predicate).startswith(str(OWL)):
                if predicate == RDF.type and str(value).startswith(str(OWL)):
                    self._check_type(subject, value)
                continue
            if predicate in _WITHIN and isinstance(subject, BNode):
                continue
            if predicate in _TOP_LEVEL or subject == ONTOLOGY:
                continue  # what a header imports is not followed: the modules are merged here
            if not self._inside_expression(subject):
                self._off(
                    subject, _OffProfileError(f"`{compact_owl(predicate)}` is not understood here")
                )

    def _check_type(self, subject: Node, value: Node) -> None:
        if value not in _OWL_TYPES and not self._inside_expression(subject):
            self._off(subject, _OffProfileError(f"`{compact_owl(value)}` is not understood here"))

    def _inside_expression(self, node: Node) -> bool:
        """Whether a node without a name stands in a class expression, where it was judged."""
        return isinstance(node, BNode) and any(True for _ in self.graph.subjects(None, node))

    def _off(self, subject: Node, error: _OffProfileError) -> None:
        self.findings.add(
            "off-profile",
            subject,
            f"{self.findings.named(subject)} goes beyond what can be reasoned with twice: {error}",
            mend="see `ontology/README.md` for what a definition may say",
        )


def compact_owl(node: Node) -> str:
    """A name of OWL, RDF or XML Schema as it is written."""
    text = str(node)
    for prefix, space in (("owl", OWL), ("rdf", RDF), ("rdfs", RDFS), ("xsd", XSD)):
        if text.startswith(str(space)):
            return f"{prefix}:{text.removeprefix(str(space))}"
    return compact(node)


def _number(found: Node | None) -> Decimal | None:
    return None if found is None else Decimal(str(found))


def _exact(found: Literal) -> Decimal:
    if not isinstance(found.value, Decimal | int) or isinstance(found.value, bool):
        raise _OffProfileError(f"`{found}` is no decimal number")
    return Decimal(found.value)
