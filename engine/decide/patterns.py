"""All patterns against one item at a glance: literals as bits of whole numbers.

An explanation looks at rules that do not concern the goods too, so no gate helps it. A bit stands
for a literal where one pattern is looked at, and for a pattern where one literal is: then all of
them are looked at together, and ten thousand take a millisecond or two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Compiled, Literal, Program, Variant
from engine.declaration.facts import Facts
from engine.language.rule import Control, GoodsStatus


class Seen(NamedTuple):
    """The literals of all tests that are false and true for one item; the rest are unknown."""

    false: int
    true: int


class _Bits(NamedTuple):
    """A pattern as bits: what it needs, and what stands in its way."""

    compiled: Compiled
    variant: Variant
    needs: int
    blocks: int


class Near(NamedTuple):
    """A rule that one false test keeps from applying; how many unknown ones stand beside it."""

    unknown: int
    number: int


class PatternIndex:
    """The patterns of one program as bits."""

    def __init__(self, program: Program) -> None:
        every = [
            _Bits(
                compiled,
                variant,
                _bits((*pattern.needs, *((test, True) for test in pattern.joins))),
                _bits(pattern.blocks),
            )
            for compiled in program.rules
            for variant in compiled.variants
            for pattern in variant.patterns
        ]
        self._acting = [b for b in every if isinstance(b.compiled.rule.then, Control | GoodsStatus)]
        self._needing = _by_literal(bits.needs for bits in self._acting)
        self._blocked = _by_literal(bits.blocks for bits in self._acting)
        self._exempting = [bits for bits in every if bits.variant.unless is not None]

    @staticmethod
    def seen(values: Sequence[int]) -> Seen:
        """What an item makes of all tests, given the *values* by number."""
        false, true = {FALSE: "2", TRUE: "1"}, {FALSE: "1", TRUE: "2"}
        backwards = values[::-1]
        return Seen(
            int("".join([false.get(value, "0") for value in backwards]) or "0", 4),
            int("".join([true.get(value, "0") for value in backwards]) or "0", 4),
        )

    def near(self, seen: Seen, facts: Facts, settled: frozenset[int]) -> Iterator[Near]:
        """Controls and statuses that one false test keeps from applying and no exemption stops, the
        nearest first; without those in *settled*.
        """
        once = twice = out = 0
        for literal, patterns in self._needing:
            if seen.false & literal:
                twice |= once & patterns
                once |= patterns
        for literal, patterns in self._blocked:
            if seen.true & literal:
                out |= patterns
        done = set(settled)
        for unknown, patterns in enumerate(self._by_unknown(once & ~twice & ~out, seen)):
            for place in _places(patterns):
                compiled, variant, _, _ = self._acting[place]
                number = compiled.number
                if number not in done and facts.days[compiled.rule.date] in variant.period:
                    done.add(number)
                    yield Near(unknown, number)

    def _by_unknown(self, wanted: int, seen: Seen) -> list[int]:
        """The *wanted* patterns by how many of their literals are unknown, from none upwards."""
        known = seen.false | seen.true
        found = [wanted]
        for literal, patterns in self._needing:
            if known & literal or not patterns & wanted:
                continue
            found.append(0)
            for count in range(len(found) - 1, 0, -1):
                more = found[count - 1] & patterns
                found[count - 1] ^= more
                found[count] |= more
            if not found[-1]:
                found.pop()
        return found

    def exempted(self, seen: Seen, facts: Facts) -> Iterator[tuple[Compiled, Variant]]:
        """Rules with an exemption whose `when` certainly holds, in order; each once."""
        last = -1
        for compiled, variant, needs, _ in self._exempting:
            if (
                needs & seen.true == needs
                and compiled.number != last
                and facts.days[compiled.rule.date] in variant.period
            ):
                last = compiled.number
                yield compiled, variant


def _by_literal(patterns: Iterable[int]) -> list[tuple[int, int]]:
    """The literals of *patterns*, each with one bit for each pattern that has it."""
    found: dict[int, int] = {}
    for place, literals in enumerate(patterns):
        for literal in _places(literals):
            found[literal] = found.get(literal, 0) | 1 << place
    return [(1 << literal, having) for literal, having in found.items()]


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _bits(literals: Iterable[Literal]) -> int:
    """One bit for each test that must be true, and another for each that must be false."""
    return sum({1 << (2 * test + sign) for test, sign in literals})
