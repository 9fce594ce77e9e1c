"""Two consignments: twins that differ in one thing, and the same goods once more."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

from engine.decide.decision import Control, Decision
from engine.language.vocabulary import Source
from engine.specs.facts import fact_of, state
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect, listed

PHRASES = Phrases("twins and the same goods again")


@PHRASES.given("a twin of it")
def twin(world: World) -> None:
    """The same consignment once more, under the same papers; what follows is about the twin."""
    world.twin = copy.deepcopy(world.request)


@PHRASES.when("both are decided on {day:Day}")
def both_decided(world: World, day: date) -> None:
    """The consignment and its twin."""
    if world.twin is None:
        raise UnclearError("there is no twin: say of which consignment")
    world.decisions = [world.decide(one, day) for one in (world.twin, world.request)]
    world.decision = world.decisions[-1]


@PHRASES.then("both meet the same controls and the same status")
def alike(world: World) -> None:
    """Item by item the same tasks of the same agencies at the same rates, and the same status."""
    one, other = _pair(world)
    expect(_treatment(one) == _treatment(other), _difference(one, other))


@PHRASES.then("the two are treated otherwise")
def unlike(world: World) -> None:
    """Some task, rate or status differs."""
    one, other = _pair(world)
    expect(_treatment(one) != _treatment(other), "both are treated alike")


@PHRASES.then("both meet the same controls of {agency}")
def alike_by(world: World, agency: str) -> None:
    """Whatever other agencies do, that agency's tasks and holds are the same."""
    one, other = _pair(world)
    by = world.agency(agency)
    expect(_treatment(one, by) == _treatment(other, by), _difference(one, other))


@PHRASES.then("the two meet other controls of {agency}")
def unlike_by(world: World, agency: str) -> None:
    """That agency's tasks or holds differ."""
    one, other = _pair(world)
    by = world.agency(agency)
    expect(_treatment(one, by) != _treatment(other, by), f"{agency} treats both alike")


def _pair(world: World) -> tuple[Decision, Decision]:
    if len(world.decisions) != 2:
        raise UnclearError("there are no two decisions: say when both are decided")
    one, other = world.decisions
    return one, other


def _treatment(decision: Decision, agency: str | None = None) -> list[frozenset[object]]:
    return [
        frozenset(
            [
                *(
                    (one.agency, one.task, one.rate, one.unit)
                    for one in item.controls
                    if agency in (None, one.agency)
                ),
                *(
                    (one.agency, one.status)
                    for one in item.statuses
                    if agency in (None, one.agency)
                ),
            ]
        )
        for item in decision.items
    ]


def _difference(one: Decision, other: Decision) -> str:
    rules = [
        {control.reasons.rule for item in decision.items for control in item.controls}
        | {held.reasons.rule for item in decision.items for held in item.statuses}
        for decision in (one, other)
    ]
    return f"told apart by {listed(sorted(rules[0] ^ rules[1])) or 'rates only'}"


# Once more


@PHRASES.given("the same goods are declared anew")
def anew(world: World) -> None:
    """The same consignment under another number, with the same transport document."""
    world.twin = copy.deepcopy(world.request)
    world.request["declaration"]["id"] = f"{world.request['declaration']['id']}-ANEW"


@PHRASES.given("they come under another transport document")
def other_transport(world: World) -> None:
    """Other goods, as far as anybody can tell."""
    declaration = world.request["declaration"]
    declaration["transportDocument"] = f"{declaration.get('transportDocument', '')}-OTHER"
    declaration.pop("ucr", None)


@PHRASES.then("both have the same draw")
def same_draw(world: World) -> None:
    """Declaring goods again buys no new draw."""
    one, other = map(_draws, _pair(world))
    expect(one, "nothing was drawn")
    expect(one == other, f"the draws are {listed(map(str, one))} and {listed(map(str, other))}")


@PHRASES.then("the two have draws of their own")
def own_draws(world: World) -> None:
    """They are other goods."""
    one, other = map(_draws, _pair(world))
    expect(one != other, "the draws are the same")


@PHRASES.when('the trader amends "{fact}" to {value}')
def amends(world: World, fact: str, value: str) -> None:
    """The trader declares something else of the first item than before."""
    state(world, fact_of(world, fact, Source.DECLARED), value)


@PHRASES.when("the amended declaration is decided on {day:Day}")
def amended(world: World, day: date) -> None:
    """Decided again, with what was amended; the first decision is superseded."""
    world.before = world.decided
    world.decision = world.decide(world.request, day, before=world.before)


@PHRASES.then("what was notified before still stands")
def notified(world: World) -> None:
    """A control that was selected and told lapses only by an officer's act."""
    if world.before is None:
        raise UnclearError("nothing was decided before: say that it is amended")
    before = _tasks(world.before)
    lost = before - _tasks(world.decided)
    expect(before, "nothing was selected before")
    expect(not lost, f"lost is {listed(world.label(task) for _, task in lost)}")


def _tasks(decision: Decision) -> set[tuple[str, str]]:
    return {
        (one.agency, one.task)
        for item in decision.items
        for one in item.controls
        if one.selected and one.lifted is None
    }


def _draws(decision: Decision) -> list[Decimal | None]:
    controls: list[Control] = [one for item in decision.items for one in item.controls]
    return [one.draw for one in controls if one.draw is not None]
