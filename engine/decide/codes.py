"""Tests on commodity codes: lines of a tariff, whole or `ex`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from engine.decide.kleene import FALSE, TRUE, UNKNOWN, Conclusions, Evaluator, holds, is_a
from engine.declaration.facts import Facts
from engine.language.condition import CodeLine, Test
from engine.language.vocabulary import Vocabulary


def code_lines(test: Test, vocabulary: Vocabulary) -> Evaluator:
    name, lines = test.fact, test.codes

    def codes(facts: Facts, _c: Conclusions, _p: Conclusions) -> int:
        code = facts.values.get(name)
        declared = code if isinstance(code, str) else None
        found = FALSE
        for line in lines:
            value = code_value(declared, line.code)
            if value != FALSE and line.ex is not None:
                value = _ex(line, line.ex, value, declared, facts, vocabulary)
            if value == TRUE:
                return TRUE
            if value > found:
                found = value
        return found

    return codes


def code_value(declared: str | None, criterion: str) -> int:
    """A declared code under the criterion is true; one too short to tell is unknown."""
    if declared is None:
        return UNKNOWN
    if declared.startswith(criterion):
        return TRUE
    return UNKNOWN if criterion.startswith(declared) else FALSE


def _ex(
    line: CodeLine,
    ex: str,
    value: int,
    code: str | None,
    facts: Facts,
    vocabulary: Vocabulary,
) -> int:
    """An `ex` line whose code has *value*: settled by the product, or by digits 9 and 10."""
    product = facts.values.get("goods.product")
    settled = is_a(product, ex, vocabulary) if isinstance(product, str) else UNKNOWN
    if settled != UNKNOWN:
        return min(value, settled)
    if code is not None and len(code) >= 10 and line.subdivisions:
        return holds(code[8:10] in line.subdivisions)
    # An `ex` line is at most unknown on the code alone.
    return UNKNOWN


class CodeTree:
    """Numbers by the commodity codes that they stand for, found from a declared code."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        self._by_code: dict[str, list[int]] = {}
        for code, number in entries:
            self._by_code.setdefault(code, []).append(number)
        self._codes = sorted(self._by_code)

    def above(self, declared: str) -> Iterator[int]:
        """What stands for codes under which the declared one falls, itself included."""
        for length in range(1, len(declared) + 1):
            yield from self._by_code.get(declared[:length], ())

    def below(self, declared: str) -> Iterator[int]:
        """What stands for finer codes: the declared one is too short to tell."""
        place = bisect_left(self._codes, declared)
        while place < len(self._codes) and self._codes[place].startswith(declared):
            if self._codes[place] != declared:
                yield from self._by_code[self._codes[place]]
            place += 1
