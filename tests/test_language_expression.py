"""Intervals and the alternatives of class expressions."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.language.expression import (
    Either,
    Every,
    Expression,
    Flag,
    Interval,
    Named,
    alternatives,
    count_alternatives,
    point,
)

ENDS = st.none() | st.integers(-3, 3).map(Decimal)
INTERVALS = st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans())
NUMBERS = st.integers(-8, 8).map(lambda n: Decimal(n) / 2)
ATOMS = st.sampled_from([Named("a"), Named("b"), Flag("f", True), Flag("g", False)])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda parts: st.builds(
        lambda kind, some: kind(tuple(some)),
        st.sampled_from([Every, Either]),
        st.lists(parts, min_size=2, max_size=3),
    ),
    max_leaves=8,
)


@given(INTERVALS, INTERVALS, NUMBERS)
def test_a_meet_holds_the_numbers_of_both(one: Interval, other: Interval, number: Decimal) -> None:
    assert (number in one.meet(other)) is (number in one and number in other)


@given(INTERVALS, NUMBERS)
def test_an_empty_interval_holds_no_number(one: Interval, number: Decimal) -> None:
    assert not (one.empty and number in one)


@given(INTERVALS, INTERVALS, NUMBERS)
def test_what_lies_within_holds_nothing_else(
    one: Interval, other: Interval, number: Decimal
) -> None:
    if one.within(other) and number in one:
        assert number in other


@given(NUMBERS)
def test_a_point_holds_its_number_alone(number: Decimal) -> None:
    assert number in point(number)
    assert number + 1 not in point(number)


def holds(expression: Expression, true: frozenset[Expression]) -> bool:
    match expression:
        case Every(parts):
            return all(holds(part, true) for part in parts)
        case Either(parts):
            return any(holds(part, true) for part in parts)
        case _:
            return expression in true


@given(EXPRESSIONS, st.frozensets(ATOMS))
def test_an_expression_holds_iff_one_of_its_alternatives_does(
    expression: Expression, true: frozenset[Expression]
) -> None:
    found = any(all(atom in true for atom in way) for way in alternatives(expression))
    assert found is holds(expression, true)


@given(EXPRESSIONS)
def test_alternatives_are_counted_without_listing_them(expression: Expression) -> None:
    assert count_alternatives(expression) == len(alternatives(expression))
