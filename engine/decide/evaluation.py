"""What one test means: true, false or unknown, in Kleene's strong logic.

Both engines share this evaluator; they share nothing of groups, exemptions, chaining or phases.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from engine.declaration.facts import DocumentStatus, Facts, Money
from engine.language.condition import CodeLine, Operator, Test
from engine.language.vocabulary import Fact, FactType, Source, Vocabulary

FALSE, UNKNOWN, TRUE = 0, 1, 2
"""Kleene's values, ordered by truth: `all` is the minimum, `any` the maximum, `not v` is 2 - v."""

Conclusions = Mapping[str, Collection[str | bool]]
"""Fact → the values that rules have concluded for it."""

NOTHING: Conclusions = {}


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
    fact = vocabulary.facts[test.fact]
    if fact.source is Source.CONCLUDED:
        if fact.type is FactType.TERMS:
            return _set(test, fact, facts, vocabulary, certain, possible)
        return _worst(test, fact, facts, certain, possible)
    if fact.type is FactType.DOCUMENTS:
        return _documents(test, facts)
    value = facts.values.get(fact.id)
    if value is None and fact.closed:
        value = False if fact.type is FactType.BOOLEAN else frozenset()
    if test.operator is Operator.KNOWN:
        return TRUE if (value is not None) is test.flag else FALSE
    if test.codes:
        return max(_code_line(line, value, facts, vocabulary) for line in test.codes)
    if value is None:
        return UNKNOWN
    match value:
        case bool():
            return TRUE if value is test.flag else FALSE
        case Decimal():
            return _holds(_compare(test, value))
        case Money():
            return _money(test, value, facts)
        case frozenset():
            return _members(test, value, vocabulary, closed=fact.closed)
        case str() if test.operator is Operator.WITHIN:
            return _holds(_in_group(test, value, facts, vocabulary))
        case str() if fact.type is FactType.TERM:
            return max(_term(test, value, term, vocabulary) for term in test.terms)
        case str():
            return _holds(value in test.terms)
    raise TypeError(f"{fact.id}: {type(value).__name__} cannot be tested")


def _holds(condition: bool) -> int:
    return TRUE if condition else FALSE


# Numbers and money


def _compare(test: Test, value: Decimal) -> bool:
    number = test.number
    if number is None:
        raise ValueError(f"parameter {test.parameter} of a test on {test.fact} has no value")
    match test.operator:
        case Operator.UNDER:
            return value < number
        case Operator.AT_MOST:
            return value <= number
        case Operator.OVER:
            return value > number
        case Operator.AT_LEAST:
            return value >= number
        case Operator.BETWEEN:
            return number <= value and (test.upper is None or value <= test.upper)
        case _:
            return value == number


def _money(test: Test, value: Money, facts: Facts) -> int:
    """Unlike currencies compare as unknown, unless a dated rate is supplied."""
    if value.currency == test.currency:
        return _holds(_compare(test, value.amount))
    rates = [
        rate
        for rate in facts.rates
        if (rate.source, rate.target) == (value.currency, test.currency)
        and rate.on <= facts.days["acceptance"]
    ]
    if not rates:
        return UNKNOWN
    latest = max(rates, key=lambda rate: rate.on)
    return _holds(_compare(test, value.amount * latest.rate))


# Terms, countries, codes


def _term(test: Test, value: str, term: str, vocabulary: Vocabulary) -> int:
    if value == term:
        return TRUE
    if test.operator is Operator.IS_A:
        return is_a(value, term, vocabulary)
    # A "toy" may be a plush toy: a coarser value leaves a finer one open.
    return UNKNOWN if vocabulary.is_a(term, value) else FALSE


def is_a(value: str, term: str, vocabulary: Vocabulary) -> int:
    """Whether goods known to be a *value* are a *term*."""
    if vocabulary.is_a(value, term):
        return TRUE
    return FALSE if vocabulary.are_disjoint(value, term) else UNKNOWN


def _members(test: Test, values: frozenset[str], vocabulary: Vocabulary, *, closed: bool) -> int:
    """A test on a set of terms: one member is enough."""
    if any(_satisfies(test, value, vocabulary) for value in values):
        return TRUE
    if closed:
        return FALSE
    if test.operator is Operator.IS_A and any(
        vocabulary.are_disjoint(value, term) for value in values for term in test.terms
    ):
        return FALSE
    return UNKNOWN


