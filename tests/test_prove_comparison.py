"""What a change of rules means, each way shown by a declaration that is decided unlike."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from engine.decide.deciding import Decider
from engine.decide.program import Program
from engine.language.base import RuleBase
from engine.language.condition import Operator
from engine.language.rule import Rule
from engine.language.vocabulary import FactType, Vocabulary
from engine.prove.comparison import Change, Meaning, MeaningOfChange, compare, lines
from engine.prove.earlier import read_by
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
    leaf,
    likelihood,
    mandate,
    matrices,
    program,
    refuse,
    request,
    rule,
    task,
    vocabulary,
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


# A later vocabulary that lacks words of an earlier rule

TYPE = "goods.type"
REPORT = "certificate:AccreditedTestReport"
LOST: dict[str, tuple[str, Rule]] = {
    "product:PlushToy": (
        "terms",
        rule("x", every(is_a(TYPE, "product:PlushToy"), HIGH), control(task("Physical"))),
    ),
    "importer.firstImport": ("facts", mandate("x", is_("importer.firstImport", True), hold())),
    "group:League": (
        "groups",
        mandate("x", leaf("goods.origin", Operator.WITHIN, terms=("group:League",)), hold()),
    ),
    REPORT: ("certificates", mandate("x", code("9503"), hold(), unless=has(REPORT))),
    "control:Identity": (
        "terms",
        rule("x", every(code("9503"), HIGH), control(task("Identity"))),
    ),
    "status:Refuse": ("terms", mandate("x", code("0713"), refuse())),
}
"""By word, the part of the vocabulary that has it, and a rule that uses it."""


def words_without(part: str, word: str) -> Vocabulary:
    words = vocabulary()
    left = {name: one for name, one in getattr(words, part).items() if name != word}
    if part == "terms":
        left = {
            name: replace(one, ancestors=one.ancestors - {word}, disjoint=one.disjoint - {word})
            for name, one in left.items()
        }
    return replace(words, **{part: left})


def decider_by(words: Vocabulary, *rules: Rule) -> Decider:
    base = RuleBase(rules=rules, parameters={}, matrices=matrices(), calendars={})
    return decider_of(Program(base, words))


def from_lost(part: str, word: str, before: tuple[Rule, ...], *after: Rule) -> MeaningOfChange:
    """From the earlier rules to the later ones, in words that lack one."""
    return compare(decider_by(vocabulary(), *before), decider_by(words_without(part, word), *after))


@pytest.mark.parametrize("word", LOST)
def test_a_rule_in_a_word_that_was_lost_is_undecided_and_the_reason_names_it(word: str) -> None:
    part, lost = LOST[word]
    found = from_lost(part, word, (*BASE, lost), *BASE)
    meant = of(found.rules, "x")
    assert meant.change is Change.UNDECIDED
    assert meant.reason == f"the later vocabulary has no `{word}`"


def test_all_rules_are_undecided_where_one_cannot_be_read() -> None:
    part, lost = LOST["product:PlushToy"]
    found = from_lost(part, "product:PlushToy", (*BASE, lost), *BASE).overall
    assert found.change is Change.UNDECIDED
    assert found.reason is not None
    assert found.reason.startswith("`x` cannot be read")


def test_what_a_declaration_shows_is_shown_though_a_word_was_lost() -> None:
    part, lost = LOST["importer.firstImport"]
    found = from_lost(
        part, "importer.firstImport", (*BASE, lost), *BASE[:2], control_of("1"), BASE[3]
    )
    assert found.overall.stricter is not None


def test_a_rule_that_rests_on_no_lost_word_is_compared_as_ever() -> None:
    part, lost = LOST["importer.firstImport"]
    found = from_lost(
        part, "importer.firstImport", (*BASE, lost), *BASE[:2], control_of("1"), BASE[3]
    )
    assert of(found.rules, "control/toys").change is Change.STRICTER


def test_nothing_is_proved_of_a_rule_that_rests_on_a_conclusion_in_a_lost_word() -> None:
    """The danger that is lost may be what made the level high."""
    lost = rule("x", is_a(TYPE, "product:PlushToy"), danger("Choking", "Serious"))
    found = from_lost("terms", "product:PlushToy", (*BASE, lost), *BASE[:2], control_of("1"))
    meant = of(found.rules, "control/toys")
    assert meant.change is Change.UNDECIDED
    assert meant.stricter is not None


def test_without_a_level_no_earlier_rule_can_be_read() -> None:
    _, unread = read_by(words_without("terms", "level:Medium"), program(*BASE))
    assert unread == {one.id: "the later vocabulary has no `level:Medium`" for one in BASE}


def test_a_fact_that_means_something_else_later_is_a_lost_word() -> None:
    words = vocabulary()
    other = replace(words.facts["importer.firstImport"], type=FactType.NUMBER)
    later = replace(words, facts={**words.facts, other.id: other})
    before = decider_by(words, *BASE, LOST[other.id][1])
    meant = of(compare(before, decider_by(later, *BASE)).rules, "x")
    assert meant.reason == "the later vocabulary means something else by `importer.firstImport`"


def test_what_shows_a_change_is_told_in_phrases() -> None:
    found = changed(mandate("x", code("0713"), hold()))
    first, says, *steps = list(lines(found, vocabulary()))[:5]
    assert first.startswith("stricter      all rules")
    assert says.endswith("hold against proceed:")
    assert [step.strip() for step in steps] == [
        "Given goods of which nothing is known",
        "And it is accepted on 2026-11-23",
        'And under "commodity code" the trader declares 0713',
    ]


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
    assert f"not compared  stated.json: {found.left_out['stated.json']}" in list(
        lines(found, vocabulary())
    )
