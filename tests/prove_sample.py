"""Holding the solver against the specification: what it says of an item that is settled."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from engine.decide.answer import Answer
from engine.decide.program import Program
from engine.declaration.facts import Facts
from engine.prove.encoding import Encoding, space_of
from engine.prove.item import Item
from engine.prove.logic import Kleene, expression


class Solved:
    """The answer of the encoding for settled items."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.item = Item(space_of(program), "1")
        encoding = Encoding(program, self.item)
        self._solver = z3.Solver()
        self._solver.add(self.item.sound())
        self._idle = {
            key: variable == (False if key[0] == "flag" else 0)
            for key, variable in self.item.variables.items()
            if key[0] in ("flag", "number", "word", "currency", "converted")
        }
        self._verdicts = {n: self._named(f"rule {n}", v) for n, v in encoding.verdicts.items()}
        self._levels = [
            self._named(f"level {place}", encoding.at_least(place))
            for place in range(1, len(program.levels))
        ]

    def _named(self, name: str, value: Kleene) -> tuple[tuple[z3.BoolRef, z3.BoolRef], ...]:
        """Names for whether something is true, and possible; each with its opposite."""
        found = []
        for kind, truth in (("true", value.true), ("possible", value.possible)):
            variable = z3.Bool(f"{name} {kind}")
            self._solver.add(variable == expression(truth))
            found.append((z3.Not(variable), variable))
        return tuple(found)

    def agrees(self, facts: Facts, answer: Answer) -> bool:
        """Whether *answer* is the one answer that the encoding has for the item."""
        pins = self.item.pinned(facts)
        # What stays open must not matter: any value will do, so that there is one answer.
        for (kind, name, *_), idle in self._idle.items():
            if kind == "converted" or name not in facts.values:
                pins.append(idle)
        return bool(self._solver.check(*pins, *self._expected(answer)) == z3.sat)

    def _expected(self, answer: Answer) -> Iterator[z3.BoolRef]:
        for number, (true, possible) in self._verdicts.items():
            applies = number in answer.applies
            yield true[applies]
            yield possible[applies or number in answer.undetermined]
        certain, highest = map(self.program.levels.index, answer.level)
        for place, (true, possible) in enumerate(self._levels, 1):
            yield true[certain >= place]
            yield possible[highest >= place]
