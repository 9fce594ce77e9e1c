"""What rules mean, independent of any engine.

This is the specification: `network` must agree with it, and `agreement` checks that on every
decision. Read it from top to bottom: phases in order, each to its fixpoint; a rule's verdict; a
group's value; the risk level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.decide.answer import RISK_LEVEL, Answer, Conclusion, pairs
from engine.decide.evaluation import FALSE, TRUE, UNKNOWN
from engine.decide.gates import GateIndex, ItemTests
from engine.decide.program import Compiled, Formula, Program, Variant
from engine.declaration.facts import Facts
from engine.language.condition import AllOf, AnyOf
from engine.language.rule import Concludes, Phase

Concluded = dict[str, set[str | bool]]

VERSION = "1"
"""The version of this meaning; a release records the one that made it."""


class Semantics:
    """The specification as an engine.

    *gated*: look only at rules whose gate is not false. It must make no difference, and the
    agreement run checks that it does not.
    """

    name = "semantics"

    def __init__(self, program: Program, *, gated: bool = True) -> None:
        self.program = program
        self.gated = gated
        self._gates = {phase: _Gates(program, phase) for phase in Phase}

    def judge(self, facts: Facts) -> Answer:
        """The verdict on every rule, and every concluded fact, for one item."""
        item = ItemRun(self.program, facts)
        for phase in (Phase.CLASSIFY, Phase.RECORD, Phase.ASSESS):
            item.settle(self._candidates(phase, item))
        item.conclude_level()
        item.settle(self._candidates(Phase.CONTROL, item))
        return item.answer()

    def _candidates(self, phase: Phase, item: ItemRun) -> Iterable[Compiled]:
        if not self.gated:
            return self.program.by_phase[phase]
        return self._gates[phase].candidates(item.tests, item.certain, item.possible)


class ItemRun:
    """One item on its way through the phases."""

    def __init__(self, program: Program, facts: Facts) -> None:
        self.program = program
        self.facts = facts
        self.tests = ItemTests(program, facts)
        self.certain: Concluded = {}
        self.possible: Concluded = {}
        self.verdicts: dict[int, int] = {}

    def settle(self, candidates: Iterable[Compiled]) -> None:
        """Run one phase to its fixpoint.

        INVARIANT: earlier phases are closed, and negation reads only those. Within a phase tests
        can only gain truth, so the order of rules cannot matter and the loop ends.
        """
        rules = list(candidates)
        changed = True
        while changed:
            changed = False
            for compiled in rules:
                verdict = self.verdict(compiled)
                if verdict > self.verdicts.get(compiled.number, FALSE):
                    self.verdicts[compiled.number] = verdict
                    changed = self._conclude(compiled, verdict) or changed

    def _conclude(self, compiled: Compiled, verdict: int) -> bool:
        """Note what the rule concludes; whether another rule may now read it."""
        then = compiled.rule.then
        if not isinstance(then, Concludes):
            return False
        self.possible.setdefault(then.fact, set()).add(then.value)
        if verdict == TRUE:
            self.certain.setdefault(then.fact, set()).add(then.value)
        return bool(compiled.feeds)

    def verdict(self, compiled: Compiled) -> int:
        """Applies iff *when* is true and *unless* is not; undetermined iff *when* is unknown."""
        variant = in_force(compiled, self.facts)
        if variant is None:
            return FALSE
        when = self.value(variant.when)
        if when == FALSE:
            return FALSE
        if variant.unless is not None and self.value(variant.unless) == TRUE:
            return FALSE
        return when

    def value(self, formula: Formula) -> int:
        """Kleene: `all` is the least of its parts, `any` the greatest, `none` its opposite."""
        if isinstance(formula, int):
            return self.tests.value(formula, self.certain, self.possible)
        values = (self.value(part) for part in formula.parts)
        if formula.kind is AllOf:
            return min(values)
        if formula.kind is AnyOf:
            return max(values)
        return TRUE - max(values)

    def conclude_level(self) -> None:
        """Levels join by maximum, components never (WP.6 Rec. V). Nothing found is low."""
        certain = self._worst_level(TRUE)
        possible = self._worst_level(UNKNOWN)
        self.certain[RISK_LEVEL] = {certain}
        self.possible[RISK_LEVEL] = {certain, possible}

    def _worst_level(self, at_least: int) -> str:
        levels = [term.id for term in self.program.vocabulary.of_kind("level")]
        rules = [number for number, verdict in self.verdicts.items() if verdict >= at_least]
        found = (levels.index(pair.level) for pair in pairs(self.program, rules))
        return levels[max(found, default=0)]

    def answer(self) -> Answer:
        return Answer(
            applies=frozenset(n for n, verdict in self.verdicts.items() if verdict == TRUE),
            undetermined=frozenset(n for n, verdict in self.verdicts.items() if verdict == UNKNOWN),
            certain=_flat(self.certain),
            possible=_flat(self.possible),
            level=self._level(),
        )

    def _level(self) -> tuple[str, str]:
        (certain,) = self.certain[RISK_LEVEL]
        others = self.possible[RISK_LEVEL] - {certain}
        return str(certain), str(next(iter(others), certain))


def in_force(compiled: Compiled, facts: Facts) -> Variant | None:
    """The variant of the rule on its own governing date, if it is in force then."""
    day = facts.days[compiled.rule.date]
    return next((variant for variant in compiled.variants if day in variant.period), None)


def _flat(conclusions: Mapping[str, set[str | bool]]) -> frozenset[Conclusion]:
    return frozenset((fact, value) for fact, values in conclusions.items() for value in values)


class _Gates:
    """The rules of a phase by their gates; those without one are always looked at."""

    def __init__(self, program: Program, phase: Phase) -> None:
        self._always: list[Compiled] = []
        self._by_gate: dict[int, list[Compiled]] = {}
        for compiled in program.by_phase[phase]:
            gates = {p.gate for variant in compiled.variants for p in variant.patterns}
            if None in gates:
                self._always.append(compiled)
                continue
            for gate in gates:
                assert gate is not None
                self._by_gate.setdefault(gate, []).append(compiled)
        self._index = GateIndex(program, self._by_gate)

    def candidates(
        self, tests: ItemTests, certain: Concluded, possible: Concluded
    ) -> Iterable[Compiled]:
        found = {compiled.number: compiled for compiled in self._always}
        for gate, _ in self._index.open(tests, certain, possible):
            for compiled in self._by_gate[gate]:
                found[compiled.number] = compiled
        return found.values()
