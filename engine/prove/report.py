"""What holds of every declaration by one release: the answers, and how they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.language.diagnostics import did_you_mean
from engine.language.stated import Stated, tests_of
from engine.language.vocabulary import Vocabulary
from engine.prove.logic import every
from engine.prove.properties import PROPERTIES, Property
from engine.prove.proving import BUDGET, Case, Outcome, Prover, Result
from engine.prove.scenario import as_json, scenario
from engine.prove.stated import asking, holding

Progress = Callable[[str, int, int], None]
"""Told the property, how many are done, and of how many."""


class UnknownPropertyError(ValueError):
    """No property has this name; the message says which are near."""


class Proof(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one property, in the words that it is stated in.

    *case* shows declarations that break it, *scenario* is the same for a feature; *reason* says why
    nothing was decided.
    """

    property: str
    title: str
    article: str
    statement: str
    outcome: Outcome
    seconds: float
    case: Case | None = None
    scenario: str | None = None
    reason: str | None = None


class Report(Struct, frozen=True, kw_only=True):
    """All answers on one release, and what was *assumed* of every declaration for them."""

    release: ReleaseRef
    proofs: tuple[Proof, ...]
    assumed: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every property is proved."""
        return all(proof.outcome is Outcome.PROVED for proof in self.proofs)


def report(
    decider: Decider,
    names: Sequence[str] = (),
    *,
    stated: Sequence[Stated] = (),
    budget: float = BUDGET,
    progress: Progress = lambda _name, _done, _total: None,
) -> Report:
    """Ask each of the properties named, or all; *budget* is the time of one, in seconds.

    What authors have *stated* is asked too, or, where it is an assumption, taken for granted.
    Raises `UnknownPropertyError`.
    """
    asked = [named(name) for name in names] or list(PROPERTIES.values())
    asked += [_property(one) for one in stated if one.must is not None]
    assumed = [one for one in stated if one.must is None]
    prover = Prover(
        decider,
        tests=[test for one in stated for test in tests_of(one)],
        assuming=lambda encoding: every(holding(one.when, encoding).true for one in assumed),
    )
    proofs = []
    for done, one in enumerate(asked):
        progress(one.id, done, len(asked))
        proofs.append(proof(one, prover.answer(one.ask, budget), prover.program.vocabulary))
    if asked:
        progress(asked[-1].id, len(asked), len(asked))
    return Report(
        release=decider.release,
        proofs=tuple(proofs),
        assumed=tuple(one.title for one in assumed),
    )


def _property(stated: Stated) -> Property:
    return Property(
        id=stated.id,
        title=stated.title,
        article=stated.article,
        statement=stated.title,
        terms="Stated by an author, in the conditions of the rule language.",
        ask=asking(stated),
    )


def named(name: str) -> Property:
    """The property of that name. Raises `UnknownPropertyError`."""
    if name not in PROPERTIES:
        mend = did_you_mean(name, PROPERTIES) or f"it is one of {', '.join(PROPERTIES)}"
        raise UnknownPropertyError(f"no property is called `{name}`: {mend}")
    return PROPERTIES[name]


def proof(asked: Property, result: Result, vocabulary: Vocabulary) -> Proof:
    """A property with its answer."""
    case = result.case
    return Proof(
        scenario=None if case is None else scenario(case, asked.title, vocabulary),
        property=asked.id,
        title=asked.title,
        article=asked.article,
        statement=asked.statement,
        outcome=result.outcome,
        seconds=result.seconds,
        case=case,
        reason=result.reason,
    )


def lines(found: Report) -> Iterator[str]:
    """The answers as text."""
    for one in found.proofs:
        yield f"{one.outcome:<9}  {one.property} ({one.seconds:.1f} s): {one.title}; {one.article}"
        if one.reason is not None:
            yield f"           {one.reason}"
        if one.case is not None:
            yield f"           {one.case.says}"
            told = as_json(one.case) if one.scenario is None else one.scenario.splitlines()
            yield from (f"           {line}" for line in told)
    for assumed in found.assumed:
        yield f"assumed of every declaration: {assumed}"
    count = sum(one.outcome is Outcome.PROVED for one in found.proofs)
    yield f"{count} of {len(found.proofs)} properties hold of every declaration"
