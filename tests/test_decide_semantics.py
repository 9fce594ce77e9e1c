"""What rules mean: verdicts, conclusions, phases and levels, by both engines (design §5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations, product

import pytest

from engine.decide.program import Program
from engine.declaration.facts import Facts
from engine.language.condition import AllOf, AnyOf, Condition, NoneOf, Operator
from engine.language.period import Period
from engine.language.rule import Concludes, Phase, Rule
from tests.decide_sample import (
    ANY_GOODS,
    DAY,
    at_least,
    code,
    control,
    danger,
    either,
    every,
    facts,
    has,
    hold,
    is_,
    is_a,
    judged,
    leaf,
    likelihood,
    mandate,
    neither,
    number,
    parameter,
    program,
    rule,
    task,
    verdict,
    vocabulary,
)

SMALL, MARKED, FRESH = (
    is_("goods.smallParts", True),
    is_("goods.ceMarked", True),
    is_("goods.mainsPowered", True),
)
NAMES = {"goods__smallParts": SMALL, "goods__ceMarked": MARKED, "goods__mainsPowered": FRESH}
WORDS = {True: "applies", False: "does not apply", None: "undetermined"}
VALUES = (True, False, None)


def stated(**values: bool | None) -> Facts:
    return facts(**{name: value for name, value in values.items() if value is not None})


def checked(when: Condition, unless: Condition | None, given: Facts) -> str:
    compiled = program(mandate("r", when, hold(), unless=unless))
    return verdict(compiled, given, "r")


# Groups


def kleene_all(values: tuple[bool | None, ...]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def table(group: type[AllOf] | type[AnyOf] | type[NoneOf], values: tuple[bool | None, ...]) -> str:
    if group is AllOf:
        return WORDS[kleene_all(values)]
    none = kleene_all(tuple(opposite(value) for value in values))
    return WORDS[none if group is NoneOf else opposite(none)]


@pytest.mark.parametrize("group", [AllOf, AnyOf, NoneOf])
def test_groups_follow_kleenes_tables(group: type[AllOf] | type[AnyOf] | type[NoneOf]) -> None:
    compiled = program(mandate("r", group((SMALL, MARKED, FRESH)), hold()))
    for values in product(VALUES, repeat=3):
        given = stated(**dict(zip(NAMES, values, strict=True)))
        assert verdict(compiled, given, "r") == table(group, values)


def test_groups_nest() -> None:
    compiled = program(mandate("r", every(SMALL, neither(every(MARKED, either(FRESH)))), hold()))
    for small, marked, fresh in product(VALUES, repeat=3):
        inner = opposite(kleene_all((marked, fresh)))
        given = stated(goods__smallParts=small, goods__ceMarked=marked, goods__mainsPowered=fresh)
        assert verdict(compiled, given, "r") == WORDS[kleene_all((small, inner))]


# Verdicts


@pytest.mark.parametrize(
    ("when", "unless", "expected"),
    [
        (True, True, "does not apply"),
        (True, False, "applies"),
        (True, None, "applies"),  # an unknown exemption does not exempt
        (False, True, "does not apply"),
        (False, False, "does not apply"),
        (False, None, "does not apply"),
        (None, True, "does not apply"),
        (None, False, "undetermined"),
        (None, None, "undetermined"),
    ],
)
def test_a_rule_applies_iff_when_is_true_and_unless_is_not(
    when: bool | None, unless: bool | None, expected: str
) -> None:
    given = stated(goods__smallParts=when, goods__ceMarked=unless)
    assert checked(SMALL, MARKED, given) == expected


def test_unclaimed_exemption_does_not_lift_the_control() -> None:
    given = facts(settled=False, goods__smallParts=True)
    assert checked(SMALL, has("certificate:AccreditedTestReport"), given) == "applies"


def test_every_part_of_a_joint_exemption_is_needed() -> None:
    unless = every(
        has("certificate:OfficialCertificate1793"), has("certificate:AnalysisResults1793")
    )
    one = facts({"certificate:OfficialCertificate1793": "verified"}, goods__smallParts=True)
    both = facts(
        {
            "certificate:OfficialCertificate1793": "verified",
            "certificate:AnalysisResults1793": "verified",
        },
        goods__smallParts=True,
    )
    assert checked(SMALL, unless, one) == "applies"
    assert checked(SMALL, unless, both) == "does not apply"


def test_one_of_several_exemptions_is_enough() -> None:
    assert checked(
        SMALL, either(MARKED, FRESH), stated(goods__smallParts=True, goods__mainsPowered=True)
    ) == ("does not apply")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 17), "does not apply"),
        (date(2026, 2, 18), "applies"),
        (date(2026, 6, 30), "applies"),
        (date(2026, 7, 1), "does not apply"),  # half-open
    ],
)
@pytest.mark.parametrize("name", ["acceptance", "arrival", "dispatch", "placing-on-market"])
def test_a_rule_is_in_force_by_its_own_governing_date(name: str, day: date, expected: str) -> None:
    period = Period(start=date(2026, 2, 18), end=date(2026, 7, 1))
    compiled = program(mandate("r", SMALL, hold(), date=name, effective=period))
    assert verdict(compiled, facts(days={name: day}, goods__smallParts=True), "r") == expected


def test_a_rule_not_in_force_is_not_left_open_either() -> None:
    compiled = program(mandate("r", SMALL, hold(), effective=Period(end=date(2020, 1, 1))))
    assert verdict(compiled, facts(), "r") == "does not apply"


def test_a_parameter_has_its_value_of_the_governing_date() -> None:
    limit = parameter("parameters/limit", (None, DAY, "5"), (DAY, None, "10"))
    test = leaf("goods.netMassKg", Operator.AT_LEAST, parameter="parameters/limit")
    compiled = program(mandate("r", test, hold(), date="arrival"), parameters=[limit])

    def on(day: date, mass: int) -> str:
        given = facts(days={"arrival": day}, goods__netMassKg=Decimal(mass))
        return verdict(compiled, given, "r")

    assert on(DAY - timedelta(days=1), 5) == "applies"
    assert on(DAY, 5) == "does not apply"
    assert on(DAY, 10) == "applies"


def test_a_successor_takes_over_on_the_very_day() -> None:
    old = mandate("old", SMALL, hold(), effective=Period(end=DAY))
    new = mandate("new", SMALL, hold(), effective=Period(start=DAY), replaces="old")
    compiled = program(old, new)
    for day in (DAY - timedelta(days=1), DAY):
        given = facts(days={"acceptance": day}, goods__smallParts=True)
        found = [name for name in ("old", "new") if verdict(compiled, given, name) == "applies"]
        assert len(found) == 1


# Conclusions and phases


def concludes(name: str, when: Condition, value: str, **more: object) -> Rule:
    return rule(name, when, Concludes("importer.record", f"record:{value}"), **more)


READS_POOR = mandate("z", at_least("importer.record", "record:Poor"), hold())


def test_a_conclusion_of_an_earlier_phase_is_used_by_a_later_one() -> None:
    compiled = program(concludes("a", SMALL, "Poor"), READS_POOR)
    assert verdict(compiled, stated(goods__smallParts=True), "z") == "applies"
    assert verdict(compiled, stated(goods__smallParts=False), "z") == "does not apply"


def test_a_conclusion_of_undetermined_rules_is_unknown() -> None:
    compiled = program(concludes("a", SMALL, "Poor"), READS_POOR)
    assert verdict(compiled, facts(), "z") == "undetermined"


def test_a_fact_that_no_rule_concludes_has_its_assumption() -> None:
    compiled = program(mandate("z", is_("importer.record", "record:Good"), hold()))
    assert verdict(compiled, facts(), "z") == "applies"


def test_a_fact_without_assumption_that_no_rule_concludes_is_unknown() -> None:
    fresh = rule("a", SMALL, Concludes("goods.freshness", "record:Poor"), phase=Phase.CLASSIFY)
    compiled = program(fresh, mandate("z", is_("goods.freshness", "record:Good"), hold()))
    assert verdict(compiled, stated(goods__smallParts=False), "z") == "undetermined"
    assert verdict(compiled, stated(goods__smallParts=True), "z") == "does not apply"


def test_of_several_conclusions_the_worst_counts() -> None:
    compiled = program(
        concludes("a", SMALL, "Poor"),
        concludes("b", MARKED, "Fair"),
        READS_POOR,
        mandate("y", is_("importer.record", "record:Fair"), hold()),
    )
    both = stated(goods__smallParts=True, goods__ceMarked=True)
    assert verdict(compiled, both, "z") == "applies"
    assert verdict(compiled, both, "y") == "does not apply"
    maybe = stated(goods__ceMarked=True)
    assert verdict(compiled, maybe, "z") == "undetermined"
    assert verdict(compiled, maybe, "y") == "undetermined"


def test_a_concluded_boolean_is_used_by_a_later_phase() -> None:
    compiled = program(
        rule("a", SMALL, Concludes("goods.dutiable", True)),
        mandate("y", is_("goods.dutiable", False), hold()),
        mandate("z", is_("goods.dutiable", True), hold()),
    )
    assert verdict(compiled, stated(goods__smallParts=True), "z") == "applies"
    assert verdict(compiled, stated(goods__smallParts=False), "y") == "applies"
    assert verdict(compiled, facts(), "y") == "undetermined"


def test_the_declared_product_and_its_code_count_as_types_beside_concluded_ones() -> None:
    classify = rule(
        "a", code("9503"), Concludes("goods.type", "product:PlushToy"), phase=Phase.CLASSIFY
    )
    compiled = program(
        classify,
        mandate("plush", is_a("goods.type", "product:PlushToy"), hold()),
        mandate("toy", is_a("goods.type", "product:Toy"), hold()),
    )
    given = facts(goods__commodityCode="9503", goods__type=frozenset({"product:Toy"}))
    assert verdict(compiled, given, "plush") == "applies"
    assert verdict(compiled, given, "toy") == "applies"


def chain(names: tuple[str, ...]) -> Program:
    """Three rules of one phase that build on one another, called by *names* in that order."""
    first, second, third = names

    def classify(name: str, when: Condition, value: str) -> Rule:
        return rule(name, when, Concludes("goods.subjectTo", value), phase=Phase.CLASSIFY)

    one, two, three = (term.id for term in vocabulary().of_kind("regulation")[:3])
    return program(
        classify(first, SMALL, one),
        classify(second, is_("goods.subjectTo", one), two),
        classify(third, every(MARKED, is_("goods.subjectTo", two)), three),
        mandate("z", is_("goods.subjectTo", three), hold()),
    )


@pytest.mark.parametrize("names", list(permutations("abc")))
def test_a_phase_chains_to_its_fixpoint_in_any_order_of_rules(names: tuple[str, ...]) -> None:
    compiled = chain(names)
    yes = stated(goods__smallParts=True, goods__ceMarked=True)
    assert verdict(compiled, yes, "z") == "applies"
    assert verdict(compiled, stated(goods__ceMarked=True), "z") == "undetermined"
    assert verdict(compiled, stated(goods__smallParts=True), "z") == "undetermined"
    no = stated(goods__smallParts=False, goods__ceMarked=True)
    assert verdict(compiled, no, "z") == "does not apply"


def test_rules_that_wait_for_each_other_conclude_nothing() -> None:
    one, two = (term.id for term in vocabulary().of_kind("regulation")[:2])
    compiled = program(
        rule(
            "a",
            is_("goods.subjectTo", one),
            Concludes("goods.subjectTo", two),
            phase=Phase.CLASSIFY,
        ),
        rule(
            "b",
            is_("goods.subjectTo", two),
            Concludes("goods.subjectTo", one),
            phase=Phase.CLASSIFY,
        ),
    )
    answer = judged(compiled, facts())
    assert (answer.applies, answer.undetermined) == (frozenset(), frozenset())


def test_negation_reads_an_earlier_phase_that_is_closed() -> None:
    compiled = program(
        concludes("a", SMALL, "Poor"),
        mandate("z", neither(at_least("importer.record", "record:Poor")), hold()),
        mandate("y", ANY_GOODS, hold(), unless=at_least("importer.record", "record:Poor")),
    )
    poor = facts(goods__commodityCode="9503", goods__smallParts=True)
    good = facts(goods__commodityCode="9503", goods__smallParts=False)
    maybe = facts(goods__commodityCode="9503")
    found = [[verdict(compiled, given, name) for given in (poor, good, maybe)] for name in "zy"]
    assert found[0] == ["does not apply", "applies", "undetermined"]
    assert found[1] == ["does not apply", "applies", "applies"]


def test_all_four_phases_chain_to_a_control() -> None:
    compiled = program(
        rule("a", code("9503"), Concludes("goods.type", "product:Toy"), phase=Phase.CLASSIFY),
        concludes("b", every(is_a("goods.type", "product:Toy"), SMALL), "Poor"),
        rule("c", is_a("goods.type", "product:Toy"), danger("Choking", "Serious")),
        rule("d", is_("importer.record", "record:Poor"), likelihood("Choking", "High")),
        rule("e", at_least("item.riskLevel", "level:High"), control(task("Physical"))),
    )
    given = facts(goods__commodityCode="9503", goods__smallParts=True)
    assert verdict(compiled, given, "e") == "applies"
    assert verdict(compiled, facts(goods__commodityCode="9503"), "e") == "undetermined"


def test_a_missing_code_makes_every_rule_it_gates_possible() -> None:
    compiled = program(
        *(mandate(f"r{heading}", code(heading), hold()) for heading in ("9503", "8712", "6109"))
    )
    assert len(judged(compiled, facts()).undetermined) == 3
    assert not judged(compiled, facts(goods__commodityCode="4901")).undetermined


# The limits of the network


def test_more_rules_than_a_shard_holds_are_split_and_still_agree() -> None:
    headings = sorted(code for code in vocabulary().codes if len(code) == 4)[:200]
    compiled = program(*(mandate(f"r{h}", every(code(h), SMALL), hold()) for h in headings))
    for heading in headings[::37]:
        given = facts(goods__commodityCode=heading, goods__smallParts=True)
        assert verdict(compiled, given, f"r{heading}") == "applies"
        assert len(judged(compiled, given).applies) == 1


@pytest.mark.parametrize("names", list(permutations("amz")))
def test_a_chain_runs_through_shards_in_any_direction(names: tuple[str, ...]) -> None:
    one, two, three = (term.id for term in vocabulary().of_kind("regulation")[:3])
    classify = {"phase": Phase.CLASSIFY}
    headings = sorted(code for code in vocabulary().codes if len(code) == 4 and code[0] < "8")
    # So many rules between the links that each stands in a shard of its own.
    between = (
        rule(f"{letter}{place:02}", code(heading), Concludes("goods.subjectTo", one), **classify)
        for letter, start in (("b", 0), ("n", 70))
        for place, heading in enumerate(headings[start : start + 70])
    )
    first, second, third = names
    compiled = program(
        *between,
        rule(first, every(code("9503"), SMALL), Concludes("goods.subjectTo", one), **classify),
        rule(
            second,
            every(code("95"), is_("goods.subjectTo", one)),
            Concludes("goods.subjectTo", two),
            **classify,
        ),
        rule(
            third,
            every(code("950300"), is_("goods.subjectTo", two)),
            Concludes("goods.subjectTo", three),
            **classify,
        ),
        mandate("zz", is_("goods.subjectTo", three), hold()),
    )
    toy = "95030010"
    assert verdict(compiled, facts(goods__commodityCode=toy, goods__smallParts=True), "zz") == (
        "applies"
    )
    assert verdict(compiled, facts(goods__commodityCode=toy), "zz") == "undetermined"
    assert verdict(compiled, facts(goods__commodityCode=toy, goods__smallParts=False), "zz") == (
        "does not apply"
    )


@pytest.mark.parametrize("count", [2, 60, 61, 130])
def test_rules_with_the_same_pattern_all_apply(count: int) -> None:
    compiled = program(*(mandate(f"r{n:03}", SMALL, hold()) for n in range(count)))
    assert len(judged(compiled, stated(goods__smallParts=True)).applies) == count


def test_an_item_leaves_nothing_behind_for_the_next() -> None:
    compiled = chain(("a", "b", "c"))
    yes = stated(goods__smallParts=True, goods__ceMarked=True)
    no = stated(goods__smallParts=False, goods__ceMarked=False)
    for _ in range(50):
        assert verdict(compiled, yes, "z") == "applies"
        assert not judged(compiled, no).applies


def test_numbers_of_the_same_fact_in_two_tests_are_joined() -> None:
    when = every(
        number("goods.netMassKg", Operator.OVER, 2), number("goods.netMassKg", Operator.UNDER, 5)
    )
    assert checked(when, None, facts(goods__netMassKg=Decimal(3))) == "applies"
    assert checked(when, None, facts(goods__netMassKg=Decimal(5))) == "does not apply"
