"""What a scenario works on: a real release, and what its steps have said and done so far.

Boundary: no step and no text. What a step cannot make sense of is `UnclearError`; what does not
hold is `FailedError`; time that ran out is `StoppedError`.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from engine.decide.deciding import Decider
from engine.decide.decision import Decision, ItemDecision, ReleaseRef
from engine.decide.draw import DrawKeys
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.declaration.acts import Act
from engine.declaration.declaration import Request
from engine.declaration.reading import read_request
from engine.language.diagnostics import Diagnostic, did_you_mean
from engine.language.law import Dossier
from engine.language.rule import Proportionality, Rule
from engine.prove.proofs import Proofs
from engine.release import Release
from engine.specs.safeguards import Finding, Safeguards

KEYS = DrawKeys(b"a key that only specifications use")
_SMALL = {"a", "an", "and", "at", "for", "from", "goods", "in", "of", "on", "the", "with"}


class UnclearError(ValueError):
    """A step names something that is not there; the message says what is near."""


class FailedError(AssertionError):
    """What a step expects does not hold; the message says what is so instead."""


class StoppedError(Exception):
    """The time of a scenario ran out, or whoever asked for it went away."""


def expect(holds: object, words: str) -> None:
    """Fail with *words* unless it *holds*. An `assert` would hold for ever under ``python -O``."""
    if not holds:
        raise FailedError(words)


@dataclass(frozen=True, kw_only=True, repr=False)
class Ground:
    """What all scenarios start from, made once: a release, what decides by it, declarations.

    *declarations* is the folder of the requests that scenarios speak of; *hidden* are the ids of
    rules that no step may name, as whoever wrote it may not see them.
    """

    release: Release
    decider: Decider
    declarations: Path
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        release: Release,
        declarations: Path,
        decider: Decider | None = None,
        *,
        hidden: frozenset[str] = frozenset(),
    ) -> Ground:
        """With the specification as the one engine, unless there is a *decider*."""
        return cls(
            release=release,
            decider=decider or _specified(release, release.ref),
            declarations=declarations,
            hidden=hidden,
        )

    def __repr__(self) -> str:
        return f"Ground({self.decider.release.id})"  # a whole release is no reading

    @cached_property
    def proofs(self) -> Proofs:
        """What is proved of the release: scenarios share it, as making it takes a second."""
        return Proofs(self.decider)

    @property
    def named(self) -> dict[str, Path]:
        """The declarations by their names."""
        return {path.stem: path for path in sorted(self.declarations.glob("*.json"))}


def _specified(release: Release, ref: ReleaseRef) -> Decider:
    program = Program(release.base, release.vocabulary)
    return Decider(program, [Semantics(program)], ref)


@dataclass
class World:
    """One scenario on its way.

    *pace* is called before anything that takes time; it raises `StoppedError` when time is up, of
    which *left* says the seconds.
    *taken* is the request that the scenario speaks of, *twin* another beside it, *series* many
    more, *turned_away* why it was not accepted. *rules* are those that were named or set in,
    *touched* those that applied, could have, or were lifted; *diagnostics* and *findings* what
    static checks and safeguards said; *told* what a reader is told of steps that hold.
    """

    ground: Ground
    pace: Callable[[], None] = lambda: None
    left: Callable[[], float] = lambda: math.inf
    release: Release = field(init=False)
    taken: dict[str, Any] | None = None
    twin: dict[str, Any] | None = None
    series: list[Request] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    decision: Decision | None = None
    before: Decision | None = None
    decisions: list[Decision] = field(default_factory=list)
    rule: Rule | None = None
    dossier: Dossier | None = None
    published: date | None = None
    turned_away: str = ""
    rules: dict[str, None] = field(default_factory=dict)
    touched: dict[str, None] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    _decider: Decider | None = None
    _proofs: Proofs | None = None

    def __post_init__(self) -> None:
        self.release = self.ground.release

    # What was said

    @property
    def decided(self) -> Decision:
        """The decision that was taken last."""
        if self.decision is None:
            raise UnclearError("nothing was decided yet: say when the declaration is decided")
        return self.decision

    @property
    def item(self) -> ItemDecision:
        """The first item of that decision."""
        return self.decided.items[0]

    @property
    def named(self) -> Rule:
        """The rule that the scenario speaks of."""
        if self.rule is None:
            raise UnclearError("no rule was named yet: name one by its title")
        return self.rule

    @property
    def weighed(self) -> Proportionality:
        """The record of that rule on why it is not more than is needed."""
        why = self.named.proportionality
        if why is None:
            raise UnclearError("the rule has no record of what was weighed: name one that has")
        return why

    @property
    def request(self) -> dict[str, Any]:
        """The request that the scenario speaks of, as sent: steps change it in place."""
        if self.taken is None:
            raise UnclearError("no goods were named yet: begin with a consignment")
        return self.taken

    @property
    def goods(self) -> list[dict[str, Any]]:
        """The items of the declaration, as sent."""
        items: list[dict[str, Any]] = self.request["declaration"]["goods"]
        return items

    # What is done

    def take(self, name: str) -> None:
        """Take the declaration of that name: ``cut roses from Kenya`` is `cut-roses-kenya`."""
        files = {_words(stem.replace("-", " ")): path for stem, path in self.ground.named.items()}
        path = files.get(_words(name))
        if path is None:
            known = [stem.replace("-", " ") for stem in self.ground.named]
            mend = did_you_mean(" ".join(_words(name)), known) or f"there are {', '.join(known)}"
            raise UnclearError(f"there is no consignment `{name}`: {mend}")
        self.taken = json.loads(path.read_text("utf-8"))

    def change(self, rule: Rule) -> None:
        """Put *rule* in the place of the one with its id, or add it, in this scenario only."""
        rules = {other.id: other for other in self.release.base.rules} | {rule.id: rule}
        ordered = tuple(rules[name] for name in sorted(rules))
        base = msgspec.structs.replace(self.release.base, rules=ordered)
        self.release = msgspec.structs.replace(self.release, base=base)
        self._decider = self._proofs = None
        self.name(rule)

    def name(self, rule: Rule) -> None:
        """Speak of *rule* from now on."""
        self.rule = rule
        self.rules[rule.id] = None

    @property
    def decider(self) -> Decider:
        """What decides: all engines by the rules as shipped, the specification by changed ones."""
        if self.release is self.ground.release:
            return self.ground.decider
        if self._decider is None:
            self.pace()
            # No digest is made of it: what a scenario changes was never released.
            ref = self.ground.decider.release
            self._decider = _specified(self.release, ReleaseRef(id=f"{ref.id}, changed", digest=""))
        return self._decider

    @property
    def proofs(self) -> Proofs:
        """What is proved of the rules as they are now."""
        if self.release is self.ground.release:
            return self.ground.proofs
        if self._proofs is None:
            self._proofs = Proofs(self.decider)
        return self._proofs

    def decide(
        self,
        request: dict[str, Any] | Request,
        day: date,
        *,
        acts: Sequence[Act] = (),
        before: Decision | None = None,
        first_seen: date | None = None,
    ) -> Decision:
        """The decision on *request*, with a key of the specifications' own."""
        self.pace()
        decision = self.decider.decide(
            request if isinstance(request, Request) else read(request),
            on=day,
            keys=KEYS,
            acts=acts,
            before=before,
            first_seen=first_seen,
        )
        for item in decision.items:
            found = (item.applied, item.exempted, item.undetermined)
            self.touched.update(dict.fromkeys(one.rule for part in found for one in part))
        return decision

    def safeguards(self) -> Safeguards:
        """The safeguards of the release as it is now."""
        self.pace()
        return Safeguards(self.decider.program)

    # Words for terms

    def term(self, kind: str, label: str) -> str:
        """The term of that *kind* which has the label."""
        terms = {term.label: term.id for term in self.release.vocabulary.of_kind(kind)}
        return _of(label, terms, kind)

    def agency(self, label: str) -> str:
        """The agency which has the label."""
        agencies = {one.label: one.id for one in self.release.vocabulary.agencies.values()}
        return _of(label, agencies, "agency")

    def country(self, name: str) -> str:
        """The code of a country by its name."""
        return _of(
            name,
            {label: code for code, label in self.release.vocabulary.countries.items()},
            "country",
        )

    def certificate(self, label: str) -> str:
        """The kind of document which has the label."""
        known = {one.label: one.id for one in self.release.vocabulary.certificates.values()}
        return _of(label, known, "document")

    def rule_of(self, name: str) -> Rule:
        """The rule with that title or id; of a table, its first row."""
        hidden = self.ground.hidden
        rules = [rule for rule in self.release.base.rules if rule.id not in hidden]
        for rule in rules:
            if name in (rule.title, rule.id, rule.table):
                return rule
        known = [*(rule.title for rule in rules), *(rule.id for rule in rules)]
        raise UnclearError(
            f"there is no rule `{name}`: {did_you_mean(name, known) or 'name one by its title'}"
        )

    def label(self, term: str) -> str:
        """The label of a term."""
        return self.release.vocabulary.label(term)


def read(request: dict[str, Any]) -> Request:
    """The request as the engine reads it."""
    return read_request(json.dumps(request).encode())


def _of(label: str, known: dict[str, str], kind: str) -> str:
    label = re.sub(r"^(?:an?|the) ", "", label)
    lower = {name.lower(): identifier for name, identifier in known.items()}
    if label.lower() not in lower:
        mend = did_you_mean(label.lower(), lower) or f"known are {listed(known)}"
        raise UnclearError(f"there is no {kind} `{label}`: {mend}")
    return lower[label.lower()]


def listed(words: Iterable[str], most: int = 12) -> str:
    """Words in a row, the rest counted."""
    found = list(words)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def _words(name: str) -> tuple[str, ...]:
    """The words that tell a declaration: without accents, marks, plurals and small words."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.findall("[a-z0-9]+", plain)
    return tuple(word.removesuffix("s") for word in words if word not in _SMALL)
