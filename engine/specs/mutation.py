"""Mutation score: how much of a rule its examples and scenarios would notice if it were changed.

A mutant is killed where some example of the rule, or a scenario that touches it, comes out
otherwise. What survives could be changed by mistake and nobody would be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from engine.decide.examples import GivenError, days_of, given_facts, imposed, verdict_on
from engine.decide.program import Compiled, Program, UnsuitableError
from engine.declaration.facts import Facts
from engine.language.base import RuleBase
from engine.language.rule import Concludes, Example, Rule
from engine.language.vocabulary import Vocabulary
from engine.specs.mutants import Mutant, Mutating, What

ROWS = 3
"""Rows of a table that stand for each of its columns: those that its examples speak of."""

Progress = Callable[[int, int], None]
"""Told how many rules are done, of how many."""

Notices = Callable[[Rule], bool]
"""Whether some scenario comes out otherwise with this rule in the place of that of its id."""


class Survivor(Struct, frozen=True, kw_only=True):
    """A change of a rule that nothing noticed."""

    rule: str
    what: What
    words: str


class RuleScore(Struct, frozen=True, kw_only=True):
    """How many *mutants* of a rule, or of the rows that stand for a table, were *killed*."""

    rule: str
    mutants: int
    killed: int
    survivors: tuple[Survivor, ...]


class Score(Struct, frozen=True, kw_only=True):
    """The scores of the rules of a release, in order of their ids."""

    rules: tuple[RuleScore, ...]

    @property
    def mutants(self) -> int:
        """How many mutants there were."""
        return sum(one.mutants for one in self.rules)

    @property
    def killed(self) -> int:
        """How many of them were noticed."""
        return sum(one.killed for one in self.rules)

    @property
    def share(self) -> float:
        """The part of all mutants that was noticed, from 0 to 1; 1 where there were none."""
        return self.killed / self.mutants if self.mutants else 1.0

    @property
    def survivors(self) -> tuple[Survivor, ...]:
        """All that nothing noticed."""
        return tuple(survivor for one in self.rules for survivor in one.survivors)


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def unnoticed(_rule: Rule) -> bool:
    """Scenarios that notice nothing, where there are none."""
    return False


def score(
    base: RuleBase,
    vocabulary: Vocabulary,
    *,
    only: Sequence[str] = (),
    notices: Notices = unnoticed,
    progress: Progress = silent,
) -> Score:
    """The mutation score of the rules of *base*, or *only* of those ids or tables.

    Scenarios (*notices*) are asked about what examples let live. The specification alone judges:
    that the network agrees is tried elsewhere.
    """
    tables: dict[str, list[Rule]] = {}
    for rule in base.rules:
        if not only or rule.id in only or rule.table in only:
            tables.setdefault(rule.table, []).append(rule)
    mutating = Mutating(vocabulary, base.parameters)
    trying = _Trying(base, vocabulary)
    found = []
    for done, (table, rules) in enumerate(sorted(tables.items())):
        progress(done, len(tables))
        mutants = [mutant for rule in _sampled(rules) for mutant in mutating.of(rule)]
        found.append(_scored(table, mutants, trying, notices))
    progress(len(tables), len(tables))
    return Score(rules=tuple(found))


def _sampled(rules: Sequence[Rule]) -> Sequence[Rule]:
    """All rules that stand alone; of a table the rows that its examples name, or else its first."""
    named = [rule for rule in rules if "#" not in rule.id or any(e.row for e in rule.examples)]
    return named[:ROWS] or rules[:1]


def _scored(table: str, mutants: Iterable[Mutant], trying: _Trying, notices: Notices) -> RuleScore:
    total, survivors = 0, []
    for mutant in mutants:
        killed = trying.killed(mutant)
        if killed is None:
            continue
        total += 1
        if not killed and not notices(mutant.rule):
            survivors.append(Survivor(rule=mutant.rule.id, what=mutant.what, words=mutant.words))
    return RuleScore(
        rule=table, mutants=total, killed=total - len(survivors), survivors=tuple(survivors)
    )


class _Trying:
    """Runs the examples of a rule against its mutants."""

    def __init__(self, base: RuleBase, vocabulary: Vocabulary) -> None:
        self._base, self._vocabulary = base, vocabulary
        self._concluded = {
            r.then.fact: r.phase for r in base.rules if isinstance(r.then, Concludes)
        }
        self._facts: dict[tuple[str, int, date], Facts] = {}

    def killed(self, mutant: Mutant) -> bool | None:
        """Whether some example comes out otherwise; None where no engine would take the mutant."""
        rule = mutant.rule
        base = replace(
            self._base, rules=(rule,), parameters={**self._base.parameters, **mutant.parameters}
        )
        try:
            program = Program(base, self._vocabulary, self._concluded)
        except UnsuitableError:
            return None
        (compiled,) = program.rules
        return any(
            verdict_on(program, compiled, facts) != example.expect or not imposed(rule, example)
            for example, facts in self._cases(program, compiled)
        )

    def _cases(self, program: Program, compiled: Compiled) -> Iterator[tuple[Example, Facts]]:
        """Each example of a mutant on each of its days, which are those of the mutant."""
        rule = compiled.rule
        for place, example in enumerate(rule.examples):
            if "#" in rule.id and example.row is None:
                continue
            for day in days_of(program, compiled, example):
                facts = self._given(rule.id, place, example, day)
                if facts is not None:
                    yield example, facts

    def _given(self, rule: str, place: int, example: Example, day: date) -> Facts | None:
        """What it gives; None where no facts can be that: checks tell its author."""
        key = rule, place, day
        if key not in self._facts:
            with suppress(GivenError):
                self._facts[key] = given_facts(example, self._vocabulary, day)
        return self._facts.get(key)
