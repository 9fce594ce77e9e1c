"""What one test means of a symbolic item: the same as in `decide.evaluation`, as formulas.

Each kind of test is written here anew, from what the language says of it; a property test holds the
two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import z3

from engine.decide.concluded import ranked
from engine.declaration.facts import DocumentStatus
from engine.language.asking import tested
from engine.language.condition import CodeLine, Operator, Test
from engine.language.expression import GOODS, Either, Every, Expression, Range
from engine.language.vocabulary import Fact, FactType, Source, Vocabulary
from engine.prove.item import LEVELS, Item
from engine.prove.logic import (
    NO,
    OPEN,
    YES,
    Kleene,
    Truth,
    every,
    greatest,
    holds,
    implies,
    least,
    no,
    number,
    opposite,
    some,
)

Conclusions = Mapping[str, Mapping[str | bool, Kleene]]
"""Fact → value → whether rules conclude it, for certain or possibly."""

Terms = frozenset[str]


class UnencodedError(ValueError):
    """A test that has no formula here; the message says which."""


def meaning(test: Test, item: Item, concluded: Conclusions) -> Kleene:
    """The value of *test*, given what rules concluded so far. Raises `UnencodedError`."""
    vocabulary = item.space.vocabulary
    fact = vocabulary.facts[test.fact]
    if fact.source is Source.CONCLUDED:
        found = concluded.get(fact.id, {})
        if fact.type is FactType.TERMS:
            return _set(test, fact, item, found, concluded)
        return _worst(test, fact, found)
    if fact.type is FactType.DOCUMENTS:
        return _documents(test, item)
    if test.operator is Operator.KNOWN:
        known = holds(True if fact.closed else item.known(fact.id))
        return known if test.flag else opposite(known)
    if test.codes:
        return greatest(_line(line, test.fact, item) for line in test.codes)
    match fact.type:
        case FactType.BOOLEAN:
            return _boolean(test, fact, item)
        case FactType.NUMBER:
            return _known(item, fact.id, _compared(test, item.number(fact.id)))
        case FactType.MONEY:
            return _money(test, item)
        case FactType.TERMS:
            inside = _inside(test, fact, item)
            return Kleene(inside, some((inside, _without(test, fact, item))))
        case FactType.TERM:
            return _term(test, item)
        case FactType.COUNTRY if test.operator is Operator.WITHIN:
            return _group(test, item)
        case FactType.COUNTRY | FactType.TEXT:
            return _known(item, fact.id, item.among(fact.id, test.terms))
    raise UnencodedError(f"a test on {fact.id}, which is a {fact.type}, has no formula")


def _known(item: Item, fact: str, truth: Truth) -> Kleene:
    """What is so where the fact is known, and open where it is not."""
    known = item.known(fact)
    return Kleene(every((known, truth)), implies(known, truth))


# Declared values


def _boolean(test: Test, fact: Fact, item: Item) -> Kleene:
    known, flag = item.known(fact.id), item.flag(fact.id)
    value = flag if test.flag else no(flag)
    if not fact.closed:
        return _known(item, fact.id, value)
    # Absence of a closed fact is no.
    return holds(every((known, value)) if test.flag else implies(known, value))


def _compared(test: Test, value: z3.ArithRef) -> Truth:
    if test.number is None:
        raise UnencodedError(f"parameter {test.parameter} of a test on {test.fact} has no value")
    bound = number(test.number)
    match test.operator:
        case Operator.UNDER:
            return value < bound
        case Operator.AT_MOST:
            return value <= bound
        case Operator.OVER:
            return value > bound
        case Operator.AT_LEAST:
            return value >= bound
        case Operator.BETWEEN:
            upper = True if test.upper is None else value <= number(test.upper)
            return every((value >= bound, upper))
        case _:
            return value == bound


def _money(test: Test, item: Item) -> Kleene:
    """Unlike currencies compare as unknown, unless there is a rate: then as any number may be."""
    names = item.space.currencies
    assert test.currency is not None
    here = item.currency(test.fact) == names.index(test.currency)
    rated = item.rated(test.fact, test.currency)
    own = _compared(test, item.number(test.fact))
    other = _compared(test, item.converted(test.fact, test.currency))
    known = item.known(test.fact)
    true = some((every((here, own)), every((no(here), rated, other))))
    return Kleene(every((known, true)), some((no(known), true, every((no(here), no(rated))))))


def _term(test: Test, item: Item) -> Kleene:
    vocabulary, words = item.space.vocabulary, item.space.words(test.fact)
    yes, may = [], []
    for place, word in enumerate(words):
        values = [_one(word, wanted, test.operator, vocabulary) for wanted in test.terms]
        if YES in values:
            yes.append(place)
        elif OPEN in values:
            may.append(place)
    true, open_ = item.at(test.fact, yes), item.at(test.fact, may)
    known = item.known(test.fact)
    return Kleene(every((known, true)), some((no(known), true, open_)))


def _one(stated: str, wanted: str, operator: Operator, vocabulary: Vocabulary) -> Kleene:
    if stated == wanted:
        return YES
    if operator is Operator.IS_A:
        if vocabulary.is_a(stated, wanted):
            return YES
        return NO if vocabulary.are_disjoint(stated, wanted) else OPEN
    # A coarser value leaves a finer one open.
    return OPEN if vocabulary.is_a(wanted, stated) else NO


def _group(test: Test, item: Item) -> Kleene:
    day = item.day(test.day or "acceptance")
    members = [m for term in test.terms for m in item.space.vocabulary.groups[term].members]
    by_period: dict[tuple[int | None, int | None], list[str]] = {}
    for member in members:
        start, end = member.period.start, member.period.end
        bounds = (
            None if start is None else start.toordinal(),
            None if end is None else end.toordinal(),
        )
        by_period.setdefault(bounds, []).append(member.country)
    inside = some(
        every(
            (
                item.among(test.fact, countries),
                True if start is None else day >= start,
                True if end is None else day < end,
            )
        )
        for (start, end), countries in by_period.items()
    )
    return _known(item, test.fact, inside)


def _documents(test: Test, item: Item) -> Kleene:
    certificate, status = test.terms[0], DocumentStatus(test.status or "declared")
    held = item.document(certificate, LEVELS[LEVELS.index(status)])
    return Kleene(held, some((held, no(item.settled(certificate)))))


# Codes


def _line(line: CodeLine, fact: str, item: Item) -> Kleene:
    codes, known = item.space.codes, item.known(fact)
    under = every((known, item.at(fact, codes.under(line.code))))
    whole = Kleene(under, some((no(known), under, item.at(fact, codes.short_of(line.code)))))
    if line.ex is None:
        return whole
    product = Test(fact="goods.product", operator=Operator.IS_A, terms=(line.ex,))
    settled = _term(product, item)
    listed: Truth = False
    others: Truth = False
    if line.subdivisions:
        inside, outside = codes.divided(line.code, line.subdivisions)
        listed, others = (every((known, item.at(fact, one))) for one in (inside, outside))
    # Settled by the product, else by digits 9 and 10; on the code alone it stays open.
    by_product, by_digits = least((whole, settled)), Kleene(listed, no(others))
    return Kleene(
        some((by_product.true, every((settled.unknown, whole.possible, by_digits.true)))),
        every((whole.possible, settled.possible, some((settled.true, by_digits.possible)))),
    )


# Sets and classes


def _satisfying(test: Test, vocabulary: Vocabulary) -> Terms:
    if test.operator is Operator.IS_A:
        return frozenset().union(*(vocabulary.below(term) for term in test.terms))
    return frozenset(test.terms)


def _inside(test: Test, fact: Fact, item: Item) -> Truth:
    return item.holding(fact.id, _satisfying(test, item.space.vocabulary))


def _without(test: Test, fact: Fact, item: Item) -> Truth:
    """Whether the test is open on a set in which nothing satisfies it."""
    if fact.closed:
        return False
    if test.operator is not Operator.IS_A:
        return True
    vocabulary = item.space.vocabulary
    return some(no(item.holding(fact.id, vocabulary.apart(term))) for term in test.terms)


def _set(
    test: Test,
    fact: Fact,
    item: Item,
    found: Mapping[str | bool, Kleene],
    concluded: Conclusions,
) -> Kleene:
    """A set holds what the ontology inferred and what rules concluded."""
    if test.operator is Operator.KNOWN:
        known = Kleene(
            some((fact.closed, _any(item, fact.id), *(one.true for one in found.values()))),
            some((fact.closed, _any(item, fact.id), *(one.possible for one in found.values()))),
        )
        return known if test.flag else opposite(known)
    vocabulary = item.space.vocabulary
    satisfying = _satisfying(test, vocabulary)
    concluding = [one for value, one in found.items() if value in satisfying]
    inside = some((_inside(test, fact, item), *(one.true for one in concluding)))
    otherwise = Kleene(False, _without(test, fact, item))
    means = [vocabulary.terms[term].means for term in test.terms]
    if test.operator is Operator.IS_A and None not in means:
        meant = greatest(expressed(one, item, concluded) for one in means if one is not None)
        otherwise = Kleene(*(every((otherwise.possible, part)) for part in meant))
    true = some((inside, otherwise.true))
    return Kleene(true, some((true, otherwise.possible, *(one.possible for one in concluding))))


def _any(item: Item, fact: str) -> Truth:
    return item.holding(fact, item.space.words(fact))


def expressed(expression: Expression, item: Item, concluded: Conclusions) -> Kleene:
    """The value of a class expression."""
    if isinstance(expression, Every | Either):
        join = least if isinstance(expression, Every) else greatest
        return join(expressed(part, item, concluded) for part in expression.parts)
    if isinstance(expression, Range):
        return _known(item, expression.fact, between(expression, item.number(expression.fact)))
    if expression == GOODS:
        return YES
    return meaning(tested(expression, item.space.vocabulary), item, concluded)


def between(atom: Range, value: z3.ArithRef) -> Truth:
    """Whether a number lies in the interval of *atom*."""
    low, high = atom.interval.low, atom.interval.high
    return every(
        (
            True if low is None else _beyond(value, low, atom.interval.over, 1),
            True if high is None else _beyond(value, high, atom.interval.under, -1),
        )
    )


def _beyond(value: z3.ArithRef, bound: Decimal, strictly: bool, sign: int) -> Truth:
    limit = number(bound)
    if sign > 0:
        return value > limit if strictly else value >= limit
    return value < limit if strictly else value <= limit


# Concluded single values


def _worst(test: Test, fact: Fact, found: Mapping[str | bool, Kleene]) -> Kleene:
    """A single value takes the worst conclusion: it lies between the certain and the possible."""
    order: tuple[str | bool, ...] = fact.order or (False, True)
    assumed = False if fact.assumption is None and fact.closed else fact.assumption
    start = None if assumed is None else order.index(assumed)
    none = no(some(one.true for one in found.values()))
    known = (
        holds(True)
        if start is not None
        else Kleene(no(none), some(one.possible for one in found.values()))
    )
    if test.operator is Operator.KNOWN:
        return known if test.flag else opposite(known)
    placed = [(order.index(value), one) for value, one in found.items()]

    def certainly(rank: int) -> Truth:
        if rank <= 0:
            return True
        concluded = some(one.true for place, one in placed if place >= rank)
        return some((concluded, every((none, start is not None and start >= rank))))

    def possibly(rank: int) -> Truth:
        return some((certainly(rank), *(one.possible for place, one in placed if place >= rank)))

    def in_span(rank: int) -> Truth:
        higher = certainly(rank + 1) if rank + 1 < len(order) else False
        return every((no(higher), possibly(rank)))

    fits = [ranked(test, order, rank) for rank in range(len(order))]
    within = Kleene(
        no(some(in_span(rank) for rank, fit in enumerate(fits) if not fit)),
        some(in_span(rank) for rank, fit in enumerate(fits) if fit),
    )
    return Kleene(every((known.true, within.true)), implies(known.true, within.possible))
