"""What law and proportionality ask of a rule, told at the line that an author must mend."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

from pathlib import Path

import pytest

from engine.language.base import read_base
from engine.language.checks import check
from engine.language.diagnostics import Severity
from engine.language.vocabulary import Vocabulary
from tests.checks_sample import (
    CODE,
    CONCLUDES,
    DAY,
    DISCRETIONARY,
    LIKELIHOOD,
    RECORD,
    RISK,
    WHY,
    Checks,
)
from tests.language_sample import (
    CONTROL,
    DANGER,
    changed,
    only,
    place,
    with_test,
)


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
