"""A checked graph, turned into the plain `Vocabulary` that rules are written against.

Boundary: trusts what `lint` has let through. No check is made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rdflib import RDFS, SKOS, URIRef
from rdflib.collection import Collection
from rdflib.term import Literal, Node

from engine.knowledge import law
from engine.knowledge.alignments import aligned
from engine.knowledge.names import ALIGNING, CORE, compact, identifier, prefix_of
from engine.knowledge.nodes import Nodes, needed
from engine.knowledge.prototype import Classification
from engine.knowledge.reading import Reading
from engine.knowledge.rendering import rendered
from engine.knowledge.theory import Apart, Defined, SubClass, Theory
from engine.language.expression import Expression, Named
from engine.language.vocabulary import (
    Agency,
    Basis,
    Certificate,
    Fact,
    FactType,
    Group,
    Membership,
    Scope,
    Source,
    Term,
    Vocabulary,
)

_OWN_TABLES = ("fact", "agency", "certificate", "group", "basis")
"""Kinds that the vocabulary holds apart from its terms."""


def build(reading: Reading, theory: Theory, classification: Classification) -> Vocabulary:
    """Turn all that was read into a vocabulary, each table in order of its identifiers."""
    reader = _Reader(reading, theory, classification)
    return Vocabulary(
        facts={identifier(iri): reader.fact(iri) for iri in reader.of("fact")},
        terms={compact(iri): reader.term(iri) for iri in reader.terms()},
        agencies={compact(iri): reader.agency(iri) for iri in reader.of("agency")},
        certificates={compact(iri): reader.certificate(iri) for iri in reader.of("certificate")},
        groups={compact(iri): reader.group(iri) for iri in reader.of("group")},
        bases={identifier(iri): reader.basis(iri) for iri in reader.of("basis")},
        codes=reading.codes,
        countries=reading.countries,
        currencies=frozenset(reading.currencies),
        regulations={compact(iri): law.regulation(reader, iri) for iri in reader.of("regulation")},
        dossiers={compact(iri): law.dossier(reader, iri) for iri in reader.of("dossier")},
        alignments={compact(iri): aligned(reader.graph, iri) for iri in reader.aligned_others()},
    )


class _Reader(Nodes):
    """Reads one subject after another off the graph."""

    def __init__(self, reading: Reading, theory: Theory, classification: Classification) -> None:
        super().__init__(reading.graph)
        self.theory, self.above = theory, classification.above
        self.notations = rendered(reading.graph, theory)
        self.scales = {
            compact(hazard): compact(scale)
            for hazard, scale in self.graph.subject_objects(CORE.scale)
        }
        self.apart: dict[str, set[str]] = {}
        self.means: dict[str, Expression] = {}
        self.implies: dict[str, list[Expression]] = {}
        for axiom in theory.axioms:
            match axiom:
                case Apart(terms):
                    for term in terms:
                        self.apart.setdefault(term, set()).update(set(terms) - {term})
                case Defined(term, by):
                    self.means[term] = by
                case SubClass(term, above) if not isinstance(above, Named):
                    self.implies.setdefault(term, []).append(above)
                case _:
                    pass
        self.kinds = {
            str(prefix): str(kind) for kind, prefix in self.graph.subject_objects(CORE.prefix)
        }
        self.subjects = sorted(
            subject
            for subject in set(self.graph.subjects(RDFS.label))
            if isinstance(subject, URIRef) and prefix_of(subject) in self.kinds
        )

    def of(self, prefix: str) -> Iterator[URIRef]:
        return (iri for iri in self.subjects if prefix_of(iri) == prefix)

    def terms(self) -> Iterator[URIRef]:
        return (iri for iri in self.subjects if prefix_of(iri) not in _OWN_TABLES)

    def aligned_others(self) -> list[Node]:
        """What is aligned and is no term."""
        found = {subject for relation in ALIGNING for subject in self.graph.subjects(relation)}
        return sorted(found - set(self.terms()), key=str)

    # --- One subject

    def fact(self, iri: URIRef) -> Fact:
        unit, kind = self.node(iri, CORE.unit), self.node(iri, CORE.range)
        order = self.node(iri, CORE.order)
        return Fact(
            id=identifier(iri),
            label=self.text(iri, RDFS.label),
            definition=self.text(iri, SKOS.definition),
            type=FactType(self.text(iri, CORE.type)),
            source=Source(self.text(iri, CORE.source)),
            scope=Scope(self.text(iri, CORE.scope)),
            unit=None if unit is None else compact(unit),
            range=None if kind is None else self.text(kind, CORE.prefix),
            closed=self.node(iri, CORE.closed) == Literal(True),
            order=() if order is None else tuple(map(compact, Collection(self.graph, order))),
            assumption=self.assumption(iri),
            minimum=self.exact(iri, CORE.minimum),
            maximum=self.exact(iri, CORE.maximum),
            over_classes=self.theory.facts[identifier(iri)].over_classes,
            transitive=self.theory.facts[identifier(iri)].transitive,
            domain=tuple(sorted(map(compact, self.graph.objects(iri, RDFS.domain)))),
            citation=self.citation(iri),
        )

    def assumption(self, iri: URIRef) -> str | bool | None:
        found = self.node(iri, CORE.assumption)
        if isinstance(found, Literal):
            return bool(found.value)
        return None if found is None else compact(found)

    def term(self, iri: URIRef) -> Term:
        name, kind = compact(iri), prefix_of(iri)
        return Term(
            id=name,
            label=self.text(iri, RDFS.label),
            definition=self.text(iri, SKOS.definition),
            kind=kind,
            ancestors=frozenset(
                found for found in self.above.get(name, [name]) if found.startswith(f"{kind}:")
            ),
            disjoint=frozenset(self.apart.get(name, ())),
            codes=self.texts(iri, CORE.allUnder),
            found_under=self.texts(iri, CORE.foundUnder),
            rank=self.whole(iri, CORE["rank"]),
            scale=self.scale(name),
            means=self.means.get(name),
            implies=tuple(self.implies.get(name, ())),
            notation=self.notations.get(name),
            citation=self.citation(iri),
            alignments=aligned(self.graph, iri),
        )

    def scale(self, name: str) -> str | None:
        """A hazard's scale: its own, or that of what it is a kind of."""
        found = {self.scales[above] for above in self.above.get(name, ()) if above in self.scales}
        return self.scales.get(name) or min(found, default=None)

    def agency(self, iri: URIRef) -> Agency:
        return Agency(
            id=compact(iri),
            label=self.text(iri, RDFS.label),
            definition=self.text(iri, SKOS.definition),
            rank=needed(self.whole(iri, CORE["rank"])),
            appeal_body=self.text(iri, CORE.appealBody),
            appeal_days=needed(self.whole(iri, CORE.appealDays)),
            appeal_status=self.text(iri, CORE.appealStatus),
            citation=self.citation(iri),
        )

    def certificate(self, iri: URIRef) -> Certificate:
        stage = self.node(iri, CORE.requiredFrom)
        return Certificate(
            id=compact(iri),
            label=self.text(iri, RDFS.label),
            definition=self.text(iri, SKOS.definition),
            notations=self.texts(iri, SKOS.notation),
            required_from="arrival" if stage is None else str(stage),
            valid_months=self.whole(iri, CORE.validMonths),
            analysis_months=self.whole(iri, CORE.analysisMonths),
            citation=self.citation(iri),
        )

    def group(self, iri: URIRef) -> Group:
        members = [
            Membership(
                country=self.text(member, CORE.country),
                period=self.period(member),
            )
            for member in self.graph.objects(iri, CORE.member)
        ]
        return Group(
            id=compact(iri),
            label=self.text(iri, RDFS.label),
            definition=self.text(iri, SKOS.definition),
            members=tuple(
                sorted(members, key=lambda one: (one.country, one.period.start or date.min))
            ),
            citation=self.citation(iri),
        )

    def basis(self, iri: URIRef) -> Basis:
        href = self.node(iri, CORE.href)
        return Basis(
            cite=self.text(iri, CORE.cite),
            gist=self.text(iri, CORE.gist),
            status=self.text(iri, CORE.status),
            checked=date.fromisoformat(self.text(iri, CORE.checked)),
            href=None if href is None else str(href),
        )
