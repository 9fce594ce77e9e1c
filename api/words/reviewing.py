"""A review as its pages show it: contents, clauses, the matrix, the register, the vocabulary.

Boundary: plain data. What the reader may see was settled by `api.service.sight` before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from api.service.sight import Sight
from api.service.signing_off import Told
from api.words.citing import acts
from api.words.decided import View
from api.words.officer import OfficerWords
from api.words.reviewed import (
    Agreement,
    Article,
    ClauseEntry,
    Count,
    EntryView,
    ObligationView,
    PhraseView,
    ReadingView,
    RuleRef,
    ScenarioView,
    Standing,
    StepView,
)
from api.words.spoken import spoken
from api.words.trader import trader_view
from engine.decide.audience import for_trader
from engine.decide.deciding import ONE_ENGINE
from engine.decide.decision import Decision
from engine.language.rule import Rule
from engine.language.vocabulary import Vocabulary
from engine.specs.feature import Obligation
from engine.specs.fingerprint import Fingerprint
from engine.specs.interpretations import Interpretation, Read
from engine.specs.matching import Matched, match
from engine.specs.review import Review, touched, verdict
from engine.specs.runner import Outcome, ScenarioResult, StepResult
from engine.specs.steps import PHRASES

SIGNS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.UNCLEAR: "?",
    Outcome.STOPPED: "■",
    Outcome.NOT_RUN: "·",
}
"""What stands beside the word, for who does not see colours."""

AGREEMENTS = {
    "TFA": "WTO Agreement on Trade Facilitation",
    "TBT": "WTO Agreement on Technical Barriers to Trade",
    "SPS": "WTO Agreement on the Application of Sanitary and Phytosanitary Measures",
    "WP6": "UNECE WP.6 Recommendations",
}

_LETTERS = 10**6
"""More than any article has as its number."""

CHANGED = {
    "text": spoken("what the clause says here"),
    "steps": spoken("what its steps do"),
    "outcome": spoken("what its scenarios came to"),
    "rule": spoken("the rule"),
    "law": spoken("the legal basis"),
}
"""What may have changed since a clause was signed, in words."""

ALONE = spoken("Decided by the specification alone, as is whatever is changed or tried here.")
"""In the place of what is said where an engine is missing."""


class ReviewWords:
    """Prepares a review of a release for one reader."""

    def __init__(
        self,
        review: Review,
        sight: Sight,
        vocabulary: Vocabulary,
        linked: Callable[[str], bool],
    ) -> None:
        self.review, self.sight, self.vocabulary = review, sight, vocabulary
        self._officer = OfficerWords(vocabulary, linked)

    # Contents

    def agreements(self, standings: Mapping[str, Standing]) -> tuple[Agreement, ...]:
        """All articles, by agreement in the order of `AGREEMENTS`."""
        found: dict[str, list[Article]] = {tag: [] for tag in AGREEMENTS}
        for feature in self.review.specifications.features:
            by_clause: dict[str, list[Obligation]] = {}
            for one in feature.obligations:
                by_clause.setdefault(one.clause, []).append(one)
            results = self.review.of(feature.scenarios)
            article = Article(
                clause=feature.clause,
                name=feature.name,
                outcome=verdict(results),
                count=counted(results),
                clauses=tuple(
                    self._entry(clause, those, standings[clause])
                    for clause, those in by_clause.items()
                ),
            )
            found.setdefault(feature.clause.partition("-")[0], []).append(article)
        return tuple(
            Agreement(tag, AGREEMENTS.get(tag, tag), tuple(sorted(articles, key=_place)))
            for tag, articles in found.items()
            if articles
        )

    def _entry(
        self, clause: str, obligations: Sequence[Obligation], standing: Standing
    ) -> ClauseEntry:
        results = self.results(obligations)
        return ClauseEntry(
            clause=clause,
            names=tuple(one.name for one in obligations),
            outcome=verdict(results),
            count=counted(results),
            standing=standing,
        )

    # Clauses

    def results(self, obligations: Iterable[Obligation]) -> tuple[ScenarioResult, ...]:
        """The results of all scenarios of some obligations, of which not all may be shown."""
        return self.review.of(case for one in obligations for case in one.scenarios)

    def obligations(self, clause: str) -> tuple[ObligationView, ...]:
        """What a clause demands, with its scenarios; empty where there is no such clause."""
        return tuple(
            self._obligation(one) for one in self.review.specifications.obligations.get(clause, ())
        )

    def gists(self, clause: str) -> tuple[tuple[str, str], ...]:
        """The names and gists of the features that hold the clause."""
        return tuple(
            (feature.name, feature.gist)
            for feature in self.review.specifications.features
            if any(one.clause == clause for one in feature.obligations)
        )

    def _obligation(self, obligation: Obligation) -> ObligationView:
        results = self.results([obligation])
        shown = [one for one in map(self.sight.result, results) if one is not None]
        return ObligationView(
            obligation=obligation,
            outcome=verdict(results),
            scenarios=tuple(map(self.scenario, shown)),
            withheld=len(results) - len(shown),
        )

    def scenario(self, result: ScenarioResult) -> ScenarioView:
        """A scenario of which the reader may see all that *result* holds."""
        names = touched([result])
        seen = sorted(names & self.sight.rules.keys())
        return ScenarioView(
            line=result.scenario.line,
            name=result.scenario.name,
            catches=result.scenario.catches,
            flags=result.scenario.flags,
            outcome=result.outcome,
            steps=self.steps(result.steps),
            rules=tuple(self.rule(self.sight.rules[name]) for name in seen),
            clause=result.obligation.clause,
        )

    def steps(self, steps: Sequence[StepResult]) -> tuple[StepView, ...]:
        """The steps of a scenario with their evidence."""
        named = {rule for one in steps for rule in one.rules}
        return tuple(self._step(one, named) for one in steps)

    def _step(self, step: StepResult, named: set[str]) -> StepView:
        """What safeguards say of a whole release is folded away, but for the rules *named*."""
        own = [
            one
            for one in step.findings
            if not named or not one.rules or not named.isdisjoint(one.rules)
        ]
        return StepView(
            line=step.step.line,
            keyword=step.step.keyword,
            text=step.step.text,
            outcome=step.outcome,
            words=step.words,
            diagnostics=step.diagnostics,
            findings=tuple(own),
            others=tuple(one for one in step.findings if one not in own),
            view=self.decision(step.decision),
        )

    def decision(self, decision: Decision | None) -> View | None:
        """A decision: whole for officers, for others what its trader would be told."""
        if decision is None:
            return None
        if self.sight.officer:
            notices = tuple(ALONE if one == ONE_ENGINE else one for one in decision.notices)
            return self._officer.view(replace(decision, notices=notices))
        return trader_view(for_trader(decision, self.vocabulary), None, self.vocabulary)

    def rule(self, rule: Rule) -> RuleRef:
        """A rule that the reader may see."""
        found = {ref: None for basis in rule.bases.values() for ref in acts(basis, self.vocabulary)}
        return RuleRef(rule.id, rule.title, tuple(found))

    # Registers

    def register(self) -> Iterator[EntryView]:
        """Every entry, with what each reading decides."""
        for entry in self.review.specifications.register:
            found = [self._reading(entry, one) for one in self.review.readings[entry.file]]
            whole = tuple(one for one in found if one is not None)
            yield EntryView(entry, whole if len(whole) == len(found) else ())

    def _reading(self, entry: Interpretation, read: Read) -> ReadingView | None:
        steps = self.sight.steps(read.steps)
        if steps is None:
            return None
        gist = next(one.gist for one in entry.readings if one.name == read.name)
        decision = None if read.decision is None else self.sight.decision(read.decision)
        return ReadingView(
            name=read.name,
            gist=gist,
            followed=read.name == entry.followed,
            outcome=read.outcome,
            steps=self.steps(steps),
            view=self.decision(decision),
        )

    def phrases(self) -> Mapping[str, Mapping[str, list[PhraseView]]]:
        """The phrases by subject and kind, each with a step of a feature that says it."""
        said: dict[str, str] = {}
        for feature in self.review.specifications.features:
            for step in (step for one in feature.scenarios for step in one.steps):
                if not self.sight.withholds(step.text):
                    meant = match(step)
                    if isinstance(meant, Matched):
                        said.setdefault(meant.phrase.text, step.text)
        found: dict[str, dict[str, list[PhraseView]]] = {}
        for phrase in PHRASES:
            kinds = found.setdefault(phrase.subject, {})
            kinds.setdefault(phrase.kind, []).append(PhraseView(phrase, said.get(phrase.text)))
        return found


def _place(article: Article) -> tuple[tuple[int, str], ...]:
    return in_order(article.clause)


def in_order(clause: str) -> tuple[tuple[int, str], ...]:
    """By what clauses are ordered: 4.1 before 10.1, and annexes, which have letters, after both."""
    parts = re.split(r"[-.]", clause)
    return tuple((int(part), "") if part.isdecimal() else (_LETTERS, part) for part in parts)


def counted(results: Sequence[ScenarioResult]) -> Count:
    """How many scenarios passed."""
    return Count(
        passed=sum(one.outcome is Outcome.PASSED for one in results),
        total=len(results),
        caught=sum(one.scenario.catches for one in results),
    )


def standing(said: Sequence[Told], now: Fingerprint | None, sight: Sight) -> Standing:
    """How counsel's last word on a clause stands; *now* is what would be signed today."""
    last = next((one for one in reversed(said) if one.said is not None), None)
    if last is None or last.said is None:
        return Standing("not signed")
    words = "signed" if last.said.signed.agrees else "objected"
    changed = last.changed(now)
    return Standing(f"{words}, stale" if changed else words, last, tuple(named(changed, sight)))


def named(changed: Iterable[str], *sights: Sight) -> Iterator[tuple[str, str]]:
    """What changed, with its name; closed rules, and law that only they cite, are not named."""
    rules = {id_: rule for sight in sights for id_, rule in sight.rules.items()}
    cited = {basis.cite for rule in rules.values() for basis in rule.bases.values()}
    hidden = frozenset().union(*(sight.hidden for sight in sights))
    for one in changed:
        kind, _, name = one.partition(" ")
        closed = name in hidden or (kind, name in rules) == ("rule", False)
        closed |= (kind, name in cited) == ("law", False)
        yield CHANGED[kind], "" if closed else name
