"""Two rule bases compared: no edit goes unseen, and what is no edit is no difference."""

from __future__ import annotations

import shutil
import typing
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from engine.knowledge import load
from engine.language.base import RuleBase, read_base
from engine.language.condition import AllOf, AnyOf, CodeLine, Leaf, Operator, Test
from engine.language.difference import Change, Difference
from engine.language.rule import Control, Matrices, Provisional, Rule
from engine.language.rule_differences import Version, named_rules, rule_differences
from engine.language.vocabulary import Vocabulary
from tests.difference_sample import mirrored
from tests.full import often
from tests.rule_edits import dated, edits, hints_of, sample

ROOT = Path(__file__).resolve().parent.parent
TOYS = "products/toys/small-parts"
ANNEX = "food/increased-controls"
SPELLINGS = {"tag", "parts"}


@cache
def shipped() -> Version:
    """The shipped rule base: too much for Hypothesis to print as an argument."""
    vocabulary = load(ROOT / "ontology")
    return Version(vocabulary, read_base(ROOT / "rules", vocabulary).base)


def compared(after: RuleBase, before: RuleBase | None = None) -> tuple[Difference, ...]:
    """The differences, which read the same from the other side."""
    vocabulary = shipped().vocabulary
    old, new = Version(vocabulary, before or shipped().base), Version(vocabulary, after)
    found = rule_differences(old, new)
    assert set(rule_differences(new, old)) == mirrored(found)
    return found


def alone(rule: Rule) -> RuleBase:
    return replace(shipped().base, rules=(rule,))


def rich() -> Iterator[Rule]:
    """Shipped rules that hold, together, every kind of struct, or are made to."""
    whole = next(rule for rule in shipped().base.rules if rule.clock)
    many = next(rule for rule in shipped().base.rules if rule.id == TOYS)
    assert isinstance(many.when, AllOf)
    tests = [
        Test(
            fact="goods.netMassKg", operator=Operator.BETWEEN, number=Decimal(1), upper=Decimal(2)
        ),
        Test(fact="goods.value", operator=Operator.UNDER, number=Decimal(9), currency="EUR"),
        Test(
            fact="goods.commodityCode",
            operator=Operator.WITHIN,
            codes=(CodeLine("95030010", ex="product:Toy", subdivisions=("10", "20")),),
        ),
    ]
    leaves = tuple(
        Leaf(test=test, basis="small-parts", criterion="code", reason="so") for test in tests
    )
    yield whole
    yield replace(many, when=AllOf((*many.when.parts, *leaves)), provisional=sample(Provisional))
    for kind in ("Concludes", "Danger", "Likelihood"):
        yield next(one for one in shipped().base.rules if type(one.then).__name__ == kind)
    parameters = (one for one in shipped().base.rules if any(x.test.parameter for x in one.leaves))
    yield next(parameters)


def reachable(kind: Any, found: set[Any]) -> set[Any]:
    """The structs that a type is made of."""
    for one in typing.get_args(kind):
        reachable(one, found)
    if isinstance(kind, type) and issubclass(kind, Struct) and kind not in found:
        found.add(kind)
        for hint in hints_of(kind).values():
            reachable(hint, found)
    return found


# Completeness


def test_no_edit_of_any_field_goes_unseen() -> None:
    seen: set[tuple[type, str]] = set()
    for rule in rich():
        for edit in edits(rule, shipped().vocabulary):
            found = rule_differences(
                Version(shipped().vocabulary, alone(rule)),
                Version(shipped().vocabulary, alone(edit.value)),
            )
            assert named_rules(found) == {rule.id}, edit
            assert all(one.before != one.after for one in found), edit
            seen.update(edit.path)
    fields = {
        (struct, field)
        for struct in reachable(Rule, set())
        for field in struct.__struct_fields__
        if (struct, field) != (Rule, "id")
    }
    told_by_their_test = {(CodeLine, field) for field in CodeLine.__struct_fields__}
    assert fields - told_by_their_test - seen == set()


