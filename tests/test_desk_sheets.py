"""Spreadsheets come in and go out without a cell changed, or are refused at the cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from engine.desk.sheets import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cells,
    Sheet,
    code_columns,
    difference,
    from_csv,
    name_of,
    sheet,
    to_csv,
)
from engine.desk.xlsx import from_xlsx, to_xlsx
from engine.language.diagnostics import RefusedError
from engine.language.source import Source
from engine.language.vocabulary import Vocabulary
from tests.language_sample import TABLE

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted((ROOT / "rules").rglob("*.csv"))

CELLS = st.one_of(
    st.sampled_from(["0902", "NO", "1e5", "0.20", "2026-07-01", "true", "a, b", 'a "b"', "a;b"]),
    st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Co")), max_size=12
    ).filter(lambda text: text[:1] not in "=@+-" or not text),
)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    width = draw(st.integers(1, 5))
    names = st.sampled_from(["id", "code", "origin", "rate", "product", "ex", "use"])
    columns = draw(st.lists(names, min_size=width, max_size=width, unique=True))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6))
    stripped = [row for row in rows if row[0].strip()[:1] not in ("=", "@", "+", "-")]
    try:
        return sheet(columns, stripped)
    except RefusedError:
        return Sheet(("id",), ())


def workbook(*rows: list[Any], **formats: str) -> bytes:
    """A workbook of one sheet; *formats* are number formats by cell."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cell, form in formats.items():
        page[cell].number_format = form
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WHOLE = workbook(["id", "code"], ["A", "0902"])


def refused(raw: bytes, *codes: str) -> tuple[str, str]:
    """The code and place of what is said against a workbook."""
    with pytest.raises(RefusedError) as caught:
        from_xlsx(raw, codes)
    found = caught.value.diagnostics[0]
    return found.code, found.path


def answered(take: Callable[[bytes], object], raw: bytes) -> object:
    """What was taken, or the diagnostics of the refusal: nothing else is raised."""
    try:
        return take(raw)
    except RefusedError as error:
        return error.diagnostics


# Round trips


@settings(deadline=None)
@given(made=sheets())
def test_csv_gives_the_sheet_back(made: Sheet) -> None:
    assert from_csv(to_csv(made).encode()) == made


@settings(deadline=None, max_examples=50)
@given(made=sheets())
def test_workbook_gives_the_sheet_back_without_a_note(made: Sheet) -> None:
    taken = from_xlsx(to_xlsx(made), ("code",))
    assert (taken.sheet, taken.notes) == (made, ())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_table_through_a_workbook_is_the_same(path: Path) -> None:
    made = from_csv(path.read_bytes())
    assert from_xlsx(to_xlsx(made)).sheet == made
    assert from_csv(to_csv(made).encode()) == made


def test_cells_pasted_with_tabs_are_taken() -> None:
    assert from_csv(b"id\tcode\r\nA\t0902\r\n") == Sheet(("id", "code"), (("A", "0902"),))


# Cells that are no texts


def test_number_in_a_column_of_codes_gets_its_zero_back_and_that_is_said() -> None:
    taken = from_xlsx(workbook(["id", "code"], ["A", 90210]), ("code",))
    assert taken.sheet.rows == (("A", "090210"),)
    assert [(note.cell, note.column) for note in taken.notes] == [("B2", "code")]


def test_format_of_the_cell_tells_the_zeros_of_a_code() -> None:
    raw = workbook(["code"], [9021000], A2="00000000")
    assert from_xlsx(raw, ("code",)).sheet.rows == (("09021000",),)


def test_number_with_all_its_digits_is_still_noted() -> None:
    taken = from_xlsx(workbook(["code"], [120740]), ("code",))
    assert (taken.sheet.rows, len(taken.notes)) == ((("120740",),), 1)


@pytest.mark.parametrize("value", [1207.4, 12345678901, -1207])
def test_number_that_is_no_code_is_refused_at_its_cell(value: float) -> None:
    assert refused(workbook(["code"], [value]), "code") == ("wrong-code", "A2")


def test_numbers_days_and_truth_are_written_as_tables_write_them() -> None:
    raw = workbook(
        ["rate", "from", "day", "packed"], [0.2, date(2026, 7, 1), datetime(2026, 7, 2), True]
    )
    assert from_xlsx(raw).sheet.rows == (("0.2", "2026-07-01", "2026-07-02", "true"),)


