"""What `check` answers of safeguards: on the rules, and on declarations that were given.

Whoever reads files sees every rule, so nothing is withheld here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from api.messages import Sent, by_declaration
from engine.decide.deciding import Decider
from engine.decide.decision import ReleaseRef
from engine.decide.draw import WHAT_IF, DrawKeys
from engine.decide.program import Program
from engine.decide.semantics import Semantics
from engine.language.diagnostics import Diagnostic
from engine.release import Progress
from engine.specs.safeguards import Finding, Safeguards, Verdict

_NAMED = 3
"""Rules that a line names; the rest is counted."""

_NO_RELEASE = ReleaseRef(id="none", digest="none")


class Told(Struct, frozen=True, kw_only=True):
    """The findings about the rules, and those about each declaration by its id."""

    rules: tuple[Finding, ...]
    declarations: dict[str, tuple[Finding, ...]]

    @property
    def plain(self) -> dict[str, Any]:
        """The same, as members of an answer in JSON."""
        return {"findings": self.rules, "declarations": self.declarations}

    def warnings(self, said: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
        """The flags on rules, but for what static checks have *said* of the same file."""
        for finding in self.rules:
            for one in finding.diagnostics if finding.flagged else ():
                if not any(two.file == one.file and finding.words in two.message for two in said):
                    yield one

    def lines(self, *, every: bool) -> Iterator[str]:
        """One line a finding, *every* one or flags on declarations, and a count of all."""
        for finding in self.rules if every else ():
            yield _line("", finding)
        for name, findings in self.declarations.items():
            for finding in findings:
                if every or finding.flagged:
                    yield _line(f"{name}: ", finding)
        whole = (self.rules, *self.declarations.values())
        counts = Counter(one.verdict for findings in whole for one in findings)
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
        yield f"safeguards: {told}"


def safeguarded(program: Program, messages: Sequence[Sent], on: date, progress: Progress) -> Told:
    """The findings about the rules of *program* and about *messages*, decided on a day.

    Nothing is kept, and the draw is one that anybody may know. Raises `MalformedError` where a
    declaration cannot be decided on.
    """
    progress("safeguards", 0, len(messages) + 1)
    safeguards = Safeguards(program)
    rules = safeguards.of_rules(on)
    decider = Decider(program, [Semantics(program)], _NO_RELEASE)
    declarations = {}
    for done, versions in enumerate(by_declaration(list(messages))):
        progress("safeguards", done + 1, len(messages) + 1)
        latest = versions[-1]
        with latest.naming():
            decided = decider.decide_versions(
                [one.request for one in versions], on=on, keys=DrawKeys(WHAT_IF), what_if=True
            )
        found = safeguards.of_declaration(latest.request, decided[-1])
        declarations[latest.request.declaration.id] = found
    return Told(rules=rules, declarations=declarations)


def _line(prefix: str, finding: Finding) -> str:
    more = f" and {len(finding.rules) - _NAMED} more" if len(finding.rules) > _NAMED else ""
    about = f" [{', '.join(finding.rules[:_NAMED])}{more}]" if finding.rules else ""
    item = "" if finding.item is None else f"item {finding.item}: "
    mend = f"\n  help: {finding.mend}" if finding.mend else ""
    return f"{prefix}{item}{finding.verdict} {finding.article}: {finding.words}{about}{mend}"
