"""A table of 10,000 rows loads, is checked and decides; a fault points at its row and column."""

from __future__ import annotations

import shutil
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import GOVERNING_DATES, Facts
from engine.language.base import ReadBase, read_base
from engine.language.checks import check
from engine.language.diagnostics import RefusedError, Severity
from engine.language.vocabulary import Vocabulary
from tests.engines import needs_both_engines

ROWS = 10_000
DAY = date(2026, 11, 23)
TABLE = """\
title = "Check {code} from {origin}"
agency = "agency:Customs"
phase = "control"
regime = "customs"
mandate = true

[table]
rows = "large.csv"

[when]
all = [
  { fact = "goods.commodityCode", within = { column = "code" }, basis = "customs-controls" },
  { fact = "goods.origin", is = { column = "origin" }, basis = "customs-controls" },
]

[then]
control = [ { task = "control:Documentary", rate = { column = "rate" } } ]
reason_class = "reason:FiscalAccuracy"
remedy = "None is needed."
because = "Row {id} names {code}."

[[example]]
name = "first row"
row = "R0"
given = { "goods.commodityCode" = "010121", "goods.origin" = "NG" }
expect = "applies"

[[example]]
name = "origin not stated"
row = "R0"
given = { "goods.commodityCode" = "010121" }
expect = "undetermined"
"""


def lines(vocabulary: Vocabulary) -> list[str]:
    codes = cycle(sorted(code for code in vocabulary.codes if len(code) == 6))
    origins = ("NG", "IN", "CN")
    rows = (
        f"R{n},{code},{origins[n % 3]},0.{n % 9 + 1}"
        for n, code in zip(range(ROWS), codes, strict=False)
    )
    return ["id,code,origin,rate", *rows]


def write(folder: Path, knowledge_base: Path, rows: list[str]) -> Path:
    rules = folder / "rules"
    for name in ("harmonised", "parameters"):
        shutil.copytree(knowledge_base / "rules" / name, rules / name)
    (rules / "customs").mkdir()
    (rules / "customs" / "large.toml").write_text(TABLE)
    (rules / "customs" / "large.csv").write_text("\n".join(rows) + "\n")
    return rules


@pytest.fixture(scope="module")
def read(
    tmp_path_factory: pytest.TempPathFactory, knowledge_base: Path, vocabulary: Vocabulary
) -> ReadBase:
    folder = tmp_path_factory.mktemp("large")
    return read_base(write(folder, knowledge_base, lines(vocabulary)), vocabulary)


@pytest.fixture(scope="module")
def program(read: ReadBase, vocabulary: Vocabulary) -> Program:
    return Program(read.base, vocabulary)


def facts(code: str, origin: str | None) -> Facts:
    values = {"goods.commodityCode": code}
    if origin is not None:
        values["goods.origin"] = origin
    return Facts(
        values=values,  # type: ignore[arg-type]
        documents={},
        settled=frozenset(),
        days=dict.fromkeys(GOVERNING_DATES, DAY),
    )


def test_every_row_is_a_rule(read: ReadBase) -> None:
    assert len(read.base.rules) == ROWS


def test_a_large_table_passes_its_checks(read: ReadBase, vocabulary: Vocabulary) -> None:
    found = check(read, vocabulary, DAY)
    assert [each for each in found if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize("row", [0, 1, 5000, ROWS - 1])
@pytest.mark.parametrize("engine", [Semantics, pytest.param(Network, marks=needs_both_engines)])
def test_a_row_decides(program: Program, row: int, engine: type[Semantics | Network]) -> None:
    compiled = program.rules[program.numbers[f"customs/large#R{row}"]]
    pattern = compiled.variants[0].patterns[0]
    tests = [program.tests[test] for test, _ in pattern.needs]
    code = next(test.codes[0].code for test in tests if test.codes)
    origin = next(test.terms[0] for test in tests if test.terms)
    judge = engine(program).judge
    assert compiled.number in judge(facts(code, origin)).applies
    assert compiled.number in judge(facts(code, None)).undetermined
    assert compiled.number not in judge(facts(code, "AQ")).applies


@pytest.mark.parametrize(
    ("row", "fault", "column", "code"),
    [
        (9_999, "R9999,010121,NG,1.5", "rate", "wrong-rate"),
        (5_000, "R5000,010121,XX,0.5", "origin", "unknown-country"),
        (7, "R7,123,NG,0.5", "code", "wrong-code"),
        (8_888, "R8888,010121,,0.5", "origin", "blank-cell"),
    ],
)
def test_a_fault_points_at_its_row_and_column(
    tmp_path: Path,
    knowledge_base: Path,
    vocabulary: Vocabulary,
    row: int,
    fault: str,
    column: str,
    code: str,
) -> None:
    rows = lines(vocabulary)
    rows[row + 1] = fault
    with pytest.raises(RefusedError) as refused:
        read_base(write(tmp_path, knowledge_base, rows), vocabulary)
    (found,) = refused.value.diagnostics
    assert (found.code, found.file, found.line) == (code, "rules/customs/large.csv", row + 2)
    assert f"column `{column}`" in found.message
