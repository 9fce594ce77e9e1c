"""The rows of a table as a sheet of texts: from CSV and back, and what differs between two.

Refused, with the cell and the mend: formulas, line breaks and control characters in a cell, ragged
rows, more than 20,000 rows or 100 columns. Workbooks are for `xlsx`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from msgspec import Struct

from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.source import decoded
from engine.language.vocabulary import FactType, Vocabulary

FILE = "sheet"
"""What diagnostics call a sheet: it is no file yet."""

MAX_ROWS, MAX_COLUMNS, MAX_CELL, MAX_BYTES = 20_000, 100, 5_000, 16 * 2**20
MAX_FAULTS = 50
"""Faults after which the rest is not looked at: its author has enough to do."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"[=@]|[+-](?![\d., ]*$)")
_DELIMITERS = ",;\t"


class Sheet(Struct, frozen=True):
    """A header and rows of as many cells, all texts: codes keep their zeros."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Note(Struct, frozen=True):
    """What was made of a cell that was no text, to be shown: *cell* is ``C7``."""

    cell: str
    column: str
    message: str


class Taken(Struct, frozen=True):
    """A sheet that was taken in, and what was made of its cells."""

    sheet: Sheet
    notes: tuple[Note, ...] = ()


# Making


def sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Sheet:
    """A sheet of these cells, without spaces around them and without empty rows.

    Raises `RefusedError` with every fault, up to a number.
    """
    header = tuple(column.strip() for column in columns)
    if not header or "" in header or len(set(header)) < len(header):
        refuse("wrong-header", "each column needs a name of its own", mend="name it in row 1")
    if len(header) > MAX_COLUMNS:
        refuse("too-large", f"more than {MAX_COLUMNS} columns", mend="leave out what rules skip")
    faults = list(_faults(header, 1))
    kept: list[tuple[str, ...]] = []
    for number, row in enumerate(rows, 2):
        cells = tuple(cell.strip() for cell in row)
        if not any(cells):
            continue
        if len(kept) == MAX_ROWS:
            refuse("too-large", f"more than {MAX_ROWS:,} rows", number, "make two tables of it")
        if len(cells) != len(header):
            message = f"this row has {len(cells)} cells, the header {len(header)}"
            faults.append(fault("wrong-width", message, number))
        faults += _faults(cells, number)
        if len(faults) >= MAX_FAULTS:
            break
        kept.append(cells)
    if faults:
        raise RefusedError(faults[:MAX_FAULTS])
    return Sheet(header, tuple(kept))


def _faults(cells: Sequence[str], row: int) -> Iterator[Diagnostic]:
    for index, cell in enumerate(cells):
        place = name_of(index, row)
        if len(cell) > MAX_CELL:
            yield fault("too-large", f"over {MAX_CELL:,} characters", row, "shorten it", place)
        if _CONTROL.search(cell):
            message = "a line break or control character"
            yield fault("control-character", message, row, "write the cell on one line", place)
        if _FORMULA.match(cell):
            yield fault("formula", "a formula", row, "put its value in its place", place)


def fault(
    code: str, message: str, row: int = 1, mend: str | None = None, cell: str = ""
) -> Diagnostic:
    """A diagnostic at a *row*, counted from 1 with the header, and maybe a *cell* of it."""
    named = f"cell {cell}: {message}" if cell else message
    return Diagnostic(code=code, message=named, file=FILE, line=row, help=mend, path=cell)


def refuse(code: str, message: str, row: int = 1, mend: str | None = None) -> NoReturn:
    """Refuse the whole sheet."""
    raise RefusedError([fault(code, message, row, mend)])


def name_of(column: int, row: int) -> str:
    """A cell as spreadsheets call it: column 0 of row 7 is ``A7``."""
    letters, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"


# CSV


def from_csv(raw: bytes) -> Sheet:
    """The sheet of a CSV file, or of cells pasted from a spreadsheet, which tabs set apart.

    Raises `RefusedError` where it is none, or not to be taken.
    """
    if len(raw) > MAX_BYTES:
        refuse("too-large", f"the file is larger than {MAX_BYTES // 2**20} MiB")
    text = decoded(FILE, raw)
    first = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    delimiter = max(_DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(lines, [])
        return sheet(header, lines)
    except csv.Error as error:
        refuse("no-csv", f"the row cannot be read: {error}", max(1, lines.line_num))


def to_csv(made: Sheet) -> str:
    """The sheet as the CSV file of a table: commas, one line a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(made.columns)
    writer.writerows(made.rows)
    return out.getvalue()


# Columns of codes


def code_columns(content: Any, vocabulary: Vocabulary) -> frozenset[str]:
    """The columns that a table's *content* binds to commodity codes and their subdivisions."""
    found: set[str] = set()
    held = [content.get(block) for block in ("when", "unless")] if isinstance(content, dict) else []
    for value in held:  # grows as it goes
        if isinstance(value, list):
            held += value
        elif isinstance(value, dict):
            held += value.values()
            fact = vocabulary.facts.get(str(value.get("fact")))
            if fact is not None and fact.type is FactType.CODE:
                bound = (value.get("within"), value.get("subdivision"))
                found |= {str(b["column"]) for b in bound if isinstance(b, dict) and "column" in b}
    return frozenset(found)


# Differences


class Cells(Struct, frozen=True):
    """One cell that says something else."""

    column: str
    before: str
    after: str


class Changed(Struct, frozen=True):
    """A rule's rows before and after; *cells* where it has one row in both."""

    id: str
    before: tuple[dict[str, str], ...]
    after: tuple[dict[str, str], ...]
    cells: tuple[Cells, ...] = ()


class Difference(Struct, frozen=True):
    """What differs between two sheets, by the ids of rules."""

    come: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[Changed, ...]
    columns_come: tuple[str, ...]
    columns_gone: tuple[str, ...]


def difference(old: Sheet, new: Sheet, key: str = "id") -> Difference:
    """Which rules came, went and changed. *key* is the column of their ids.

    A column that only one sheet has is empty in the other. Rows in another order are no
    difference, unless they are alternatives of one rule. Raises `RefusedError` where a sheet lacks
    *key*.
    """
    for each in (old, new):
        if key not in each.columns:
            refuse("unknown-column", f"the sheet has no column `{key}`", mend="give each row an id")
    columns = tuple(dict.fromkeys((*old.columns, *new.columns)))
    before, after = _by_id(old, key, columns), _by_id(new, key, columns)
    return Difference(
        come=tuple(name for name in after if name not in before),
        gone=tuple(name for name in before if name not in after),
        changed=tuple(
            _changed(name, before[name], after[name])
            for name in before
            if name in after and before[name] != after[name]
        ),
        columns_come=tuple(name for name in new.columns if name not in old.columns),
        columns_gone=tuple(name for name in old.columns if name not in new.columns),
    )


_Rows = tuple[dict[str, str], ...]


def _by_id(held: Sheet, key: str, columns: Sequence[str]) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    for row in held.rows:
        cells = dict.fromkeys(columns, "") | dict(zip(held.columns, row, strict=True))
        found[cells[key]] = (*found.get(cells[key], ()), cells)
    return found


def _changed(name: str, before: _Rows, after: _Rows) -> Changed:
    cells: tuple[Cells, ...] = ()
    if len(before) == len(after) == 1:
        (one,), (other,) = before, after
        cells = tuple(Cells(c, one[c], other[c]) for c in one if one[c] != other[c])
    return Changed(name, before, after, cells)
