"""What counsel signs a clause on: its text, its steps, the rules it touched, and their law.

A sign-off holds while all of these are the same; where one differs, it says which.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from engine.evidence.canonical import canonical
from engine.language.rule import Rule
from engine.specs.feature import Obligation
from engine.specs.matching import Matched, match
from engine.specs.runner import ScenarioResult


class Fingerprint(Struct, frozen=True, kw_only=True):
    """Digests, in 16 hexadecimal digits: of the clause's *text* and *steps*, each rule, each basis.

    *rules* are by id and without their law, *law* by the citation of the basis; *outcome* is what
    the scenarios came to.
    """

    text: str
    steps: str
    outcome: str
    rules: dict[str, str]
    law: dict[str, str]


def fingerprint(
    obligations: Iterable[Obligation],
    results: Iterable[ScenarioResult],
    rules: Iterable[Rule],
) -> Fingerprint:
    """The fingerprint of a clause; *rules* are those that its scenarios touched."""
    obligations, rules = tuple(obligations), tuple(rules)
    bases = {basis.cite: basis for rule in rules for basis in rule.bases.values()}
    return Fingerprint(
        text=digest([_without_places(msgspec.to_builtins(one)) for one in obligations]),
        steps=digest(sorted(set(_code(obligations)))),
        outcome=digest([[one.scenario.name, one.outcome] for one in results]),
        rules={rule.id: digest(replace(rule, bases={})) for rule in rules},
        law={cite: digest(bases[cite]) for cite in sorted(bases)},
    )


def changes(before: Fingerprint, now: Fingerprint) -> tuple[str, ...]:
    """What differs: `text`, `steps`, `outcome`, `rule …`, `law …`; nothing, if it holds."""
    found = [
        name for name in ("text", "steps", "outcome") if getattr(before, name) != getattr(now, name)
    ]
    for kind, was, is_ in (("rule", before.rules, now.rules), ("law", before.law, now.law)):
        found += [
            f"{kind} {name}"
            for name in sorted(was.keys() | is_.keys())
            if was.get(name) != is_.get(name)
        ]
    return tuple(found)


def digest(value: object) -> str:
    """16 hexadecimal digits of what has a canonical form, such as a whole fingerprint."""
    return hashlib.sha256(canonical(value)).hexdigest()[:16]


def _code(obligations: Iterable[Obligation]) -> Iterable[str]:
    """The source of every function that a step means."""
    for obligation in obligations:
        for scenario in obligation.scenarios:
            for step in scenario.steps:
                meant = match(step)
                if isinstance(meant, Matched):
                    yield meant.phrase.text + inspect.getsource(meant.phrase.run)


def _without_places(value: object) -> object:
    """*value* without the file and line of anything: a moved line changes no meaning."""
    if isinstance(value, dict):
        return {
            key: _without_places(inner)
            for key, inner in value.items()
            if key not in ("file", "line")
        }
    if isinstance(value, (list, tuple)):
        return [_without_places(inner) for inner in value]
    return value
