"""What a change of rules means, each way shown by a declaration that is decided unlike."""

from __future__ import annotations

import msgspec
import pytest

from engine.language.rule import Rule
from engine.prove.comparison import Change, Meaning, MeaningOfChange, compare, lines
from tests.decide_sample import (
    at_least,
    code,
    control,
    danger,
    decider_of,
    either,
    every,
    has,
    hold,
    is_,
    is_a,
    likelihood,
    mandate,
    program,
    request,
    rule,
    task,
)

HIGH = at_least("item.riskLevel", "level:High")
BASE = (
    rule("assess/toys", code("95"), danger("Choking", "Serious")),
    rule("assess/likely", code("95"), likelihood("Choking", "High")),
    rule("control/toys", every(code("9503"), HIGH), control(task("Physical", "0.5"))),
    mandate("control/hold", code("1207"), hold(), unless=has("certificate:ChedD")),
)


def changed(*rules: Rule, without: str = "") -> MeaningOfChange:
    """From the base to one with these rules in it, and one taken out."""
    kept = {one.id: one for one in (*BASE, *rules) if one.id != without}
    return compare(decider_of(program(*BASE)), decider_of(program(*kept.values())))


def control_of(rate: str, name: str = "Physical") -> Rule:
    return msgspec.structs.replace(BASE[2], then=control(task(name, rate)))


def of(found: tuple[Meaning, ...], subject: str) -> Meaning:
    return next(one for one in found if one.subject == subject)


def test_nothing_changed_is_equivalent() -> None:
    assert changed().overall.change is Change.EQUIVALENT


@pytest.mark.parametrize(
    ("rules", "without", "change"),
    [
        ((control_of("1"),), "", Change.STRICTER),
        ((control_of("0.25"),), "", Change.LIGHTER),
        ((control_of("1", "Documentary"),), "", Change.INCOMPARABLE),
        ((), "control/toys", Change.LIGHTER),
        ((), "control/hold", Change.LIGHTER),
        ((mandate("x", code("0713"), hold()),), "", Change.STRICTER),
    ],
)
def test_control_and_status_say_what_a_change_is(
    rules: tuple[Rule, ...], without: str, change: Change
) -> None:
    found = changed(*rules, without=without).overall
    assert found.change is change
    shown = (found.stricter is not None, found.lighter is not None)
    assert (
        shown
        == {
            Change.STRICTER: (True, False),
            Change.LIGHTER: (False, True),
            Change.INCOMPARABLE: (True, True),
        }[change]
    )


def test_a_rule_in_other_words_is_equivalent() -> None:
    """All of heading 9503 is under the one subheading, or is known no better."""
    same = msgspec.structs.replace(
        BASE[2], when=every(either(code("9503"), every(code("9503"), HIGH)), HIGH)
    )
    found = changed(same)
    assert of(found.rules, "control/toys").change is Change.EQUIVALENT
    assert found.overall.change is Change.EQUIVALENT


def test_a_rule_on_fewer_goods_is_lighter_and_on_more_is_stricter() -> None:
    narrow = msgspec.structs.replace(
        BASE[2], when=every(code("9503"), is_a("goods.product", "product:PlushToy"), HIGH)
    )
    wide = msgspec.structs.replace(BASE[2], when=every(code("95"), HIGH))
    assert of(changed(narrow).rules, "control/toys").change is Change.LIGHTER
    assert of(changed(wide).rules, "control/toys").change is Change.STRICTER


def test_a_change_is_told_by_class_and_origin() -> None:
    nigerian = rule(
        "x",
        every(code("95"), is_a("goods.type", "product:PlushToy"), is_("goods.origin", "NG"), HIGH),
        control(task("Physical")),
    )
    found = changed(nigerian)
    assert of(found.classes, "product:PlushToy").change is Change.STRICTER
    assert of(found.origins, "NG").change is Change.STRICTER


def test_the_share_of_a_sample_is_counted() -> None:
    sample = {c: request({"commodityCode": c}) for c in ("950300", "1207409000", "100610")}
    found = compare(
        decider_of(program(*BASE)), decider_of(program(*BASE[:2], control_of("1"), BASE[3])), sample
    )
    assert (found.sample, found.affected) == (3, 1)


def test_what_cannot_be_decided_of_a_sample_is_told_with_its_reason() -> None:
    stated = {"commodityCode": "950300", "facts": {"importer.record": "record:Good"}}
    same = decider_of(program(*BASE))
    found = compare(same, same, {"stated.json": request(stated), "plain.json": request()})
    assert (found.sample, list(found.left_out)) == (1, ["stated.json"])
    assert found.left_out["stated.json"].startswith("/declaration/goods/0/facts/importer.record: ")
    assert f"not compared  stated.json: {found.left_out['stated.json']}" in list(lines(found))
