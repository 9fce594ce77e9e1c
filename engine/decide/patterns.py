"""All patterns against one item at a glance: a whole number holds a count for each of them.

An explanation looks at rules that do not concern the goods too, so no gate helps it. In such a
number each pattern has a lane of a few bits. For each literal there is one with 1 in the lanes of
the patterns that have it: adding it counts in all of them together. How many needs are false where
every test is, is counted once; what is otherwise for an item comes as `Counts`, which add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.decide.kleene import FALSE, TRUE, Values
from engine.decide.program import Compiled, Literal, Pattern, Program, Variant
from engine.declaration.facts import Facts
from engine.language.rule import Control, GoodsStatus


class Counts(NamedTuple):
    """What some tests make of all patterns.

    In the lane of each: how many needs less are false than where all tests are, and how many are
    unknown. By 1 in their lanes: those to which an exception applies, those of which an exemption
    stops the rule.
    """

    met: int
    unknown: int
    excepted: int
    blocked: int


class _Having(NamedTuple):
    """The patterns, by 1 in their lanes, that need a test to be true, or to be false, and those of
    which an exemption stops the rule where it is true.
    """

    true: int
    false: int
    exempted: int


class _Exempting(NamedTuple):
    """A pattern of a rule with an exemption; *place* is its place among all patterns.

    It stands under its gate, or else under some need: where that is not true it cannot hold.
    """

    place: int
    needs: tuple[Literal, ...]
    compiled: Compiled
    variant: Variant


class PatternIndex:
    """The patterns of one program, by their literals."""

    def __init__(self, program: Program) -> None:
        every = [
            (compiled, variant, pattern)
            for compiled in program.rules
            for variant in compiled.variants
            for pattern in variant.patterns
        ]
        acting = [one for one in every if isinstance(one[0].rule.then, Control | GoodsStatus)]
        self._acting = [(compiled, variant) for compiled, variant, _ in acting]
        needed = [_needs(pattern) for _, _, pattern in acting]
        self._lanes = lanes = _Lanes(len(needed), max([1, *map(len, needed)]))
        self._asking = _asking(needed, lanes)
        needing = _by_test(needed, lanes)
        blocked = _by_test([tuple(pattern.blocks) for _, _, pattern in acting], lanes)
        self._having = {
            test: _Having(*needing.get(test, (0, 0)), blocked.get(test, (0, 0))[0])
            for test in needing.keys() | blocked.keys()
        }
        self._blocked_by_false = {test: false for test, (_, false) in blocked.items() if false}
        # Where every test is false.
        self._unmet = sum(true for true, _ in needing.values())
        self._exempting: dict[Literal, list[_Exempting]] = {}
        for place, (compiled, variant, pattern) in enumerate(every):
            if variant.unless is not None:
                needs = _needs(pattern)
                first = needs[0] if pattern.gate is None else (pattern.gate, True)
                one = _Exempting(place, needs, compiled, variant)
                self._exempting.setdefault(first, []).append(one)
        self._exempting_false = [test for test, sign in self._exempting if not sign]

    def counts(self, values: Values) -> Counts:
        """What tests of these values make of the patterns."""
        met = unknown = excepted = blocked = 0
        for test, value in values.items():
            having = self._having.get(test)
            if having is None:
                continue
            true, false, exempted = having
            met += true
            if value != TRUE:
                unknown += true + false
                continue
            if false:
                met -= false
                excepted |= false
            if exempted:
                blocked |= exempted
        return Counts(met, unknown, excepted, blocked)

    def near(
        self, values: Values, counts: Counts, facts: Facts, settled: frozenset[int]
    ) -> Iterator[int]:
        """Controls and statuses, by number, that one false test keeps from applying and no
        exemption stops; without those in *settled*. *counts* are those of all *values*.

        The nearest come first: of which the fewest tests are unknown, then of which the most hold
        or may hold. Of a rule that asks for one thing, which the goods are not, nothing holds.
        """
        met, unknown, excepted, blocked = counts
        for test, patterns in self._blocked_by_false.items():
            if test not in values:
                blocked |= patterns
        wanted = self._lanes.holding(1, self._unmet - met)
        wanted ^= wanted & blocked
        done, count = set(settled), 0
        while wanted:
            patterns = self._lanes.holding(count, unknown) & wanted
            wanted ^= patterns
            count += 1
            for some, more in self._asking if patterns else ():
                # Of those that ask for one more, that one does not hold, or else an exception does.
                asked = more ^ ((more ^ some) & excepted)
                for place in self._lanes.places(patterns & asked):
                    compiled, variant = self._acting[place]
                    number = compiled.number
                    if number not in done and facts.days[compiled.rule.date] in variant.period:
                        done.add(number)
                        yield number

    def exempted(self, values: Values, facts: Facts) -> Iterator[tuple[Compiled, Variant]]:
        """Rules with an exemption whose `when` certainly holds, in order; each once."""
        met: list[Literal] = [(test, True) for test, value in values.items() if value == TRUE]
        met += [(test, False) for test in self._exempting_false if test not in values]
        found = [
            one
            for literal in met
            for one in self._exempting.get(literal, ())
            if all(values.get(test, FALSE) == _true(sign) for test, sign in one.needs)
            and facts.days[one.compiled.rule.date] in one.variant.period
        ]
        last = -1
        for one in sorted(found, key=lambda one: one.place):
            if one.compiled.number != last:
                last = one.compiled.number
                yield one.compiled, one.variant


def _needs(pattern: Pattern) -> tuple[Literal, ...]:
    return (*pattern.needs, *((test, True) for test in pattern.joins))


def _true(sign: bool) -> int:
    """The value of a test that makes a literal of this sign true."""
    return TRUE if sign else FALSE


class _Lanes:
    """Numbers with a lane for each of so many patterns, in which to count up to *most*.

    Patterns are a number with 1 in their lanes.
    """

    def __init__(self, patterns: int, most: int) -> None:
        # INVARIANT: nothing is counted into the highest bit of a lane; it shows what others hold.
        self._width = most.bit_length() + 1
        self._highest = self._width - 1
        ones = sum(self.one(place) for place in range(patterns))
        self._all = [ones * count for count in range(most + 1)]
        self._below = ones * ((1 << self._highest) - 1)
        self._tops = ones << self._highest

    def one(self, place: int) -> int:
        """The pattern at *place*."""
        return 1 << place * self._width

    def holding(self, count: int, counts: int) -> int:
        """The patterns in whose lanes *counts* hold *count*, of at most *most*."""
        others = ((counts ^ self._all[count]) + self._below) & self._tops
        return (others ^ self._tops) >> self._highest

    def places(self, patterns: int) -> Iterator[int]:
        """Their places, the lowest first."""
        while patterns:
            lowest = patterns & -patterns
            yield lowest.bit_length() // self._width
            patterns ^= lowest


def _by_test(patterns: Sequence[Sequence[Literal]], lanes: _Lanes) -> dict[int, tuple[int, int]]:
    """The tests of *patterns*, with the patterns that ask it to be true, and to be false."""
    found: dict[int, list[int]] = {}
    for place, literals in enumerate(patterns):
        for test, sign in literals:
            found.setdefault(test, [0, 0])[not sign] |= lanes.one(place)
    return {test: (true, false) for test, (true, false) in found.items()}


def _asking(patterns: Sequence[Sequence[Literal]], lanes: _Lanes) -> list[tuple[int, int]]:
    """The patterns that need so many tests to be true, and those that need one more; from the most
    downwards.
    """
    found: dict[int, int] = {}
    for place, literals in enumerate(patterns):
        count = sum(sign for _, sign in literals)
        found[count] = found.get(count, 0) | lanes.one(place)
    counts = range(max(found, default=0), -1, -1)
    return [(found.get(count, 0), found.get(count + 1, 0)) for count in counts]
