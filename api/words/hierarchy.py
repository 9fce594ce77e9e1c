"""The classes above and below a class, one step at a time.

A `Term` knows all its ancestors, inferred ones included; what is one step away is what no other
class stands between.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from api.lines import Ref, ref
from engine.language.expression import Named, alternatives
from engine.language.hierarchy import direct_superclasses
from engine.language.vocabulary import Vocabulary

NAMED, MET = "named in its definition", "by definition"


class Branch(Struct, frozen=True, omit_defaults=True):
    """A class one step away, with those one step further.

    *why* says that a definition makes the step: its own names the class above, or whatever is of
    it meets the definition of the class above.
    """

    id: str
    label: str
    why: str | None = None
    parts: tuple[Branch, ...] = ()


class Hierarchy:
    """The steps between the terms of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        ancestors = {term.id: term.ancestors for term in vocabulary.terms.values()}
        self._up = {
            name: {*direct_superclasses(name, ancestors)} - self.equals(name) for name in ancestors
        }
        self._down: dict[str, list[str]] = {}
        for below, above in self._up.items():
            for one in above:
                self._down.setdefault(one, []).append(below)

    def equals(self, identifier: str) -> frozenset[str]:
        """Other classes of the very same goods."""
        terms = self._vocabulary.terms
        above = terms[identifier].ancestors - {identifier}
        return frozenset(one for one in above if identifier in terms[one].ancestors)

    def wider(self, identifier: str) -> frozenset[str]:
        """Every class above."""
        return self._vocabulary.terms[identifier].ancestors - {identifier}

    def narrower(self, identifier: str) -> frozenset[str]:
        """Every class below."""
        found = self._vocabulary.below(identifier) - {identifier}
        return found - self.equals(identifier)

    def above(self, identifier: str) -> tuple[Branch, ...]:
        """The classes one step up, each with those above it."""
        return tuple(
            Branch(one, self._label(one), self.why(identifier, one), self.above(one))
            for one in self._sorted(self._up[identifier])
        )

    def below(self, identifier: str) -> tuple[Branch, ...]:
        """The classes one step down."""
        return tuple(
            Branch(one, self._label(one), self.why(one, identifier))
            for one in self._sorted(self._down.get(identifier, ()))
        )

    def why(self, below: str, above: str) -> str | None:
        """How a definition makes the one class stand below the other, if one does."""
        terms = self._vocabulary.terms
        means = terms[below].means
        if means is not None and all(Named(above) in way for way in alternatives(means)):
            return NAMED
        return None if terms[above].means is None else MET

    def _label(self, identifier: str) -> str:
        return ref(self._vocabulary, identifier).label

    def _sorted(self, identifiers: Iterable[str]) -> list[str]:
        return sorted(identifiers, key=lambda one: (self._label(one).casefold(), one))


def nearest(vocabulary: Vocabulary, terms: Iterable[str]) -> tuple[Ref, ...]:
    """Those of the *terms* above which, on the way up, no other of them was met before."""
    found = set(terms)
    far = {
        other
        for one in found & vocabulary.terms.keys()
        for other in vocabulary.terms[one].ancestors - {one}
    }
    return tuple(ref(vocabulary, one) for one in sorted(found - far) or sorted(found))
