"""When and then: the goods are decided, by the release or by what a scenario made of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.decide.combining import AUDIT, PROCEED, REFUSE
from engine.decide.decision import Control, HeldStatus
from engine.declaration.problems import MalformedError
from engine.specs.phrase import Phrases
from engine.specs.world import FailedError, World, expect, listed

PHRASES = Phrases("decisions")
HOLD = "status:Hold"

# When


@PHRASES.when("the declaration is decided on {day:Day}")
def decided(world: World, day: date) -> None:
    """Decided as a declaration of that day, with a key of the specifications' own."""
    world.decision = world.decide(world.request, day, acts=world.acts)


@PHRASES.when("the declaration is sent on {day:Day}")
def sent(world: World, day: date) -> None:
    """Sent as it is; one that states what it may not state is turned away and not decided."""
    try:
        world.decision = world.decide(world.request, day)
    except MalformedError as error:
        world.turned_away = str(error)


@PHRASES.then("it is turned away, as {words}")
def turned_away(world: World, words: str) -> None:
    """The declaration is not accepted; the reason holds these words."""
    expect(world.turned_away, "it was decided")
    expect(words in world.turned_away, world.turned_away)


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


@PHRASES.then("{agency} does not select it for {task}")
def does_not_select(world: World, agency: str, task: str) -> None:
    """That agency has no such control of the first item that is to be carried out."""
    found = [one for one in _of(world, agency, task) if one.selected and one.lifted is None]
    expect(not found, f"selected by {listed(one.reasons.title for one in found)}")


@PHRASES.then("it is selected by nobody for {task}")
def nobody_selects(world: World, task: str) -> None:
    """No such control of the first item is to be carried out."""
    wanted = world.term("control", task)
    found = [one for one in _selected(world) if one.task == wanted]
    expect(not found, f"selected by {listed(one.reasons.title for one in found)}")


@PHRASES.then("law has {agency} make {task} of {share:Share} of such consignments")
def prescribed(world: World, agency: str, task: str, share: Decimal) -> None:
    """A minimum that law prescribes, tagged as law and not as risk."""
    found = [one for one in _of(world, agency, task) if one.mandate]
    expect(found, f"there is {_listed(world, world.item.controls)}")
    rates = sorted({one.rate for one in found})
    expect(rates == [share], f"the rate is {listed(f'{rate:%}' for rate in rates)}")
    expect(all(one.selected_by == "mandate" for one in found), "it is not tagged as law")


@PHRASES.then("what law prescribes above the ladder is reported, and not flagged")
def reported(world: World) -> None:
    """Some legal minimum is above what the ladder gives the level, and is only reported."""
    found = [one for one in world.item.controls if one.mandate]
    expect(any(one.proportion == "reported" for one in found), "nothing is above the ladder")
    expect(not any(one.proportion == "flagged" for one in found), "a mandate is flagged")


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


@PHRASES.then("it is held until its {document} is verified")
def held_for(world: World, document: str) -> None:
    """A hold of the first item that this document, once verified, lifts."""
    wanted = world.certificate(document)
    found = [one for one in world.item.statuses if one.status == HOLD]
    lifting = [world.label(name) for one in found for name in one.lifted_by]
    expect(any(wanted in one.lifted_by for one in found), f"it waits for {listed(lifting)}")


@PHRASES.then("it is held by {agency}")
def held_by(world: World, agency: str) -> None:
    """A standing hold of the first item by that agency."""
    by = [one.agency for one in _standing(world) if one.status == HOLD]
    expect(world.agency(agency) in by, f"it is held by {listed(map(world.label, by)) or 'nobody'}")


@PHRASES.then("the hold is looked at again by {day:Day}")
def deadline(world: World, day: date) -> None:
    """The clock of a hold runs, and this is its last day."""
    ends = {one.deadline.end for one in _standing(world) if one.deadline is not None}
    expect(ends == {day}, f"it ends on {listed(map(str, ends)) or 'no day'}")
    expired = [one for one in _standing(world) if one.deadline and one.deadline.task]
    expect(not expired, "it has run out")