@given(seed=st.integers(0, 2**32))
@settings(max_examples=often(150, 60), deadline=None)
def test_an_edit_is_one_difference_and_mirrors(seed: int) -> None:
    rng = Random(seed)
    rule = rng.choice(shipped().base.rules)
    edit = rng.choice(list(edits(rule, shipped().vocabulary)))
    after = edit.value
    if edit.path == ((Rule, "date"),):
        after = dated(rule, after.date)
    found = compared(alone(after), alone(rule))
    assert {one.subject for one in found} == {rule.id}
    # A condition taken out of a group, or a group turned into another, may be several.
    assert len(found) == 1 or edit.field in SPELLINGS


@given(seed=st.integers(0, 2**32))
@settings(max_examples=often(60, 30), deadline=None)
def test_the_rules_named_are_those_that_are_not_equal(seed: int) -> None:
    rng = Random(seed)
    base = shipped().base
    rules = {rule.id: rule for rule in base.rules}
    for name in rng.sample(sorted(rules), rng.randrange(12)):
        match rng.randrange(4):
            case 0:
                del rules[name]
            case 1:
                rules[f"{name}-new"] = replace(rules[name], id=f"{name}-new")
            case _:
                found = list(edits(rules[name], shipped().vocabulary))
                rules[name] = rng.choice(found).value
    old = {rule.id: rule for rule in base.rules}
    differ = {name for name in old.keys() | rules.keys() if old.get(name) != rules.get(name)}
    assert named_rules(compared(replace(base, rules=tuple(rules.values())))) == differ


@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_order_is_no_difference(seed: int) -> None:
    rng = Random(seed)

    def shuffled(value: Any) -> Any:
        if isinstance(value, list):
            return rng.sample([shuffled(one) for one in value], len(value))
        if isinstance(value, dict):
            names = rng.sample(sorted(value), len(value))
            return {name: shuffled(value[name]) for name in names}
        return value

    rules = rng.sample(shipped().base.rules, 20)
    again = msgspec.convert(shuffled(msgspec.to_builtins(rules)), tuple[Rule, ...])
    base = shipped().base
    assert not compared(replace(base, rules=again), replace(base, rules=tuple(rules)))


def test_a_base_does_not_differ_from_what_a_release_keeps_of_it() -> None:
    again = msgspec.json.decode(msgspec.json.encode(shipped().base), type=RuleBase)
    assert compared(again) == ()


# Edits of files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path / "rules"


Edited = Callable[..., tuple[Difference, ...]]


@pytest.fixture
def edited(folder: Path) -> Edited:
    """Puts a new text in the place of an old one, once, and compares."""

    def change(file: str, *pairs: tuple[str, str]) -> tuple[Difference, ...]:
        path = folder / file
        text = path.read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")
        return compared(read_base(folder, shipped().vocabulary).base)

    return change


def lines(found: tuple[Difference, ...]) -> list[str]:
    return [str(one) for one in found]


def test_comments_and_the_order_of_keys_are_no_difference(edited: Edited) -> None:
    agency, phase = 'agency = "agency:MarketSurveillance"\n', 'phase  = "control"\n'
    assert not edited(f"{TOYS}.toml", (agency + phase, f"# Why.\n\n{phase}{agency}"))


def test_a_condition_is_read_aloud_before_and_after(edited: Edited) -> None:
    assert lines(edited(f"{TOYS}.toml", ("under = 36", "under = 48"))) == [
        f"rule {TOYS}: when changed: the intended age is less than 36 months → "
        "the intended age is less than 48 months"
    ]


def test_another_basis_of_a_condition_names_the_condition(edited: Edited) -> None:
    pair = ("under = 36,             ", "under = 36, ")
    assert not edited(f"{TOYS}.toml", pair)
    pair = ('under = 36, basis = "small-parts"', 'under = 36, basis = "proportion"')
    assert lines(edited(f"{TOYS}.toml", pair)) == [
        f"rule {TOYS}: when (the intended age is less than 36 months): basis changed: "
        "small-parts → proportion"
    ]


def test_one_more_exemption_is_one_alternative_more(edited: Edited) -> None:
    more = '{ fact = "importer.authorised", is = true, basis = "recognition" }, {'
    assert lines(edited(f"{TOYS}.toml", ("any = [ {", f"any = [ {more}"))) == [
        f"rule {TOYS}: unless: alternative added: authorised operator: yes"
    ]


