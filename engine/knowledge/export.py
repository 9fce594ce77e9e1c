"""An ontology and the public rules of a release as one RDF graph, with where all of it came from.

What the graph says: every module merged; the class hierarchy as it was inferred, without what
follows from it (a superclass that was stated and follows from another is left out); each rule as a
criterion of CCCEV; the release as an entity of PROV-O, derived from its files.

Boundary: rules and releases arrive as plain statements, and leave as bytes. No other vocabulary is
fetched. For the same input the bytes are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct
from rdflib import (
    DCTERMS,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    XSD,
    Graph,
    Literal,
    Namespace,
    URIRef,
)
from rdflib.term import Node

from engine.knowledge import classified
from engine.knowledge.names import BASE, CORE, iri, is_code
from engine.knowledge.prototype import Classification
from engine.knowledge.serialising import json_ld, turtle
from engine.knowledge.vocabulary import build
from engine.language.hierarchy import direct_superclasses
from engine.language.period import Period
from engine.language.vocabulary import Basis

CCCEV = Namespace("http://data.europa.eu/m8g/")
RULE, RELEASE, FILE = BASE + "rule/", BASE + "release/", BASE + "file/"
SOFTWARE, SOURCE = BASE + "software/", BASE + "source/"

Triple = tuple[Node, Node, Node]


class Form(StrEnum):
    """How a graph is written."""

    TURTLE = "turtle"
    JSON_LD = "json-ld"


class RuleStatement(Struct, frozen=True, kw_only=True):
    """What is published of one rule. *sentence* is the rule read aloud; *bases* are what it cites,
    a shared one by its name; *file* is where it stands.
    """

    id: str
    title: str
    agency: str
    mandate: bool
    sentence: str
    period: Period
    bases: tuple[str | Basis, ...]
    file: str


class SourceFile(Struct, frozen=True, kw_only=True):
    """A file that the release was made from, by its path and the SHA-256 of its bytes."""

    path: str
    sha256: str


class Software(Struct, frozen=True, kw_only=True):
    """A program that had a part in the release. No *version*: the release records none."""

    name: str
    label: str
    version: str | None = None


class Provenance(Struct, frozen=True, kw_only=True):
    """Where a release came from. *withheld* is how many of its rules are not for the public, and
    *files* hold none of those; *software* made the release, and *exporter* writes it now.
    """

    id: str
    digest: str
    made_on: date
    semantics: str
    reasoner: str
    agreement_run: int
    files: tuple[SourceFile, ...]
    software: tuple[Software, ...]
    exporter: Software
    withheld: int


class Ontology:
    """The ontology of one folder, read and classified, ready to be written with a release."""

    def __init__(self, folder: Path) -> None:
        """Raises `RefusedError` with everything that is wrong with it."""
        self._reading, theory, self._classification = classified(folder)
        self.vocabulary = build(self._reading, theory, self._classification)

    def written(
        self,
        rules: Iterable[RuleStatement],
        provenance: Provenance,
        form: Form,
        *,
        hs: bool = False,
    ) -> bytes:
        """The graph with *rules* and *provenance*; where *hs*, with HS 2022."""
        graph = self.graph(rules, provenance, hs=hs)
        return turtle(graph) if form is Form.TURTLE else json_ld(graph)

    def graph(
        self, rules: Iterable[RuleStatement], provenance: Provenance, *, hs: bool = False
    ) -> Graph:
        """The same as a graph, for this room and its tests."""
        graph = Graph(bind_namespaces="none")
        for triple in self._reading.graph:
            if (hs or not is_code(triple[0])) and not _stated_superclass(triple):
                graph.add(triple)
        for triple in _hierarchy(self._classification):
            if hs or not is_code(triple[0]):
                graph.add(triple)
        release = URIRef(RELEASE + provenance.id)
        for rule in rules:
            for triple in _rule(rule, release):
                graph.add(triple)
        for triple in _provenance(provenance, release):
            graph.add(triple)
        return graph


# Classes


def _stated_superclass(triple: Triple) -> bool:
    """Whether the triple is of the hierarchy, HS apart, and so among what was inferred."""
    subject, predicate, above = triple
    return predicate == RDFS.subClassOf and isinstance(above, URIRef) and not is_code(subject)


def _hierarchy(classification: Classification) -> Iterator[Triple]:
    """The direct superclasses of each class; of a code, which tables place, those that are none."""
    above = classification.above
    for name in sorted(above):
        for direct in direct_superclasses(name, above):
            if not (name.startswith("hs:") and direct.startswith("hs:")):
                yield iri(name), RDFS.subClassOf, iri(direct)


# Rules


def rule_iri(identifier: str) -> URIRef:
    """The IRI of a rule; the row of a table follows `#`."""
    table, mark, row = identifier.partition("#")
    return URIRef(f"{RULE}{quote(table)}{mark}{quote(row, safe='')}")


def _rule(rule: RuleStatement, release: URIRef) -> Iterator[Triple]:
    subject = rule_iri(rule.id)
    yield subject, RDF.type, CORE.Rule
    yield subject, RDF.type, CCCEV.Criterion
    yield subject, DCTERMS.identifier, Literal(rule.id)
    yield subject, DCTERMS.title, Literal(rule.title, lang="en")
    yield subject, RDFS.label, Literal(rule.title, lang="en")
    yield subject, SKOS.definition, Literal(rule.sentence, lang="en")
    yield subject, DCTERMS.isPartOf, release
    yield subject, PROV.wasDerivedFrom, file_iri(rule.file)
    yield subject, CORE.agency, iri(rule.agency)
    yield subject, CORE.mandate, Literal(rule.mandate)
    yield from _period(subject, rule.period)
    for basis in rule.bases:
        cited = iri(f"basis:{basis}") if isinstance(basis, str) else _source_iri(basis)
        yield subject, CCCEV.isDerivedFrom, cited
        yield cited, RDF.type, CCCEV.ReferenceFramework
        if isinstance(basis, Basis):
            yield from _basis(cited, basis)


def _period(subject: URIRef, period: Period) -> Iterator[Triple]:
    for predicate, day in ((CORE["from"], period.start), (CORE.until, period.end)):
        if day is not None:
            yield subject, predicate, Literal(day)


def _source_iri(basis: Basis) -> URIRef:
    """A rule's own basis is named by what it says: rules that say the same share it."""
    said = "\n".join(
        [basis.cite, basis.gist, basis.status, basis.checked.isoformat(), basis.href or ""]
    )
    return URIRef(SOURCE + hashlib.sha256(said.encode()).hexdigest()[:16])


