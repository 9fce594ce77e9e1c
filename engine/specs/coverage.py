"""What scenarios touch: the matrix of clause, rule and scenario, with its holes.

A rule is touched where a scenario names it, sets it in, or has goods decided to which it applies,
could apply, or would apply but for an exemption. Rows of a table are one rule here, its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from engine.language.rule import Rule
from engine.language.vocabulary import Basis
from engine.release import Release
from engine.specs.feature import Feature
from engine.specs.runner import ScenarioResult


class Entry(Struct, frozen=True, order=True):
    """A scenario of a clause touches a rule."""

    clause: str
    rule: str
    scenario: str


class Coverage(Struct, frozen=True, kw_only=True):
    """The matrix. Rules go by the ids of their files, clauses by the tags of obligations.

    *one_sided* are obligations, as ``clause: name``, that never hold or are never breached in a
    scenario; *without_rule* those whose scenarios touch no rule; *untouched* rules that no scenario
    touches; *unnamed* those of them that have no example of their own either; *uncited* bases that
    no touched rule cites, by what they cite.
    """

    entries: tuple[Entry, ...]
    clauses: tuple[str, ...]
    rules: tuple[str, ...]
    one_sided: tuple[str, ...]
    without_rule: tuple[str, ...]
    untouched: tuple[str, ...]
    unnamed: tuple[str, ...]
    uncited: tuple[str, ...]

    def scenarios(self, clause: str | None = None, rule: str | None = None) -> tuple[str, ...]:
        """The names of the scenarios of a clause that touch a rule; of any, where none is named."""
        return tuple(
            dict.fromkeys(
                one.scenario
                for one in self.entries
                if clause in (None, one.clause) and rule in (None, one.rule)
            )
        )


def covered(
    features: Sequence[Feature], results: Iterable[ScenarioResult], release: Release
) -> Coverage:
    """The coverage of *release* by *features*, as they were run."""
    rules: dict[str, list[Rule]] = {}
    for rule in release.base.rules:
        rules.setdefault(rule.table, []).append(rule)
    entries = {
        Entry(result.obligation.clause, name.partition("#")[0], result.scenario.name)
        for result in results
        for name in result.rules
    }
    touched = {entry.rule for entry in entries}
    obligations = [one for feature in features for one in feature.obligations]
    shown = {entry.scenario for entry in entries}
    every = tuple(dict.fromkeys(one.cite for one in bases(release, rules)))
    cited = {one.cite for one in bases(release, touched)}
    untouched = tuple(name for name in rules if name not in touched)
    return Coverage(
        entries=tuple(sorted(entries)),
        clauses=tuple(dict.fromkeys(one.clause for one in obligations)),
        rules=tuple(rules),
        one_sided=tuple(
            f"{one.clause}: {one.name}"
            for one in obligations
            if {scenario.catches for scenario in one.scenarios} != {True, False}
        ),
        without_rule=tuple(
            f"{one.clause}: {one.name}"
            for one in obligations
            if not any(scenario.name in shown for scenario in one.scenarios)
        ),
        untouched=untouched,
        unnamed=tuple(name for name in untouched if not any(rule.examples for rule in rules[name])),
        uncited=tuple(one for one in every if one not in cited),
    )


def bases(release: Release, rules: Iterable[str]) -> tuple[Basis, ...]:
    """The law and other sources that *rules* cite, each once, by ids of rules or of their files."""
    names = set(rules)
    found: dict[Basis, None] = {}
    for rule in release.base.rules:
        if rule.id in names or rule.table in names:
            known = {**release.vocabulary.bases, **rule.bases}
            found.update((known[name], None) for name in rule.cited if name in known)
    return tuple(sorted(found, key=lambda one: one.cite))
