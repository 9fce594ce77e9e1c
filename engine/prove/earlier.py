"""An earlier program read by later words: what of it these can say, and what they cannot.

Where the later vocabulary lacks a word, or means something else by a fact, the rules that use it
cannot be read. Boundary: what rests on such rules is never called proved; that is for the caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.decide.program import Program
from engine.language.base import RuleBase
from engine.language.rule import (
    Concludes,
    Control,
    Danger,
    GoodsStatus,
    Likelihood,
    Matrices,
    Rule,
)
from engine.language.vocabulary import Vocabulary

Unread = dict[str, str]
"""By id, the rules that cannot be read, each with the reason."""


def read_by(words: Vocabulary, program: Program) -> tuple[Program, Unread]:
    """The rules of *program* that other *words* can say, compiled anew; and the rest."""
    if program.vocabulary == words:
        return program, {}
    reading = _Reading(program.vocabulary, words)
    of_all = reading.objection((), _of_matrices(program.matrices))
    unread: Unread = {}
    for compiled in program.rules:
        rule = compiled.rule
        reason = of_all or reading.objection(_facts(rule), _terms(rule))
        if reason is not None:
            unread[rule.id] = reason
    base = RuleBase(
        rules=tuple(one.rule for one in program.rules if one.rule.id not in unread),
        parameters=program.parameters,
        matrices=program.matrices,
        calendars=program.calendars,
    )
    return Program(base, words), unread


class _Reading:
    def __init__(self, before: Vocabulary, after: Vocabulary) -> None:
        self._before, self._after = before, after
        self._lost = _names(before) - _names(after)

    def objection(self, facts: Iterable[str], terms: Iterable[str]) -> str | None:
        """Why these words cannot be read; None where they can."""
        for fact in facts:
            before, after = self._before.facts[fact], self._after.facts.get(fact)
            if after is None:
                return _lacking(fact)
            if any(getattr(before, one) != getattr(after, one) for one in _MEANING):
                return f"the later vocabulary means something else by `{fact}`"
        return next((_lacking(term) for term in terms if term in self._lost), None)


_MEANING = (
    "type",
    "source",
    "scope",
    "unit",
    "range",
    "closed",
    "order",
    "assumption",
    "over_classes",
    "transitive",
    "domain",
)
"""The fields of a fact that say how a test of it is read."""


def _lacking(word: str) -> str:
    return f"the later vocabulary has no `{word}`"


def _names(words: Vocabulary) -> set[str]:
    """All that can be named beside facts."""
    return {*words.terms, *words.groups, *words.certificates, *words.countries}


def _facts(rule: Rule) -> Iterator[str]:
    for leaf in rule.leaves:
        yield from leaf.test.reads
    if isinstance(rule.then, Concludes):
        yield rule.then.fact


def _terms(rule: Rule) -> Iterator[str]:
    """The names that a rule uses; words of free text and values that are no names among them."""
    for leaf in rule.leaves:
        yield from leaf.test.terms
        yield from (line.ex for line in leaf.test.codes if line.ex is not None)
    match rule.then:
        case Control(tasks):
            yield from (task.task for task in tasks)
        case GoodsStatus(status):
            yield status
        # A hazard only joins dangers to likelihoods: nothing is read of it.
        case Danger(level=str() as level):
            yield level
        case Likelihood() as likelihood:
            yield likelihood.band
        case Concludes(value=str() as value):
            yield value


def _of_matrices(matrices: Matrices) -> Iterator[str]:
    """Levels, bands and controls, without which no risk level can be told."""
    for _, levels in matrices.severity:
        yield from levels
    for danger, by_band in matrices.targeting.items():
        yield from (danger, *by_band, *by_band.values())
    for level, (task, _) in matrices.ladder.items():
        yield from (level, task)
