"""What the report of a review says, in the order in which it says it: for paper and for HTML.

Plain data; `api.reporting` lays it out. It flags and lists; it calls nothing consistent with law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from api.service.sight import Sight
from api.words import saying
from api.words.reviewing import AGREEMENTS, in_order
from engine.decide.audience import TraderDecision, for_trader
from engine.decide.decision import Control, Decision
from engine.language.sentences import listed
from engine.language.vocabulary import Vocabulary
from engine.release import Release
from engine.specs.feature import Feature, Obligation
from engine.specs.interpretations import Interpretation, Read, Reading
from engine.specs.review import Review
from engine.specs.runner import Outcome, ScenarioResult, StepResult
from engine.specs.safeguards import Verdict

WORDS = {
    Outcome.PASSED: "holds",
    Outcome.FAILED: "does not hold",
    Outcome.UNCLEAR: "unclear",
    Outcome.STOPPED: "stopped",
    Outcome.NOT_RUN: "not run",
}
_LAW = "law"


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
    """What a clause demands, and how sure we are of reading it so; *withheld* cases are counted."""

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
    withheld: int


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
    """A clause that can be read in more ways than one; no *rivals* where they are withheld."""

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


def report(review: Review, release: Release, sight: Sight | None = None) -> Report:
    """The report of *review*, which is of *release*; whole, or what *sight* shows of it."""
    writer = _Writer(review, release, sight)
    passed = Counter(one.outcome is Outcome.PASSED for one in review.results)
    ordered = sorted(review.specifications.features, key=lambda one: in_order(one.clause))
    agreements = list(AGREEMENTS)
    ordered.sort(key=lambda one: _rank(agreements, one.clause))
    return Report(
        release=review.release.id,
        digest=review.release.digest,
        made_on=saying.day(release.made_on),
        on=saying.day(review.on),
        passed=passed[True],
        total=len(review.results),
        hidden=len(release.base.rules) - len(writer.rules),
        articles=tuple(writer.article(feature) for feature in ordered),
        flags=tuple(writer.flags()),
        ambiguities=tuple(map(writer.ambiguity, review.specifications.register)),
        sources=writer.sources(),
    )


class _Writer:
    def __init__(self, review: Review, release: Release, sight: Sight | None) -> None:
        self.review, self.sight = review, sight
        self.vocabulary: Vocabulary = release.vocabulary
        every = {rule.id: rule for rule in release.base.rules}
        self.rules = every if sight is None else sight.rules

    def article(self, feature: Feature) -> Article:
        results = self.review.of(feature.scenarios)
        return Article(
            agreement=AGREEMENTS.get(feature.clause.partition("-")[0], feature.clause),
            clause=feature.clause,
            name=feature.name,
            gist=feature.gist,
            passed=sum(one.outcome is Outcome.PASSED for one in results),
            total=len(results),
            demands=tuple(map(self._demand, feature.obligations)),
        )

    def _demand(self, one: Obligation) -> Demand:
        results = self.review.of(one.scenarios)
        shown = results if self.sight is None else map(self.sight.result, results)
        cases = tuple(self._case(result) for result in shown if result is not None)
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
            cases=cases,
            withheld=len(results) - len(cases),
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
        return Line(
            keyword=one.step.keyword,
            text=one.step.text,
            outcome=WORDS[one.outcome],
            why=one.words,
        )

    def _decided(self, decision: Decision) -> Iterator[str]:
        """What was decided, item by item; to who is no officer, what its trader would be told."""
        if self.sight is not None and not self.sight.officer:
            yield from self._told(for_trader(decision, self.vocabulary))
            return
        label = self.vocabulary.label
        for item in decision.items:
            yield (
                f"Item {item.item}: {item.channel} channel, {label(item.status).lower()}, "
                f"risk level {label(item.risk_level).lower()}."
            )
            for control in item.controls:
                yield self._control(control)

    def _told(self, decision: TraderDecision) -> Iterator[str]:
        label = self.vocabulary.label
        yield f"{decision.channel.capitalize()} channel."
        for item in decision.items:
            acts = [f"{label(act.act)} by {label(act.agency)}" for act in item.controls]
            more = f": {listed(acts, 'and')}" if acts else ""
            yield f"Item {item.item}: {label(item.status).lower()}{more}."

    def _control(self, control: Control) -> str:
        label = self.vocabulary.label
        drawn = {True: "selected", False: "not drawn", None: "drawn elsewhere"}[control.selected]
        more = ", by law" if control.mandate else ""
        more += ", above the ladder" if control.proportion == "flagged" else ""
        more += ", its review overdue" if control.reasons.overdue else ""
        share = saying.share(control.rate, control.unit)
        imposed = f"{label(control.task)} by {label(control.agency)}, {share}"
        return f"{imposed}: {drawn}{more} (rule {control.reasons.rule})."

    def flags(self) -> Iterator[Flag]:
        """What was found that is no clean bill."""
        found = self.review.findings
        for one in found if self.sight is None else self.sight.findings(found):
            if one.verdict is not Verdict.NO_FLAG:
                yield Flag(
                    article=one.article,
                    verdict=one.verdict,
                    words=one.words,
                    mend=one.mend or "",
                    rules=one.rules,
                )

    def ambiguity(self, entry: Interpretation) -> Ambiguity:
        read = {one.name: one for one in self.review.readings[entry.file]}
        rivals = [self._rival(one, read[one.name], entry) for one in entry.readings]
        whole = tuple(one for one in rivals if one is not None)
        return Ambiguity(
            clause=entry.clause,
            title=entry.title,
            question=entry.question,
            why=entry.why,
            status=entry.status,
            checked=saying.day(entry.checked),
            rivals=whole if len(whole) == len(rivals) else (),
        )

    def _rival(self, one: Reading, read: Read, entry: Interpretation) -> Rival | None:
        """A reading; None where its case is about a closed rule."""
        if self.sight is not None and self.sight.steps(read.steps) is None:
            return None
        decided = ("It came to no decision.",)
        return Rival(
            name=one.name,
            gist=one.gist,
            followed=one.name == entry.followed,
            decided=decided if read.decision is None else tuple(self._decided(read.decision)),
        )

    def sources(self) -> tuple[Source, ...]:
        """The legal sources of rules that nobody confirmed yet, those of most rules first."""
        found = {}
        count: Counter[str] = Counter()
        for rule in self.rules.values():
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


def _rank(agreements: list[str], clause: str) -> int:
    """The place of the agreement of a clause; one that is not listed comes last."""
    tag = clause.partition("-")[0]
    return agreements.index(tag) if tag in agreements else len(agreements)
