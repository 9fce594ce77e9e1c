"""Mutants: a rule with one thing changed, each way by itself.

What is changed: thresholds, operators, terms, tests and groups of its conditions, and rates. Long
lists are sampled by their first and last member, as one example can speak of one member only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from engine.language.condition import (
    AllOf,
    AnyOf,
    CodeLine,
    Condition,
    Leaf,
    NoneOf,
    Operator,
    Test,
)
from engine.language.rule import Control, Parameter, Rule
from engine.language.vocabulary import Fact, Vocabulary

Member = TypeVar("Member")

_TURNED = {
    Operator.UNDER: Operator.AT_MOST,
    Operator.AT_MOST: Operator.UNDER,
    Operator.OVER: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.OVER,
}
"""The same bound, taken in or left out."""

_REVERSED = {
    Operator.UNDER: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.OVER,
    Operator.OVER: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.UNDER,
}
_WEAKER = {"verified": "declared", "presented": "declared", "declared": "verified"}
_LONG = 2
"""Members from which on a list is sampled."""


class What(StrEnum):
    """What a mutant changes."""

    THRESHOLD = "threshold"
    OPERATOR = "operator"
    TERM = "term"
    TEST = "test"  # a test left out
    RATE = "rate"


class Mutant(Struct, frozen=True, kw_only=True):
    """*rule* with one thing changed, as *words* say; *parameters* where it is one of theirs."""

    what: What
    words: str
    rule: Rule
    parameters: Mapping[str, Parameter] = {}


class _Change(Struct, frozen=True):
    what: What
    words: str


_Changed = Iterator[tuple[_Change, Condition | None]]


class Mutating:
    """Makes mutants of the rules of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, parameters: Mapping[str, Parameter]) -> None:
        self._vocabulary, self._parameters = vocabulary, parameters

    def of(self, rule: Rule) -> Iterator[Mutant]:
        """Every mutant of *rule*."""
        for change, when in self._condition(rule.when):
            if when is not None:  # a rule has a condition
                yield _mutant(change, replace(rule, when=when))
        if rule.unless is not None:
            for change, unless in self._condition(rule.unless):
                yield _mutant(change, replace(rule, unless=unless))
        yield from self._valued(rule)
        yield from _rates(rule)

    # Conditions

    def _condition(self, condition: Condition) -> _Changed:
        if isinstance(condition, Leaf):
            yield from self._leaf(condition)
            return
        for index, part in enumerate(condition.parts):
            for change, other in self._condition(part):
                parts = list(condition.parts)
                parts[index : index + 1] = [] if other is None else [other]
                yield change, type(condition)(tuple(parts)) if parts else None
        yield from _group(condition)

    def _leaf(self, leaf: Leaf) -> _Changed:
        test = leaf.test
        yield _Change(What.TEST, f"without `{said(test)}`"), None
        yield _Change(What.OPERATOR, f"not `{said(test)}`"), NoneOf((leaf,))
        for what, other in (*self._operators(test), *self._bounds(test), *self._terms(test)):
            words = f"`{said(test)}` → `{said(other)}`"
            yield _Change(what, words), replace(leaf, test=other)

    def _operators(self, test: Test) -> Iterator[tuple[What, Test]]:
        for table in (_TURNED, _REVERSED):
            if test.operator in table:
                yield What.OPERATOR, replace(test, operator=table[test.operator])

    def _bounds(self, test: Test) -> Iterator[tuple[What, Test]]:
        """Numbers one step up and down, terms of an order one place."""
        fact = self._vocabulary.facts[test.fact]
        for field in ("number", "upper"):
            number = getattr(test, field)
            for moved in () if number is None else _beside(number, fact):
                yield What.THRESHOLD, replace(test, **{field: moved})
        if test.operator in _TURNED and test.terms:
            order = fact.order or tuple(t.id for t in self._vocabulary.of_kind(str(fact.range)))
            for place in (order.index(test.terms[0]) - 1, order.index(test.terms[0]) + 1):
                if 0 <= place < len(order):
                    yield What.THRESHOLD, replace(test, terms=(order[place],))

    def _terms(self, test: Test) -> Iterator[tuple[What, Test]]:
        """A term for its neighbour; of a list, its first and last member left out."""
        if len(test.codes) >= _LONG:
            for index in (0, -1):
                yield What.TERM, replace(test, codes=_without(test.codes, index))
        elif test.codes:
            yield What.TERM, replace(test, codes=(self._other_code(test.codes[0]),))
        if len(test.terms) >= _LONG:
            for index in (0, -1):
                yield What.TERM, replace(test, terms=_without(test.terms, index))
        elif test.terms and test.operator not in _TURNED:
            other = self._neighbour(test)
            if other is not None:
                yield What.TERM, replace(test, terms=(other,))
        if test.status in _WEAKER:
            yield What.TERM, replace(test, status=_WEAKER[test.status])

    def _other_code(self, line: CodeLine) -> CodeLine:
        """The next code of the same length that HS knows, or else the last digit changed."""
        digits = min(len(line.code), 6)
        for step in range(1, 100):
            code = f"{(int(line.code[:digits]) + step) % 10**digits:0{digits}d}"
            if code in self._vocabulary.codes:
                return replace(line, code=code + line.code[digits:])
        return replace(line, code=line.code[:-1] + str((int(line.code[-1]) + 1) % 10))

    def _neighbour(self, test: Test) -> str | None:
        """The next term of the kind that says something else."""
        vocabulary, own = self._vocabulary, test.terms[0]
        fact = vocabulary.facts[test.fact]
        pools: Iterable[str] = ()
        if own in vocabulary.terms:
            pools = (one.id for one in vocabulary.of_kind(vocabulary.terms[own].kind))
        else:
            tables = (vocabulary.certificates, vocabulary.groups, vocabulary.countries)
            pools = next((sorted(table) for table in tables if own in table), ())
        known = [*fact.order] or [*pools]
        if own not in known:
            return None
        turned = known[known.index(own) + 1 :] + known[: known.index(own)]
        related = vocabulary.terms[own].ancestors if own in vocabulary.terms else frozenset()
        below = vocabulary.below(own) if own in vocabulary.terms else frozenset()
        return next((one for one in turned if one not in related and one not in below), None)

    # Numbers that stand elsewhere

    def _valued(self, rule: Rule) -> Iterator[Mutant]:
        """Each dated value of a parameter that the rule uses, one step up and down."""
        used = {leaf.test.parameter: leaf.test.fact for leaf in rule.leaves if leaf.test.parameter}
        for name, fact in used.items():
            parameter = self._parameters[name]
            for index, value in enumerate(parameter.values):
                for moved in _beside(value.number, self._vocabulary.facts[fact]):
                    values = list(parameter.values)
                    values[index] = replace(value, number=moved)
                    yield Mutant(
                        what=What.THRESHOLD,
                        words=f"`{name}` {value.number:f} → {moved:f}",
                        rule=rule,
                        parameters={name: replace(parameter, values=tuple(values))},
                    )