def test_an_exemption_that_goes_is_read_as_a_whole() -> None:
    rule = next(one for one in shipped().base.rules if one.id == TOYS)
    (found,) = compared(alone(replace(rule, unless=None)), alone(rule))
    assert (found.aspect, found.change, found.after) == ("unless", Change.REMOVED, None)
    assert found.before == "- among the documents is: accredited test report, verified"


def test_any_and_all_of_one_condition_differ_in_form_only() -> None:
    rule = next(one for one in shipped().base.rules if one.id == TOYS)
    assert isinstance(rule.unless, AnyOf)
    (found,) = compared(alone(replace(rule, unless=AllOf(rule.unless.parts))), alone(rule))
    assert found.aspect == "form of unless"
    assert str(found.before).startswith("at least one of these holds (")
    assert str(found.after).startswith("all of these hold (")


def test_the_rate_of_a_control_is_a_share(edited: Edited) -> None:
    assert lines(edited(f"{TOYS}.toml", ("rate = 1,", "rate = 0.5,"))) == [
        f"rule {TOYS}: control (physical check): rate changed: 100 % → 50 %"
    ]


def test_another_kind_of_consequence_is_read_aloud() -> None:
    rule = next(one for one in shipped().base.rules if one.id == TOYS)
    status = next(one.then for one in shipped().base.rules if "entry-document#" in one.id)
    (found,) = compared(alone(replace(rule, then=status)), alone(rule))
    assert found.aspect == "consequence"
    assert str(found.before).startswith("Market surveillance carries out: physical check")
    assert found.after == "Market surveillance sets the status of the goods to: hold"


def test_an_example_is_compared_fact_by_fact(edited: Edited) -> None:
    pair = ('"goods.intendedAgeMonths" = 36', '"goods.intendedAgeMonths" = 35')
    assert lines(edited(f"{TOYS}.toml", pair)) == [
        f"rule {TOYS}: example (exactly 36 months): given (intended age) changed: 36 → 35"
    ]


def test_terms_of_one_label_are_told_apart_by_their_ids(vocabulary: Vocabulary) -> None:
    agency = vocabulary.agencies["agency:FoodAndFeed"]
    agencies = {**vocabulary.agencies, "agency:Twin": replace(agency, id="agency:Twin")}
    rule = next(one for one in shipped().base.rules if one.agency == agency.id)
    before, after = (
        Version(replace(vocabulary, agencies=agencies), alone(one))
        for one in (rule, replace(rule, agency="agency:Twin"))
    )
    (found,) = rule_differences(before, after)
    assert (found.before, found.after) == ("'agency:FoodAndFeed'", "'agency:Twin'")


def test_controls_of_one_label_are_told_apart_by_their_ids(vocabulary: Vocabulary) -> None:
    twin = replace(vocabulary.terms["control:Physical"], id="control:Twin")
    words = replace(vocabulary, terms={**vocabulary.terms, twin.id: twin})
    rule = next(one for one in shipped().base.rules if one.id == TOYS)
    assert isinstance(rule.then, Control)
    then = Control((replace(rule.then.tasks[0], task=twin.id),))
    (found,) = rule_differences(
        Version(words, alone(rule)), Version(words, alone(replace(rule, then=then)))
    )
    assert (found.before, found.after) == ("('control:Physical',)", "('control:Twin',)")


def test_a_rule_that_comes_is_read_aloud(edited: Edited, folder: Path) -> None:
    text = (folder / f"{TOYS}.toml").read_text("utf-8")
    (folder / "products/toys/more.toml").write_text(text, "utf-8")
    (found,) = edited("products/toys/more.toml")
    assert (found.subject, found.change) == ("products/toys/more", Change.ADDED)
    title, sentence = str(found.after).split("\n", 1)
    assert title == "Examine toys with small parts for children under three when the risk is high"
    assert sentence.startswith("Market surveillance carries out: physical check")


