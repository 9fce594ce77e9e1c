"""Values of properties, read off a checked graph.

Boundary: trusts what `lint` has let through.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from rdflib import DCTERMS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from engine.knowledge.names import CORE, compact
from engine.language.period import Period

T = TypeVar("T")


def needed(found: T | None) -> T:
    """What lint and shapes have seen to be there: nothing stands in for it."""
    if found is None:
        raise ValueError("a value that was checked to be there is not")
    return found


class Nodes:
    """Reads one value, or several, of one property of one subject."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def node(self, subject: Node, predicate: URIRef) -> Node | None:
        return self.graph.value(subject, predicate)

    def text(self, subject: Node, predicate: URIRef) -> str:
        return str(needed(self.node(subject, predicate)))

    def maybe(self, subject: Node, predicate: URIRef) -> str | None:
        found = self.node(subject, predicate)
        return None if found is None else str(found)

    def texts(self, subject: Node, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(found) for found in self.graph.objects(subject, predicate)))

    def listed(self, subject: Node, predicate: URIRef) -> tuple[str, ...]:
        """Texts in the order written, from a list."""
        head = self.node(subject, predicate)
        return () if head is None else tuple(map(str, Collection(self.graph, head)))

    def link(self, subject: Node, predicate: URIRef) -> str:
        return compact(needed(self.node(subject, predicate)))

    def links(self, subject: Node, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(map(compact, self.graph.objects(subject, predicate))))

    def whole(self, subject: Node, predicate: URIRef) -> int | None:
        found = self.node(subject, predicate)
        return None if found is None else int(str(found))

    def exact(self, subject: Node, predicate: URIRef) -> Decimal | None:
        found = self.node(subject, predicate)
        return None if found is None else Decimal(str(found))

    def day(self, subject: Node, predicate: URIRef) -> date | None:
        found = self.node(subject, predicate)
        return None if found is None else date.fromisoformat(str(found))

    def period(self, node: Node) -> Period:
        """The period that *node* bounds by `core:from` and `core:until`."""
        return Period(start=self.day(node, CORE["from"]), end=self.day(node, CORE.until))

    def citation(self, subject: Node) -> str | None:
        return "; ".join(self.texts(subject, DCTERMS.source)) or None
