"""Then: why the goods are decided so, what the trader is told, and what is asked for."""

from __future__ import annotations

import msgspec

from engine.decide.audience import TraderAct, TraderDecision, for_trader
from engine.specs.phrase import Phrases
from engine.specs.world import World, expect, listed

PHRASES = Phrases("reasons and requests")

# Reasons


@PHRASES.then("the trader is told of each act its law, its reason, its remedy and where to appeal")
def told(world: World) -> None:
    """What the trader's own copy of the decision says of every control and status."""
    for act in _told(world):
        expect(act.basis, f"{world.label(act.act)}: no law")
        expect(act.reason_class, f"{world.label(act.act)}: no reason")
        expect(act.remedy, f"{world.label(act.act)}: no remedy")
        expect(act.appeal.body and act.appeal.days > 0, f"{world.label(act.act)}: no appeal")


@PHRASES.then("the trader is told that {agency} keeps the goods")
def told_of(world: World, agency: str) -> None:
    """The trader's own copy of the decision names the hold or refusal and its agency."""
    by = world.label(world.agency(agency))
    found = [held.agency for item in _trader(world).items for held in item.statuses]
    expect(by in found, f"the trader is told of holds by {listed(found) or 'nobody'}")


@PHRASES.then("the trader is told nothing of what selects")
def not_told(world: World) -> None:
    """The trader's own copy shows no rate, no draw and no test of a rule."""
    copy = msgspec.json.encode(_trader(world)).decode()
    for name in ("rate", "draw", "because", "wouldImpose"):
        expect(f'"{name}":' not in copy, f"it shows the {name}")


# Risk decisions


@PHRASES.then("each goods item has a risk level, and each control its reason and its law")
def recorded(world: World) -> None:
    """Nothing is decided without a risk decision on record."""
    for item in world.decided.items:
        expect(item.risk_level, f"item {item.item} has no level")
        for control in item.controls:
            expect(control.reasons.because, f"{control.reasons.title}: no reason")
            expect(control.reasons.basis, f"{control.reasons.title}: no law")


@PHRASES.then('the rule "{rule}" applies')
def that_applies(world: World, rule: str) -> None:
    """A rule of the release, by its title, applies to the first item, for certain."""
    world.name(world.rule_of(rule))
    expect(world.named.id in _applied(world), f"it is {_verdict(world)}")


@PHRASES.then("the rule applies")
def applies(world: World) -> None:
    """The rule that was named applies to the first item, for certain."""
    expect(world.named.id in _applied(world), f"it is {_verdict(world)}")


@PHRASES.then("the rule does not apply")
def does_not_apply(world: World) -> None:
    """The rule that was named neither applies to the first item nor is left open."""
    expect(_verdict(world) == "not applied", f"it is {_verdict(world)}")


@PHRASES.then("the rule is left open, and imposes nothing")
def left_open(world: World) -> None:
    """Something that the rule needs is not known; it controls nothing meanwhile."""
    found = [one for one in world.item.undetermined if one.rule == world.named.id]
    expect(found, f"it is {_verdict(world)}")
    imposing = [one for one in world.item.controls if one.reasons.rule == world.named.id]
    expect(not imposing, "it imposes a control")


@PHRASES.then("the rule is lifted by what the trader has shown")
def exempted(world: World) -> None:
    """The rule's conditions hold, and its exemption holds too."""
    found = [one for one in world.item.exempted if one.rule == world.named.id]
    expect(found, f"it is {_verdict(world)}")


@PHRASES.then("a danger of {hazard} is found")
def danger(world: World, hazard: str) -> None:
    """A certain pair of danger and likelihood for that hazard, on the first item."""
    wanted = world.term("hazard", hazard)
    found = {one.hazard for one in world.item.risks if one.certain}
    expect(wanted in found, f"found is {listed(map(world.label, found)) or 'none'}")


@PHRASES.then("a likelihood without a danger is reported")
def lone_likelihood(world: World) -> None:
    """Some rule says that non-compliance is probable, and none how dangerous that would be."""
    expect(world.item.lone_likelihoods, "every likelihood has its danger")


# Requests


@PHRASES.then('the trader is asked for "{fact}"')
def asked(world: World, fact: str) -> None:
    """A request for it is open, and the goods wait for the answer."""
    found = [one.label for one in world.decided.requests]
    expect(fact in found, f"asked for is {listed(found) or 'nothing'}")


@PHRASES.then("nothing is asked for")
def nothing_asked(world: World) -> None:
    """No request is open."""
    found = [one.label for one in world.decided.requests]
    expect(not found, f"asked for is {listed(found)}")


@PHRASES.then("whatever is asked for is asked for once, with reason, day and consequence")
def asked_once(world: World) -> None:
    """One request a fact for all agencies and items."""
    found = world.decided.requests
    expect(found, "nothing is asked for")
    expect(len({one.fact for one in found}) == len(found), "something is asked for twice")
    for one in found:
        expect(one.reason and one.otherwise, f"{one.label}: it does not say why or what otherwise")
        expect(one.due_by, f"{one.label}: it does not say until when")


def _applied(world: World) -> set[str]:
    return {one.rule for one in world.item.applied}


def _verdict(world: World) -> str:
    name, item = world.named.id, world.item
    if name in _applied(world):
        return "applied"
    if name in {one.rule for one in item.exempted}:
        return "lifted by its exemption"
    return "left open" if name in {one.rule for one in item.undetermined} else "not applied"


def _trader(world: World) -> TraderDecision:
    return for_trader(world.decided, world.release.vocabulary)


def _told(world: World) -> list[TraderAct]:
    acts = [act for item in _trader(world).items for act in (*item.controls, *item.statuses)]
    expect(acts, "the trader is told of nothing")
    return acts
