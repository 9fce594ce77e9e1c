"""What an ontology says, as plain axioms, and the words for them.

Boundary: no RDF. `axioms` reads them from Turtle; both the classifier and realisation follow them.
"""

from __future__ import annotations

from msgspec import Struct

from engine.language.expression import (
    Either,
    Every,
    Expression,
    Flag,
    Interval,
    Named,
    Range,
    Some,
)
from engine.language.vocabulary import FactType


class SubClass(Struct, frozen=True, tag="sub"):
    """Everything of *term* satisfies *above*."""

    term: str
    above: Expression


class Defined(Struct, frozen=True, tag="defined"):
    """*term* is exactly what satisfies *by*."""

    term: str
    by: Expression


class Apart(Struct, frozen=True, tag="apart"):
    """Nothing is of two of the *terms*."""

    terms: tuple[str, ...]


class Domain(Struct, frozen=True, tag="domain"):
    """What has any value of *fact* is of *term*."""

    fact: str
    term: str


class Member(Struct, frozen=True, tag="member"):
    """The individual *name* is of *term*."""

    name: str
    term: str


Axiom = SubClass | Defined | Apart | Domain | Member


class FactKind(Struct, frozen=True):
    """What reasoning needs to know of a fact."""

    type: FactType
    over_classes: bool
    transitive: bool
    interval: Interval


class Theory(Struct, frozen=True, kw_only=True):
    """All axioms, the facts they speak of, and the classes there are, HS codes apart."""

    axioms: tuple[Axiom, ...]
    facts: dict[str, FactKind]
    classes: tuple[str, ...]

    @property
    def definitions(self) -> dict[str, Expression]:
        """What defined classes mean."""
        return {axiom.term: axiom.by for axiom in self.axioms if isinstance(axiom, Defined)}

    @property
    def implications(self) -> list[tuple[str, Expression]]:
        """What is true of all that is of a class; superclasses among it."""
        return [(axiom.term, axiom.above) for axiom in self.axioms if isinstance(axiom, SubClass)]


def said(axiom: Axiom) -> str:
    """An axiom in words, for a diagnostic."""
    match axiom:
        case SubClass(term, above):
            return f"every `{term}` is {worded(above)}"
        case Defined(term, by):
            return f"`{term}` is exactly {worded(by)}"
        case Apart((left, right)):
            return f"nothing is both `{left}` and `{right}`"
        case Apart(terms):
            return f"no two of {', '.join(f'`{term}`' for term in terms)} have anything in common"
        case Domain(fact, term):
            return f"what has `{fact}` is `{term}`"
        case Member(name, term):
            return f"`{name}` is a `{term}`"


def worded(expression: Expression) -> str:
    """An expression in words."""
    match expression:
        case Named(term):
            return f"`{term}`"
        case Some(fact, term):
            return f"something with `{fact}` `{term}`"
        case Flag(fact, value):
            return f"something with `{fact}` {str(value).lower()}"
        case Range(fact, interval):
            return f"something with `{fact}` {bounds(interval)}"
        case Every(parts):
            return f"({' and '.join(map(worded, parts))})"
        case Either(parts):
            return f"({' or '.join(map(worded, parts))})"


def bounds(interval: Interval) -> str:
    """An interval in words."""
    parts = []
    if interval.low is not None:
        parts.append(f"{'over' if interval.over else 'at least'} {interval.low}")
    if interval.high is not None:
        parts.append(f"{'under' if interval.under else 'at most'} {interval.high}")
    return " and ".join(parts) or "any number"
