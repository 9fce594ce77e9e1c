"""Whether what is said of terms is complete: SHACL shapes, by pyshacl.

The shapes stand in `ontology/shapes.ttl`, each with a message that tells an author what to write.
`lint` asks whether the modules hold together; shapes ask whether each term says all it should.
"""

from __future__ import annotations

from rdflib import OWL, RDF, SH, BNode, Graph, URIRef

from engine.knowledge.findings import Findings
from engine.knowledge.names import CORE, compact, is_code, prefix_of
from engine.knowledge.reading import Reading
from engine.language.diagnostics import Diagnostic


def incomplete(reading: Reading) -> list[Diagnostic]:
    """Report each term that a shape finds wanting."""
    import pyshacl  # it takes long to load: whoever only decides does without

    _, found, _ = pyshacl.validate(
        _asked_of(reading.graph), shacl_graph=reading.shapes, inference="none", do_owl_imports=False
    )
    findings = Findings(reading)
    for result in found.subjects(RDF.type, SH.ValidationResult):
        focus = found.value(result, SH.focusNode)
        holder = findings.holder(focus) if focus is not None else BNode()
        predicate = found.value(result, SH.resultPath)
        mention = compact(predicate) if isinstance(predicate, URIRef) else ""
        findings.add(
            "incomplete",
            holder,
            f"{findings.named(holder)}: {found.value(result, SH.resultMessage)}",
            mention=mention if (holder, predicate, None) in reading.graph else "",
        )
    return sorted(findings.diagnostics, key=lambda one: (one.file, one.line, one.message))


def _asked_of(graph: Graph) -> Graph:
    """The graph without HS, in which each class of terms is also an instance of its kind."""
    asked = Graph()
    for triple in graph:
        if not is_code(triple[0]):
            asked.add(triple)
    kinds = {str(prefix): kind for kind, prefix in graph.subject_objects(CORE.prefix)}
    for name in graph.subjects(RDF.type, OWL.Class):
        if isinstance(name, URIRef) and prefix_of(name) in kinds:
            asked.add((name, RDF.type, kinds[prefix_of(name)]))
    return asked
