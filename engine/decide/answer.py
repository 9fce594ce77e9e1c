"""What an engine answers for one item, in a form that two engines can be compared in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from engine.decide.program import Program
from engine.declaration.facts import Facts
from engine.language.rule import Danger, Likelihood

Conclusion = tuple[str, str | bool]
RISK_LEVEL = "item.riskLevel"


class Answer(Struct, frozen=True, kw_only=True):
    """The verdicts on every rule, and every concluded fact.

    Rules are named by number; one that is in neither set does not apply or is not in force.
    *certain* holds what applying rules concluded, *possible* also what undetermined ones could.
    *level* is the certain and the possible risk level, which differ where something is unknown.
    """

    applies: frozenset[int]
    undetermined: frozenset[int]
    certain: frozenset[Conclusion]
    possible: frozenset[Conclusion]
    level: tuple[str, str]


class Engine(Protocol):
    """Judges one item. Raises when it has no answer; never answers "no rule" instead.

    *base* holds the values of tests on base facts that another engine has evaluated for these very
    facts, and takes those that this one evaluates.
    """

    name: str

    def judge(self, facts: Facts, base: dict[int, int] | None = None) -> Answer: ...


class Waiting(Protocol):
    """An item that an engine took ahead: its answer is got, or left, once."""

    def answer(self) -> Answer: ...

    def leave(self) -> None: ...


class Apart(ABC):
    """An engine beside this process, which can be asked ahead of the time when it is waited for."""

    @abstractmethod
    def ahead(self, facts: Facts) -> Waiting:
        """Take an item whose answer is waited for later. Raises `EngineError`: it cannot."""


class Deferred:
    """An engine of that *name*, made when it is first asked: where most programs decide nothing."""

    def __init__(self, name: str, make: Callable[[], Engine]) -> None:
        self.name, self._make = name, make

    @cached_property
    def _made(self) -> Engine:
        return self._make()

    def judge(self, facts: Facts, base: dict[int, int] | None = None) -> Answer:
        """As the engine does."""
        return self._made.judge(facts, base)


class EngineError(RuntimeError):
    """An engine has no answer."""


class Pair(Struct, frozen=True, kw_only=True):
    """A danger with a likelihood of the same hazard, and the risk level that they make.

    *likelihood* is None where no rule speaks of it: then the lowest band stands.
    """

    hazard: str
    danger: int
    danger_level: str
    likelihood: int | None
    band: str
    level: str


def danger_level(program: Program, danger: Danger) -> str:
    """The level of a danger: its own, or the matrix's for its severity and harm."""
    if danger.level is not None:
        return danger.level
    assert danger.severity is not None
    assert danger.harm is not None
    return program.matrices.danger_level(danger.severity, danger.harm)


def pairs(program: Program, rules: Iterable[int]) -> Iterator[Pair]:
    """Each danger with each likelihood of its hazard, among the *rules* given.

    Pairs are formed per hazard: a mild hazard must not lend its likelihood to a grave one.
    """
    dangers: list[tuple[int, Danger]] = []
    likelihoods: dict[str, list[tuple[int | None, str]]] = {}
    for number in sorted(rules):
        match program.rules[number].rule.then:
            case Danger() as danger:
                dangers.append((number, danger))
            case Likelihood() as likelihood:
                likelihoods.setdefault(likelihood.hazard, []).append((number, likelihood.band))
    lowest = program.bands[0]
    for number, danger in dangers:
        level = danger_level(program, danger)
        for other, band in likelihoods.get(danger.hazard, [(None, lowest)]):
            yield Pair(
                hazard=danger.hazard,
                danger=number,
                danger_level=level,
                likelihood=other,
                band=band,
                level=program.matrices.targeting[level][band],
            )
