"""The table of increased controls: its cells against the source, its words against the ontology."""

import csv
import re
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from engine.knowledge import load
from engine.language.vocabulary import Vocabulary

HOME = Path(__file__).parent.parent
TABLE = HOME / "rules" / "food" / "increased-controls.csv"
SOURCE = HOME.parent / "shared" / "data" / "eu_2019_1793_border_criteria"
needs_source = pytest.mark.skipif(
    not SOURCE.is_dir(), reason="../shared/data is absent: this clone has no source data"
)

COLUMNS = [
    "id",
    "annex",
    "row",
    "product",
    "origin_grown",
    "origin_processed",
    "dispatched_from",
    "code",
    "ex",
    "subdivision",
    "use",
    "state",
    "packed",
    "hazards",
    "rate",
    "footnotes",
]

HAZARDS = {
    "Aflatoxins": "hazard:Aflatoxins",
    "Aflatoxins and Ochratoxin A": "hazard:Aflatoxins hazard:OchratoxinA",
    "Pesticide residues": "hazard:PesticideResidues",
    "Salmonella": "hazard:Salmonella",
    "Sudan dyes": "hazard:SudanDyes",
}
GROWN = {"Aflatoxins", "Aflatoxins and Ochratoxin A", "Pesticide residues"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def table() -> list[dict[str, str]]:
    return read(TABLE)


@cache
def vocabulary() -> Vocabulary:
    return load(HOME / "ontology")


@cache
def source() -> list[tuple[dict[str, str], dict[str, str]]]:
    """Each code line of the source with its criterion, in the order of the source."""
    criteria = {row["criterion_id"]: row for row in read(SOURCE / "criteria.csv")}
    return [(criteria[line["criterion_id"]], line) for line in read(SOURCE / "criteria_codes.csv")]


def expected(criterion: dict[str, str], line: dict[str, str], ex: str) -> dict[str, str]:
    """Return the row that the two source lines call for; the term in *ex* is ours."""
    origin, hazard = criterion["country_of_origin"], criterion["hazard"]
    use, frequency = criterion["intended_use"], criterion["check_frequency_pct"]
    return {
        "id": criterion["criterion_id"],
        "annex": criterion["annex"].partition(".")[0],
        "row": criterion["row"],
        "product": criterion["product"],
        "origin_grown": origin if hazard in GROWN else "",
        "origin_processed": "" if hazard in GROWN else origin,
        "dispatched_from": criterion["dispatched_from"],
        "code": line["cn_digits"],
        "ex": ex if line["ex"] == "1" else "",
        "subdivision": line["taric_subdivision"].replace(";", ""),
        "use": "use:Food use:Feed" if use == "food and feed" else "use:Food",
        "state": "state:Dried" if use == "food - dried spices" else "",
        "packed": "true" if criterion["criterion_id"] == "C005" else "",
        "hazards": HAZARDS[hazard],
        "rate": "" if frequency == "SUSPENDED" else str(Decimal(frequency).scaleb(-2)),
        "footnotes": criterion["footnotes"],
    }


def test_the_columns_are_those_that_rules_bind() -> None:
    assert list(table()[0]) == COLUMNS


@needs_source
def test_the_table_has_every_line_of_the_source_in_its_order() -> None:
    assert [(row["id"], row["code"]) for row in table()] == [
        (line["criterion_id"], line["cn_digits"]) for _, line in source()
    ]
    assert (len(table()), len({row["id"] for row in table()})) == (326, 69)


@needs_source
def test_every_cell_is_that_of_the_source() -> None:
    for row, (criterion, line) in zip(table(), source(), strict=True):
        assert row == expected(criterion, line, row["ex"])


@needs_source
def test_a_line_has_a_product_term_exactly_where_its_code_holds_more() -> None:
    for row, (_, line) in zip(table(), source(), strict=True):
        assert bool(row["ex"]) == (line["ex"] == "1"), row


@needs_source
def test_the_same_product_has_the_same_term_across_criteria() -> None:
    terms: dict[str, set[str]] = {}
    for row in table():
        if row["ex"]:
            terms.setdefault(row["product"], set()).add(row["ex"])
    assert all(len(found) == 1 for found in terms.values())


def test_exactly_one_origin_stands_in_each_line() -> None:
    assert all(bool(row["origin_grown"]) != bool(row["origin_processed"]) for row in table())


def test_every_term_is_in_the_ontology() -> None:
    for row in table():
        for column in ("ex", "use", "state", "hazards"):
            assert all(word in vocabulary().terms for word in row[column].split()), row


def test_every_product_term_is_a_food() -> None:
    assert all(vocabulary().is_a(row["ex"], "product:Food") for row in table() if row["ex"])


def test_every_country_is_known() -> None:
    for row in table():
        for column in ("origin_grown", "origin_processed", "dispatched_from"):
            assert row[column] in vocabulary().countries or not row[column], row


def test_every_code_is_in_hs_2022() -> None:
    for row in table():
        assert re.fullmatch(r"\d{4}|\d{6}|\d{8}", row["code"]), row
        assert vocabulary().knows_code(row["code"]), row


def test_the_definition_of_a_product_term_names_the_heading_of_each_of_its_lines() -> None:
    for row in table():
        if row["ex"]:
            heading = row["code"][:4]
            assert heading in vocabulary().terms[row["ex"]].definition, row


def test_only_suspended_lines_have_no_rate() -> None:
    assert {row["annex"] for row in table() if not row["rate"]} == {"IIa"}
    assert all(row["rate"] == "" for row in table() if row["annex"] == "IIa")


def test_rates_are_exact_shares() -> None:
    rates = {Decimal(row["rate"]) for row in table() if row["rate"]}
    assert all(0 < rate <= 1 for rate in rates)


def test_lines_of_one_rule_differ_only_in_code_and_product_term() -> None:
    apart = {"code", "ex", "subdivision"}
    for _, lines in groupby(table(), key=lambda row: row["id"]):
        shared = {tuple((key, row[key]) for key in COLUMNS if key not in apart) for row in lines}
        assert len(shared) == 1


def test_lines_of_one_rule_stand_together() -> None:
    ids = [key for key, _ in groupby(row["id"] for row in table())]
    assert len(ids) == len(set(ids))
