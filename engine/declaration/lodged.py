"""A declaration that came as XML, as it stands after its messages: what a store keeps of it.

Plain data without the XML: it goes through JSON (msgspec) and back unchanged, so that answers
still name elements and an amendment can be laid over it years later.
Boundary: reads no message; `wco` makes it.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from msgspec import Struct

from engine.declaration.declaration import Declaration, Known, Request
from engine.declaration.problems import Problem, Report, pointer

Key = tuple[str | int, ...]
"""A field of a declaration: goods by item number, documents by type and id, not by index."""


class Place(NamedTuple):
    """The element that something was read from: its path in the message, and its line."""

    path: str
    line: int


class Lodged(Struct, frozen=True, kw_only=True):
    """A declaration with all that was laid over it.

    *number* is what customs gave it, if any message states it. *places* are those of its fields,
    each under the `Key` as a pointer, so that they stay right when goods change their order.
    *reports* are what reading the messages left to say. *earlier* holds the versions that the
    declaration has been laid over, oldest first.
    """

    number: str | None = None
    declaration: Declaration
    places: dict[str, Place] = {}
    reports: tuple[Report, ...] = ()
    earlier: tuple[Declaration, ...] = ()

    def request(self, known: Known | None = None) -> Request:
        """The request for a decision on it, beside what an agency knows."""
        return Request(declaration=self.declaration, known=known or Known(), earlier=self.earlier)

    def located(self, problem: Problem) -> Problem:
        """*problem* with path and line of the element instead of a pointer into the declaration.

        Where the field itself was not stated, the element is the nearest that lacks it. A pointer
        that leads elsewhere, such as into what the agency knows, stays.
        """
        tokens = problem.pointer.split("/")[1:]
        if tokens[:1] != ["declaration"]:
            return problem
        key = _key(tokens[1:], self.declaration)
        while (place := self.places.get(pointer(*key))) is None and key:
            key = key[:-1]
        if place is None:
            return problem
        return msgspec.structs.replace(problem, pointer=place.path, line=place.line)


def _key(tokens: list[str], declaration: Declaration) -> Key:
    key: Key = ()
    documents = declaration.documents
    if tokens[:1] == ["goods"] and len(tokens) > 1:
        if int(tokens[1]) >= len(declaration.goods):
            return ("goods",)
        item = declaration.goods[int(tokens[1])]
        key, documents, tokens = ("goods", item.item), item.documents, tokens[2:]
    if tokens[:1] == ["documents"] and len(tokens) > 1 and int(tokens[1]) < len(documents):
        document = documents[int(tokens[1])]
        return (*key, "documents", document.type, document.id, *tokens[2:])
    return (*key, *tokens)
