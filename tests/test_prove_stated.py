"""Properties and assumptions that authors state, in the conditions of the rule language."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.language.diagnostics import RefusedError
from engine.language.stated import Stated, read_stated
from engine.prove.proving import Outcome
from engine.prove.report import Proof, lines, report
from tests.decide_sample import (
    at_least,
    code,
    control,
    danger,
    decider_of,
    every,
    hold,
    is_,
    likelihood,
    mandate,
    program,
    rule,
    task,
    vocabulary,
)

HIGH = at_least("item.riskLevel", "level:High")
DECIDER = decider_of(
    program(
        rule("assess/toys", code("9503"), danger("Choking", "Serious")),
        rule(
            "assess/small",
            every(code("9503"), is_("goods.smallParts", True)),
            likelihood("Choking", "High"),
        ),
        rule("control/toys", every(code("9503"), HIGH), control(task("Physical", "0.5"))),
        mandate("control/beans", code("0713"), hold()),
    )
)

SMALL_PARTS = """
title = "Toys with small parts are looked at"
article = "House rule 1"
[when]
all = [
  { fact = "goods.commodityCode", within = "9503", basis = "proportion" },
  { fact = "goods.smallParts", is = true, basis = "proportion" },
]
[must]
"""
BEANS_WAIT = """
title = "Beans wait"
article = "House rule 2"
[when]
all = [ { fact = "goods.commodityCode", within = "0713", basis = "proportion" } ]
[must]
"""


def stated(text: str, folder: Path, name: str = "mine") -> Stated:
    path = folder / f"{name}.toml"
    path.write_text(text)
    return read_stated(path, vocabulary())


def answered(folder: Path, *texts: str) -> Proof:
    """The answer to the first text; the others are assumptions."""
    found = [stated(text, folder, f"p{place}") for place, text in enumerate(texts)]
    return report(DECIDER, ["no-lesser-alternative"], stated=found).proofs[-1]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (SMALL_PARTS + 'control = "control:Physical"\nrate = 0.5', Outcome.PROVED),
        (SMALL_PARTS + 'control = "control:Documentary"', Outcome.PROVED),
        (SMALL_PARTS + 'control = "control:Physical"\nrate = 0.6', Outcome.REFUTED),
        (SMALL_PARTS + 'control = "control:SamplingAndTesting"', Outcome.REFUTED),
        (SMALL_PARTS + 'level_at_least = "level:High"', Outcome.PROVED),
        (SMALL_PARTS + 'level_at_most = "level:High"', Outcome.REFUTED),
        (BEANS_WAIT + 'status = "status:Hold"', Outcome.PROVED),
        (BEANS_WAIT + 'status = "status:Refuse"', Outcome.REFUTED),
        (BEANS_WAIT + "released = true", Outcome.REFUTED),
        (BEANS_WAIT.replace("0713", "6109") + "released = true", Outcome.PROVED),
    ],
)
def test_a_stated_property_is_answered_as_the_rules_have_it(
    tmp_path: Path, text: str, outcome: Outcome
) -> None:
    found = answered(tmp_path, text)
    assert found.outcome is outcome
    if outcome is Outcome.REFUTED:
        assert found.case is not None
        assert found.case.agreement is not False


def test_an_assumption_is_taken_for_granted_and_told(tmp_path: Path) -> None:
    toys = SMALL_PARTS.replace("is = true", "known = true") + 'control = "control:Physical"'
    assumption = """
title = "All toys of this trade have small parts"
[always]
any = [
  { none = [ { fact = "goods.commodityCode", within = "9503", basis = "proportion" } ] },
  { fact = "goods.smallParts", is = true, basis = "proportion" },
]
"""
    assert answered(tmp_path, toys).outcome is Outcome.REFUTED
    found = [stated(toys, tmp_path), stated(assumption, tmp_path, "trade")]
    told = report(DECIDER, ["no-lesser-alternative"], stated=found)
    assert told.proofs[-1].outcome is Outcome.PROVED
    assert "assumed of every declaration: All toys of this trade" in "\n".join(lines(told))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SMALL_PARTS, "nothing must be so"),
        (SMALL_PARTS + "rate = 0.5", "a rate of no control"),
        (SMALL_PARTS + 'control = "control:Phisical"', "control:Phisical"),
        (SMALL_PARTS + 'kontrol = "control:Physical"', "unknown key `kontrol`"),
        (SMALL_PARTS.replace("goods.smallParts", "goods.smalParts"), "unknown fact"),
        (SMALL_PARTS.replace('article = "House rule 1"', ""), "`article` is missing"),
        (SMALL_PARTS.replace("[when]", "[always]"), "neither `when` nor `must`"),
    ],
)
def test_what_is_wrong_with_a_statement_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        stated(text, tmp_path)
    assert message in "\n".join(one.message for one in refused.value.diagnostics)
