"""What a check has found, with the place of each finding.

Boundary: knows how to report, not what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import URIRef
from rdflib.term import Node

from engine.knowledge.names import compact
from engine.knowledge.reading import Place, Reading
from engine.language.diagnostics import Diagnostic, did_you_mean


class Findings:
    """A list of diagnostics that grows while checks run."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.diagnostics: list[Diagnostic] = []

    def add(
        self,
        code: str,
        subject: Node,
        message: str,
        *,
        mend: str | None = None,
        mention: str = "",
        place: Place | None = None,
    ) -> None:
        """Report *message* where *subject* is declared, or where it *mention*s the culprit.

        A *place* that is given is the place.
        """
        place = place or self.reading.place(subject, mention)
        self.diagnostics.append(
            Diagnostic(code=code, message=message, help=mend, file=place.file, line=place.line)
        )

    def unknown(self, what: str, subject: Node, word: str, known: Iterable[str]) -> None:
        """Report a *word* that is none of the *known* ones, and offer the nearest."""
        known = sorted(known)
        near = did_you_mean(word, known) or (
            f"known: {', '.join(known)}" if 0 < len(known) <= 12 else None
        )
        self.add(
            f"unknown-{what.replace(' ', '-')}",
            subject,
            f"unknown {what} `{word}` in {self.named(subject)}",
            mend=near,
            mention=word,
        )

    def holder(self, node: Node) -> Node:
        """The first named subject at or above *node*, or the topmost node without a name.

        Nodes without a name, such as lists, say little: what is wrong with one is reported there.
        """
        met = set[Node]()
        while not isinstance(node, URIRef) and node not in met:
            met.add(node)  # nodes without names can form a circle
            node = next(self.reading.graph.subjects(None, node), node)
        return node

    @staticmethod
    def named(subject: Node) -> str:
        """Return how a message calls *subject*: its compact name, or that it has none."""
        name = compact(subject)
        return f"`{name}`" if ":" in name else "a node without a name"
