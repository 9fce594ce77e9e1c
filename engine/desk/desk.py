"""One changed file of rules, checked against all others without reading these again.

A `Desk` is made once of a base in force. `changed` gives a desk on which some files are others, in
the time that these files take; `check` says of one file what `commensura check` would say of it,
and what the change makes wrong elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.decide.decision import Appeal
from engine.decide.examples import GivenError, compiled, row_examples, run_examples, verdict
from engine.decide.program import Program
from engine.language.base import (
    CALENDARS,
    PARAMETERS,
    ReadBase,
    read_base,
    read_file,
    wrong_name,
)
from engine.language.checks import check, check_tied
from engine.language.diagnostics import Diagnostic, RefusedError, Severity
from engine.language.matrices import MATRICES
from engine.language.rows import InTree
from engine.language.rule import Control, GoodsStatus, Phase, Rule
from engine.language.sentences import Reading
from engine.language.source import Source, bounded
from engine.language.ties import Ties
from engine.language.vocabulary import Basis, Vocabulary

Tree = Mapping[str, bytes]
"""Files by their path from the root: ``rules/food/increased-controls.csv``."""

RULES = "rules/"


class Line(Struct, frozen=True):
    """A line of a sentence; what depends on another is one deeper."""

    depth: int
    words: str


class Case(Struct, frozen=True, kw_only=True):
    """An example and what the rule makes of it: no *verdict* where it gives what no fact can be."""

    name: str
    expect: str
    verdict: str | None
    row: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the rule decides as its author says."""
        return self.verdict == self.expect


class TraderWords(Struct, frozen=True, kw_only=True):
    """What a trader reads where the rule selects a control or holds goods.

    *expiry* says what is done when a hold runs out, if it has a clock.
    """

    reason: str | None
    remedy: str | None
    basis: tuple[Basis, ...]
    appeal: Appeal
    expiry: str | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """What there is to say about one file.

    *diagnostics* are those of the file, *elsewhere* those that the change brings to others. Of a
    table, *sentence* and *trader* are those of one row; *rows* are the ids of all, whose own slower
    check is `Desk.check_rows`.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...]
    elsewhere: tuple[Diagnostic, ...] = ()
    examples: tuple[Case, ...] = ()
    sentence: tuple[Line, ...] = ()
    trader: TraderWords | None = None
    rows: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing found is an error."""
        return not _errors((*self.diagnostics, *self.elsewhere))


