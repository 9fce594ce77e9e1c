"""All patterns against one item at a glance: patterns as bits of whole numbers.

An explanation looks at rules that do not concern the goods too, so no gate helps it. For each
literal there is a number with a bit for each pattern that has it: so all patterns are counted
together. Of an item most tests are false: how many needs are false where every test is, is counted
once, and only what is otherwise for an item is counted anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.decide.glance import Values
from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Compiled, Literal, Pattern, Program, Variant
from engine.declaration.facts import Facts
from engine.language.rule import Control, GoodsStatus


class _Having(NamedTuple):
    """The patterns, as bits, that need a test to be true, or to be false, and those of which an
    exemption stops the rule where it is true.
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
        self._asking = _asking(needed)
        needing = _by_test(needed)
        blocked = _by_test([tuple(pattern.blocks) for _, _, pattern in acting])
        self._having = {
            test: _Having(*needing.get(test, (0, 0)), blocked.get(test, (0, 0))[0])
            for test in needing.keys() | blocked.keys()
        }
        self._blocked_by_false = {test: false for test, (_, false) in blocked.items() if false}
        # Where every test is false.
        self._unmet = [0] * max([1, *(len(literals).bit_length() for literals in needed)])
        for true, _ in needing.values():
            _count(self._unmet, true)
        self._exempting: dict[Literal, list[_Exempting]] = {}
        for place, (compiled, variant, pattern) in enumerate(every):
            if variant.unless is not None:
                needs = _needs(pattern)
                first = needs[0] if pattern.gate is None else (pattern.gate, True)
                one = _Exempting(place, needs, compiled, variant)
                self._exempting.setdefault(first, []).append(one)
        self._exempting_false = [test for test, sign in self._exempting if not sign]

    def near(self, values: Values, facts: Facts, settled: frozenset[int]) -> Iterator[int]:
        """Controls and statuses, by number, that one false test keeps from applying and no
        exemption stops; without those in *settled*.

        The nearest come first: of which the fewest tests are unknown, then of which the most hold
        or may hold. Of a rule that asks for one thing, which the goods are not, nothing holds.
        """
        unmet, unknown = list(self._unmet), [0] * len(self._unmet)
        blocked = excepted = 0
        open_: list[int] = []
        for test, value in values.items():
            having = self._having.get(test)
            if having is None:
                continue
            less, place = having.true, 0
            while less:  # `_count` backwards; a call for each would take as long as the counting
                unmet[place] ^= less
                less &= unmet[place]
                place += 1
            if value == TRUE:
                _count(unmet, having.false)
                excepted |= having.false
                blocked |= having.exempted
            else:
                open_ += (having.true, having.false)
        for test, patterns in self._blocked_by_false.items():
            if test not in values:
                blocked |= patterns
        wanted = _counted(unmet, 1, -1 ^ blocked)
        for patterns in open_:
            _count(unknown, patterns & wanted)
        # Of those that ask for one more, that one does not hold, or else an exception does.
        asking = [more ^ ((more ^ some) & excepted) for some, more in self._asking]
        done = set(settled)
        for count in range(1 << len(unknown)):
            patterns = _counted(unknown, count, wanted)
            for asked in asking if patterns else ():
                for place in _places(patterns & asked):
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


def _by_test(patterns: Sequence[Sequence[Literal]]) -> dict[int, tuple[int, int]]:
    """The tests of *patterns*, with a bit for each pattern that asks it to be true, or false."""
    found: dict[int, list[int]] = {}
    for place, literals in enumerate(patterns):
        for test, sign in literals:
            found.setdefault(test, [0, 0])[not sign] |= 1 << place
    return {test: (true, false) for test, (true, false) in found.items()}


def _asking(patterns: Sequence[Sequence[Literal]]) -> list[tuple[int, int]]:
    """The patterns, as bits, that need so many tests to be true, and those that need one more; from
    the most downwards.
    """
    found: dict[int, int] = {}
    for place, literals in enumerate(patterns):
        count = sum(sign for _, sign in literals)
        found[count] = found.get(count, 0) | 1 << place
    counts = range(max(found, default=0), -1, -1)
    return [(found.get(count, 0), found.get(count + 1, 0)) for count in counts]


def _count(counts: list[int], patterns: int) -> None:
    """Count one more for each of the *patterns*. The first of *counts* holds the ones, the next
    the twos, then the fours, with a bit for each pattern.
    """
    place = 0
    while patterns:
        bits = counts[place]
        counts[place] = bits ^ patterns
        patterns &= bits
        place += 1


def _counted(counts: list[int], number: int, patterns: int) -> int:
    """Those of the *patterns* that are counted so many times."""
    for place, bits in enumerate(counts):
        patterns &= bits if number >> place & 1 else -1 ^ bits
    return patterns


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
