"""Which scenario of which clause rests on which rule, and where none does.

Boundary: plain data; only rules and scenarios that the reader may see are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.words.reviewing import AGREEMENTS, ReviewWords
from engine.language.rule import Rule
from engine.specs.review import touched
from engine.specs.runner import ScenarioResult


@dataclass(frozen=True)
class Row:
    """A rule, or a table of rules, with the lines of the scenarios by clause."""

    rule: Rule
    rows: int
    cells: Mapping[str, tuple[int, ...]]

    @property
    def title(self) -> str:
        """What it is called: a table by its id."""
        return self.rule.table if self.rows else self.rule.title


@dataclass(frozen=True)
class Grid:
    """The clauses of an agreement against the rules on which their scenarios rest."""

    tag: str
    name: str
    clauses: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Matrix:
    """The grids of all agreements, and the holes.

    *unmet* are clauses without a scenario in which a breach is caught, *ruleless* those whose
    scenarios rest on no rule; *by_example* rules that only examples speak of, *bare* rules that
    nothing does.
    """

    grids: tuple[Grid, ...]
    unmet: tuple[str, ...]
    ruleless: tuple[str, ...]
    by_example: tuple[Row, ...]
    bare: tuple[Row, ...]


def matrix(words: ReviewWords) -> Matrix:
    """The matrix of a review."""
    tables: dict[str, list[Rule]] = {}
    for rule in words.sight.rules.values():
        tables.setdefault(rule.table, []).append(rule)
    cells: dict[str, dict[str, list[int]]] = {}
    unmet, ruleless = [], []
    obligations = words.review.specifications.obligations
    for clause, those in obligations.items():
        results = words.results(those)
        shown = [one for one in map(words.sight.result, results) if one is not None]
        for result in shown:
            for table in _tables(result, words.sight.rules):
                by_clause = cells.setdefault(table, {})
                by_clause.setdefault(clause, []).append(result.scenario.line)
        if not any(one.scenario.catches for one in results):
            unmet.append(clause)
        if not touched(results):
            ruleless.append(clause)
    rows = {table: _row(rules, cells.get(table, {})) for table, rules in tables.items()}
    without = [row for row in rows.values() if not row.cells]
    named = {table for table, rules in tables.items() if any(one.examples for one in rules)}
    return Matrix(
        grids=tuple(_grids(obligations, rows.values())),
        unmet=tuple(unmet),
        ruleless=tuple(ruleless),
        by_example=tuple(row for row in without if row.rule.table in named),
        bare=tuple(row for row in without if row.rule.table not in named),
    )


def _grids(clauses: Iterable[str], rows: Iterable[Row]) -> Iterable[Grid]:
    every = tuple(rows)
    found: dict[str, list[str]] = {tag: [] for tag in AGREEMENTS}
    for clause in clauses:
        found.setdefault(clause.partition("-")[0], []).append(clause)
    for tag, those in found.items():
        if those:
            resting = tuple(row for row in every if any(one in row.cells for one in those))
            yield Grid(tag, AGREEMENTS.get(tag, tag), tuple(those), resting)


def _tables(result: ScenarioResult, rules: Mapping[str, Rule]) -> list[str]:
    return sorted({rules[name].table for name in touched([result]) if name in rules})


def _row(rules: list[Rule], cells: Mapping[str, list[int]]) -> Row:
    many = len(rules) if "#" in rules[0].id else 0
    return Row(rules[0], many, {clause: tuple(lines) for clause, lines in cells.items()})
