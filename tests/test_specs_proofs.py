"""Steps that speak of every possible declaration: proved, known flags, and goods that show one."""

from __future__ import annotations

import pytest

from engine.prove.properties import PROPERTIES
from engine.prove.proving import Case, Outcome, Prover, Result
from engine.specs.reading import read_features
from engine.specs.runner import Outcome as Run
from engine.specs.runner import ScenarioResult, run_scenario
from engine.specs.world import Ground
from tests.conftest import ROOT
from tests.specs_text import feature_of

RULES = "Given the rules as they are\n"
SOAP = """\
Given goods of which nothing is known
And it is accepted on 2026-11-23
And under "commodity code" the trader declares 9013
"""
GAP = "nothing falls between agencies"
LADDER = "no control is above the ladder"


def one(ground: Ground, steps: str, limit: float = 30) -> ScenarioResult:
    (obligation,) = feature_of(f"One\n{steps}\n").obligations
    return run_scenario(obligation.scenarios[0], obligation, ground, limit=limit)


def case_of(ground: Ground, name: str) -> Case:
    case = ground.proofs.answer(PROPERTIES[name], 30).case
    assert case is not None
    return case


def test_a_known_flag_says_what_the_solver_found(ground: Ground) -> None:
    result = one(ground, f"{RULES}Then it is a known flag, as I say so, that not always {GAP}")
    assert result.outcome is Run.PASSED
    assert result.steps[-1].words == (f"known flag, not proved: {case_of(ground, 'no-gap').says}")


def test_the_goods_that_show_a_flag_stand_behind_it(ground: Ground) -> None:
    result = one(ground, f"{RULES}Then it is a known flag, as I say so, that not always {GAP}")
    assert result.steps[-1].decision is not None


def test_a_flag_that_has_gone_fails(ground: Ground) -> None:
    result = one(ground, f"{RULES}Then it is a known flag, as I say so, that not always {LADDER}")
    assert (result.outcome, result.words) == (Run.FAILED, "it is so in every one")


def test_what_is_not_proved_fails_with_what_shows_it(ground: Ground) -> None:
    result = one(ground, f"{RULES}Then in every possible declaration {GAP}")
    assert (result.outcome, result.words) == (Run.FAILED, case_of(ground, "no-gap").says)


def test_rules_behind_a_counterexample_are_named_so_that_they_can_be_withheld(
    ground: Ground,
) -> None:
    claim = "every control has a basis in force"
    result = one(ground, f"{RULES}Then in every possible declaration {claim}")
    named = [rule.id for rule in ground.release.base.rules if f"`{rule.id}`" in result.words]
    assert named
    assert set(named) <= set(result.steps[-1].rules)


def test_goods_that_are_decided_as_claimed_show_nothing(ground: Ground) -> None:
    result = one(ground, f"{SOAP}Then they show that not always {LADDER}")
    assert (result.outcome, result.words) == (
        Run.FAILED,
        "the goods are decided just as it says",
    )


@pytest.mark.parametrize(
    ("steps", "near"),
    [
        (f"{RULES}Then in every possible declaration no control is over the ladder", LADDER),
        (
            f"{SOAP}Then they show that not always like goods of any origin are treated alike",
            "twin",
        ),
        (f"{SOAP}And a twin of it\nThen they show that not always {LADDER}", "no twin"),
        (
            'Given the rule "products/toys/small-parts"\nAnd it exempts nobody\nAnd ' + RULES[6:],
            "rule",
        ),
    ],
    ids=["claim", "alone", "twin", "changed"],
)
def test_what_makes_no_sense_is_unclear_and_says_what_is_near(
    ground: Ground, steps: str, near: str
) -> None:
    result = one(ground, steps)
    assert result.outcome is Run.UNCLEAR
    assert near in result.words.lower()


def test_a_proof_has_the_time_that_its_scenario_has_left(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float] = []

    def answer(_self: Prover, _ask: object, budget: float) -> Result:
        given.append(budget)
        return Result(outcome=Outcome.UNDECIDED, seconds=0, reason="it is hard")

    monkeypatch.setattr(Prover, "answer", answer)
    bare = Ground.of(ground.release, ground.declarations)
    result = one(bare, f"{RULES}Then in every possible declaration {LADDER}", limit=3)
    assert (result.outcome, result.words) == (Run.FAILED, "it is hard")
    assert 2 < given[0] <= 3


def test_a_proof_that_takes_too_long_is_stopped(ground: Ground) -> None:
    bare = Ground.of(ground.release, ground.declarations)
    result = one(bare, f"{RULES}Then in every possible declaration {GAP}", limit=0.2)
    assert result.outcome is Run.STOPPED


def test_each_property_is_asked_once(ground: Ground) -> None:
    asked = PROPERTIES["within-ladder"]
    assert ground.proofs.answer(asked, 30) is ground.proofs.answer(asked, 30)


def test_a_count_is_whole_in_what_the_solver_shows(ground: Ground) -> None:
    (request,) = case_of(ground, "basis-in-force").requests
    inspections = request["known"]["facts"]["importer.inspections"]
    assert inspections == int(inspections)


def test_scenarios_of_known_flags_are_tagged_so(ground: Ground) -> None:
    for feature in read_features(ROOT / "features"):
        for scenario in feature.scenarios:
            said = any(step.text.startswith("it is a known flag") for step in scenario.steps)
            assert scenario.flags == said, scenario.name