class Desk:
    """A base with some files changed: the files by path, the rules read from them, their ties."""

    def __init__(self, tree: Tree, read: ReadBase, vocabulary: Vocabulary) -> None:
        self.tree, self.vocabulary, self.base = dict(tree), vocabulary, read.base
        self.ties = Ties(read.base.rules)
        self._sources = read.sources
        self._refused: dict[str, tuple[Diagnostic, ...]] = {}
        self._beside: dict[str, frozenset[str]] = {}
        for table, source in self._sources.items():
            self._bind(table, source)
        self._in_force = self

    @classmethod
    def of(cls, root: Path, vocabulary: Vocabulary) -> Desk:
        """The desk of the rules under *root*; `RefusedError` where they cannot be read."""
        read = read_base(root / "rules", vocabulary)
        files = (path for path in sorted((root / "rules").rglob("*")) if path.is_file())
        tree = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
        return cls(tree, read, vocabulary)

    # Changing

    def changed(self, changes: Mapping[str, bytes | None]) -> Desk:
        """The desk with other files: None where one goes. Nothing is refused before `check`.

        A table is read anew where its rows change. What else changes (the ontology, parameters,
        calendars, the harmonised tables) is in the tree only: it takes a check of the whole.
        """
        new = object.__new__(Desk)
        new.tree = {path: raw for path, raw in {**self.tree, **changes}.items() if raw is not None}
        new.vocabulary, new.base, new.ties = self.vocabulary, self.base, self.ties
        new._sources, new._refused = dict(self._sources), dict(self._refused)
        new._beside, new._in_force = dict(self._beside), self._in_force
        tables = {path for path in changes if is_rule(path)}
        for path in changes:
            tables |= {f"{RULES}{table}.toml" for table in self._beside.get(path, ())}
        # A table that names rows which were not there waits for them in its folder.
        folders = {path.rpartition("/")[0] for path in changes if path.endswith(".csv")}
        tables |= {_path(t) for t in self._refused if _path(t).rpartition("/")[0] in folders}
        for path in sorted(tables):
            new._read(path)
        return new

    def _read(self, path: str) -> None:
        """Take in the file at *path* as the tree has it."""
        table = path.removeprefix(RULES).removesuffix(".toml")
        self._refused.pop(table, None)
        rules: list[Rule] = []
        if path not in self.tree:
            self._sources.pop(table, None)
        else:
            try:
                rules = self._rules(table, path)
            except RefusedError as error:
                self._refused[table] = error.diagnostics
        self.ties = self.ties.changed(table, rules)

    def _rules(self, table: str, path: str) -> list[Rule]:
        misnamed = wrong_name(table, path)
        if misnamed is not None:
            raise RefusedError([misnamed])
        source = Source(path, bounded(path, self.tree[path]))
        self._sources[table] = source
        self._bind(table, source)
        beside = InTree(self.tree, path.rpartition("/")[0])
        rules, found = read_file(source, table, beside, self.vocabulary, self.base.parameters)
        if found:
            raise RefusedError(found)
        return rules

    def _bind(self, table: str, source: Source) -> None:
        """Note which rows a table reads."""
        binding = source.content.get("table")
        name = binding.get("rows") if isinstance(binding, dict) else None
        if isinstance(name, str):
            place = f"{source.file.rpartition('/')[0]}/{name}"
            self._beside[place] = self._beside.get(place, frozenset()) | {table}

    # Looking

    @property
    def in_force(self) -> Desk:
        """The base as it was before any change."""
        return self._in_force

    @property
    def read(self) -> ReadBase:
        """All files as a base of their own."""
        return self._part(self.ties.tables)

    @property
    def unread(self) -> tuple[str, ...]:
        """The paths of rules that were refused, and so are missing from all that is asked."""
        return tuple(sorted(map(_path, self._refused)))

    def tables_of(self, path: str) -> tuple[str, ...]:
        """The paths of the tables that read the rows at *path*."""
        return tuple(sorted(map(_path, self._beside.get(path, ()))))

    def rules(self, path: str) -> tuple[Rule, ...]:
        """The rules of the file at *path*, in order of id; none where it was refused."""
        return self.ties.rows(path.removeprefix(RULES).removesuffix(".toml"))

    def sentence(self, rule: Rule) -> tuple[Line, ...]:
        """The rule read aloud."""
        said = Reading(self.vocabulary, self.base.parameters).rule(rule)
        return tuple(map(_line, said.split("\n")))

    def trader(self, rule: Rule, day: date) -> TraderWords | None:
        """What a trader reads; None where the rule imposes nothing."""
        if not isinstance(rule.then, Control | GoodsStatus):
            return None
        agency = self.vocabulary.agencies[rule.agency]
        return TraderWords(
            reason=None if rule.reason_class is None else self.vocabulary.label(rule.reason_class),
            remedy=rule.remedy,
            basis=tuple(self._law(rule, day)),
            appeal=Appeal(
                body=agency.appeal_body, days=agency.appeal_days, status=agency.appeal_status
            ),
            expiry=None if rule.clock is None else rule.clock.expiry,
        )

    def _law(self, rule: Rule, day: date) -> Iterator[Basis]:
        """As `combining.bases`, but of a draft: a basis that is not there yet is left out."""
        known = {**self.vocabulary.bases, **rule.bases}
        yield from (known[name] for name in rule.cited if name in known)
        used = dict.fromkeys(leaf.test.parameter for leaf in rule.leaves if leaf.test.parameter)
        for name in used:
            values = self.base.parameters[name].values
            yield from (value.basis for value in values if day in value.period)

    # Checking

    def check(self, path: str, day: date, row: str | None = None) -> Checked:
        """What there is to say about the file of rules at *path* on *day*.

        Diagnostics are those of a check of the whole, whose steps each end where they find an
        error. *row* picks that which is read aloud; else it is the first.
        """
        table = path.removeprefix(RULES).removesuffix(".toml")
        if not is_rule(path) or table not in {**self._sources, **self._in_force._sources}:
            return Checked(path=path, diagnostics=self._refused.get(table, (_no_rule(path),)))
        elsewhere = tuple(self._elsewhere(table, day))
        rules = self.ties.rows(table)
        if not rules:  # refused, or gone
            refused = self._refused.get(table, ())
            return Checked(path=path, diagnostics=refused, elsewhere=elsewhere)
        read = self._part([table])
        found = check(read, self.vocabulary, day, self.ties)
        stopped = _errors((*found, *elsewhere))
        program: Program | None = None
        if not any(diagnostic.code in _UNRUNNABLE for diagnostic in found):
            try:
                program = self._program(read)
            except RefusedError as error:
                found += () if stopped else error.diagnostics
        if program is not None and not stopped:
            found += run_examples(read, program)
        shown = next((rule for rule in rules if rule.id == f"{table}#{row}"), rules[0])
        return Checked(
            path=path,
            diagnostics=tuple(found),
            elsewhere=elsewhere,
            examples=() if program is None else tuple(_cases(program)),
            sentence=self.sentence(shown),
            trader=self.trader(shown, day),
            rows=tuple(rule.id.partition("#")[2] for rule in rules if "#" in rule.id),
        )

    def check_rows(
        self, path: str, progress: Callable[[int, int], None] = lambda _d, _t: None
    ) -> tuple[Diagnostic, ...]:
        """The rows of a table that can never apply, or not fail: slower, for a sound table only."""
        read = self._part([path.removeprefix(RULES).removesuffix(".toml")])
        return tuple(row_examples(read, self._program(read), progress))

    def program(self) -> Program:
        """All rules as they stand, to be run. Raises `RefusedError` where one cannot be."""
        return self._program(self.read)

    def _part(self, tables: Iterable[str]) -> ReadBase:
        """Some files as a base of their own, for checks that are told the ties of all."""
        rules = sorted(
            (rule for table in tables for rule in self.ties.rows(table)), key=lambda rule: rule.id
        )
        return ReadBase(msgspec.structs.replace(self.base, rules=tuple(rules)), self._sources)

    def _program(self, read: ReadBase) -> Program:
        phases: dict[str, Phase] = {}
        for rule in read.base.rules:
            for leaf in rule.leaves:
                for phase in self.ties.phases(leaf.test.fact):
                    phases[leaf.test.fact] = phase
        return compiled(read, self.vocabulary, phases)

    def _elsewhere(self, table: str, day: date) -> Iterator[Diagnostic]:
        before = self._in_force
        others = sorted(before.ties.concerned(table, self.ties))
        found = check_tied(self._part(others), self.vocabulary, day, self.ties)
        files = {one.file for one in found}
        spoken_of = [table for table in others if _path(table) in files]
        known = set(check_tied(before._part(spoken_of), before.vocabulary, day, before.ties))
        yield from (one for one in found if one not in known)


