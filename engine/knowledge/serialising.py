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
        self._mentions: Counter[Node] = Counter(
            found for found in self._graph.objects() if isinstance(found, BNode)
        )

    def nodes(self) -> list[dict[str, Any]]:
        """Every node that stands by itself, in order of its name."""
        standing = {
            node
            for node in self._graph.subjects()
            if not isinstance(node, BNode) or self._mentions[node] != 1
        }
        return [self._node(node) for node in sorted(standing, key=lambda one: one.n3())]

    def _node(self, node: Node) -> dict[str, Any]:
        written: dict[str, Any] = {}
        if not isinstance(node, BNode) or self._mentions[node] > 1:
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
        if isinstance(found, BNode) and self._mentions[found] == 1:
            return self._node(found)
        return self._name(found) if key in _LINKS else {"@id": self._name(found)}

    def _items(self, node: Node) -> list[Node] | None:
        """What the list at *node* holds; None where it is no list, or one spoken of twice."""
        items: list[Node] = []
        while node != RDF.nil:
            said = list(self._graph.predicate_objects(node))
            parts = dict(said)
            if len(said) != 2 or parts.keys() != {RDF.first, RDF.rest} or self._mentions[node] != 1:
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


# Nodes without a name


def settled(graph: Graph) -> Graph:
    """The same graph, in which the name of a blank node says what stands there."""
    names = _names(graph)
    stable = Graph(bind_namespaces="none")
    for subject, predicate, found in graph:
        stable.add((names.get(subject, subject), predicate, names.get(found, found)))
    return stable


def _names(graph: Graph) -> dict[Node, Node]:
    """New names, from what a node says, then from who speaks of it, then counted.

    Nodes that are still alike after that can be exchanged for each other: any order is the same.
    """
    blank = [node for node in graph.all_nodes() if isinstance(node, BNode)]
    said: dict[Node, str] = {}
    for node in blank:
        _content(graph, node, said)
    heard: dict[Node, str] = {}
    for node in blank:
        _heard(graph, node, said, heard)
    counted: Counter[str] = Counter()
    names: dict[Node, Node] = {}
    for node in sorted(blank, key=lambda one: heard[one]):
        counted[heard[node]] += 1
        names[node] = BNode(f"n{heard[node]}x{counted[heard[node]]}")
    return names


def _content(graph: Graph, node: Node, said: dict[Node, str]) -> str:
    if not isinstance(node, BNode):
        return node.n3()
    if node not in said:
        said[node] = ""  # of a node within itself, nothing more is said
        said[node] = _hash(
            sorted(
                f"{predicate.n3()} {_content(graph, found, said)}"
                for predicate, found in graph.predicate_objects(node)
            )
        )
    return said[node]


def _heard(graph: Graph, node: Node, said: dict[Node, str], heard: dict[Node, str]) -> str:
    if not isinstance(node, BNode):
        return node.n3()
    if node not in heard:
        heard[node] = said[node]
        heard[node] = _hash(
            [
                said[node],
                *sorted(
                    f"{_heard(graph, above, said, heard)} {predicate.n3()}"
                    for above, predicate in graph.subject_predicates(node)
                ),
            ]
        )
    return heard[node]


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
