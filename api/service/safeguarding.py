"""What safeguards find about the release that serves, and about decisions that are kept.

A finding is shown as far as its rules are; how many rules are closed to the caller is counted over
the whole release, as what concerns one decision would tell what they test.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from api.service.deciding import Service
from api.service.policy import Caller, sees
from api.service.releases import opened
from engine.decide.decision import ReleaseRef
from engine.decide.program import Program
from engine.language.rule import Rule
from engine.specs.safeguards import Finding, Safeguards, Verdict, shown

MOST = 100
"""Items of one declaration that are tried with twins: about a second."""


class Findings(Struct, frozen=True, kw_only=True):
    """What safeguards find about rules on a day, flags first; *withheld* counts closed rules."""

    release: ReleaseRef
    on: date
    findings: tuple[Finding, ...]
    withheld: int


class DecisionFindings(Findings, frozen=True, kw_only=True):
    """What safeguards find about one decision, and about the declaration that it was taken on."""

    decision: str


class Safeguarding:
    """Safeguards of the release that serves, and of older ones where these decided."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._own = Safeguards(service.decider.program)
        self._digest = service.decider.release.digest

    def of_decision(self, identifier: str, caller: Caller) -> DecisionFindings:
        """The findings about a kept decision, by the release that took it.

        Raises `NotFoundError`: there is none that the caller may see; `ReleaseError`: this code
        cannot run that release.
        """
        _, kept = self._service.found(identifier, caller)
        decision = kept.version.decision
        safeguards = self._of(decision.release.digest)
        found = safeguards.of_declaration(kept.version.request, decision, MOST)
        hidden = closed(safeguards.program, caller)
        return DecisionFindings(
            decision=decision.id,
            release=decision.release,
            on=decision.on,
            findings=shown(found, hidden),
            withheld=len(hidden),
        )

    def _of(self, digest: str) -> Safeguards:
        if digest == self._digest:
            return self._own
        service = self._service
        release = opened(service.store, digest, service.trusted, to_run=True)
        return Safeguards(Program(release.base, release.vocabulary))


def of_rules(
    safeguards: Safeguards,
    release: ReleaseRef,
    on: date,
    caller: Caller | None,
    verdict: Verdict | None = None,
) -> Findings:
    """The findings about the rules of a release that *caller* may see, of one *verdict* if named.

    None is the public.
    """
    hidden = closed(safeguards.program, caller)
    found = shown(safeguards.of_rules(on), hidden)
    return Findings(
        release=release,
        on=on,
        findings=tuple(one for one in found if verdict in (None, one.verdict)),
        withheld=len(hidden),
    )


def closed(program: Program, caller: Caller | None) -> frozenset[str]:
    """The ids of the rules that *caller* may not see; None is the public."""
    rules: Iterable[Rule] = (compiled.rule for compiled in program.rules)
    return frozenset(rule.id for rule in rules if not sees(caller, rule))
