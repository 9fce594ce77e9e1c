"""One rule among many others, asked about again and again while it is written.

To say thousands of rules as formulas takes seconds. They are said once and kept: of the next
version of the base only the rules that are new are said, as long as these tell goods apart by
nothing new.
"""

from __future__ import annotations

import time

from msgspec import Struct

from engine.decide.deciding import Decider
from engine.prove.analyst import Analyst
from engine.prove.asking import Finding, real
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Outcome, Prover, Result

BUDGET = 1.2
"""Seconds for all that is asked of one rule, and one question may take half of them. What they do
not suffice for is left open.
"""

OF_ONE = ("low-risk-released", "within-ladder", "no-lesser-alternative", "basis-in-force")
"""The properties that one rule can break by itself. All others compare what all rules bring."""


class Broken(Struct, frozen=True, kw_only=True):
    """A property that the rule breaks, or of which it was not found whether it does."""

    property: str
    result: Result


class Said(Struct, frozen=True, kw_only=True):
    """What there is to say of a rule over every declaration; *undecided*: what was left open."""

    findings: tuple[Finding, ...]
    broken: tuple[Broken, ...]
    undecided: tuple[str, ...]
    seconds: float


class Standing:
    """What was last said as formulas, kept for the next question."""

    def __init__(self, decider: Decider) -> None:
        self._prover = Prover(decider)
        self._real = real(self._prover)

    def _takes(self, decider: Decider) -> bool:
        """Take over what can be of other rules, if these tell goods apart by nothing new."""
        revised = self._prover.revised(decider)
        if revised is not None:
            self._prover = revised
        return revised is not None

    def ask(
        self,
        decider: Decider,
        rule: str,
        budget: float = BUDGET,
        unseen: frozenset[str] = frozenset(),
    ) -> Said:
        """What there is to say of the *rule*, by id, of what decides, beside *unseen* rules.

        Raises `UnencodedError` where some test has no formula.
        """
        start = time.monotonic()
        if not self._takes(decider):
            prover = Prover(decider)
            self._prover, self._real = prover, real(prover)
        about, deadline = self._prover.about(rule, unseen), start + budget
        analyst = Analyst(about, self._real, deadline, budget / 2)
        findings, broken, undecided = list(analyst.never()), [], []
        for name in OF_ONE:
            left = min(budget / 2, deadline - time.monotonic())
            result = about.answer(PROPERTIES[name].ask, max(left, 0))
            if result.outcome is Outcome.REFUTED:
                broken.append(Broken(property=name, result=result))
            elif result.outcome is Outcome.UNDECIDED:
                undecided.append(f"{name}: {result.reason}")
        if not findings:  # it applies to something
            steps = (analyst.subsumed, analyst.statuses, analyst.defeated, analyst.twice)
            findings += [finding for step in steps for finding in step()]
        return Said(
            findings=tuple(findings),
            broken=tuple(broken),
            undecided=(*undecided, *analyst.undecided),
            seconds=round(time.monotonic() - start, 3),
        )
