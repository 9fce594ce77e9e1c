"""What a caller sees of a reviewed release: its rules, and of its scenarios what names no other.

What is withheld is counted, and neither named nor linked. Boundary: says what is seen; how it is
shown is for `api.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from api.service.disclosing import Disclosing, Seen, whole
from api.service.policy import REVIEW, Caller, sees
from engine.decide.audience import RESTRICTED, Ruled
from engine.language.rule import Rule
from engine.specs.runner import ScenarioResult, StepResult
from engine.specs.safeguards import Finding, shown

WITHHELD = "withheld: it names what is disclosed to others only"


class Sight:
    """How *caller* sees the *rules* of a release; None is the public."""

    def __init__(
        self, rules: Iterable[Rule], caller: Caller | None, disclosing: Disclosing | None = None
    ) -> None:
        """*disclosing* is for officers, who see decisions whole; the public needs none."""
        every = tuple(rules)
        self.rules = {rule.id: rule for rule in every if sees(caller, rule)}
        closed = [rule for rule in every if rule.id not in self.rules]
        self.hidden = frozenset(rule.id for rule in closed)
        self.officer = caller is not None and caller.may(REVIEW)
        self.decision: Seen = whole
        if caller is not None and self.officer:
            assert disclosing is not None
            # A decision may be by rules that a scenario set in: by a release that nobody keeps.
            named = [Ruled(one.id, one.title, one.agency, one.disclosure) for one in every]
            restricted = [one for one in named if one.disclosure == RESTRICTED]
            self.decision = lambda decision: disclosing.among(caller, decision, restricted)
        tables = {rule.table for rule in closed} - {rule.table for rule in self.rules.values()}
        said = {*self.hidden, *tables}
        said.update(text for rule in closed for text in (rule.title, rule.because) if text)
        words = "|".join(re.escape(text) for text in sorted(said, key=len, reverse=True))
        self._closed = re.compile(rf"(?:{words})(?![\w-])") if words else None

    def withholds(self, text: str) -> bool:
        """Whether *text* names a rule that the caller may not see."""
        return self._closed is not None and self._closed.search(text) is not None

    def result(self, result: ScenarioResult) -> ScenarioResult | None:
        """A scenario with what the caller may see of it; None where it is about a closed rule."""
        if self.withholds(result.scenario.name):
            return None
        steps = self.steps(result.steps)
        return None if steps is None else replace(result, steps=steps)

    def steps(self, steps: Sequence[StepResult]) -> tuple[StepResult, ...] | None:
        """Steps with what the caller may see of them; None where they are about a closed rule."""
        named = {rule for one in steps for rule in one.rules}
        if named & self.hidden or any(self.withholds(one.step.text) for one in steps):
            return None
        return tuple(map(self._step, steps))

    def findings(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those about rules that the caller may see."""
        return tuple(one for one in shown(findings, self.hidden) if not self.withholds(one.words))

    def _step(self, step: StepResult) -> StepResult:
        """What a step says of levels and rates is for officers: a trader is not told these."""
        secret = not self.officer or self.withholds(step.words)
        return replace(
            step,
            words=WITHHELD if step.words and secret else step.words,
            decision=None if step.decision is None else self.decision(step.decision),
            diagnostics=tuple(
                one
                for one in step.diagnostics
                if not self.withholds(f"{one.message} {one.help or ''}")
                and not self.withholds(one.file.removeprefix("rules/").removesuffix(".toml"))
            ),
            findings=self.findings(step.findings),
        )
