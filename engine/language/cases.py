"""Checks on examples: which cases a rule must show before it may run.

What an example decides is found by running it, in `decide.examples`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from engine.language.condition import (
    COMPARISONS,
    AllOf,
    AnyOf,
    Condition,
    Leaf,
    Operator,
    Test,
    leaves,
)
from engine.language.findings import Findings
from engine.language.necessity import alternatives
from engine.language.rule import Example, Rule
from engine.language.vocabulary import FactType


def check_cases(findings: Findings, rule: Rule) -> None:
    """One that applies; each numeric boundary; each exemption; one with a fact missing."""
    if "#" not in rule.id:
        missing = [*_missing(findings, rule, rule.examples), *_missing_boundaries(findings, rule)]
    elif rule is findings.ties.rows(rule.table)[0]:
        # Only a table as a whole needs hand-written examples; its rows' are generated.
        rows = findings.ties.rows(rule.table)
        missing = list(_missing(findings, rule, [e for row in rows for e in row.examples]))
    else:
        return
    for what in missing:
        for told in findings.ties.rows(rule.table):
            findings.add(told, "no-example", f"an example is missing: {what}", ("example",))


def _missing(findings: Findings, rule: Rule, examples: Iterable[Example]) -> Iterator[str]:
    expected = {example.expect for example in examples}
    if "applies" not in expected:
        yield "one that applies"
    if "undetermined" not in expected and _has_open_fact(findings, rule):
        yield "one with a fact missing, undetermined"
    spared = [example for example in examples if example.expect == "does not apply"]
    for way in () if rule.unless is None else alternatives(rule.unless):
        if not any(_speaks_of(way, example) for example in spared):
            yield f"one that does not apply, exempted by {_named(way)}"


def _has_open_fact(findings: Findings, rule: Rule) -> bool:
    return any(
        not findings.fact(leaf).closed and leaf.test.operator is not Operator.KNOWN
        for leaf in leaves(rule.when)
    )


def _speaks_of(condition: Condition, example: Example) -> bool:
    """Whether the example gives what the condition asks for, whatever the value."""
    match condition:
        case Leaf(test=test):
            given = example.given.get(test.fact)
            if test.operator is Operator.HAS:
                return isinstance(given, dict) and test.terms[0] in given
            return given is not None
        case AllOf(parts):
            return all(_speaks_of(part, example) for part in parts)
        case AnyOf(parts):
            return any(_speaks_of(part, example) for part in parts)
        case _:
            return True


def _named(condition: Condition) -> str:
    tests = [leaf.test for leaf in leaves(condition)]
    words = [test.terms[0] if test.operator is Operator.HAS else test.fact for test in tests]
    return " and ".join(f"`{word}`" for word in dict.fromkeys(words))


# Boundaries


def _missing_boundaries(findings: Findings, rule: Rule) -> Iterator[str]:
    for leaf in rule.leaves:
        test, fact = leaf.test, findings.fact(leaf)
        if test.operator not in COMPARISONS or fact.type not in (FactType.NUMBER, FactType.MONEY):
            continue
        for numbers in _bounds(findings, test):
            given = [example.given.get(test.fact) for example in rule.examples]
            if not any(_is_exactly(value, numbers, test.currency) for value in given):
                unit = f" {test.currency}" if test.currency else ""
                yield f"`{test.fact}` exactly {numbers[-1]:f}{unit}"


def _bounds(findings: Findings, test: Test) -> Iterator[list[Decimal]]:
    """Each boundary, as the values it has had: an example may speak of any of their days."""
    if test.parameter is not None:
        yield [value.number for value in findings.read.base.parameters[test.parameter].values]
    for number in (test.number, test.upper):
        if number is not None:
            yield [number]


def _is_exactly(value: object, numbers: list[Decimal], currency: str | None) -> bool:
    if currency is not None:
        if not isinstance(value, dict) or value.get("currency") != currency:
            return False
        value = value.get("amount")
    if isinstance(value, str):  # as a release file keeps numbers
        with suppress(InvalidOperation):
            value = Decimal(value)
    return isinstance(value, Decimal) and value in numbers
