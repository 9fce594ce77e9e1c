"""Tests on values that are declared or looked up, one kind after the other.

Boundary: what rules conclude plays no part here. Sets, which rules may add to, are in `evaluation`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal

from engine.decide.kleene import FALSE, TRUE, UNKNOWN, Conclusions, Evaluator, holds, is_a
from engine.declaration.facts import DocumentStatus, Facts, Money
from engine.language.condition import Operator, Test
from engine.language.expression import Range
from engine.language.vocabulary import Fact, Vocabulary


def known(test: Test, fact: Fact) -> Evaluator:
    name, flag, closed = fact.id, test.flag, fact.closed
    return lambda facts, _c, _p: holds((closed or name in facts.values) is flag)


def boolean(test: Test, fact: Fact) -> Evaluator:
    """Absence of a closed fact is no; of an open one, unknown."""
    name, flag = fact.id, test.flag
    absent = holds(flag is False) if fact.closed else UNKNOWN

    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        stated = facts.values.get(name)
        if stated is None:
            return absent
        return TRUE if stated is flag else FALSE

    return value


def word(test: Test) -> Evaluator:
    name, words = test.fact, frozenset(test.terms)

    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        stated = facts.values.get(name)
        if stated is None:
            return UNKNOWN
        return TRUE if stated in words else FALSE

    return value


# Numbers and money

_COMPARED: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.UNDER: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.OVER: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.IS: operator.eq,
}


def _comparison(test: Test) -> Callable[[Decimal], bool]:
    bound, upper = test.number, test.upper
    if bound is None:
        raise ValueError(f"parameter {test.parameter} of a test on {test.fact} has no value")
    if test.operator is Operator.BETWEEN:
        return lambda stated: bound <= stated and (upper is None or stated <= upper)
    compare = _COMPARED[test.operator]
    return lambda stated: compare(stated, bound)


def number(test: Test) -> Evaluator:
    return _number(test.fact, _comparison(test))


def within(atom: Range) -> Evaluator:
    """A number in an interval, as definitions ask for it."""
    return _number(atom.fact, atom.interval.__contains__)


def _number(name: str, fits: Callable[[Decimal], bool]) -> Evaluator:
    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        stated = facts.values.get(name)
        return holds(fits(stated)) if isinstance(stated, Decimal) else UNKNOWN

    return value


def money(test: Test) -> Evaluator:
    """Unlike currencies compare as unknown, unless a dated rate is supplied."""
    name, currency, fits = test.fact, test.currency, _comparison(test)

    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        stated = facts.values.get(name)
        if not isinstance(stated, Money):
            return UNKNOWN
        if stated.currency == currency:
            return holds(fits(stated.amount))
        rates = [
            rate
            for rate in facts.rates
            if (rate.source, rate.target) == (stated.currency, currency)
            and rate.on <= facts.days["acceptance"]
        ]
        if not rates:
            return UNKNOWN
        latest = max(rates, key=lambda rate: rate.on)
        return holds(fits(stated.amount * latest.rate))

    return value


# Terms and countries


def term(test: Test, vocabulary: Vocabulary) -> Evaluator:
    name, terms = test.fact, test.terms

    def one(stated: str, wanted: str) -> int:
        if stated == wanted:
            return TRUE
        if test.operator is Operator.IS_A:
            return is_a(stated, wanted, vocabulary)
        # A "toy" may be a plush toy: a coarser value leaves a finer one open.
        return UNKNOWN if vocabulary.is_a(wanted, stated) else FALSE

    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        stated = facts.values.get(name)
        return max(one(stated, wanted) for wanted in terms) if isinstance(stated, str) else UNKNOWN

    return value


def group(test: Test, vocabulary: Vocabulary) -> Evaluator:
    """Membership in a group of countries is that of the day named."""
    name, day = test.fact, test.day or "acceptance"
    members = [member for each in test.terms for member in vocabulary.groups[each].members]

    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        country = facts.values.get(name)
        if country is None:
            return UNKNOWN
        on = facts.days[day]
        return holds(any(m.country == country and on in m.period for m in members))

    return value


# Documents

_HELD = (DocumentStatus.DECLARED, DocumentStatus.PRESENTED, DocumentStatus.VERIFIED)


def documents(test: Test) -> Evaluator:
    """A document of the status asked for, or a higher one."""
    certificate = test.terms[0]
    enough = frozenset(_HELD[_HELD.index(DocumentStatus(test.status or "declared")) :])

    def value(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        if not enough.isdisjoint(facts.documents.get(certificate, ())):
            return TRUE
        return FALSE if certificate in facts.settled else UNKNOWN

    return value
