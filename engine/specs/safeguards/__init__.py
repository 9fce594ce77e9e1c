"""Safeguards: checks that agreements ask for, on rules, on declarations and on decisions.

Each finding is a flag, no flag, or an insufficient record, under the article of the rule's own
regime. They only flag: no decision changes because of one, and nothing is ever called consistent.
"""

from __future__ import annotations

from datetime import date
from itertools import islice

from engine.decide.decision import Decision
from engine.decide.program import Program
from engine.declaration.declaration import Request
from engine.declaration.derive import item_facts
from engine.specs.safeguards.asking import of_requests
from engine.specs.safeguards.deciding import of_decision
from engine.specs.safeguards.finding import Finding, Kind, Verdict, joined, shown
from engine.specs.safeguards.pairing import Pairing, untried
from engine.specs.safeguards.rising import of_levels
from engine.specs.safeguards.ruling import of_rules

__all__ = ["Finding", "Kind", "Safeguards", "Verdict", "joined", "shown"]


class Safeguards:
    """The safeguards of one release, by its program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._pairing = Pairing(program)

    def of_rules(self, on: date) -> tuple[Finding, ...]:
        """The findings about the rules by themselves on a day."""
        return joined(of_rules(self.program, on))

    def of_decision(self, decision: Decision) -> tuple[Finding, ...]:
        """The findings about a decision as it was taken, which this release must have taken."""
        return joined(of_decision(self.program, decision))

    def of_declaration(
        self, request: Request, decision: Decision, most: int | None = None
    ) -> tuple[Finding, ...]:
        """The findings about a decision and the declaration that it was taken on.

        Beyond `of_decision`: what was asked for, twins of each item, and other risk levels. Twins
        take some 10 ms an item: with *most*, only so many items have them, which is said.
        Raises `MalformedError` where the request cannot be decided on.
        """
        found = list(of_decision(self.program, decision))
        derived = item_facts(request, self.program.vocabulary, decision.on)
        facts = {one.item: one.facts for one in derived.items}
        found += of_requests(self.program, decision, facts)
        for number, known in islice(facts.items(), most):
            found += self._pairing.of_item(known, decision, number)
            found += of_levels(self.program, known, number)
        if most is not None and len(facts) > most:
            found.append(untried(len(facts) - most))
        return joined(found)
