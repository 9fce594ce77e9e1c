"""A table of 10,000 rows loads, is checked and decides; a fault points at its row and column."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.decide.answer import Engine
from engine.decide.network import Network
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.facts import GOVERNING_DATES, Facts
from engine.language.base import ReadBase, read_base
from engine.language.checks import check
from engine.language.diagnostics import RefusedError, Severity
from engine.language.vocabulary import Vocabulary
from tests.engines import needs_both_engines
from tests.large_table import lines, write

ROWS = 10_000
DAY = date(2026, 11, 23)


def with_table(folder: Path, knowledge_base: Path, rows: list[str]) -> Path:
    """A folder of rules that holds the table alone."""
    rules = folder / "rules"
    for name in ("harmonised", "parameters"):
        shutil.copytree(knowledge_base / "rules" / name, rules / name)
    write(rules, rows)
    return rules


@pytest.fixture(scope="module")
def read(
    tmp_path_factory: pytest.TempPathFactory, knowledge_base: Path, vocabulary: Vocabulary
) -> ReadBase:
    folder = tmp_path_factory.mktemp("large")
    return read_base(with_table(folder, knowledge_base, lines(vocabulary, ROWS)), vocabulary)


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


@pytest.fixture(scope="module", params=[Semantics, pytest.param(Network, marks=needs_both_engines)])
def engine(request: pytest.FixtureRequest, program: Program) -> Engine:
    """Each engine, made once: the network takes 200 MB, and none is ever freed."""
    made: Engine = request.param(program)
    return made


@pytest.mark.parametrize("row", [0, 1, 5000, ROWS - 1])
def test_a_row_decides(program: Program, row: int, engine: Engine) -> None:
    compiled = program.rules[program.numbers[f"customs/large#R{row}"]]
    pattern = compiled.variants[0].patterns[0]
    tests = [program.tests[test] for test, _ in pattern.needs]
    code = next(test.codes[0].code for test in tests if test.codes)
    origin = next(test.terms[0] for test in tests if test.terms)
    judge = engine.judge
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
    rows = lines(vocabulary, ROWS)
    rows[row + 1] = fault
    with pytest.raises(RefusedError) as refused:
        read_base(with_table(tmp_path, knowledge_base, rows), vocabulary)
    (found,) = refused.value.diagnostics
    assert (found.code, found.file, found.line) == (code, "rules/customs/large.csv", row + 2)
    assert f"column `{column}`" in found.message
