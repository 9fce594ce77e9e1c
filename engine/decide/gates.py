"""Which rules can concern an item at all: one look-up for each fact that gates them.

A rule's gate is its most selective required test. A gate that is false rules the rule out; one
that is unknown (no commodity code, no origin) leaves it possible. Both engines use this index,
so the agreement run also compares them ungated.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from engine.decide.evaluation import FALSE, NOTHING, Conclusions, evaluate
from engine.decide.program import Program
from engine.declaration.facts import Facts
from engine.language.condition import Operator
from engine.language.vocabulary import FactType


class ItemTests:
    """The values of all tests for one item; tests on base facts are evaluated once."""

    __slots__ = ("_program", "_values", "facts")

    def __init__(self, program: Program, facts: Facts) -> None:
        self._program = program
        self.facts = facts
        self._values: dict[int, int] = {}

    def value(
        self, test: int, certain: Conclusions = NOTHING, possible: Conclusions = NOTHING
    ) -> int:
        """The value of *test*, given what the asking engine has concluded."""
        program = self._program
        if test in program.concluded:
            return evaluate(program.tests[test], self.facts, program.vocabulary, certain, possible)
        value = self._values.get(test)
        if value is None:
            value = evaluate(program.tests[test], self.facts, program.vocabulary)
            self._values[test] = value
        return value


class GateIndex:
    """Finds, among *gates*, the tests that are not false for an item."""

    def __init__(self, program: Program, gates: Iterable[int]) -> None:
        self._program = program
        by_code: defaultdict[str, list[int]] = defaultdict(list)
        self._by_word: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._all_of_fact: defaultdict[str, list[int]] = defaultdict(list)
        self._others: list[int] = []
        for gate in sorted(set(gates)):
            test = program.tests[gate]
            fact = program.vocabulary.facts[test.fact]
            if test.codes:
                for line in test.codes:
                    by_code[line.code].append(gate)
                self._all_of_fact[fact.id].append(gate)
            elif fact.type in (FactType.COUNTRY, FactType.TEXT) and test.operator in (
                Operator.IS,
                Operator.ONE_OF,
            ):
                for term in test.terms:
                    self._by_word[fact.id][term].append(gate)
                self._all_of_fact[fact.id].append(gate)
            else:
                self._others.append(gate)
        self._by_code = dict(by_code)
        self._codes = sorted(self._by_code)

    def open(
        self, tests: ItemTests, certain: Conclusions = NOTHING, possible: Conclusions = NOTHING
    ) -> Iterator[tuple[int, int]]:
        """The gates that are true or unknown, with their value."""
        for gate in self._candidates(tests.facts):
            value = tests.value(gate, certain, possible)
            if value != FALSE:
                yield gate, value

    def _candidates(self, facts: Facts) -> Iterator[int]:
        yield from self._others
        for fact, gates in self._all_of_fact.items():
            value = facts.values.get(fact)
            if value is None:
                yield from gates
            elif fact in self._by_word:
                yield from self._by_word[fact].get(str(value), ())
            else:
                yield from self._of_code(str(value))

    def _of_code(self, declared: str) -> Collection[int]:
        """Gates of codes above the declared one, and below it where it is too short to tell."""
        found: dict[int, None] = {}
        for length in range(2, len(declared) + 1):
            found.update(dict.fromkeys(self._by_code.get(declared[:length], ())))
        place = bisect_left(self._codes, declared)
        while place < len(self._codes) and self._codes[place].startswith(declared):
            found.update(dict.fromkeys(self._by_code[self._codes[place]]))
            place += 1
        return found
