"""Finding misses no rule that applies, and leaves out what cannot."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decide.examples import GivenError
from engine.decide.generate import Generator
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.desk.finding import COMING, ENDED, IN_FORCE, OVERDUE, Finder, Wanted
from engine.language.vocabulary import Vocabulary

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def finder(program: Program) -> Finder:
    return Finder(program)


@pytest.fixture(scope="module")
def generator(program: Program) -> Generator:
    return Generator(program)


def ids(finder: Finder, day: date = DAY, **wanted: Any) -> set[str]:
    return {one.id for one in finder.find(Wanted(**wanted), day)}


def test_all_rules_are_found_where_nothing_is_said(finder: Finder) -> None:
    assert len(finder.find(Wanted(), DAY)) == len(finder.program.rules)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_no_rule_that_applies_to_goods_of_the_code_is_missed(
    seed: int, finder: Finder, generator: Generator
) -> None:
    facts = generator.random_facts(random.Random(seed))
    code = facts.values.get("goods.commodityCode")
    facts = type(facts)(
        values=facts.values,
        documents=facts.documents,
        settled=facts.settled,
        days=dict.fromkeys(facts.days, DAY),
    )
    answer = Semantics(finder.program).judge(facts)
    applying = {finder.program.rules[n].rule.id for n in answer.applies | answer.undetermined}
    known = code is not None and finder.vocabulary.knows_code(str(code))
    wanted = Wanted(code=str(code)) if known else Wanted()
    assert applying <= {one.id for one in finder.find(wanted, DAY)}


def test_rules_of_another_code_are_left_out(finder: Finder) -> None:
    found = ids(finder, code="950300")
    assert any(rule.startswith("products/toys") for rule in found)
    assert not any(rule.startswith("food/increased-controls") for rule in found)


def test_rules_of_another_origin_are_left_out(finder: Finder) -> None:
    one, other = (ids(finder, code="120740", origin=country) for country in ("NG", "CH"))
    assert any("#" in rule for rule in one - other)


def test_rule_that_an_exemption_lifts_for_the_goods_is_left_out(finder: Finder) -> None:
    everywhere = ids(finder, code="120740")
    for country in ("NG", "CH", "FR"):
        assert ids(finder, code="120740", origin=country) <= everywhere


def test_state_is_that_of_the_day(finder: Finder) -> None:
    states = [ids(finder, state=state) for state in (IN_FORCE, COMING, ENDED)]
    assert set().union(*states) == ids(finder)
    assert sum(map(len, states)) == len(ids(finder))


def test_rule_is_overdue_from_its_review_on(finder: Finder) -> None:
    rule = next(one.rule for one in finder.program.rules if one.rule.review_by is not None)
    due = rule.review_by
    assert due is not None
    assert rule.id in ids(finder, due, state=OVERDUE)
    assert rule.id not in ids(finder, due - timedelta(days=1), state=OVERDUE)


@pytest.mark.parametrize("field", ["agency", "phase", "regime"])
def test_what_a_rule_says_of_itself_splits_the_rules(field: str, finder: Finder) -> None:
    every = [one.rule for one in finder.program.rules]
    values = {str(getattr(rule, field)) for rule in every}
    found = [ids(finder, **{field: value}) for value in values]
    assert sum(map(len, found)) == len(every)


def test_rule_is_found_by_hazard_or_a_wider_one(finder: Finder, vocabulary: Vocabulary) -> None:
    narrow = ids(finder, hazard="hazard:Choking")
    assert any(rule.startswith("products/toys") for rule in narrow)
    for wider in vocabulary.terms["hazard:Choking"].ancestors:
        assert narrow <= ids(finder, hazard=wider)


def test_rule_is_found_by_article_and_by_act(finder: Finder, vocabulary: Vocabulary) -> None:
    (act,) = [one for one in vocabulary.regulations if one == "regulation:ToySafetyDirective"]
    by_act = ids(finder, regulation=act)
    assert by_act
    assert ids(finder, regulation=act, article="annex ii") <= by_act


def test_rule_that_may_not_be_seen_is_not_found(finder: Finder) -> None:
    found = finder.find(Wanted(), DAY, lambda rule: rule.public)
    assert {one.disclosure for one in found} == {"public"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "99"),
        ("code", "abc"),
        ("origin", "Nigeria"),
        ("agency", "agency:None"),
        ("state", "gone"),
        ("hazard", "hazard:None"),
        ("facts", {"goods.none": 1}),
        ("facts", {"goods.origin": ["NG"]}),
    ],
)
def test_what_does_not_exist_is_refused(field: str, value: object, finder: Finder) -> None:
    with pytest.raises(GivenError):
        ids(finder, **{field: value})
