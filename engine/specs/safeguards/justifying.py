"""Whether a rule accounts for treating some origins or traders otherwise than others.

It does where law prescribes it, or by evidence and an end (TFA 7.4.2): a criterion that nobody has
to look at again becomes a habit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.language.condition import Leaf, Operator
from engine.language.rule import Likelihood
from engine.specs.safeguards.finding import Finding, Kind, Verdict, about
from engine.specs.safeguards.subject import ILLUSTRATIVE, LAW, Subject, by_country


class Account(NamedTuple):
    """The verdict on what a rule says for itself, why, and the mend."""

    verdict: Verdict
    words: str
    mend: str | None = None


def discrimination(subject: Subject) -> Iterator[Finding]:
    """Whether a rule that names countries accounts for it."""

    def differs(leaf: Leaf) -> bool:
        return by_country(leaf) and leaf.test.operator is not Operator.KNOWN

    if any(map(differs, subject.rule.leaves)):
        found = account(subject, differs)
        words = f"it treats goods unlike by country, and {found.words}"
        yield about(Kind.DISCRIMINATION, found.verdict, subject.rule, words, found.mend)


def account(subject: Subject, differs: Callable[[Leaf], bool]) -> Account:
    """What a rule says for itself about its tests that treat some otherwise than others."""
    rule, known = subject.rule, subject.bases
    names = {leaf.basis for leaf in rule.leaves if differs(leaf)} & known.keys()
    statuses = {known[name].status for name in names}
    if rule.mandate:
        return _prescribed(statuses)
    if rule.effective.end is None and rule.review_by is None:
        mend = "add `review_by`, or `until` to `effective`"
        return Account(Verdict.FLAG, "it names no end and no review", mend)
    if rule.review_by is not None and rule.review_by <= subject.on:
        mend = "review it: end it, or record the evidence anew"
        return Account(Verdict.FLAG, f"its review was due by {rule.review_by}", mend)
    if not statuses or (isinstance(rule.then, Likelihood) and not rule.then.evidence.strip()):
        return Account(Verdict.FLAG, "it cites no evidence", "say in `evidence` what was found")
    grounds = known[rule.grounds].status if rule.grounds in known else LAW
    if ILLUSTRATIVE in {grounds, *statuses}:
        return Account(
            Verdict.INSUFFICIENT,
            "it cites evidence and an end, and its numbers are illustrative",
            "put the agency's own figures in the place of the illustrative ones",
        )
    if statuses != {LAW}:
        return Account(
            Verdict.INSUFFICIENT,
            "it cites evidence and an end, and a lawyer has yet to confirm the law",
            "have the basis confirmed, and set its `status`",
        )
    return Account(Verdict.NO_FLAG, "it cites evidence and an end")


def _prescribed(statuses: set[str]) -> Account:
    if not statuses or ILLUSTRATIVE in statuses:
        words = "it is called a mandate, and cites no law for it"
        mend = "cite the law that prescribes it, or make the rule discretionary"
        return Account(Verdict.FLAG, words, mend)
    if statuses != {LAW}:
        words = "law prescribes it, which a lawyer has yet to confirm"
        mend = "have the basis confirmed, and set its `status`"
        return Account(Verdict.INSUFFICIENT, words, mend)
    return Account(Verdict.NO_FLAG, "law prescribes it")
