"""Given: a rule changed, to see what comes of it. The release itself never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from engine.decide.answer import RISK_LEVEL
from engine.language.condition import AllOf, Condition, Leaf, Operator, Test, leaves
from engine.language.period import Period
from engine.language.rule import Alternative, Control, Likelihood, Provisional, Task
from engine.language.vocabulary import Source
from engine.specs.facts import fact_of
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, listed

PHRASES = Phrases("changes of rules")
_REGIMES = {
    "a technical regulation": "TBT-regulation",
    "conformity assessment": "TBT-conformity",
    "an SPS measure": "SPS",
    "a customs measure": "customs",
}


@PHRASES.given("it is made to impose {task} on {share:Share} of consignments")
def imposes(world: World, task: str, share: Decimal) -> None:
    """The rule with another control in the place of its own."""
    tasks = (Task(task=world.term("control", task), rate=share),)
    world.change(replace(world.named, then=Control(tasks)))


@PHRASES.given("its record of lesser measures is taken away")
def without_alternatives(world: World) -> None:
    """The rule without the less restrictive measures that were weighed."""
    world.change(replace(world.named, proportionality=replace(world.weighed, alternatives=())))


@PHRASES.given("its record says that {task} would contribute as much")
def equal_alternative(world: World, task: str) -> None:
    """The rule with a lesser measure on record that is to be had and does as much."""
    other = Alternative(
        task=world.term("control", task), contribution="equal", available=True, why="as recorded"
    )
    world.change(
        replace(world.named, proportionality=replace(world.weighed, alternatives=(other,)))
    )


@PHRASES.given("it names neither a standard nor a reason for having none")
def without_standard(world: World) -> None:
    """The rule without its standard and without the reason for deviating."""
    world.change(
        replace(world.named, proportionality=replace(world.weighed, standard=None, deviation=None))
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


@PHRASES.given("it enters into force on {day:Day}")
def enters(world: World, day: date) -> None:
    """The rule as one that applies from that day."""
    period = Period(start=day, end=world.named.effective.end)
    world.change(replace(world.named, effective=period))


@PHRASES.given("it no longer looks at the risk level")
def blind_to_risk(world: World) -> None:
    """The rule without its tests of the joint risk level."""
    _keep(world, lambda leaf: leaf.test.fact != RISK_LEVEL)


@PHRASES.given("it applies from {level} risk")
def from_level(world: World, level: str) -> None:
    """The rule with another joint risk level from which it applies."""
    test = Test(fact=RISK_LEVEL, operator=Operator.AT_LEAST, terms=(world.term("level", level),))
    _put(world, test, lambda leaf: leaf.test.fact == RISK_LEVEL, "other", "the joint risk level")


@PHRASES.given("it is for goods from {country} only")
def of_one_country(world: World, country: str) -> None:
    """The rule with a further test: of like goods, only those of that origin."""
    test = Test(fact="goods.origin", operator=Operator.IS, terms=(world.country(country),))
    _put(world, test, lambda _: False, "origin")


@PHRASES.given("it selects by the origin {country} alone")
def by_origin_alone(world: World, country: str) -> None:
    """The rule with no test but that of origin, and with no evidence on record."""
    test = Test(fact="goods.origin", operator=Operator.IS, terms=(world.country(country),))
    leaf = Leaf(test=test, basis=_any_basis(world), criterion="origin")
    then = world.named.then
    if isinstance(then, Likelihood):
        then = replace(then, evidence="")
    world.change(replace(world.named, when=AllOf((leaf,)), then=then))


@PHRASES.given("it looks for words in the description of the goods")
def by_words(world: World) -> None:
    """The rule with a further test: of what is written of the goods, and not what they are."""
    test = Test(fact="goods.description", operator=Operator.HAS, terms=("luxury",))
    _put(world, test, lambda _: False, "nature")


@PHRASES.given('it acts where "{fact}" is left blank')
def on_a_blank(world: World, fact: str) -> None:
    """The rule with a further test: that the trader did not declare something."""
    found = fact_of(world, fact, Source.DECLARED)
    test = Test(fact=found.id, operator=Operator.KNOWN, flag=False)
    _put(world, test, lambda _: False, "other", "as the scenario says")


@PHRASES.given("it spares authorised operators")
def spares_authorised(world: World) -> None:
    """The rule with an exemption for importers that customs have authorised."""
    test = Test(fact="importer.authorised", operator=Operator.IS, flag=True)
    leaf = Leaf(test=test, basis="authorised-operator", criterion="compliance")
    world.change(replace(world.named, unless=leaf))


@PHRASES.given("it exempts nobody")
def exempts_nobody(world: World) -> None:
    """The rule without its exemption."""
    world.change(replace(world.named, unless=None))


@PHRASES.given("its tests do not say which criterion they use")
def without_criteria(world: World) -> None:
    """The rule as one that names none of the criteria of TFA 7.4.4."""
    parts = [replace(leaf, criterion=None, reason=None) for leaf in leaves(world.named.when)]
    world.change(replace(world.named, when=AllOf(tuple(parts))))


@PHRASES.given("its evidence is taken away")
def without_evidence(world: World) -> None:
    """The rule on a likelihood, without what was found."""
    then = world.named.then
    if not isinstance(then, Likelihood):
        raise UnclearError("only a rule on a likelihood cites evidence: name such a one")
    world.change(replace(world.named, then=replace(then, evidence="")))


@PHRASES.given("nothing says where its numbers come from")
def without_grounds(world: World) -> None:
    """The rule without the source of its own numbers."""
    world.change(replace(world.named, grounds=None))


@PHRASES.given("its numbers are those of a trial")
def of_a_trial(world: World) -> None:
    """The rule with numbers that nobody has set, to show the system at work."""
    world.change(replace(world.named, grounds="demonstration"))


@PHRASES.given("it tells the trader neither reason nor remedy")
def silent(world: World) -> None:
    """The rule without what a trader would be told."""
    world.change(replace(world.named, reason_class=None, remedy=None, because=""))


@PHRASES.given('its remedy is "{remedy}"')
def remedy(world: World, remedy: str) -> None:
    """The rule with another remedy that the trader is told of."""
    world.change(replace(world.named, remedy=remedy))


@PHRASES.given("it is made a matter of discretion")
def discretionary(world: World) -> None:
    """The rule as one that no law prescribes."""
    world.change(replace(world.named, mandate=False))


@PHRASES.given("it asks for what it lacks")
def asks(world: World) -> None:
    """The rule as one that makes goods wait until what it lacks is known."""
    world.change(replace(world.named, on_unknown="request"))


@PHRASES.given("it is closed to the public")
def closed(world: World) -> None:
    """The rule as one that only agencies may read."""
    world.change(replace(world.named, disclosure="agency"))


@PHRASES.given("it is read as {regime}")
def in_regime(world: World, regime: str) -> None:
    """The rule in another regime, such as `a technical regulation` or `an SPS measure`."""
    if regime not in _REGIMES:
        raise UnclearError(f"there is no regime `{regime}`: known are {listed(_REGIMES)}")
    world.change(replace(world.named, regime=_REGIMES[regime]))


@PHRASES.given("it is provisional, to be reviewed by {day:Day}")
def provisional(world: World, day: date) -> None:
    """The rule with the four limbs of a provisional measure on record (SPS 5.7)."""
    limbs = Provisional(
        insufficient="too few studies for an assessment of the risk",
        relies_on="alerts of other authorities",
        sought="results of sampling",
        sought_by="the reference laboratory",
        review=day,
    )
    world.change(replace(world.named, provisional=limbs))


@PHRASES.given("it does not say what further information is sought")
def nothing_sought(world: World) -> None:
    """The provisional rule without one of its four limbs."""
    limbs = world.named.provisional
    if limbs is None:
        raise UnclearError("the rule is not provisional: say first that it is")
    world.change(replace(world.named, provisional=replace(limbs, sought="", sought_by="")))


# Conditions


def _keep(world: World, kept: Callable[[Leaf], bool]) -> None:
    """The rule with those tests only."""
    when = _where(world.named.when, kept)
    if when is None:
        raise UnclearError("the rule would test nothing any more")
    world.change(replace(world.named, when=when))


def _where(condition: Condition, kept: Callable[[Leaf], bool]) -> Condition | None:
    if isinstance(condition, Leaf):
        return condition if kept(condition) else None
    parts = [part for one in condition.parts if (part := _where(one, kept)) is not None]
    return replace(condition, parts=tuple(parts)) if parts else None


def _put(
    world: World,
    test: Test,
    instead: Callable[[Leaf], bool],
    criterion: str,
    reason: str | None = None,
) -> None:
    """The rule with *test* beside its others, *instead* of some."""
    leaf = Leaf(test=test, basis=_any_basis(world), criterion=criterion, reason=reason)
    others = _where(world.named.when, lambda one: not instead(one))
    parts = (leaf,) if others is None else (leaf, others)
    world.change(replace(world.named, when=AllOf(parts)))


def _any_basis(world: World) -> str:
    """A basis that the rule cites already: what it is does not matter to the scenario."""
    return world.named.cited[0]
