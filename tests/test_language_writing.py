"""The round trip: what was not changed survives to the byte, and what is written is read again."""

# ruff: noqa: E501 (rules are quoted as their files write them, a test on one line)

from __future__ import annotations

import difflib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.language.base import ReadBase, read_base, read_text
from engine.language.condition import AllOf, AnyOf, CodeLine, Leaf, NoneOf, Operator, Test
from engine.language.diagnostics import RefusedError
from engine.language.period import Period
from engine.language.rule import Control, Rule, Task
from engine.language.source import Source
from engine.language.vocabulary import Basis, Vocabulary
from engine.language.writing import write_content, write_rule
from tests.full import often
from tests.language_sample import DANGER, changed, read, with_test

replace = msgspec.structs.replace
ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "rules").rglob("*.toml"))
SINGLE = [
    path.relative_to(ROOT / "rules").with_suffix("").as_posix()
    for path in FILES
    if "[table]" not in path.read_text("utf-8")
    and not {"parameters", "calendars", "harmonised"} & set(path.parts)
]


@pytest.fixture(scope="session")
def base(knowledge_base: Path, vocabulary: Vocabulary) -> ReadBase:
    return read_base(knowledge_base / "rules", vocabulary)


def shipped(base: ReadBase, identifier: str) -> tuple[Rule, str]:
    (rule,) = [rule for rule in base.base.rules if rule.id == identifier]
    return rule, base.source(rule).text


def again(text: str, rule: Rule, base: ReadBase, vocabulary: Vocabulary) -> Rule:
    return read_text(text.encode(), rule.id, vocabulary, base.base.parameters)


