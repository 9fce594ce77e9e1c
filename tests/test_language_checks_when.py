"""Static checks of when rules apply: their phases, tests, gates, days and parameters."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.checks import _covers
from engine.language.diagnostics import Severity
from engine.language.period import Period
from engine.language.rule import DatedNumber
from engine.language.vocabulary import Basis
from tests.checks_sample import (
    CODE,
    CONCLUDES,
    DAY,
    LIKELIHOOD,
    PERIODS,
    RECORD,
    RISK,
    Checks,
    valued,
)
from tests.language_sample import (
    DANGER,
    ROWS,
    TABLE,
    changed,
    only,
    place,
    with_test,
    write,
)

# Phases


def test_fact_concluded_later_is_refused_at_its_test(checks: Checks) -> None:
    reads = changed(
        with_test(RECORD, CONCLUDES),
        ('"record"', '"classify"'),
        ('"importer.record" =', '"goods.type" ='),
        ('= "record:Poor" }\n', '= "product:Toy" }\n'),
    )
    found = only(checks("wrong-phase", a=reads, b=CONCLUDES))
    assert place(found) == ("wrong-phase", "rules/a.toml", 14)
    assert "later" in found.message


def test_risk_level_is_read_by_controls_only(checks: Checks) -> None:
    found = only(checks("wrong-phase", a=with_test(RISK)))
    assert place(found) == ("wrong-phase", "rules/a.toml", 14)


def test_negation_within_a_phase_is_refused_at_its_test(checks: Checks) -> None:
    found = only(checks("negation-in-phase", a=with_test(f"{{ none = [ {RECORD} ] }}", CONCLUDES)))
    assert place(found) == ("negation-in-phase", "rules/a.toml", 14)


def test_exemption_within_a_phase_is_refused_at_its_test(checks: Checks) -> None:
    text = changed(CONCLUDES, ("\n[then]", f"\n[unless]\nany = [\n  {RECORD},\n]\n\n[then]"))
    found = only(checks("negation-in-phase", a=text))
    assert text.splitlines()[found.line - 1].strip().startswith(RECORD)


def test_negation_of_an_earlier_phase_is_allowed(checks: Checks) -> None:
    negated = with_test(
        f"{CODE},\n  {{ none = [ {RECORD} ] }}",
        LIKELIHOOD.replace(
            CODE, '{ fact = "goods.commodityCode", within = "9503", basis = "law" }'
        ),
    )
    assert checks("negation-in-phase", a=negated, b=CONCLUDES) == []


@pytest.mark.parametrize(
    ("test", "sound"),
    [
        ('is = "record:Poor"', True),
        ('at_least = "record:Fair"', True),
        ('over = "record:Good"', True),
        ('one_of = ["record:Poor", "record:Fair"]', True),
        ('is = "record:Fair"', False),
        ('one_of = ["record:Good", "record:Poor"]', False),
        ('at_most = "record:Fair"', False),
        ('under = "record:Poor"', False),
        ("known = true", False),
    ],
)
def test_only_a_test_that_can_but_come_true_reads_its_own_phase(
    test: str, sound: bool, checks: Checks
) -> None:
    text = with_test(f'{{ fact = "importer.record", {test}, basis = "law" }}', CONCLUDES)
    assert (checks("wrong-phase", a=text) == []) is sound


def test_fact_concluded_in_two_phases_is_refused(checks: Checks) -> None:
    found = only(
        checks("two-phases", a=CONCLUDES, b=CONCLUDES.replace('"record"\n', '"classify"\n'))
    )
    assert place(found) == ("two-phases", "rules/b.toml", 3)


def test_conclusion_that_nobody_reads_is_warned_of(checks: Checks) -> None:
    found = only(checks("unread", a=CONCLUDES))
    assert (found.line, found.severity) == (18, Severity.WARNING)
    assert (
        checks(
            "unread",
            b=with_test(
                f"{CODE},\n  {RECORD}",
                LIKELIHOOD.replace(
                    CODE, '{ fact = "goods.commodityCode", within = "9503", basis = "law" }'
                ),
            ),
        )
        == []
    )


def test_likelihood_without_danger_is_warned_of(checks: Checks) -> None:
    found = only(checks(a=LIKELIHOOD))
    assert (found.code, found.line, found.severity) == ("no-danger", 18, Severity.WARNING)
    assert checks(b=DANGER) == []


# Contradictions


PARTS = '{ fact = "goods.smallParts", is = true, basis = "law" }'


@pytest.mark.parametrize(
    "tests",
    [
        f"{PARTS}, {{ none = [{PARTS}] }}",
        f"{PARTS}, {{ none = [ {{ any = [ {CODE.replace('9503', '61')}, {PARTS} ] }} ] }}",
        f"{{ any = [{PARTS}] }}, {{ all = [ {{ none = [{PARTS}] }} ] }}",
        f"{PARTS}, {PARTS.replace('true', 'false')}",
        f"{PARTS}, {PARTS.replace('is = true', 'known = true')}, {PARTS.replace('is = true', 'known = false')}",
    ],
)
def test_fact_needed_both_ways_is_refused(tests: str, checks: Checks) -> None:
    assert only(checks("both-ways", a=with_test(f"{CODE}, {tests}"))).line == 12


@pytest.mark.parametrize(
    "tests",
    [
        f"{PARTS}, {{ none = [ {{ all = [ {CODE}, {PARTS} ] }} ] }}",
        f"{{ any = [ {PARTS}, {{ none = [{PARTS}] }} ] }}",
        f"{PARTS}, {{ none = [{PARTS.replace('true', 'false')}] }}",
    ],
)
def test_rule_that_can_apply_is_not_taken_for_a_contradiction(tests: str, checks: Checks) -> None:
    assert checks("both-ways", a=with_test(f"{CODE}, {tests}")) == []


def test_exemption_by_what_the_rule_needs_is_refused(checks: Checks) -> None:
    text = changed(
        with_test(f"{CODE}, {PARTS}"),
        ("\n[then]", f"\n[unless]\nany = [ {PARTS}, {CODE} ]\n\n[then]"),
    )
    assert only(checks("both-ways", a=text)).line == 17


# Gates


@pytest.mark.parametrize(
    ("tests", "gated"),
    [
        ('{ fact = "goods.commodityCode", within = "9503", basis = "law" }', True),
        ('{ fact = "goods.origin", is = "NG", basis = "law" }', True),
        ('{ fact = "goods.product", is_a = "product:Toy", basis = "law" }', True),
        ('{ fact = "goods.smallParts", known = true, basis = "law" }', True),
        (f"{{ any = [ {CODE}, {CODE.replace('9503', '61')} ] }}", True),
        (PARTS, False),
        ('{ fact = "goods.origin", known = false, basis = "law" }', False),
        ('{ fact = "goods.type", is_a = "product:Toy", basis = "law" }', False),
        ('{ fact = "importer.inspections", over = 3, basis = "law" }', False),
        (f"{{ any = [ {CODE}, {PARTS} ] }}", False),
        (f"{{ none = [ {CODE} ] }}", False),
    ],
)
def test_rule_without_gate_is_warned_of(tests: str, gated: bool, checks: Checks) -> None:
    found = checks("no-gate", a=with_test(tests))
    assert found == [] if gated else (found[0].line, found[0].severity) == (12, Severity.WARNING)


# Time


@pytest.mark.parametrize(("day", "overdue"), [(date(2027, 12, 31), 0), (date(2028, 1, 1), 1)])
def test_review_is_overdue_from_its_day_on(day: date, overdue: int, checks: Checks) -> None:
    text = changed(DANGER, ('phase = "assess"', 'phase = "assess"\nreview_by = 2028-01-01'))
    found = checks(day=day, a=text)
    assert [(d.code, d.line, d.severity) for d in found] == [
        ("overdue", 4, Severity.WARNING)
    ] * overdue


def test_review_of_a_provisional_measure_is_overdue_too(checks: Checks) -> None:
    text = changed(
        DANGER,
        (
            "[then]",
            '[provisional]\ninsufficient = "a"\nrelies_on = "b"\nsought = "c"\nsought_by = "d"\nreview = 2026-11-23\n\n[then]',
        ),
    )
    assert place(only(checks(a=text))) == ("overdue", "rules/a.toml", 22)


FORMER = changed(
    DANGER, ('phase = "assess"', 'phase = "assess"\neffective = { until = 2027-01-01 }')
)


@pytest.mark.parametrize(
    ("period", "overlaps"),
    [("{ from = 2027-01-01 }", 0), ("{ from = 2026-12-31 }", 1), ("{ until = 2028-01-01 }", 1)],
)
def test_period_that_overlaps_its_predecessor_is_refused(
    period: str, overlaps: int, checks: Checks
) -> None:
    text = changed(
        DANGER, ('phase = "assess"', f'phase = "assess"\neffective = {period}\nreplaces = "a"')
    )
    found = checks(a=FORMER, b=text)
    assert [place(d) for d in found] == [("overlap", "rules/b.toml", 4)] * overlaps


def test_predecessor_that_never_ends_overlaps(checks: Checks) -> None:
    text = changed(
        DANGER,
        ('phase = "assess"', 'phase = "assess"\neffective = { from = 2027-01-01 }\nreplaces = "a"'),
    )
    assert only(checks(a=DANGER, b=text)).code == "overlap"


def test_unknown_predecessor_is_refused_with_its_near_word(checks: Checks) -> None:
    text = changed(DANGER, ('phase = "assess"', 'phase = "assess"\nreplaces = "toys/ratles"'))
    found = only(checks(toys__rattles=FORMER, b=text))
    assert (place(found), found.help) == (
        ("unknown-rule", "rules/b.toml", 4),
        "did you mean `toys/rattles`?",
    )


def test_table_replaces_a_table(checks: Checks) -> None:
    write(checks.rules, "food/nuts.csv", ROWS)
    ends = changed(TABLE, ("mandate = true", "mandate = true\neffective = { until = 2027-01-01 }"))
    starts = changed(
        TABLE,
        (
            "mandate = true",
            'mandate = true\neffective = { from = 2027-01-01 }\nreplaces = "food/old"',
        ),
    )
    assert checks(food__old=ends, food__new=starts) == []


# Parameters


@pytest.mark.parametrize(
    ("effective", "values", "missing"),
    [
        ("{ from = 2026-01-01 }", [("2026-01-01", None)], 0),
        ("{ from = 2026-01-01 }", [("2026-01-02", None)], 1),
        ("{}", [("2026-01-01", None)], 1),
        ("{ from = 2026-01-01 }", [("2026-01-01", "2027-01-01")], 1),
        ("{ from = 2026-01-01 }", [("2026-01-01", "2027-01-01"), ("2027-01-02", None)], 1),
        ("{ from = 2028-01-01 }", [("2026-01-01", "2027-01-01"), ("2027-01-02", None)], 0),
        ("{ from = 2026-01-01, until = 2027-01-01 }", [("2025-01-01", "2027-01-01")], 0),
    ],
)
def test_parameter_without_value_on_some_day_of_a_rule_is_refused(
    effective: str, values: list[tuple[str, str | None]], missing: int, checks: Checks
) -> None:
    text = changed(
        with_test(
            '{ fact = "goods.netMassKg", under = { parameter = "parameters/low" }, basis = "law" }'
        ),
        ('phase = "assess"', f'phase = "assess"\neffective = {effective}'),
    )
    parameter = PERIODS + "".join(valued(*value) for value in values)
    found = checks("no-value", a=text, parameters__low=parameter)
    assert [place(d) for d in found] == [("no-value", "rules/a.toml", 15)] * missing


DAYS = st.none() | st.integers(0, 8).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
PERIODS_DRAWN = (
    st.tuples(DAYS, DAYS)
    .map(lambda ends: Period(start=ends[0], end=ends[1]))
    .filter(lambda p: p.start is None or p.end is None or p.start < p.end)
)


@given(st.lists(PERIODS_DRAWN, max_size=4), PERIODS_DRAWN)
def test_period_is_covered_if_each_of_its_days_is(periods: list[Period], period: Period) -> None:
    basis = Basis(cite="c", gist="g", status="law", checked=DAY)
    ordered = sorted(periods, key=lambda each: each.start or date.min)
    values = [DatedNumber(period=each, number=1, basis=basis) for each in ordered]  # type: ignore[arg-type]
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(3000)]
    every = all(any(day in each for each in periods) for day in days if day in period)
    assert _covers(values, period) is every
