"""The rows of a table: a CSV file whose every cell knows where it stands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from engine.language.diagnostics import Diagnostic, RefusedError, did_you_mean
from engine.language.layout import Steps
from engine.language.reader import Cell, Reader
from engine.language.source import decoded, read_bytes

MAX_BYTES = 32 * 2**20

Row = dict[str, Cell]


def read_rows(
    reader: Reader, folder: Path, shown: str, name: str, path: Steps
) -> tuple[list[str], list[Row]]:
    """The header and rows of the CSV file *name* in *folder*; no header where it is refused.

    *shown* is the folder as people see it, *path* the place in the reader's file that names it.
    """
    if "/" in name or not (folder / name).is_file():
        reader.complain(
            "no-rows",
            f"no table of rows `{name}` beside this file",
            path,
            did_you_mean(name, [file.name for file in folder.glob("*.csv")]),
        )
        return [], []
    try:
        file = f"{shown}/{name}"
        return _split(decoded(file, read_bytes(folder / name, file, MAX_BYTES)), file)
    except RefusedError as error:
        reader.found.extend(error.diagnostics)
        return [], []


def _split(text: str, file: str) -> tuple[list[str], list[Row]]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    rows: list[Row] = []
    try:
        header = [column.strip() for column in next(lines, [])]
        if len(set(header)) < len(header) or not header or "" in header:
            raise _fault(file, 1, "wrong-header", "each column needs a name of its own")
        line = lines.line_num + 1  # where the row starts: a cell may hold line ends
        for cells in lines:
            if len(cells) not in (0, len(header)):
                message = f"this row has {len(cells)} cells, the header {len(header)}"
                raise _fault(file, line, "wrong-width", message)
            if cells:
                rows.append(
                    {
                        column: Cell.at(cell.strip(), file, line, column)
                        for column, cell in zip(header, cells, strict=True)
                    }
                )
            line = lines.line_num + 1
    except csv.Error as error:
        raise _fault(file, line, "no-csv", f"the row cannot be read: {error}") from None
    return header, rows


def _fault(file: str, line: int, code: str, message: str) -> RefusedError:
    return RefusedError([Diagnostic(code=code, message=message, file=file, line=line)])
