"""When and then: the goods are decided, by the release or by what a scenario made of it."""

from __future__ import annotations

from datetime import date

from engine.decide.decision import Control
from engine.specs.phrase import Phrases
from engine.specs.world import World, expect, listed

PHRASES = Phrases("decisions")

# When


@PHRASES.when("the declaration is decided on {day:Day}")
def decided(world: World, day: date) -> None:
    """Decided as a declaration of that day, with a key of the specifications' own."""
    world.decision = world.decide(world.request, day, acts=world.acts)


# Risk


@PHRASES.then("the risk level is {level}")
def risk_level(world: World, level: str) -> None:
    """The joint level of the first item is certain, and this one."""
    item = world.item
    found, possible = world.label(item.risk_level), world.label(item.possible_risk_level)
    expect(found == possible, f"the level is not determined: {found}, or up to {possible}")
    expect(item.risk_level == world.term("level", level), f"the level is {found}")


# Controls


@PHRASES.then("only a declared random selection could stop it")
def only_random(world: World) -> None:
    """Every control of the first item is a random one, at its declared share."""
    expect(world.item.controls, "the declared random share is missing")
    others = [one for one in world.item.controls if one.selected_by != "random"]
    expect(not others, f"there is {_listed(world, others)}")


@PHRASES.then("{agency} selects it for {task}")
def selects(world: World, agency: str, task: str) -> None:
    """A control of that agency which is to be carried out."""
    found = _of(world, agency, task)
    expect(any(one.selected for one in found), f"selected is {_listed(world, _selected(world))}")


@PHRASES.then("no control is flagged as above the ladder")
def none_flagged(world: World) -> None:
    """Something is selected, and nothing is above what the ladder gives its risk level."""
    expect(_selected(world), "nothing is selected")
    found = [one for one in world.item.controls if one.proportion == "flagged"]
    expect(not found, f"flagged is {_listed(world, found)}")


@PHRASES.then("{task} by {agency} is flagged as above the ladder")
def flagged(world: World, task: str, agency: str) -> None:
    """The flag is there, and the control is not altered by it."""
    found = _of(world, agency, task)
    expect(found, f"there is {_listed(world, world.item.controls)}")
    expect(all(one.proportion == "flagged" for one in found), "it is not flagged")


# Status


@PHRASES.then("nothing is held")
def nothing_held(world: World) -> None:
    """No item is held or refused, and no answer is waited for."""
    held = [one for item in world.decided.items for one in item.statuses]
    expect(not held, f"held by {listed(one.reasons.title for one in held)}")
    asked = listed(one.label for one in world.decided.requests)
    expect(not world.decided.pending, f"it waits for {asked}")


def _of(world: World, agency: str, task: str) -> list[Control]:
    by, wanted = world.agency(agency), world.term("control", task)
    return [one for one in world.item.controls if (one.agency, one.task) == (by, wanted)]


def _selected(world: World) -> list[Control]:
    return [one for one in world.item.controls if one.selected and one.lifted is None]


def _listed(world: World, controls: list[Control] | tuple[Control, ...]) -> str:
    words = [f"{world.label(one.task)} by {world.label(one.agency)}" for one in controls]
    return listed(words) or "nothing"
