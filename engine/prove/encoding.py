"""What the rules of a program say of a symbolic item: every verdict, as a formula.

The same meaning as `decide.semantics`, phase by phase: verdicts, conclusions, the risk level. A
phase that chains within itself is unrolled as often as its conclusions can follow one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from functools import cached_property

from engine.decide.answer import RISK_LEVEL, danger_level
from engine.decide.program import Compiled, Formula, Program, Variant
from engine.language.condition import AllOf, AnyOf, Test
from engine.language.period import Period
from engine.language.rule import Concludes, Danger, Likelihood, Phase
from engine.prove.item import Item, Space
from engine.prove.logic import (
    NO,
    YES,
    Kleene,
    Truth,
    every,
    greatest,
    least,
    no,
    opposite,
    some,
)
from engine.prove.testing import meaning


def space_of(*programs: Program, tests: Iterable[Test] = ()) -> Space:
    """What items can be told apart by, for programs of one vocabulary and further *tests*."""
    days = []
    for program in programs:
        for compiled in program.rules:
            for variant in compiled.variants:
                days += [variant.period.start, variant.period.end]
        for group in program.vocabulary.groups.values():
            for member in group.members:
                days += [member.period.start, member.period.end]
    every_test = [*(test for program in programs for test in program.tests), *tests]
    return Space(programs[0].vocabulary, every_test, (day for day in days if day is not None))


class Encoding:
    """The verdicts of *program* on *item*. Raises `UnencodedError` where a test has no formula.

    *verdicts* holds, by number of the rule, whether it applies, and whether it may. What a *former*
    encoding of the same item found of the very same rules is taken over.
    """

    def __init__(self, program: Program, item: Item, former: Encoding | None = None) -> None:
        self.program, self.item = program, item
        self.verdicts: dict[int, Kleene] = {}
        self._tests: dict[int, Kleene] = {}
        self.concluded: dict[str, dict[str | bool, Kleene]] = {}
        for phase, rules in program.by_phase.items():
            if phase is Phase.CONTROL:
                self._level()
            if former is None:
                self._settle(phase, rules, {})
                continue
            known = former.known(rules, phase)
            if len(known) == len(former.program.by_phase[phase]) == len(rules):
                self._take_over(former, rules, known)
            else:
                self._settle(phase, rules, known)
                # What follows may rest on what this phase concludes.
                former = None

    def known(self, rules: Sequence[Compiled], phase: Phase) -> dict[int, Kleene]:
        """The verdicts on those of another program's rules of a phase that are the very ones here.

        By their numbers there; of a rule that chains within the phase only if all of them are.
        """
        mine = {id(one.rule): one for one in self.program.by_phase[phase]}
        shared = [(one, mine[id(one.rule)]) for one in rules if id(one.rule) in mine]
        whole = len(shared) == len(mine) == len(rules)
        return {
            one.number: self.verdicts[there.number]
            for one, there in shared
            if whole or not (one.chained or there.chained)
        }

    def _take_over(
        self, former: Encoding, rules: Iterable[Compiled], known: dict[int, Kleene]
    ) -> None:
        self.verdicts |= known
        for compiled in rules:
            if isinstance(compiled.rule.then, Concludes):
                fact = compiled.rule.then.fact
                self.concluded[fact] = former.concluded[fact]

    def _settle(self, phase: Phase, rules: Iterable[Compiled], known: dict[int, Kleene]) -> None:
        """Least fixpoint: each round adds what the last one concluded, until nothing can follow.

        The verdicts that are *known* are not found anew.
        """
        todo = list(rules)
        following = {
            (one.rule.then.fact, one.rule.then.value)
            for one in todo
            if one.chained and isinstance(one.rule.then, Concludes)
        }
        # A conclusion grows twice at most: to possible, then to certain.
        for _ in range(2 * len(following) + 1):
            found: dict[str, dict[str | bool, list[Kleene]]] = {}
            for compiled in todo:
                verdict = known.get(compiled.number)
                if verdict is None:
                    verdict = self._verdict(compiled, phase)
                self.verdicts[compiled.number] = verdict
            for compiled in self.program.by_phase[phase]:
                then = compiled.rule.then
                if isinstance(then, Concludes):
                    values = found.setdefault(then.fact, {})
                    values.setdefault(then.value, []).append(self.verdicts[compiled.number])
            for fact, values in found.items():
                self.concluded[fact] = {v: greatest(each) for v, each in values.items()}
            todo = [compiled for compiled in todo if compiled.chained]
            if not todo:
                return
        for compiled in todo:
            self.verdicts[compiled.number] = self._verdict(compiled, phase)

    # One rule

    def _verdict(self, compiled: Compiled, phase: Phase) -> Kleene:
        day = self.item.day(compiled.rule.date)
        return greatest(
            least((self._in(variant.period, day), self._spared(variant, phase)))
            for variant in compiled.variants
        )

    def _in(self, period: Period, day: object) -> Kleene:
        inside = within(period, day)
        return Kleene(inside, inside)

    def _spared(self, variant: Variant, phase: Phase | None) -> Kleene:
        """Applies iff *when* is true and *unless* is not; undetermined iff *when* is unknown."""
        when = self._value(variant.when, phase)
        if variant.unless is None:
            return when
        spared = no(self._value(variant.unless, phase).true)
        return Kleene(every((when.true, spared)), every((when.possible, spared)))

    def _value(self, formula: Formula, phase: Phase | None) -> Kleene:
        if isinstance(formula, int):
            return self.test(formula, phase)
        parts = [self._value(part, phase) for part in formula.parts]
        if formula.kind is AllOf:
            return least(parts)
        greatest_ = greatest(parts)
        return greatest_ if formula.kind is AnyOf else opposite(greatest_)

    def test(self, number: int, phase: Phase | None = None) -> Kleene:
        """The value of a test; one that *phase* can still change is not kept."""
        found = self._tests.get(number)
        if found is None:
            found = meaning(self.program.tests[number], self.item, self.concluded)
            if phase is None or not self.program.same_phase(number, phase):
                self._tests[number] = found
        return found

    def parts(self, number: int) -> list[tuple[Truth, Kleene, Kleene]]:
        """Of a rule, for each of its periods: whether it runs, and what `when` and `unless` are."""
        compiled = self.program.rules[number]
        day = self.item.day(compiled.rule.date)
        return [
            (
                within(variant.period, day),
                self._value(variant.when, None),
                NO if variant.unless is None else self._value(variant.unless, None),
            )
            for variant in compiled.variants
        ]

    def exempted(self, number: int) -> Truth:
        """Whether a rule would apply, were it not for its exemption."""
        return some(every((runs, w.true, u.true)) for runs, w, u in self.parts(number))

    def when(self, number: int) -> Truth:
        """Whether the conditions of a rule hold in its time, exempted or not."""
        return some(every((runs, w.true)) for runs, w, _ in self.parts(number))

    @property
    def imposed(self) -> tuple[Program, dict[int, Kleene]]:
        """The program and its verdicts."""
        return self.program, self.verdicts

    def controls_at(self, level: str) -> dict[int, Kleene]:
        """The verdicts of the control phase, were the risk level this one for certain."""
        other = copy(self)
        other.concluded = {**self.concluded, RISK_LEVEL: {level: YES}}
        other._tests = {
            number: value
            for number, value in self._tests.items()
            if self.program.tests[number].fact != RISK_LEVEL
        }
        rules = self.program.by_phase[Phase.CONTROL]
        return {one.number: other._verdict(one, Phase.CONTROL) for one in rules}

    # The risk level

    def _level(self) -> None:
        """Levels join by maximum, components never: each danger with each likelihood of its hazard.

        Without a likelihood the lowest band stands; no level falls as the band rises, so that it
        may as well stand always.
        """
        levels = self.program.levels
        found: dict[str | bool, Kleene] = {levels[0]: Kleene(no(self.at_least(1).true), True)}
        for rank in range(1, len(levels)):
            reached, higher = self.at_least(rank), self.at_least(rank + 1)
            found[levels[rank]] = Kleene(every((reached.true, no(higher.true))), reached.possible)
        self.concluded[RISK_LEVEL] = found

    def at_least(self, rank: int) -> Kleene:
        """Whether the risk level is of this rank or higher, for certain and possibly."""
        if rank <= 0:
            return YES
        if rank not in self._ranks:
            self._ranks[rank] = self._reached(rank)
        return self._ranks[rank]

    @cached_property
    def _ranks(self) -> dict[int, Kleene]:
        return {}

    def _reached(self, rank: int) -> Kleene:
        levels, bands = self.program.levels, self.program.bands
        targeting = self.program.matrices.targeting
        ways = []
        for dangers, likelihoods in self._hazards.values():
            for danger, present in dangers.items():
                row = targeting.get(danger, {})
                enough = [b for b in bands if b in row and levels.index(row[b]) >= rank]
                if bands[0] in enough:
                    ways.append(present)
                else:
                    likely = greatest(likelihoods[band] for band in enough if band in likelihoods)
                    ways.append(least((present, likely)))
        return greatest(ways) if ways else NO

    @cached_property
    def _hazards(self) -> dict[str, tuple[dict[str, Kleene], dict[str, Kleene]]]:
        """By hazard: dangers by level, and likelihoods by band."""
        found: dict[str, tuple[dict[str, list[Kleene]], dict[str, list[Kleene]]]] = {}
        for number, verdict in self.verdicts.items():
            match self.program.rules[number].rule.then:
                case Danger() as danger:
                    dangers = found.setdefault(danger.hazard, ({}, {}))[0]
                    dangers.setdefault(danger_level(self.program, danger), []).append(verdict)
                case Likelihood() as likelihood:
                    likelihoods = found.setdefault(likelihood.hazard, ({}, {}))[1]
                    likelihoods.setdefault(likelihood.band, []).append(verdict)
        return {
            hazard: (
                {level: greatest(each) for level, each in dangers.items()},
                {band: greatest(each) for band, each in likelihoods.items()},
            )
            for hazard, (dangers, likelihoods) in found.items()
        }


def within(period: Period, day: object) -> Truth:
    """Whether a day lies in a period."""
    return every(
        (
            True if period.start is None else day >= period.start.toordinal(),  # type: ignore[operator]
            True if period.end is None else day < period.end.toordinal(),  # type: ignore[operator]
        )
    )
