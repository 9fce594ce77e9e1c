"""What rules mean, independent of any engine.

This is the specification: `network` must agree with it, and `agreement` checks that on every
decision. Read it from top to bottom: phases in order, each to its fixpoint; a rule's verdict; a
group's value; the risk level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.decide.answer import RISK_LEVEL, Answer, Conclusion, pairs
from engine.decide.gates import BaseTests, GateIndex, ItemTests
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.program import Compiled, Formula, Program, Variant
from engine.declaration.facts import Facts
from engine.language.condition import AllOf, AnyOf
from engine.language.rule import Concludes, Phase

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
        self._gates = _Gates(program) if gated else None

    def judge(self, facts: Facts, base: BaseTests | None = None) -> Answer:
        """The verdict on every rule, and every concluded fact, for one item."""
        item = ItemRun(self.program, facts, base)
        gates = None if self._gates is None else self._gates.index.declared(item.tests)
        for phase, rules in self.program.by_phase.items():
            if phase is Phase.CONTROL:
                item.conclude_level()
            item.tests.enter(phase)
            if self._gates is None or gates is None:
                item.settle(rules)
            else:
                item.settle(self._gates.candidates(phase, item.tests, gates))
        return item.answer()


class ItemRun:
    """One item on its way through the phases."""

    def __init__(self, program: Program, facts: Facts, base: BaseTests | None = None) -> None:
        self.program = program
        self.facts = facts
        self.tests = ItemTests(program, facts, base)
        self.verdicts: dict[int, int] = {}

    def settle(self, candidates: Iterable[Compiled]) -> None:
        """Run one phase to its fixpoint.

        INVARIANT: earlier phases are closed, and negation reads only those. Within a phase tests
        can only gain truth, so the order of rules cannot matter and the loop ends.
        """
        rules = list(candidates)
        while self._pass(rules):
            # Another round can change only rules that read what this phase concludes.
            rules = [compiled for compiled in rules if compiled.chained]

    def _pass(self, rules: list[Compiled]) -> bool:
        """Judge each rule once; whether anything was concluded."""
        changed = False
        for compiled in rules:
            verdict = self.verdict(compiled)
            if verdict > self.verdicts.get(compiled.number, FALSE):
                self.verdicts[compiled.number] = verdict
                if isinstance(compiled.rule.then, Concludes):
                    self._conclude(compiled.rule.then, verdict)
                    changed = True
        return changed

    def _conclude(self, then: Concludes, verdict: int) -> None:
        self.tests.possible.setdefault(then.fact, set()).add(then.value)
        if verdict == TRUE:
            self.tests.certain.setdefault(then.fact, set()).add(then.value)

    def verdict(self, compiled: Compiled) -> int:
        """Applies iff *when* is true and *unless* is not; undetermined iff *when* is unknown."""
        variant = compiled.always or in_force(compiled, self.facts)
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
            return self.tests[formula]
        if formula.kind is AllOf:
            return self._least(formula.parts)
        greatest = self._greatest(formula.parts)
        return greatest if formula.kind is AnyOf else TRUE - greatest

    def _least(self, parts: Iterable[Formula]) -> int:
        least = TRUE
        for part in parts:
            value = self.tests[part] if isinstance(part, int) else self.value(part)
            if value == FALSE:
                return FALSE  # nothing is less
            if value < least:
                least = value
        return least

    def _greatest(self, parts: Iterable[Formula]) -> int:
        greatest = FALSE
        for part in parts:
            value = self.tests[part] if isinstance(part, int) else self.value(part)
            if value == TRUE:
                return TRUE  # nothing is greater
            if value > greatest:
                greatest = value
        return greatest

    def conclude_level(self) -> None:
        """Levels join by maximum, components never (WP.6 Rec. V). Nothing found is low."""
        applying = [number for number, verdict in self.verdicts.items() if verdict == TRUE]
        certain = possible = self._worst_level(applying)
        if len(applying) < len(self.verdicts):
            possible = self._worst_level(self.verdicts)
        self.tests.certain[RISK_LEVEL] = {certain}
        self.tests.possible[RISK_LEVEL] = {certain, possible}

    def _worst_level(self, rules: Iterable[int]) -> str:
        levels = self.program.levels
        found = (levels.index(pair.level) for pair in pairs(self.program, rules))
        return levels[max(found, default=0)]

    def answer(self) -> Answer:
        certain, possible = self.tests.certain, self.tests.possible
        (level,) = certain[RISK_LEVEL]
        others = possible[RISK_LEVEL] - {level}
        return Answer(
            applies=frozenset(n for n, verdict in self.verdicts.items() if verdict == TRUE),
            undetermined=frozenset(n for n, verdict in self.verdicts.items() if verdict == UNKNOWN),
            certain=_flat(certain),
            possible=_flat(possible),
            level=(str(level), str(next(iter(others), level))),
        )


def in_force(compiled: Compiled, facts: Facts) -> Variant | None:
    """The variant of the rule on its own governing date, if it is in force then."""
    day = facts.days[compiled.rule.date]
    for variant in compiled.variants:
        if day in variant.period:
            return variant
    return None


def _flat(conclusions: Mapping[str, set[str | bool]]) -> frozenset[Conclusion]:
    return frozenset((fact, value) for fact, values in conclusions.items() for value in values)


class _Gates:
    """The rules of each phase by their gates; those without one are always looked at."""

    def __init__(self, program: Program) -> None:
        self._always: dict[Phase, list[Compiled]] = {phase: [] for phase in Phase}
        self._by_gate: dict[Phase, dict[int, list[Compiled]]] = {phase: {} for phase in Phase}
        for compiled in program.rules:
            phase = compiled.rule.phase
            gates = {p.gate for variant in compiled.variants for p in variant.patterns}
            if None in gates:
                self._always[phase].append(compiled)
                continue
            for gate in gates:
                assert gate is not None
                self._by_gate[phase].setdefault(gate, []).append(compiled)
        self.index = GateIndex(program, self._by_gate)

    def candidates(
        self, phase: Phase, tests: ItemTests, declared: Iterable[int]
    ) -> Iterable[Compiled]:
        """The rules of *phase* that can concern the item: *declared* gates are open."""
        by_gate = self._by_gate[phase]
        found = {compiled.number: compiled for compiled in self._always[phase]}
        for gates in (declared, self.index.concluded(tests, phase)):
            for gate in gates:
                for compiled in by_gate.get(gate, ()):
                    found[compiled.number] = compiled
        return found.values()
