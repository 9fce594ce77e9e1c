"""What is asked for: only facts able to change the outcome, once for all agencies (design §5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.decision import Decision
from engine.decide.program import Program
from engine.language.condition import AllOf, AnyOf, Condition, NoneOf, Operator
from engine.language.period import Period
from engine.language.rule import Concludes, Phase, Rule
from tests.decide_sample import (
    ANY_GOODS,
    at_least,
    code,
    control,
    danger,
    decide,
    either,
    every,
    has,
    hold,
    is_,
    is_a,
    leaf,
    likelihood,
    mandate,
    neither,
    number,
    parameter,
    program,
    rule,
    task,
)

TOY: dict[str, Any] = {"commodityCode": "9503"}
FOOD, SURVEILLANCE = "agency:FoodAndFeed", "agency:MarketSurveillance"
SMALL, MARKED, MAINS = (
    is_("goods.smallParts", True),
    is_("goods.ceMarked", True),
    is_("goods.mainsPowered", True),
)


def asked(*rules: Rule, item: dict[str, Any] | None = None, **rest: Any) -> list[str]:
    return [one.fact for one in decide(program(*rules), item or TOY, **rest).requests]


def with_facts(**facts: Any) -> dict[str, Any]:
    return {**TOY, "facts": {f"goods.{name}": value for name, value in facts.items()}}


# Undetermined


def test_an_undetermined_control_imposes_nothing_and_makes_the_goods_wait() -> None:
    decision = decide(program(mandate("a", SMALL, control(task("Physical")))), TOY)
    (item,) = decision.items
    assert (item.controls, item.statuses, item.status) == ((), (), "status:Proceed")
    assert (item.pending, decision.pending, item.channel) == (True, True, "yellow")
    (found,) = item.undetermined
    assert (found.rule, found.missing) == ("a", ("goods.smallParts",))
    assert found.would_impose.tasks == ("control:Physical",)


def test_an_undetermined_status_holds_nothing_but_waits() -> None:
    decision = decide(program(mandate("a", SMALL, hold())), TOY)
    assert (decision.status, decision.pending, decision.channel) == (
        "status:Proceed",
        True,
        "yellow",
    )


def test_a_rule_that_passes_over_the_unknown_is_only_shown() -> None:
    passing = rule(
        "a",
        every(SMALL, at_least("item.riskLevel", "level:Low")),
        control(task("Physical")),
        on_unknown="pass",
    )
    decision = decide(program(passing), TOY)
    (item,) = decision.items
    assert [found.rule for found in item.undetermined] == ["a"]
    assert (decision.pending, decision.channel, decision.requests) == (False, "green", ())


def test_a_pending_item_that_is_otherwise_red_stays_red() -> None:
    compiled = program(
        mandate("a", SMALL, hold()), mandate("b", ANY_GOODS, control(task("Physical")))
    )
    assert decide(compiled, TOY).channel == "red"


def test_an_undetermined_danger_alone_asks_nothing() -> None:
    assert asked(rule("d", SMALL, danger("Fire", "Serious"))) == []


# Only what can change the outcome


def test_an_unknown_fact_is_asked_for() -> None:
    assert asked(mandate("a", SMALL, hold())) == ["goods.smallParts"]


def test_an_unknown_beside_a_false_sibling_is_not_asked_for() -> None:
    assert asked(mandate("a", every(SMALL, MARKED), hold()), item=with_facts(ceMarked=False)) == []


def test_an_unknown_beside_a_true_alternative_is_not_asked_for() -> None:
    rules = mandate("a", every(MAINS, either(SMALL, MARKED)), hold())
    assert asked(rules, item=with_facts(ceMarked=True)) == ["goods.mainsPowered"]


def test_an_unknown_in_a_branch_that_cannot_hold_is_not_asked_for() -> None:
    when = either(every(SMALL, MARKED), MAINS)
    assert asked(mandate("a", when, hold()), item=with_facts(ceMarked=False)) == [
        "goods.mainsPowered"
    ]


def test_an_unknown_under_a_settled_negation_is_not_asked_for() -> None:
    when = every(MAINS, neither(every(SMALL, MARKED)))
    assert asked(mandate("a", when, hold()), item=with_facts(ceMarked=False)) == [
        "goods.mainsPowered"
    ]


def test_a_rule_not_in_force_asks_nothing() -> None:
    assert asked(mandate("a", SMALL, hold(), effective=Period(end=date(2020, 1, 1)))) == []


def test_an_exempted_rule_asks_nothing() -> None:
    exempted = mandate("a", SMALL, hold(), unless=MARKED)
    assert asked(exempted, item=with_facts(ceMarked=True)) == []


def test_an_unknown_exemption_is_to_be_claimed_and_not_asked_for() -> None:
    compiled = mandate("a", ANY_GOODS, hold(), unless=has("certificate:ChedD"))
    assert asked(compiled, stage="pre-arrival") == []


def test_a_control_that_is_imposed_anyway_is_not_asked_about() -> None:
    sure = mandate("a", ANY_GOODS, control(task("Physical")))
    assert asked(sure, mandate("b", SMALL, control(task("Physical", "0.5")))) == []


def test_a_higher_rate_another_unit_or_another_agency_is_asked_about() -> None:
    sure = mandate("a", ANY_GOODS, control(task("Physical", "0.5")))
    others = (
        mandate("b", SMALL, control(task("Physical", "0.6"))),
        mandate("b", SMALL, control(task("Physical", "0.5", unit="item"))),
        mandate("b", SMALL, control(task("Physical", "0.5")), agency=FOOD),
        mandate("b", SMALL, control(task("Physical", "0.5"), task("Identity", "0.5"))),
    )
    for other in others:
        assert asked(sure, other) == ["goods.smallParts"]


# Through the rules behind


def test_a_concluded_fact_is_asked_for_by_the_facts_behind_it() -> None:
    record = rule("r", MARKED, Concludes("importer.record", "record:Poor"))
    reads = mandate("z", is_("importer.record", "record:Poor"), hold())
    assert asked(record, reads) == ["goods.ceMarked"]


def test_a_chain_is_followed_to_its_base_facts_and_rings_end() -> None:
    one, two = "regulation:IncreasedControls", "regulation:AnimalProductsRates"

    def classify(name: str, when: Condition, value: str) -> Rule:
        return rule(name, when, Concludes("goods.subjectTo", value), phase=Phase.CLASSIFY)

    rules = (
        classify("a", either(SMALL, is_("goods.subjectTo", two)), one),
        classify("b", is_("goods.subjectTo", one), two),
        mandate("z", is_("goods.subjectTo", two), hold()),
    )
    assert asked(*rules) == ["goods.smallParts"]


def risky(dangers: str = "Serious", band: str = "High") -> tuple[Rule, ...]:
    return (
        rule("d", SMALL, danger("Fire", dangers)),
        rule("l", MARKED, likelihood("Fire", band)),
        rule("z", at_least("item.riskLevel", "level:High"), control(task("Physical"))),
    )


def test_an_open_risk_level_asks_for_what_is_behind_danger_and_likelihood() -> None:
    assert asked(*risky()) == ["goods.ceMarked", "goods.smallParts"]


def test_a_hazard_that_cannot_reach_the_level_is_not_asked_about() -> None:
    mild = (
        rule("e", MAINS, danger("Choking", "Low")),
        rule("m", is_("goods.rechargeable", True), likelihood("Choking", "High")),
    )
    assert asked(*risky(), *mild) == ["goods.ceMarked", "goods.smallParts"]


def test_a_level_that_no_answer_can_change_asks_nothing() -> None:
    assert asked(*risky(dangers="Low")) == []


def test_a_code_too_short_asks_for_the_code() -> None:
    assert asked(mandate("a", code("950300"), hold())) == ["goods.commodityCode"]


def test_an_ex_code_asks_for_the_product() -> None:
    line = code("12119086", ex="product:Basil", subdivisions=("20",))
    assert asked(mandate("a", line, hold()), item={"commodityCode": "12119086"}) == [
        "goods.product"
    ]


def test_an_ex_code_too_short_asks_for_the_code_first() -> None:
    line = code("12119086", ex="product:Basil", subdivisions=("20",))
    assert asked(mandate("a", line, hold()), item={"commodityCode": "1211"}) == [
        "goods.commodityCode"
    ]


def test_an_open_type_asks_for_the_product() -> None:
    assert asked(mandate("a", is_a("goods.type", "product:PlushToy"), hold())) == ["goods.product"]


CHEAP = leaf("goods.valuePerKg", Operator.UNDER, number=Decimal(5), currency="EUR")
EURO = {"amount": 10, "currency": "EUR"}


def test_a_derived_fact_is_asked_for_by_what_it_is_computed_from() -> None:
    cheap = mandate("a", CHEAP, hold())
    assert asked(cheap) == ["goods.netMassKg", "goods.value"]


def test_a_part_of_a_derived_fact_that_is_known_is_not_asked_for() -> None:
    cheap = mandate("a", CHEAP, hold())
    assert asked(cheap, item={**TOY, "value": EURO}) == ["goods.netMassKg"]
    assert asked(cheap, item={**TOY, "netMassKg": 3}) == ["goods.value"]


def test_a_value_in_another_currency_is_asked_for_and_not_the_mass() -> None:
    dollars = {"amount": 10, "currency": "USD"}
    item = {**TOY, "value": dollars, "netMassKg": 3}
    assert asked(mandate("a", CHEAP, hold()), item=item) == ["goods.value"]


def test_a_mass_of_nothing_is_asked_for_and_not_the_value() -> None:
    item = {**TOY, "value": EURO, "netMassKg": 0}
    assert asked(mandate("a", CHEAP, hold()), item=item) == ["goods.netMassKg"]


def test_a_total_is_asked_for_at_the_items_that_leave_it_open() -> None:
    heavy = mandate(
        "a", every(code("9503"), number("consignment.netMassKg", Operator.OVER, 100)), hold()
    )
    decision = decide(
        program(heavy), {**TOY, "netMassKg": 3}, {"commodityCode": "8712"}, {**TOY, "netMassKg": 1}
    )
    (request,) = decision.requests
    assert (request.fact, request.items) == ("goods.netMassKg", (2,))


def test_a_total_by_product_is_asked_for_at_the_items_of_that_product() -> None:
    heavy = number("consignment.netMassOfProductKg", Operator.OVER, 100)
    compiled = program(mandate("a", every(code("9503"), heavy), hold()))
    toy, bicycle = {"commodityCode": "950300"}, {"commodityCode": "871200"}
    decision = decide(compiled, {**toy, "netMassKg": 3}, bicycle, toy, bicycle)
    (request,) = decision.requests
    assert (request.fact, request.items) == ("goods.netMassKg", (3,))


def test_goods_that_may_be_of_the_product_are_asked_for_their_code() -> None:
    heavy = number("consignment.netMassOfProductKg", Operator.OVER, 100)
    compiled = program(mandate("a", every(code("9503"), heavy), hold()))
    toy = {"commodityCode": "950300", "netMassKg": 3}
    decision = decide(compiled, toy, {"commodityCode": "9503", "netMassKg": 1}, {"netMassKg": 1})
    (request,) = decision.requests
    assert (request.fact, request.items) == ("goods.commodityCode", (2, 3))
    assert {one.undetermined[0].missing for one in decision.items} == {("goods.commodityCode",)}


def test_values_in_several_currencies_are_asked_for_where_their_total_is_looked_at() -> None:
    dear = leaf("consignment.valueOfProduct", Operator.OVER, number=Decimal(5), currency="EUR")
    compiled = program(mandate("a", dear, hold()))
    toy = {"commodityCode": "950300"}
    dollars = {"amount": 10, "currency": "USD"}
    decision = decide(compiled, {**toy, "value": EURO}, {**toy, "value": dollars})
    (request,) = decision.requests
    assert (request.fact, request.items) == ("goods.value", (1, 2))


def test_a_fact_of_each_item_is_asked_for_at_the_items_that_lack_it() -> None:
    decision = decide(program(mandate("a", SMALL, hold())), TOY, with_facts(smallParts=False), TOY)
    (request,) = decision.requests
    assert request.items == (1, 3)


# Once for all agencies


def test_a_fact_is_asked_for_once_for_all_agencies() -> None:
    decision = decide(
        program(
            mandate("a", SMALL, hold(), agency=FOOD),
            mandate("b", SMALL, control(task("Physical")), agency="agency:Customs"),
            mandate(
                "c", every(SMALL, code("9503")), control(task("Identity")), agency=SURVEILLANCE
            ),
        ),
        TOY,
        TOY,
    )
    (request,) = decision.requests
    assert request.asked_by == ("agency:Customs", SURVEILLANCE, FOOD)
    assert request.items == (1, 2)


def test_a_request_says_why_until_when_and_what_happens_otherwise() -> None:
    days = parameter("parameters/request-days", (None, None, "3"))
    compiled = program(mandate("a", SMALL, hold()), parameters=[days])
    (request,) = decide(compiled, TOY).requests
    assert "Rule a" in request.reason
    assert (request.due_by, request.calendar) == (date(2026, 11, 26), None)
    assert "not released" in request.otherwise
    assert request.answered_by == "declarant"


def test_a_fact_that_agencies_look_up_is_not_asked_of_the_trader() -> None:
    compiled = program(mandate("a", number("importer.inspections", Operator.OVER, 3), hold()))
    (request,) = decide(compiled, TOY).requests
    assert request.answered_by == "agency"


def test_an_answer_ends_the_waiting() -> None:
    compiled = program(mandate("a", SMALL, hold()))
    for answer, status in ((True, "status:Hold"), (False, "status:Proceed")):
        decision = decide(compiled, with_facts(smallParts=answer))
        assert (decision.pending, decision.requests, decision.status) == (False, (), status)


# Over every completion of the unknown

NAMES = ("smallParts", "ceMarked", "mainsPowered", "rechargeable")


@st.composite
def once(draw: st.DrawFn, names: tuple[str, ...] = NAMES) -> Condition:
    """A condition that reads each fact at most once, for which Kleene's values are exact."""
    if len(names) == 1 or draw(st.integers(0, 2)) == 0:
        return is_(f"goods.{draw(st.sampled_from(names))}", draw(st.booleans()))
    cut = draw(st.integers(1, len(names) - 1))
    group = draw(st.sampled_from((AllOf, AnyOf, NoneOf)))
    return group((draw(once(names[:cut])), draw(once(names[cut:]))))


