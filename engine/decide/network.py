"""The same meaning, run by durable-rules: a forward-chaining network of patterns.

The only file that imports `durable_rules_engine`. It drives the package's own C module, one
ruleset a *shard*; why, and why in just this way, stands in `engine/README.md`.

An item enters a shard as one fact of boolean tokens: `tN` test N is true, `fN` it is false, `uN`
and `vN` the same for tests of `unless`, `pN` the rule's period is in force. A conclusion that
rules of its own phase read is a fact of its own, and the network joins the two. Unknown is two
bounds on one network: *certain*, where an unknown token is absent, and *possible*, where it is
given as true and as false. Undetermined = possible - certain.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

try:
    import durable_rules_engine as rete
except ImportError:  # Python 3.13 and later: one engine answers, and says so
    rete = None

from engine.decide.answer import (
    RISK_LEVEL,
    Answer,
    Conclusion,
    EngineError,
    danger_level,
)
from engine.decide.evaluation import FALSE, TRUE, UNKNOWN
from engine.decide.gates import GateIndex, ItemTests
from engine.decide.program import Pattern, Program
from engine.declaration.facts import Facts
from engine.language.rule import Concludes, Danger, Likelihood, Phase
from engine.language.vocabulary import Period

PATTERNS_PER_SHARD = 60
NAMES_PER_SHARD = 240

_ITEM, _DERIVED, _DANGER, _LIKELIHOOD = 1, 2, 3, 4
_HANDLED, _NOT_HANDLED = 0, 1

_names = itertools.count()


def available() -> bool:
    """Whether durable-rules can be imported here."""
    return rete is not None


class Ruleset:
    """One durable-rules ruleset, visited with a handful of facts at a time and left empty.

    Raises `EngineError` for every answer of the C module that is neither "handled" nor "no rule
    reads this fact".
    """

    def __init__(self, rules: dict[str, Any]) -> None:
        assert rete is not None
        try:
            self._handle = rete.create_ruleset(f"shard-{next(_names)}", json.dumps(rules))
        except rete.error as error:
            raise EngineError(f"durable-rules refused a ruleset: {error}") from error

    def visit(self, facts: Iterable[dict[str, Any]], chain: _Chain | None = None) -> list[str]:
        """Assert *facts*, run every rule that fires, retract everything. The fired rules' names.

        *chain* gives the facts that a firing derives; they join the visit at once.
        """
        held: list[str] = []
        fired: list[str] = []
        queue = [dict(fact) for fact in facts]
        try:
            for fact in queue:
                self._assert(fact, held, fired, chain)
        finally:
            # Retract only after every action is drained: an interruption between the two would
            # silence the ruleset for ever.
            for text in reversed(held):
                rete.retract_fact(self._handle, text)
        return fired

    def _assert(
        self, fact: dict[str, Any], held: list[str], fired: list[str], chain: _Chain | None
    ) -> None:
        # Ids are small and unique within a visit: the module compares only a 32-bit hash of them.
        text = json.dumps({**fact, "id": len(held) + 1, "sid": "0"})
        try:
            code, state = rete.assert_fact(self._handle, text)
        except rete.error as error:
            raise EngineError(f"durable-rules failed: {error}") from error
        held.append(text)
        if code == _NOT_HANDLED:
            return
        if code != _HANDLED:
            raise EngineError(f"durable-rules answered code {code} to a fact")
        self._drain(state, held, fired, chain)

    def _drain(self, state: int, held: list[str], fired: list[str], chain: _Chain | None) -> None:
        started = rete.start_action_for_state(self._handle, state)
        if started is None:
            return
        message = started[1]
        derived: list[dict[str, Any]] = []
        while message is not None:
            for name in json.loads(message):
                fired.append(name)
                if chain is not None:
                    derived.extend(chain.after(name))
            message = rete.complete_and_start_action(self._handle, state)
        for fact in derived:
            self._assert(fact, held, fired, chain)


@dataclass(slots=True)
class _Shard:
    """Patterns of one phase that share a ruleset. *joins* are the derived tests it reads."""

    ruleset: Ruleset
    members: list[tuple[str, int, Pattern, Period]]
    joins: frozenset[int]
    rules: dict[str, int]


class _Chain:
    """Facts derived in a visit, each asserted once into its shard."""

    def __init__(self, shard: _Shard, feeds: dict[int, tuple[int, ...]], known: set[int]) -> None:
        self._shard, self._feeds = shard, feeds
        self._given = set(known)

    def after(self, name: str) -> list[dict[str, Any]]:
        new = []
        for test in self._feeds[self._shard.rules[name]]:
            if test in self._shard.joins and test not in self._given:
                self._given.add(test)
                new.append({"k": _DERIVED, "n": test})
        return new


class Network:
    """durable-rules as an engine. *gated* as in `semantics`.

    Raises `EngineError` on construction where durable-rules is not to be had.
    """

    name = "durable-rules"

    def __init__(self, program: Program, *, gated: bool = True) -> None:
        if rete is None:
            raise EngineError("durable-rules does not import on this Python")
        self.program = program
        self._lock = threading.Lock()
        self._phases = {phase: _PhaseNetwork(program, phase, gated) for phase in Phase}
        self._levels = _Levels(program)

    def judge(self, facts: Facts) -> Answer:
        """The verdict on every rule, and every concluded fact, for one item."""
        with self._lock:  # a ruleset holds one item at a time
            return self._judge(facts)

    def _judge(self, facts: Facts) -> Answer:
        tests = ItemTests(self.program, facts)
        run = _Run(tests)
        for phase in (Phase.CLASSIFY, Phase.RECORD, Phase.ASSESS):
            self._phases[phase].run(run)
        certain, possible = self._levels.of(run.applies), self._levels.of(run.might)
        run.certain[RISK_LEVEL] = {certain}
        run.possible[RISK_LEVEL] = {certain, possible}
        self._phases[Phase.CONTROL].run(run)
        return Answer(
            applies=frozenset(run.applies),
            undetermined=frozenset(run.might - run.applies),
            certain=_flat(run.certain),
            possible=_flat(run.possible),
            level=(certain, possible),
        )


@dataclass(slots=True)
class _Run:
    """One item's way through the phases. *might* includes *applies*."""

    tests: ItemTests
    applies: set[int] = field(default_factory=set)
    might: set[int] = field(default_factory=set)
    certain: dict[str, set[str | bool]] = field(default_factory=dict)
    possible: dict[str, set[str | bool]] = field(default_factory=dict)

    def value(self, test: int) -> int:
        return self.tests.value(test, self.certain, self.possible)


