"""Conditions: each operator and group is read, and refused where it does not fit its fact."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.language.base import read_text
from engine.language.condition import AllOf, AnyOf, CodeLine, Leaf, NoneOf, Operator, Test, leaves
from engine.language.diagnostics import RefusedError
from engine.language.period import Period
from engine.language.rule import DatedNumber, Parameter
from engine.language.vocabulary import Basis, Vocabulary
from tests.language_sample import DANGER, FILE, changed, only, place, read, refused, with_test

LINE = 14  # of the test in the sample


def one(test: str, vocabulary: Vocabulary) -> Test:
    (leaf,) = leaves(read(with_test(test), vocabulary).when)
    return leaf.test


READ = [
    (
        'fact = "goods.smallParts", is = true',
        Test(fact="goods.smallParts", operator=Operator.IS, flag=True),
    ),
    (
        'fact = "goods.state", is = "state:Dried"',
        Test(fact="goods.state", operator=Operator.IS, terms=("state:Dried",)),
    ),
    (
        'fact = "goods.origin", is = "NO"',
        Test(fact="goods.origin", operator=Operator.IS, terms=("NO",)),
    ),
    (
        'fact = "goods.description", is = "a b"',
        Test(fact="goods.description", operator=Operator.IS, terms=("a b",)),
    ),
    (
        'fact = "importer.inspections", is = 3',
        Test(fact="importer.inspections", operator=Operator.IS, number=Decimal(3)),
    ),
    (
        'fact = "goods.type", is_a = "product:Toy"',
        Test(fact="goods.type", operator=Operator.IS_A, terms=("product:Toy",)),
    ),
    (
        'fact = "goods.origin", one_of = ["NG", "TR"]',
        Test(fact="goods.origin", operator=Operator.ONE_OF, terms=("NG", "TR")),
    ),
    (
        'fact = "goods.commodityCode", within = "0902"',
        Test(fact="goods.commodityCode", operator=Operator.WITHIN, codes=(CodeLine("0902"),)),
    ),
    (
        'fact = "goods.commodityCode", within = ["61", "6201"]',
        Test(
            fact="goods.commodityCode",
            operator=Operator.WITHIN,
            codes=(CodeLine("61"), CodeLine("6201")),
        ),
    ),
    (
        'fact = "goods.commodityCode", within = "1106309040", ex = "product:HazelnutProduct", subdivision = ["40", "05"]',
        Test(
            fact="goods.commodityCode",
            operator=Operator.WITHIN,
            codes=(CodeLine("1106309040", "product:HazelnutProduct", ("40", "05")),),
        ),
    ),
    (
        'fact = "goods.origin", within = "group:Efta"',
        Test(
            fact="goods.origin", operator=Operator.WITHIN, terms=("group:Efta",), day="acceptance"
        ),
    ),
    (
        'fact = "documents", has = "certificate:ChedD"',
        Test(
            fact="documents", operator=Operator.HAS, terms=("certificate:ChedD",), status="declared"
        ),
    ),
    (
        'fact = "documents", has = "certificate:ChedD", status = "verified"',
        Test(
            fact="documents", operator=Operator.HAS, terms=("certificate:ChedD",), status="verified"
        ),
    ),
    (
        'fact = "goods.intendedAgeMonths", under = 36',
        Test(fact="goods.intendedAgeMonths", operator=Operator.UNDER, number=Decimal(36)),
    ),
    (
        'fact = "goods.netMassKg", at_most = 0.10, unit = "unit:Kilogram"',
        Test(fact="goods.netMassKg", operator=Operator.AT_MOST, number=Decimal("0.10")),
    ),
    (
        'fact = "goods.value", over = { amount = 150, currency = "EUR" }',
        Test(fact="goods.value", operator=Operator.OVER, number=Decimal(150), currency="EUR"),
    ),
    (
        'fact = "item.riskLevel", at_least = "level:High"',
        Test(fact="item.riskLevel", operator=Operator.AT_LEAST, terms=("level:High",)),
    ),
    (
        'fact = "goods.ratedVoltage", between = [50, 1000]',
        Test(
            fact="goods.ratedVoltage",
            operator=Operator.BETWEEN,
            number=Decimal(50),
            upper=Decimal(1000),
        ),
    ),
    (
        'fact = "goods.origin", known = false',
        Test(fact="goods.origin", operator=Operator.KNOWN, flag=False),
    ),
]


@pytest.mark.parametrize(("test", "expected"), READ)
def test_operator_is_read(test: str, expected: Test, vocabulary: Vocabulary) -> None:
    assert one(f'{{ {test}, basis = "law" }}', vocabulary) == expected


def test_every_operator_is_read_by_these_tests() -> None:
    assert {expected.operator for _, expected in READ} == set(Operator)


def test_groups_nest(vocabulary: Vocabulary) -> None:
    test = '{ fact = "goods.smallParts", is = true, basis = "law" }'
    when = read(with_test(f"{{ any = [ {{ none = [{test}] }}, {test} ] }}"), vocabulary).when
    (leaf,) = set(leaves(when))
    assert when == AllOf((AnyOf((NoneOf((leaf,)), leaf)),))


def test_groups_of_one_block_must_all_hold(vocabulary: Vocabulary) -> None:
    text = changed(
        DANGER,
        (
            "\n[then]",
            'none = [ { fact = "goods.smallParts", is = true, basis = "law" } ]\n\n[then]',
        ),
    )
    when = read(text, vocabulary).when
    assert isinstance(when, AllOf)
    assert [type(part) for part in when.parts] == [AllOf, NoneOf]


def test_group_of_countries_is_that_of_the_rules_governing_day(vocabulary: Vocabulary) -> None:
    text = changed(
        with_test('{ fact = "goods.origin", within = "group:Efta", basis = "law" }'),
        ('phase = "assess"', 'phase = "assess"\ndate = "dispatch"'),
    )
    (leaf,) = leaves(read(text, vocabulary).when)
    assert leaf.test.day == "dispatch"


def test_criterion_and_reason_are_kept(vocabulary: Vocabulary) -> None:
    test = (
        '{ fact = "goods.smallParts", is = true, basis = "law", criterion = "other", reason = "x" }'
    )
    (leaf,) = leaves(read(with_test(test), vocabulary).when)
    assert leaf == Leaf(test=leaf.test, basis="law", criterion="other", reason="x")


REFUSED = [
    ('fact = "goods.smallPart", is = true', "unknown-fact", "`goods.smallParts`"),
    ('fact = "x", is = true', "unknown-fact", "facts.ttl"),
    ('fact = "goods.smallParts"', "no-operator", "exactly one of"),
    ('fact = "goods.smallParts", is = true, known = true', "two-operators", "exactly one of"),
    ('fact = "goods.smallParts", iss = true', "unknown-key", "`is`"),
    ('fact = "goods.smallParts", under = 3', "wrong-operator", "possible here: is, known"),
    ('fact = "documents", known = true', "wrong-operator", "possible here: has"),
    ('fact = "goods.smallParts", is = "yes"', "wrong-type", None),
    ('fact = "goods.smallParts", is = 1', "wrong-type", None),
    ('fact = "goods.origin", known = "yes"', "wrong-type", None),
    ('fact = "goods.netMassKg", under = true', "wrong-type", None),
    ('fact = "goods.netMassKg", under = "3"', "wrong-type", None),
    ('fact = "goods.netMassKg", under = nan', "wrong-type", None),
    ('fact = "goods.netMassKg", under = inf', "wrong-type", None),
    ('fact = "goods.netMassKg", under = 1e31', "wrong-type", None),
    ('fact = "goods.netMassKg", under = 0.1234567890123456789012345678901', "wrong-type", None),
    ('fact = "goods.netMassKg", under = -1', "out-of-range", None),
    ('fact = "goods.intendedAgeMonths", under = 1201', "out-of-range", None),
    ('fact = "goods.netMassKg", under = 3, unit = "unit:Gram"', "wrong-unit", "convert"),
    ('fact = "goods.smallParts", is = true, unit = "unit:Kilogram"', "wrong-unit", "convert"),
    ('fact = "goods.ratedVoltage", between = [3]', "wrong-type", None),
    ('fact = "goods.ratedVoltage", between = [3, 2]', "empty-range", None),
    ('fact = "goods.value", under = 3', "wrong-type", None),
    ('fact = "goods.value", under = { amount = 3 }', "missing-key", None),
    ('fact = "goods.value", under = { amount = 3, currency = "eur" }', "unknown-currency", "`EUR`"),
    (
        'fact = "goods.value", between = [{ amount = 1, currency = "EUR" }, { amount = 3, currency = "USD" }]',
        "wrong-unit",
        None,
    ),
    (
        'fact = "goods.netMassKg", under = { parameter = "parameters/x" }',
        "unknown-parameter",
        "rules/parameters",
    ),
    ('fact = "documents", has = "certificate:Ched"', "unknown-term", "`certificate:Ched"),
    (
        'fact = "documents", has = "certificate:ChedD", status = "verify"',
        "unknown-word",
        "`verified`",
    ),
    ('fact = "goods.smallParts", is = true, status = "verified"', "misplaced-key", None),
    ('fact = "goods.origin", within = "group:Efta", ex = "product:Toy"', "misplaced-key", None),
    ('fact = "goods.commodityCode", within = "950"', "wrong-code", "quotes"),
    ('fact = "goods.commodityCode", within = 9503', "wrong-type", None),
    ('fact = "goods.commodityCode", within = "95 03"', "wrong-code", "quotes"),
    ('fact = "goods.commodityCode", within = "950301"', "unknown-code", "did you mean"),
    ('fact = "goods.commodityCode", within = []', "empty", None),
    (
        'fact = "goods.commodityCode", within = "9503", ex = "product:Toyy"',
        "unknown-term",
        "`product:Toy`",
    ),
    ('fact = "goods.commodityCode", within = "9503", subdivision = "10"', "no-ex", None),
    (
        'fact = "goods.commodityCode", within = "9503", ex = "product:Toy", subdivision = "1"',
        "wrong-subdivision",
        None,
    ),
    ('fact = "goods.origin", is = "UK"', "unknown-country", "ISO 3166-1"),
    ('fact = "goods.origin", is = "ng"', "unknown-country", "`NG`"),
    ('fact = "goods.origin", is = ["NG", "TR"]', "wrong-type", None),
    ('fact = "goods.origin", within = "group:Eft"', "unknown-term", "`group:Efta`"),
    ('fact = "goods.state", is = "state:Dry"', "unknown-term", "`state:Dried`"),
    ('fact = "goods.state", is = "use:Food"', "unknown-term", None),
    ('fact = "goods.smallParts", is = true, criterion = "natur"', "unknown-word", "`nature`"),
    ('fact = "goods.smallParts", is = true, criterion = "other"', "no-reason", "TFA 7.4.4"),
    ("is = true", "no-condition", "a test names a `fact`"),
    ("all = []", "no-condition", "a test names a `fact`"),
]


@pytest.mark.parametrize(("test", "code", "mend"), REFUSED)
def test_test_that_does_not_fit_is_refused_at_its_line(
    test: str, code: str, mend: str | None, vocabulary: Vocabulary
) -> None:
    found = only(refused(with_test(f'{{ {test}, basis = "law" }}'), vocabulary))
    assert place(found) == (code, FILE, LINE)
    assert mend is None or mend in str(found.help)


def test_test_without_basis_is_refused(vocabulary: Vocabulary) -> None:
    found = only(refused(with_test('{ fact = "goods.smallParts", is = true }'), vocabulary))
    assert place(found) == ("missing-key", FILE, LINE)


def test_empty_group_is_refused(vocabulary: Vocabulary) -> None:
    found = only(refused(with_test("{ any = [] }"), vocabulary))
    assert place(found) == ("empty", FILE, LINE)


def test_each_fault_of_a_file_is_said(vocabulary: Vocabulary) -> None:
    tests = '{ fact = "x", is = true, basis = "law" },\n  { fact = "y", is = true, basis = "law" }'
    found = refused(with_test(tests), vocabulary)
    assert [place(diagnostic)[2] for diagnostic in found] == [LINE, LINE + 1]


def test_help_for_an_open_upper_bound_names_only_the_lower(vocabulary: Vocabulary) -> None:
    found = only(
        refused(with_test('{ fact = "goods.netMassKg", under = -1, basis = "law" }'), vocabulary)
    )
    assert found.message == "`goods.netMassKg` is at least 0"


# Parameters


def parameters(unit: str, number: str) -> dict[str, Parameter]:
    basis = Basis(cite="c", gist="g", status="law", checked=date(2026, 1, 1))
    value = DatedNumber(period=Period(), number=Decimal(number), basis=basis)
    return {"parameters/x": Parameter(id="parameters/x", title="x", unit=unit, values=(value,))}


def with_parameter(fact: str, unit: str, number: str, vocabulary: Vocabulary) -> Test | str:
    test = f'{{ fact = "{fact}", under = {{ parameter = "parameters/x" }}, basis = "law" }}'
    try:
        rule = read_text(with_test(test).encode(), "x", vocabulary, parameters(unit, number))
    except RefusedError as error:
        return only(error.diagnostics).code
    return next(leaves(rule.when)).test


def test_parameter_stands_for_its_number(vocabulary: Vocabulary) -> None:
    found = with_parameter("goods.netMassKg", "unit:Kilogram", "3", vocabulary)
    assert found == Test(fact="goods.netMassKg", operator=Operator.UNDER, parameter="parameters/x")


def test_parameter_of_money_brings_its_currency(vocabulary: Vocabulary) -> None:
    found = with_parameter("goods.value", "EUR", "3", vocabulary)
    assert isinstance(found, Test)
    assert found.currency == "EUR"


@pytest.mark.parametrize(
    ("fact", "unit"), [("goods.netMassKg", "unit:Month"), ("goods.value", "unit:Kilogram")]
)
def test_parameter_in_another_unit_is_refused(fact: str, unit: str, vocabulary: Vocabulary) -> None:
    assert with_parameter(fact, unit, "3", vocabulary) == "wrong-unit"


def test_parameter_beyond_the_bounds_of_the_fact_is_refused(vocabulary: Vocabulary) -> None:
    found = with_parameter("importer.nonCompliantShare", "unit:Share", "1.5", vocabulary)
    assert found == "out-of-range"