# What is refused


def test_formula_is_refused_at_its_cell() -> None:
    assert refused(workbook(["id", "rate"], ["A", "=1/5"])) == ("formula", "B2")


def test_merged_cells_are_refused() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["id", "code"])
    page.merge_cells("A2:A3")
    assert refused(saved(book))[0] == "merged-cells"


def test_time_of_day_is_refused() -> None:
    raw = workbook(["from"], [datetime(2026, 7, 1, 12)])
    assert refused(raw) == ("wrong-type", "A2")


def test_line_break_in_a_cell_is_refused() -> None:
    assert refused(workbook(["id"], ["a\nb"])) == ("control-character", "A2")


def test_row_far_out_is_refused_without_counting_up_to_it() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["A1048576"] = "id", "x"
    assert refused(saved(book))[0] == "too-large"


def test_column_far_out_is_refused() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["ZZ1"] = "id", "x"
    assert refused(saved(book))[0] == "too-large"


def changed_archive(raw: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "part", "code"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/worksheets/sheet1.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "no-workbook"),
        ("xl/worksheets/sheet1.xml", b"<worksheet", "no-workbook"),
        ("xl/media/bomb.bin", bytes(130 * 2**20), "too-large"),
    ],
)
def test_workbook_that_may_harm_is_refused(name: str, part: bytes, code: str) -> None:
    assert refused(changed_archive(workbook(["id"], ["A"]), name, part))[0] == code


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_damaged_workbook_is_taken_or_refused(data: st.DataObject) -> None:
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert answered(from_xlsx, bytes(raw))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "wrong-header"),
        (b"id,id\n", "wrong-header"),
        (b"id,code\nA\n", "wrong-width"),
        (b"id\n=1+1\n", "formula"),
        (b"id\n@SUM(A1)\n", "formula"),
        (b"id\n+cmd|x\n", "formula"),
        (b'id\n"a\nb"\n', "control-character"),
        (b'id\n"a', "no-csv"),
        (b"id\n\xff\n", "no-utf8"),
        (b"id\n" + b"A\n" * (MAX_ROWS + 1), "too-large"),
        (",".join(f"c{n}" for n in range(MAX_COLUMNS + 1)).encode(), "too-large"),
    ],
)
def test_csv_that_cannot_be_taken_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        from_csv(raw)
    assert caught.value.diagnostics[0].code == code


def test_negative_number_is_no_formula() -> None:
    assert from_csv(b"id\n-0.5\n").rows == (("-0.5",),)


@given(raw=st.binary(max_size=80))
def test_any_bytes_are_taken_or_refused(raw: bytes) -> None:
    assert answered(from_csv, raw)
    assert answered(from_xlsx, raw)


@pytest.mark.parametrize(("column", "name"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1")])
def test_cells_have_their_usual_names(column: int, name: str) -> None:
    assert name_of(column, 1) == name


def test_columns_of_codes_are_those_bound_to_codes(vocabulary: Vocabulary) -> None:
    assert code_columns(Source("x", TABLE.encode()).content, vocabulary) == {"code"}


# Differences


def test_difference_is_by_id() -> None:
    old = Sheet(("id", "rate"), (("A", "0.1"), ("B", "0.2"), ("C", "0.3")))
    new = Sheet(("id", "rate"), (("C", "0.3"), ("D", "1"), ("B", "0.5")))
    found = difference(old, new)
    assert (found.come, found.gone) == (("D",), ("A",))
    assert [(one.id, one.cells) for one in found.changed] == [("B", (Cells("rate", "0.2", "0.5"),))]


@given(made=sheets())
def test_sheet_does_not_differ_from_itself(made: Sheet) -> None:
    found = difference(made, made, made.columns[0])
    assert (found.come, found.gone, found.changed) == ((), (), ())


@given(old=sheets(), new=sheets())
def test_what_came_one_way_went_the_other(old: Sheet, new: Sheet) -> None:
    try:
        there, back = difference(old, new), difference(new, old)
    except RefusedError:
        return
    assert (set(there.come), set(there.gone)) == (set(back.gone), set(back.come))
    assert {one.id for one in there.changed} == {one.id for one in back.changed}


def test_sheet_without_ids_is_refused() -> None:
    with pytest.raises(RefusedError, match="no column"):
        difference(Sheet(("a",), ()), Sheet(("id",), ()))
