"""The tests of one item, each evaluated once, and the rules that can concern it at all.

A rule's gate is its most selective required test. A gate that is false rules the rule out; one
that is unknown (no commodity code, no origin) leaves it possible. Both engines use this index,
so the agreement run also compares them ungated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.decide.codes import CodeTree
from engine.decide.kleene import FALSE
from engine.decide.program import Program
from engine.declaration.facts import Facts
from engine.language.condition import Operator
from engine.language.rule import Phase
from engine.language.vocabulary import FactType

Concluded = dict[str, set[str | bool]]
BaseTests = dict[int, int]
"""The values of tests on base facts, by number."""


class ItemTests(dict[int, int]):
    """The values of tests for one item, by number, as one engine comes to know them.

    ``tests[number]`` evaluates a test when it is first asked for. *certain* and *possible* are the
    conclusions so far; the engine fills them. A value is kept unless the phase that runs can still
    change it. *base* holds the values of tests that read no conclusion: what one engine has
    evaluated the other need not, as the evaluator is the same.
    """

    __slots__ = (
        "_base",
        "_concluded",
        "_evaluators",
        "_open",
        "_unsettled",
        "certain",
        "facts",
        "possible",
    )

    def __init__(self, program: Program, facts: Facts, base: BaseTests | None = None) -> None:
        self._base: BaseTests = {} if base is None else base
        super().__init__(self._base)
        self._evaluators, self._concluded = program.evaluators, program.concluded
        self._unsettled = program.unsettled
        self.facts = facts
        self.certain: Concluded = {}
        self.possible: Concluded = {}
        self._open: frozenset[int] = frozenset()

    def enter(self, phase: Phase) -> None:
        """Start a phase: what it concludes itself stays open until it ends."""
        self._open = self._unsettled[phase]

    def __missing__(self, test: int) -> int:
        value = self._evaluators[test](self.facts, self.certain, self.possible)
        if test not in self._concluded:
            self[test] = self._base[test] = value
        elif test not in self._open:
            self[test] = value
        return value


class GateIndex:
    """Finds, among the gates of each phase, those that are not false, without asking them all."""

    def __init__(self, program: Program, gates: Mapping[Phase, Iterable[int]]) -> None:
        self._concluded = {
            phase: sorted(program.concluded.intersection(of_phase))
            for phase, of_phase in gates.items()
        }
        self._others: list[int] = []
        of_code: list[tuple[str, int]] = []
        by_word: dict[str, dict[str, list[int]]] = {}
        # By fact: all its gates, for items on which the fact is unknown.
        self._of_fact: dict[str, list[int]] = {}
        everything = {gate for of_phase in gates.values() for gate in of_phase}
        for gate in sorted(everything - program.concluded):
            test = program.tests[gate]
            words = test.operator in (Operator.IS, Operator.ONE_OF)
            kind = program.vocabulary.facts[test.fact].type
            if test.codes:
                of_code += [(code, gate) for code in {line.code: None for line in test.codes}]
                self._of_fact.setdefault(test.fact, []).append(gate)
            elif words and kind in (FactType.COUNTRY, FactType.TEXT):
                for word in test.terms:
                    by_word.setdefault(test.fact, {}).setdefault(word, []).append(gate)
                self._of_fact.setdefault(test.fact, []).append(gate)
            else:
                self._others.append(gate)
        self._by_word, self._codes = by_word, CodeTree(of_code)

    def declared(self, tests: ItemTests) -> dict[int, int]:
        """The gates on base facts that are true or unknown, with their value: once an item."""
        return self._asked(tests, self._candidates(tests.facts))

    def concluded(self, tests: ItemTests, phase: Phase) -> dict[int, int]:
        """The same for gates of *phase* on facts that earlier phases concluded."""
        return self._asked(tests, self._concluded[phase])

    @staticmethod
    def _asked(tests: ItemTests, gates: Iterable[int]) -> dict[int, int]:
        return {gate: value for gate in gates if (value := tests[gate]) != FALSE}

    def _candidates(self, facts: Facts) -> Iterator[int]:
        yield from self._others
        for fact, gates in self._of_fact.items():
            value = facts.values.get(fact)
            if value is None:
                yield from gates
            elif fact in self._by_word:
                yield from self._by_word[fact].get(str(value), ())
            else:
                yield from self._codes.above(str(value))
                yield from self._codes.below(str(value))
