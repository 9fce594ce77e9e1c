"""Two reviews beside each other, clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.words.reviewing import ReviewWords, named
from engine.specs.fingerprint import Fingerprint, changes
from engine.specs.review import verdict
from engine.specs.runner import Outcome


@dataclass(frozen=True)
class Case:
    """A scenario that came out otherwise, or is in one review only."""

    name: str
    before: Outcome | None
    after: Outcome | None


@dataclass(frozen=True)
class Compared:
    """A clause in two reviews; *changed* are pairs of what changed and its name."""

    clause: str
    before: Outcome | None
    after: Outcome | None
    cases: tuple[Case, ...]
    changed: tuple[tuple[str, str], ...]


Side = tuple[ReviewWords, Mapping[str, Fingerprint]]
"""A review as it may be seen, and the fingerprints of its clauses."""


def compared(before: Side, after: Side) -> tuple[Compared, ...]:
    """Every clause of either review, in the order of the later one."""
    clauses = dict.fromkeys([*after[1], *before[1]])
    return tuple(_compared(clause, before, after) for clause in clauses)


def _compared(clause: str, before: Side, after: Side) -> Compared:
    one, two = before[1].get(clause), after[1].get(clause)
    changed = () if one is None or two is None else changes(one, two)
    was, is_ = _cases(clause, before[0]), _cases(clause, after[0])
    return Compared(
        clause=clause,
        before=_outcome(clause, before[0]),
        after=_outcome(clause, after[0]),
        cases=tuple(
            Case(name, was.get(name), is_.get(name))
            for name in dict.fromkeys([*is_, *was])
            if was.get(name) is not is_.get(name)
        ),
        changed=tuple(named(changed, before[0].sight, after[0].sight)),
    )


def _outcome(clause: str, words: ReviewWords) -> Outcome | None:
    obligations = words.review.specifications.obligations.get(clause)
    return None if obligations is None else verdict(words.results(obligations))


def _cases(clause: str, words: ReviewWords) -> dict[str, Outcome]:
    """The scenarios that may be shown, by name."""
    obligations = words.review.specifications.obligations.get(clause, ())
    shown = map(words.sight.result, words.results(obligations))
    return {one.scenario.name: one.outcome for one in shown if one is not None}