def test_a_rule_that_replaces_one_that_went_is_said_to(edited: Edited, folder: Path) -> None:
    (folder / f"{TOYS}.toml").rename(folder / "products/toys/tiny-parts.toml")
    key = 'agency = "agency:MarketSurveillance"\n'
    found = edited("products/toys/tiny-parts.toml", (key, f'{key}replaces = "{TOYS}"\n'))
    assert [(one.subject, one.change) for one in found] == [
        (TOYS, Change.REMOVED),
        ("products/toys/tiny-parts", Change.ADDED),
    ]
    assert "; replaced by `products/toys/tiny-parts`\n" in str(found[0].before)
    assert f"; replaces `{TOYS}`\n" in str(found[1].after)


# Tables


def test_what_a_table_says_of_all_rows_is_one_difference(edited: Edited) -> None:
    pair = ("review_by = 2027-02-18", "review_by = 2027-08-18")
    (found,) = edited(f"{ANNEX}.toml", pair)
    rows = [rule.id for rule in shipped().base.rules if rule.table == ANNEX]
    assert str(found) == f"table {ANNEX}: day of review changed: 2027-02-18 → 2027-08-18"
    assert named_rules((found,)) == set(rows)


def test_a_row_that_goes_is_one_difference(folder: Path) -> None:
    path = folder / "plants/rates.csv"
    header, first, *rest = path.read_text("utf-8").splitlines(keepends=True)
    same = [line for line in rest if line.split(",")[0] == first.split(",")[0]]
    path.write_text("".join([header, *(line for line in rest if line not in same)]), "utf-8")
    (found,) = compared(read_base(folder, shipped().vocabulary).base)
    assert found.change is Change.REMOVED
    assert found.subject == f"plants/rates#{first.split(',')[0]}"


def test_one_line_more_of_a_row_is_one_code_more(edited: Edited) -> None:
    line = (
        "C001,I,1,Hazelnuts (Corylus sp.) and products,AZ,,,08022200,,,"
        "use:Food,,,hazard:Aflatoxins,0.20,\n"
    )
    found = [one for one in edited(f"{ANNEX}.csv", (line, "")) if ANNEX in one.subject]
    assert lines(tuple(found)) == [
        f"rule {ANNEX}#C001: when (commodity code): value removed: 0802 22 00"
    ]


def test_the_order_of_rows_is_no_difference(folder: Path) -> None:
    path = folder / f"{ANNEX}.csv"
    header, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([header, *reversed(rest)]), "utf-8")
    assert compared(read_base(folder, shipped().vocabulary).base) == ()


# What rules share


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "parameters/small-consignment-value.toml",
            "is = 50",
            "is = 40",
            "parameter parameters/small-consignment-value: value (from 2027-01-01): "
            "number changed: 50 → 40",
        ),
        (
            "parameters/request-days.toml",
            'unit = "unit:WorkingDay"',
            'unit = "unit:WorkingDay" # as before',
            None,
        ),
    ],
)
def test_a_parameter_is_compared_by_dated_value(
    edited: Edited, file: str, old: str, new: str, said: str | None
) -> None:
    assert lines(edited(file, (old, new))) == ([said] if said else [])


def test_a_matrix_is_compared_by_cell() -> None:
    matrices = shipped().base.matrices
    (above, levels), *rows = matrices.severity
    danger, cells = next(iter(matrices.targeting.items()))
    band = next(iter(cells))
    level, (task, rate) = next(iter(matrices.ladder.items()))
    after = replace(
        matrices,
        severity=((above, ("level:Low", *levels[1:])), *rows),
        targeting={**matrices.targeting, danger: {**cells, band: "level:Serious"}},
        ladder={**matrices.ladder, level: (task, rate / 2)},
    )
    found = compared(replace(shipped().base, matrices=after))
    assert [(one.subject, one.aspect, one.after) for one in found] == [
        ("ladder", "level (low, rate)", "2.5 %"),
        ("severity", "probability of harm over (0.5, severity 1)", "low"),
        ("targeting", "danger and likelihood (low, very low)", "serious"),
    ]


