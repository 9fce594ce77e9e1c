"""The rules of a release, compiled once: tests numbered, parameters put in, alternatives listed.

`Formula` keeps the groups as written, for `semantics`; `Pattern` is the disjunctive normal form
that `network` compiles. Kleene's logic obeys De Morgan and distributivity, so both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from types import MappingProxyType

import msgspec

from engine.decide.evaluation import evaluator
from engine.decide.kleene import TRUE
from engine.declaration.facts import Facts
from engine.language.base import RuleBase
from engine.language.condition import AllOf, AnyOf, Condition, Leaf, NoneOf, Operator, Test
from engine.language.period import Period
from engine.language.rule import Concludes, Phase, Rule
from engine.language.vocabulary import FactType, Source, Vocabulary

MAX_PATTERNS = 64
"""Alternatives of one rule; a rule with more is refused and should be a table."""

MAX_JOINS = 14
"""Facts of its own phase that one alternative may join (durable-rules takes 16 patterns)."""

Literal = tuple[int, bool]
"""A test's number, and whether it must be true or false."""


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any` or `none` of the parts."""

    kind: type[AllOf] | type[AnyOf] | type[NoneOf]
    parts: tuple[Formula, ...]


Formula = int | Group


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which a rule applies.

    *needs* must all be true (signed); *joins* are tests on facts of the same phase; of *blocks*
    none may be certainly true. *gate* is the most selective of the needs, if any is positive;
    *guard* the next.
    """

    needs: frozenset[Literal]
    joins: frozenset[int]
    blocks: frozenset[Literal]
    gate: int | None
    guard: Literal | None


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule on the days of *period*, with its parameters' values of those days. *asks* are its
    tests as written, each with whether it exempts.
    """

    period: Period
    when: Formula
    unless: Formula | None
    patterns: tuple[Pattern, ...]
    asks: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule with its number and variants. *feeds* are the tests that its conclusion makes true.
    *chained* says whether it reads what its own phase concludes; *always* is the variant of a rule
    that is in force on every day.
    """

    number: int
    rule: Rule
    variants: tuple[Variant, ...]
    feeds: tuple[int, ...]
    chained: bool
    always: Variant | None


class UnsuitableError(ValueError):
    """A rule is beyond the limits of the network; the message says how."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


class Program:
    """Everything the engines need, frozen after construction.

    *concluded* are the phases of facts that rules beyond this base conclude, where it is only some
    files of a larger one. Raises `UnsuitableError` where a rule has more alternatives or joins than
    the network takes.
    """

    def __init__(
        self,
        base: RuleBase,
        vocabulary: Vocabulary,
        concluded: Mapping[str, Phase] = MappingProxyType({}),
    ) -> None:
        self.vocabulary = vocabulary
        self.matrices = base.matrices
        self.parameters = base.parameters
        self.calendars = base.calendars
        self.tests: list[Test] = []
        self._numbers: dict[Test, int] = {}
        self._concluded_in: dict[str, Phase] = {
            **concluded,
            **{r.then.fact: r.phase for r in base.rules if isinstance(r.then, Concludes)},
        }
        variants = [self._variants(rule) for rule in base.rules]
        self.evaluators = [evaluator(test, vocabulary) for test in self.tests]
        self._of_fact: dict[str, list[int]] = {}
        for number, test in enumerate(self.tests):
            self._of_fact.setdefault(test.fact, []).append(number)
        self.rules = tuple(
            Compiled(
                number,
                rule,
                variants[number],
                self._feeds(rule),
                any(pattern.joins for variant in variants[number] for pattern in variant.patterns),
                next((v for v in variants[number] if v.period == Period()), None),
            )
            for number, rule in enumerate(base.rules)
        )
        self.conclusions = {
            compiled.number: compiled.rule.then
            for compiled in self.rules
            if isinstance(compiled.rule.then, Concludes)
        }
        self.numbers = {compiled.rule.id: compiled.number for compiled in self.rules}
        self.concluding = frozenset(self.rules[n].rule.phase for n in self.conclusions)
        self.by_phase = {
            phase: tuple(c for c in self.rules if c.rule.phase is phase) for phase in Phase
        }
        self.levels = tuple(term.id for term in vocabulary.of_kind("level"))
        self.bands = tuple(term.id for term in vocabulary.of_kind("likelihood"))
        self.concluded = frozenset(
            number
            for number, test in enumerate(self.tests)
            if vocabulary.facts[test.fact].source is Source.CONCLUDED
        )
        self.unsettled = {
            phase: frozenset(n for n in self.concluded if self.same_phase(n, phase))
            for phase in Phase
        }

    def number(self, test: Test) -> int:
        """The number of *test*, interned."""
        return self._numbers[test]

    def same_phase(self, test: int, phase: Phase) -> bool:
        """Whether *test* reads a fact that *phase* itself concludes."""
        return self._concluded_in.get(self.tests[test].fact) is phase

    # Compiling

    def _variants(self, rule: Rule) -> tuple[Variant, ...]:
        return tuple(self._variant(rule, period) for period in self._periods(rule))

    def _periods(self, rule: Rule) -> list[Period]:
        """The rule's period, cut where a parameter of it changes."""
        used = {leaf.test.parameter for leaf in rule.leaves if leaf.test.parameter is not None}
        cuts = {
            value.period.start
            for name in used
            for value in self.parameters[name].values
            if value.period.start is not None
            and value.period.start in rule.effective
            and value.period.start != rule.effective.start
        }
        bounds = [rule.effective.start, *sorted(cuts), rule.effective.end]
        return [Period(start=start, end=end) for start, end in pairwise(bounds)]

    def _variant(self, rule: Rule, period: Period) -> Variant:
        when = self._formula(rule.when, period)
        unless = None if rule.unless is None else self._formula(rule.unless, period)
        asks = [(test, False) for test in tests_of(when)]
        if unless is not None:
            asks += [(test, True) for test in tests_of(unless)]
        return Variant(period, when, unless, self._patterns(rule, when, unless), tuple(asks))

    def _formula(self, condition: Condition, period: Period) -> Formula:
        if isinstance(condition, Leaf):
            test = condition.test
            if test.parameter is not None:
                values = self.parameters[test.parameter].values
                day = period.start or values[0].period.start
                number = (
                    values[0].number if day is None else self.parameters[test.parameter].on(day)
                )
                test = msgspec.structs.replace(test, number=number)
            return self._intern(test)
        parts = tuple(self._formula(part, period) for part in condition.parts)
        return Group(type(condition), parts)

    def _intern(self, test: Test) -> int:
        number = self._numbers.setdefault(test, len(self.tests))
        if number == len(self.tests):
            self.tests.append(test)
        return number

    def _patterns(self, rule: Rule, when: Formula, unless: Formula | None) -> tuple[Pattern, ...]:
        ways = _absorbed(_ways(when, True, rule))
        blocks = [frozenset[Literal]()]
        if unless is not None:
            # Not exempted: of each way to be exempted, some part is not certainly true.
            exempt = _absorbed(_ways(unless, True, rule))
            blocks = _absorbed(frozenset(choice) for choice in _product(exempt, rule))
        if len(ways) * len(blocks) > MAX_PATTERNS:
            raise UnsuitableError(
                rule,
                f"it has {len(ways) * len(blocks)} alternatives, more than {MAX_PATTERNS}",
            )
        return tuple(self._pattern(rule, way, block) for way, block in product(ways, blocks))

    def _pattern(self, rule: Rule, way: frozenset[Literal], block: frozenset[Literal]) -> Pattern:
        joins = frozenset(test for test, sign in way if sign and self.same_phase(test, rule.phase))
        if len(joins) > MAX_JOINS:
            raise UnsuitableError(
                rule, f"it joins {len(joins)} facts of its own phase, more than {MAX_JOINS}"
            )
        needs = frozenset(literal for literal in way if literal[0] not in joins)
        positive = [test for test, sign in needs if sign]
        gate = min(positive, key=self._breadth, default=None)
        others = needs - {(gate, True)}
        guard = min(others, key=lambda need: (not need[1], self._breadth(need[0])), default=None)
        return Pattern(needs, joins, block, gate, guard)

    def _breadth(self, number: int) -> tuple[int, int]:
        """How many goods a test lets through, roughly: the narrower, the better the gate."""
        test = self.tests[number]
        fact = self.vocabulary.facts[test.fact]
        if fact.source is Source.CONCLUDED:
            kind = 4
        elif test.operator is Operator.KNOWN:
            kind = 6
        else:
            kind = _BREADTH.get(fact.type, 5)
        return kind, number

    def _feeds(self, rule: Rule) -> tuple[int, ...]:
        if not isinstance(rule.then, Concludes):
            return ()
        certain = {rule.then.fact: (rule.then.value,)}
        nothing = Facts(values={}, documents={}, settled=frozenset(), days={})
        return tuple(
            number
            for number in self._of_fact.get(rule.then.fact, ())
            if self.evaluators[number](nothing, certain, certain) == TRUE
        )


_BREADTH = {
    FactType.CODE: 0,
    FactType.TERM: 2,
    FactType.COUNTRY: 1,
    FactType.TEXT: 1,
    FactType.TERMS: 3,
}


def tests_of(formula: Formula) -> list[int]:
    """The tests of a group, in the order in which they are written."""
    if isinstance(formula, int):
        return [formula]
    return [test for part in formula.parts for test in tests_of(part)]


def _ways(formula: Formula, sign: bool, rule: Rule) -> list[frozenset[Literal]]:
    """The disjunctive normal form: each way is a set of literals that must hold together."""
    if isinstance(formula, int):
        return [frozenset({(formula, sign)})]
    if formula.kind is NoneOf:
        sign = not sign
        every = sign is False  # none: every part must be false
    else:
        every = (formula.kind is AllOf) is sign
    parts = [_ways(part, sign, rule) for part in formula.parts]
    if not every:
        return _absorbed(way for part in parts for way in part)
    ways: list[frozenset[Literal]] = [frozenset()]
    for part in parts:
        _bounded(len(ways) * len(part), rule)
        ways = _absorbed(way | other for way in ways for other in part)
    return ways


def _product(ways: list[frozenset[Literal]], rule: Rule) -> Iterable[tuple[Literal, ...]]:
    count = 1
    for way in ways:
        count *= len(way)
        _bounded(count, rule)
    return product(*ways)


def _bounded(count: int, rule: Rule) -> None:
    if count > MAX_PATTERNS * MAX_PATTERNS:
        raise UnsuitableError(rule, f"it has more than {MAX_PATTERNS} alternatives")


def _absorbed(ways: Iterable[frozenset[Literal]]) -> list[frozenset[Literal]]:
    """Without ways that ask for more than another does."""
    kept: list[frozenset[Literal]] = []
    for way in sorted(set(ways), key=lambda way: (len(way), sorted(way))):
        if not any(other <= way for other in kept):
            kept.append(way)
    return kept
