"""What one release has to show, indexed once for all requests; for pages and JSON alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from api.service.policy import Caller, sees
from api.words.finding import Finder
from api.words.regulations import RegulationPages
from api.words.rules import RulePages
from api.words.terms import TermPages
from engine.decide.decision import ReleaseRef
from engine.decide.program import Program
from engine.language.diagnostics import did_you_mean

MAX_QUERY = 200


class Browsing:
    """The rules, terms, facts and regulations of one release."""

    def __init__(self, program: Program, release: ReleaseRef, clock: Callable[[], date]) -> None:
        self.program, self.release, self.clock = program, release, clock
        rules = [compiled.rule for compiled in program.rules]
        self.terms = TermPages(rules, program.vocabulary, program.parameters)
        self.regulations = RegulationPages(self.terms)
        self.finder = Finder(self.terms)

    def rules(self, caller: Caller | None) -> RulePages:
        """The rules that *caller* may see, as at today."""
        return RulePages(self.program, self.clock(), lambda rule: sees(caller, rule))

    def missing(self, what: str, identifier: str) -> tuple[str, str | None]:
        """That there is no such thing, and what may have been meant."""
        shown = identifier[:MAX_QUERY]
        return f"there is no {what} `{shown}`", self.finder.near(shown)


def no_kind(kind: str, finder: Finder) -> str:
    """That there is no such kind of terms, and what may have been meant."""
    near = did_you_mean(kind, finder.kinds)
    return f"there is no kind of terms `{kind[:40]}`" + (f"; {near}" if near else "")
