"""A solver in which each formula that is asked for has a name.

Questions are then names only: what the solver learnt of one serves the next, and a formula that
many questions share is taken in once.
"""

from __future__ import annotations

from collections.abc import Iterable

import z3

from engine.prove.logic import Truth, expression


class Named:
    """Names formulas in a *solver*, for as long as it lives."""

    def __init__(self, solver: z3.Solver) -> None:
        self._solver = solver
        self._names: dict[int, z3.BoolRef] = {}
        self._own: set[int] = set()
        self._kept: list[z3.BoolRef] = []

    def name(self, truth: Truth) -> z3.BoolRef:
        """The name of a formula; of one that is negated, the negated name."""
        formula = expression(truth)
        if formula.get_id() in self._own:
            return formula
        if z3.is_not(formula):
            return z3.Not(self.name(formula.arg(0)))
        found = self._names.get(formula.get_id())
        if found is None:
            found = z3.Bool(f"named {len(self._names)}")
            self._names[formula.get_id()] = found
            self._own.add(found.get_id())
            self._kept.append(formula)  # its id is given to no other
            self._solver.add(found == formula)
        return found

    def any_of(self, truths: Iterable[Truth]) -> z3.BoolRef:
        """A name for that one of them is so, to be asked for and not against."""
        names = [self.name(truth) for truth in truths]
        found = z3.Bool(f"any {len(self._kept)} {len(names)}")
        formula = z3.Or(names)
        self._kept.append(formula)
        self._own.add(found.get_id())
        self._kept.append(found)
        self._solver.add(z3.Implies(found, formula))
        return found

    def check(self, truths: tuple[Truth, ...], seconds: float) -> z3.CheckSatResult:
        """Whether all of them can be."""
        names = [self.name(truth) for truth in truths]
        if seconds <= 0:
            return z3.unknown
        self._solver.set("timeout", max(1, int(seconds * 1000)))
        return self._solver.check(*names)

    def model(self) -> z3.ModelRef:
        """The solution that the last question had."""
        return self._solver.model()

    def core(self) -> frozenset[int]:
        """The ids of names that, together, cannot be: of the last question, which had no answer."""
        return frozenset(name.get_id() for name in self._solver.unsat_core())
