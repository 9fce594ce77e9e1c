"""Kleene's three values, and the shape of what gives them.

Read `evaluation` for what each kind of test means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from engine.declaration.facts import Facts
from engine.language.vocabulary import Vocabulary

FALSE, UNKNOWN, TRUE = 0, 1, 2
"""Kleene's values, ordered by truth: `all` is the minimum, `any` the maximum, `not v` is 2 - v."""

Values = dict[int, int]
"""The tests that are true or unknown, by number; all others are false."""

Conclusions = Mapping[str, Collection[str | bool]]
"""Fact → the values that rules have concluded for it."""

NOTHING: Conclusions = {}

Evaluator = Callable[[Facts, Conclusions, Conclusions], int]
"""The value of a test, given facts, certain conclusions and possible ones."""


def holds(condition: bool) -> int:
    return TRUE if condition else FALSE


def is_a(value: str, term: str, vocabulary: Vocabulary) -> int:
    """Whether goods known to be a *value* are a *term*."""
    if vocabulary.is_a(value, term):
        return TRUE
    return FALSE if vocabulary.are_disjoint(value, term) else UNKNOWN
