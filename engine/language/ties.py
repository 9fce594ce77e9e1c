"""What ties the files of a rule base together: who reads what others conclude, who follows whom.

Checks that compare rules look here and never through all rules, so that one changed file is
checked in the same time among a hundred rules and among thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from engine.language.rule import Concludes, Danger, Likelihood, Phase, Rule

READS, CONCLUDES, ENDANGERS, MAKES_LIKELY, REPLACES = (
    "reads",
    "concludes",
    "endangers",
    "makes likely",
    "replaces",
)
"""How a file is tied to a name: to a fact that it reads or concludes, to the hazard of a danger or
a likelihood, to the id of a rule that it replaces."""

Link = tuple[str, str]
"""How, and to which name."""


class _File(Struct, frozen=True):
    """One file's rules, in order of id, and its links."""

    rules: tuple[Rule, ...]
    links: frozenset[Link]


class Ties:
    """The ties of some rules; `changed` gives those of the same with one file replaced."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        ordered = sorted(rules, key=lambda rule: (rule.table, rule.id))
        self._files = {table: _file(held) for table, held in groupby(ordered, lambda r: r.table)}
        holding: dict[Link, set[str]] = {}
        for table, file in self._files.items():
            for link in file.links:
                holding.setdefault(link, set()).add(table)
        self._holding = {link: frozenset(tables) for link, tables in holding.items()}
        self._phases: dict[str, frozenset[Phase]] = {}
        self._first: dict[str, Rule] = {}

    def changed(self, table: str, rules: Iterable[Rule]) -> Ties:
        """The ties where the file *table* holds *rules* instead; none: the file is gone."""
        new = Ties(())
        new._files, new._holding = dict(self._files), dict(self._holding)
        former = new._files.pop(table, _NO_FILE)
        file = _file(sorted(rules, key=lambda rule: rule.id))
        if file.rules:
            new._files[table] = file
        for link in former.links - file.links:
            new._holding[link] -= {table}
        for link in file.links - former.links:
            new._holding[link] = new._holding.get(link, frozenset()) | {table}
        return new

    # Files

    @property
    def tables(self) -> Iterable[str]:
        """The id of each file."""
        return self._files.keys()

    def rows(self, table: str) -> tuple[Rule, ...]:
        """The rules of a file, in order of id."""
        return self._files.get(table, _NO_FILE).rules

    def named(self, identifier: str) -> tuple[Rule, ...]:
        """The rule of that id, or all rules of the table of that id."""
        rows = self.rows(identifier.partition("#")[0])
        return tuple(r for r in rows if identifier in (r.id, r.table))

    def names(self) -> Iterator[str]:
        """The ids of all rules and tables, each once."""
        for table, file in self._files.items():
            yield table
            yield from (rule.id for rule in file.rules if rule.id != table)

    # Links

    def holding(self, how: str, name: str) -> frozenset[str]:
        """The files that are tied so to *name*."""
        return self._holding.get((how, name), frozenset())

    def phases(self, fact: str) -> frozenset[Phase]:
        """The phases in which rules conclude *fact*."""
        if fact not in self._phases:
            self._phases[fact] = frozenset(rule.phase for rule in self._concluding(fact))
        return self._phases[fact]

    def first(self, fact: str) -> Rule:
        """The first of the rules that conclude *fact*, by id; `ValueError` where none does."""
        if fact not in self._first:
            self._first[fact] = min(self._concluding(fact), key=lambda rule: rule.id)
        return self._first[fact]

    def _concluding(self, fact: str) -> Iterator[Rule]:
        for table in self.holding(CONCLUDES, fact):
            for rule in self.rows(table):
                if isinstance(rule.then, Concludes) and rule.then.fact == fact:
                    yield rule

    def concerned(self, table: str, after: Ties) -> frozenset[str]:
        """The other files about which checks may find something else *after* a change of one."""
        before, new = self._files.get(table, _NO_FILE), after._files.get(table, _NO_FILE)
        names = [table, *(rule.id for rule in (*before.rules, *new.rules))]
        found = {follower for name in names for follower in self.holding(REPLACES, name)}
        for how, name in before.links | new.links:
            gone_or_come = bool(self.holding(how, name)) is not bool(after.holding(how, name))
            match how:
                case "concludes" if self._concluded(name) != after._concluded(name):
                    found |= self.holding(READS, name) | self.holding(CONCLUDES, name)
                case "reads" if gone_or_come:
                    found |= self.holding(CONCLUDES, name)
                case "endangers" if gone_or_come:
                    found |= self.holding(MAKES_LIKELY, name)
        return frozenset(found - {table})

    def _concluded(self, fact: str) -> tuple[frozenset[Phase], str | None]:
        """What the checks of others depend on: the phases, and the rule that sets the one."""
        phases = self.phases(fact)
        return phases, self.first(fact).id if len(phases) > 1 else None


_NO_FILE = _File((), frozenset())


def _file(rules: Iterable[Rule]) -> _File:
    held = tuple(rules)
    return _File(held, frozenset(link for rule in held for link in _links(rule)))


def _links(rule: Rule) -> Iterator[Link]:
    for leaf in rule.leaves:
        yield from ((READS, fact) for fact in leaf.test.reads)
    if rule.replaces is not None:
        yield REPLACES, rule.replaces
    match rule.then:
        case Concludes(fact=fact):
            yield CONCLUDES, fact
        case Danger(hazard=hazard):
            yield ENDANGERS, hazard
        case Likelihood(hazard=hazard):
            yield MAKES_LIKELY, hazard
