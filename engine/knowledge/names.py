"""The names of things: namespaces, and compact identifiers such as ``product:Toy``.

Every IRI of the project is ``https://w3id.org/commensura/<prefix>/<local name>``.
"""

from __future__ import annotations

from rdflib import RDFS, SKOS, Namespace, URIRef
from rdflib.term import Node

BASE = "https://w3id.org/commensura/"
CORE = Namespace(BASE + "core/")
HS = Namespace(BASE + "hs/2022/")

ONTOLOGY = URIRef(BASE)
ALIGNING = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    RDFS.seeAlso,
)
"""How a term stands to one of another vocabulary. Saying so declares nothing."""

BARE = ("fact", "basis")
"""Kinds that rules name by the local name alone."""


def iri(name: str) -> URIRef:
    """Return the IRI of a compact name."""
    prefix, _, local = name.partition(":")
    return HS[local] if prefix == "hs" else URIRef(f"{BASE}{prefix}/{local}")


def is_code(node: Node) -> bool:
    """Whether *node* is a code of HS."""
    return isinstance(node, URIRef) and node.startswith(HS)


def compact(node: Node) -> str:
    """Shorten an IRI of the project to ``prefix:Local``; leave any other as it is."""
    text = str(node)
    if is_code(node):
        return "hs:" + text.removeprefix(HS)
    prefix, slash, local = text.removeprefix(BASE).partition("/")
    return f"{prefix}:{local}" if slash and text.startswith(BASE) else text


def identifier(node: Node) -> str:
    """Return the name that rules use: compact, or the bare local name of a fact or basis."""
    prefix, _, local = compact(node).partition(":")
    return local if prefix in BARE else f"{prefix}:{local}"


def prefix_of(node: Node) -> str:
    """Return the prefix of a compact identifier."""
    return compact(node).partition(":")[0]
