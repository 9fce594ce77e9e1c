"""Features run outside pytest: step by step, with evidence, in bounded time."""

from __future__ import annotations

from datetime import date

import pytest

from engine.language.rule import Rule
from engine.specs.phrase import Phrases
from engine.specs.runner import Outcome, ScenarioResult, run
from engine.specs.steps import PHRASES
from engine.specs.world import Ground, UnclearError, World
from tests.specs_text import SHIRTS, feature_of

TOYS = """\
Given the rule "Examine toys with small parts for children under three when the risk is high"
And a consignment of plush toys with small parts
When the declaration is decided on 2026-11-23
"""
PASSED, FAILED, UNCLEAR = Outcome.PASSED, Outcome.FAILED, Outcome.UNCLEAR
STOPPED, NOT_RUN = Outcome.STOPPED, Outcome.NOT_RUN


def one(ground: Ground, text: str, **options: object) -> ScenarioResult:
    (result,) = run([feature_of(f"One\n{text}")], ground, **options)  # type: ignore[arg-type]
    return result


def outcomes(result: ScenarioResult) -> list[Outcome]:
    return [step.outcome for step in result.steps]


def test_a_scenario_that_holds_passes(ground: Ground) -> None:
    assert one(ground, f"{SHIRTS}Then the risk level is low\n").outcome is PASSED


def test_a_step_that_does_not_hold_says_what_is_so(ground: Ground) -> None:
    result = one(ground, f"{SHIRTS}Then the risk level is high\n")
    assert (result.outcome, result.words) == (FAILED, "the level is low")


def test_steps_after_a_failure_are_not_run(ground: Ground) -> None:
    result = one(ground, f"{SHIRTS}Then it may not enter\nAnd nothing is held\n")
    assert outcomes(result) == [PASSED, PASSED, FAILED, NOT_RUN]


def test_an_unknown_step_stops_the_scenario_before_it_runs(ground: Ground) -> None:
    result = one(ground, f"{SHIRTS}Then all is well\n")
    assert outcomes(result) == [NOT_RUN, NOT_RUN, UNCLEAR]
    assert "did you mean" in result.words


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Given a consignment of cotton T-shorts\n", "cotton t shirts"),
        ("Given a consignment of hair dye\nAnd its origin is Perru\n", "peru"),
        ('Given the rule "products/toys/small-part"\n', "products/toys/small-parts"),
        (
            'Given a consignment of hair dye\nAnd under "orign" the trader declares no\n',
            "known are",
        ),
        (f"{SHIRTS}Then the risk level is hihg\n", "high"),
        (f"{SHIRTS}Then costoms selects it for a physical check\n", "customs"),
        ('Given a consignment of hair dye\nAnd the trader leaves "net mas" blank\n', "net mass"),
        ("Given 99,999 consignments, in turn of hair dye\n", "1 to 2,000"),
        ("Given a twin of it\n", "no goods"),
        ("When the safeguards look at the decision\n", "no goods"),
        ("Given it exempts nobody\n", "no rule was named"),
        ("Given a consignment of hair dye\nThen it may not enter\n", "nothing was decided"),
    ],
)
def test_a_word_that_nobody_knows_is_unclear_and_says_what_is_near(
    ground: Ground, text: str, near: str
) -> None:
    result = one(ground, text)
    assert result.outcome is UNCLEAR, result.words
    assert near in result.words


def test_what_is_unclear_points_to_its_line(ground: Ground) -> None:
    result = one(ground, "Given a consignment of rubbish\n")
    (said,) = result.steps[0].diagnostics
    assert said.line == result.steps[0].step.line


def test_a_declaration_that_may_not_be_made_fails_with_its_problem(ground: Ground) -> None:
    text = SHIRTS.replace("When", 'And under "net mass" the trader declares -1\nWhen')
    result = one(ground, text)
    assert outcomes(result) == [PASSED, PASSED, FAILED]
    assert "netMassKg" in result.words


