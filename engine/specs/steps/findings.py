"""When and then: what safeguards flag. They never change a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.specs.phrase import Phrases
from engine.specs.safeguards import Finding, Verdict
from engine.specs.world import World, expect, listed, read

PHRASES = Phrases("findings")


@PHRASES.when("the safeguards look at the rules on {day:Day}")
def of_rules(world: World, day: date) -> None:
    """Every safeguard that looks at rules by themselves, as on that day."""
    world.findings += world.safeguards().of_rules(day)


@PHRASES.when("the safeguards look at the decision")
def of_decision(world: World) -> None:
    """Every safeguard that looks at a decision, its declaration and the twins of its goods."""
    found = world.safeguards().of_declaration(read(world.request), world.decided)
    world.findings += found


@PHRASES.then("the rule is flagged under {article}, as {words}")
def rule_flagged(world: World, article: str, words: str) -> None:
    """A safeguard flags the rule under that article; its own words hold the given ones."""
    _expect(_about_rule(world), Verdict.FLAG, article, words)


@PHRASES.then("the rule is not flagged under {article}")
def rule_not_flagged(world: World, article: str) -> None:
    """Safeguards looked at the rule under that article, and none flags it."""
    found = _under(_about_rule(world), article)
    expect(found, f"no safeguard looks at it under {article}")
    expect(not any(one.flagged for one in found), f"flagged: {_said(found)}")


@PHRASES.then("it is flagged under {article}, as {words}")
def flagged(world: World, article: str, words: str) -> None:
    """A safeguard flags the decision under that article; its own words hold the given ones."""
    _expect(world.findings, Verdict.FLAG, article, words)


@PHRASES.then("the record is insufficient under {article}, as {words}")
def insufficient(world: World, article: str, words: str) -> None:
    """A safeguard finds that the record does not tell; its own words hold the given ones."""
    _expect(world.findings, Verdict.INSUFFICIENT, article, words)


@PHRASES.then("there is no flag under {article}, as {words}")
def no_flag(world: World, article: str, words: str) -> None:
    """A safeguard says why it does not flag, and nothing is flagged under that article."""
    _expect(world.findings, Verdict.NO_FLAG, article, words)
    flags = [one for one in _under(world.findings, article) if one.flagged]
    expect(not flags, f"flagged: {_said(flags)}")


def _about_rule(world: World) -> list[Finding]:
    return [one for one in world.findings if world.named.id in one.rules]


def _under(findings: Sequence[Finding], article: str) -> list[Finding]:
    return [one for one in findings if one.article == article]


def _expect(findings: Sequence[Finding], verdict: Verdict, article: str, words: str) -> None:
    found = _under(findings, article)
    holds = any(one.verdict is verdict and words in one.words for one in found)
    expect(holds, f"under {article}: {_said(found) or 'nothing'}")


def _said(findings: Sequence[Finding]) -> str:
    return listed([f"{one.verdict}, {one.words}" for one in findings], 6)