_UNRUNNABLE = frozenset({"no-value"})
"""Findings without whose mend a rule cannot be run at all: a number is not there."""


def is_rule(path: str) -> bool:
    """Whether a file at *path* holds rules: a single one, or the columns of a table."""
    name = path.removeprefix(RULES)
    others = (f"{PARAMETERS}/", f"{CALENDARS}/", MATRICES)
    return path.startswith(RULES) and name.endswith(".toml") and not name.startswith(others)


def _path(table: str) -> str:
    return f"{RULES}{table}.toml"


def _no_rule(path: str) -> Diagnostic:
    return Diagnostic(
        code="no-rule",
        message="there is no rule at this path",
        file=path.encode(errors="replace").decode(),
        help="rules are the files `rules/….toml`, but for parameters, calendars and matrices",
    )


def _errors(found: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)


def _line(text: str) -> Line:
    words = text.lstrip(" ")
    return Line((len(text) - len(words)) // 2, words.removeprefix("- "))


def _cases(program: Program) -> Iterator[Case]:
    """Each example once, though a table without a row in it gives it to each of its rows."""
    seen: set[tuple[str, str | None, str]] = set()
    for rule in (one.rule for one in program.rules):
        for example in rule.examples:
            if (example.name, example.row, example.expect) in seen:
                continue
            seen.add((example.name, example.row, example.expect))
            found: str | None = None
            if "#" not in rule.id or example.row is not None:
                with suppress(GivenError):  # said by a diagnostic
                    found = verdict(program, rule, example)
            yield Case(name=example.name, expect=example.expect, verdict=found, row=example.row)
