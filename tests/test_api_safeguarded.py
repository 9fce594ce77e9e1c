"""What `check` says of safeguards: warnings on rules, lines on declarations, a count."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from api.inputs import read_all
from api.safeguarded import Told, safeguarded
from engine.decide.program import Program
from engine.language.base import ReadBase
from engine.language.checks import check
from engine.language.period import Period
from engine.release import Release, silent
from tests.conftest import DAY, ROOT
from tests.specs_sample import program_of, rule_of

SESAME = ROOT / "features" / "declarations" / "sesame-nigeria.json"


@pytest.fixture(scope="module")
def told(program: Program) -> Told:
    return safeguarded(program, read_all([SESAME], None)[0], DAY, silent)


def test_without_a_flag_there_is_a_count_alone(told: Told) -> None:
    (count,) = told.lines(every=False)
    assert count.startswith("safeguards: 0 flag, ")
    assert list(told.warnings([])) == []


def test_every_finding_is_a_line_on_demand(told: Told) -> None:
    *lines, _ = told.lines(every=True)
    findings = [*told.rules, *(one for found in told.declarations.values() for one in found)]
    assert len(lines) == len(findings)
    assert any("insufficient record SPS-2.3: origin IN instead of NG" in line for line in lines)


def test_a_flag_on_rows_is_a_warning_at_their_table(release: Release) -> None:
    rows = [one for one in release.base.rules if one.table == "customs/neighbours"]
    endless = [replace(one, review_by=DAY) for one in rows]
    (one,) = safeguarded(program_of(release, *endless), [], DAY, silent).warnings([])
    assert str(one).startswith(
        "rules/customs/neighbours.toml:1: warning[safeguard-review]: rows `N01`, `N02`, `N03` "
        "and 4 more: the review was due by 2026-11-23"
    )


def test_what_static_checks_said_is_not_said_again(release: Release) -> None:
    wood = replace(rule_of(release, "plants/wood-danger"), review_by=DAY)
    program = program_of(release, wood)
    rules = tuple(compiled.rule for compiled in program.rules)
    base = replace(release.base, rules=rules)
    said = check(ReadBase.without_files(base), release.vocabulary, DAY)
    told = safeguarded(program, [], DAY, silent)
    assert [one.file for one in told.warnings([])] == ["rules/plants/wood-danger.toml"]
    assert list(told.warnings(said)) == []


def test_versions_of_a_declaration_are_decided_as_one(program: Program, tmp_path: Path) -> None:
    second = tmp_path / "second.json"
    second.write_text(SESAME.read_text().replace('"NG"', '"IN"'))
    messages, _ = read_all([SESAME, second], None)
    found = safeguarded(program, messages, DAY, silent).declarations
    assert len(found) == 1
    assert any("instead of IN" in one.words for one in next(iter(found.values())))


def test_a_rule_that_ended_needs_no_review(release: Release) -> None:
    ended = replace(
        rule_of(release, "plants/wood-danger"), review_by=None, effective=Period(end=DAY)
    )
    assert list(safeguarded(program_of(release, ended), [], DAY, silent).warnings([])) == []