class _PhaseNetwork:
    """The shards of one phase, woken by their gates."""

    def __init__(self, program: Program, phase: Phase, gated: bool) -> None:
        self._program = program
        self._feeds = {c.number: c.feeds for c in program.by_phase[phase]}
        patterns = [
            (compiled.number, pattern, variant.period)
            for compiled in program.by_phase[phase]
            for variant in compiled.variants
            for pattern in variant.patterns
        ]
        # Neighbours share a gate, so that an item wakes few shards.
        patterns.sort(key=lambda entry: (entry[1].gate is None, entry[1].gate or 0, entry[0]))
        self._days = {c.number: c.rule.date for c in program.by_phase[phase]}
        self._periods: dict[tuple[str, Period], int] = {}
        self._shards = [self._shard(group) for group in _grouped(patterns)]
        self._gated = gated
        self._by_gate: dict[int, set[int]] = {}
        self._always: set[int] = set()
        self._readers: dict[int, set[int]] = {}
        for index, shard in enumerate(self._shards):
            for _, _, pattern, _ in shard.members:
                if pattern.gate is None or not gated:
                    self._always.add(index)
                else:
                    self._by_gate.setdefault(pattern.gate, set()).add(index)
            for test in shard.joins:
                self._readers.setdefault(test, set()).add(index)
        self._index = GateIndex(program, self._by_gate)
        for shard in self._shards:
            shard.ruleset.visit([{"k": _ITEM}])  # warm: the first visit of each is slow

    def run(self, run: _Run) -> None:
        """Run the phase: the certain bound, then the possible one where an unknown was seen."""
        if not self._shards:
            return
        joined = {test: run.value(test) for test in self._readers}
        open_gates = dict(self._index.open(run.tests, run.certain, run.possible))
        certain, sure = self._bound(run, open_gates, joined, possible=False, known=(), only=None)
        unsure = self._unsure(run, open_gates, joined)
        possible = set(certain)
        if unsure:
            found, _ = self._bound(run, open_gates, joined, possible=True, known=sure, only=unsure)
            possible |= found
        run.applies |= certain
        run.might |= possible
        self._conclude(run.certain, certain)
        self._conclude(run.possible, possible)

    def _conclude(self, table: dict[str, set[str | bool]], rules: Iterable[int]) -> None:
        for number in rules:
            then = self._program.rules[number].rule.then
            if isinstance(then, Concludes):
                table.setdefault(then.fact, set()).add(then.value)

    def _awake(self, gates: dict[int, int], least: int) -> set[int]:
        found = set(self._always)
        for gate, value in gates.items():
            if value >= least:
                found |= self._by_gate[gate]
        return found

    def _unsure(self, run: _Run, gates: dict[int, int], joined: dict[int, int]) -> set[int]:
        """The shards in which an unknown could make a difference."""
        found = set()
        for index in self._awake(gates, UNKNOWN):
            shard = self._shards[index]
            if any(
                run.value(test) == UNKNOWN
                for _, _, pattern, _ in shard.members
                if pattern.gate is None or pattern.gate in gates or not self._gated
                for test, _ in pattern.needs
            ) or any(joined[test] == UNKNOWN for test in shard.joins):
                found.add(index)
        return found

    def _bound(
        self,
        run: _Run,
        gates: dict[int, int],
        joined: dict[int, int],
        *,
        possible: bool,
        known: Iterable[int],
        only: set[int] | None,
    ) -> tuple[set[int], set[int]]:
        """One bound: a worklist over shards. The rules that fired, and the derived tests.

        A new derived fact goes to every awake shard that reads it; a shard visited later gets all
        that is known by then. Phases are monotone, so the order cannot matter.
        """
        least = UNKNOWN if possible else TRUE
        derived = set(known) | {test for test, value in joined.items() if value >= least}
        awake = self._awake(gates, least)
        pending = awake if only is None else awake & only
        fired: set[int] = set()
        while pending:
            index = min(pending)
            pending.discard(index)
            shard = self._shards[index]
            known_here = derived & shard.joins
            facts = [self._item(run, gates, shard, possible)]
            facts += [{"k": _DERIVED, "n": test} for test in sorted(known_here)]
            names = shard.ruleset.visit(facts, _Chain(shard, self._feeds, known_here))
            numbers = {shard.rules[name] for name in names}
            new = {test for n in numbers for test in self._program.rules[n].feeds} - derived
            fired |= numbers
            derived |= new
            for test in new:
                # This shard has chained on its own new facts already.
                pending |= (self._readers.get(test, set()) & awake) - {index}
        return fired, derived

    def _item(
        self, run: _Run, gates: dict[int, int], shard: _Shard, possible: bool
    ) -> dict[str, Any]:
        """The item as tokens, of those tests only that its open rules need."""
        tokens: dict[str, Any] = {"k": _ITEM}
        days = run.tests.facts.days
        for _, number, pattern, period in shard.members:
            gate = pattern.gate
            if self._gated and gate is not None and gate not in gates:
                continue
            mark = self._periods.get((self._days[number], period))
            if mark is not None and days[self._days[number]] in period:
                tokens[f"p{mark}"] = True
            for test, _ in pattern.needs:
                value = run.value(test)
                if value == TRUE or (possible and value == UNKNOWN):
                    tokens[f"t{test}"] = True
                if value == FALSE or (possible and value == UNKNOWN):
                    tokens[f"f{test}"] = True
            for test, sign in pattern.blocks:
                # Unknown does not exempt, in either bound.
                if run.value(test) == (TRUE if sign else FALSE):
                    tokens[f"{'u' if sign else 'v'}{test}"] = True
        return tokens

    # Building

    def _shard(self, group: list[tuple[int, Pattern, Period]]) -> _Shard:
        rules: dict[str, Any] = {}
        members = []
        numbers = {}
        for index, (number, pattern, period) in enumerate(group):
            name = f"r{index}"
            rules[name] = {"all": self._lines(number, pattern, period), "count": 1}
            members.append((name, number, pattern, period))
            numbers[name] = number
        joins = frozenset(test for _, pattern, _ in group for test in pattern.joins)
        return _Shard(Ruleset(rules), members, joins, numbers)

    def _lines(self, number: int, pattern: Pattern, period: Period) -> list[dict[str, Any]]:
        """Kind first, then what narrows most, then what must be absent."""
        tests: list[dict[str, Any]] = [{"k": _ITEM}]
        if pattern.gate is not None:
            tests.append({f"t{pattern.gate}": True})
        if period != Period():
            key = (self._days[number], period)
            mark = self._periods.setdefault(key, len(self._periods))
            tests.append({f"p{mark}": True})
        for test, sign in sorted(pattern.needs):
            if (test, sign) != (pattern.gate, True):
                tests.append({f"{'t' if sign else 'f'}{test}": True})
        for test, sign in sorted(pattern.blocks):
            tests.append({"$nex": {f"{'u' if sign else 'v'}{test}": 1}})
        lines: list[dict[str, Any]] = [{"m": {"$and": tests} if len(tests) > 1 else tests[0]}]
        for test in sorted(pattern.joins):
            lines.append({f"d{test}": {"$and": [{"k": _DERIVED}, {"n": test}]}})
        return lines


