"""All patterns against one item at a glance: patterns as bits of whole numbers.

An explanation looks at rules that do not concern the goods too, so no gate helps it. For each
literal there is a number with a bit for each pattern that has it: so all patterns are looked at
together, and ten thousand take a millisecond or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.program import Compiled, Literal, Pattern, Program, Variant
from engine.declaration.facts import Facts
from engine.language.rule import Control, GoodsStatus

Values = Sequence[int]
"""The value of every test for one item, by number."""


class Near(NamedTuple):
    """A rule that one false test keeps from applying; how many unknown ones stand beside it."""

    unknown: int
    number: int


class _Having(NamedTuple):
    """The patterns with one literal, as bits; the values of its *test* that settle the literal."""

    test: int
    true: int
    false: int
    patterns: int


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
        self._needing = _by_literal(_needs(pattern) for _, _, pattern in acting)
        self._blocked = _by_literal(pattern.blocks for _, _, pattern in acting)
        self._exempting: dict[Literal, list[_Exempting]] = {}
        for place, (compiled, variant, pattern) in enumerate(every):
            if variant.unless is not None:
                needs = _needs(pattern)
                first = needs[0] if pattern.gate is None else (pattern.gate, True)
                one = _Exempting(place, needs, compiled, variant)
                self._exempting.setdefault(first, []).append(one)

    def near(self, values: Values, facts: Facts, settled: frozenset[int]) -> Iterator[Near]:
        """Controls and statuses that one false test keeps from applying and no exemption stops, the
        nearest first; without those in *settled*.
        """
        once = twice = out = 0
        for test, _, false, patterns in self._needing:
            if values[test] == false:
                twice |= once & patterns
                once |= patterns
        for test, true, _, patterns in self._blocked:
            if values[test] == true:
                out |= patterns
        done = set(settled)
        for unknown, patterns in enumerate(self._by_unknown(once & ~twice & ~out, values)):
            for place in _places(patterns):
                compiled, variant = self._acting[place]
                number = compiled.number
                if number not in done and facts.days[compiled.rule.date] in variant.period:
                    done.add(number)
                    yield Near(unknown, number)

    def _by_unknown(self, wanted: int, values: Values) -> list[int]:
        """The *wanted* patterns by how many of their literals are unknown, from none upwards."""
        found = [wanted]
        for test, _, _, patterns in self._needing:
            if values[test] != UNKNOWN or not patterns & wanted:
                continue
            found.append(0)
            for count in range(len(found) - 1, 0, -1):
                more = found[count - 1] & patterns
                found[count - 1] ^= more
                found[count] |= more
            if not found[-1]:
                found.pop()
        return found

    def exempted(self, values: Values, facts: Facts) -> Iterator[tuple[Compiled, Variant]]:
        """Rules with an exemption whose `when` certainly holds, in order; each once."""
        found = [
            one
            for (test, sign), exempting in self._exempting.items()
            if values[test] == _true(sign)
            for one in exempting
            if all(values[test] == _true(sign) for test, sign in one.needs)
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


def _by_literal(patterns: Iterable[Iterable[Literal]]) -> list[_Having]:
    """The literals of *patterns*, each with one bit for each pattern that has it."""
    found: dict[Literal, int] = {}
    for place, literals in enumerate(patterns):
        for literal in literals:
            found[literal] = found.get(literal, 0) | 1 << place
    return [
        _Having(test, _true(sign), _true(not sign), having)
        for (test, sign), having in found.items()
    ]


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
