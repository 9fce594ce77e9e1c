"""Whether the graph holds together: words declared, terms labelled, no class below itself.

Boundary: looks at the graph alone, before owlready2 sees it. What single values may be is checked
in `values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from engine.knowledge.alignments import check_alignments
from engine.knowledge.findings import Findings
from engine.knowledge.names import ALIGNING, BASE, CORE, ONTOLOGY, compact, is_code, prefix_of
from engine.knowledge.reading import Reading
from engine.knowledge.values import check_values
from engine.language.diagnostics import Diagnostic

_OF_CODES = (CORE.allUnder, CORE.foundUnder)
_BORROWED = (RDF, RDFS, OWL, XSD, SKOS, DCTERMS)
"""Vocabularies whose properties the modules may use besides `core`."""


def lint(reading: Reading) -> list[Diagnostic]:
    """Return everything that is wrong with what was read, in order of place."""
    findings = Findings(reading)
    _check_lists(findings)
    if findings.diagnostics:
        return _in_order(findings)  # whatever reads lists would lose some, or not end
    declared = _declared(reading.graph)
    _check_types(findings, declared)
    _check_properties(findings, declared)
    _check_references(findings, declared)
    _check_wording(findings, declared)
    _check_kinds(findings, declared)
    _check_cycles(findings)
    _check_codes(findings)
    check_alignments(findings, declared)
    check_values(findings)
    findings.diagnostics += reading.repeated
    return _in_order(findings)


def _in_order(findings: Findings) -> list[Diagnostic]:
    return sorted(
        findings.diagnostics, key=lambda found: (found.file, found.line, found.code, found.message)
    )


def _declared(graph: Graph) -> set[URIRef]:
    """Return every IRI of the project that has a type, HS codes apart."""
    return {
        subject
        for subject in graph.subjects(RDF.type, unique=True)
        if isinstance(subject, URIRef) and _ours(subject)
    }


def _ours(node: Node) -> bool:
    return (
        isinstance(node, URIRef)
        and node.startswith(BASE)
        and node != ONTOLOGY
        and not is_code(node)
    )


def _check_types(findings: Findings, declared: set[URIRef]) -> None:
    """Report what is spoken of and never said to be anything: it would be read as nothing."""
    graph = findings.reading.graph
    aligning = set(ALIGNING)
    for subject in set(graph.subjects()):
        spoken = _ours(subject) and set(graph.predicates(subject)) - aligning
        if spoken and subject not in declared:
            findings.add(
                "no-type",
                subject,
                f"{findings.named(subject)} does not say what it is",
                mend="begin with `a` and its kind, such as `a core:Certificate`",
            )


def _check_lists(findings: Findings) -> None:
    """Report a list that breaks off, or leads back to itself: the rest would be lost."""
    graph = findings.reading.graph
    rests = set(graph.subjects(RDF.rest))
    circles = {
        node for node in rests if node in _reached(node, lambda at: graph.objects(at, RDF.rest))
    }
    for node in (set(graph.subjects(RDF.first)) ^ rests) | circles:
        holder = findings.holder(node)
        findings.add(
            "broken-list",
            holder,
            f"a list in {findings.named(holder)} does not end as lists do",
            mend="write it in parentheses: `( … )`",
        )


def _check_properties(findings: Findings, declared: set[URIRef]) -> None:
    """Report properties that no vocabulary declares."""
    graph = findings.reading.graph
    properties = {compact(iri) for iri in declared if (iri, RDF.type, OWL.Class) not in graph}
    known = {name for name in properties if name.startswith("core:")}
    for predicate in set(graph.predicates()):
        if _borrowed(predicate) or predicate in declared:
            continue
        for subject in set(graph.subjects(predicate)):
            findings.unknown("property", subject, compact(predicate), known)


def _borrowed(predicate: Node) -> bool:
    return any(str(predicate) in namespace for namespace in _BORROWED)


def _check_references(findings: Findings, declared: set[URIRef]) -> None:
    """Report terms and codes that are named but nowhere declared."""
    graph = findings.reading.graph
    names = {compact(iri) for iri in declared}
    for subject, predicate, found in graph:
        if _ours(found) and found not in declared:
            findings.unknown("term", findings.holder(subject), compact(found), names)
        elif predicate in _OF_CODES and str(found) not in findings.reading.codes:
            near = [code for code in findings.reading.codes if code[:4] == str(found)[:4]]
            findings.unknown("code", subject, str(found), near)


def _check_wording(findings: Findings, declared: set[URIRef]) -> None:
    """Report terms without exactly one label and one definition in English."""
    graph = findings.reading.graph
    for subject in declared:
        for predicate, what in ((RDFS.label, "label"), (SKOS.definition, "definition")):
            found = [text for text in graph.objects(subject, predicate) if _english(text)]
            if not any(str(text).strip() for text in found):
                findings.add(f"missing-{what}", subject, f"{findings.named(subject)} has no {what}")
            elif len(found) > 1:
                findings.add(
                    "many-values", subject, f"{findings.named(subject)} has {len(found)} {what}s"
                )


def _english(text: Node) -> bool:
    return isinstance(text, Literal) and text.language in (None, "en")


def _check_kinds(findings: Findings, declared: set[URIRef]) -> None:
    """Report terms whose prefix is no kind, or not the kind that they say they are."""
    graph = findings.reading.graph
    kinds = {str(prefix): kind for kind, prefix in graph.subject_objects(CORE.prefix)}
    for subject in declared:
        prefix = prefix_of(subject)
        if prefix == "core":
            continue
        if prefix not in kinds:
            findings.unknown("prefix", subject, prefix, kinds)
        elif kinds[prefix] not in _types(graph, subject):
            kind = compact(kinds[prefix])
            findings.add(
                "wrong-kind",
                subject,
                f"{findings.named(subject)} is no `{kind}`",
                mend=f"declare it `a {kind}`, or as a class below `{kind}`",
            )


def _types(graph: Graph, subject: URIRef) -> set[Node]:
    """Return what an individual is, or what a class is below."""
    if (subject, RDF.type, OWL.Class) in graph:
        return _reached(subject, lambda node: _implied(graph, node))
    return set(graph.objects(subject, RDF.type))


def _implied(graph: Graph, node: Node) -> Iterator[Node]:
    """What a class is stated to be below, by superclass or by definition."""
    for predicate in (RDFS.subClassOf, OWL.equivalentClass, *_PARTS):
        yield from graph.objects(node, predicate)


def _check_cycles(findings: Findings) -> None:
    """Report each class that is below itself, or that its own definition rests on: owlready2 would
    load the first silently wrong, and the second says nothing.
    """
    graph = findings.reading.graph
    for subject in set(graph.subjects(RDFS.subClassOf)):
        if _ours(subject) and subject in _above(graph, subject):
            findings.add(
                "class-cycle", subject, f"{findings.named(subject)} is a subclass of itself"
            )
    for subject in set(graph.subjects(OWL.equivalentClass)):
        if _ours(subject) and subject in _reached(subject, lambda node: _mentioned(graph, node)):
            findings.add(
                "class-cycle", subject, f"the definition of {findings.named(subject)} rests on it"
            )


def _above(graph: Graph, subject: Node) -> set[Node]:
    """Return every class that *subject* is stated to be below, at any distance."""
    return _reached(subject, lambda node: graph.objects(node, RDFS.subClassOf))


def _mentioned(graph: Graph, node: Node) -> Iterator[Node]:
    """What a definition, or a part of one, is made of."""
    if isinstance(node, BNode):
        for predicate in (*_PARTS, OWL.someValuesFrom):
            yield from graph.objects(node, predicate)
    else:
        yield from graph.objects(node, OWL.equivalentClass)


_PARTS = (OWL.intersectionOf, OWL.unionOf, RDF.first, RDF.rest)


def _reached(start: Node, steps: Callable[[Node], Iterable[Node]]) -> set[Node]:
    """Return every node reached from *start* in one step or more."""
    found: set[Node] = set()
    frontier = [start]
    while frontier:
        fresh = set(steps(frontier.pop())) - found
        found |= fresh
        frontier += fresh
    return found


def _check_codes(findings: Findings) -> None:
    """Report a notation that two documents share: a declaration could not tell them apart."""
    graph = findings.reading.graph
    holders: dict[str, Node] = {}
    for subject in sorted(graph.subjects(RDF.type, CORE.Certificate), key=str):
        for notation in graph.objects(subject, SKOS.notation):
            first = holders.setdefault(str(notation), subject)
            if first != subject:
                findings.add(
                    "shared-notation",
                    subject,
                    f"`{notation}` stands for {findings.named(subject)} "
                    f"and for {findings.named(first)}",
                    mention=str(notation),
                )