def test_no_cell_goes_unseen() -> None:
    matrices = shipped().base.matrices
    changed: list[Matrices] = []
    for index, (above, levels) in enumerate(matrices.severity):
        rows = matrices.severity[:index], matrices.severity[index + 1 :]
        for step in range(len(levels)):
            cells = (*levels[:step], "level:Other", *levels[step + 1 :])
            row = ((above, cells),)
            changed.append(replace(matrices, severity=(*rows[0], *row, *rows[1])))
        moved = ((above + Decimal("1E-9"), levels),)
        changed.append(replace(matrices, severity=(*rows[0], *moved, *rows[1])))
    for name in ("targeting", "ladder"):
        table = getattr(matrices, name)
        for key, row in table.items():
            others: list[Any] = (
                [{**row, cell: "level:Other"} for cell in row]
                if isinstance(row, dict)
                else [("control:Other", row[1]), (row[0], row[1] / 3)]
            )
            changed += [replace(matrices, **{name: {**table, key: one}}) for one in others]
    for after in changed:
        (found,) = compared(replace(shipped().base, matrices=after))
        assert found.kind == "matrix"


def test_the_basis_of_a_matrix_is_compared() -> None:
    matrices = shipped().base.matrices
    basis = replace(matrices.bases["ladder"], status="law")
    after = replace(matrices, bases={**matrices.bases, "ladder": basis})
    assert lines(compared(replace(shipped().base, matrices=after))) == [
        "matrix ladder: basis: status changed: illustrative → law"
    ]


def test_a_holiday_that_goes_is_one_difference() -> None:
    name, calendar = next(iter(shipped().base.calendars.items()))
    first, *rest = calendar.holidays
    after = {**shipped().base.calendars, name: replace(calendar, holidays=tuple(rest))}
    assert lines(compared(replace(shipped().base, calendars=after))) == [
        f"calendar {name}: holiday ({first.on}) removed: {first.on} {first.name}"
    ]


@pytest.mark.parametrize("table", ["parameters", "calendars"])
def test_no_edit_of_a_parameter_or_calendar_goes_unseen(table: str) -> None:
    entries = getattr(shipped().base, table)
    for name, entry in entries.items():
        for edit in edits(entry, shipped().vocabulary):
            if edit.field == "weekend":
                continue  # below
            after = replace(shipped().base, **{table: {**entries, name: edit.value}})
            assert {one.subject for one in compared(after)} == {name}, edit


def test_a_weekend_is_told_by_its_days() -> None:
    name, calendar = next(iter(shipped().base.calendars.items()))
    after = {**shipped().base.calendars, name: replace(calendar, weekend=(4, 5))}
    assert lines(compared(replace(shipped().base, calendars=after))) == [
        f"calendar {name}: weekend changed: saturday, sunday → friday, saturday"
    ]


def test_every_field_of_a_rule_base_and_of_its_matrices_is_compared() -> None:
    assert set(RuleBase.__struct_fields__) == {"rules", "parameters", "matrices", "calendars"}
    assert set(type(shipped().base.matrices).__struct_fields__) == {
        *("severity", "targeting", "ladder", "bases"),
    }


def test_a_value_that_law_ends_and_renews_is_told_by_its_days(edited: Edited) -> None:
    found = edited(
        "parameters/small-consignment-value.toml",
        ("until = 2027-01-01", "until = 2027-06-01"),
        ("from = 2027-01-01", "from = 2027-06-01"),
    )
    name = "parameter parameters/small-consignment-value"
    assert lines(found) == [
        f"{name}: value changed: 50 from 2027-01-01 → 50 from 2027-06-01",
        f"{name}: value (from 2026-01-01): period changed: "
        "from 2026-01-01 until 2027-01-01 → from 2026-01-01 until 2027-06-01",
    ]


def test_the_title_of_a_changed_rule_goes_with_its_differences(edited: Edited) -> None:
    (found,) = edited(f"{TOYS}.toml", ("under = 36", "under = 48"))
    assert found.title == (
        "Examine toys with small parts for children under three when the risk is high"
    )


def test_dates_in_a_period_are_told() -> None:
    rule = next(one for one in shipped().base.rules if one.id == TOYS)
    after = replace(rule, effective=replace(rule.effective, end=date(2028, 7, 1)))
    assert lines(compared(alone(after), alone(rule))) == [
        f"rule {TOYS}: period in force changed: from 2026-01-01 → from 2026-01-01 until 2028-07-01"
    ]