def said(test: Test) -> str:
    """A test in a few words, as files write it."""
    operand: list[str] = []
    if test.flag is not None:
        operand.append(str(test.flag).lower())
    operand += [line.code + (f" ex {line.ex}" if line.ex else "") for line in test.codes]
    operand += test.terms
    numbers = [n for n in (test.number, test.upper) if n is not None]
    operand += [f"{number:f}" for number in numbers]
    operand += [one for one in (test.currency, test.parameter, test.status) if one]
    shown = operand if len(operand) <= 4 else [*operand[:2], "…", operand[-1]]
    return f"{test.fact} {test.operator.value} {' '.join(shown)}"


def _mutant(change: _Change, rule: Rule) -> Mutant:
    return Mutant(what=change.what, words=change.words, rule=rule)


def _group(condition: AllOf | AnyOf | NoneOf) -> _Changed:
    """Groups taken for one another; a group of one is itself whichever it is, but for `none`."""
    parts = condition.parts
    if isinstance(condition, NoneOf):
        yield _Change(What.OPERATOR, f"none of {len(parts)} → any of them"), AnyOf(parts)
    elif len(parts) > 1:
        other = AnyOf if isinstance(condition, AllOf) else AllOf
        names = ("all", "any") if isinstance(condition, AllOf) else ("any", "all")
        words = f"{names[0]} of {len(parts)} → {names[1]} of them"
        yield _Change(What.OPERATOR, words), other(parts)


def _beside(number: Decimal, fact: Fact) -> Iterator[Decimal]:
    """One step up and down: a hundredth of shares, else a whole unit; within the fact's bounds."""
    share = fact.maximum is not None and fact.maximum <= 1
    step = Decimal("0.01") if share else Decimal(1)
    for moved in (number - step, number + step):
        low = fact.minimum is not None and moved < fact.minimum
        high = fact.maximum is not None and moved > fact.maximum
        if not low and not high:
            yield moved


def _without(members: tuple[Member, ...], index: int) -> tuple[Member, ...]:
    index %= len(members)
    return members[:index] + members[index + 1 :]


def _rates(rule: Rule) -> Iterator[Mutant]:
    """Each rate halved, and doubled where that is still a share."""
    if not isinstance(rule.then, Control):
        return
    for index, task in enumerate(rule.then.tasks):
        for rate in (task.rate / 2, task.rate * 2):
            if rate <= 1:
                tasks = list(rule.then.tasks)
                tasks[index] = replace(task, rate=rate)
                yield Mutant(
                    what=What.RATE,
                    words=f"{task.task} at {task.rate:f} → {rate:f}",
                    rule=replace(rule, then=Control(tuple(tasks))),
                )
