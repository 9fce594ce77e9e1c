"""All tests against one item at a glance: those that are true or unknown, and no others.

An explanation wants the value of every test, and of an item most are false. A declaration states a
dozen facts of a hundred; its commodity code lies under few of those that rules name; and what a
country, a term or a number makes of the tests on its fact alone recurs, so it is kept.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain

from engine.decide.codes import CodeTree
from engine.decide.kleene import FALSE, TRUE, UNKNOWN, Conclusions
from engine.decide.program import Program
from engine.declaration.facts import Facts, Value
from engine.language.condition import Operator
from engine.language.vocabulary import FactType

Values = dict[int, int]
"""The tests that are true or unknown, by number; all others are false."""

_OF_MORE = (FactType.DOCUMENTS, FactType.TERMS)
"""Facts of which a test may read others beside."""

_KEPT = (FactType.BOOLEAN, FactType.TERM, FactType.COUNTRY, FactType.NUMBER)
"""Facts of which tests tell only so many values apart: what is kept of them has a bound."""


class Glance:
    """What the evaluators of one program say of items."""

    def __init__(self, program: Program) -> None:
        self._evaluators = program.evaluators
        alone: dict[str, list[int]] = {}
        limited: dict[str, list[int]] = {}
        self._beside: list[int] = []
        for number, test in enumerate(program.tests):
            if any(line.ex is not None for line in test.codes):
                limited.setdefault(test.fact, []).append(number)
            elif number in program.concluded or _kind(program, test.fact) in _OF_MORE:
                self._beside.append(number)
            else:
                alone.setdefault(test.fact, []).append(number)
        self._alone = {fact: _Alone(program, fact, tests) for fact, tests in alone.items()}
        self._limited = {fact: (tests, _tree(program, tests)) for fact, tests in limited.items()}
        self._unstated: Values = {}
        for one in self._alone.values():
            self._unstated |= one.unstated

    def values(self, facts: Facts, certain: Conclusions, possible: Conclusions) -> Values:
        """The values of all tests, given the *facts* of an item and what rules concluded of it."""
        found = dict(self._unstated)
        for fact, value in facts.values.items():
            alone = self._alone.get(fact)
            if alone is not None:
                for test in alone.unstated:
                    del found[test]
                found |= alone.stated(value, facts)
        for test in chain(self._beside, self._limited_by(facts)):
            met = self._evaluators[test](facts, certain, possible)
            if met != FALSE:
                found[test] = met
        return found

    def _limited_by(self, facts: Facts) -> Iterator[int]:
        """The tests with `ex` lines that may hold of the item: by their codes, if it has one."""
        for fact, (tests, tree) in self._limited.items():
            code = facts.values.get(fact)
            yield from tests if code is None else {*tree.above(str(code)), *tree.below(str(code))}


class _Alone:
    """The tests that one fact decides alone; *unstated* are their values where it is not stated."""

    def __init__(self, program: Program, fact: str, tests: Sequence[int]) -> None:
        self._program, self._fact = program, fact
        self.unstated = self._values(tests, _facts({}))
        coded = [number for number in tests if program.tests[number].codes]
        others = [number for number in tests if not program.tests[number].codes]
        self._tree = _tree(program, coded)
        kept = _kind(program, fact) in _KEPT
        self._kept = [
            n for n in others if kept and program.tests[n].operator is not Operator.WITHIN
        ]
        self._each = [number for number in others if number not in self._kept]
        bounds = [(program.tests[n].number, program.tests[n].upper) for n in self._kept]
        self._bounds = sorted({bound for both in bounds for bound in both if bound is not None})
        self._known: dict[object, Values] = {}

    def stated(self, value: Value, facts: Facts) -> Values:
        """Their values where the fact is stated."""
        found = dict(self._of_kept(value)) if self._kept else {}
        if self._each:
            found |= self._values(self._each, facts)
        if isinstance(value, str):
            found |= dict.fromkeys(self._tree.below(value), UNKNOWN)
            found |= dict.fromkeys(self._tree.above(value), TRUE)
        return found

    def _of_kept(self, value: Value) -> Values:
        # No test tells two numbers apart between which there is no bound.
        key: object = value
        if isinstance(value, Decimal):
            key = bisect_left(self._bounds, value), bisect_right(self._bounds, value)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._values(self._kept, _facts({self._fact: value}))
        return known

    def _values(self, tests: Iterable[int], facts: Facts) -> Values:
        values = {test: self._program.evaluators[test](facts, {}, {}) for test in tests}
        return {test: value for test, value in values.items() if value != FALSE}


def _kind(program: Program, fact: str) -> FactType:
    return program.vocabulary.facts[fact].type


def _facts(values: dict[str, Value]) -> Facts:
    return Facts(values=values, documents={}, settled=frozenset(), days={})


def _tree(program: Program, tests: Iterable[int]) -> CodeTree:
    return CodeTree((line.code, number) for number in tests for line in program.tests[number].codes)
