"""Static checks: what a rule base must satisfy before anyone runs it.

The day is an input, so that no check depends on the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.language.base import ReadBase
from engine.language.cases import check_cases
from engine.language.diagnostics import Diagnostic, did_you_mean
from engine.language.findings import Findings, Found
from engine.language.meaning import check_chains, check_meaning, check_phases
from engine.language.period import Period
from engine.language.rule import Control, Danger, DatedNumber, GoodsStatus, Likelihood, Rule
from engine.language.selecting import check_selection
from engine.language.ties import Ties
from engine.language.vocabulary import Vocabulary


def check(
    read: ReadBase, vocabulary: Vocabulary, day: date, ties: Ties | None = None
) -> list[Diagnostic]:
    """Every finding about the rule base on *day*; errors stop a release.

    With the *ties* of a larger base, *read* may be some of its files: then it is every finding
    about these.
    """
    findings = Findings(read, vocabulary, day, ties)
    for rule in findings.rules:
        _check_account(findings, rule)
        _check_clock(findings, rule)
        check_meaning(findings, rule)
        _check_parameters(findings, rule)
        _check_texts(findings, rule)
        check_cases(findings, rule)
    _check_tied(findings)
    return findings.diagnostics()


def check_tied(read: ReadBase, vocabulary: Vocabulary, day: date, ties: Ties) -> list[Diagnostic]:
    """The findings about the rules of *read* that a change of others may bring or take away."""
    findings = Findings(read, vocabulary, day, ties)
    for rule in findings.rules:
        if rule.selection is not None:
            check_selection(findings, rule)  # that it is blind to what others conclude
    _check_tied(findings)
    return findings.diagnostics()


def accounts(read: ReadBase, vocabulary: Vocabulary, day: date) -> list[Found]:
    """What is found about the account that rules give of themselves: law, criteria, review, choice.

    It needs no files: those of *read* may be empty.
    """
    findings = Findings(read, vocabulary, day)
    for rule in findings.rules:
        _check_account(findings, rule)
    return findings.found()


def _check_account(findings: Findings, rule: Rule) -> None:
    _check_bases(findings, rule)
    _check_criteria(findings, rule)
    _check_review(findings, rule)
    check_selection(findings, rule)


def _check_tied(findings: Findings) -> None:
    for rule in findings.rules:
        check_phases(findings, rule)
        _check_succession(findings, rule)
    check_chains(findings)


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
    # A table replaces a table as a whole.
    formers = findings.ties.named(rule.replaces)
    if not formers:
        findings.add(
            rule,
            "unknown-rule",
            f"unknown rule `{rule.replaces}`",
            ("replaces",),
            did_you_mean(rule.replaces, findings.ties.names())
            or "name its id: its path below `rules/`",
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
