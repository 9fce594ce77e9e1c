"""Conditions: typed tests on facts, joined by all, any and none.

A `Test` is plain, hashable data, so that equal tests of different rules are one test to every
engine. What a test *means* stands in `decide.evaluation`; what a group means in
`decide.semantics`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class Operator(StrEnum):
    """How a test compares its fact; numbers are in the fact's own unit."""

    IS = "is"
    IS_A = "is_a"
    ONE_OF = "one_of"
    WITHIN = "within"
    HAS = "has"
    UNDER = "under"
    AT_MOST = "at_most"
    OVER = "over"
    AT_LEAST = "at_least"
    BETWEEN = "between"  # both ends included
    KNOWN = "known"


COMPARISONS = frozenset(
    {Operator.UNDER, Operator.AT_MOST, Operator.OVER, Operator.AT_LEAST, Operator.BETWEEN}
)


class CodeLine(Struct, frozen=True, order=True, omit_defaults=True):
    """One commodity code line of a regulation.

    With *ex*, only the named product under the code is meant (an ``ex`` line): the code alone
    leaves it open, a 10-digit code settles it where the line lists its *subdivisions* (digits
    9 and 10), and so does the declared product.
    """

    code: str
    ex: str | None = None
    subdivisions: tuple[str, ...] = ()


class Test(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One condition on one fact.

    Which operand is set follows from the operator: *terms* for ``is``, ``is_a``, ``one_of``,
    ``has`` and country groups; *codes* for commodity codes; *number* (and *upper* for
    ``between``), with *currency* for money; *flag* for booleans and ``known``. A *parameter*
    stands for a number until its value on the governing date is put in. Membership in a group
    of countries is that of the *day* named (a governing date).
    """

    __test__ = False  # a domain word; pytest must not collect it

    fact: str
    operator: Operator
    flag: bool | None = None
    terms: tuple[str, ...] = ()
    codes: tuple[CodeLine, ...] = ()
    number: Decimal | None = None
    upper: Decimal | None = None
    currency: str | None = None
    status: str | None = None
    parameter: str | None = None
    day: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts whose values may settle this test."""
        if any(line.ex for line in self.codes):
            return (self.fact, "goods.product")
        return (self.fact,)


class Leaf(Struct, frozen=True, kw_only=True, tag="test", omit_defaults=True):
    """A test with its legal basis and the TFA 7.4.4 criterion that it uses."""

    test: Test
    basis: str
    criterion: str | None = None
    reason: str | None = None


class AllOf(Struct, frozen=True, tag="all"):
    """Every part must hold."""

    parts: tuple[Condition, ...]


class AnyOf(Struct, frozen=True, tag="any"):
    """At least one part must hold."""

    parts: tuple[Condition, ...]


class NoneOf(Struct, frozen=True, tag="none"):
    """No part may hold."""

    parts: tuple[Condition, ...]


Condition = Leaf | AllOf | AnyOf | NoneOf


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Every leaf, in the order written."""
    for leaf, _ in signed_leaves(condition):
        yield leaf


def signed_leaves(
    condition: Condition | None, positive: bool = True
) -> Iterator[tuple[Leaf, bool]]:
    """Every leaf with its sign: a leaf under an odd number of ``none`` counts against."""
    match condition:
        case None:
            return
        case Leaf():
            yield condition, positive
        case NoneOf(parts):
            for part in parts:
                yield from signed_leaves(part, not positive)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from signed_leaves(part, positive)
