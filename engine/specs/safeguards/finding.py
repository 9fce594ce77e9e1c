"""What a safeguard says: a flag, no flag, or that the record does not tell.

Boundary: the shape, and which article a check reads in which regime. Nothing is ever declared to be
consistent with an agreement, and no decision changes because of a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from engine.language.diagnostics import Diagnostic, Severity
from engine.language.rule import Rule

_NAMED = 3
"""Rows that a diagnostic names; the rest is counted."""


class Verdict(StrEnum):
    """The three answers, gravest first."""

    FLAG = "flag"
    INSUFFICIENT = "insufficient record"
    NO_FLAG = "no flag"

    @property
    def rank(self) -> int:
        """The place in the order, gravest first."""
        return list(Verdict).index(self)


class Kind(StrEnum):
    """The checks."""

    ALTERNATIVE = "alternative"  # a lesser measure on record does as much
    AUTHORISED = "authorised"  # an authorised operator is trusted by customs, in what they choose
    BASIS = "basis"  # where law and numbers come from
    CALIBRATION = "calibration"  # against the published ladder
    CONCENTRATION = "concentration"  # control never falls as risk rises
    CRITERION = "criterion"  # each test says which of the seven it uses; origin never alone
    DISCRIMINATION = "discrimination"  # other treatment of like goods is accounted for
    ENDED = "ended"  # a control outlives its rule
    JOINT_ORDER = "joint-order"  # one visit, all tasks
    LOW_RISK = "low-risk"  # goods of low risk are released
    OBJECTIVE = "objective"  # the objective and the measures weighed are on record
    PROVISIONAL = "provisional"  # the four limbs; a blank is none
    REASONS = "reasons"  # a hold or refusal says why, and where to appeal
    RECOGNITION = "recognition"  # equivalent results are accepted
    REQUEST = "request"  # nothing is asked for twice
    REVIEW = "review"  # looked at again in time
    SELECTION = "selection"  # controls follow law, the risk, or a declared draw
    STANDARD = "standard"  # the standard, or why not


ANY = "any"
"""The regime of a check that does not depend on one."""

REGULATION, CONFORMITY, SPS = "TBT-regulation", "TBT-conformity", "SPS"

_ARTICLES: dict[Kind, dict[str, str]] = {
    Kind.ALTERNATIVE: {
        REGULATION: "TBT-2.2",
        CONFORMITY: "TBT-5.1.2",
        SPS: "SPS-5.6",
        ANY: "TFA-10.1.1",
    },
    Kind.AUTHORISED: {ANY: "TFA-7.7"},
    # Numbers that nobody accounts for: no justification, no evidence, no assessed criteria.
    Kind.BASIS: {
        REGULATION: "TBT-2.5",
        CONFORMITY: "TBT-5.1.2",
        SPS: "SPS-2.2",
        ANY: "TFA-7.4.4",
    },
    Kind.CALIBRATION: {
        REGULATION: "TBT-2.2",
        CONFORMITY: "TBT-5.1.2",
        SPS: "SPS-8",
        ANY: "TFA-7.4.3",
    },
    Kind.CONCENTRATION: {ANY: "TFA-7.4.3"},
    Kind.CRITERION: {ANY: "TFA-7.4.4"},
    Kind.DISCRIMINATION: {
        REGULATION: "TBT-2.1",
        CONFORMITY: "TBT-5.1.1",
        SPS: "SPS-2.3",
        ANY: "TFA-7.4.2",
    },
    Kind.ENDED: {ANY: "TFA-10.1.1"},
    Kind.JOINT_ORDER: {ANY: "WP6-V"},
    Kind.LOW_RISK: {ANY: "TFA-7.4.3"},
    Kind.OBJECTIVE: {
        REGULATION: "TBT-2.2",
        CONFORMITY: "TBT-5.1.2",
        SPS: "SPS-5.6",
        ANY: "TFA-10.1.1",
    },
    Kind.PROVISIONAL: {SPS: "SPS-5.7"},
    Kind.REASONS: {ANY: "TFA-4.1"},
    Kind.RECOGNITION: {CONFORMITY: "TBT-6.1"},
    Kind.REQUEST: {CONFORMITY: "TBT-5.2", ANY: "TFA-10.4"},
    Kind.REVIEW: {REGULATION: "TBT-2.3", SPS: "SPS-2.2", ANY: "TFA-10.1.1"},
    Kind.SELECTION: {ANY: "TFA-7.4.3"},
    Kind.STANDARD: {REGULATION: "TBT-2.4", CONFORMITY: "TBT-5.4", SPS: "SPS-3.1", ANY: "TFA-10.3"},
}


def article(kind: Kind, regime: str) -> str | None:
    """The tag of the article that a check reads in a regime; None: it is not asked there."""
    known = _ARTICLES[kind]
    return known.get(regime) or known.get(ANY)


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one check found.

    *article* is a tag as in features, ``TBT-5.1.2``. *words* hold of each of the *rules* by itself.
    *item* is the number of the goods item, where it is about one.
    """

    kind: Kind
    verdict: Verdict
    regime: str
    article: str
    rules: tuple[str, ...]
    words: str
    mend: str | None = None
    item: int | None = None

    @property
    def flagged(self) -> bool:
        """Whether it is a flag."""
        return self.verdict is Verdict.FLAG

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The same as authors are told things, once a file of rules; it never stops a release."""
        severity = Severity.WARNING if self.flagged else Severity.NOTE
        rows: dict[str, list[str]] = {}
        for rule in self.rules:
            table, _, row = rule.partition("#")
            rows.setdefault(table, []).extend([f"`{row}`"] if row else [])
        return [
            Diagnostic(
                code=f"safeguard-{self.kind}",
                message=f"{_rows(found)}{self.words} ({self.verdict}, {self.article})",
                file=f"rules/{table}.toml",
                help=self.mend,
                severity=severity,
            )
            for table, found in rows.items()
        ]


def _rows(rows: list[str]) -> str:
    """Which rows of a table are meant; nothing for a rule of its own."""
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    return f"rows {', '.join(rows[:_NAMED])}{more}: " if rows else ""


def about(
    kind: Kind,
    verdict: Verdict,
    rule: Rule,
    words: str,
    mend: str | None = None,
    item: int | None = None,
) -> Finding:
    """A finding about one rule, in its regime. The check must be one that is asked there."""
    tag = article(kind, rule.regime)
    assert tag is not None, f"{kind} is not asked in {rule.regime}"
    return Finding(
        kind=kind,
        verdict=verdict,
        regime=rule.regime,
        article=tag,
        rules=(rule.id,),
        words=words,
        mend=mend,
        item=item,
    )


def joined(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that say the same of several rules as one; flags first, then by kind."""
    rules: dict[Finding, dict[str, None]] = {}
    for one in findings:
        rules.setdefault(replace(one, rules=()), {}).update(dict.fromkeys(one.rules))
    whole = [replace(one, rules=tuple(names)) for one, names in rules.items()]
    return tuple(sorted(whole, key=_order))


def _order(one: Finding) -> tuple[int, int, str, str]:
    return one.verdict.rank, one.item or 0, one.kind, one.article


def shown(findings: Iterable[Finding], hidden: Collection[str]) -> tuple[Finding, ...]:
    """The findings as somebody sees them from whom some rules, by id, are *hidden*.

    A finding about hidden rules only is not there. That no rule tells twins apart is said to
    whoever sees all rules: to others its absence would tell of one.
    """
    kept = []
    for one in findings:
        seen = tuple(rule for rule in one.rules if rule not in hidden)
        of_all = not one.rules and (one.kind is not Kind.DISCRIMINATION or not hidden)
        if seen or of_all:
            kept.append(replace(one, rules=seen))
    return tuple(kept)
