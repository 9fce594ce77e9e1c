"""Workbooks in and out: the first sheet of an XLSX file, its values only.

What may harm is refused before it is parsed: macros, document types, archives that unpack to too
much, rows and columns far out. No number is taken for a code without a note of what was made of it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from engine.desk.sheets import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_FAULTS,
    MAX_ROWS,
    Note,
    Sheet,
    Taken,
    fault,
    name_of,
    refuse,
    sheet,
)
from engine.language.diagnostics import Diagnostic, RefusedError

MAX_UNPACKED, MAX_MEMBERS = 128 * 2**20, 500

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([^"]{1,40})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Za-z]+)\d')
_ZEROS = re.compile(r"0{2,10}")
_DIGITS = re.compile(r"\d+", re.ASCII)


def from_xlsx(raw: bytes, codes: Collection[str] = ()) -> Taken:
    """The first sheet of a workbook; *codes* are the columns that hold commodity codes.

    A number in such a column has lost its zero in front: it is put back where the format of the
    cell or an odd number of digits tells, and a note says so. Raises `RefusedError` where the
    workbook is none, or not to be taken.
    """
    _check_archive(raw)
    try:
        # Values as they were when saved would hide formulas: read-only, but formulas shown.
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        try:
            return _taken(book, frozenset(codes))
        finally:
            book.close()
    except (
        *(ValueError, KeyError, TypeError, AttributeError, LookupError, OverflowError),
        *(OSError, SyntaxError, ParseError, zipfile.BadZipFile, AssertionError),
    ):
        refuse("no-workbook", "this cannot be read as a workbook", mend="save it again as XLSX")


def _check_archive(raw: bytes) -> None:
    """Refuse what is not to be unpacked or parsed."""
    if len(raw) > MAX_BYTES:
        refuse("too-large", f"the file is larger than {MAX_BYTES // 2**20} MiB")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
                mend = "copy the rows into a new workbook"
                refuse("too-large", "the workbook unpacks to too much", mend=mend)
            if any("vbaproject" in member.filename.lower() for member in members):
                refuse("macros", "the workbook holds macros", mend="save it as XLSX, without them")
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_part(member.filename, archive.read(member))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        refuse(
            "no-workbook", "this is no XLSX workbook, or it is encrypted", mend="save it as XLSX"
        )
    except zlib.error:
        refuse("no-workbook", "this workbook is damaged", mend="save it again as XLSX")


def _check_part(name: str, part: bytes) -> None:
    if b"\0" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        refuse("no-workbook", "a part of the workbook declares a document type or is not UTF-8")
    if b"macroEnabled" in part:
        refuse("macros", "the workbook is one for macros", mend="save it as XLSX, without them")
    if not name.lower().startswith("xl/worksheets/"):
        return
    merged = _MERGED.search(part)
    if merged is not None:
        place = merged[1].decode(errors="replace")
        refuse("merged-cells", f"cells {place} are merged", mend="split them and fill each one")
    if any(len(row) > 7 or int(row) > MAX_ROWS + 1 for row in _ROW.findall(part)):
        refuse("too-large", f"more than {MAX_ROWS:,} rows", mend="delete the rows below the table")
    if any(_place(letters) > MAX_COLUMNS for letters in set(_COLUMN.findall(part))):
        mend = "delete the columns beside the table"
        refuse("too-large", f"more than {MAX_COLUMNS} columns", mend=mend)


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters[:4].upper():
        place = place * 26 + letter - ord("A") + 1
    return place


def _taken(book: Any, codes: frozenset[str]) -> Taken:
    notes: list[Note] = []
    faults: list[Diagnostic] = []
    first, *others = book.worksheets
    columns: tuple[str, ...] = ()
    rows: list[list[str]] = []
    lines = first.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS)
    for number, cells in enumerate(lines, 1):
        texts = []
        for index, cell in enumerate(cells):
            column = columns[index] if index < len(columns) else ""
            place = name_of(index, number)
            try:
                text, note = _text(cell, coded=column in codes)
            except _UnfitError as error:
                faults.append(fault(error.code, str(error), number, error.mend, place))
                text, note = "?", None
            if note is not None:
                notes.append(Note(place, column, note))
            texts.append(text)
        if number == 1:
            columns = tuple(_trimmed([text.strip() for text in texts]))
        else:
            rows.append(_trimmed(texts, len(columns)))
        if len(faults) >= MAX_FAULTS:
            break
    if faults:
        raise RefusedError(faults)
    notes += (Note("", "", f"sheet `{other.title}` was not read") for other in others)
    return Taken(sheet(columns, rows), tuple(notes))


def _trimmed(texts: list[str], least: int = 0) -> list[str]:
    """A row without the blank cells behind it, but with at *least* so many."""
    end = max((place for place, text in enumerate(texts, 1) if text.strip()), default=0)
    return [*texts[:end], *[""] * (least - end)]


# Cells


class _UnfitError(Exception):
    def __init__(self, code: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.code, self.mend = code, mend


def _text(cell: Any, *, coded: bool) -> tuple[str, str | None]:
    """The text of a cell, and what is to be said of it."""
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return "", None
    if kind == "f":
        raise _UnfitError("formula", "a formula", "put its value in its place")
    if kind == "e":
        raise _UnfitError("error-value", f"the error value {value}", "mend or clear the cell")
    match value:
        case str():
            return value, None
        case bool():
            return ("true" if value else "false"), None
        case datetime() if value.time() == time():
            return value.date().isoformat(), None
        case datetime() | time():
            raise _UnfitError("wrong-type", "a time of day", "write the day alone: 2026-07-01")
        case date():
            return value.isoformat(), None
        case int() | float() if coded:
            return _code(value, str(cell.number_format))
        case int() | float():
            return _number(value), None
    raise _UnfitError("wrong-type", "neither text, number nor day", "write it as text")


def _number(value: float) -> str:
    number = Decimal(repr(value))
    if not number.is_finite():
        raise _UnfitError("wrong-type", "no finite number", "write it as text")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _code(value: float, form: str) -> tuple[str, str]:
    digits = _number(value)
    if not _DIGITS.fullmatch(digits) or len(digits) > 10:
        mend = "write the code as text"
        raise _UnfitError("wrong-code", f"the number {digits} is no commodity code", mend)
    whole = digits.zfill(len(form)) if _ZEROS.fullmatch(form) else digits
    whole = whole.zfill(len(whole) + len(whole) % 2)  # codes go by pairs of digits
    if whole == digits:
        return whole, f"the number {digits} was taken as a code: check that no zero is missing"
    return whole, f"the number {digits} was taken as the code {whole}, with its zero in front"


# Out


def to_xlsx(made: Sheet) -> bytes:
    """A workbook of one sheet, every cell a text: no spreadsheet turns codes into numbers."""
    book = Workbook(write_only=True)
    page = book.create_sheet("rows")
    page.freeze_panes = "A2"
    for row in (made.columns, *made.rows):
        page.append(list(_cells(page, row)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(page: Any, row: tuple[str, ...]) -> Iterator[Any]:
    for text in row:
        if not text:
            yield None
            continue
        cell = WriteOnlyCell(page, value=text)
        cell.data_type, cell.number_format = "s", "@"
        yield cell
