"""What one test means: true, false or unknown, in Kleene's strong logic.

Each kind of test is one small function of the facts, made once from the test and the vocabulary.
Both engines share these; they share nothing of groups, exemptions, chaining or phases.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from decimal import Decimal

from engine.decide.codes import code_lines
from engine.decide.kleene import FALSE, NOTHING, TRUE, UNKNOWN, Conclusions, Evaluator, holds, is_a
from engine.declaration.facts import DocumentStatus, Facts, Money
from engine.language.asking import tested
from engine.language.condition import Operator, Test
from engine.language.expression import (
    GOODS,
    Atom,
    Either,
    Every,
    Expression,
    Range,
)
from engine.language.vocabulary import Fact, FactType, Source, Vocabulary


def evaluate(
    test: Test,
    facts: Facts,
    vocabulary: Vocabulary,
    certain: Conclusions = NOTHING,
    possible: Conclusions = NOTHING,
) -> int:
    """The value of *test*, given the *facts* of an item and what rules concluded so far.

    *certain* conclusions come from rules that apply, *possible* ones also from undetermined rules.
    """
    return evaluator(test, vocabulary)(facts, certain, possible)


def evaluator(test: Test, vocabulary: Vocabulary) -> Evaluator:
    """The function that gives the value of *test*."""
    fact = vocabulary.facts[test.fact]
    if fact.source is Source.CONCLUDED:
        if fact.type is FactType.TERMS:
            return _set(test, fact, vocabulary)
        return _worst(test, fact)
    if fact.type is FactType.DOCUMENTS:
        return _documents(test)
    if test.operator is Operator.KNOWN:
        return _known(test, fact)
    if test.codes:
        return code_lines(test, vocabulary)
    match fact.type:
        case FactType.BOOLEAN:
            return _boolean(test, fact)
        case FactType.NUMBER:
            return _number(test)
        case FactType.MONEY:
            return _money(test)
        case FactType.TERMS:
            return _terms(test, fact, vocabulary)
        case FactType.TERM:
            return _term(test, vocabulary)
        case FactType.COUNTRY if test.operator is Operator.WITHIN:
            return _group(test, vocabulary)
        case FactType.COUNTRY | FactType.TEXT:
            return _word(test)
        case _:
            raise TypeError(f"{fact.id}: a {fact.type} cannot be tested")


def _known(test: Test, fact: Fact) -> Evaluator:
    name, flag, closed = fact.id, test.flag, fact.closed
    return lambda facts, _c, _p: holds((closed or name in facts.values) is flag)


def _boolean(test: Test, fact: Fact) -> Evaluator:
    """Absence of a closed fact is no; of an open one, unknown."""
    name, flag = fact.id, test.flag
    absent = holds(flag is False) if fact.closed else UNKNOWN

    def boolean(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        value = facts.values.get(name)
        if value is None:
            return absent
        return TRUE if value is flag else FALSE

    return boolean


def _word(test: Test) -> Evaluator:
    name, words = test.fact, frozenset(test.terms)

    def word(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        value = facts.values.get(name)
        if value is None:
            return UNKNOWN
        return TRUE if value in words else FALSE

    return word


# Numbers and money

_COMPARED: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.UNDER: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.OVER: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.IS: operator.eq,
}


def _comparison(test: Test) -> Callable[[Decimal], bool]:
    number, upper = test.number, test.upper
    if number is None:
        raise ValueError(f"parameter {test.parameter} of a test on {test.fact} has no value")
    if test.operator is Operator.BETWEEN:
        return lambda value: number <= value and (upper is None or value <= upper)
    compare = _COMPARED[test.operator]
    return lambda value: compare(value, number)


def _number(test: Test) -> Evaluator:
    name, compared = test.fact, _comparison(test)

    def number(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        value = facts.values.get(name)
        return holds(compared(value)) if isinstance(value, Decimal) else UNKNOWN

    return number


def _money(test: Test) -> Evaluator:
    """Unlike currencies compare as unknown, unless a dated rate is supplied."""
    name, currency, compared = test.fact, test.currency, _comparison(test)

    def money(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        value = facts.values.get(name)
        if not isinstance(value, Money):
            return UNKNOWN
        if value.currency == currency:
            return holds(compared(value.amount))
        rates = [
            rate
            for rate in facts.rates
            if (rate.source, rate.target) == (value.currency, currency)
            and rate.on <= facts.days["acceptance"]
        ]
        if not rates:
            return UNKNOWN
        latest = max(rates, key=lambda rate: rate.on)
        return holds(compared(value.amount * latest.rate))

    return money


# Terms and countries


def _term(test: Test, vocabulary: Vocabulary) -> Evaluator:
    name, terms = test.fact, test.terms

    def one(value: str, term: str) -> int:
        if value == term:
            return TRUE
        if test.operator is Operator.IS_A:
            return is_a(value, term, vocabulary)
        # A "toy" may be a plush toy: a coarser value leaves a finer one open.
        return UNKNOWN if vocabulary.is_a(term, value) else FALSE

    def term(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        value = facts.values.get(name)
        return max(one(value, term) for term in terms) if isinstance(value, str) else UNKNOWN

    return term


def _terms(test: Test, fact: Fact, vocabulary: Vocabulary) -> Evaluator:
    name, satisfying = fact.id, _satisfying(test, vocabulary)
    otherwise = _without(test, fact, vocabulary)

    def terms(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        values = _held(facts, name)
        return otherwise(values) if satisfying.isdisjoint(values) else TRUE

    return terms


_NONE: frozenset[str] = frozenset()


def _held(facts: Facts, name: str) -> frozenset[str]:
    values = facts.values.get(name, _NONE)
    assert isinstance(values, frozenset)
    return values


def _satisfying(test: Test, vocabulary: Vocabulary) -> frozenset[str]:
    """The terms of which one member is enough."""
    if test.operator is Operator.IS_A:
        return _NONE.union(*(vocabulary.below(term) for term in test.terms))
    return frozenset(test.terms)


def _without(test: Test, fact: Fact, vocabulary: Vocabulary) -> Callable[[frozenset[str]], int]:
    """The value of a test on a set in which nothing satisfies it."""
    if fact.closed:
        return lambda _: FALSE
    if test.operator is not Operator.IS_A:
        return lambda _: UNKNOWN
    aparts = [vocabulary.apart(term) for term in test.terms]

    def without(values: frozenset[str]) -> int:
        return UNKNOWN if any(apart.isdisjoint(values) for apart in aparts) else FALSE

    return without


def _group(test: Test, vocabulary: Vocabulary) -> Evaluator:
    """Membership in a group of countries is that of the day named."""
    name, day = test.fact, test.day or "acceptance"
    members = [member for group in test.terms for member in vocabulary.groups[group].members]

    def group(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        country = facts.values.get(name)
        if country is None:
            return UNKNOWN
        on = facts.days[day]
        return holds(any(m.country == country and on in m.period for m in members))

    return group


# Documents

_HELD = (DocumentStatus.DECLARED, DocumentStatus.PRESENTED, DocumentStatus.VERIFIED)


def _documents(test: Test) -> Evaluator:
    """A document of the status asked for, or a higher one."""
    certificate = test.terms[0]
    enough = frozenset(_HELD[_HELD.index(DocumentStatus(test.status or "declared")) :])

    def documents(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        if not enough.isdisjoint(facts.documents.get(certificate, ())):
            return TRUE
        return FALSE if certificate in facts.settled else UNKNOWN

    return documents


# Concluded facts


def _set(test: Test, fact: Fact, vocabulary: Vocabulary) -> Evaluator:
    """A set holds what the ontology inferred and what rules concluded; disjointness counts only
    from the former, so that a test can only gain truth while a phase runs.
    """
    name, closed = fact.id, fact.closed

    def known(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
        if closed or facts.values.get(name) or certain.get(name):
            value = TRUE
        else:
            value = UNKNOWN if possible.get(name) else FALSE
        return value if test.flag else TRUE - value

    if test.operator is Operator.KNOWN:
        return known
    satisfying, otherwise = _satisfying(test, vocabulary), _without(test, fact, vocabulary)
    meant = _meant(test, vocabulary)

    def members(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
        inferred = _held(facts, name)
        if not (satisfying.isdisjoint(certain.get(name, ())) and satisfying.isdisjoint(inferred)):
            return TRUE
        value = otherwise(inferred)
        if meant is not None and value == UNKNOWN:
            value = meant(facts, certain, possible)
        if value == FALSE and not satisfying.isdisjoint(possible.get(name, ())):
            return UNKNOWN
        return value

    return members


# Defined classes


def _meant(test: Test, vocabulary: Vocabulary) -> Evaluator | None:
    """What the definitions of the classes say of goods that are not known to be of them.

    None unless each is defined: of a class without a definition nothing more can be said.
    """
    means = [vocabulary.terms[term].means for term in test.terms]
    if test.operator is not Operator.IS_A or None in means:
        return None
    each = [expressed(expression, vocabulary) for expression in means if expression is not None]

    def meant(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
        return max(value(facts, certain, possible) for value in each)

    return meant


def expressed(expression: Expression, vocabulary: Vocabulary) -> Evaluator:
    """The value of a class expression: a definition is met, is not met, or is left open."""
    if isinstance(expression, Every | Either):
        join = min if isinstance(expression, Every) else max
        parts = [expressed(part, vocabulary) for part in expression.parts]

        def joined(facts: Facts, certain: Conclusions, possible: Conclusions) -> int:
            return join(part(facts, certain, possible) for part in parts)

        return joined
    if isinstance(expression, Range):
        return _range(expression)
    if expression == GOODS:
        return lambda _f, _c, _p: TRUE
    return evaluator(tested(expression, vocabulary), vocabulary)


def _range(atom: Range) -> Evaluator:
    name, interval = atom.fact, atom.interval

    def within(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        value = facts.values.get(name)
        return holds(value in interval) if isinstance(value, Decimal) else UNKNOWN

    return within


def left_open(
    expression: Expression,
    vocabulary: Vocabulary,
    facts: Facts,
    certain: Conclusions,
    possible: Conclusions,
) -> Iterator[Atom]:
    """The atoms that keep a class expression open: those whose value could settle it."""
    if expressed(expression, vocabulary)(facts, certain, possible) != UNKNOWN:
        return
    if isinstance(expression, Every | Either):
        for part in expression.parts:
            yield from left_open(part, vocabulary, facts, certain, possible)
    else:
        yield expression


def _worst(test: Test, fact: Fact) -> Evaluator:
    """A single value takes the worst conclusion; it lies between the certain and the possible."""
    name = fact.id
    order: tuple[str | bool, ...] = fact.order or (False, True)
    ranks = {value: rank for rank, value in enumerate(order)}
    satisfied = [_ranked(test, order, rank) for rank in range(len(order))]
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


def _ranked(test: Test, order: tuple[str | bool, ...], rank: int) -> bool:
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