def difference(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [x[2:] for x in lines if x[0] == "-"], [x[2:] for x in lines if x[0] == "+"]


# Unchanged


@pytest.mark.parametrize("identifier", SINGLE)
def test_unchanged_rule_is_byte_identical(identifier: str, base: ReadBase) -> None:
    rule, text = shipped(base, identifier)
    assert write_rule(rule, text) == text


@pytest.mark.parametrize("identifier", SINGLE)
def test_rule_written_afresh_is_read_as_the_same(
    identifier: str, base: ReadBase, vocabulary: Vocabulary
) -> None:
    rule, _ = shipped(base, identifier)
    assert again(write_rule(rule), rule, base, vocabulary) == rule


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_content_of_any_file_unchanged_is_byte_identical(path: Path) -> None:
    text = path.read_text("utf-8")
    assert write_content(Source("x", text.encode()).content, text) == text


def test_row_of_a_table_has_no_file_of_its_own(base: ReadBase) -> None:
    row = next(rule for rule in base.base.rules if "#" in rule.id)
    with pytest.raises(ValueError, match="row of a table"):
        write_rule(row)


def test_text_that_is_no_toml_is_refused(base: ReadBase) -> None:
    with pytest.raises(RefusedError):
        write_rule(shipped(base, "customs/random")[0], "a = [")


def test_fresh_rule_has_the_shipped_style(vocabulary: Vocabulary) -> None:
    rule = read(
        with_test(
            '{ fact = "goods.smallParts", is = true, basis = "law" },\n  { fact = "goods.netMassKg", under = 0.50, basis = "law" }'
        ),
        vocabulary,
    )
    assert write_rule(rule) == (
        'title  = "Rattles can choke"\n'
        'agency = "agency:MarketSurveillance"\n'
        'phase  = "assess"\n'
        'regime = "TBT-conformity"\n'
        "\n"
        "[basis.law]\n"
        'cite = "A law, Article 1"\n'
        'gist = "It says so."\n'
        'status = "illustrative"\n'
        "checked = 2026-11-23\n"
        "\n"
        "[when]\n"
        "all = [\n"
        '  { fact = "goods.smallParts", is = true, basis = "law" },\n'
        '  { fact = "goods.netMassKg", under = 0.50, basis = "law" },\n'
        "]\n"
        "\n"
        "[then]\n"
        'danger = { hazard = "hazard:Choking", population = "population:ChildrenUnder3", '
        'interest = "interest:Safety", level = "level:High" }\n'
        'basis = "demonstration"\n'
        'because = "It rattles."\n'
        "\n"
        "[[example]]\n"
        'name = "a rattle"\n'
        'given = { "goods.commodityCode" = "950300" }\n'
        'expect = "applies"\n'
        "\n"
        "[[example]]\n"
        'name = "code not stated"\n'
        "given = {}\n"
        'expect = "undetermined"\n'
    )


# Changed

TOY = "products/toys/small-parts"
TEST = Leaf(
    test=Test(fact="goods.origin", operator=Operator.IS, terms=("NG",)),
    basis="small-parts",
    criterion="origin",
)


def toy(base: ReadBase, **changes: Any) -> tuple[Rule, str, str]:
    """The rule on toys changed, with its text before and after."""
    rule, text = shipped(base, TOY)
    changed_rule = replace(rule, **changes)
    return changed_rule, text, write_rule(changed_rule, text)


def leaf_changed(base: ReadBase, index: int, **changes: Any) -> AllOf:
    when = shipped(base, TOY)[0].when
    assert isinstance(when, AllOf)
    parts = list(when.parts)
    leaf = parts[index]
    assert isinstance(leaf, Leaf)
    parts[index] = replace(leaf, test=replace(leaf.test, **changes))
    return AllOf(tuple(parts))


def test_new_title_changes_its_line_only(base: ReadBase) -> None:
    _, before, after = toy(base, title='A "new" title')
    _, came = difference(before, after)
    assert came == ['title  = "A \\"new\\" title"']


def test_new_threshold_keeps_the_spacing_of_its_line(base: ReadBase) -> None:
    _, before, after = toy(base, when=leaf_changed(base, 2, number=Decimal("24")))
    went, came = difference(before, after)
    assert came == [went[0].replace("36", "24")]


def test_comment_behind_a_changed_value_stays(base: ReadBase) -> None:
    _, before, after = toy(base, review_by=date(2029, 1, 1))
    went, came = difference(before, after)
    assert came == [went[0].replace("2028", "2029")]
    assert "# TBT 2.3" in came[0]


def test_added_test_takes_a_line_of_its_own(base: ReadBase) -> None:
    when = shipped(base, TOY)[0].when
    assert isinstance(when, AllOf)
    _, before, after = toy(base, when=AllOf((*when.parts[:1], TEST, *when.parts[1:])))
    went, came = difference(before, after)
    assert went == []
    assert came == [
        '  { fact = "goods.origin", is = "NG", basis = "small-parts", criterion = "origin" },'
    ]


def test_removed_exemption_takes_its_section_and_no_other_line(base: ReadBase) -> None:
    _, before, after = toy(base, unless=None)
    went, came = difference(before, after)
    assert came == []
    assert sorted(line[:8] for line in went) == ["", "[unless]", "any = [ "]


def test_comments_around_a_removed_section_stay(base: ReadBase) -> None:
    rule, text = shipped(base, TOY)
    text = changed(text, ("[unless]", "# above\n[unless]"), ("[then]", "# next\n[then]"))
    after = write_rule(replace(rule, unless=None), text)
    assert "# above\n" in after
    assert "# next\n[then]" in after


def test_new_exemption_stands_before_its_consequence(
    base: ReadBase, vocabulary: Vocabulary
) -> None:
    rule, text = shipped(base, "products/toys/small-parts-danger")
    new = replace(rule, unless=shipped(base, TOY)[0].unless)
    after = write_rule(new, text)
    assert difference(text, after)[0] == []
    assert after.index("[when]") < after.index("[unless]") < after.index("[then]")
    assert again(after, new, base, vocabulary) == new


def test_new_country_of_a_test_changes_that_word(vocabulary: Vocabulary, base: ReadBase) -> None:
    text = with_test('{ fact = "goods.origin", one_of = [ "NG", "TR" ], basis = "law" }  # two')
    rule = read(text, vocabulary)
    assert isinstance(rule.when, AllOf)
    (leaf,) = rule.when.parts
    assert isinstance(leaf, Leaf)
    new = replace(rule, when=AllOf((replace(leaf, test=replace(leaf.test, terms=("NG", "IR"))),)))
    assert write_rule(new, text) == changed(text, ('"TR"', '"IR"'))


def test_unit_beside_a_number_survives_its_change(base: ReadBase) -> None:
    rule, text = shipped(base, "products/electrical/shock-danger")
    assert isinstance(rule.when, AllOf)
    *parts, leaf = rule.when.parts
    assert isinstance(leaf, Leaf)
    for test in (
        replace(leaf.test, upper=Decimal(1500)),
        replace(leaf.test, operator=Operator.OVER, upper=None),
    ):
        new = replace(rule, when=AllOf((*parts, replace(leaf, test=test))))
        assert 'unit = "unit:Volt"' in write_rule(new, text)


def test_spelling_of_untouched_numbers_survives(base: ReadBase) -> None:
    rule, text = shipped(base, "products/electrical/chargers")
    assert isinstance(rule.then, Control)
    first, second = rule.then.tasks
    new = replace(rule, then=Control((replace(first, rate=Decimal("0.250")), second)))
    _, came = difference(text, write_rule(new, text))
    assert came == [
        '  { task = "control:Documentary", rate = 0.250,    unit = "consignment", kind = "target" },'
    ]


def test_explicit_default_is_not_removed(base: ReadBase) -> None:
    _, _, after = toy(base, title="x")
    assert "mandate = false" in after


def test_comments_of_a_block_survive_a_change_within_it(base: ReadBase) -> None:
    rule, text = shipped(base, TOY)
    text = changed(
        text,
        ('  { fact = "goods.type"', '  # by the ontology\n  { fact = "goods.type"'),
        ('criterion = "code" },', 'criterion = "code" }, # gate'),
    )
    when = leaf_changed(base, 2, number=Decimal(24))
    after = write_rule(replace(rule, when=AllOf((*when.parts, TEST))), text)
    assert "  # by the ontology\n" in after
    assert "# gate\n" in after


def test_windows_line_ends_survive(base: ReadBase, vocabulary: Vocabulary) -> None:
    rule, text = shipped(base, TOY)
    new = replace(
        rule,
        title="x",
        replaces="a",
        when=AllOf((*leaf_changed(base, 2, number=Decimal(24)).parts, TEST)),
        unless=None,
        bases={**rule.bases, "b": rule.bases["small-parts"]},
    )
    after = write_rule(new, text.replace("\n", "\r\n"))
    assert "\n" not in after.replace("\r\n", "")
    assert again(after, new, base, vocabulary) == new


def test_unusual_shape_is_written_rightly(base: ReadBase, vocabulary: Vocabulary) -> None:
    text = changed(
        DANGER,
        ("[when]\nall = [\n", "[[when.all]]\n"),
        (
            '  { fact = "goods.commodityCode", within = "9503", basis = "law" },\n]\n',
            'fact = "goods.commodityCode"\nwithin = "9503" # toys\nbasis = "law"\n',
        ),
    )
    rule = read(text, vocabulary)
    assert rule.when == read(DANGER, vocabulary).when
    assert isinstance(rule.when, AllOf)
    new = replace(rule, when=AllOf((*rule.when.parts, replace(TEST, basis="law"))))
    after = write_rule(new, text)
    assert read(after, vocabulary).when == new.when
    assert "# toys" in after


# Any change

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=12
).filter(lambda text: text.strip())
NUMBERS = st.decimals(0, 1000, allow_nan=False, places=3)
LEAVES = st.one_of(
    st.builds(
        lambda number, operator: Test(fact="goods.netMassKg", operator=operator, number=number),
        NUMBERS,
        st.sampled_from([Operator.UNDER, Operator.AT_MOST, Operator.OVER, Operator.IS]),
    ),
    st.builds(
        lambda words: Test(fact="goods.origin", operator=Operator.ONE_OF, terms=tuple(words)),
        st.lists(st.sampled_from(["NG", "TR", "NO"]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda codes: Test(
            fact="goods.commodityCode", operator=Operator.WITHIN, codes=tuple(map(CodeLine, codes))
        ),
        st.lists(st.sampled_from(["61", "0902", "950300"]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda status: Test(
            fact="documents", operator=Operator.HAS, terms=("certificate:ChedD",), status=status
        ),
        st.sampled_from(["declared", "verified"]),
    ),
    st.builds(
        lambda amount: Test(
            fact="goods.value", operator=Operator.OVER, number=amount, currency="EUR"
        ),
        NUMBERS,
    ),
    st.just(Test(fact="goods.smallParts", operator=Operator.KNOWN, flag=True)),
).flatmap(
    lambda test: st.builds(
        Leaf,
        test=st.just(test),
        basis=st.sampled_from(["law", "proportion"]),
        criterion=st.none() | st.sampled_from(["code", "origin"]),
        reason=st.none() | TEXTS,
    )
)
PARTS = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, parts: kind(tuple(parts)),
        st.sampled_from([AllOf, AnyOf, NoneOf]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
BASES = st.builds(
    Basis,
    cite=TEXTS,
    gist=TEXTS,
    status=st.just("law"),
    checked=st.dates(date(1000, 1, 1)),
    href=st.none() | st.just("https://x.org"),
)
TASKS = st.lists(
    st.builds(
        Task,
        task=st.sampled_from(["control:Identity", "control:Physical"]),
        rate=st.decimals("0.001", 1, places=3),
        unit=st.sampled_from(["consignment", "lot"]),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda task: task.task,
).map(lambda tasks: Control(tuple(tasks)))


def edited(draw: st.DrawFn, rule: Rule) -> Rule:
    """*rule* with some of its parts changed as an editor may."""
    groups = st.lists(PARTS, min_size=1, max_size=3)
    when = rule.when
    assert not isinstance(when, Leaf)
    kept = [part for part in when.parts if draw(st.booleans())]
    parts = (
        draw(st.permutations([*kept, *draw(groups)])) if draw(st.booleans()) else list(when.parts)
    )
    examples = [example for example in rule.examples if draw(st.booleans())]
    if examples and draw(st.booleans()):
        new = replace(
            examples[0],
            name=draw(TEXTS),
            given={"a b": draw(NUMBERS), "c": [True, {"d": draw(TEXTS)}]},
        )
        examples.insert(draw(st.integers(0, len(examples))), new)
    changes: dict[str, Any] = {
        "title": draw(TEXTS),
        "mandate": draw(st.booleans()),
        "review_by": draw(st.none() | st.dates(date(1000, 1, 1))),
        "replaces": draw(st.none() | TEXTS),
        "effective": draw(
            st.sampled_from([Period(), Period(start=date(2026, 1, 1)), rule.effective])
        ),
        "disclosure": draw(st.sampled_from(["public", "agency"])),
        "bases": {name: basis for name, basis in rule.bases.items() if draw(st.booleans())}
        | draw(st.dictionaries(TEXTS, BASES, max_size=2)),
        "when": type(when)(tuple(parts))
        if not isinstance(when, AllOf) or draw(st.booleans())
        else AllOf(tuple(parts)),
        "unless": draw(
            st.none() | st.just(rule.unless) | st.builds(lambda parts: AnyOf(tuple(parts)), groups)
        ),
        "remedy": draw(st.none() | TEXTS),
        "because": draw(TEXTS),
        "examples": tuple(examples),
        "proportionality": draw(st.sampled_from([None, rule.proportionality])),
    }
    if isinstance(rule.then, Control):
        changes["then"] = draw(TASKS)
    names = draw(st.sets(st.sampled_from(sorted(changes)), min_size=1))
    return replace(rule, **{name: changes[name] for name in names})


@st.composite
def edits(draw: st.DrawFn, rules: list[Rule]) -> tuple[Rule, Rule]:
    rule = draw(st.sampled_from(rules))
    return rule, edited(draw, rule)


@settings(max_examples=often(150, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_edit_is_read_again_as_it_was_meant(
    data: st.DataObject, base: ReadBase, vocabulary: Vocabulary
) -> None:
    rules = [rule for rule in base.base.rules if "#" not in rule.id]
    rule, new = data.draw(edits(rules))
    for text in (None, base.source(rule).text):
        assert again(write_rule(new, text), new, base, vocabulary) == new


def test_a_group_that_takes_the_place_of_another_keeps_the_comments(base: ReadBase) -> None:
    rule = next(rule for rule in base.base.rules if rule.id == "food/scope")
    assert isinstance(rule.when, AllOf)
    former = rule.when.parts[0]
    assert isinstance(former, AllOf)
    new = replace(rule, when=AllOf((AnyOf(former.parts), *rule.when.parts[1:])))
    assert '# "Consignment net weight"' in write_rule(new, base.source(rule).text)


def test_groups_in_another_order_keep_the_comments(base: ReadBase) -> None:
    rule = next(rule for rule in base.base.rules if rule.id == "food/scope")
    assert isinstance(rule.when, AllOf)
    first, second = rule.when.parts
    new = replace(rule, when=AllOf((second, first)))
    assert '# "Consignment net weight"' in write_rule(new, base.source(rule).text)


@settings(max_examples=often(150, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_edit_loses_a_comment_outside_what_it_removes(
    data: st.DataObject, base: ReadBase
) -> None:
    rules = [rule for rule in base.base.rules if "#" not in rule.id]
    rule, new = data.draw(edits(rules))
    text = "".join(
        f"# note {index}\n{line}" if line.startswith("[") else line
        for index, line in enumerate(base.source(rule).text.splitlines(keepends=True))
    )
    notes = [line for line in text.splitlines() if line.startswith("# note")]
    assert [
        line for line in write_rule(new, text).splitlines() if line.startswith("# note")
    ] == notes


@settings(max_examples=often(100, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_there_and_back_says_the_same_as_before(
    data: st.DataObject, base: ReadBase, vocabulary: Vocabulary
) -> None:
    rules = [rule for rule in base.base.rules if "#" not in rule.id]
    rule, new = data.draw(edits(rules))
    back = write_rule(rule, write_rule(new, base.source(rule).text))
    assert again(back, rule, base, vocabulary) == rule