@PHRASES.then("the hold is due to be looked at, and the goods are still held")
def expired(world: World) -> None:
    """The clock has run out: that makes a task and releases nothing."""
    tasks = [one.deadline.task for one in _standing(world) if one.deadline is not None]
    expect(any(tasks), "no clock has run out")
    expect(world.decided.status == HOLD, f"the status is {world.label(world.decided.status)}")


@PHRASES.then("it may not enter")
def refused_entry(world: World) -> None:
    """The goods are refused."""
    expect(world.decided.status == REFUSE, f"the status is {world.label(world.decided.status)}")


@PHRASES.then("it may proceed")
def proceeds(world: World) -> None:
    """No standing hold and no refusal; controls may still be made."""
    expect(world.decided.status == PROCEED, f"the status is {world.label(world.decided.status)}")


@PHRASES.then("the lane is {lane}")
def lane(world: World, lane: str) -> None:
    """Green and blue are released, yellow waits for papers, red is looked at, held or refused."""
    expect(world.decided.channel == lane, f"the lane is {world.decided.channel}")


@PHRASES.then("the remedy speaks of {words}")
def remedy(world: World, words: str) -> None:
    """What the trader is told to do about a hold or refusal holds these words."""
    found = [one.reasons.remedy or "" for one in _standing(world)]
    expect(any(words in one for one in found), f"the remedy is: {listed(found) or 'none'}")


@PHRASES.then("no remedy speaks of {words}")
def no_remedy(world: World, words: str) -> None:
    """The trader is told nothing of the kind: the gap shows."""
    found = [one.reasons.remedy or "" for one in _standing(world)]
    expect(found, "nothing is held or refused")
    expect(not any(words in one for one in found), f"the remedy is: {listed(found)}")


# Agencies together


@PHRASES.then("one order brings {count:Count} agencies to the goods, led by {agency}")
def joint_order(world: World, count: int, agency: str) -> None:
    """One visit, all tasks: every selected task of every agency stands in the one order."""
    order = world.decided.order
    if order is None:
        raise FailedError("nobody comes to the goods")
    names = [world.label(one.agency) for one in order.agencies]
    expect(len(names) == count, f"there come {listed(names)}")
    expect(order.lead == world.agency(agency), f"the lead is {world.label(order.lead)}")
    ordered = {(one.agency, task) for one in order.agencies for task in one.tasks}
    chosen = {
        (one.agency, one.task)
        for item in world.decided.items
        for one in item.controls
        if one.selected and one.lifted is None and one.task != AUDIT
    }
    expect(chosen <= ordered, f"{len(chosen - ordered)} tasks are not in the order")


@PHRASES.then("all agencies draw by one number")
def one_draw(world: World) -> None:
    """Controls of the same consignment share their draw: the rate is the largest, not the union."""
    controls = [one for item in world.decided.items for one in item.controls]
    draws = {one.draw for one in controls if one.draw is not None and one.unit == "consignment"}
    agencies = {one.agency for one in controls if one.draw is not None}
    expect(len(agencies) > 1, "only one agency draws")
    expect(len(draws) == 1, f"there are {len(draws)} draws")


def _standing(world: World) -> list[HeldStatus]:
    return [one for item in world.decided.items for one in item.statuses if one.lifted is None]


def _of(world: World, agency: str, task: str) -> list[Control]:
    by, wanted = world.agency(agency), world.term("control", task)
    return [one for one in world.item.controls if (one.agency, one.task) == (by, wanted)]


def _selected(world: World) -> list[Control]:
    return [one for one in world.item.controls if one.selected and one.lifted is None]


def _listed(world: World, controls: list[Control] | tuple[Control, ...]) -> str:
    words = [f"{world.label(one.task)} by {world.label(one.agency)}" for one in controls]
    return listed(words) or "nothing"
