"""Given and then: what holds of every possible declaration, and goods that show what does not."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language.diagnostics import did_you_mean
from engine.prove.properties import PROPERTIES, Property
from engine.prove.proving import Case, Outcome, Result, Shown, decided
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect, listed, read

PHRASES = Phrases("every possible declaration")


@PHRASES.given("the rules as they are")
def as_they_are(world: World) -> None:
    """All rules of the release, none of them changed."""
    if world.release is not world.ground.release:
        raise UnclearError("a rule was changed before: say this first, or leave it out")
    expect(world.release.base.rules, "the release has no rules")


@PHRASES.given("goods of which nothing is known")
def bare(world: World) -> None:
    """A declaration of one goods item that says nothing; what follows is all that it says."""
    world.taken = {"declaration": {"id": "CASE-1", "stage": "accepted", "goods": [{"item": 1}]}}


@PHRASES.then("in every possible declaration {claim}")
def proved(world: World, claim: str) -> None:
    """No declaration whatever is decided otherwise: a solver proves it of all of them."""
    found = _answer(world, claim)
    if found.case is not None:
        _show(world, found.case)
    expect(found.outcome is Outcome.PROVED, found.reason or _says(found))


@PHRASES.then("in some possible declaration it is not so that {claim}")
def broken(world: World, claim: str) -> None:
    """A solver finds a declaration that is decided otherwise, and it is decided so once more."""
    _refuted(world, claim)


@PHRASES.then("it is a known flag, as {reason}, that not always {claim}")
def known_flag(world: World, claim: str, reason: str) -> None:
    """It is not proved: a declaration is decided otherwise. The reason is for its readers; once
    the flag has gone, this fails.
    """
    expect(reason.strip(), "it says no reason")
    world.told.append(f"known flag, not proved: {_refuted(world, claim)}")


@PHRASES.then("they show that not always {claim}")
def shows(world: World, claim: str) -> None:
    """The goods, with their twin where two are compared, are decided otherwise than is claimed."""
    prover = world.proofs.prover
    question = _property(claim).ask(prover)
    bodies = [one for one in (world.twin, world.request) if one is not None]
    if len(bodies) != len(question.items):
        wanted = "a twin of it" if len(bodies) == 1 else "no twin"
        raise UnclearError(f"that is shown by {len(question.items)}: say of {wanted}")
    shown = []
    for body in bodies:
        world.pace()
        shown.append(decided(read(body), prover.decider))
    _record(world, shown)
    expect(question.broken(shown) is not None, "the goods are decided just as it says")


def _refuted(world: World, claim: str) -> str:
    """What the declaration shows that is decided otherwise than is claimed."""
    found = _answer(world, claim)
    if found.case is not None:
        _show(world, found.case)
    expect(found.outcome is Outcome.REFUTED, found.reason or "it is so in every one")
    return _says(found)


def _answer(world: World, claim: str) -> Result:
    asked = _property(claim)
    world.pace()
    found = world.proofs.answer(asked, world.left())
    if found.outcome is Outcome.UNDECIDED:
        world.pace()  # where that was for want of time, it says so
    return found


def _says(found: Result) -> str:
    return found.case.says if found.case is not None else ""


def _show(world: World, case: Case) -> None:
    """Have the evidence stand behind the step: goods decided, and the rules that decide them."""
    _record(world, [decided(read(one), world.proofs.prover.decider) for one in case.requests])


def _record(world: World, shown: Sequence[Shown]) -> None:
    for one in shown:
        world.decision = one.decision
        # Words may name any of these: whoever may not know of one is not shown the step.
        world.rules.update(dict.fromkeys(rule.rule for rule in one.item.applied))


def _property(claim: str) -> Property:
    for one in PROPERTIES.values():
        if one.title.casefold() == claim.casefold():
            return one
    titles = [one.title for one in PROPERTIES.values()]
    mend = did_you_mean(claim, titles) or f"known are {listed(titles)}"
    raise UnclearError(f"nothing is claimed in the words `{claim}`: {mend}")