def _basis(subject: URIRef, basis: Basis) -> Iterator[Triple]:
    yield subject, RDF.type, CORE.Basis
    yield subject, RDFS.label, Literal(basis.cite, lang="en")
    yield subject, CORE.cite, Literal(basis.cite)
    yield subject, CORE.gist, Literal(basis.gist)
    yield subject, CORE.status, Literal(basis.status)
    yield subject, CORE.checked, Literal(basis.checked)
    if basis.href is not None:
        yield subject, CORE.href, Literal(basis.href, datatype=XSD.anyURI)


# Provenance


def file_iri(path: str) -> URIRef:
    """The IRI of a file of the knowledge base."""
    return URIRef(FILE + quote(path))


def _provenance(provenance: Provenance, release: URIRef) -> Iterator[Triple]:
    made = URIRef(f"{release}#publish")
    # Only the day is recorded: a day is written as its first moment.
    moment = Literal(datetime.combine(provenance.made_on, time(), UTC))
    yield release, RDF.type, PROV.Entity
    yield release, RDFS.label, Literal(f"Commensura, release {provenance.id}", lang="en")
    yield release, DCTERMS.identifier, Literal(provenance.id)
    yield release, DCTERMS.issued, Literal(provenance.made_on)
    yield release, CORE.digest, Literal(provenance.digest)
    yield release, CORE.semantics, Literal(provenance.semantics)
    yield release, CORE.withheld, Literal(provenance.withheld)
    yield release, PROV.wasGeneratedBy, made
    yield made, RDF.type, PROV.Activity
    yield made, RDFS.label, Literal("publish", lang="en")
    yield made, PROV.endedAtTime, moment
    yield made, CORE.reasoner, Literal(provenance.reasoner)
    yield made, CORE.agreementRun, Literal(provenance.agreement_run)
    for file in provenance.files:
        source = file_iri(file.path)
        yield release, PROV.wasDerivedFrom, source
        yield made, PROV.used, source
        yield source, RDF.type, PROV.Entity
        yield source, RDFS.label, Literal(file.path)
        yield source, CORE.digest, Literal(f"sha256:{file.sha256}")
    for program in provenance.software:
        yield from _associated(made, program)
    graph, written = URIRef(f"{release}#graph"), URIRef(f"{release}#export")
    yield graph, RDF.type, PROV.Entity
    yield graph, RDFS.label, Literal("this graph", lang="en")
    yield graph, PROV.wasDerivedFrom, release
    yield graph, PROV.wasGeneratedBy, written
    yield written, RDF.type, PROV.Activity
    yield written, RDFS.label, Literal("export", lang="en")
    yield written, PROV.used, release
    yield from _associated(written, provenance.exporter)


def _associated(activity: URIRef, program: Software) -> Iterator[Triple]:
    agent = URIRef(SOFTWARE + quote(program.name))
    yield activity, PROV.wasAssociatedWith, agent
    yield agent, RDF.type, PROV.SoftwareAgent
    yield agent, RDFS.label, Literal(program.label, lang="en")
    if program.version is not None:
        yield agent, OWL.versionInfo, Literal(program.version)
