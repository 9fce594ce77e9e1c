"""What safeguards find about rules by themselves, whatever is declared.

What the static checks know already (missing basis, criterion, objective, standard; overdue reviews;
controls that follow nothing) is taken from them and said under its article.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.decide.answer import RISK_LEVEL
from engine.decide.program import Program
from engine.language.base import ReadBase, RuleBase
from engine.language.checks import accounts
from engine.language.condition import Leaf, Operator, leaves
from engine.language.necessity import needs, refused
from engine.language.rule import RANDOM, SCHEME, Control, Danger, Likelihood
from engine.specs.safeguards import justifying, weighing
from engine.specs.safeguards.finding import SPS, Finding, Kind, Verdict, about
from engine.specs.safeguards.subject import ILLUSTRATIVE, LAW, Subject

FLAG, INSUFFICIENT, NO_FLAG = Verdict.FLAG, Verdict.INSUFFICIENT, Verdict.NO_FLAG

_SAID = {
    "unknown-basis": Kind.BASIS,
    "no-grounds": Kind.BASIS,
    "no-programme": Kind.BASIS,
    "no-criterion": Kind.CRITERION,
    "no-proportionality": Kind.OBJECTIVE,
    "no-standard": Kind.STANDARD,
    "overdue": Kind.REVIEW,
    "endless-scheme": Kind.REVIEW,
    "no-risk": Kind.SELECTION,
    "random-risk": Kind.SELECTION,
    "scheme-risk": Kind.SELECTION,
    "discretionary-status": Kind.SELECTION,
}
"""What static checks say, by the check of the agreements that it answers."""

AUTHORISED, CUSTOMS = "importer.authorised", "agency:Customs"

_Said = dict[str, list[tuple[Kind, str, str | None]]]


def of_rules(program: Program, on: date) -> Iterator[Finding]:
    """Every finding about each rule of a release on a day."""
    said = _said(program, on)
    for compiled in program.rules:
        told = said.get(compiled.rule.id, [])
        for kind, words, mend in told:
            yield about(kind, FLAG, compiled.rule, words, mend)
        flagged = {kind for kind, _, _ in told}
        for check in _CHECKS:
            for found in check(Subject(program, compiled, on)):
                if found.kind not in flagged:
                    yield found


def _said(program: Program, on: date) -> _Said:
    base = RuleBase(
        rules=tuple(compiled.rule for compiled in program.rules),
        parameters=program.parameters,
        matrices=program.matrices,
        calendars=program.calendars,
    )
    said: _Said = {}
    for found in accounts(ReadBase.without_files(base), program.vocabulary, on):
        if found.code in _SAID:
            for rule in found.rules:
                said.setdefault(rule, []).append((_SAID[found.code], found.message, found.mend))
    return said


def _basis(subject: Subject) -> Iterator[Finding]:
    rule, known = subject.rule, subject.bases
    statuses = {known[name].status for name in rule.cited if name in known}
    if ILLUSTRATIVE in statuses:
        words = "numbers of it are illustrative: nobody could give their justification on request"
        mend = "put the agency's own figures and their source in the place of the illustrative ones"
        yield about(Kind.BASIS, INSUFFICIENT, rule, words, mend)
    elif statuses != {LAW}:
        words = "law that it cites has yet to be confirmed by a lawyer"
        yield about(Kind.BASIS, INSUFFICIENT, rule, words, "have it confirmed: set its `status`")
    else:
        yield about(Kind.BASIS, NO_FLAG, rule, "each test and number has its source")


def _review(subject: Subject) -> Iterator[Finding]:
    rule = subject.rule
    if rule.effective.end is not None and rule.effective.end <= subject.on:
        yield about(Kind.REVIEW, NO_FLAG, rule, "it has ended, and decides later goods no more")
    elif rule.effective.end is not None or rule.review_by is not None:
        yield about(Kind.REVIEW, NO_FLAG, rule, "it ends, or is looked at again, on a day to come")
    elif rule.mandate:
        words = "law prescribes it for as long as the law stands; the record names no review"
        yield about(Kind.REVIEW, NO_FLAG, rule, words)
    else:
        words = "nothing says when it ends or is looked at again"
        mend = "add `review_by`, or `until` to `effective`"
        yield about(Kind.REVIEW, INSUFFICIENT, rule, words, mend)


def _criterion(subject: Subject) -> Iterator[Finding]:
    rule = subject.rule
    if subject.discretionary is None and not isinstance(rule.then, Likelihood):
        return
    used = {
        leaf.criterion
        for leaf in leaves(rule.when)
        if leaf.test.operator is not Operator.KNOWN and leaf.test.fact != RISK_LEVEL
    }
    evident = isinstance(rule.then, Likelihood) and rule.then.evidence.strip()
    if used == {"origin"} and not evident:
        mend = "cite the evidence, or add what else of the goods matters"
        words = "it selects by origin alone, and cites no evidence"
        yield about(Kind.CRITERION, FLAG, rule, words, mend)
    else:
        yield about(Kind.CRITERION, NO_FLAG, rule, "each test says which criterion it uses")


def _selection(subject: Subject) -> Iterator[Finding]:
    rule = subject.rule
    if isinstance(rule.then, Control):
        words = {
            RANDOM: "it draws a declared share at random, whatever the risk",
            SCHEME: "a named programme sets its frequency",
            None: "law prescribes it" if rule.mandate else "it follows the joint risk level",
        }[rule.selection]
        yield about(Kind.SELECTION, NO_FLAG, rule, words)


def _authorised(subject: Subject) -> Iterator[Finding]:
    """Authorised operators may have less of what customs choose; it proves no product safe."""
    rule = subject.rule
    if not any(leaf.test.fact == AUTHORISED for leaf in rule.leaves):
        return
    wrong = None
    if isinstance(rule.then, Danger):
        wrong = "it changes a danger, and the standing of a trader makes no product safe"
    elif rule.mandate:
        wrong = "it changes what law prescribes, which the standing of a trader does not lift"
    elif rule.agency != CUSTOMS:
        wrong = "it changes what another agency than customs assesses or controls"
    if wrong is None:
        words = "the standing of an authorised operator counts in what customs choose"
        yield about(Kind.AUTHORISED, NO_FLAG, rule, words)
    else:
        mend = f"leave `{AUTHORISED}` out, or test what this agency knows of the trader"
        yield about(Kind.AUTHORISED, FLAG, rule, wrong, mend)


def _provisional(subject: Subject) -> Iterator[Finding]:
    """The four limbs together; a blank in a declaration is no case of insufficient science."""
    rule = subject.rule
    if rule.regime != SPS or rule.mandate:
        return
    blank = needs(rule.when, _asks_for_a_blank) or any(map(_asks_for_known, refused(rule.when)))
    if blank:
        words = "it acts on a blank field, which is no lack of scientific evidence"
        yield about(Kind.PROVISIONAL, FLAG, rule, words, "ask for the fact instead")
    limbs = rule.provisional
    if limbs is None:
        return
    texts = {
        "why the evidence is insufficient": limbs.insufficient,
        "what it relies on": limbs.relies_on,
        "what is sought": limbs.sought,
        "by whom it is sought": limbs.sought_by,
    }
    missing = [name for name, text in texts.items() if not text.strip()]
    if missing:
        words = f"a provisional measure that does not say {' nor '.join(missing)}"
        yield about(Kind.PROVISIONAL, FLAG, rule, words, "fill it in under `[provisional]`")
    elif limbs.review <= subject.on:
        words = f"the review of this provisional measure was due by {limbs.review}"
        mend = "review it in the light of what was found, or end it"
        yield about(Kind.PROVISIONAL, FLAG, rule, words, mend)
    elif not blank:
        yield about(Kind.PROVISIONAL, NO_FLAG, rule, "all four limbs are on record")


def _asks_for_a_blank(leaf: Leaf) -> bool:
    return leaf.test.operator is Operator.KNOWN and leaf.test.flag is False


def _asks_for_known(leaf: Leaf) -> bool:
    return leaf.test.operator is Operator.KNOWN and leaf.test.flag is True


_CHECKS = (
    *(_basis, _review, _criterion, _selection, _authorised, _provisional),
    *(weighing.objective, weighing.standard, weighing.recognition),
    *(weighing.alternative, weighing.calibration, justifying.discrimination),
)
