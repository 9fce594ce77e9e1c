"""What one test means: true, false or unknown, in Kleene's strong logic.

Each kind of test is one small function of the facts, made once from the test and the vocabulary.
Both engines share these; they share nothing of groups, exemptions, chaining or phases.

Here a test finds its meaning; what it means on a value is in `declared`, on a commodity code in
`codes`, on what rules conclude in `concluded`. Sets and defined classes, which hold what is
declared and what is concluded, are here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.decide import concluded, declared
from engine.decide.codes import code_lines
from engine.decide.kleene import FALSE, NOTHING, TRUE, UNKNOWN, Conclusions, Evaluator
from engine.declaration.facts import Facts
from engine.language.asking import tested
from engine.language.condition import Operator, Test
from engine.language.expression import GOODS, Atom, Either, Every, Expression, Range
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
        return concluded.worst(test, fact)
    if fact.type is FactType.DOCUMENTS:
        return declared.documents(test)
    if test.operator is Operator.KNOWN:
        return declared.known(test, fact)
    if test.codes:
        return code_lines(test, vocabulary)
    match fact.type:
        case FactType.BOOLEAN:
            return declared.boolean(test, fact)
        case FactType.NUMBER:
            return declared.number(test)
        case FactType.MONEY:
            return declared.money(test)
        case FactType.TERMS:
            return _terms(test, fact, vocabulary)
        case FactType.TERM:
            return declared.term(test, vocabulary)
        case FactType.COUNTRY if test.operator is Operator.WITHIN:
            return declared.group(test, vocabulary)
        case FactType.COUNTRY | FactType.TEXT:
            return declared.word(test)
        case _:
            raise TypeError(f"{fact.id}: a {fact.type} cannot be tested")


# Sets


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
        return declared.within(expression)
    if expression == GOODS:
        return lambda _f, _c, _p: TRUE
    return evaluator(tested(expression, vocabulary), vocabulary)


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
