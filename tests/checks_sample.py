"""Rules that have no fault, to be changed until they have one; and what checks them."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.language.diagnostics import Diagnostic
from engine.language.vocabulary import Vocabulary
from tests.language_sample import (
    CONTROL,
    DANGER,
    changed,
    checked,
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


PERIODS = 'title = "Low"\nunit = "unit:Kilogram"\n'


def valued(start: str, end: str | None) -> str:
    until = "" if end is None else f"until = {end}\n"
    return (
        f"[[value]]\nfrom = {start}\n{until}is = 5\n[value.basis]\ncite = 'c'\ngist = 'g'\n"
        'status = "law"\nchecked = 2026-01-01\n'
    )


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
