"""What the report of a review says, in the order in which it says it: for paper and for HTML.

Plain data; `api.reporting` lays it out. It flags and lists; it calls nothing consistent with law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from api.words import saying
from engine.decide.decision import Control, Decision
from engine.language.rule import Rule
from engine.language.vocabulary import Vocabulary
from engine.release import Release
from engine.specs.feature import Feature, Obligation
from engine.specs.interpretations import Interpretation, Read
from engine.specs.review import Review
from engine.specs.runner import Outcome, ScenarioResult, StepResult
from engine.specs.safeguards import Finding, Verdict

AGREEMENTS = {
    "TFA": "WTO Agreement on Trade Facilitation",
    "TBT": "WTO Agreement on Technical Barriers to Trade",
    "SPS": "WTO Agreement on Sanitary and Phytosanitary Measures",
    "WP6": "UNECE Working Party 6: Recommendations",
}
"""The sources of clauses, by the first part of their tags."""

WORDS = {
    Outcome.PASSED: "holds",
    Outcome.FAILED: "does not hold",
    Outcome.UNCLEAR: "unclear",
    Outcome.STOPPED: "stopped",
    Outcome.NOT_RUN: "not run",
}
HIDDEN = "a rule that is not disclosed"
_LAW = "law"

Sees = Callable[[Rule], bool]
"""Whether the reader may know of a rule."""


class Line(Struct, frozen=True, kw_only=True):
    """A step; *outcome* in words, *why* where it did not pass, or is to be known all the same."""

    keyword: str
    text: str
    outcome: str
    why: str


class Case(Struct, frozen=True, kw_only=True):
    """A scenario; *catches*: it shows that a breach is caught; *flags*: it keeps a known flag on
    record; *decided*: what it decided.
    """

    name: str
    place: str
    catches: bool
    flags: bool
    passed: bool
    outcome: str
    lines: tuple[Line, ...]
    decided: tuple[str, ...]


class Demand(Struct, frozen=True, kw_only=True):
    """What a clause demands, and how sure we are of reading it so."""

    clause: str
    name: str
    source: str
    force: str
    addressee: str
    regimes: str
    status: str
    checked: str
    untested: str
    cases: tuple[Case, ...]


class Article(Struct, frozen=True, kw_only=True):
    """An article or recommendation, with what it demands."""

    agreement: str
    clause: str
    name: str
    gist: str
    passed: int
    total: int
    demands: tuple[Demand, ...]


class Flag(Struct, frozen=True, kw_only=True):
    """What a safeguard found on rules."""

    article: str
    verdict: str
    words: str
    mend: str
    rules: tuple[str, ...]


class Rival(Struct, frozen=True, kw_only=True):
    """A reading of a clause, and what it decides."""

    name: str
    gist: str
    followed: bool
    decided: tuple[str, ...]


class Ambiguity(Struct, frozen=True, kw_only=True):
    """A clause that can be read in more ways than one."""

    clause: str
    title: str
    question: str
    why: str
    status: str
    checked: str
    rivals: tuple[Rival, ...]


class Source(Struct, frozen=True, kw_only=True):
    """A legal source of which a lawyer has to confirm what the rules make of it."""

    cite: str
    href: str
    status: str
    checked: str
    rules: int


class Report(Struct, frozen=True, kw_only=True):
    """Everything; *hidden* counts the rules that the reader may not know of."""

    release: str
    digest: str
    made_on: str
    on: str
    passed: int
    total: int
    hidden: int
    articles: tuple[Article, ...]
    flags: tuple[Flag, ...]
    ambiguities: tuple[Ambiguity, ...]
    sources: tuple[Source, ...]


def report(review: Review, release: Release, sees: Sees) -> Report:
    """The report of *review*, which is of *release*, for who *sees* some of its rules."""
    writer = _Writer(release, sees)
    passed = Counter(one.outcome is Outcome.PASSED for one in review.results)
    return Report(
        release=review.release.id,
        digest=review.release.digest,
        made_on=saying.day(release.made_on),
        on=saying.day(review.on),
        passed=passed[True],
        total=len(review.results),
        hidden=len(writer.hidden),
        articles=tuple(
            writer.article(feature, review.of(feature.scenarios))
            for feature in review.specifications.features
        ),
        flags=tuple(writer.flags(review.findings)),
        ambiguities=tuple(
            writer.ambiguity(entry, review.readings.get(entry.file, ()))
            for entry in review.specifications.register
        ),
        sources=writer.sources(),
    )


class _Writer:
    def __init__(self, release: Release, sees: Sees) -> None:
        self.vocabulary: Vocabulary = release.vocabulary
        self.seen = {rule.id: rule for rule in release.base.rules if sees(rule)}
        self.hidden = {rule.id for rule in release.base.rules} - self.seen.keys()

    def article(self, feature: Feature, results: tuple[ScenarioResult, ...]) -> Article:
        return Article(
            agreement=AGREEMENTS.get(feature.clause.partition("-")[0], feature.clause),
            clause=feature.clause,
            name=feature.name,
            gist=feature.gist,
            passed=sum(one.outcome is Outcome.PASSED for one in results),
            total=len(results),
            demands=tuple(self._demand(one, results) for one in feature.obligations),
        )

    def _demand(self, one: Obligation, results: Iterable[ScenarioResult]) -> Demand:
        return Demand(
            clause=one.clause,
            name=one.name,
            source=one.source,
            force=one.modal if one.proviso is None else f"{one.modal}, {one.proviso}",
            addressee=one.addressee,
            regimes=", ".join(one.regimes),
            status=one.status,
            checked=saying.day(one.checked),
            untested=one.untested,
            cases=tuple(self._case(result) for result in results if result.obligation == one),
        )

    def _case(self, result: ScenarioResult) -> Case:
        taken = [step.decision for step in result.steps if step.decision is not None]
        return Case(
            name=result.scenario.name,
            place=f"{result.scenario.file}:{result.scenario.line}",
            catches=result.scenario.catches,
            flags=result.scenario.flags,
            passed=result.outcome is Outcome.PASSED,
            outcome=WORDS[result.outcome],
            lines=tuple(self._line(step) for step in result.steps),
            decided=tuple(self._decided(taken[-1])) if taken else (),
        )

    def _line(self, one: StepResult) -> Line:
        hidden = not self.hidden.isdisjoint(one.rules)
        return Line(
            keyword=one.step.keyword,
            text=HIDDEN if hidden else one.step.text,
            outcome=WORDS[one.outcome],
            why="" if hidden else one.words,
        )

    def _decided(self, decision: Decision) -> Iterator[str]:
        """What was decided, item by item."""
        label = self.vocabulary.label
        for item in decision.items:
            yield (
                f"Item {item.item}: {item.channel} channel, {label(item.status).lower()}, "
                f"risk level {label(item.risk_level).lower()}."
            )
            for control in item.controls:
                yield self._control(control)

    def _control(self, control: Control) -> str:
        label = self.vocabulary.label
        rule = control.reasons.rule
        named = HIDDEN if rule in self.hidden else f"rule {rule}"
        drawn = {True: "selected", False: "not drawn", None: "drawn elsewhere"}[control.selected]
        more = ", by law" if control.mandate else ""
        more += ", above the ladder" if control.proportion == "flagged" else ""
        more += ", its review overdue" if control.reasons.overdue else ""
        return (
            f"{label(control.task)} by {label(control.agency)}, "
            f"{saying.share(control.rate, control.unit)}: {drawn}{more} ({named})."
        )

    def flags(self, findings: Iterable[Finding]) -> Iterator[Flag]:
        """What was found that is no clean bill, without what only hidden rules make so."""
        for one in findings:
            if one.verdict is Verdict.NO_FLAG:
                continue
            shown = tuple(rule for rule in one.rules if rule not in self.hidden)
            if shown or not one.rules:
                yield Flag(
                    article=one.article,
                    verdict=one.verdict,
                    words=one.words,
                    mend=one.mend or "",
                    rules=shown,
                )

    def ambiguity(self, entry: Interpretation, read: Iterable[Read]) -> Ambiguity:
        decided = {one.name: one.decision for one in read if one.decision is not None}
        return Ambiguity(
            clause=entry.clause,
            title=entry.title,
            question=entry.question,
            why=entry.why,
            status=entry.status,
            checked=saying.day(entry.checked),
            rivals=tuple(
                Rival(
                    name=one.name,
                    gist=one.gist,
                    followed=one.name == entry.followed,
                    decided=tuple(self._decided(decided[one.name]))
                    if one.name in decided
                    else ("It came to no decision.",),
                )
                for one in entry.readings
            ),
        )

    def sources(self) -> tuple[Source, ...]:
        """The legal sources of rules that nobody confirmed yet, those of most rules first."""
        found = {}
        count: Counter[str] = Counter()
        for rule in self.seen.values():
            for basis in {one.cite: one for one in rule.bases.values()}.values():
                if basis.status != _LAW:
                    found[basis.cite] = basis
                    count[basis.cite] += 1
        return tuple(
            Source(
                cite=cite,
                href=found[cite].href or "",
                status=found[cite].status,
                checked=saying.day(found[cite].checked),
                rules=number,
            )
            for cite, number in count.most_common()
        )
