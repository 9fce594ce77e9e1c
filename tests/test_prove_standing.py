"""One rule among others, asked about again as it changes: the same is found as of all said anew."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.decide.deciding import Decider
from engine.decide.program import Program, UnsuitableError
from engine.language.base import RuleBase
from engine.language.condition import Operator
from engine.language.rule import Rule
from engine.prove.asking import Kind
from engine.prove.encoding import Encoding, space_of
from engine.prove.item import Item
from engine.prove.logic import expression
from engine.prove.proving import Prover
from engine.prove.standing import Said, Standing
from tests.decide_sample import (
    at_least,
    code,
    control,
    decider_of,
    every,
    is_a,
    mandate,
    matrices,
    number,
    rule,
    task,
    vocabulary,
)
from tests.full import often
from tests.random_rules import based, rules
from tests.test_prove_analysis import CLEAN, DEFECTS
from tests.test_prove_encoding import SMALL

HIGH = at_least("item.riskLevel", "level:High")
PATIENCE = 60.0
"""Seconds for what takes one on a machine that does nothing else."""
OF_PAIRS = [kind for kind in DEFECTS if kind is not Kind.NEVER]


def decider(*found: Rule) -> Decider:
    words = msgspec.structs.replace(vocabulary(), regulations={})
    base = RuleBase(rules=found, parameters={}, matrices=matrices(), calendars={})
    return decider_of(Program(base, words))


def asked(name: str, *found: Rule) -> Said:
    """What is said of the rule of that name, where nothing was said before."""
    made = decider(*found)
    return Standing(made).ask(made, name, PATIENCE)


@cache
def asked_of(kind: Kind) -> Said:
    """What is said of the rule with that defect."""
    return asked("x", *CLEAN, *DEFECTS[kind])


def told(said: Said) -> tuple[object, ...]:
    """What matters of an answer."""
    return (
        [(one.kind, one.rules) for one in said.findings],
        [one.property for one in said.broken],
        said.undecided,
    )


# Formulas


@settings(
    max_examples=often(400, 60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    found=st.lists(rules(), min_size=1, max_size=6),
    others=st.lists(rules(), max_size=2),
    gone=st.sets(st.integers(0, 5), max_size=2),
)
def test_formulas_that_are_taken_over_are_those_that_would_be_made(
    found: list[Rule], others: list[Rule], gone: set[int]
) -> None:
    base = based([*found, *others])
    before = msgspec.structs.replace(base, rules=base.rules[: len(found)])
    kept = [one for place, one in enumerate(base.rules) if place not in gone]
    after = msgspec.structs.replace(base, rules=tuple(kept))
    try:
        old, new = Program(before, SMALL), Program(after, SMALL)
    except UnsuitableError:
        assume(False)
    item = Item(space_of(old, new), "1")
    taken, anew = Encoding(new, item, Encoding(old, item)), Encoding(new, item)
    for name, number_ in new.numbers.items():
        for one, other in zip(taken.verdicts[number_], anew.verdicts[number_], strict=True):
            assert expression(one).eq(expression(other)), name


# What is kept


def changed(*found: Rule) -> Prover | None:
    """What a prover of the clean rules makes of others."""
    return Prover(decider(*CLEAN)).revised(decider(*found))


def test_other_numbers_and_titles_are_taken_in() -> None:
    volts = number("goods.ratedVoltage", Operator.OVER, 50)
    before = rule("x", every(code("8516"), volts, HIGH), control(task("Documentary")))
    more = number("goods.ratedVoltage", Operator.OVER, 75)
    after = rule("x", every(code("8516"), more, HIGH), control(task("Documentary")), title="y")
    prover = Prover(decider(*CLEAN, before))
    assert prover.revised(decider(*CLEAN, after)) is not None


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(code("2402"), id="a code"),
        pytest.param(number("goods.ratedVoltage", Operator.OVER, 50), id="a fact"),
    ],
)
def test_what_tells_goods_apart_anew_is_said_anew(new: object) -> None:
    narrower = rule("x", every(code("8516"), new, HIGH), control(task("Documentary")))  # type: ignore[arg-type]
    assert changed(*CLEAN, narrower) is None


def test_the_same_is_found_by_what_was_kept() -> None:
    (wider,) = DEFECTS[Kind.SUBSUMED]
    twin = msgspec.structs.replace(wider, then=control(task("Physical")))
    standing = Standing(decider(*CLEAN, twin))
    for one in (wider, twin, wider):
        assert told(standing.ask(decider(*CLEAN, one), "x", PATIENCE)) == told(
            asked("x", *CLEAN, one)
        )


# What is found


@pytest.fixture(scope="module")
def clean() -> Standing:
    return Standing(decider(*CLEAN))


@pytest.mark.parametrize("name", [one.id for one in CLEAN])
def test_a_rule_without_a_defect_gives_no_alarm(clean: Standing, name: str) -> None:
    assert told(clean.ask(decider(*CLEAN), name, PATIENCE)) == ([], [], ())


@pytest.mark.parametrize("kind", DEFECTS)
def test_a_defect_of_the_rule_is_found(kind: Kind) -> None:
    assert kind in {one.kind for one in asked_of(kind).findings}


@pytest.mark.parametrize("kind", OF_PAIRS)
def test_it_is_found_of_the_other_rule_too(kind: Kind) -> None:
    (found,) = (one for one in asked_of(kind).findings if one.kind is kind)
    (other,) = set(found.rules) - {"x"}
    said = asked(other, *CLEAN, *DEFECTS[kind])
    assert [one.rules for one in said.findings if one.kind is kind] == [found.rules]


def test_a_control_above_the_ladder_is_told_of_its_own_rule_only() -> None:
    heavy = rule(
        "heavy",
        every(code("8467"), at_least("item.riskLevel", "level:Medium")),
        control(task("SamplingAndTesting")),
    )
    assert [one.property for one in asked("heavy", *CLEAN, heavy).broken] == ["within-ladder"]
    assert asked("control/toys", *CLEAN, heavy).broken == ()


def test_what_a_rule_breaks_is_shown_by_goods_that_were_decided() -> None:
    heavy = rule("heavy", code("4202"), control(task("Physical")))
    (low, *_) = asked("heavy", *CLEAN, heavy).broken
    assert low.property == "low-risk-released"
    assert low.result.case is not None
    assert "heavy" in (low.result.case.rules or ())


def test_goods_that_make_a_rule_idle_by_what_they_are_do_so_in_both_directions() -> None:
    wide = mandate("wide", is_a("goods.type", "product:Toy"), control(task("Identity")))
    narrow = mandate("narrow", is_a("goods.type", "product:PlushToy"), control(task("Identity")))
    for name in ("wide", "narrow"):
        (one,) = asked(name, wide, narrow).findings
        assert (one.kind, one.rules) == (Kind.SUBSUMED, ("narrow", "wide"))
