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
from collections.abc import Iterable, Mapping, Sequence
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
from engine.decide.gates import BaseTests, GateIndex, ItemTests
from engine.decide.kleene import FALSE, TRUE
from engine.decide.program import Program
from engine.decide.shards import DANGER, LIKELIHOOD, Plan, Told, derived_fact, item_fact, plans
from engine.declaration.facts import Facts
from engine.language.rule import Danger, Likelihood, Phase

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

    def visit(self, facts: Iterable[str], chain: _Chain | None = None) -> list[str]:
        """Assert *facts*, run every rule that fires, retract everything. The fired rules' names.

        A fact is the members of a JSON object. *chain* gives the facts that a firing derives; they
        join the visit at once.
        """
        given = list(facts)
        held: list[str] = []
        fired: list[str] = []
        try:
            for fact in given:  # which grows while rules derive
                # Ids are small and unique: the module compares only a 32-bit hash of them.
                text = f'{{{fact},"id":{len(held) + 1},"sid":"0"}}'
                code, state = rete.assert_fact(self._handle, text)
                held.append(text)
                if code == _HANDLED:
                    names = self._drained(state)
                    fired += names
                    if names and chain is not None:
                        given += chain.after(names)
                elif code != _NOT_HANDLED:
                    raise EngineError(f"durable-rules answered code {code} to a fact")
        except rete.error as error:
            raise EngineError(f"durable-rules failed: {error}") from error
        finally:
            # Retract only after every action is drained: an interruption between the two would
            # silence the ruleset for ever.
            for text in reversed(held):
                rete.retract_fact(self._handle, text)
        return fired

    def _drained(self, state: int) -> list[str]:
        """Run every action that is due; the names of their rules."""
        names: list[str] = []
        started = rete.start_action_for_state(self._handle, state)
        message = None if started is None else started[1]
        while message is not None:
            # A message is about one rule, `{"r7":{…}}`; only its name matters.
            names.append(message[2 : message.index('"', 2)])
            message = rete.complete_and_start_action(self._handle, state)
        return names


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
        shards = [_Shard(plan) for plan in plans(program)]
        self._phases = {phase: _PhaseNetwork(program, phase, shards, gated) for phase in Phase}
        self._index = GateIndex(program, {p: net.gates for p, net in self._phases.items()})
        self._levels = _Levels(program)

    def judge(self, facts: Facts, base: BaseTests | None = None) -> Answer:
        """The verdict on every rule, and every concluded fact, for one item."""
        with self._lock:  # a ruleset holds one item at a time
            return self._judge(ItemTests(self.program, facts, base))

    def _judge(self, tests: ItemTests) -> Answer:
        declared = self._index.declared(tests)
        applies: set[int] = set()
        might: set[int] = set()
        level = possible_level = self.program.levels[0]
        for phase, network in self._phases.items():
            if phase is Phase.CONTROL:
                level = self._levels.of(applies)
                possible_level = self._levels.of(might) if might != applies else level
                tests.certain[RISK_LEVEL] = {level}
                tests.possible[RISK_LEVEL] = {level, possible_level}
            tests.enter(phase)
            gates = declared | self._index.concluded(tests, phase)
            sure, possible = network.run(tests, gates)
            if phase in self.program.concluding:
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
            then = self.program.conclusions.get(number)
            if then is not None:
                table.setdefault(then.fact, set()).add(then.value)


