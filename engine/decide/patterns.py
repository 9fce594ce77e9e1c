"""All patterns against one item at a glance: literals as bits of whole numbers.

An explanation looks at rules that do not concern the goods too, so no gate helps it. With bits one
look at a pattern is one `and` of two whole numbers, and ten thousand take a millisecond or two.
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

    def near(self, seen: Seen, facts: Facts, settled: frozenset[int]) -> list[Near]:
        """Controls and statuses that one false test keeps from applying and no exemption stops, the
        nearest first; without those in *settled*.
        """
        found: dict[int, int] = {}
        known = seen.false | seen.true
        for compiled, variant, needs, blocks in self._acting:
            wrong = needs & seen.false
            if wrong == 0 or wrong & (wrong - 1) or blocks & seen.true:
                continue
            number = compiled.number
            if number in settled or facts.days[compiled.rule.date] not in variant.period:
                continue
            unknown = (needs & ~known).bit_count()
            found[number] = min(unknown, found.get(number, unknown))
        return sorted(Near(unknown, number) for number, unknown in found.items())

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


def _bits(literals: Iterable[Literal]) -> int:
    """One bit for each test that must be true, and another for each that must be false."""
    return sum({1 << (2 * test + sign) for test, sign in literals})
