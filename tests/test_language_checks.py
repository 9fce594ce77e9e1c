"""Static checks over a whole rule base, each at the line that an author must mend."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.base import read_base
from engine.language.checks import _covers, check
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.period import Period
from engine.language.rule import DatedNumber
from engine.language.vocabulary import Basis, Vocabulary
from tests.language_sample import (
    CONTROL,
    DANGER,
    ROWS,
    TABLE,
    changed,
    checked,
    only,
    place,
    with_test,
    write,
    write_base,
)

DAY = date(2026, 11, 23)
CODE = '{ fact = "goods.commodityCode", within = "9503", basis = "law", criterion = "code" }'
RISK = (
    '{ fact = "item.riskLevel", at_least = "level:High", basis = "law", '
    'criterion = "other", reason = "joint" }'
)
WHY = """
[proportionality]
objective = "objective:HumanHealthOrSafety"
standard = "EN 71-1"
alternative = [ { task = "control:Documentary", contribution = "lower", available = true, why = "x" } ]

[[example]]
name = "code not stated, again\""""
DISCRETIONARY = changed(
    with_test(f"{CODE},\n  {RISK}", CONTROL),
    ("mandate = true\n", ""),
    ('\n[[example]]\nname = "code not stated"', WHY),
    (
        'given = { "goods.commodityCode" = "950300" }',
        'given = { "goods.commodityCode" = "950300", "item.riskLevel" = "level:High" }',
    ),
)
LIKELIHOOD = changed(
    with_test(CODE),
    (
        'danger = { hazard = "hazard:Choking", level = "level:High", '
        'population = "population:ChildrenUnder3", interest = "interest:Safety" }',
        'likelihood = { hazard = "hazard:Choking", band = "likelihood:High", evidence = "x" }',
    ),
)
CONCLUDES = changed(
    DANGER,
    ('"assess"', '"record"'),
    (
        'danger = { hazard = "hazard:Choking", level = "level:High", '
        'population = "population:ChildrenUnder3", interest = "interest:Safety" }',
        'concludes = { "importer.record" = "record:Poor" }',
    ),
)
RECORD = '{ fact = "importer.record", is = "record:Poor", basis = "law", criterion = "compliance" }'


