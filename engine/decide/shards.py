"""How patterns become shards: rulesets small enough for the C module, and the facts they read.

Boundary: plain data, no durable-rules. What the C module cannot take is refused here, with the
rule named; why each limit is where it is stands in `engine/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.decide.gates import ItemTests
from engine.decide.kleene import FALSE, TRUE, UNKNOWN
from engine.decide.program import Literal, Pattern, Program, UnsuitableError
from engine.language.period import Period
from engine.language.rule import Phase

PATTERNS_PER_SHARD = 60
"""The C module fires nothing where 65 siblings match under one node."""

NAMES_PER_SHARD = 240
"""It takes 253 properties of a fact, and hangs on 512 names at one node."""

ITEM = {phase: kind for kind, phase in enumerate(Phase, 1)}
"""The kind of an item, under the name `k`, while a phase runs: patterns of others stay silent."""

DERIVED, DANGER, LIKELIHOOD = 11, 12, 13
"""The kinds of other facts."""

_OWN_NAMES = ("k", "n", "l", "b", "h", "id", "sid")
_MARKS = {("need", True): "t", ("need", False): "f", ("block", True): "u", ("block", False): "v"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern of a rule of *phase*, in force by the rule's governing *day* within *period*."""

    number: int
    phase: Phase
    day: str
    period: Period
    pattern: Pattern


@dataclass(slots=True)
class Reads:
    """What the patterns of one gate, guard and period read, each with what says it as a member of
    a JSON object; and the derived tests that they join.

    A guard, a need or a block is a test and the value that it wants.
    """

    guard: tuple[int, int] | None
    day: str
    period: Period
    in_force: str
    needs: dict[tuple[int, int], str] = field(default_factory=dict)
    blocks: dict[tuple[int, int], str] = field(default_factory=dict)
    joins: set[int] = field(default_factory=set)

    def asleep(self, tests: ItemTests) -> bool:
        """Whether none of the patterns can apply, as a glance at period and guard tells."""
        if self.in_force and tests.facts.days[self.day] not in self.period:
            return True
        if self.guard is None:
            return False
        test, wanted = self.guard
        return tests[test] == TRUE - wanted


