"""Tables: each row a rule, lines of one id alternatives, faults at their row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.language.base import read_base
from engine.language.condition import AllOf, AnyOf, CodeLine, leaves
from engine.language.diagnostics import Diagnostic
from engine.language.rule import Control, Rule
from engine.language.tables import MAX_FAULTS
from engine.language.vocabulary import Vocabulary
from tests.language_sample import (
    ROWS,
    TABLE,
    changed,
    checked,
    only,
    place,
    refused_base,
    write,
    write_base,
)

CSV = "rules/food/nuts.csv"
FILE = "rules/food/nuts.toml"


class Tables:
    """Reads the sample table with other rows or another file."""

    def __init__(self, rules: Path, vocabulary: Vocabulary) -> None:
        self.rules, self.vocabulary = rules, vocabulary

    def read(self, rows: str = ROWS, table: str = TABLE) -> dict[str, Rule]:
        self._write(rows, table)
        return {rule.id: rule for rule in read_base(self.rules, self.vocabulary).base.rules}

    def refused(self, rows: str = ROWS, table: str = TABLE) -> tuple[Diagnostic, ...]:
        self._write(rows, table)
        return refused_base(self.rules, self.vocabulary)

    def _write(self, rows: str, table: str) -> None:
        write(self.rules, "food/nuts.toml", table)
        write(self.rules, "food/nuts.csv", rows)


@pytest.fixture
def tables(knowledge_base: Path, tmp_path: Path, vocabulary: Vocabulary) -> Tables:
    return Tables(write_base(knowledge_base, tmp_path), vocabulary)


def test_each_id_is_a_rule(tables: Tables) -> None:
    assert list(tables.read()) == ["food/nuts#N1", "food/nuts#N2"]


def test_texts_quote_cells(tables: Tables) -> None:
    assert tables.read()["food/nuts#N2"].because == "Hazelnuts is listed."


def test_consequence_is_filled_from_the_row(tables: Tables) -> None:
    then = tables.read()["food/nuts#N2"].then
    assert isinstance(then, Control)
    assert str(then.tasks[0].rate) == "0.10"


def test_sample_table_passes_the_checks(tables: Tables) -> None:
    tables.read()
    assert checked(tables.rules, tables.vocabulary) == []


def test_lines_that_differ_in_their_code_are_one_test(tables: Tables) -> None:
    tests = [leaf.test for leaf in leaves(tables.read()["food/nuts#N1"].when)]
    assert [test.codes for test in tests if test.codes] == [
        (CodeLine("080211"), CodeLine("080212"))
    ]


def test_lines_that_differ_in_more_tests_are_alternatives(tables: Tables) -> None:
    rows = changed(ROWS, ("080212,NG", "080212,TR"))
    when = tables.read(rows)["food/nuts#N1"].when
    assert isinstance(when, AllOf)
    (either,) = [part for part in when.parts if isinstance(part, AnyOf)]
    assert [len(list(leaves(part))) for part in either.parts] == [2, 2]


def test_line_that_asks_for_less_absorbs_the_others(tables: Tables) -> None:
    rows = changed(ROWS, ("080212,NG,state:Dried", "080211,NG,"))
    facts = [leaf.test.fact for leaf in leaves(tables.read(rows)["food/nuts#N1"].when)]
    assert facts == ["goods.commodityCode", "goods.originGrown"]


def test_lines_of_one_id_need_not_follow_each_other(tables: Tables) -> None:
    head, first, second, third = ROWS.splitlines()
    rows = "\n".join([head, first, third, second])
    assert tables.read(rows) == tables.read()


def test_further_row_is_a_change_of_data_only(tables: Tables) -> None:
    before = tables.read()
    after = tables.read(ROWS + "N3,Pistachios,080251,IR,,0.50\n")
    assert list(after) == [*before, "food/nuts#N3"]
    assert {name: after[name] for name in before} == before


def test_blank_cell_drops_the_test_that_allows_it(tables: Tables) -> None:
    facts = [leaf.test.fact for leaf in leaves(tables.read()["food/nuts#N2"].when)]
    assert facts == ["goods.commodityCode", "goods.originGrown"]


def test_blank_cell_is_refused_where_the_rule_does_not_allow_it(tables: Tables) -> None:
    found = only(tables.refused(changed(ROWS, ("080221,TR", "080221,"))))
    assert place(found) == ("blank-cell", CSV, 4)
    assert "column `origin`" in found.message
    assert 'blank = "any"' in str(found.help)


def test_blank_cell_of_a_consequence_is_refused(tables: Tables) -> None:
    found = only(tables.refused(changed(ROWS, (",,0.10", ",,"))))
    assert place(found) == ("blank-cell", CSV, 4)


def test_row_without_any_test_left_is_refused(tables: Tables) -> None:
    table = TABLE.replace('"code" }', '"code", blank = "any" }').replace(
        '"origin" }', '"origin", blank = "any" }'
    )
    found = only(tables.refused(changed(ROWS, ("080221,TR", ",")), table))
    assert place(found) == ("blank-cell", CSV, 4)


@pytest.mark.parametrize(
    ("former", "new", "code", "line", "column"),
    [
        ("080221,TR", "0802,XX", "unknown-country", 4, "origin"),
        ("080221", "080", "wrong-code", 4, "code"),
        ("080221", "080299 080298", "unknown-code", 4, "code"),
        ("080212,NG,state:Dried", "080212,NG,state:Dry", "unknown-term", 3, "state"),
        (",,0.10", ",,10", "wrong-rate", 4, "rate"),
        (",,0.10", ",,nan", "wrong-type", 4, "rate"),
        ("N2,", ",", "blank-cell", 4, "id"),
    ],
)
def test_fault_of_a_cell_names_its_row_and_column(
    former: str, new: str, code: str, line: int, column: str, tables: Tables
) -> None:
    found = tables.refused(changed(ROWS, (former, new)))[0]
    assert place(found) == (code, CSV, line)
    assert found.message.endswith(f"(column `{column}`)")


def test_word_from_a_cell_is_refused_at_its_row(tables: Tables) -> None:
    table = changed(TABLE, ('rate = { column = "rate" }', 'rate = 1, unit = { column = "rate" }'))
    found = tables.refused(table=table)
    assert place(found[0]) == ("unknown-word", CSV, 2)


@pytest.mark.parametrize(
    ("changes", "column"),
    [((",0.10", ",0.30"), "rate"), (("N2,Hazelnuts", "N2,Nuts"), "product")],
)
def test_lines_of_one_id_with_different_consequences_are_refused(
    changes: tuple[str, str], column: str, tables: Tables
) -> None:
    rows = ROWS + changed(ROWS.splitlines()[-1], changes) + "\n"
    found = only(tables.refused(rows))
    assert place(found) == ("lines-differ", CSV, 5)


def test_lines_of_one_id_with_different_remedies_are_refused(tables: Tables) -> None:
    table = changed(TABLE, ('remedy = "None is needed."', 'remedy = "Code {code}."'))
    assert only(tables.refused(table=table)).code == "lines-differ"


# `where`


def test_where_chooses_rows(tables: Tables) -> None:
    table = changed(TABLE, ('"nuts.csv"', '"nuts.csv"\nwhere = { state = ["state:Dried"] }'))
    assert list(tables.read(table=table)) == ["food/nuts#N1"]


def test_where_may_choose_blank_cells(tables: Tables) -> None:
    table = changed(
        TABLE.replace('"N1"', '"N2"'), ('"nuts.csv"', '"nuts.csv"\nwhere = { state = [""] }')
    )
    assert list(tables.read(table=table)) == ["food/nuts#N2"]


@pytest.mark.parametrize(
    ("where", "code", "mend"),
    [
        ('{ state = ["state:Dred"] }', "unknown-word", "`state:Dried`"),
        ('{ stat = ["state:Dried"] }', "unknown-key", "`state`"),
        ('{ state = "state:Dried" }', "wrong-type", None),
    ],
)
def test_where_that_leaves_rows_out_silently_is_refused(
    where: str, code: str, mend: str | None, tables: Tables
) -> None:
    table = changed(TABLE, ('"nuts.csv"', f'"nuts.csv"\nwhere = {where}'))
    found = tables.refused(table=table)[0]
    assert place(found) == (code, FILE, 9)
    assert mend is None or mend in str(found.help)


# The file


@pytest.mark.parametrize(
    ("former", "new", "code", "line"),
    [
        ('"nuts.csv"', '"nut.csv"', "no-rows", 8),
        ('"nuts.csv"', '"../nuts.csv"', "no-rows", 8),
        ('"nuts.csv"', '"nuts.csv"\nid = "key"', "unknown-column", 9),
        ('column = "origin"', 'column = "orign"', "unknown-column", 19),
        ('column = "origin"', 'column = "origin", blank = "all"', "wrong-binding", 19),
        ('column = "origin"', 'column = "origin", default = "NG"', "wrong-binding", 19),
        ('column = "rate"', 'column = "rate", blank = "any"', "wrong-binding", 24),
        ('because = "{product}', 'because = "{products}', "unknown-column", 27),
        ('because = "{product}', 'because = "{product', "stray-brace", 27),
        ('because = "{product}', 'because = "{product:>99999999}', "wrong-binding", 27),
        ('because = "{product}', 'because = "{product:{x}}', "wrong-binding", 27),
        ('because = "{product}', 'because = "{product.__class__}', "unknown-column", 27),
        ('cite = "A law, Article 1"', 'cite = { column = "product" }', "wrong-binding", 11),
        (
            'row = "N1"\ngiven = { "goods.commodityCode" = "08021100" }',
            'row = "N9"\ngiven = {}',
            "unknown-row",
            37,
        ),
    ],
)
def test_file_of_a_table_is_refused_at_its_line(
    former: str, new: str, code: str, line: int, tables: Tables
) -> None:
    found = only(tables.refused(table=changed(TABLE, (former, new))))
    assert place(found) == (code, FILE, line)


def test_fault_of_the_file_is_said_once_for_all_rows(tables: Tables) -> None:
    only(tables.refused(table=changed(TABLE, ("agency:FoodAndFeed", "agency:Food"))))


def test_reading_stops_after_many_faults(tables: Tables) -> None:
    rows = ROWS + "".join(f"X{n},Nuts,{n:04d}99,XX,,1\n" for n in range(5000))
    found = tables.refused(rows)
    assert found[-1].code == "too-many"
    assert len(found) < MAX_FAULTS + 10


# The rows


@pytest.mark.parametrize(
    ("rows", "code", "line"),
    [
        ("", "wrong-header", 1),
        (changed(ROWS, ("product,code", "code,code")), "wrong-header", 1),
        (changed(ROWS, ("product,code", ",code")), "wrong-header", 1),
        (changed(ROWS, (",,0.10", ",,0.10,")), "wrong-width", 4),
        (changed(ROWS, ("N2,Hazelnuts,", "N2,")), "wrong-width", 4),
        (changed(ROWS, ("N2,Hazelnuts", 'N2,"Hazelnuts')), "no-csv", 4),
        (changed(ROWS, ("Hazelnuts", "x" * 200_000)), "no-csv", 4),
        (changed(ROWS, ("Hazelnuts", "\0")), "nul-byte", 4),
    ],
)
def test_rows_that_cannot_be_read_are_refused_at_their_line(
    rows: str, code: str, line: int, tables: Tables
) -> None:
    assert place(only(tables.refused(rows))) == (code, CSV, line)


def test_line_of_a_row_is_where_it_starts(tables: Tables) -> None:
    rows = changed(
        ROWS,
        ("N1,Almonds,080211", 'N1,"Al\nmonds",080211'),
        ("N1,Almonds,080212", 'N1,"Al\nmonds",0802'),
    )
    rows = changed(rows, ("080221", "080"))
    assert only(tables.refused(rows)).line == 6


def test_blank_lines_between_rows_mean_nothing(tables: Tables) -> None:
    assert tables.read(ROWS.replace("\n", "\n\n")) == tables.read()