class Checks:
    """Checks a rule base of the shipped matrices and some rules."""

    def __init__(self, knowledge_base: Path, folder: Path, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.rules = write_base(knowledge_base, folder)

    def __call__(self, code: str | None = None, day: date = DAY, **files: str) -> list[Diagnostic]:
        for name, text in files.items():
            write(self.rules, name.replace("__", "/") + ".toml", text)
        return checked(self.rules, self.vocabulary, day, code=code)


@pytest.fixture
def checks(knowledge_base: Path, tmp_path: Path, vocabulary: Vocabulary) -> Checks:
    return Checks(knowledge_base, tmp_path, vocabulary)


def test_shipped_rules_have_no_error(knowledge_base: Path, vocabulary: Vocabulary) -> None:
    read = read_base(knowledge_base / "rules", vocabulary)
    errors = [d for d in check(read, vocabulary, DAY) if d.severity is Severity.ERROR]
    assert errors == []


@pytest.mark.parametrize("text", [DANGER, CONTROL, DISCRETIONARY])
def test_sample_has_no_fault(text: str, checks: Checks) -> None:
    assert checks(a=text) == []


# Law


def test_unknown_basis_is_refused_with_its_near_word(checks: Checks) -> None:
    found = only(checks("unknown-basis", a=with_test(CODE.replace('"law"', '"laws"'))))
    assert place(found) == ("unknown-basis", "rules/a.toml", 14)
    assert found.help == "did you mean `law`?"


def test_shared_basis_need_not_be_declared(checks: Checks) -> None:
    assert checks("unknown-basis", a=with_test(CODE.replace('"law"', '"proportion"'))) == []


def test_uncited_basis_is_warned_of(checks: Checks) -> None:
    found = only(
        checks(
            a=changed(
                DANGER,
                (
                    "[when]",
                    DANGER[DANGER.index("[basis") : DANGER.index("[when]")].replace("law]", "more]")
                    + "[when]",
                ),
            )
        )
    )
    assert place(found) == ("unused-basis", "rules/a.toml", 12)
    assert found.severity is Severity.WARNING


def test_basis_that_hides_a_shared_one_is_warned_of(checks: Checks) -> None:
    found = only(
        checks(a=changed(DANGER, ("basis.law", "basis.proportion"), ('"law"', '"proportion"')))
    )
    assert place(found) == ("hidden-basis", "rules/a.toml", 6)


@pytest.mark.parametrize("text", [LIKELIHOOD, DISCRETIONARY])
def test_selecting_test_without_criterion_is_refused(text: str, checks: Checks) -> None:
    text = changed(text, (', criterion = "code"', ""))
    found = only(checks("no-criterion", a=text))
    assert place(found)[2] == (14 if text.count("risk") == 0 else found.line)
    assert "goods.commodityCode" in text.splitlines()[found.line - 1]


def test_mandate_needs_no_criterion(checks: Checks) -> None:
    assert checks("no-criterion", a=CONTROL) == []


def test_status_that_law_does_not_set_is_refused(checks: Checks) -> None:
    text = changed(
        CONTROL,
        ("mandate = true\n", ""),
        ('control = [ { task = "control:Physical", rate = 1 } ]', 'status = "status:Hold"'),
    )
    found = only(checks("discretionary-status", a=text))
    assert text.splitlines()[found.line - 1].startswith("status")


def test_control_that_depends_on_no_risk_is_refused(checks: Checks) -> None:
    found = only(checks(a=changed(DISCRETIONARY, (f",\n  {RISK}", ""))))
    assert place(found) == ("no-risk", "rules/a.toml", 12)


@pytest.mark.parametrize(
    "test",
    [
        f"{{ any = [ {RISK}, {CODE} ] }}",
        f"{{ none = [ {RISK} ] }}",
        RISK.replace('at_least = "level:High"', "known = true"),
    ],
)
def test_control_that_some_way_applies_without_risk_is_refused(test: str, checks: Checks) -> None:
    assert (
        only(checks("no-risk", a=changed(DISCRETIONARY, (f"\n  {RISK}", f"\n  {test}")))).line == 12
    )


def test_control_that_tests_risk_in_each_way_is_proportionate(checks: Checks) -> None:
    either = f"{{ any = [ {RISK}, {{ all = [ {RISK}, {CODE} ] }} ] }}"
    assert checks("no-risk", a=changed(DISCRETIONARY, (f"\n  {RISK}", f"\n  {either}"))) == []


def test_random_selection_that_tests_risk_is_refused(checks: Checks) -> None:
    text = changed(DISCRETIONARY, ('phase = "control"', 'phase = "control"\nselection = "random"'))
    found = only(checks("random-risk", a=text))
    assert "item.riskLevel" in text.splitlines()[found.line - 1]


def test_random_selection_of_a_mandate_is_refused(checks: Checks) -> None:
    text = changed(CONTROL, ('phase = "control"', 'phase = "control"\nselection = "random"'))
    assert place(only(checks(a=text))) == ("misplaced-key", "rules/a.toml", 4)


PLAN = """
[basis.plan]
cite = "A plan of an agency"
gist = "It samples."
status = "illustrative"
checked = 2026-11-23
"""
SCHEME = changed(
    DISCRETIONARY,
    ('phase = "control"', 'phase = "control"\nselection = "scheme"\nreview_by = 2027-01-01'),
    (f",\n  {RISK}", ""),
    ('basis = "demonstration"', 'basis = "plan"'),
    ("\n[when]", f"{PLAN}\n[when]"),
)


def test_a_scheme_that_names_its_programme_and_its_end_needs_no_risk(checks: Checks) -> None:
    assert checks(a=SCHEME) == []
    until = SCHEME.replace("review_by = 2027-01-01", "effective = { until = 2027-01-01 }")
    assert checks(a=until) == []


def test_a_scheme_without_a_programme_is_refused_at_its_basis(checks: Checks) -> None:
    text = changed(SCHEME, ('basis = "plan"', 'basis = "demonstration"'), (PLAN, ""))
    found = only(checks(a=text))
    assert found.code == "no-programme"
    assert text.splitlines()[found.line - 1].startswith("basis")


def test_a_scheme_without_an_end_or_a_review_is_refused(checks: Checks) -> None:
    assert (
        only(checks(a=changed(SCHEME, ("\nreview_by = 2027-01-01", "")))).code == "endless-scheme"
    )


def test_a_scheme_that_tests_risk_is_refused_at_the_test(checks: Checks) -> None:
    text = changed(SCHEME, (CODE, f"{CODE},\n  {RISK}"))
    found = only(checks("scheme-risk", a=text))
    assert "item.riskLevel" in text.splitlines()[found.line - 1]


def test_a_scheme_tests_what_goods_are_and_no_record(checks: Checks) -> None:
    """What is concluded of the goods tells whether a programme means them."""
    text = changed(SCHEME, (CODE, f"{CODE},\n  {RECORD}"))
    assert only(checks("scheme-risk", a=text, b=CONCLUDES)).code == "scheme-risk"
    kind = '{ fact = "goods.type", is_a = "product:Toy", basis = "law", criterion = "nature" }'
    toys = changed(
        CONCLUDES,
        ('"record"', '"classify"'),
        ('"importer.record" = "record:Poor"', '"goods.type" = "product:Toy"'),
    )
    assert checks("scheme-risk", a=changed(SCHEME, (CODE, f"{CODE},\n  {kind}")), b=toys) == []


def test_a_scheme_that_tests_what_is_looked_up_is_refused_but_for_an_exemption(
    checks: Checks,
) -> None:
    share = '{ fact = "importer.nonCompliantShare", over = 0.3, basis = "law", criterion = "compliance" }'
    text = changed(SCHEME, (CODE, f"{CODE},\n  {share}"))
    found = only(checks("scheme-risk", a=text))
    assert "importer.nonCompliantShare" in text.splitlines()[found.line - 1]
    spared = '{ fact = "importer.authorised", is = true, basis = "law" }'
    exempt = changed(SCHEME, ("\n[then]", f"\n[unless]\nany = [\n  {spared},\n]\n\n[then]"))
    assert checks("scheme-risk", a=exempt) == []


def test_a_scheme_above_documentary_weighs_alternatives(checks: Checks) -> None:
    text = SCHEME.replace(WHY[WHY.index("[prop") : WHY.index("[[")], "")
    assert only(checks(a=text)).code == "no-proportionality"


def test_a_scheme_of_a_mandate_is_refused(checks: Checks) -> None:
    text = changed(CONTROL, ('phase = "control"', 'phase = "control"\nselection = "scheme"'))
    assert place(only(checks(a=text))) == ("misplaced-key", "rules/a.toml", 4)


def test_control_above_documentary_weighs_alternatives(checks: Checks) -> None:
    text = DISCRETIONARY.replace(WHY[WHY.index("[prop") : WHY.index("[[")], "")
    assert only(checks(a=text)).code == "no-proportionality"
    documentary = text.replace("control:Physical", "control:Documentary")
    assert checks(a=documentary) == []


def test_control_names_a_standard_or_why_it_deviates(checks: Checks) -> None:
    text = changed(DISCRETIONARY, ('standard = "EN 71-1"\n', ""))
    assert only(checks(a=text)).code == "no-standard"
    assert checks(a=text.replace("alternative =", 'deviation = "none fits"\nalternative =')) == []


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

PERIODS = 'title = "Low"\nunit = "unit:Kilogram"\n'


def valued(start: str, end: str | None) -> str:
    until = "" if end is None else f"until = {end}\n"
    return (
        f"[[value]]\nfrom = {start}\n{until}is = 5\n[value.basis]\ncite = 'c'\ngist = 'g'\n"
        'status = "law"\nchecked = 2026-01-01\n'
    )


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


# Texts and examples


@pytest.mark.parametrize("key", ["reason_class", "remedy"])
def test_trader_must_be_told(key: str, checks: Checks) -> None:
    text = "\n".join(line for line in CONTROL.splitlines() if not line.startswith(key))
    found = only(checks(a=text))
    assert (found.code, found.line) == ("missing-key", text.splitlines().index("[then]") + 1)


def test_mandate_cannot_pass_what_is_unknown(checks: Checks) -> None:
    text = changed(CONTROL, ("because =", 'on_unknown = "pass"\nbecause ='))
    found = only(checks(a=text))
    assert text.splitlines()[found.line - 1].startswith("on_unknown")
    assert found.code == "mandate-passes"


def missing(checks: Checks, text: str) -> list[str]:
    return [d.message.partition(": ")[2] for d in checks("no-example", a=text)]


def test_rule_shows_a_case_that_applies(checks: Checks) -> None:
    text = changed(DANGER, ('expect = "applies"', 'expect = "does not apply"'))
    assert missing(checks, text) == ["one that applies"]


def test_rule_shows_a_case_with_a_fact_missing(checks: Checks) -> None:
    text = changed(DANGER, ('expect = "undetermined"', 'expect = "does not apply"'))
    assert missing(checks, text) == ["one with a fact missing, undetermined"]


EXEMPT = (
    '[unless]\nany = [\n  { fact = "documents", has = "certificate:ChedD", basis = "law" },\n'
    '  { fact = "importer.authorised", is = true, basis = "law" },\n]\n\n[then]'
)


def spared(given: str) -> str:
    return f'\n[[example]]\nname = "spared"\ngiven = {given}\nexpect = "does not apply"\n'


def test_rule_shows_a_case_for_each_exemption(checks: Checks) -> None:
    text = changed(DANGER, ("[then]", EXEMPT))
    both = [
        "one that does not apply, exempted by `certificate:ChedD`",
        "one that does not apply, exempted by `importer.authorised`",
    ]
    assert missing(checks, text) == both
    text += spared('{ "documents" = { "certificate:ChedA" = "declared" } }')
    assert missing(checks, text) == both
    text += spared('{ "documents" = { "certificate:ChedD" = "declared" } }')
    assert missing(checks, text) == both[1:]
    text += spared('{ "importer.authorised" = true }')
    assert missing(checks, text) == []


@pytest.mark.parametrize(
    ("test", "given", "boundaries"),
    [
        ('"goods.netMassKg", under = 5', '"goods.netMassKg" = 4', ["`goods.netMassKg` exactly 5"]),
        ('"goods.netMassKg", under = 5', '"goods.netMassKg" = 5.0', []),
        (
            '"goods.netMassKg", between = [5, 9]',
            '"goods.netMassKg" = 9',
            ["`goods.netMassKg` exactly 5"],
        ),
        ('"goods.netMassKg", between = [5, 5]', '"goods.netMassKg" = 5', []),
        (
            '"goods.value", over = { amount = 5, currency = "EUR" }',
            '"goods.value" = { amount = 5, currency = "USD" }',
            ["`goods.value` exactly 5 EUR"],
        ),
        (
            '"goods.value", over = { amount = 5, currency = "EUR" }',
            '"goods.value" = { amount = 5, currency = "EUR" }',
            [],
        ),
        (
            '"goods.value", between = [{ amount = 5, currency = "EUR" }, { amount = 9, currency = "EUR" }]',
            '"goods.value" = { amount = 5, currency = "EUR" }',
            ["`goods.value` exactly 9 EUR"],
        ),
        ('"importer.record", at_least = "record:Fair"', "", []),
    ],
)
def test_rule_shows_each_numeric_boundary(
    test: str, given: str, boundaries: list[str], checks: Checks
) -> None:
    text = with_test(f'{CODE},\n  {{ fact = {test}, basis = "law" }}')
    assert missing(checks, text + spared(f"{{ {given} }}")) == boundaries


def test_boundary_of_a_parameter_may_be_that_of_any_of_its_days(checks: Checks) -> None:
    text = with_test(
        '{ fact = "goods.netMassKg", under = { parameter = "parameters/low" }, basis = "law" }'
    )
    later = valued("2027-01-01", None).replace("is = 5", "is = 6")
    write(checks.rules, "parameters/low.toml", PERIODS + valued("2026-01-01", "2027-01-01") + later)
    assert missing(checks, text) == ["`goods.netMassKg` exactly 6"]
    assert missing(checks, text + spared('{ "goods.netMassKg" = 5 }')) == []


# Tables


def test_finding_that_all_rows_share_is_said_once(checks: Checks) -> None:
    write(checks.rules, "nuts.csv", ROWS)
    found = only(
        checks(
            "unknown-basis",
            a=changed(
                TABLE,
                (
                    '"state", blank = "any" }, basis = "law"',
                    '"state", blank = "any" }, basis = "law"',
                ),
                ('"origin" }, basis = "law"', '"origin" }, basis = "laws"'),
            ),
        )
    )
    assert place(found) == ("unknown-basis", "rules/a.toml", 19)
    assert found.message == "unknown basis `laws`"


def test_finding_about_some_rows_names_them(checks: Checks) -> None:
    rows = ROWS + "".join(f"N{n},Nuts,080221,TR,state:Dried,0.10\n" for n in range(3, 8))
    write(checks.rules, "nuts.csv", rows)
    found = only(
        checks(
            "unknown-basis",
            a=changed(
                TABLE,
                (
                    '"state", blank = "any" }, basis = "law"',
                    '"state", blank = "any" }, basis = "laws"',
                ),
            ),
        )
    )
    assert found.message == "rows `N1`, `N3`, `N4` and 3 more: unknown basis `laws`"
    assert found.line == 20


def test_place_of_a_test_survives_the_merging_of_lines(checks: Checks) -> None:
    # The code, which differs between lines, moves behind the origin; their places must not swap.
    write(checks.rules, "nuts.csv", ROWS)
    found = only(
        checks(
            "unknown-basis",
            a=changed(TABLE, ('"code" }, basis = "law"', '"code" }, basis = "laws"')),
        )
    )
    assert found.line == 18


def test_table_needs_examples_as_a_whole(checks: Checks) -> None:
    write(checks.rules, "nuts.csv", ROWS)
    text = changed(TABLE, ('expect = "applies"', 'expect = "does not apply"'))
    assert only(checks(a=text)).message == "an example is missing: one that applies"


def test_numbers_that_come_from_nowhere_are_refused(checks: Checks) -> None:
    found = only(checks("no-grounds", a=changed(DANGER, ('basis = "demonstration"\n', ""))))
    assert "demonstration" in str(found.help)


def test_unknown_basis_of_a_consequence_gets_its_near_word(checks: Checks) -> None:
    text = changed(DANGER, ('basis = "demonstration"', 'basis = "demonstratoin"'))
    found = only(checks("unknown-basis", a=text))
    assert found.help == "did you mean `demonstration`?"


def test_basis_of_a_consequence_is_cited(checks: Checks) -> None:
    text = changed(DANGER, ('basis = "demonstration"', 'basis = "law"'))
    assert checks("unused-basis", a=text) == []