def _satisfies(test: Test, value: str | bool, vocabulary: Vocabulary) -> bool:
    if isinstance(value, bool):
        return value is test.flag
    if test.operator is Operator.IS_A:
        return any(vocabulary.is_a(value, term) for term in test.terms)
    return value in test.terms


def _in_group(test: Test, country: str, facts: Facts, vocabulary: Vocabulary) -> bool:
    day = facts.days[test.day or "acceptance"]
    return any(
        member.country == country and day in member.period
        for group in test.terms
        for member in vocabulary.groups[group].members
    )


def code_value(declared: str | None, criterion: str) -> int:
    """A declared code under the criterion is true; one too short to tell is unknown."""
    if declared is None:
        return UNKNOWN
    if declared.startswith(criterion):
        return TRUE
    return UNKNOWN if criterion.startswith(declared) else FALSE


def _code_line(line: CodeLine, declared: object, facts: Facts, vocabulary: Vocabulary) -> int:
    code = declared if isinstance(declared, str) else None
    value = code_value(code, line.code)
    if line.ex is None or value == FALSE:
        return value
    product = facts.values.get("goods.product")
    settled = is_a(product, line.ex, vocabulary) if isinstance(product, str) else UNKNOWN
    if settled != UNKNOWN:
        return min(value, settled)
    if code is not None and len(code) >= 10 and line.subdivisions:
        return _holds(code[8:10] in line.subdivisions)
    # An `ex` line is at most unknown on the code alone.
    return UNKNOWN


# Documents

_HELD = (DocumentStatus.DECLARED, DocumentStatus.PRESENTED, DocumentStatus.VERIFIED)


def _documents(test: Test, facts: Facts) -> int:
    certificate = test.terms[0]
    enough = _HELD[_HELD.index(DocumentStatus(test.status or "declared")) :]
    if any(status in enough for status in facts.documents.get(certificate, ())):
        return TRUE
    return FALSE if certificate in facts.settled else UNKNOWN


# Concluded facts


def _set(
    test: Test,
    fact: Fact,
    facts: Facts,
    vocabulary: Vocabulary,
    certain: Conclusions,
    possible: Conclusions,
) -> int:
    """A set holds what the ontology inferred and what rules concluded; disjointness counts only
    from the former, so that a test can only gain truth while a phase runs.
    """
    inferred = facts.values.get(fact.id, frozenset())
    assert isinstance(inferred, frozenset)
    concluded, might = certain.get(fact.id, ()), possible.get(fact.id, ())
    if test.operator is Operator.KNOWN:
        value = TRUE if inferred or concluded or fact.closed else UNKNOWN if might else FALSE
        return value if test.flag else TRUE - value
    if any(_satisfies(test, value, vocabulary) for value in concluded):
        return TRUE
    value = _members(test, inferred, vocabulary, closed=fact.closed)
    if value != TRUE and any(_satisfies(test, term, vocabulary) for term in might):
        return UNKNOWN
    return value


def _worst(
    test: Test, fact: Fact, facts: Facts, certain: Conclusions, possible: Conclusions
) -> int:
    """A single value takes the worst conclusion; it lies between the certain and the possible."""
    order: tuple[str | bool, ...] = fact.order or (False, True)
    held = list(certain.get(fact.id, ()))
    if fact.id in facts.values:
        held.append(facts.values[fact.id])  # type: ignore[arg-type]  # a term or a boolean
    if not held and fact.assumption is not None:
        held.append(fact.assumption)
    if not held and fact.closed:
        held.append(False)
    might = possible.get(fact.id, ())
    if test.operator is Operator.KNOWN:
        value = TRUE if held else UNKNOWN if might else FALSE
        return value if test.flag else TRUE - value
    if not held:
        return UNKNOWN
    low = max(order.index(value) for value in held)
    high = max([low, *(order.index(value) for value in might)])
    results = {_ranked(test, order, rank) for rank in range(low, high + 1)}
    return UNKNOWN if len(results) > 1 else _holds(results.pop())


def _ranked(test: Test, order: tuple[str | bool, ...], rank: int) -> bool:
    if test.flag is not None:
        return order[rank] is test.flag
    ranks = [order.index(term) for term in test.terms]
    match test.operator:
        case Operator.UNDER:
            return rank < ranks[0]
        case Operator.AT_MOST:
            return rank <= ranks[0]
        case Operator.OVER:
            return rank > ranks[0]
        case Operator.AT_LEAST:
            return rank >= ranks[0]
        case _:
            return rank in ranks
