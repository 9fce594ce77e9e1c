"""What the pages of a review show, as plain data; `reviewing` makes it."""

from __future__ import annotations

from dataclasses import dataclass

from api.lines import Ref
from api.service.signing_off import Told
from api.words.decided import View
from engine.language.diagnostics import Diagnostic
from engine.specs.feature import Obligation
from engine.specs.interpretations import Interpretation
from engine.specs.phrase import Phrase
from engine.specs.runner import Outcome
from engine.specs.safeguards import Finding


@dataclass(frozen=True)
class Standing:
    """How counsel's last word on a clause stands.

    *changed* are pairs of a key of `reviewing.CHANGED` and a name.
    """

    words: str
    told: Told | None = None
    changed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Count:
    """How many scenarios passed, of how many; *caught* of them show a breach."""

    passed: int
    total: int
    caught: int


@dataclass(frozen=True)
class ClauseEntry:
    """A clause in the contents."""

    clause: str
    names: tuple[str, ...]
    outcome: Outcome
    count: Count
    standing: Standing


@dataclass(frozen=True)
class Article:
    """An article, by its feature."""

    clause: str
    name: str
    outcome: Outcome
    count: Count
    clauses: tuple[ClauseEntry, ...]


@dataclass(frozen=True)
class Agreement:
    """An agreement by its tag, with its articles."""

    tag: str
    name: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class RuleRef:
    """A rule by id and title, with the regulations of the ontology that it cites."""

    id: str
    title: str
    acts: tuple[Ref, ...]


@dataclass(frozen=True)
class StepView:
    """One step; *findings* are about the rules that the scenario names, *others* are not."""

    line: int
    keyword: str
    text: str
    outcome: Outcome
    words: str
    diagnostics: tuple[Diagnostic, ...]
    findings: tuple[Finding, ...]
    others: tuple[Finding, ...]
    view: View | None

    @property
    def evidence(self) -> bool:
        """Whether something stands behind it."""
        return bool(self.diagnostics or self.findings or self.others or self.view)


@dataclass(frozen=True)
class ScenarioView:
    """One scenario, with the rules that it rests on as far as the reader may see them.

    The others are not counted here: who edits a scenario would learn what they test.
    """

    line: int
    name: str
    catches: bool
    flags: bool
    outcome: Outcome
    steps: tuple[StepView, ...]
    rules: tuple[RuleRef, ...]
    clause: str


@dataclass(frozen=True)
class ObligationView:
    """An obligation with its scenarios; *withheld* counts those that the reader may not see."""

    obligation: Obligation
    outcome: Outcome
    scenarios: tuple[ScenarioView, ...]
    withheld: int


@dataclass(frozen=True)
class ReadingView:
    """One way to read a clause, and what it decides."""

    name: str
    gist: str
    followed: bool
    outcome: Outcome
    steps: tuple[StepView, ...]
    view: View | None


@dataclass(frozen=True)
class EntryView:
    """An entry of the register; no *readings* where they are withheld."""

    entry: Interpretation
    readings: tuple[ReadingView, ...]


@dataclass(frozen=True)
class PhraseView:
    """A phrase of the vocabulary, with a step that says it."""

    phrase: Phrase
    example: str | None
