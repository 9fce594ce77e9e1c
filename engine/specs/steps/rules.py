"""Given and then: one rule of the release, what its record says, and what checks say of it."""

from __future__ import annotations

from datetime import date

from engine.language.base import ReadBase
from engine.language.checks import check
from engine.language.vocabulary import FactType
from engine.specs.phrase import Phrases
from engine.specs.world import World, expect, listed

PHRASES = Phrases("rules")

# Naming


@PHRASES.given('the rule "{rule}"')
def rule(world: World, rule: str) -> None:
    """A rule of the release by its title; of a table, by the title of one of its rows."""
    world.name(world.rule_of(rule))


# What the record says


@PHRASES.then("it serves {objective}")
def serves(world: World, objective: str) -> None:
    """The legitimate objective on record."""
    found = world.weighed.objective
    expect(found == world.term("objective", objective), f"its objective is {world.label(found)}")


@PHRASES.then("it says what {task} would contribute instead")
def weighs(world: World, task: str) -> None:
    """A weighed alternative, with its contribution and the reason."""
    others = {one.task: one for one in world.weighed.alternatives}
    wanted = world.term("control", task)
    expect(wanted in others, f"it weighs {listed(map(world.label, others)) or 'nothing'}")
    expect(others[wanted].why.strip(), f"it does not say why {task} would not do")


@PHRASES.then("it names {standard} as its standard")
def names_standard(world: World, standard: str) -> None:
    """The standard on which the control rests."""
    expect(world.weighed.standard == standard, f"it names {world.weighed.standard}")


@PHRASES.then("it says why no standard would do")
def deviates(world: World) -> None:
    """The reason for resting on no standard."""
    expect(world.weighed.deviation, "it gives no reason")


@PHRASES.then("its record names {law}")
def names_law(world: World, law: str) -> None:
    """A legal source that its tests or its consequence cite; its name holds the given words."""
    known = {**world.release.vocabulary.bases, **world.named.bases}
    cited = [known[name].cite for name in world.named.cited]
    expect(any(law in cite for cite in cited), f"it cites {listed(cited)}")


@PHRASES.then("its record says why it applies and when it is looked at again")
def accounts(world: World) -> None:
    """A reason in words, and an end or a review."""
    rule = world.named
    expect(rule.because.strip(), "it does not say why it applies")
    expect(rule.review_by or rule.effective.end, "it has neither an end nor a review")


@PHRASES.then("it looks at the {fact}")
def looks_at(world: World, fact: str) -> None:
    """One of its tests is about this, in the words of the vocabulary."""
    facts = world.release.vocabulary.facts
    labels = dict.fromkeys(facts[leaf.test.fact].label for leaf in world.named.leaves)
    expect(fact in labels, f"it looks at {listed(labels)}")


@PHRASES.then("it looks at nothing that is only written of the goods")
def looks_at_no_words(world: World) -> None:
    """None of its tests is about free text, such as the description of the goods."""
    found = _texts(world)
    expect(not found, f"it looks at {listed(found)}")


@PHRASES.then("it is found to look at the {fact}, which is only written of the goods")
def looks_at_words(world: World, fact: str) -> None:
    """One of its tests is about free text: design and description, not performance."""
    expect(fact in _texts(world), f"it looks at {listed(_texts(world)) or 'no free text'}")


@PHRASES.then("anybody may read the rule")
def public(world: World) -> None:
    """It is published whole."""
    expect(world.named.public, f"its disclosure is {world.named.disclosure}")


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


@PHRASES.then("no review is overdue")
def none_overdue(world: World) -> None:
    """No rule waits for a review that was due."""
    late = [one.file for one in world.diagnostics if one.code == "overdue"]
    expect(not late, f"overdue in {listed(late)}")


def _said(world: World, severity: str, reason: str) -> None:
    found = [one.message for one in world.diagnostics if one.severity == severity]
    expect(any(reason in message for message in found), f"it says: {listed(found) or 'nothing'}")


def _texts(world: World) -> list[str]:
    facts = world.release.vocabulary.facts
    tested = [facts[leaf.test.fact] for leaf in world.named.leaves]
    return [fact.label for fact in tested if fact.type is FactType.TEXT]
