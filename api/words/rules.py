"""What is shown of a rule: its sentence as nested lists, its law, its examples.

Boundary: prepares plain data for pages and JSON. Who reads says which rules are shown; the others
are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from datetime import date as Day  # noqa: N812 (a field is called `date`)

from api.lines import Line, Lines, Ref
from api.words.citing import acts
from engine.decide.combining import bases
from engine.decide.decision import Shape
from engine.decide.program import Program
from engine.language.rule import Rule
from engine.language.sentences import Reading
from engine.language.vocabulary import Basis


def public(rule: Rule) -> bool:
    """What anybody may see."""
    return rule.public


class RuleEntry(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """One rule in a list, with what it does as a clause."""

    id: str
    title: str
    agency: str
    phase: str
    mandate: bool
    disclosure: str
    consequence: str


class Cited(Shape, frozen=True, kw_only=True):
    """A basis with the regulations of the ontology that it cites."""

    basis: Basis
    acts: tuple[Ref, ...]


class RuleView(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """One rule in full. Bases count from 1, as *law* in the lines and *grounds* count them.

    *effective_from* is the first day, *effective_until* the first day no more, each by the day
    that *date* names.
    """

    id: str
    title: str
    agency: str
    phase: str
    regime: str
    mandate: bool
    disclosure: str
    selection: str | None
    date: str
    effective_from: Day | None
    effective_until: Day | None
    review_by: Day | None
    consequence: Line
    grounds: int | None
    when: tuple[Line, ...]
    unless: tuple[Line, ...]
    because: str
    remedy: str | None
    reason_class: str | None
    bases: tuple[Cited, ...]


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

    def __init__(self, program: Program, day: date, sees: Callable[[Rule], bool] = public) -> None:
        """*sees* says which rules the reader may see."""
        self._program, self._day, self._sees = program, day, sees
        self._reading = Reading(program.vocabulary, program.parameters)
        self._lines = Lines(self._reading)

    @property
    def undisclosed(self) -> int:
        """How many rules the reader may not see."""
        return sum(not self._sees(compiled.rule) for compiled in self._program.rules)

    def folders(self) -> list[tuple[str, list[Entry]]]:
        """The files by folder; the rows of a table are one entry."""
        folders: dict[str, dict[str, list[Rule]]] = {}
        for compiled in self._program.rules:
            rule = compiled.rule
            if not self._sees(rule):
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
        """The page of a rule; a row is named ``table/row``, in decisions ``table#row``."""
        rule = self._found(identifier)
        if rule is None:
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

    def entries(self) -> Iterator[RuleEntry]:
        """All rules that the reader may see, in the order of the release."""
        for compiled in self._program.rules:
            rule = compiled.rule
            if self._sees(rule):
                yield RuleEntry(
                    id=rule.id,
                    title=rule.title,
                    agency=rule.agency,
                    phase=rule.phase,
                    mandate=rule.mandate,
                    disclosure=rule.disclosure,
                    consequence=self._reading.consequence(rule),
                )

    def view(self, identifier: str) -> RuleView | None:
        """A rule as data; it is named as for `page`."""
        page = self.page(identifier)
        if page is None:
            return None
        rule = page.rule
        return RuleView(
            id=rule.id,
            title=rule.title,
            agency=rule.agency,
            phase=rule.phase,
            regime=rule.regime,
            mandate=rule.mandate,
            disclosure=rule.disclosure,
            selection=rule.selection,
            date=rule.date,
            effective_from=rule.effective.start,
            effective_until=rule.effective.end,
            review_by=rule.review_by,
            consequence=page.consequence,
            grounds=page.grounds,
            when=page.when,
            unless=page.unless,
            because=rule.because,
            remedy=rule.remedy,
            reason_class=rule.reason_class,
            bases=tuple(Cited(basis=basis, acts=acts) for basis, acts in page.bases),
        )

    def _found(self, identifier: str) -> Rule | None:
        number = self._program.numbers.get(identifier)
        if number is None:
            table, _, row = identifier.rpartition("/")
            number = self._program.numbers.get(f"{table}#{row}")
        if number is None:
            return None
        rule = self._program.rules[number].rule
        return rule if self._sees(rule) else None