@st.composite
def controls(draw: st.DrawFn) -> list[Rule]:
    return [
        mandate(
            f"r{place}",
            draw(once()),
            draw(st.sampled_from((hold(), control(task("Physical")), control(task("Identity"))))),
            agency=draw(st.sampled_from(("agency:Customs", FOOD))),
        )
        for place in range(draw(st.integers(1, 3)))
    ]


def outcome(decision: Decision, *, rules: bool) -> set[tuple[str, ...]]:
    """What is imposed; with the rules that impose it where asked."""
    (item,) = decision.items
    imposed = [(c.agency, c.task, c.reasons.rule) for c in item.controls]
    imposed += [(s.agency, s.status, s.reasons.rule) for s in item.statuses]
    return {one if rules else one[:2] for one in imposed}


def completed(compiled: Program, known: dict[str, bool]) -> list[tuple[dict[str, bool], Decision]]:
    open_names = [name for name in NAMES if name not in known]
    found = []
    for values in product((True, False), repeat=len(open_names)):
        full = {**known, **dict(zip(open_names, values, strict=True))}
        found.append((full, decide(compiled, with_facts(**full))))
    return found


@settings(max_examples=40, deadline=None)
@given(rules=controls(), known=st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=3))
def test_every_fact_that_is_asked_for_can_change_the_outcome(
    rules: list[Rule], known: dict[str, bool]
) -> None:
    compiled = program(*rules)
    decision = decide(compiled, with_facts(**known))
    ends = {
        tuple(sorted(full.items())): outcome(one, rules=True)
        for full, one in completed(compiled, known)
    }
    for request in decision.requests:
        name = request.fact.removeprefix("goods.")
        assert name not in known
        assert any(
            ends[key] != ends[tuple(sorted({**dict(key), name: not dict(key)[name]}.items()))]
            for key in ends
        )


@settings(max_examples=40, deadline=None)
@given(rules=controls(), known=st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=3))
def test_where_nothing_is_asked_no_answer_could_change_what_is_imposed(
    rules: list[Rule], known: dict[str, bool]
) -> None:
    compiled = program(*rules)
    decision = decide(compiled, with_facts(**known))
    if not decision.pending:
        ends = [outcome(one, rules=False) for _, one in completed(compiled, known)]
        assert all(end == outcome(decision, rules=False) for end in ends)
    else:
        assert decision.requests
