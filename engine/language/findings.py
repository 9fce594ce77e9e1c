"""Findings about a rule base: each at its line, and said once where many rows share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from engine.language.base import ReadBase
from engine.language.condition import Leaf, Operator, signed_leaves
from engine.language.diagnostics import Diagnostic, Severity
from engine.language.layout import Steps
from engine.language.rule import Rule
from engine.language.source import dotted
from engine.language.ties import Ties
from engine.language.vocabulary import Fact, Vocabulary

_NAMED = 3
"""Rows that a finding names; the rest is counted."""

_Places = dict[tuple[object, str], list[Steps]]


class Placed(Struct, frozen=True):
    """A leaf of a rule with its sign and its place in the file."""

    leaf: Leaf
    positive: bool
    path: Steps

    @property
    def exempts(self) -> bool:
        """Whether it stands in `unless`."""
        return self.path[0] == "unless"


class Found(NamedTuple):
    """What was found about some rules, apart from where it stands."""

    code: str
    message: str
    mend: str | None
    rules: tuple[str, ...]


class _Finding(Struct, frozen=True):
    table: str
    code: str
    message: str
    path: Steps
    mend: str | None
    severity: Severity


class Findings:
    """Collects what checks find in a rule base on *day*.

    *ties* are those of its rules, or of a larger base of which these are some whole files.
    """

    def __init__(
        self, read: ReadBase, vocabulary: Vocabulary, day: date, ties: Ties | None = None
    ) -> None:
        self.read, self.vocabulary, self.day = read, vocabulary, day
        self.rules = read.base.rules
        self.ties = Ties(self.rules) if ties is None else ties
        self._found: dict[_Finding, dict[str, Rule]] = {}
        self._places: dict[tuple[str, str], _Places] = {}

    def fact(self, leaf: Leaf) -> Fact:
        """The fact that *leaf* tests."""
        return self.vocabulary.facts[leaf.test.fact]

    def add(
        self,
        rule: Rule,
        code: str,
        message: str,
        path: Steps,
        mend: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a finding about *rule* at *path* of its file."""
        finding = _Finding(rule.table, code, message, path, mend, severity)
        self._found.setdefault(finding, {})[rule.id] = rule

    def warn(
        self, rule: Rule, code: str, message: str, path: Steps, mend: str | None = None
    ) -> None:
        """Note a finding that stops no release."""
        self.add(rule, code, message, path, mend, Severity.WARNING)

    def diagnostics(self) -> list[Diagnostic]:
        """All findings, in the order found."""
        return [self._diagnostic(finding, rules) for finding, rules in self._found.items()]

    def found(self) -> list[Found]:
        """All findings by the ids of their rules, in the order found."""
        return [
            Found(finding.code, finding.message, finding.mend, tuple(rules))
            for finding, rules in self._found.items()
        ]

    def _diagnostic(self, finding: _Finding, rules: dict[str, Rule]) -> Diagnostic:
        source = self.read.source(next(iter(rules.values())))
        return Diagnostic(
            code=finding.code,
            message=self._rows(finding.table, list(rules)) + finding.message,
            file=source.file,
            line=source.line(finding.path),
            help=finding.mend,
            path=dotted(finding.path),
            severity=finding.severity,
        )

    def _rows(self, table: str, identifiers: list[str]) -> str:
        """Which rows are meant; nothing where all are, or where there are none."""
        if identifiers == [table] or len(identifiers) == len(self.ties.rows(table)):
            return ""
        rows = [f"`{identifier.partition('#')[2]}`" for identifier in identifiers]
        if len(rows) == 1:
            return f"row {rows[0]}: "
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        return f"rows {', '.join(rows[:_NAMED])}{more}: "

    # Places

    def placed(self, rule: Rule) -> Iterator[Placed]:
        """Each leaf with its place; in tables, whose rows lose and merge tests, at least its block.

        The leaves of a single rule stand in the order of its file; a leaf of a row is found by
        fact and operator where these name one place only.
        """
        for block, condition in (("when", rule.when), ("unless", rule.unless)):
            places = self._block(rule, block)
            taken: dict[tuple[object, str], int] = defaultdict(int)
            for leaf, positive in signed_leaves(condition):
                key = (leaf.test.fact, leaf.test.operator.value)
                paths = places.get(key, [])
                if "#" not in rule.id and taken[key] < len(paths):
                    path = paths[taken[key]]
                    taken[key] += 1
                else:
                    path = paths[0] if len(paths) == 1 else (block,)
                yield Placed(leaf, positive, path)

    def _block(self, rule: Rule, block: str) -> _Places:
        key = (rule.table, block)
        if key not in self._places:
            places: _Places = defaultdict(list)
            content = self.read.source(rule).content.get(block)
            for path, test in _tests(content, (block,)):
                operator = next((o.value for o in Operator if o.value in test), "")
                places[test["fact"], operator].append(path)
            self._places[key] = places
        return self._places[key]


def _tests(value: object, path: Steps) -> Iterator[tuple[Steps, dict[str, object]]]:
    if isinstance(value, dict):
        if "fact" in value:
            yield path, value
        else:
            for key, part in value.items():
                yield from _tests(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _tests(part, (*path, index))
