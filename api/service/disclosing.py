"""Which of a decision's rules a caller may know: by the release that decided, not by today's.

Boundary: finds the rules; what is withheld of them is for `engine.decide.audience`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from msgspec import Struct

from api.service.policy import Caller
from api.service.releases import file_of
from api.store import Role, Store
from engine.decide.audience import RESTRICTED, Ruled, for_agency
from engine.decide.deciding import Decider
from engine.decide.decision import Decision

Seen = Callable[[Decision], Decision]
"""Gives a decision as somebody sees it."""


def whole(decision: Decision) -> Decision:
    """The decision as whoever may see all of it does."""
    return decision


class _Base(Struct):
    rules: tuple[Ruled, ...]


class _Body(Struct):
    base: _Base


class _File(Struct):
    release: _Body


class Disclosing:
    """Shows decisions to callers."""

    def __init__(self, store: Store, decider: Decider) -> None:
        self._store = store
        self._label = decider.program.vocabulary.label
        rules = (compiled.rule for compiled in decider.program.rules)
        own = (Ruled(rule.id, rule.title, rule.agency, rule.disclosure) for rule in rules)
        self._restricted = {decider.release.digest: _restricted(own)}

    def seen_by(self, caller: Caller) -> Seen:
        """What gives a decision as *caller* may see it, which may see one as an officer does."""
        if caller.role is Role.AUDITOR:
            return whole
        return lambda decision: self.among(caller, decision, self._of(decision.release.digest))

    def among(self, caller: Caller, decision: Decision, rules: Iterable[Ruled]) -> Decision:
        """A decision of a release with these restricted *rules*, as *caller* may see it."""
        if caller.role is Role.AUDITOR:
            return decision
        return for_agency(decision, caller.agency, rules, self._label)

    def _of(self, digest: str) -> tuple[Ruled, ...]:
        """The restricted rules of a release; of an older one, as its file says."""
        if digest not in self._restricted:
            file = msgspec.json.decode(file_of(self._store, digest), type=_File)
            self._restricted[digest] = _restricted(file.release.base.rules)
        return self._restricted[digest]


def _restricted(rules: Iterable[Ruled]) -> tuple[Ruled, ...]:
    return tuple(rule for rule in rules if rule.disclosure == RESTRICTED)
