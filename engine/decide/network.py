"""The same meaning, run by durable-rules: a forward-chaining network of patterns.

The only file that imports `durable_rules_engine`. It drives the package's own C module, one
ruleset a *shard*; why, and why in just this way, stands in `engine/README.md`.

Shards are planned in `shards`. An item enters one as one fact of boolean tokens: `tN` test N is
true, `fN` it is false, `uN` and `vN` the same for tests of `unless`, `pN` the rule's period is in
force. A conclusion that rules of its own phase read is a fact of its own, and the network joins
the two. Unknown is two bounds on one network: *certain*, where an unknown token is absent, and
*possible*, where it is given as true and as false. Undetermined = possible - certain.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

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
from engine.decide.evaluation import TRUE, UNKNOWN
from engine.decide.gates import GateIndex, ItemTests
from engine.decide.program import Program
from engine.decide.shards import DANGER, DERIVED, ITEM, LIKELIHOOD, Plan, plans
from engine.declaration.facts import Facts
from engine.language.rule import Concludes, Danger, Likelihood, Phase

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
        try:
            for fact in facts:
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
        text = msgspec.json.encode({**fact, "id": len(held) + 1, "sid": "0"}).decode()
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
            # A message is about one rule, `{"r7":{…}}`; only its name matters.
            name = message[2 : message.index('"', 2)]
            fired.append(name)
            if chain is not None:
                derived.extend(chain.after(name))
            message = rete.complete_and_start_action(self._handle, state)
        for fact in derived:
            self._assert(fact, held, fired, chain)


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
        self._index = GateIndex(program, {p: net.gates for p, net in self._phases.items()})
        self._levels = _Levels(program)

    def judge(self, facts: Facts) -> Answer:
        """The verdict on every rule, and every concluded fact, for one item."""
        with self._lock:  # a ruleset holds one item at a time
            return self._judge(facts)

    def _judge(self, facts: Facts) -> Answer:
        tests = ItemTests(self.program, facts)
        declared = self._index.declared(tests)
        applies: set[int] = set()
        might: set[int] = set()
        level = possible_level = self.program.levels[0]
        for phase in Phase:
            if phase is Phase.CONTROL:
                level, possible_level = self._levels.of(applies), self._levels.of(might)
                tests.certain[RISK_LEVEL] = {level}
                tests.possible[RISK_LEVEL] = {level, possible_level}
            tests.enter(phase)
            gates = {**declared, **self._index.concluded(tests, phase)}
            sure, possible = self._phases[phase].run(tests, gates)
            self._conclude(tests.certain, sure)
            self._conclude(tests.possible, possible)
            applies |= sure
            might |= possible
        return Answer(
            applies=frozenset(applies),
            undetermined=frozenset(might - applies),
            certain=_flat(tests.certain),
            possible=_flat(tests.possible),
            level=(level, possible_level),
        )

    def _conclude(self, table: dict[str, set[str | bool]], rules: Iterable[int]) -> None:
        for number in rules:
            then = self.program.rules[number].rule.then
            if isinstance(then, Concludes):
                table.setdefault(then.fact, set()).add(then.value)


class _Shard:
    """A plan with its ruleset."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ruleset = Ruleset(plan.definition)
        self.ruleset.visit([{"k": ITEM}])  # warm: the first visit of each is slow


class _Chain:
    """Facts derived in a visit, each asserted once into its shard."""

    def __init__(self, program: Program, shard: _Shard, known: set[int]) -> None:
        self._program, self._shard = program, shard
        self._given = set(known)

    def after(self, name: str) -> list[dict[str, Any]]:
        """What the firing of a rule derives that its shard reads and does not have yet."""
        feeds = self._program.rules[self._shard.plan.rules[name]].feeds
        new = [test for test in feeds if test in self._shard.plan.joins and test not in self._given]
        self._given.update(new)
        return [{"k": DERIVED, "n": test} for test in new]