def test_the_decision_stands_behind_the_steps_that_speak_of_it(ground: Ground) -> None:
    given, when, then = one(ground, f"{SHIRTS}Then it may proceed\n").steps
    assert given.decision is None
    assert when.decision is not None
    assert then.decision == when.decision


def test_the_rule_that_a_step_names_stands_behind_it(ground: Ground) -> None:
    assert one(ground, TOYS).steps[0].rules == ("products/toys/small-parts",)


def test_a_scenario_tells_every_rule_that_it_touched(ground: Ground) -> None:
    assert {"products/toys/small-parts-danger", "customs/random"} <= {*one(ground, TOYS).rules}


def test_what_safeguards_say_stands_behind_the_step_that_asked(ground: Ground) -> None:
    result = one(ground, "When the safeguards look at the rules on 2026-11-23\n")
    assert result.steps[0].findings


def test_a_changed_rule_is_changed_in_its_scenario_only(ground: Ground) -> None:
    changed = TOYS.replace("And a", "And it ends on 2026-11-23\nAnd a")
    first, second = run(
        [
            feature_of(
                f"Changed\n{changed}Then the rule does not apply\n",
                f"As shipped\n{TOYS}Then the rule applies\n",
            )
        ],
        ground,
    )
    assert (first.outcome, second.outcome) == (PASSED, PASSED)


def test_a_changed_release_does_not_pass_for_the_shipped_one(ground: Ground) -> None:
    changed = TOYS.replace("And a", "And it exempts nobody\nAnd a")
    decision = one(ground, changed).steps[-1].decision
    assert decision is not None
    assert decision.release.digest == ""
    assert decision.release.id.endswith("changed")


def test_time_is_bounded(ground: Ground) -> None:
    text = "Given 2,000 consignments, in turn of hair dye\n"
    text += "When each of them is decided on 2026-11-23\n"
    result = one(ground, text, limit=0.2)
    assert (result.outcome, result.words) == (STOPPED, "stopped after 0.2 s")


def test_a_caller_that_goes_away_stops_the_run(ground: Ground) -> None:
    result = one(ground, SHIRTS, stop=lambda: True)
    assert outcomes(result) == [STOPPED, NOT_RUN]


def test_results_come_as_soon_as_they_are_there(ground: Ground) -> None:
    ran: list[str] = []
    made = Phrases("made")
    made.given("{name} runs")(lambda name, **_: ran.append(name))
    results = run(
        [feature_of("A\nGiven the first runs\n", "B\nGiven the second runs\n")],
        ground,
        phrases=made,
    )
    next(results)
    assert ran == ["the first"]


@pytest.mark.parametrize(
    "text",
    [
        "Given __import__('os').system('true')",
        "Given a consignment of ../../../etc/passwd",
        "Given a consignment of {world.release}",
        'Given the rule "{0.__class__}"',
        'Given under "{fact}" the trader declares {value}',
    ],
)
def test_nothing_that_is_typed_is_code(ground: Ground, text: str) -> None:
    assert one(ground, f"{text}\n").outcome is UNCLEAR


def test_a_fault_of_the_library_is_not_hidden(ground: Ground) -> None:
    made = Phrases("made")

    @made.given("a fault")
    def fault(world: World) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        one(ground, "Given a fault\n", phrases=made)


def test_the_world_names_a_rule_of_a_table_by_its_row(ground: Ground) -> None:
    assert World(ground).rule_of("food/increased-controls#C079").id.endswith("#C079")


def test_a_rule_that_is_not_there_is_unclear(ground: Ground) -> None:
    with pytest.raises(UnclearError, match="did you mean `customs/random`"):
        World(ground).rule_of("customs/randon")


def test_the_library_runs_on_a_release_that_was_changed_twice(ground: Ground) -> None:
    world = World(ground)
    rule: Rule = world.rule_of("customs/random")
    world.change(rule)
    world.change(rule)
    world.take("cotton T-shirts")
    assert world.decide(world.request, date(2026, 11, 23)).items
    assert len(PHRASES) > 100
