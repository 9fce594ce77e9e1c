"""A graph as Turtle or JSON-LD, byte for byte the same for the same graph.

Nodes without a name get names from what they say and who says it: their order, and so that of the
bytes, depends on nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal
from rdflib.term import Node

from engine.knowledge.names import BASE, CORE, HS

OTHERS = {
    "cccev": "http://data.europa.eu/m8g/",
    "dcterms": str(DCTERMS),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "xsd": str(XSD),
}
_OWN = ("file", "hs", "release", "software", "source")

_LINKS = {
    "subClassOf": "rdfs:subClassOf",
    "equivalentClass": "owl:equivalentClass",
    "wasDerivedFrom": "prov:wasDerivedFrom",
    "closeMatch": "skos:closeMatch",
    "broadMatch": "skos:broadMatch",
    "relatedMatch": "skos:relatedMatch",
}
_TEXTS = {"label": "rdfs:label", "definition": "skos:definition", "title": "dcterms:title"}


def prefixes(graph: Graph) -> dict[str, str]:
    """Every kind of term by its prefix, and the vocabularies that an export borrows."""
    kinds = (str(prefix) for prefix in graph.objects(None, CORE.prefix))
    own = {prefix: f"{BASE}{prefix}/" for prefix in ("core", "rule", *_OWN, *kinds)}
    return dict(sorted({**own, "hs": str(HS), **OTHERS}.items()))


def turtle(graph: Graph) -> bytes:
    """The graph as Turtle."""
    stable = settled(graph)
    for prefix, space in prefixes(graph).items():
        stable.bind(prefix, space)
    return stable.serialize(format="turtle", encoding="utf-8")


def json_ld(graph: Graph) -> bytes:
    """The graph as JSON-LD, with a context that makes names short and texts plain."""
    context: dict[str, Any] = {
        **prefixes(graph),
        **{name: {"@id": of, "@type": "@id"} for name, of in _LINKS.items()},
        **{name: {"@id": of, "@language": "en"} for name, of in _TEXTS.items()},
    }
    document = {"@context": context, "@graph": _Writer(graph).nodes()}
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


class _Writer:
    """Writes nodes as JSON: those without a name where they are spoken of, lists as lists."""

    def __init__(self, graph: Graph) -> None:
        self._graph = settled(graph)
        self._spaces = sorted(prefixes(graph).items(), key=lambda pair: -len(pair[1]))
        self._keys = {of: name for name, of in {**_LINKS, **_TEXTS}.items()}
        self._spoken_of: set[Node] = set()
        self._within = self._held()

    def _held(self) -> set[Node]:
        """The nodes without a name that one other node speaks of, and that are not within
        themselves: each is written there.
        """
        holders: dict[Node, list[Node]] = {}
        for subject, _, found in self._graph:
            if isinstance(found, BNode):
                holders.setdefault(found, []).append(subject)
        above = {node: held[0] for node, held in holders.items() if len(held) == 1}
        self._spoken_of = set(holders)
        return {node for node in above if node not in _chain(above[node], above)}

    def nodes(self) -> list[dict[str, Any]]:
        """Every node that stands by itself, in order of its name."""
        standing = set(self._graph.subjects()) - self._within
        return [self._node(node) for node in sorted(standing, key=lambda one: one.n3())]

    def _node(self, node: Node) -> dict[str, Any]:
        written: dict[str, Any] = {}
        if not isinstance(node, BNode) or node in self._spoken_of - self._within:
            written["@id"] = self._name(node)
        several: dict[str, list[Any]] = {}
        for predicate, found in self._graph.predicate_objects(node):
            if predicate == RDF.type:
                several.setdefault("@type", []).append(self._name(found))
            else:
                name = self._name(predicate)
                key = self._keys.get(name, name)
                several.setdefault(key, []).append(self._value(key, found))
        for key, values in sorted(several.items()):
            values.sort(key=lambda one: json.dumps(one, sort_keys=True))
            written[key] = values[0] if len(values) == 1 else values
        return written

    def _value(self, key: str, found: Node) -> Any:
        if isinstance(found, Literal):
            return self._literal(key, found)
        items = self._items(found)
        if items is not None:
            return {"@list": [self._value("", item) for item in items]}
        if found in self._within:
            return self._node(found)
        return self._name(found) if key in _LINKS else {"@id": self._name(found)}

    def _items(self, node: Node) -> list[Node] | None:
        """What the list at *node* holds; None where it is no list, or one spoken of twice."""
        items: list[Node] = []
        while node != RDF.nil:
            said = list(self._graph.predicate_objects(node))
            parts = dict(said)
            if node not in self._within or len(said) != 2 or parts.keys() != _CELL:
                return None
            items.append(parts[RDF.first])
            node = parts[RDF.rest]
        return items

    def _literal(self, key: str, found: Literal) -> Any:
        text = str(found)
        if found.language is not None:
            plain = key in _TEXTS and found.language == "en"
            return text if plain else {"@value": text, "@language": found.language}
        if found.datatype in (None, XSD.string):
            return {"@value": text} if key in _TEXTS or key in _LINKS else text
        if found.datatype == XSD.boolean and text in ("true", "false"):
            return text == "true"
        if found.datatype == XSD.integer and text == str(found.value):
            return found.value
        return {"@value": text, "@type": self._name(found.datatype)}

    def _name(self, node: Node) -> str:
        text = str(node)
        if isinstance(node, BNode):
            return f"_:{text}"
        for prefix, space in self._spaces:
            if text.startswith(space) and len(text) > len(space):
                return f"{prefix}:{text.removeprefix(space)}"
        return text


_CELL = {RDF.first, RDF.rest}


def _chain(node: Node, above: dict[Node, Node]) -> set[Node]:
    """The node, and every one that it is within."""
    found: set[Node] = set()
    while node not in found:
        found.add(node)
        node = above.get(node, node)
    return found


# Nodes without a name


def settled(graph: Graph) -> Graph:
    """The same graph, in which the name of a blank node says what stands there."""
    names = _names(graph)
    stable = Graph(bind_namespaces="none")
    for subject, predicate, found in graph:
        stable.add((names.get(subject, subject), predicate, names.get(found, found)))
    return stable


def _names(graph: Graph) -> dict[Node, Node]:
    """New names for blank nodes: by what they say and what is said of them, then counted.

    Nodes that stay alike can be exchanged for each other, as trees and rings of them can: any
    order is the same. (Only graphs made to defeat this would be written in two ways.)
    """
    told = _told(graph)
    counted: Counter[str] = Counter()
    names: dict[Node, Node] = {}
    for node in sorted(told, key=lambda one: told[one]):
        counted[told[node]] += 1
        names[node] = BNode(f"n{told[node]}x{counted[told[node]]}")
    return names


def _told(graph: Graph) -> dict[Node, str]:
    """A digest for each blank node, refined by those of its neighbours until none differs more."""
    around: dict[Node, list[tuple[str, Node]]] = {}
    for subject, predicate, found in graph:
        if isinstance(subject, BNode):
            around.setdefault(subject, []).append((f"> {predicate}", found))
        if isinstance(found, BNode):
            around.setdefault(found, []).append((f"< {predicate}", subject))
    written = {
        node: node.n3()
        for neighbours in around.values()
        for _, node in neighbours
        if not isinstance(node, BNode)
    }
    told, kinds = dict.fromkeys(around, ""), 0
    while len(set(told.values())) > kinds:
        kinds = len(set(told.values()))
        told = {
            node: _hash(
                [
                    told[node],
                    *sorted(f"{edge} {written.get(one) or told[one]}" for edge, one in neighbours),
                ]
            )
            for node, neighbours in around.items()
        }
    return told


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
