"""Class expressions: what makes goods a "toy for under three with small parts".

The part of OWL 2 that the ontology may define classes in, as plain data. An expression is what
`knowledge` reads from Turtle, the classifiers reason with, declarations are realised by, and a test
`is_a` looks into where the class itself is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct


class Interval(Struct, frozen=True, omit_defaults=True):
    """Numbers from *low* to *high*; an absent bound is open, *over* and *under* leave it out."""

    low: Decimal | None = None
    high: Decimal | None = None
    over: bool = False
    under: bool = False

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.over or self.under))

    def meet(self, other: Interval) -> Interval:
        """The numbers in both."""
        low, over = _tighter(self.low, self.over, other.low, other.over, 1)
        high, under = _tighter(self.high, self.under, other.high, other.under, -1)
        return Interval(low, high, over, under)

    def within(self, other: Interval) -> bool:
        """Whether all its numbers lie in *other*."""
        return self.meet(other) == self

    def __contains__(self, number: Decimal) -> bool:
        if self.low is not None and (number < self.low or (self.over and number == self.low)):
            return False
        return self.high is None or not (number > self.high or (self.under and number == self.high))


def _tighter(
    one: Decimal | None, one_open: bool, other: Decimal | None, other_open: bool, sign: int
) -> tuple[Decimal | None, bool]:
    if one is None or other is None:
        return (other, other_open) if one is None else (one, one_open)
    if one == other:
        return one, one_open or other_open
    return (one, one_open) if (one > other) is (sign > 0) else (other, other_open)


def point(number: Decimal) -> Interval:
    """One number."""
    return Interval(number, number)


class Named(Struct, frozen=True, tag="class"):
    """Goods of a class: ``product:Toy``, or ``hs:9503`` for those under a code."""

    term: str


class Some(Struct, frozen=True, tag="some"):
    """Of the values of *fact*, one is *term* or a kind of it."""

    fact: str
    term: str


class Flag(Struct, frozen=True, tag="flag"):
    """*fact* is *value*."""

    fact: str
    value: bool


class Range(Struct, frozen=True, tag="range"):
    """*fact* is a number in *interval*."""

    fact: str
    interval: Interval


class Every(Struct, frozen=True, tag="every"):
    """All parts hold (OWL intersection)."""

    parts: tuple[Expression, ...]


class Either(Struct, frozen=True, tag="either"):
    """At least one part holds (OWL union)."""

    parts: tuple[Expression, ...]


GOODS = Named("core:Product")
"""What every item is."""

Atom = Named | Some | Flag | Range
Expression = Named | Some | Flag | Range | Every | Either


def atoms(expression: Expression) -> Iterator[Atom]:
    """Every atom, in the order written."""
    if isinstance(expression, Every | Either):
        for part in expression.parts:
            yield from atoms(part)
    else:
        yield expression


def alternatives(expression: Expression) -> tuple[tuple[Atom, ...], ...]:
    """The disjunctive normal form: each way to satisfy the expression, as atoms that hold together.

    The parts of a union may multiply; `knowledge` refuses what has too many.
    """
    match expression:
        case Either(parts):
            return tuple(way for part in parts for way in alternatives(part))
        case Every(parts):
            ways: tuple[tuple[Atom, ...], ...] = ((),)
            for part in parts:
                ways = tuple((*way, *more) for way in ways for more in alternatives(part))
            return ways
        case _:
            return ((expression,),)


def count_alternatives(expression: Expression) -> int:
    """How many alternatives there would be."""
    match expression:
        case Either(parts):
            return sum(map(count_alternatives, parts))
        case Every(parts):
            count = 1
            for part in parts:
                count *= count_alternatives(part)
            return count
        case _:
            return 1


def facts_of(expressions: Iterable[Expression]) -> frozenset[str]:
    """The facts that the expressions speak of."""
    return frozenset(
        atom.fact
        for expression in expressions
        for atom in atoms(expression)
        if not isinstance(atom, Named)
    )
