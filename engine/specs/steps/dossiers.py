"""Given and then: the dossier of a regulation, along the steps of risk management (WP.6 R)."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from engine.language.diagnostics import did_you_mean
from engine.language.law import Dossier, DossierRisk
from engine.specs.phrase import Phrases
from engine.specs.world import UnclearError, World, expect, listed

PHRASES = Phrases("dossiers of regulations")


@PHRASES.given("the dossier on {products}")
def dossier(world: World, products: str) -> None:
    """The dossier of the regulations on some products, by its label."""
    known = {one.label: one for one in world.release.vocabulary.dossiers.values()}
    if products not in known:
        mend = did_you_mean(products, known) or f"known are {listed(known)}"
        raise UnclearError(f"there is no dossier on `{products}`: {mend}")
    world.dossier = known[products]


@PHRASES.given("its first risk is evaluated as {level}")
def evaluated(world: World, level: str) -> None:
    """The dossier with another evaluation of the risk that it names first."""
    first, *others = _dossier(world).risks
    risk = replace(first, evaluation=world.term("level", level))
    world.dossier = replace(_dossier(world), risks=(risk, *others))


@PHRASES.given("the dossier is to be reviewed by {day:Day}")
def reviewed_by(world: World, day: date) -> None:
    """The dossier with another day of its review."""
    world.dossier = replace(_dossier(world), review_by=day)


@PHRASES.given("no treatment was rejected for it")
def one_sided(world: World) -> None:
    """The dossier without the treatments that were weighed and not chosen."""
    found = _dossier(world)
    world.dossier = replace(found, options=tuple(one for one in found.options if one.chosen))


@PHRASES.then("it names an objective and what is protected")
def objective(world: World) -> None:
    """The first steps: objective and assets."""
    expect(_dossier(world).objective, "it names no objective")
    expect(_dossier(world).assets, "it names nothing that is protected")


@PHRASES.then("each of its risks is evaluated by the shared matrix")
def by_matrix(world: World) -> None:
    """Severity and probability of harm give the level of each risk."""
    found = _otherwise(world)
    expect(not found, f"evaluated otherwise: {listed(world.label(one.hazard) for one in found)}")


@PHRASES.then("the risk of {hazard} is found to be evaluated otherwise than by the shared matrix")
def not_by_matrix(world: World, hazard: str) -> None:
    """The matrix gives that risk another level than the dossier says."""
    found = [one.hazard for one in _otherwise(world)]
    expect(world.term("hazard", hazard) in found, f"found is {listed(found) or 'none'}")


@PHRASES.then("each of its risks is treated, and treatments that were rejected are on record")
def treated(world: World) -> None:
    """A chosen treatment for each risk, with its reason, and some that were not chosen."""
    found = _dossier(world)
    chosen = {one.hazard for one in found.options if one.chosen and one.why}
    open_risks = [world.label(one.hazard) for one in found.risks if one.hazard not in chosen]
    expect(not open_risks, f"nothing is chosen for {listed(open_risks)}")
    expect(any(not one.chosen for one in found.options), "no rejected treatment is on record")


@PHRASES.then("it is found that only what was chosen is on record")
def nothing_rejected(world: World) -> None:
    """The record shows no treatment that was weighed and rejected."""
    expect(all(one.chosen for one in _dossier(world).options), "rejected ones are on record")


@PHRASES.then("it names a plan for crises, and by when and whom it is reviewed")
def planned(world: World) -> None:
    """The last steps: crisis management and review."""
    expect(_dossier(world).crisis_plan, "there is no plan for crises")
    expect(_dossier(world).reviewer, "nobody reviews it")


@PHRASES.then("the dossier is not overdue on {day:Day}")
def in_time(world: World, day: date) -> None:
    """Its review lies ahead."""
    expect(_dossier(world).review_by > day, f"its review was due by {_dossier(world).review_by}")


@PHRASES.then("the dossier is found to be overdue on {day:Day}")
def overdue(world: World, day: date) -> None:
    """Its review was due."""
    expect(_dossier(world).review_by <= day, f"it is due by {_dossier(world).review_by}")


def _otherwise(world: World) -> list[DossierRisk]:
    matrix = world.release.base.matrices.danger_level
    risks = _dossier(world).risks
    return [one for one in risks if matrix(one.severity, one.harm) != one.evaluation]


def _dossier(world: World) -> Dossier:
    if world.dossier is None:
        raise UnclearError("no dossier was named yet: say on which products")
    return world.dossier
