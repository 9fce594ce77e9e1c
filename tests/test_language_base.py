"""The rule base: parameters with dated values, and the three harmonised tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.language.base import read_base
from engine.language.diagnostics import Diagnostic
from engine.language.vocabulary import Vocabulary
from tests.language_sample import changed, only, place, refused_base, write, write_base

VALUE = """
[[value]]
from = 2026-01-01
until = 2027-01-01
is = 5
[value.basis]
cite = "A law"
gist = "It says so."
status = "illustrative"
checked = 2026-11-23
"""
LATER = changed(VALUE, ("2026-01-01", "2027-01-01"), ("until = 2027-01-01\n", ""), ("= 5", "= 6"))
PARAMETER = f'title = "Low value"\nunit = "EUR"\n{VALUE}'


@pytest.fixture
def rules(knowledge_base: Path, tmp_path: Path) -> Path:
    return write_base(knowledge_base, tmp_path)


# Parameters


def with_parameter(rules: Path, text: str) -> Path:
    write(rules, "parameters/low.toml", text)
    return rules


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), Decimal(5)),
        (date(2026, 12, 31), Decimal(5)),
        (date(2027, 1, 1), Decimal(6)),
    ],
)
def test_parameter_has_the_value_of_the_day(
    day: date, number: Decimal | None, rules: Path, vocabulary: Vocabulary
) -> None:
    # The order of the file does not matter.
    text = f'title = "Low value"\nunit = "EUR"\n{LATER}{VALUE}'.replace(
        "until = 2027-01-01\nis = 6", "is = 6"
    )
    base = read_base(with_parameter(rules, text), vocabulary).base
    assert base.parameters["parameters/low"].on(day) == number


def test_parameter_below_a_folder_is_read(rules: Path, vocabulary: Vocabulary) -> None:
    write(rules, "parameters/customs/low.toml", PARAMETER)
    assert list(read_base(rules, vocabulary).base.parameters) == ["parameters/customs/low"]


@pytest.mark.parametrize(
    ("former", "new", "code", "line"),
    [
        ('unit = "EUR"', 'unit = "unit:Kilo"', "unknown-term", 2),
        ('title = "Low value"', "", "missing-key", 1),
        ("is = 5", "is = nan", "wrong-type", 7),
        ("is = 5", "was = 5", "unknown-key", 7),
        ('cite = "A law"', "cite = 3", "wrong-type", 9),
        (VALUE, "value = []", "empty", 3),
    ],
)
def test_parameter_that_does_not_fit_is_refused_at_its_line(
    former: str, new: str, code: str, line: int, rules: Path, vocabulary: Vocabulary
) -> None:
    found = refused_base(with_parameter(rules, changed(PARAMETER, (former, new))), vocabulary)
    assert place(found[0]) == (code, "rules/parameters/low.toml", line)


@pytest.mark.parametrize("days", ["0", "2.5", "-1", "1001"])
def test_working_days_are_whole_and_at_least_one(
    days: str, rules: Path, vocabulary: Vocabulary
) -> None:
    text = changed(PARAMETER, ('"EUR"', '"unit:WorkingDay"'), ("is = 5", f"is = {days}"))
    found = only(refused_base(with_parameter(rules, text), vocabulary))
    assert place(found) == ("wrong-days", "rules/parameters/low.toml", 7)


def test_requests_are_answered_in_working_days(rules: Path, vocabulary: Vocabulary) -> None:
    write(rules, "parameters/request-days.toml", changed(PARAMETER, ('"EUR"', '"unit:Count"')))
    found = only(refused_base(rules, vocabulary))
    assert place(found) == ("wrong-unit", "rules/parameters/request-days.toml", 2)


def test_value_without_basis_lacks_just_that(rules: Path, vocabulary: Vocabulary) -> None:
    text = PARAMETER.partition("[value.basis]")[0]
    found = only(refused_base(with_parameter(rules, text), vocabulary))
    assert found.message == "`basis` is missing"


@pytest.mark.parametrize(
    "later", [LATER.replace("2027-01-01", "2026-12-31"), LATER.replace("from = 2027-01-01\n", "")]
)
def test_two_values_on_one_day_are_refused(later: str, rules: Path, vocabulary: Vocabulary) -> None:
    found = only(refused_base(with_parameter(rules, PARAMETER + later), vocabulary))
    assert found.code == "overlap"


# Matrices


def with_rows(rules: Path, name: str, *changes: tuple[str, str]) -> Path:
    path = rules / "harmonised" / f"{name}.csv"
    path.write_text(changed(path.read_text("utf-8"), *changes), "utf-8")
    return rules


def test_shipped_matrices_are_read(rules: Path, vocabulary: Vocabulary) -> None:
    matrices = read_base(rules, vocabulary).base.matrices
    assert matrices.danger_level(4, Decimal("0.001")) == "level:Serious"
    assert matrices.targeting["level:Serious"]["likelihood:VeryLow"] == "level:Medium"
    assert matrices.ladder["level:Low"] == ("control:PostClearanceAudit", Decimal("0.05"))


@pytest.mark.parametrize(
    ("name", "former", "new", "code", "line"),
    [
        ("severity", "0.01,level:Medium", "0.01,level:High", "not-monotone", 3),
        (
            "severity",
            "0.5,level:High,level:Serious",
            "0.5,level:High,level:Medium",
            "not-monotone",
            2,
        ),
        ("severity", "0.01,", "0.1,", "twice", 3),
        ("severity", "0.5,", "1.5,", "wrong-probability", 2),
        ("severity", "0.5,", "x,", "wrong-type", 2),
        (
            "targeting",
            "level:High,level:Low,level:Medium",
            "level:High,level:High,level:Medium",
            "not-monotone",
            4,
        ),
        (
            "targeting",
            "level:Serious,level:Medium,level:Medium",
            "level:Serious,level:Low,level:Low",
            "not-monotone",
            5,
        ),
        ("targeting", "level:High,level:Low", "level:Medium,level:Low", "twice", 4),
        ("targeting", "level:High,level:Low", "level:Hihg,level:Low", "unknown-term", 4),
        (
            "ladder",
            "level:High,control:Physical,1",
            "level:High,control:PostClearanceAudit,1",
            "not-monotone",
            4,
        ),
        ("ladder", "control:Physical,1", "control:Physical,1.1", "wrong-rate", 4),
        ("ladder", "control:Documentary,1", "control:Documentry,1", "unknown-term", 3),
    ],
)
def test_matrix_that_falls_or_does_not_fit_is_refused_at_its_row(
    name: str, former: str, new: str, code: str, line: int, rules: Path, vocabulary: Vocabulary
) -> None:
    found = refused_base(with_rows(rules, name, (former, new)), vocabulary)
    assert place(found[0]) == (code, f"rules/harmonised/{name}.csv", line)


@pytest.mark.parametrize(
    ("name", "former", "new", "code", "line"),
    [
        ("severity", "\n0,level:Low,level:Low,level:Low,level:Low", "", "gap", 5),
        ("targeting", "likelihood:Low", "likelihood:Lo", "unknown-column", 15),
        ("ladder", "\nlevel:Medium,control:Documentary,1", "", "gap", 22),
        ("ladder", "level,task,rate", "level,task,share", "unknown-column", 23),
    ],
)
def test_matrix_that_is_not_whole_is_refused_where_it_is_named(
    name: str, former: str, new: str, code: str, line: int, rules: Path, vocabulary: Vocabulary
) -> None:
    found: Diagnostic = refused_base(with_rows(rules, name, (former, new)), vocabulary)[0]
    assert place(found) == (code, "rules/harmonised/matrices.toml", line)


def test_missing_matrices_are_refused(rules: Path, vocabulary: Vocabulary) -> None:
    (rules / "harmonised" / "matrices.toml").unlink()
    found = only(refused_base(rules, vocabulary))
    assert place(found) == ("no-matrices", "rules/harmonised/matrices.toml", 1)


def test_missing_rows_of_a_matrix_are_refused_once(rules: Path, vocabulary: Vocabulary) -> None:
    (rules / "harmonised" / "ladder.csv").unlink()
    assert only(refused_base(rules, vocabulary)).code == "no-rows"


def test_table_with_five_thousand_columns_is_refused(rules: Path, vocabulary: Vocabulary) -> None:
    (rules / "harmonised" / "ladder.csv").write_text(",".join(f"c{n}" for n in range(5000)))
    assert {found.code for found in refused_base(rules, vocabulary)} == {"unknown-column"}
