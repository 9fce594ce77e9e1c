"""Static checks of what a rule tells and shows, and of tables."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

import pytest

from tests.checks_sample import (
    CODE,
    PERIODS,
    Checks,
    valued,
)
from tests.language_sample import (
    CONTROL,
    DANGER,
    ROWS,
    TABLE,
    changed,
    only,
    place,
    with_test,
    write,
)

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
