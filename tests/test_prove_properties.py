"""Each property over rules that keep it, and over rules that break it: the latter by declarations
that both engines decide as it forbids.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count, product
from types import SimpleNamespace

import msgspec
import pytest
from msgspec.structs import replace

from engine.decide.deciding import Decider
from engine.language.condition import Operator
from engine.language.period import Period
from engine.language.rule import Alternative, Concludes, Proportionality, Rule
from engine.prove import proving
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Outcome, Prover, Result
from engine.prove.questions.treatment import justified
from engine.prove.report import UnknownPropertyError, named
from engine.specs.safeguards.finding import Verdict
from engine.specs.safeguards.justifying import account
from engine.specs.safeguards.subject import Subject, by_country
from tests.decide_sample import (
    ANY_GOODS,
    BASIS,
    at_least,
    code,
    control,
    danger,
    decider_of,
    every,
    has,
    hold,
    is_,
    leaf,
    likelihood,
    mandate,
    program,
    rule,
    task,
    vocabulary,
)
from tests.engines import needs_both_engines

REPORT = "certificate:AccreditedTestReport"
LEVEL = "item.riskLevel"

SOUND = (
    rule("assess/fire", code("9503"), danger("Fire", "Serious")),
    rule(
        "assess/poor",
        every(ANY_GOODS, is_("importer.record", "record:Poor")),
        likelihood("Fire", "High"),
    ),
    rule(
        "control/papers",
        every(ANY_GOODS, at_least(LEVEL, "level:Medium")),
        control(task("Documentary")),
    ),
    rule(
        "control/examine",
        every(code("9503"), at_least(LEVEL, "level:High")),
        control(task("Physical", "0.5")),
        unless=has(REPORT),
    ),
    rule("control/random", ANY_GOODS, control(task("Identity", "0.01")), selection="random"),
    mandate("control/hold", code("1207"), hold(), unless=has("certificate:ChedD")),
    rule(
        "record/poor",
        every(
            leaf("importer.nonCompliantShare", Operator.AT_LEAST, number=Decimal("0.1")),
            ANY_GOODS,
        ),
        Concludes("importer.record", "record:Poor"),
        bases={"test": msgspec.structs.replace(BASIS, status="law")},
        review_by=date(2028, 1, 1),
    ),
)
"""Rules that keep every property but the last, of which see below."""


def weighing(contribution: str, available: bool = True) -> Proportionality:
    lesser = Alternative(
        task="control:Documentary", contribution=contribution, available=available, why="a test"
    )
    return Proportionality(objective="objective:Environment", alternatives=(lesser,))


def lapsing() -> dict[str, object]:
    act = vocabulary().regulations["regulation:MachineryDirective"]
    return {"machines": msgspec.structs.replace(BASIS, href=act.href)}


def citing(rule_: Rule, basis: str) -> Rule:
    assert not isinstance(rule_.when, tuple)
    return msgspec.structs.replace(rule_, grounds=basis)


HIGH = at_least(LEVEL, "level:High")
BROKEN: dict[str, tuple[Rule, ...]] = {
    "low-risk-released": (rule("x", code("8517"), control(task("Documentary"))),),
    "more-risk-no-less-control": (
        rule("x", every(code("9503"), is_(LEVEL, "level:Medium")), control(task("Physical"))),
    ),
    "same-treatment-of-origins": (
        rule("x", every(code("9503"), is_("goods.origin", "NG"), HIGH), control(task("Physical"))),
    ),
    "same-treatment-of-traders": (
        rule(
            "x",
            every(code("9503"), is_("importer.firstImport", True), HIGH),
            control(task("Physical")),
        ),
    ),
    "within-ladder": (
        rule("x", every(code("9503"), at_least(LEVEL, "level:Medium")), control(task("Physical"))),
    ),
    "no-lesser-alternative": (
        rule(
            "x",
            every(code("9503"), HIGH),
            control(task("Physical")),
            proportionality=weighing("equal"),
        ),
    ),
    "authorised-no-worse": (
        rule(
            "x",
            every(code("9503"), is_("importer.authorised", True), HIGH),
            control(task("Physical")),
        ),
    ),
    "basis-in-force": (
        citing(mandate("x", code("8467"), hold(), bases={"test": BASIS, **lapsing()}), "machines"),
    ),
    "exemption-lightens": (
        rule("x", every(code("9503"), HIGH, has(REPORT)), control(task("SamplingAndTesting"))),
    ),
    "no-gap": (
        rule("x", every(code("8516"), is_("goods.smallParts", True)), danger("Fire", "Serious")),
        *(
            msgspec.structs.replace(one, on_unknown="pass")
            for one in SOUND
            if one.id == "control/papers"
        ),
    ),
}


def answered(name: str, *rules: Rule) -> Result:
    return Prover(decider_of(program(*rules))).answer(PROPERTIES[name].ask)


@pytest.fixture(scope="module")
def sound() -> Prover:
    return Prover(decider_of(program(*SOUND)))


@pytest.mark.parametrize("name", sorted(PROPERTIES.keys() - {"no-gap"}))
def test_rules_that_keep_a_property_are_proved_to(sound: Prover, name: str) -> None:
    found = sound.answer(PROPERTIES[name].ask)
    assert (found.outcome, found.case) == (Outcome.PROVED, None)


def test_rules_that_ask_whatever_leaves_the_level_open_leave_no_gap() -> None:
    """Without the exemption: who is exempt is not asked, and the level stays open."""
    asking = [msgspec.structs.replace(one, unless=None) for one in SOUND]
    assert answered("no-gap", *asking).outcome is Outcome.PROVED
    assert answered("no-gap", *SOUND).outcome is Outcome.REFUTED


@needs_both_engines
@pytest.mark.parametrize("name", PROPERTIES)
def test_rules_that_break_a_property_are_refuted_by_what_both_engines_decide(name: str) -> None:
    broken = {one.id: one for one in (*SOUND, *BROKEN[name])}
    found = answered(name, *broken.values())
    assert found.outcome is Outcome.REFUTED
    assert found.case is not None
    assert found.case.agreement is True


def test_a_lesser_alternative_that_contributes_less_is_no_objection() -> None:
    (x,) = BROKEN["no-lesser-alternative"]
    for why in (weighing("lower"), weighing("equal", available=False)):
        kept = msgspec.structs.replace(x, proportionality=why)
        assert answered("no-lesser-alternative", *SOUND, kept).outcome is Outcome.PROVED


def test_a_justification_on_record_excuses_a_difference_of_origin() -> None:
    (x,) = BROKEN["same-treatment-of-origins"]
    law = {"test": msgspec.structs.replace(BASIS, status="law")}
    kept = msgspec.structs.replace(x, bases=law, review_by=date(2028, 1, 1))
    assert answered("same-treatment-of-origins", *SOUND, kept).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("law", Outcome.PROVED),
        ("to-confirm", Outcome.PROVED),
        ("illustrative", Outcome.REFUTED),
    ],
)
def test_law_that_prescribes_a_difference_of_origin_excuses_it(
    status: str, outcome: Outcome
) -> None:
    cited = {"test": msgspec.structs.replace(BASIS, status=status)}
    when = every(code("9503"), is_("goods.origin", "NG"))
    law = mandate("x", when, control(task("Physical")), bases=cited)
    assert answered("same-treatment-of-origins", *SOUND, law).outcome is outcome


def test_a_question_without_time_is_undecided_and_says_so(sound: Prover) -> None:
    found = sound.answer(PROPERTIES["low-risk-released"].ask, budget=0)
    assert found.outcome is Outcome.UNDECIDED
    assert "seconds" in str(found.reason)


def test_a_counterexample_is_small() -> None:
    found = answered("low-risk-released", *SOUND, *BROKEN["low-risk-released"])
    assert found.case is not None
    (body,) = found.case.requests
    assert "known" not in body
    (goods,) = body["declaration"]["goods"]
    assert goods.keys() == {"item", "commodityCode"}


def test_a_counterexample_is_as_small_on_a_machine_that_is_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = count(step=10)
    monkeypatch.setattr(proving, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    prover = Prover(decider_of(program(*SOUND, *BROKEN["low-risk-released"])))
    found = prover.answer(PROPERTIES["low-risk-released"].ask, budget=1e6)
    assert found.case is not None
    (goods,) = found.case.requests[0]["declaration"]["goods"]
    assert goods.keys() == {"item", "commodityCode"}


def test_an_unknown_property_is_refused_by_name() -> None:
    with pytest.raises(UnknownPropertyError, match="did you mean `no-gap`"):
        named("no-gapp")


EDITS: tuple[Callable[[Rule], Rule], ...] = (
    lambda rule: rule,
    lambda rule: replace(rule, mandate=not rule.mandate),
    lambda rule: replace(rule, review_by=None, effective=Period(start=rule.effective.start)),
    lambda rule: replace(rule, bases={}),
)


def test_what_a_proof_takes_as_accounted_for_no_safeguard_flags(decider: Decider) -> None:
    program, bases = decider.program, decider.program.vocabulary.bases
    taken = 0
    for compiled, edit in product(program.rules, EDITS):
        rule = edit(compiled.rule)
        facts = frozenset(leaf.test.fact for leaf in rule.leaves if by_country(leaf))
        if facts and justified(rule, facts, bases):
            subject = Subject(program, dataclasses.replace(compiled, rule=rule), date(2026, 11, 23))
            assert account(subject, by_country).verdict is not Verdict.FLAG, rule.id
            taken += 1
    assert taken
