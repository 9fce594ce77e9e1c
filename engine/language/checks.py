"""Static checks: what a rule base must satisfy before anyone runs it.

The day is an input, so that no check depends on the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.language.base import ReadBase
from engine.language.cases import check_cases
from engine.language.condition import Leaf, Operator
from engine.language.diagnostics import Diagnostic, did_you_mean
from engine.language.findings import Findings
from engine.language.meaning import check_chains, check_meaning
from engine.language.necessity import needs
from engine.language.period import Period
from engine.language.rule import Control, Danger, DatedNumber, GoodsStatus, Likelihood, Rule
from engine.language.vocabulary import Vocabulary


def check(read: ReadBase, vocabulary: Vocabulary, day: date) -> list[Diagnostic]:
    """Every finding about the rule base on *day*; errors stop a release."""
    findings = Findings(read, vocabulary, day)
    for rule in findings.rules:
        _check_bases(findings, rule)
        _check_clock(findings, rule)
        _check_criteria(findings, rule)
        check_meaning(findings, rule)
        _check_parameters(findings, rule)
        _check_review(findings, rule)
        _check_succession(findings, rule)
        _check_selection(findings, rule)
        _check_texts(findings, rule)
        check_cases(findings, rule)
    check_chains(findings)
    return findings.diagnostics()


# Law


def _check_bases(findings: Findings, rule: Rule) -> None:
    known = {**findings.vocabulary.bases, **rule.bases}
    for placed in findings.placed(rule):
        name = placed.leaf.basis
        if name not in known:
            findings.add(
                rule,
                "unknown-basis",
                f"unknown basis `{name}`",
                (*placed.path, "basis"),
                did_you_mean(name, known)
                or f"declare it as `[basis.{name}]`, or once in `ontology/`",
            )
    if rule.grounds is not None and rule.grounds not in known:
        findings.add(
            rule,
            "unknown-basis",
            f"unknown basis `{rule.grounds}`",
            ("then", "basis"),
            did_you_mean(rule.grounds, known),
        )
    if rule.clock is not None and rule.clock.basis not in known:
        findings.add(
            rule,
            "unknown-basis",
            f"unknown basis `{rule.clock.basis}`",
            ("then", "deadline", "basis"),
            did_you_mean(rule.clock.basis, known),
        )
    invented = isinstance(rule.then, Danger | Likelihood | Control) and not rule.mandate
    if rule.grounds is None and invented:
        findings.add(
            rule,
            "no-grounds",
            "nothing says where the numbers of this consequence come from",
            ("then",),
            'add `basis = "…"`; for numbers of your own, `basis = "demonstration"`',
        )
    for name in rule.bases:
        if name not in rule.cited:
            findings.warn(
                rule, "unused-basis", f"basis `{name}` is cited by no test", ("basis", name)
            )
        if name in findings.vocabulary.bases:
            findings.warn(
                rule,
                "hidden-basis",
                f"basis `{name}` hides the shared one of that name",
                ("basis", name),
                "give it another name, or cite the shared one",
            )


def _check_clock(findings: Findings, rule: Rule) -> None:
    """A clock runs wherever the authority is, so one calendar stands in for all countries."""
    countries = {calendar.country for calendar in findings.read.base.calendars.values()}
    if rule.clock is not None and None not in countries:
        findings.add(
            rule,
            "no-calendar",
            "no calendar stands in where a country has none, so this clock might never run out",
            ("then", "deadline"),
            "add one without `country` under `rules/calendars/`",
        )


def _check_criteria(findings: Findings, rule: Rule) -> None:
    discretionary = isinstance(rule.then, Control) and not rule.mandate
    if not (discretionary or isinstance(rule.then, Likelihood)):
        return
    for placed in findings.placed(rule):
        if placed.leaf.criterion is None and not placed.exempts:
            findings.add(
                rule,
                "no-criterion",
                "this test does not say which criterion of TFA 7.4.4 it uses",
                placed.path,
                'add `criterion = "…"`: code, nature, origin, shipped-from, value, '
                "compliance, transport, or other with a `reason`",
            )


def _check_selection(findings: Findings, rule: Rule) -> None:
    if isinstance(rule.then, GoodsStatus) and not rule.mandate:
        findings.add(
            rule,
            "discretionary-status",
            "only law holds or refuses goods: this rule is no mandate",
            ("then", "status"),
            "set `mandate = true` with the law as basis, or select a control instead",
        )
    if not isinstance(rule.then, Control) or rule.mandate:
        if rule.selection is not None:
            findings.add(
                rule,
                "misplaced-key",
                "`selection` is of discretionary controls only",
                ("selection",),
                "remove it",
            )
        return
    if rule.selection == "random":
        _check_random(findings, rule)
    elif not needs(rule.when, _tests_risk):
        findings.add(
            rule,
            "no-risk",
            "a discretionary control must depend on the risk, in each way that it applies",
            ("when",),
            'test `item.riskLevel`, or declare `mandate = true` or `selection = "random"`',
        )
    else:
        _check_proportionate(findings, rule, rule.then)


def _tests_risk(leaf: Leaf) -> bool:
    return leaf.test.fact == "item.riskLevel" and leaf.test.operator is not Operator.KNOWN


def _check_random(findings: Findings, rule: Rule) -> None:
    for placed in findings.placed(rule):
        fact = placed.leaf.test.fact
        if fact == "item.riskLevel" or fact in findings.concluded:
            findings.add(
                rule,
                "random-risk",
                f"a random selection tests no risk, and `{fact}` is concluded",
                placed.path,
            )


def _check_proportionate(findings: Findings, rule: Rule, control: Control) -> None:
    ranks = {term.id: term.rank or 0 for term in findings.vocabulary.of_kind("control")}
    if max(ranks[task.task] for task in control.tasks) <= ranks["control:Documentary"]:
        return
    why = rule.proportionality
    if why is None or not why.alternatives:
        findings.add(
            rule,
            "no-proportionality",
            "a discretionary control above documentary names its objective and alternatives",
            ("proportionality",),
            "add `[proportionality]` with `objective` and a weighed `alternative` (TBT 2.2)",
        )
    elif why.standard is None and why.deviation is None:
        findings.add(
            rule,
            "no-standard",
            "neither a relevant standard nor a reason for deviating (TBT 2.4)",
            ("proportionality",),
            "add `standard` or `deviation`",
        )


# Time


def _check_parameters(findings: Findings, rule: Rule) -> None:
    for placed in findings.placed(rule):
        name = placed.leaf.test.parameter
        if name is None:
            continue
        if not _covers(findings.read.base.parameters[name].values, rule.effective):
            findings.add(
                rule,
                "no-value",
                f"parameter `{name}` has no value on some day of this rule",
                placed.path,
                "limit the rule's `effective`, or give the parameter a value for every day",
            )


def _covers(values: Sequence[DatedNumber], period: Period) -> bool:
    """Whether one of *values*, in order of time, is in force on each day of *period*."""
    day = period.start
    for value in values:
        start, end = value.period.start, value.period.end
        if start is not None and (day is None or day < start):
            return False
        if end is None or (period.end is not None and period.end <= end):
            return True
        day = end if day is None else max(day, end)
    return False


def _check_review(findings: Findings, rule: Rule) -> None:
    if rule.review_by is not None and rule.review_by <= findings.day:
        findings.warn(
            rule,
            "overdue",
            f"the review was due by {rule.review_by}; the rule still applies, flagged",
            ("review_by",),
        )
    if rule.provisional is not None and rule.provisional.review <= findings.day:
        findings.warn(
            rule,
            "overdue",
            f"the review of this provisional measure was due by {rule.provisional.review}",
            ("provisional", "review"),
        )


def _check_succession(findings: Findings, rule: Rule) -> None:
    if rule.replaces is None:
        return
    one = findings.by_id.get(rule.replaces)
    # A table replaces a table as a whole.
    formers = [one] if one is not None else findings.tables.get(rule.replaces, [])
    if not formers:
        known = [*findings.by_id, *findings.tables]
        findings.add(
            rule,
            "unknown-rule",
            f"unknown rule `{rule.replaces}`",
            ("replaces",),
            did_you_mean(rule.replaces, known) or "name its id: its path below `rules/`",
        )
        return
    end, start = formers[0].effective.end, rule.effective.start
    if end is None or start is None or start < end:
        findings.add(
            rule,
            "overlap",
            f"the period overlaps that of `{rule.replaces}`, which it replaces",
            ("effective",),
            "end the former rule with `until` where this one starts",
        )


# Texts


def _check_texts(findings: Findings, rule: Rule) -> None:
    if isinstance(rule.then, Control | GoodsStatus):
        for key, value in (("reason_class", rule.reason_class), ("remedy", rule.remedy)):
            if value is None:
                findings.add(
                    rule, "missing-key", f"`{key}` is missing: the trader must be told", ("then",)
                )
    if rule.on_unknown == "pass" and rule.mandate:
        findings.add(
            rule,
            "mandate-passes",
            "a mandate cannot pass what is unknown",
            ("then", "on_unknown"),
            'remove `on_unknown`, or write "request"',
        )
