"""The rows of a table: a CSV file whose every cell knows where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from engine.language.diagnostics import Diagnostic, RefusedError, did_you_mean
from engine.language.layout import Steps
from engine.language.reader import Cell, Reader
from engine.language.source import bounded, decoded, read_bytes

MAX_BYTES = 32 * 2**20

Row = dict[str, Cell]


class Beside(Protocol):
    """The folder of a rule's file, for the tables of rows in it."""

    @property
    def shown(self) -> str:
        """The folder as people see it."""

    def tables(self) -> list[str]:
        """The names of its tables of rows."""

    def read(self, name: str) -> bytes:
        """One of them; `RefusedError` where it cannot be read or is too large."""


class OnDisk(Struct, frozen=True):
    """A *folder* of the file system, to be called *shown*."""

    folder: Path
    shown: str

    def tables(self) -> list[str]:
        return [file.name for file in self.folder.glob("*.csv") if file.is_file()]

    def read(self, name: str) -> bytes:
        return read_bytes(self.folder / name, f"{self.shown}/{name}", MAX_BYTES)


class InTree(Struct, frozen=True):
    """The folder *shown* of a tree: files by their path from the root."""

    tree: Mapping[str, bytes]
    shown: str

    def tables(self) -> list[str]:
        parts = (path.rpartition("/") for path in self.tree if path.endswith(".csv"))
        return [name for folder, _, name in parts if folder == self.shown]

    def read(self, name: str) -> bytes:
        path = f"{self.shown}/{name}"
        return bounded(path, self.tree[path], MAX_BYTES)


def read_rows(
    reader: Reader, beside: Beside, name: str, path: Steps
) -> tuple[list[str], list[Row]]:
    """The header and rows of the CSV file *name*; no header where it is refused.

    *path* is the place in the reader's file that names it.
    """
    known = beside.tables()
    if name not in known:
        reader.complain(
            "no-rows",
            f"no table of rows `{name}` beside this file",
            path,
            did_you_mean(name, known),
        )
        return [], []
    try:
        file = f"{beside.shown}/{name}"
        return _split(decoded(file, beside.read(name)), file)
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
