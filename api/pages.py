"""What a page shows of a rule: its sentence as nested lists, its law, its examples.

Boundary: prepares plain data for the templates; no HTML here. Until there are accounts every
reader is the public, so pages show the rules whose `disclosure` is public and count the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.lines import Line, Lines, Ref
from api.words.citing import acts
from engine.decide.combining import bases
from engine.decide.program import Program
from engine.language.rule import Rule
from engine.language.sentences import Reading
from engine.language.vocabulary import Basis


@dataclass(frozen=True)
class RulePage:
    """One rule as its page shows it. Bases are numbered from 1, as the lines cite them,
    each with the regulations of the ontology that it cites.
    """

    rule: Rule
    agency: str
    label: Callable[[str], str]
    consequence: Line
    when: tuple[Line, ...]
    unless: tuple[Line, ...]
    grounds: int | None
    bases: tuple[tuple[Basis, tuple[Ref, ...]], ...]
    siblings: tuple[Rule, ...]


@dataclass(frozen=True)
class Entry:
    """One file of rules in the list: its first rule, and how many rows it has."""

    rule: Rule
    consequence: str
    rows: int


class RulePages:
    """The pages of all rules of one program, as at one day."""

    def __init__(self, program: Program, day: date) -> None:
        self._program, self._day = program, day
        self._reading = Reading(program.vocabulary, program.parameters)
        self._lines = Lines(self._reading)

    @property
    def undisclosed(self) -> int:
        """How many rules are for agencies only."""
        return sum(not compiled.rule.public for compiled in self._program.rules)

    def folders(self) -> list[tuple[str, list[Entry]]]:
        """The public files by folder; the rows of a table are one entry."""
        folders: dict[str, dict[str, list[Rule]]] = {}
        for compiled in self._program.rules:
            rule = compiled.rule
            if not rule.public:
                continue
            folder = rule.table.rpartition("/")[0]
            folders.setdefault(folder, {}).setdefault(rule.table, []).append(rule)
        return [
            (folder, [self._entry(rules) for rules in files.values()])
            for folder, files in folders.items()
        ]

    def _entry(self, rules: list[Rule]) -> Entry:
        rows = len(rules) if "#" in rules[0].id else 0
        return Entry(rules[0], self._reading.consequence(rules[0]), rows)

    def page(self, identifier: str) -> RulePage | None:
        """The page of a public rule; a row is named ``table/row``, in decisions ``table#row``."""
        number = self._program.numbers.get(identifier)
        if number is None:
            table, _, row = identifier.rpartition("/")
            number = self._program.numbers.get(f"{table}#{row}")
        if number is None:
            return None
        rule = self._program.rules[number].rule
        if not rule.public:
            return None
        siblings = tuple(
            compiled.rule
            for compiled in self._program.rules
            if compiled.rule.table == rule.table and compiled.rule.id != rule.id
        )
        return RulePage(
            rule=rule,
            agency=self._program.vocabulary.label(rule.agency),
            label=self._program.vocabulary.label,
            consequence=self._lines.consequence(rule),
            when=self._lines.block(rule.when, rule.cited),
            unless=self._lines.block(rule.unless, rule.cited) if rule.unless else (),
            grounds=rule.cited.index(rule.grounds) + 1 if rule.grounds else None,
            bases=tuple(
                (basis, acts(basis, self._program.vocabulary))
                for basis in bases(self._program, rule, self._day)
            ),
            siblings=siblings,
        )
