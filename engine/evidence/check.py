"""What a verification says: one check, its result, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Result(StrEnum):
    """What became of a check."""

    HOLDS = "holds"
    FAILS = "fails"
    ERASED = "erased"  # what was said is gone, as the law may ask; its digest stands
    WITHHELD = "withheld"  # what was said is not shown to this reader
    UNCHECKED = "not checked"  # what the check needs is not there


class Check(Struct, frozen=True):
    """One thing that was looked at; *message* is a sentence for people."""

    name: str
    result: Result
    message: str


def judged(name: str, holds: bool, message: str, otherwise: str) -> Check:
    """A check that *holds*, with its *message*, or fails and says what is *otherwise*."""
    if holds:
        return Check(name, Result.HOLDS, message)
    return Check(name, Result.FAILS, otherwise)


def refused(checks: Iterable[Check]) -> bool:
    """Whether any of the checks fails."""
    return any(check.result is Result.FAILS for check in checks)
