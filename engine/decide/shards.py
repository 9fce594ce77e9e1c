"""How patterns become shards: rulesets small enough for the C module, and the facts they read.

Boundary: plain data, no durable-rules. What the C module cannot take is refused here, with the
rule named; why each limit is where it is stands in `engine/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.decide.evaluation import FALSE, TRUE, UNKNOWN
from engine.decide.gates import ItemTests
from engine.decide.program import Literal, Pattern, Program, UnsuitableError
from engine.language.rule import Phase
from engine.language.vocabulary import Period

PATTERNS_PER_SHARD = 60
"""The C module fires nothing where 65 siblings match under one node."""

NAMES_PER_SHARD = 240
"""It takes 253 properties of a fact, and hangs on 512 names at one node."""

ITEM, DERIVED, DANGER, LIKELIHOOD = 1, 2, 3, 4
"""The kinds of fact, under the name `k`."""

_OWN_NAMES = ("k", "n", "l", "b", "h", "id", "sid")
_MARKS = {("need", True): "t", ("need", False): "f", ("block", True): "u", ("block", False): "v"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern of a rule, in force by the rule's governing *day* within *period*."""

    number: int
    day: str
    period: Period
    pattern: Pattern


@dataclass(slots=True)
class Reads:
    """What the patterns of one gate read, each with its token: tests, exemptions, periods."""

    needs: dict[Literal, str] = field(default_factory=dict)
    blocks: dict[Literal, str] = field(default_factory=dict)
    periods: dict[tuple[str, Period], str] = field(default_factory=dict)


class Plan:
    """One shard: its ruleset's definition, and what an item must tell it.

    *rules* maps the names of the definition to rules; *joins* are the derived tests it reads.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.definition: dict[str, Any] = {}
        self.rules: dict[str, int] = {}
        self.by_gate: dict[int | None, Reads] = {}
        periods: dict[tuple[str, Period], str] = {}
        for index, entry in enumerate(entries):
            reads = self.by_gate.setdefault(entry.pattern.gate, Reads())
            for literal in sorted(entry.pattern.needs):
                reads.needs[literal] = _token("need", literal)
            for literal in sorted(entry.pattern.blocks):
                reads.blocks[literal] = _token("block", literal)
            mark = None
            if entry.period != Period():
                mark = periods.setdefault((entry.day, entry.period), f"p{len(periods)}")
                reads.periods[entry.day, entry.period] = mark
            self.definition[f"r{index}"] = {"all": _lines(entry.pattern, mark), "count": 1}
            self.rules[f"r{index}"] = entry.number
        self.joins = frozenset(test for entry in entries for test in entry.pattern.joins)

    @property
    def names(self) -> set[str]:
        """Every property name that the shard's rules read."""
        return {
            *_OWN_NAMES,
            *(
                token
                for reads in self.by_gate.values()
                for table in (reads.needs, reads.blocks, reads.periods)
                for token in table.values()
            ),
        }

    def tokens(self, tests: ItemTests, gates: Iterable[int | None]) -> Tokens:
        """The item as tokens, of those tests only that the patterns of open *gates* need."""
        certain: dict[str, Any] = {"k": ITEM}
        unknown: dict[str, Any] = {}
        days = tests.facts.days
        for gate in gates:
            reads = self.by_gate[gate]
            for (day, period), token in reads.periods.items():
                if days[day] in period:
                    certain[token] = True
            for (test, sign), token in reads.needs.items():
                value = tests.value(test)
                if value == UNKNOWN:
                    unknown[token] = True
                elif (value == TRUE) is sign:
                    certain[token] = True
            for (test, sign), token in reads.blocks.items():
                # What is unknown does not exempt, in either bound.
                if tests.value(test) == (TRUE if sign else FALSE):
                    certain[token] = True
        return Tokens(certain, unknown)


class Tokens(NamedTuple):
    """An item as one shard is told of it. What is *unknown* is, in the possible bound, given both
    as true and as false, and in the certain one not at all.
    """

    certain: dict[str, Any]
    unknown: dict[str, Any]


def plans(program: Program, phase: Phase) -> list[Plan]:
    """The shards of one phase.

    Raises `UnsuitableError` for a rule that no shard can hold.
    """
    entries = [
        Entry(compiled.number, compiled.rule.date, variant.period, pattern)
        for compiled in program.by_phase[phase]
        for variant in compiled.variants
        for pattern in variant.patterns
    ]
    # Neighbours share a gate, so that an item wakes few shards.
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


def _lines(pattern: Pattern, mark: str | None) -> list[dict[str, Any]]:
    """A pattern as the C module reads it: kind first, then what narrows most, then absences."""
    tests: list[dict[str, Any]] = [{"k": ITEM}]
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
