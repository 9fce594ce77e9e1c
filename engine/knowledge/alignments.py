"""What terms match in other vocabularies: checked here, never fetched.

Boundary: an alignment is a reference. Nothing is inferred from it, and nothing follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from rdflib import Graph, URIRef
from rdflib.term import Node

from engine.knowledge.findings import Findings
from engine.knowledge.names import ALIGNING, BASE, compact
from engine.language.diagnostics import did_you_mean
from engine.language.vocabulary import Alignment


def aligned(graph: Graph, subject: Node) -> tuple[Alignment, ...]:
    """The alignments of *subject*, in order of relation and IRI."""
    return tuple(
        Alignment(compact_relation(relation), str(found))
        for relation in ALIGNING
        for found in sorted(graph.objects(subject, relation), key=str)
    )


def compact_relation(relation: URIRef) -> str:
    """``closeMatch``: the local name of an aligning property."""
    return relation.rpartition("#")[2]


def check_alignments(findings: Findings, declared: set[URIRef]) -> None:
    """Report alignments of what is not declared, with what is no IRI elsewhere, or said twice."""
    names = {compact(iri) for iri in declared}
    seen: dict[tuple[Node, Node], URIRef] = {}
    for subject, relation, found in _stated(findings.reading.graph):
        place = findings.reading.place_of_alignment(subject, _mention(found))
        if subject not in declared:
            findings.add(
                "unknown-term",
                subject,
                f"{findings.named(subject)} is aligned and declared nowhere",
                mend=did_you_mean(compact(subject), sorted(names)),
                place=place,
            )
        if not _elsewhere(found):
            findings.add(
                "wrong-alignment",
                subject,
                f"{findings.named(subject)} is aligned with `{compact(found)}`, "
                "which is no web address outside this project",
                mend="name the term by its whole IRI, `https://…`",
                place=place,
            )
        first = seen.setdefault((subject, found), relation)
        if first != relation:
            findings.add(
                "wrong-alignment",
                subject,
                f"{findings.named(subject)} matches `{found}` in two ways: "
                f"`{compact_relation(first)}` and `{compact_relation(relation)}`",
                mend="keep the one that holds",
                place=place,
            )


def _stated(graph: Graph) -> Iterator[tuple[Node, URIRef, Node]]:
    for relation in ALIGNING:
        for subject, found in sorted(graph.subject_objects(relation), key=str):
            yield subject, relation, found


def _elsewhere(found: Node) -> bool:
    if not isinstance(found, URIRef) or f"{found}/".startswith(BASE):
        return False
    parts = urlsplit(found)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _mention(found: Node) -> str:
    """What of an IRI stands in the text also where a prefix shortens it."""
    return str(found).rstrip("/").replace("#", "/").rpartition("/")[2]
