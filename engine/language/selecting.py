"""How a control chooses its consignments: by law, by risk, at random, or by a declared scheme.

Boundary: what a rule must say to choose as it does; the draw itself is for `decide.draw`.
"""

from __future__ import annotations

from engine.language.condition import Leaf, Operator
from engine.language.findings import Findings
from engine.language.necessity import needs
from engine.language.rule import RANDOM, SCHEME, Control, GoodsStatus, Phase, Rule
from engine.language.vocabulary import Source

NO_PROGRAMME = "demonstration"
"""The shared basis of made-up numbers: no agency's programme."""


def check_selection(findings: Findings, rule: Rule) -> None:
    """That the rule selects by law, or tests the risk, or declares another way and keeps to it."""
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
    if rule.selection == RANDOM:
        _check_blind(findings, rule, "random-risk", set(Phase))
        return
    if rule.selection == SCHEME:
        # A programme names products, so what goods are may be concluded; a record may not.
        _check_blind(findings, rule, "scheme-risk", set(Phase) - {Phase.CLASSIFY})
        _check_scheme(findings, rule)
    elif not needs(rule.when, _tests_risk):
        findings.add(
            rule,
            "no-risk",
            "a discretionary control must depend on the risk, in each way that it applies",
            ("when",),
            'test `item.riskLevel`, or declare `mandate = true`, `selection = "random"` or '
            '`selection = "scheme"`',
        )
        return
    _check_proportionate(findings, rule, rule.then)


def _tests_risk(leaf: Leaf) -> bool:
    return leaf.test.fact == "item.riskLevel" and leaf.test.operator is not Operator.KNOWN


def _check_blind(findings: Findings, rule: Rule, code: str, phases: set[Phase]) -> None:
    """That it tests neither the risk nor what rules of *phases* conclude."""
    for placed in findings.placed(rule):
        fact = placed.leaf.test.fact
        if fact == "item.riskLevel" or findings.ties.phases(fact) & phases:
            findings.add(
                rule,
                code,
                f"a {rule.selection} selection tests no risk, and `{fact}` is concluded",
                placed.path,
            )


def _check_scheme(findings: Findings, rule: Rule) -> None:
    for placed in findings.placed(rule):
        if findings.fact(placed.leaf).source is Source.LOOKED_UP and not placed.exempts:
            findings.add(
                rule,
                "scheme-risk",
                f"a scheme looks at the goods, and `{placed.leaf.test.fact}` is what agencies know",
                placed.path,
                "leave it out; what follows a record is a control that tests `item.riskLevel`",
            )
    if rule.grounds == NO_PROGRAMME:
        findings.add(
            rule,
            "no-programme",
            "nothing says which programme sets the frequency of this scheme",
            ("then", "basis"),
            "declare the control programme or sampling plan as a basis, and name it here",
        )
    if rule.effective.end is None and rule.review_by is None:
        findings.add(
            rule,
            "endless-scheme",
            "a scheme runs for a time, and this one has no end and no review",
            ("effective",),
            "add `until` to `effective`, or `review_by`",
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
