"""What a check on a rule is about: the rule, in its release, on a day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from engine.decide.combining import DOCUMENTARY, rank
from engine.decide.program import Compiled, Program
from engine.language.condition import Leaf
from engine.language.rule import RANDOM, Control, Rule
from engine.language.vocabulary import Basis

ORIGINS = frozenset({"goods.origin", "goods.originGrown", "goods.originProcessed"})
SHIPPED_FROM = "consignment.exportCountry"
TRADER = "importer."
"""The facts that like goods may differ in; facts about the trader share a prefix."""

LAW, ILLUSTRATIVE = "law", "illustrative"
"""The status of a basis that is confirmed, and of one that was made up."""


class Subject(NamedTuple):
    """A rule of a program on a day."""

    program: Program
    compiled: Compiled
    on: date

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        return self.compiled.rule

    @property
    def discretionary(self) -> Control | None:
        """The controls that the rule chooses to impose, if it does."""
        rule = self.rule
        return rule.then if isinstance(rule.then, Control) and not rule.mandate else None

    @property
    def above_papers(self) -> bool:
        """Whether it chooses more than a look at documents, but for a declared random share."""
        imposed, papers = self.discretionary, self.rank(DOCUMENTARY)
        return (
            imposed is not None
            and self.rule.selection != RANDOM
            and any(self.rank(task.task) > papers for task in imposed.tasks)
        )

    def rank(self, control: str) -> int:
        """The place of a control in the order of intensity."""
        return rank(self.program.vocabulary, control)

    @property
    def bases(self) -> dict[str, Basis]:
        """The bases that the rule may cite, by name: its own hide the shared ones."""
        return {**self.program.vocabulary.bases, **self.rule.bases}


def by_country(leaf: Leaf) -> bool:
    """Whether a test is about where goods are from: their origin, or whence they were sent."""
    return leaf.test.fact in ORIGINS or leaf.test.fact == SHIPPED_FROM
