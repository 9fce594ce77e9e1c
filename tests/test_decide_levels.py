"""The risk level: pairs per hazard, joined by maximum, certain and possible (design §5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.declaration.facts import Facts
from engine.language.condition import Condition, Operator
from engine.language.rule import Danger, Rule
from tests.decide_sample import (
    ANY_GOODS,
    at_least,
    control,
    danger,
    facts,
    hold,
    is_,
    judged,
    leaf,
    likelihood,
    mandate,
    matrices,
    program,
    rule,
    task,
    verdict,
    vocabulary,
)
from tests.full import often

SMALL, MARKED, FRESH = (
    is_("goods.smallParts", True),
    is_("goods.ceMarked", True),
    is_("goods.mainsPowered", True),
)

# Levels

LEVELS = ["level:Low", "level:Medium", "level:High", "level:Serious"]
BANDS = ["VeryLow", "Low", "Medium", "High", "VeryHigh"]


def level(*rules: Rule, given: Facts | None = None) -> tuple[str, str]:
    return judged(program(*rules), given or facts(goods__commodityCode="9503")).level


def test_nothing_found_is_low() -> None:
    assert level(mandate("r", SMALL, hold())) == ("level:Low", "level:Low")


@pytest.mark.parametrize("found", [name.removeprefix("level:") for name in LEVELS])
@pytest.mark.parametrize("band", BANDS)
def test_the_targeting_table_gives_the_level_of_a_pair(found: str, band: str) -> None:
    expected = matrices().targeting[f"level:{found}"][f"likelihood:{band}"]
    rules = (
        rule("d", ANY_GOODS, danger("Fire", found)),
        rule("l", ANY_GOODS, likelihood("Fire", band)),
    )
    assert level(*rules) == (expected, expected)


def test_severity_and_harm_give_the_danger_by_the_matrix() -> None:
    lethal = Danger(
        hazard="hazard:Fire",
        population="population:GeneralPublic",
        interest="interest:Safety",
        severity=4,
        harm=Decimal("0.001"),
    )
    rules = rule("d", ANY_GOODS, lethal), rule("l", ANY_GOODS, likelihood("Fire", "VeryHigh"))
    assert level(*rules) == ("level:Serious", "level:Serious")


def test_the_one_confirmed_cell_of_the_matrix_is_low() -> None:
    assert matrices().danger_level(1, Decimal(1) / 500) == "level:Low"


def test_a_danger_without_likelihood_takes_the_lowest_band() -> None:
    assert level(rule("d", ANY_GOODS, danger("Fire", "Serious"))) == (
        "level:Medium",
        "level:Medium",
    )


def test_a_likelihood_without_danger_makes_no_pair() -> None:
    assert level(rule("l", ANY_GOODS, likelihood("Fire", "VeryHigh"))) == ("level:Low", "level:Low")


def test_a_hazard_lends_its_likelihood_to_no_other() -> None:
    found = level(
        rule("a", ANY_GOODS, danger("Fire", "Serious")),
        rule("b", ANY_GOODS, danger("Choking", "Low")),
        rule("c", ANY_GOODS, likelihood("Choking", "VeryHigh")),
    )
    assert found == ("level:Medium", "level:Medium")


def test_levels_join_by_maximum_and_components_do_not() -> None:
    # High danger at low likelihood and low danger at high likelihood are two mild pairs.
    found = level(
        rule("a", ANY_GOODS, danger("Fire", "High")),
        rule("b", ANY_GOODS, likelihood("Fire", "VeryLow")),
        rule("c", ANY_GOODS, danger("Choking", "Low")),
        rule("d", ANY_GOODS, likelihood("Choking", "VeryHigh")),
    )
    assert found == ("level:Medium", "level:Medium")
    assert matrices().targeting["level:High"]["likelihood:VeryHigh"] == "level:High"


HAZARDS = ["Fire", "Choking", "ElectricShock"]


@settings(max_examples=often(60, 40), deadline=None)
@given(
    dangers=st.lists(st.tuples(st.sampled_from(HAZARDS), st.sampled_from(LEVELS)), max_size=4),
    likelihoods=st.lists(st.tuples(st.sampled_from(HAZARDS), st.sampled_from(BANDS)), max_size=4),
)
def test_the_level_is_the_worst_of_the_pairs_of_each_hazard(
    dangers: list[tuple[str, str]], likelihoods: list[tuple[str, str]]
) -> None:
    rules = [
        rule(f"d{n}", ANY_GOODS, danger(hazard, found.removeprefix("level:")))
        for n, (hazard, found) in enumerate(dangers)
    ]
    rules += [
        rule(f"l{n}", ANY_GOODS, likelihood(hazard, band))
        for n, (hazard, band) in enumerate(likelihoods)
    ]
    expected = 0
    for hazard, found in dangers:
        bands = [band for other, band in likelihoods if other == hazard] or ["VeryLow"]
        for band in bands:
            pair = matrices().targeting[found][f"likelihood:{band}"]
            expected = max(expected, LEVELS.index(pair))
    assert level(*rules) == (LEVELS[expected], LEVELS[expected])


UNSURE = (
    rule("d", SMALL, danger("Fire", "Serious")),
    rule("l", ANY_GOODS, likelihood("Fire", "High")),
)


def test_something_undetermined_gives_a_certain_and_a_possible_level() -> None:
    assert level(*UNSURE) == ("level:Low", "level:Serious")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (at_least("item.riskLevel", "level:Medium"), "undetermined"),
        (at_least("item.riskLevel", "level:Serious"), "undetermined"),
        (at_least("item.riskLevel", "level:Low"), "applies"),
        (is_("item.riskLevel", "level:Low"), "undetermined"),
        (leaf("item.riskLevel", Operator.OVER, terms=("level:Serious",)), "does not apply"),
    ],
)
def test_a_test_between_the_two_levels_is_unknown(test: Condition, expected: str) -> None:
    compiled = program(*UNSURE, rule("z", test, control(task("Documentary"))))
    assert verdict(compiled, facts(goods__commodityCode="9503"), "z") == expected


def test_an_undetermined_likelihood_raises_only_the_possible_level() -> None:
    found = level(
        rule("d", ANY_GOODS, danger("Fire", "Serious")),
        rule("l", SMALL, likelihood("Fire", "High")),
    )
    assert found == ("level:Medium", "level:Serious")


def test_an_authorised_operator_lowers_only_the_likelihood_that_says_so() -> None:
    authorised = is_("importer.authorised", True)
    rules = (
        rule("d", ANY_GOODS, danger("Undervaluation", "Medium")),
        rule("l", ANY_GOODS, likelihood("Undervaluation", "VeryHigh"), unless=authorised),
        rule("e", ANY_GOODS, danger("Fire", "High"), agency="agency:MarketSurveillance"),
        rule("m", ANY_GOODS, likelihood("Fire", "Low"), agency="agency:MarketSurveillance"),
    )
    ordinary = facts(goods__commodityCode="9503")
    trusted = facts(goods__commodityCode="9503", importer__authorised=True)
    assert level(*rules, given=ordinary) == ("level:High", "level:High")
    # The danger stands, and so does the other agency's likelihood: High and Low make Medium.
    assert level(*rules, given=trusted) == ("level:Medium", "level:Medium")
    answer = judged(program(*rules), trusted)
    assert {program(*rules).rules[n].rule.id for n in answer.applies} == {"d", "e", "m"}


def test_the_shipped_tables_never_fall_as_danger_likelihood_or_risk_rise() -> None:
    tables = matrices()
    rows = [
        [LEVELS.index(tables.targeting[one][f"likelihood:{band}"]) for band in BANDS]
        for one in LEVELS
    ]
    assert all(row == sorted(row) for row in rows)
    assert all(list(column) == sorted(column) for column in zip(*rows, strict=True))
    order = [term.id for term in vocabulary().of_kind("control")]
    steps = [(order.index(tables.ladder[one][0]), tables.ladder[one][1]) for one in LEVELS]
    assert steps == sorted(steps)