def _grouped(
    patterns: list[tuple[int, Pattern, Period]],
) -> Iterable[list[tuple[int, Pattern, Period]]]:
    """Cut the patterns into shards within the limits of the C module."""
    group: list[tuple[int, Pattern, Period]] = []
    names: set[object] = set()
    for entry in patterns:
        _, pattern, period = entry
        mine = {*pattern.needs, *((test, "d") for test in pattern.joins), period}
        mine |= {(test, sign, "block") for test, sign in pattern.blocks}
        if group and (len(group) >= PATTERNS_PER_SHARD or len(names | mine) > NAMES_PER_SHARD):
            yield group
            group, names = [], set()
        group.append(entry)
        names |= mine
    if group:
        yield group


class _Levels:
    """The risk level by joins in the network: a danger and a likelihood of one hazard."""

    def __init__(self, program: Program) -> None:
        self._program = program
        vocabulary = program.vocabulary
        self._levels = [term.id for term in vocabulary.of_kind("level")]
        self._bands = [term.id for term in vocabulary.of_kind("likelihood")]
        self._hazards = {term.id: n for n, term in enumerate(vocabulary.of_kind("hazard"))}
        rules = {}
        for danger, level in enumerate(self._levels):
            for band, likelihood in enumerate(self._bands):
                risk = self._levels.index(program.matrices.targeting[level][likelihood])
                rules[f"l{risk}-{danger}-{band}"] = {
                    "all": [
                        {"a": {"$and": [{"k": _DANGER}, {"l": danger}]}},
                        {"b": {"$and": [{"k": _LIKELIHOOD}, {"b": band}, {"h": {"a": "h"}}]}},
                    ],
                    "count": 1,
                }
        self._ruleset = Ruleset(rules)

    def of(self, rules: Iterable[int]) -> str:
        """The worst level that the applying *rules* make.

        The targeting table never falls as likelihood rises, so the lowest band may be asserted
        for every danger: it matters only where no rule speaks of the likelihood.
        """
        facts = {}
        for number in rules:
            match self._program.rules[number].rule.then:
                case Danger() as danger:
                    hazard = self._hazards[danger.hazard]
                    level = self._levels.index(danger_level(self._program, danger))
                    facts[_DANGER, hazard, level] = {"k": _DANGER, "h": hazard, "l": level}
                    facts[_LIKELIHOOD, hazard, 0] = {"k": _LIKELIHOOD, "h": hazard, "b": 0}
                case Likelihood() as likelihood:
                    hazard = self._hazards[likelihood.hazard]
                    band = self._bands.index(likelihood.band)
                    facts[_LIKELIHOOD, hazard, band] = {"k": _LIKELIHOOD, "h": hazard, "b": band}
        if not facts:
            return self._levels[0]
        fired = self._ruleset.visit([facts[key] for key in sorted(facts)])
        return self._levels[max((int(name[1:].split("-")[0]) for name in fired), default=0)]


def _flat(conclusions: dict[str, set[str | bool]]) -> frozenset[Conclusion]:
    return frozenset((fact, value) for fact, values in conclusions.items() for value in values)
