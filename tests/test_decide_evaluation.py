"""What one test means: true, false or unknown (design §5, "Tests" and "Facts")."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.evaluation import evaluate
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.declaration.facts import DocumentStatus, Facts, Money, Rate
from engine.language.condition import Leaf, Operator
from tests.decide_sample import code, facts, has, is_, is_a, leaf, number, vocabulary


def value(test: Leaf, given: Facts, **concluded: Any) -> int:
    return evaluate(test.test, given, vocabulary(), **concluded)


def typed(*terms: str) -> Facts:
    return facts(goods__type=frozenset(terms)) if terms else facts()


# is_a


def test_a_subclass_is_what_its_class_is() -> None:
    assert value(is_a("goods.type", "product:Toy"), typed("product:PlushToy")) == TRUE


def test_a_type_disjoint_from_the_class_is_not_of_it() -> None:
    assert value(is_a("goods.type", "product:Toy"), typed("product:Food")) == FALSE


def test_a_toy_may_be_a_plush_toy() -> None:
    assert value(is_a("goods.type", "product:PlushToy"), typed("product:Toy")) == UNKNOWN


def test_goods_of_no_known_type_may_be_anything() -> None:
    assert value(is_a("goods.type", "product:Toy"), typed()) == UNKNOWN


def test_one_disjoint_type_among_several_rules_a_class_out() -> None:
    given = typed("product:ElectricalEquipment", "product:Food")
    assert value(is_a("goods.type", "product:UsbCharger"), given) == FALSE


def test_a_closed_set_without_the_term_is_false_and_not_unknown() -> None:
    assert value(is_("goods.subjectTo", "regulation:IncreasedControls"), facts()) == FALSE


def test_is_asks_for_the_very_term_and_leaves_a_coarser_one_open() -> None:
    test = is_("goods.product", "product:PlushToy")
    assert value(test, facts(goods__product="product:Toy")) == UNKNOWN
    assert value(test, facts(goods__product="product:PlushToy")) == TRUE
    assert value(test, facts(goods__product="product:Rice")) == FALSE


# within


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("95030010", TRUE), ("9503", TRUE), ("8712", FALSE), ("9504", FALSE)],
)
def test_a_code_under_the_criterion_is_within_it(declared: str, expected: int) -> None:
    assert value(code("9503"), facts(goods__commodityCode=declared)) == expected


def test_a_code_too_short_to_tell_leaves_the_criterion_open() -> None:
    assert value(code("950300"), facts(goods__commodityCode="9503")) == UNKNOWN


def test_no_code_leaves_every_criterion_open() -> None:
    assert value(code("9503"), facts()) == UNKNOWN


def test_one_line_of_several_is_enough() -> None:
    assert value(code("9503", "8712"), facts(goods__commodityCode="87120030")) == TRUE


EX = code("12119086", ex="product:Basil", subdivisions=("20",))


@pytest.mark.parametrize(
    ("declared", "product", "expected"),
    [
        ("12119086", None, UNKNOWN),  # the code alone
        ("1211908620", None, TRUE),  # a listed subdivision
        ("1211908699", None, FALSE),  # another subdivision
        ("12119086", "product:Basil", TRUE),
        ("12119086", "product:Rice", FALSE),  # disjoint
        ("12119086", "product:Food", UNKNOWN),  # too coarse to tell
        ("1211908620", "product:Food", TRUE),  # then the digits settle it
        ("1211908620", "product:Rice", FALSE),  # the product goes before the digits
        ("1211", "product:Basil", UNKNOWN),  # the product, under a code too short
        ("8712", "product:Basil", FALSE),  # the product under another code
    ],
)
def test_an_ex_line_is_settled_by_the_product_or_ten_digits(
    declared: str, product: str | None, expected: int
) -> None:
    stated = {"goods__commodityCode": declared}
    if product is not None:
        stated["goods__product"] = product
    assert value(EX, facts(**stated)) == expected


def test_ten_digits_settle_no_ex_line_that_lists_no_subdivision() -> None:
    line = code("2106", ex="product:BotanicalFoodSupplement")
    assert value(line, facts(goods__commodityCode="2106909260")) == UNKNOWN


# Countries


def test_membership_in_a_group_is_that_of_the_day_named() -> None:
    test = leaf("goods.origin", Operator.WITHIN, terms=("group:League",), day="dispatch")

    def on(day: date) -> int:
        return value(test, facts(goods__origin="NG", days={"dispatch": day}))

    assert on(date(2026, 6, 30)) == TRUE
    assert on(date(2026, 7, 1)) == FALSE


def test_a_country_outside_the_group_is_not_within_it() -> None:
    test = leaf("goods.origin", Operator.WITHIN, terms=("group:League",))
    assert value(test, facts(goods__origin="CN")) == FALSE
    assert value(test, facts()) == UNKNOWN


# Numbers and money


@pytest.mark.parametrize(
    ("operator", "under", "exactly", "over"),
    [
        (Operator.UNDER, TRUE, FALSE, FALSE),
        (Operator.AT_MOST, TRUE, TRUE, FALSE),
        (Operator.OVER, FALSE, FALSE, TRUE),
        (Operator.AT_LEAST, FALSE, TRUE, TRUE),
        (Operator.IS, FALSE, TRUE, FALSE),
    ],
)
def test_a_comparison_keeps_to_its_boundary(
    operator: Operator, under: int, exactly: int, over: int
) -> None:
    test = number("goods.netMassKg", operator, 5)
    found = [value(test, facts(goods__netMassKg=Decimal(mass))) for mass in ("4.999", "5", "5.001")]
    assert found == [under, exactly, over]


def test_between_includes_both_ends() -> None:
    test = number("goods.ratedVoltage", Operator.BETWEEN, 50, 1000)
    found = [
        value(test, facts(goods__ratedVoltage=Decimal(volt)))
        for volt in ("49.9", "50", "1000", "1000.1")
    ]
    assert found == [FALSE, TRUE, TRUE, FALSE]


@pytest.mark.parametrize("operator", [Operator.UNDER, Operator.AT_LEAST])
def test_an_unknown_number_compares_as_unknown(operator: Operator) -> None:
    assert value(number("goods.netMassKg", operator, 5), facts()) == UNKNOWN


def test_gross_mass_says_nothing_of_net_mass() -> None:
    given = facts(goods__grossMassKg=Decimal(3))
    assert value(number("goods.netMassKg", Operator.AT_MOST, 5), given) == UNKNOWN


FIVE_EURO = leaf("goods.valuePerKg", Operator.UNDER, number=Decimal(5), currency="EUR")


def price(amount: str, currency: str, *rates: Rate) -> int:
    given = facts(rates=rates, goods__valuePerKg=Money(Decimal(amount), currency))
    return value(FIVE_EURO, given)


def rate(of: str, on: date, source: str = "USD") -> Rate:
    return Rate(source=source, target="EUR", rate=Decimal(of), on=on)


def test_money_of_the_same_currency_compares() -> None:
    assert price("4.99", "EUR") == TRUE
    assert price("5", "EUR") == FALSE


def test_unlike_currencies_compare_as_unknown() -> None:
    assert price("1", "USD") == UNKNOWN
    assert price("1", "USD", rate("2", date(2026, 11, 1), "NGN")) == UNKNOWN


def test_a_dated_rate_settles_unlike_currencies() -> None:
    assert price("5", "USD", rate("0.9", date(2026, 11, 1))) == TRUE
    assert price("6", "USD", rate("0.9", date(2026, 11, 1))) == FALSE


def test_a_rate_of_a_later_day_is_not_used() -> None:
    assert price("1", "USD", rate("0.9", date(2026, 11, 24))) == UNKNOWN


def test_the_latest_rate_up_to_acceptance_is_used() -> None:
    old, new = rate("0.5", date(2026, 1, 1)), rate("2", date(2026, 11, 23))
    assert price("3", "USD", old, new) == FALSE
    assert price("3", "USD", new, old) == FALSE


# Known, closed


def test_known_is_never_unknown() -> None:
    known = leaf("goods.netMassKg", Operator.KNOWN, flag=True)
    unknown = leaf("goods.netMassKg", Operator.KNOWN, flag=False)
    stated = facts(goods__netMassKg=Decimal(0))
    assert (value(known, stated), value(known, facts())) == (TRUE, FALSE)
    assert (value(unknown, stated), value(unknown, facts())) == (FALSE, TRUE)


def test_an_absent_closed_boolean_is_false_and_an_open_one_unknown() -> None:
    assert value(is_("consignment.privateUse", True), facts()) == FALSE
    assert value(is_("consignment.privateUse", False), facts()) == TRUE
    assert value(is_("goods.smallParts", True), facts()) == UNKNOWN
    assert value(is_("goods.smallParts", False), facts()) == UNKNOWN


def test_only_booleans_sets_and_documents_are_closed() -> None:
    closed = {fact.type for fact in vocabulary().facts.values() if fact.closed}
    assert closed <= {"boolean", "terms"}


# Documents

CHED = "certificate:ChedD"


@pytest.mark.parametrize("status", list(DocumentStatus))
@pytest.mark.parametrize("wanted", ["declared", "presented", "verified"])
def test_a_document_meets_the_status_asked_for_or_a_higher_one(
    status: DocumentStatus, wanted: str
) -> None:
    order = ["declared", "presented", "verified"]
    met = status in order and order.index(status) >= order.index(wanted)
    assert value(has(CHED, wanted), facts({CHED: status})) == (TRUE if met else FALSE)


def test_an_absent_document_is_unknown_until_the_law_requires_it() -> None:
    assert value(has(CHED), facts(settled=False)) == UNKNOWN
    assert value(has(CHED), facts(settled=True)) == FALSE


def test_a_document_held_before_it_is_required_counts() -> None:
    assert value(has(CHED), facts({CHED: "verified"}, settled=False)) == TRUE


def test_of_several_documents_of_one_kind_the_best_counts() -> None:
    both = frozenset({DocumentStatus.REJECTED, DocumentStatus.VERIFIED})
    given = Facts(values={}, documents={CHED: both}, settled=frozenset({CHED}), days=facts().days)
    assert value(has(CHED), given) == TRUE


# Concluded facts

POOR = leaf("importer.record", Operator.AT_LEAST, terms=("record:Poor",))


def test_a_concluded_value_without_conclusion_is_its_assumption() -> None:
    assert value(POOR, facts()) == FALSE
    assert value(is_("importer.record", "record:Good"), facts()) == TRUE


def test_a_concluded_value_without_assumption_is_unknown() -> None:
    assert value(is_("goods.freshness", "record:Poor"), facts()) == UNKNOWN


def test_a_conclusion_is_true_and_a_possible_one_unknown() -> None:
    poor = {"importer.record": {"record:Poor"}}
    assert value(POOR, facts(), certain=poor, possible=poor) == TRUE
    assert value(POOR, facts(), certain={}, possible=poor) == UNKNOWN


def test_a_single_value_takes_the_worst_conclusion() -> None:
    both = {"importer.record": {"record:Fair", "record:Poor"}}
    assert value(POOR, facts(), certain=both, possible=both) == TRUE
    assert value(is_("importer.record", "record:Fair"), facts(), certain=both) == FALSE


def test_a_test_between_the_certain_and_the_possible_value_is_unknown() -> None:
    certain = {"item.riskLevel": {"level:Medium"}}
    possible = {"item.riskLevel": {"level:Medium", "level:Serious"}}

    def at(operator: Operator, level: str) -> int:
        test = leaf("item.riskLevel", operator, terms=(level,))
        return value(test, facts(), certain=certain, possible=possible)

    assert at(Operator.AT_LEAST, "level:Medium") == TRUE
    assert at(Operator.AT_LEAST, "level:High") == UNKNOWN
    assert at(Operator.AT_LEAST, "level:Serious") == UNKNOWN
    assert at(Operator.UNDER, "level:Medium") == FALSE
    assert at(Operator.IS, "level:Low") == FALSE
    assert at(Operator.IS, "level:High") == UNKNOWN


TERMS = ["product:Toy", "product:PlushToy", "product:Food", "product:Rice", "product:Garment"]


@given(
    stated=st.frozensets(st.sampled_from(TERMS), max_size=3),
    more=st.frozensets(st.sampled_from(TERMS), max_size=2),
    term=st.sampled_from(TERMS),
)
def test_a_further_conclusion_never_takes_truth_from_a_set(
    stated: frozenset[str], more: frozenset[str], term: str
) -> None:
    test, given = is_a("goods.type", term), typed(*stated)
    before = value(test, given)
    concluded = {"goods.type": more}
    assert value(test, given, certain={}, possible=concluded) >= before
    assert value(test, given, certain=concluded, possible=concluded) >= before


@given(mass=st.decimals(0, 100, places=3), limit=st.integers(0, 100))
def test_under_is_the_opposite_of_at_least_and_over_of_at_most(mass: Decimal, limit: int) -> None:
    given = facts(goods__netMassKg=mass)

    def holds(operator: Operator) -> int:
        return value(number("goods.netMassKg", operator, limit), given)

    assert holds(Operator.UNDER) == TRUE - holds(Operator.AT_LEAST)
    assert holds(Operator.OVER) == TRUE - holds(Operator.AT_MOST)
