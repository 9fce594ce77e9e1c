"""Given and then: one rule of the release, what its record says, and what a change would do.

Changes are made in one scenario only; the release itself never changes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from engine.language.base import ReadBase
from engine.language.checks import check
from engine.language.period import Period
from engine.language.rule import Alternative, Control, Proportionality, Task
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect, listed

PHRASES = Phrases("rules")

# Naming


@PHRASES.given('the rule "{rule}"')
def rule(world: World, rule: str) -> None:
    """A rule of the release by its title; of a table, by the title of one of its rows."""
    world.name(world.rule_of(rule))


# Changing


@PHRASES.given("it is made to impose {task} on {share:Share} of consignments")
def imposes(world: World, task: str, share: Decimal) -> None:
    """The rule with another control in the place of its own."""
    tasks = (Task(task=world.term("control", task), rate=share),)
    world.change(replace(world.named, then=Control(tasks)))


@PHRASES.given("its record of lesser measures is taken away")
def without_alternatives(world: World) -> None:
    """The rule without the less restrictive measures that were weighed."""
    world.change(replace(world.named, proportionality=replace(_weighed(world), alternatives=())))


@PHRASES.given("its record says that a {task} would contribute as much")
def equal_alternative(world: World, task: str) -> None:
    """The rule with a lesser measure on record that is to be had and does as much."""
    other = Alternative(
        task=world.term("control", task), contribution="equal", available=True, why="as recorded"
    )
    world.change(
        replace(world.named, proportionality=replace(_weighed(world), alternatives=(other,)))
    )


@PHRASES.given("it names neither a standard nor a reason for having none")
def without_standard(world: World) -> None:
    """The rule without its standard and without the reason for deviating."""
    world.change(
        replace(
            world.named, proportionality=replace(_weighed(world), standard=None, deviation=None)
        )
    )


@PHRASES.given("its review is due by {day:Day}")
def review_due(world: World, day: date) -> None:
    """The rule with another day on which it must have been looked at again."""
    world.change(replace(world.named, review_by=day))


@PHRASES.given("it has neither an end nor a review")
def endless(world: World) -> None:
    """The rule as one that nobody has to look at again."""
    period = Period(start=world.named.effective.start)
    world.change(replace(world.named, review_by=None, effective=period))


@PHRASES.given("it ends on {day:Day}")
def ends(world: World, day: date) -> None:
    """The rule as one that is in force up to, not including, that day."""
    period = Period(start=world.named.effective.start, end=day)
    world.change(replace(world.named, effective=period))


# What the record says


@PHRASES.then("it serves {objective}")
def serves(world: World, objective: str) -> None:
    """The legitimate objective on record."""
    found = _weighed(world).objective
    expect(found == world.term("objective", objective), f"its objective is {world.label(found)}")


@PHRASES.then("it says what a {task} would contribute instead")
def weighs(world: World, task: str) -> None:
    """A weighed alternative, with its contribution and the reason."""
    others = {world.label(one.task): one for one in _weighed(world).alternatives}
    expect(task in others, f"it weighs {listed(others) or 'nothing'}")
    expect(others[task].why.strip(), f"it does not say why a {task} would not do")


# What checks say


@PHRASES.when("the knowledge base is checked on {day:Day}")
def checked(world: World, day: date) -> None:
    """The static checks that stand between an author and a release, as on that day."""
    world.pace()
    read = ReadBase.without_files(world.release.base)
    world.diagnostics += check(read, world.release.vocabulary, day)


@PHRASES.then("it is refused, as {reason}")
def refused(world: World, reason: str) -> None:
    """The checks find an error, which stops the release; its words hold the reason."""
    _said(world, "error", reason)


@PHRASES.then("it is warned of, as {reason}")
def warned(world: World, reason: str) -> None:
    """The checks find something that does not stop the release; its words hold the reason."""
    _said(world, "warning", reason)


@PHRASES.then("nothing is refused")
def nothing_refused(world: World) -> None:
    """The checks find no error."""
    errors = [found.message for found in world.diagnostics if found.severity == "error"]
    expect(not errors, f"refused: {listed(errors)}")


def _said(world: World, severity: str, reason: str) -> None:
    found = [one.message for one in world.diagnostics if one.severity == severity]
    expect(any(reason in message for message in found), f"it says: {listed(found) or 'nothing'}")


def _weighed(world: World) -> Proportionality:
    why = world.named.proportionality
    if why is None:
        raise UnclearError("the rule has no record of proportionality: name one that goes further")
    return why
