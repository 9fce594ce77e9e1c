"""An example that names no day speaks of every day on which its rule is in force."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import release as releases
from engine.decide.examples import days_of, run_examples, verdicts
from engine.decide.program import Program
from engine.language.base import ReadBase, RuleBase
from engine.language.condition import Operator
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.period import Period
from engine.language.rule import Example, Parameter, Rule
from tests.decide_sample import DAY, hold, leaf, mandate, matrices, parameter, program

LATER = date(2027, 1, 1)
HEAVY = leaf("goods.netMassKg", Operator.AT_LEAST, parameter="parameters/limit")
LEAGUE = leaf("goods.origin", Operator.WITHIN, terms=("group:League",))
LEFT = date(2026, 7, 1)  # when Nigeria leaves the league
SINCE = Period(start=date(2026, 1, 1))


def limit(*cuts: date) -> Parameter:
    """Five, and ten times as much from each of the days on."""
    bounds = [None, *cuts, None]
    values = zip(bounds, bounds[1:], range(len(cuts) + 1), strict=False)
    return parameter("parameters/limit", *((a, b, str(5 * 10**n)) for a, b, n in values))


def example(expect: str = "applies", on: date | None = None, **given_: object) -> Example:
    facts = {name.replace("__", "."): value for name, value in given_.items()}
    return Example(name="one", given=facts, expect=expect, on=on)


def ruled(one: Example, when: Any = HEAVY, period: Period = SINCE) -> Rule:
    return mandate("r", when, hold(), effective=period, examples=(one,))


def compiled(rule: Rule, *cuts: date) -> Program:
    return program(rule, parameters=[limit(*cuts)])


def told(rule: Rule, *cuts: date) -> list[Diagnostic]:
    base = RuleBase(rules=(rule,), parameters={}, matrices=matrices())
    return list(run_examples(ReadBase.without_files(base), compiled(rule, *cuts)))


def test_an_example_that_a_later_number_belies_is_refused_with_the_day_and_the_mend() -> None:
    (found,) = told(ruled(example(goods__netMassKg=6)), LATER)
    assert found.code == "example-fails"
    assert found.message == (
        "example “one”: expected “applies”, found “does not apply” on 2027-01-01"
    )
    assert found.help is not None
    assert found.help.startswith("name with `on` the day of which it speaks")


def test_an_example_that_holds_beside_every_number_names_no_day() -> None:
    assert told(ruled(example(goods__netMassKg=50)), LATER) == []


@pytest.mark.parametrize(("on", "expect"), [(DAY, "applies"), (LATER, "does not apply")])
def test_an_example_that_names_a_day_speaks_of_it_alone(on: date, expect: str) -> None:
    assert told(ruled(example(expect, on, goods__netMassKg=6)), LATER) == []


def test_an_example_that_is_wrong_on_every_day_is_told_without_one() -> None:
    (found,) = told(ruled(example("does not apply", goods__netMassKg=50)), LATER)
    assert found.message == "example “one”: expected “does not apply”, found “applies”"


def test_a_country_that_leaves_a_group_belies_an_example_without_a_day() -> None:
    (found,) = told(ruled(example(goods__origin="NG"), LEAGUE))
    assert found.message.endswith(f"found “does not apply” on {LEFT}")


def test_a_country_that_stays_in_a_group_does_not() -> None:
    assert told(ruled(example(goods__origin="GH"), LEAGUE)) == []


def test_days_outside_the_period_of_a_rule_do_not_matter() -> None:
    before = Period(start=SINCE.start, end=LATER)
    assert told(ruled(example(goods__netMassKg=6), period=before), LATER) == []


ANY_DAY = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(
    cuts=st.sets(ANY_DAY, max_size=4),
    bounds=st.tuples(st.none() | ANY_DAY, st.none() | ANY_DAY),
    asked=st.lists(ANY_DAY, min_size=1, max_size=20),
    mass=st.integers(0, 60_000),
)
def test_no_day_of_a_rule_has_a_verdict_that_no_day_asked_has(
    cuts: set[date], bounds: tuple[date | None, date | None], asked: list[date], mass: int
) -> None:
    start, end = bounds
    if start is not None and end is not None and start >= end:
        start, end = end, start + timedelta(days=1)
    rule = ruled(example(goods__netMassKg=mass), period=Period(start=start, end=end))
    made = compiled(rule, *sorted(cuts))
    found = verdicts(made, rule, rule.examples[0])
    assert all(day in rule.effective for day in found)
    for day in asked:
        if day in rule.effective:
            alone = verdicts(made, rule, example(on=day, goods__netMassKg=mass))[day]
            assert alone in found.values()


def test_a_rule_without_any_bound_is_asked_on_one_day() -> None:
    rule = ruled(example(goods__netMassKg=6), period=Period())
    made = compiled(rule)
    assert len(days_of(made, made.rules[0], rule.examples[0])) == 1


@pytest.mark.parametrize("day", [LATER, date(2036, 2, 29)])
def test_the_shipped_rules_can_be_published_on_any_later_day(
    knowledge_base: Path, day: date
) -> None:
    _, _, found = releases.checked(knowledge_base, day)
    assert [one for one in found if one.severity is Severity.ERROR] == []
