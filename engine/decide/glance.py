"""All tests against one item at a glance: those that are true or unknown, and no others.

An explanation wants the value of every test, and of an item most are false. A declaration states a
dozen facts of a hundred; its commodity code lies under few of those that rules name. What recurs is
kept, with what it counts for in patterns: what a country, a term or a number makes of the tests on
its fact alone, and what facts leave open that declarations of one kind do not state.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from engine.decide.codes import CodeTree
from engine.decide.kleene import FALSE, TRUE, UNKNOWN, Conclusions, Values
from engine.decide.patterns import Counts, PatternIndex
from engine.decide.program import Program
from engine.declaration.facts import Facts, Value
from engine.language.condition import Operator
from engine.language.vocabulary import FactType

_OF_MORE = (FactType.DOCUMENTS, FactType.TERMS)
"""Facts of which a test may read others beside."""

_RECURRING = (FactType.BOOLEAN, FactType.TERM, FactType.COUNTRY, FactType.NUMBER)
"""Kinds of facts of which tests tell only so many values apart: what is kept has a bound."""

SHAPES = 256
"""For so many sets of stated facts it is kept what the others leave open."""


class Seen(NamedTuple):
    """The values of some tests, and what they count for in patterns."""

    values: Values
    counts: Counts


class Glance:
    """What the evaluators of one program say of items."""

    def __init__(self, program: Program, patterns: PatternIndex) -> None:
        self._evaluators, self._patterns = program.evaluators, patterns
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
        self._alone = {fact: _Alone(program, patterns, fact, t) for fact, t in alone.items()}
        self._limited = {fact: (tests, _tree(program, tests)) for fact, tests in limited.items()}
        self._left_open = lru_cache(SHAPES)(self._unstated)

    def at(self, facts: Facts, certain: Conclusions, possible: Conclusions) -> Seen:
        """All tests, given the *facts* of an item and what rules concluded of it."""
        stated = facts.values.keys() & self._alone.keys()
        seen = [self._left_open(frozenset(stated))]
        single: Values = {}
        for fact in stated:
            alone, value = self._alone[fact], facts.values[fact]
            seen.append(alone.kept(value))
            single |= alone.looked_up(value, facts)
        for test in chain(self._beside, self._limited_by(facts)):
            met = self._evaluators[test](facts, certain, possible)
            if met != FALSE:
                single[test] = met
        return _together([*seen, Seen(single, self._patterns.counts(single))])

    def _unstated(self, stated: frozenset[str]) -> Seen:
        return _together([one.unstated for fact, one in self._alone.items() if fact not in stated])

    def _limited_by(self, facts: Facts) -> Iterator[int]:
        """The tests with `ex` lines that may hold of the item: by their codes, if it has one."""
        for fact, (tests, tree) in self._limited.items():
            code = facts.values.get(fact)
            yield from tests if code is None else {*tree.above(str(code)), *tree.below(str(code))}


class _Alone:
    """The tests that one fact decides alone; *unstated* is what they are where it is not stated."""

    def __init__(
        self, program: Program, patterns: PatternIndex, fact: str, tests: Sequence[int]
    ) -> None:
        self._program, self._patterns, self._fact = program, patterns, fact
        self.unstated = self._seen(tests, _facts({}))
        coded = [number for number in tests if program.tests[number].codes]
        others = [number for number in tests if not program.tests[number].codes]
        self._tree = _tree(program, coded)
        recurs = _kind(program, fact) in _RECURRING
        self._recurring = [
            n for n in others if recurs and program.tests[n].operator is not Operator.WITHIN
        ]
        self._each = [number for number in others if number not in self._recurring]
        bounds = [(program.tests[n].number, program.tests[n].upper) for n in self._recurring]
        self._bounds = sorted({bound for both in bounds for bound in both if bound is not None})
        self._kept: dict[object, Seen] = {}

    def kept(self, value: Value) -> Seen:
        """Those of which it is kept what a value makes of them."""
        # No test tells two numbers apart between which there is no bound.
        key: object = value if self._recurring else None
        if isinstance(key, Decimal):
            key = bisect_left(self._bounds, key), bisect_right(self._bounds, key)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._seen(self._recurring, _facts({self._fact: value}))
        return found

    def looked_up(self, value: Value, facts: Facts) -> Values:
        """The others."""
        found = self._values(self._each, facts) if self._each else {}
        if isinstance(value, str):
            found |= dict.fromkeys(self._tree.below(value), UNKNOWN)
            found |= dict.fromkeys(self._tree.above(value), TRUE)
        return found

    def _seen(self, tests: Iterable[int], facts: Facts) -> Seen:
        values = self._values(tests, facts)
        return Seen(values, self._patterns.counts(values))

    def _values(self, tests: Iterable[int], facts: Facts) -> Values:
        values = {test: self._program.evaluators[test](facts, {}, {}) for test in tests}
        return {test: value for test, value in values.items() if value != FALSE}


def _together(seen: Iterable[Seen]) -> Seen:
    """What was seen of different tests, as one."""
    values: Values = {}
    met = unknown = excepted = blocked = 0
    for found, counts in seen:
        values |= found
        met += counts.met
        unknown += counts.unknown
        excepted |= counts.excepted
        blocked |= counts.blocked
    return Seen(values, Counts(met, unknown, excepted, blocked))


def _kind(program: Program, fact: str) -> FactType:
    return program.vocabulary.facts[fact].type


def _facts(values: dict[str, Value]) -> Facts:
    return Facts(values=values, documents={}, settled=frozenset(), days={})


def _tree(program: Program, tests: Iterable[int]) -> CodeTree:
    return CodeTree((line.code, number) for number in tests for line in program.tests[number].codes)
