"""Which scenario of which clause rests on which rule, and where none does.

Boundary: plain data; only rules and scenarios that the reader may see are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.words.reviewing import AGREEMENTS, ReviewWords, in_order
from engine.language.rule import Rule
from engine.release import Release
from engine.specs.coverage import covered


@dataclass(frozen=True)
class Row:
    """A rule, or a table of so many *rows*, with the lines of the scenarios by clause."""

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

    *one_sided* and *ruleless* are pairs of a clause and an obligation, as `Coverage` has them;
    *by_example* are rules that only examples speak of, *bare* rules that nothing does, *uncited*
    what no rule cites on which a scenario rests.
    """

    grids: tuple[Grid, ...]
    one_sided: tuple[tuple[str, str], ...]
    ruleless: tuple[tuple[str, str], ...]
    by_example: tuple[Row, ...]
    bare: tuple[Row, ...]
    uncited: tuple[str, ...]


def matrix(words: ReviewWords, release: Release) -> Matrix:
    """The matrix of a review of *release*."""
    features, results = words.review.specifications.features, words.review.results
    coverage = covered(features, results, release)
    tables: dict[str, list[Rule]] = {}
    for rule in words.sight.rules.values():
        tables.setdefault(rule.table, []).append(rule)
    cells: dict[str, dict[str, list[int]]] = {}
    for result in results:
        if words.sight.result(result) is None:
            continue
        for table in sorted({name.partition("#")[0] for name in result.rules}):
            by_clause = cells.setdefault(table, {})
            by_clause.setdefault(result.obligation.clause, []).append(result.scenario.line)
    rows = {table: _row(rules, cells.get(table, {})) for table, rules in tables.items()}
    bare = [rows[name] for name in coverage.unnamed if name in rows]
    seen = {base.cite for rule in words.sight.rules.values() for base in rule.bases.values()}
    return Matrix(
        grids=tuple(_grids(coverage.clauses, rows.values())),
        one_sided=tuple(map(_named, coverage.one_sided)),
        ruleless=tuple(map(_named, coverage.without_rule)),
        by_example=tuple(
            rows[name]
            for name in coverage.untouched
            if name in rows and name not in coverage.unnamed
        ),
        bare=tuple(bare),
        uncited=tuple(cite for cite in coverage.uncited if cite in seen),
    )


def _named(text: str) -> tuple[str, str]:
    """A clause and the name of its obligation."""
    clause, _, name = text.partition(": ")
    return clause, name


def _grids(clauses: Iterable[str], rows: Iterable[Row]) -> Iterable[Grid]:
    every = tuple(rows)
    found: dict[str, list[str]] = {tag: [] for tag in AGREEMENTS}
    for clause in clauses:
        found.setdefault(clause.partition("-")[0], []).append(clause)
    for tag, those in found.items():
        if those:
            resting = tuple(row for row in every if any(one in row.cells for one in those))
            ordered = tuple(sorted(those, key=in_order))
            yield Grid(tag, AGREEMENTS.get(tag, tag), ordered, resting)


def _row(rules: list[Rule], cells: Mapping[str, list[int]]) -> Row:
    many = len(rules) if "#" in rules[0].id else 0
    return Row(rules[0], many, {clause: tuple(lines) for clause, lines in cells.items()})
