"""The step library: each phrase of a scenario, and what it does.

A step is a plain function of a `World` and of what its phrase captures. `STEPS` lists them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from engine.decide.decision import Control as Controlled
from engine.decide.decision import Decision, ItemDecision
from engine.decide.draw import DrawKeys
from engine.declaration.reading import read_request
from engine.language.base import ReadBase
from engine.language.checks import check
from engine.language.diagnostics import Diagnostic
from engine.language.rule import Control, Rule, Task
from engine.release import Release, decider

CHECKED_ON = date(2026, 11, 23)
KEYS = DrawKeys(b"a key that only specifications use")


@dataclass
class World:
    """What a scenario works on: a release, the files it came from, and what was said so far."""

    release: Release
    read: ReadBase
    declarations: Path
    request: dict[str, Any] = field(default_factory=dict)
    rule: Rule | None = None
    decision: Decision | None = None
    found: list[Diagnostic] = field(default_factory=list)
    compared: list[list[list[str]]] = field(default_factory=list)

    @property
    def item(self) -> ItemDecision:
        """The first item of the decision."""
        assert self.decision is not None, "nothing was decided yet"
        return self.decision.items[0]

    @property
    def named(self) -> Rule:
        """The rule that the scenario speaks of."""
        assert self.rule is not None, "no rule was named yet"
        return self.rule

    def change(self, rule: Rule) -> None:
        """Put *rule* in the place of the rule with its id, in this scenario only."""
        rules = tuple(rule if other.id == rule.id else other for other in self.release.base.rules)
        base = msgspec.structs.replace(self.release.base, rules=rules)
        self.release = msgspec.structs.replace(self.release, base=base)
        self.read = self.read.changed(base)
        self.rule = rule


@dataclass(frozen=True)
class Step:
    """A phrase, in the notation of the `parse` library, and its function."""

    kind: str  # given | when | then
    phrase: str
    run: Callable[..., None]


STEPS: list[Step] = []


def _step(kind: str, phrase: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(run: Callable[..., None]) -> Callable[..., None]:
        STEPS.append(Step(kind, phrase, run))
        return run

    return register


# Given


@_step("given", "cotton shirts of an ordinary value")
def cotton_shirts(world: World) -> None:
    """The declaration of cotton T-shirts, as filed."""
    _file(world, "cotton-t-shirts")


@_step("given", "cotton shirts at two euro a kilogram")
def cheap_shirts(world: World) -> None:
    """The same shirts at a fraction of their value, from an importer of no special standing."""
    _file(world, "cotton-t-shirts")
    world.request["known"] = {"facts": {"importer.authorised": False}}
    item = world.request["declaration"]["goods"][0]
    item["value"] = {"amount": 2 * item["netMassKg"], "currency": "EUR", "basis": "invoice"}


@_step("given", "a plush toy for children of {months:d} months with small parts")
def plush_toy(world: World, months: int) -> None:
    """A plush toy with small parts; nothing is known of its importer."""
    _file(world, "plush-toy-small-parts")
    world.request["declaration"]["goods"][0]["facts"]["goods.intendedAgeMonths"] = months
    world.request.pop("known", None)


@_step("given", "its importer's record is poor")
def poor_record(world: World) -> None:
    """Outcomes from which the rules conclude a poor record."""
    facts = {"importer.inspections": 25, "importer.nonCompliantShare": 0.4}
    world.request["known"] = {"facts": facts}


@_step("given", "the rule that has toys with small parts examined")
def toy_rule(world: World) -> None:
    """The shipped rule on small parts."""
    world.rule = _rule(world, "products/toys/small-parts")


@_step("given", "the rule that asks for papers on cheap garments")
def garment_rule(world: World) -> None:
    """The shipped customs rule on values."""
    world.rule = _rule(world, "customs/verify-value")


@_step("given", "its record of lesser measures is taken away")
def without_alternatives(world: World) -> None:
    """The rule without its weighed alternatives."""
    why = world.named.proportionality
    assert why is not None
    world.change(
        msgspec.structs.replace(
            world.named, proportionality=msgspec.structs.replace(why, alternatives=())
        )
    )


@_step("given", "it is made to sample and test every consignment instead")
def made_to_sample(world: World) -> None:
    """The rule with the most intense control there is."""
    task = Task(task="control:SamplingAndTesting", rate=Decimal(1))
    world.change(msgspec.structs.replace(world.named, then=Control((task,))))


# When


@_step("when", "the declaration is decided on {day}")
def decided(world: World, day: str) -> None:
    """Both engines decide, with a key of the specifications' own."""
    request = read_request(json.dumps(world.request).encode())
    world.decision = decider(world.release).decide(request, on=date.fromisoformat(day), keys=KEYS)


@_step("when", "the knowledge base is checked")
def checked(world: World) -> None:
    """The static checks, as on publishing."""
    world.found = check(world.read, world.release.vocabulary, CHECKED_ON)


# Then


@_step("then", "the risk level is {level}")
def risk_level(world: World, level: str) -> None:
    """The level is certain, and this one."""
    item = world.item
    assert item.risk_level == item.possible_risk_level, "the level is not determined"
    assert _label(world, item.risk_level) == level


@_step("then", "only a declared random selection could stop them")
def only_random(world: World) -> None:
    """Every control of the goods is a random one, at its declared share."""
    assert world.item.controls, "the declared random share is missing"
    assert {control.selected_by for control in world.item.controls} == {"random"}


@_step("then", "nothing is held")
def nothing_held(world: World) -> None:
    """No status but to proceed, and no open request."""
    assert not world.item.statuses
    assert not world.item.pending


@_step("then", "market surveillance selects it for physical examination")
def physically_examined(world: World) -> None:
    """A selected physical check of the market surveillance authority."""
    assert any(control.selected for control in _controls(world, "control:Physical"))


@_step("then", "no control is flagged as above the ladder")
def none_flagged(world: World) -> None:
    """Some control is selected, and none is flagged."""
    assert any(control.selected for control in world.item.controls)
    assert not [control for control in world.item.controls if control.proportion == "flagged"]


@_step("then", "sampling by customs is flagged as above the ladder")
def sampling_flagged(world: World) -> None:
    """The finding is there, and the control is not altered by it."""
    (control,) = _controls(world, "control:SamplingAndTesting")
    assert (control.agency, control.proportion) == ("agency:Customs", "flagged")
    assert control.selected


@_step("then", "it serves human health or safety")
def serves_safety(world: World) -> None:
    """The legitimate objective on record."""
    why = world.named.proportionality
    assert why is not None
    assert why.objective == "objective:HumanHealthOrSafety"


@_step("then", "it says what a documentary check would contribute instead")
def weighs_documents(world: World) -> None:
    """A weighed alternative with its contribution and the reason."""
    why = world.named.proportionality
    assert why is not None
    (papers,) = [other for other in why.alternatives if other.task == "control:Documentary"]
    assert papers.contribution == "lower"
    assert papers.why


@_step("then", "it is refused, as {reason}")
def refused(world: World, reason: str) -> None:
    """A check finds just that about the rule."""
    messages = [found.message for found in world.found if found.severity == "error"]
    assert any(reason in message for message in messages), messages


# What steps share


def _file(world: World, name: str) -> None:
    world.request = json.loads((world.declarations / f"{name}.json").read_text("utf-8"))


def _rule(world: World, identifier: str) -> Rule:
    return next(rule for rule in world.release.base.rules if rule.id == identifier)


def _label(world: World, term: str) -> str:
    return world.release.vocabulary.label(term)


def _controls(world: World, task: str) -> list[Controlled]:
    return [control for control in world.item.controls if control.task == task]
