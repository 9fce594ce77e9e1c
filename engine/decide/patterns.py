"""All patterns against one item at a glance: patterns as bits of whole numbers.

An explanation looks at rules that do not concern the goods too, so no gate helps it. For each
literal there is a number with a bit for each pattern that has it: so all patterns are counted
together. Of an item most tests are false: how many needs are false where every test is, is counted
once, and only what is otherwise for an item is counted anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.decide.glance import Values
from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Compiled, Literal, Pattern, Program, Variant
from engine.declaration.facts import Facts
from engine.language.rule import Control, GoodsStatus


class _Having(NamedTuple):
    """The patterns, as bits, that have a test as a literal: that it be true, that it be false."""

    true: int
    false: int


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
        self._needing = _by_test(needed)
        blocked = _by_test([tuple(pattern.blocks) for _, _, pattern in acting])
        self._blocked_by_true = {test: true for test, (true, _) in blocked.items() if true}
        self._blocked_by_false = {test: false for test, (_, false) in blocked.items() if false}
        # Where every test is false.
        self._unmet = [0] * max([1, *(len(literals).bit_length() for literals in needed)])
        for having in self._needing.values():
            _count(self._unmet, having.true)
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
        unmet, blocked, excepted = list(self._unmet), 0, 0
        unknown: list[int] = []
        for test, value in values.items():
            if value == TRUE and test in self._blocked_by_true:
                blocked |= self._blocked_by_true[test]
            having = self._needing.get(test)
            if having is None:
                continue
            _uncount(unmet, having.true)
            if value == TRUE:
                _count(unmet, having.false)
                excepted |= having.false
            else:
                unknown += having
        wanted = unmet[0]
        for more in unmet[1:]:
            wanted ^= wanted & more
        for test, patterns in self._blocked_by_false.items():
            if test not in values:
                blocked |= patterns
        wanted ^= wanted & blocked
        done = set(settled)
        for patterns in _by_unknown(wanted, unknown):
            for some, one_more in self._asking:
                # Of those that ask for one more, that one does not hold, or else an exception does.
                for place in _places(patterns & (one_more ^ ((one_more ^ some) & excepted))):
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


def _by_test(patterns: Sequence[Sequence[Literal]]) -> dict[int, _Having]:
    """The tests of *patterns*, each with one bit for each pattern that has it."""
    found: dict[int, list[int]] = {}
    for place, literals in enumerate(patterns):
        for test, sign in literals:
            found.setdefault(test, [0, 0])[not sign] |= 1 << place
    return {test: _Having(*having) for test, having in found.items()}


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


def _uncount(counts: list[int], patterns: int) -> None:
    """Count one less."""
    place = 0
    while patterns:
        counts[place] ^= patterns
        patterns &= counts[place]
        place += 1


def _by_unknown(wanted: int, unknown: Iterable[int]) -> list[int]:
    """The *wanted* patterns by how many of their literals are unknown, from none upwards; for each
    literal that is, *unknown* has the patterns that have it.
    """
    found = [wanted]
    for patterns in unknown:
        if not patterns & wanted:
            continue
        found.append(0)
        for count in range(len(found) - 1, 0, -1):
            more = found[count - 1] & patterns
            found[count - 1] ^= more
            found[count] |= more
        if not found[-1]:
            found.pop()
    return found


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