class Plan:
    """One shard: its ruleset's definition, and what an item must tell it.

    *rules* maps the names of the definition to rules; *names* are the properties that they read.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.definition: dict[str, Any] = {}
        self.rules: dict[str, int] = {}
        self.names = set(_OWN_NAMES)
        self.by_gate: dict[Phase, dict[int | None, list[Reads]]] = {}
        groups: dict[Any, Reads] = {}
        periods: dict[tuple[str, Period], str] = {}
        for index, entry in enumerate(entries):
            pattern, mark = entry.pattern, None
            if entry.period != Period():
                mark = periods.setdefault((entry.day, entry.period), f"p{len(periods)}")
            key = (entry.phase, pattern.gate, pattern.guard, entry.day, entry.period)
            if key not in groups:
                guard = None if pattern.guard is None else _wanted(pattern.guard)
                member = self._member(mark) if mark is not None else ""
                groups[key] = Reads(guard, entry.day, entry.period, member)
                of_phase = self.by_gate.setdefault(entry.phase, {})
                of_phase.setdefault(pattern.gate, []).append(groups[key])
            reads = groups[key]
            for need in sorted(pattern.needs):
                reads.needs[_wanted(need)] = self._member(_token("need", need))
            for block in sorted(pattern.blocks):
                reads.blocks[_wanted(block)] = self._member(_token("block", block))
            reads.joins |= pattern.joins
            self.definition[f"r{index}"] = {"all": _lines(entry, mark), "count": 1}
            self.rules[f"r{index}"] = entry.number

    def _member(self, token: str) -> str:
        self.names.add(token)
        return f',"{token}":true'

    def told(
        self, phase: Phase, tests: ItemTests, gates: Iterable[int | None], *, gated: bool
    ) -> Told | None:
        """What the item tells the shard: only what the patterns of open *gates* read, and, unless
        not *gated*, only of those that are awake; None where all are asleep.
        """
        by_gate = self.by_gate[phase]
        certain: dict[str, None] = {}
        unknown: dict[str, None] = {}
        joins: set[int] = set()
        asleep = True
        for gate in gates:
            for reads in by_gate[gate]:
                if gated and reads.asleep(tests):
                    continue
                asleep = False
                joins |= reads.joins
                if reads.in_force and tests.facts.days[reads.day] in reads.period:
                    certain[reads.in_force] = None
                for (test, wanted), member in reads.needs.items():
                    value = tests[test]
                    if value == wanted:
                        certain[member] = None
                    elif value == UNKNOWN:
                        unknown[member] = None
                for (test, wanted), member in reads.blocks.items():
                    # What is unknown does not exempt, in either bound.
                    if tests[test] == wanted:
                        certain[member] = None
        if asleep:
            return None
        return Told(item_fact(phase) + "".join(certain), "".join(unknown), joins)


class Told(NamedTuple):
    """An item as one shard is told of it, as members of a JSON object.

    What is *unknown* is, in the possible bound, given both as true and as false, and in the certain
    one not at all. *joins* are the tests on facts of the same phase that it wants to be told of.
    """

    certain: str
    unknown: str
    joins: set[int]

    def fact(self, *, possible: bool) -> str:
        """The item as a fact, in one bound."""
        return self.certain + self.unknown if possible else self.certain


def item_fact(phase: Phase) -> str:
    """An item of which nothing is told."""
    return f'"k":{ITEM[phase]}'


def derived_fact(test: int) -> str:
    """A test on a fact of the same phase, as a fact of its own."""
    return f'"k":{DERIVED},"n":{test}'


def plans(program: Program) -> list[Plan]:
    """The shards of all phases.

    Raises `UnsuitableError` for a rule that no shard can hold.
    """
    entries = [
        Entry(compiled.number, compiled.rule.phase, compiled.rule.date, variant.period, pattern)
        for compiled in program.rules
        for variant in compiled.variants
        for pattern in variant.patterns
    ]
    # Neighbours share a gate, so that an item wakes few shards, and the same ones in every phase.
    entries.sort(key=lambda e: (e.pattern.gate is None, e.pattern.gate or 0, e.number))
    made = []
    for group in _grouped(program, entries):
        plan = Plan(group)
        clash = clashing(plan.names)
        if clash is not None:
            raise UnsuitableError(
                program.rules[group[0].number].rule,
                f"the names {clash[0]} and {clash[1]} cannot be told apart by durable-rules",
            )
        made.append(plan)
    return made


def _grouped(program: Program, entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Cut the patterns into groups within the limits of the C module."""
    group: list[Entry] = []
    names: set[object] = set()
    for entry in entries:
        pattern = entry.pattern
        mine: set[object] = {*pattern.needs, *((test, "d") for test in pattern.joins)}
        mine |= {(test, sign, "block") for test, sign in pattern.blocks}
        mine.add((entry.day, entry.period))
        if len(mine) > NAMES_PER_SHARD:
            raise UnsuitableError(
                program.rules[entry.number].rule,
                f"one alternative of it has {len(mine)} tests, more than {NAMES_PER_SHARD}",
            )
        if group and (len(group) >= PATTERNS_PER_SHARD or len(names | mine) > NAMES_PER_SHARD):
            yield group
            group, names = [], set()
        group.append(entry)
        names |= mine
    if group:
        yield group


def _lines(entry: Entry, mark: str | None) -> list[dict[str, Any]]:
    """A pattern as the C module reads it: kind first, then what narrows most, then absences."""
    pattern = entry.pattern
    tests: list[dict[str, Any]] = [{"k": ITEM[entry.phase]}]
    if pattern.gate is not None:
        tests.append({_token("need", (pattern.gate, True)): True})
    if mark is not None:
        tests.append({mark: True})
    for literal in sorted(pattern.needs):
        if literal != (pattern.gate, True):
            tests.append({_token("need", literal): True})
    for literal in sorted(pattern.blocks):
        tests.append({"$nex": {_token("block", literal): 1}})
    lines: list[dict[str, Any]] = [{"m": {"$and": tests} if len(tests) > 1 else tests[0]}]
    for test in sorted(pattern.joins):
        lines.append({f"d{test}": {"$and": [{"k": DERIVED}, {"n": test}]}})
    return lines


def _wanted(literal: Literal) -> tuple[int, int]:
    test, sign = literal
    return test, TRUE if sign else FALSE


def _token(kind: str, literal: Literal) -> str:
    test, sign = literal
    return f"{_MARKS[kind, sign]}{test}"


def clashing(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names that the C module takes for one: it compares only their 32-bit FNV-1a hash."""
    seen: dict[int, str] = {}
    for name in sorted(names):
        value = 2166136261
        for byte in name.encode():
            value = (value ^ byte) * 16777619 % 2**32
        if value in seen:
            return seen[value], name
        seen[value] = name
    return None
