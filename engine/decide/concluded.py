"""Tests on facts of one value that rules conclude: of several conclusions the worst counts."""

from __future__ import annotations

from engine.decide.kleene import FALSE, TRUE, UNKNOWN, Conclusions, Evaluator, holds
from engine.declaration.facts import Facts
from engine.language.condition import Operator, Test
from engine.language.vocabulary import Fact


def worst(test: Test, fact: Fact) -> Evaluator:
    """A single value takes the worst conclusion; it lies between the certain and the possible."""
    name = fact.id
    order: tuple[str | bool, ...] = fact.order or (False, True)
    ranks = {value: rank for rank, value in enumerate(order)}
    satisfied = [ranked(test, order, rank) for rank in range(len(order))]
    # By the certain and the possible rank: what lies between must all say the same.
    spans = [
        [
            UNKNOWN if len(set(satisfied[low : high + 1])) > 1 else holds(satisfied[low])
            for high in range(len(order))
        ]
        for low in range(len(order))
    ]
    assumed = ranks.get(False if fact.assumption is None and fact.closed else fact.assumption)  # type: ignore[arg-type]

    def lowest(facts: Facts, certain: Conclusions) -> int | None:
        stated = facts.values.get(name)
        low = None if stated is None else ranks[stated]  # type: ignore[index]  # a term or a boolean
        for value in certain.get(name, ()):
            rank = ranks[value]
            if low is None or rank > low:
                low = rank
        return assumed if low is None else low

    def known(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
        if lowest(facts, certain) is not None:
            value = TRUE
        else:
            value = UNKNOWN if possible.get(name) else FALSE
        return value if test.flag else TRUE - value

    def between(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
        low = lowest(facts, certain)
        if low is None:
            return UNKNOWN
        high = low
        for value in possible.get(name, ()):
            rank = ranks[value]
            if rank > high:
                high = rank
        return spans[low][high]

    return known if test.operator is Operator.KNOWN else between


def ranked(test: Test, order: tuple[str | bool, ...], rank: int) -> bool:
    """Whether the value at *rank* of the *order* is what an ordered test asks for."""
    if test.operator is Operator.KNOWN:
        return True
    if test.flag is not None:
        return order[rank] is test.flag
    wanted = [order.index(term) for term in test.terms]
    match test.operator:
        case Operator.UNDER:
            return rank < wanted[0]
        case Operator.AT_MOST:
            return rank <= wanted[0]
        case Operator.OVER:
            return rank > wanted[0]
        case Operator.AT_LEAST:
            return rank >= wanted[0]
        case _:
            return rank in wanted