class _PhaseNetwork:
    """The shards of one phase, woken by their gates."""

    def __init__(self, program: Program, phase: Phase, gated: bool) -> None:
        self._program, self._gated = program, gated
        self._shards = [_Shard(plan) for plan in plans(program, phase)]
        self._by_gate: dict[int, list[int]] = {}
        self._always: list[int] = []
        self._readers: dict[int, set[int]] = {}
        for index, shard in enumerate(self._shards):
            for gate in shard.plan.by_gate:
                if gate is not None and gated:
                    self._by_gate.setdefault(gate, []).append(index)
            if None in shard.plan.by_gate or not gated:
                self._always.append(index)
            for test in shard.plan.joins:
                self._readers.setdefault(test, set()).add(index)

    @property
    def gates(self) -> Iterable[int]:
        """The gates that wake shards."""
        return self._by_gate

    def run(self, tests: ItemTests, gates: Mapping[int, int]) -> tuple[set[int], set[int]]:
        """The rules of the phase that apply, and those that might; *gates* are the open ones.

        First the certain bound; then the possible one, where an unknown was seen.
        """
        awake = self._awake(gates)
        if not awake:
            return set(), set()
        shards = [self._shards[index] for index in awake]
        told = {
            index: shard.plan.tokens(tests, awake[index])
            for index, shard in zip(awake, shards, strict=True)
        }
        joined = {test: tests.value(test) for shard in shards for test in shard.plan.joins}
        sure = {test for test, value in joined.items() if value == TRUE}
        might = {test for test, value in joined.items() if value == UNKNOWN}
        items = {index: tokens.certain for index, tokens in told.items()}
        wide = {
            index
            for index, opened in awake.items()
            if any(gate is None or not self._gated or gates[gate] == TRUE for gate in opened)
        }
        certain = self._bound({index: items[index] for index in wide}, wide, sure)
        unsure = {
            index
            for index, tokens in told.items()
            if tokens.unknown or self._shards[index].plan.joins & might
        }
        if not unsure:
            return certain, certain
        items = {index: {**tokens.certain, **tokens.unknown} for index, tokens in told.items()}
        return certain, certain | self._bound(items, unsure, sure | might)

    def _awake(self, gates: Mapping[int, int]) -> dict[int, list[int | None]]:
        """The shards that can matter, each with its open gates."""
        if not self._gated:
            return {index: list(shard.plan.by_gate) for index, shard in enumerate(self._shards)}
        awake: dict[int, list[int | None]] = {index: [None] for index in self._always}
        for gate in gates:
            for index in self._by_gate.get(gate, ()):
                awake.setdefault(index, []).append(gate)
        return awake

    def _bound(
        self, items: Mapping[int, dict[str, Any]], start: set[int], derived: set[int]
    ) -> set[int]:
        """One bound: a worklist over shards, beginning with *start*. The rules that fired.

        *items* are the shards awake, each with the item as it is told; *derived* the tests on
        facts of this phase that hold already, to which the bound adds. A new derived fact goes to
        every awake shard that reads it; a shard visited later gets all that is known by then.
        Phases are monotone, so the order cannot matter.
        """
        pending = set(start)
        fired: set[int] = set()
        while pending:
            index = min(pending)
            pending.discard(index)
            shard = self._shards[index]
            known = derived & shard.plan.joins
            facts = [items[index], *({"k": DERIVED, "n": test} for test in sorted(known))]
            names = shard.ruleset.visit(facts, _Chain(self._program, shard, known))
            numbers = {shard.plan.rules[name] for name in names}
            fired |= numbers
            new = {test for n in numbers for test in self._program.rules[n].feeds} - derived
            derived |= new
            for test in new:
                # This shard has chained on its own new facts already.
                pending |= (self._readers.get(test, set()) & items.keys()) - {index}
        return fired


class _Levels:
    """The risk level by joins in the network: a danger and a likelihood of one hazard."""

    def __init__(self, program: Program) -> None:
        self._program = program
        vocabulary = program.vocabulary
        self._levels, self._bands = program.levels, program.bands
        self._hazards = {term.id: n for n, term in enumerate(vocabulary.of_kind("hazard"))}
        rules = {}
        for danger, level in enumerate(self._levels):
            for band, likelihood in enumerate(self._bands):
                risk = self._levels.index(program.matrices.targeting[level][likelihood])
                rules[f"l{risk}-{danger}-{band}"] = {
                    "all": [
                        {"a": {"$and": [{"k": DANGER}, {"l": danger}]}},
                        {"b": {"$and": [{"k": LIKELIHOOD}, {"b": band}, {"h": {"a": "h"}}]}},
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
                    facts[DANGER, hazard, level] = {"k": DANGER, "h": hazard, "l": level}
                    facts[LIKELIHOOD, hazard, 0] = {"k": LIKELIHOOD, "h": hazard, "b": 0}
                case Likelihood() as likelihood:
                    hazard = self._hazards[likelihood.hazard]
                    band = self._bands.index(likelihood.band)
                    facts[LIKELIHOOD, hazard, band] = {"k": LIKELIHOOD, "h": hazard, "b": band}
        if not facts:
            return self._levels[0]
        fired = self._ruleset.visit([facts[key] for key in sorted(facts)])
        return self._levels[max((int(name[1:].split("-")[0]) for name in fired), default=0)]


def _flat(conclusions: dict[str, set[str | bool]]) -> frozenset[Conclusion]:
    return frozenset((fact, value) for fact, values in conclusions.items() for value in values)