class _Shard:
    """A plan with its ruleset."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ruleset = Ruleset(plan.definition)
        for phase in plan.by_gate:  # warm: the first visit of each is slow
            self.ruleset.visit([item_fact(phase)])


class _Chain:
    """Facts derived in a visit, each asserted once into its shard."""

    def __init__(self, program: Program, plan: Plan, wanted: set[int]) -> None:
        self._program, self._plan, self._wanted = program, plan, wanted

    def after(self, names: Iterable[str]) -> list[str]:
        """What the firing of rules derives that their shard wants and does not have yet."""
        of_name, rules = self._plan.rules, self._program.rules
        new = {test for name in names for test in rules[of_name[name]].feeds} & self._wanted
        self._wanted -= new
        return [derived_fact(test) for test in sorted(new)]


class _PhaseNetwork:
    """The shards as one phase wakes them, by their gates."""

    def __init__(
        self, program: Program, phase: Phase, shards: Sequence[_Shard], gated: bool
    ) -> None:
        self._program, self._phase, self._shards, self._gated = program, phase, shards, gated
        self._by_gate: dict[int, list[int]] = {}
        self._always: list[int] = []
        self._every: dict[int, list[int | None]] = {}
        for index, shard in enumerate(shards):
            gates = list(shard.plan.by_gate.get(phase, ()))
            if gates:
                self._every[index] = gates
            for gate in gates:
                if gate is None:
                    self._always.append(index)
                else:
                    self._by_gate.setdefault(gate, []).append(index)

    @property
    def gates(self) -> Iterable[int]:
        """The gates that wake shards."""
        return self._by_gate

    def run(self, tests: ItemTests, gates: Mapping[int, int]) -> tuple[set[int], set[int]]:
        """The rules of the phase that apply, and those that might; *gates* are the open ones.

        The possible bound comes first: where nothing might apply, nothing does, and where nothing
        is unknown, all that might apply does.
        """
        awake, wide = self._awake(gates)
        told: dict[int, Told] = {}
        for index, opened in awake.items():
            plan = self._shards[index].plan
            of_shard = plan.told(self._phase, tests, opened, gated=self._gated)
            if of_shard is not None:
                told[index] = of_shard
        if not told:
            return set(), set()
        sure: set[int] = set()
        might: set[int] = set()
        for of_shard in told.values():
            for test in of_shard.joins:
                value = tests[test]
                if value != FALSE:
                    (sure if value == TRUE else might).add(test)
        possible, fired = self._bound(told, set(told), sure | might, possible=True)
        if not might and not any(told[index].unknown for index in fired):
            return possible, possible
        open_wide = {index: told[index] for index in wide & told.keys()}
        certain, _ = self._bound(open_wide, wide & fired, sure, possible=False)
        return certain, possible

    def _awake(self, gates: Mapping[int, int]) -> tuple[dict[int, list[int | None]], set[int]]:
        """The shards that can matter, each with its open gates; and which of them are *wide* open:
        those with a gate that is not merely unknown.
        """
        if not self._gated:
            return self._every, set(self._every)
        awake: dict[int, list[int | None]] = {index: [None] for index in self._always}
        wide = set(self._always)
        for gate, value in gates.items():
            for index in self._by_gate.get(gate, ()):
                awake.setdefault(index, []).append(gate)
                if value == TRUE:
                    wide.add(index)
        return awake, wide

    def _bound(
        self, told: Mapping[int, Told], start: set[int], derived: set[int], *, possible: bool
    ) -> tuple[set[int], set[int]]:
        """One bound: a worklist over shards, beginning with *start*. The rules that fired, and
        the shards that they fired in.

        *told* is what each shard awake is told; *derived* the tests on facts of this phase that
        hold already, to which the bound adds. A new derived fact goes to every awake shard that
        joins it; a shard visited later gets all that is known by then. Phases are monotone, so the
        order cannot matter.
        """
        pending = start
        fired: set[int] = set()
        where: set[int] = set()
        while pending:
            index = min(pending)
            pending.discard(index)
            shard = self._shards[index]
            mine = told[index]
            facts = [mine.fact(possible=possible)]
            chain = None
            if mine.joins:
                facts += map(derived_fact, sorted(derived & mine.joins))
                chain = _Chain(self._program, shard.plan, mine.joins - derived)
            names = shard.ruleset.visit(facts, chain)
            if not names:
                continue
            where.add(index)
            numbers = {shard.plan.rules[name] for name in names}
            fired |= numbers
            new = {test for n in numbers for test in self._program.rules[n].feeds} - derived
            if new:
                derived |= new
                # This shard has chained on its own new facts already.
                pending.update(i for i in told if i != index and not told[i].joins.isdisjoint(new))
        return fired, where


class _Levels:
    """The risk level by joins in the network: a danger and a likelihood of one hazard."""

    def __init__(self, program: Program) -> None:
        self._program = program
        vocabulary = program.vocabulary
        self._levels, self._bands = program.levels, program.bands
        self._hazards = {term.id: n for n, term in enumerate(vocabulary.of_kind("hazard"))}
        rules = {}
        for row, name in enumerate(self._levels):
            for column, band in enumerate(self._bands):
                risk = self._levels.index(program.matrices.targeting[name][band])
                rules[f"l{risk}-{row}-{column}"] = {
                    "all": [
                        {"a": {"$and": [{"k": DANGER}, {"l": row}]}},
                        {"b": {"$and": [{"k": LIKELIHOOD}, {"b": column}, {"h": {"a": "h"}}]}},
                    ],
                    "count": 1,
                }
        self._ruleset = Ruleset(rules)
        # By rule: the kind of fact that it asserts once it applies, its hazard, and the fact.
        self._said: dict[int, tuple[int, int, str]] = {}
        for compiled in program.rules:
            match compiled.rule.then:
                case Danger() as danger:
                    hazard = self._hazards[danger.hazard]
                    level = self._levels.index(danger_level(program, danger))
                    fact = f'"k":{DANGER},"h":{hazard},"l":{level}'
                    self._said[compiled.number] = (DANGER, hazard, fact)
                case Likelihood() as likelihood:
                    hazard = self._hazards[likelihood.hazard]
                    fact = _likelihood_fact(hazard, self._bands.index(likelihood.band))
                    self._said[compiled.number] = (LIKELIHOOD, hazard, fact)

    def of(self, rules: Iterable[int]) -> str:
        """The worst level that the applying *rules* make.

        Only what can be joined is asserted: a likelihood without its danger makes no pair, and the
        lowest band stands where no rule speaks of the likelihood.
        """
        said = [self._said[number] for number in rules if number in self._said]
        endangered = {hazard for kind, hazard, _ in said if kind == DANGER}
        if not endangered:
            return self._levels[0]
        spoken = {hazard for kind, hazard, _ in said if kind == LIKELIHOOD}
        facts = {fact for _, hazard, fact in said if hazard in endangered}
        facts |= {_likelihood_fact(hazard, 0) for hazard in endangered - spoken}
        fired = self._ruleset.visit(sorted(facts))
        return self._levels[max((int(name[1:].split("-")[0]) for name in fired), default=0)]


def _likelihood_fact(hazard: int, band: int) -> str:
    return f'"k":{LIKELIHOOD},"h":{hazard},"b":{band}'


def _flat(conclusions: dict[str, set[str | bool]]) -> frozenset[Conclusion]:
    return frozenset((fact, value) for fact, values in conclusions.items() for value in values)
