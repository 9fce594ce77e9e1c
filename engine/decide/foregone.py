"""Tests whose value is foregone: no evaluator need be asked.

A declaration states a dozen facts of a hundred, and its commodity code lies under few of those
that rules name. Whoever wants the value of every test has most of them from here.
"""

from __future__ import annotations

from engine.decide.codes import CodeTree
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.program import Program
from engine.declaration.facts import Facts
from engine.language.condition import Test
from engine.language.vocabulary import FactType

_OF_MORE = (FactType.DOCUMENTS, FactType.TERMS)
"""Facts of which a test may read others beside."""


class Foregone:
    """What the evaluators of one program would say of facts not stated, and of codes."""

    def __init__(self, program: Program) -> None:
        nothing = Facts(values={}, documents={}, settled=frozenset(), days={})
        self._absent: dict[int, int] = {}
        self._others: dict[str, list[int]] = {}
        self._of_codes: dict[str, list[int]] = {}
        lines: dict[str, list[tuple[str, int]]] = {}
        for number, test in enumerate(program.tests):
            if number in program.concluded or not _alone(test, program):
                continue
            self._absent[number] = program.evaluators[number](nothing, {}, {})
            of_fact = self._of_codes if test.codes else self._others
            of_fact.setdefault(test.fact, []).append(number)
            if test.codes:
                lines.setdefault(test.fact, []).extend((line.code, number) for line in test.codes)
        self._trees = {fact: CodeTree(of_fact) for fact, of_fact in lines.items()}

    def values(self, facts: Facts) -> dict[int, int]:
        """The foregone values for one item, by number of the test."""
        found = dict(self._absent)
        for fact, declared in facts.values.items():
            for test in self._others.get(fact, ()):
                del found[test]
            if fact in self._trees:
                code, tree = str(declared), self._trees[fact]
                found |= dict.fromkeys(self._of_codes[fact], FALSE)
                found |= dict.fromkeys(tree.below(code), UNKNOWN)
                found |= dict.fromkeys(tree.above(code), TRUE)
        return found


def _alone(test: Test, program: Program) -> bool:
    """Whether its own fact decides a test; what an `ex` line leaves out, other facts tell."""
    if any(line.ex is not None for line in test.codes):
        return False
    return program.vocabulary.facts[test.fact].type not in _OF_MORE
