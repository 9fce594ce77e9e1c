"""Steps that speak of every possible declaration: what is proved, and what is known not to hold."""

from __future__ import annotations

from engine.prove.properties import PROPERTIES, Property
from engine.prove.proving import Outcome, Prover, Result, decided
from engine.prove.scenario import request
from engine.prove.witness import read
from engine.release import Release, decider
from engine.specs.steps import Step, World

_PROVERS: list[tuple[Release, Prover]] = []
"""The prover of the release last spoken of: making one takes seconds."""


def the_rules(world: World) -> None:
    """The rules of the release, as they are."""
    assert world.release.base.rules


def proved(world: World, claim: str) -> None:
    """The solver finds no declaration that breaks the property."""
    found = _answer(world, claim)
    assert found.outcome is Outcome.PROVED, found.case.says if found.case else found.reason


def known_flag(world: World, claim: str, reason: str) -> None:
    """A declaration that both engines decide breaks the property; why is on record here."""
    assert reason
    found = _answer(world, claim)
    assert found.outcome is Outcome.REFUTED, f"no longer so: {found.outcome}, {found.reason}"
    assert found.case is not None
    assert found.case.agreement is not False


def goods(world: World, datatable: list[list[str]]) -> None:
    """Goods that stand alone, or that others are compared with."""
    world.compared = [datatable]


def other_goods(world: World, datatable: list[list[str]]) -> None:
    """Goods to compare with the first."""
    world.compared.append(datatable)


def shows(world: World, claim: str) -> None:
    """Both engines decide the goods as the property forbids."""
    prover = _prover(world)
    shown = []
    for place, table in enumerate(world.compared, 1):
        body = request(table, world.release.vocabulary, f"CASE-{place}")
        shown.append(decided(read(body), prover.decider))
    assert _property(claim).ask(prover).broken(shown) is not None
    assert all(one.decision.agreement is not False for one in shown)


def _answer(world: World, claim: str) -> Result:
    return _prover(world).answer(_property(claim).ask)


def _prover(world: World) -> Prover:
    if not _PROVERS or _PROVERS[0][0] is not world.release:
        _PROVERS[:] = [(world.release, Prover(decider(world.release)))]
    return _PROVERS[0][1]


def _property(claim: str) -> Property:
    for one in PROPERTIES.values():
        if one.title.casefold() == claim.casefold():
            return one
    titles = "; ".join(one.title for one in PROPERTIES.values())
    raise AssertionError(f"no property says `{claim}`; they say: {titles}")


STEPS = [
    Step("given", "the rules as they are", the_rules),
    Step("given", "goods of which is known", goods),
    Step("given", "other goods of which is known", other_goods),
    Step("then", "they show that not always {claim}", shows),
    Step("then", "in every possible declaration {claim}", proved),
    Step("then", "it is a known flag, as {reason}, that not always {claim}", known_flag),
]
