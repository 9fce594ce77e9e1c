"""Reading the three harmonised tables: severity, targeting, ladder.

Whatever the agencies put into them, a higher danger, likelihood or risk may never lead to less
(WTO TFA 7.4.3): a table that falls is refused.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.language.diagnostics import Diagnostic, RefusedError, did_you_mean
from engine.language.reader import Reader
from engine.language.rows import Beside, OnDisk, Row, read_rows
from engine.language.rule import Matrices
from engine.language.rules import taken_basis
from engine.language.source import read_source
from engine.language.vocabulary import Basis, Vocabulary

MATRICES = "harmonised/matrices.toml"
_NAMES = ("severity", "targeting", "ladder")
_STEPS = (1, 2, 3, 4)
"""The severities of Decision (EU) 2019/417."""


def read_matrices(folder: Path, vocabulary: Vocabulary, found: list[Diagnostic]) -> Matrices | None:
    """The tables of the rule base in *folder*; None, and diagnostics in *found*, where wrong."""
    path = folder / MATRICES
    name = f"{folder.name}/{MATRICES}"
    if not path.is_file():
        found.append(
            Diagnostic(
                code="no-matrices",
                message="the harmonised tables are missing",
                file=name,
                help="this file names the severity matrix, the targeting table and the ladder",
            )
        )
        return None
    try:
        reader = Reader(read_source(path, name), vocabulary)
        matrices = _MatrixReader(reader, OnDisk(path.parent, name.rpartition("/")[0])).read()
    except RefusedError as error:
        found.extend(error.diagnostics)
        return None
    found.extend(dict.fromkeys(reader.found))
    return None if reader.found else matrices


class _MatrixReader:
    """*beside* holds the CSV files."""

    def __init__(self, reader: Reader, beside: Beside) -> None:
        self.reader, self.beside = reader, beside

    def read(self) -> Matrices:
        content = self.reader.source.content
        self.reader.close(content, _NAMES, ())
        columns = {
            "severity": ["probability_over", *(f"severity_{step}" for step in _STEPS)],
            "targeting": ["danger", *self._ranks("likelihood")],
            "ladder": ["level", "task", "rate"],
        }
        rows = {name: self._rows(content, name, columns[name]) for name in _NAMES}
        bases: dict[str, Basis] = {}
        for name in _NAMES:
            table = content.get(name)
            if not isinstance(table, dict):
                continue
            basis = taken_basis(self.reader, table, (name,))
            if basis is not None:
                bases[name] = basis
        return Matrices(
            severity=self._severity(rows["severity"]),
            targeting=self._targeting(rows["targeting"]),
            ladder=self._ladder(rows["ladder"]),
            bases=bases,
        )

    def _rows(self, content: dict[str, Any], name: str, columns: list[str]) -> list[Row] | None:
        """The rows of one table; None where it cannot be read, which is said once."""
        table = self.reader.take(content, name, (), dict)
        if table is None:
            return None
        self.reader.close(table, ("rows", "basis"), (name,))
        file = self.reader.take(table, "rows", (name,), str)
        if file is None:
            return None
        header, rows = read_rows(self.reader, self.beside, file, (name, "rows"))
        if not header:
            return None
        missing = [column for column in columns if column not in header]
        for column in (*missing, *(column for column in header if column not in columns)):
            self.reader.complain(
                "unknown-column",
                f"the table of rows `{file}` "
                + (f"has no column `{column}`" if column in missing else f"holds `{column}` too"),
                (name, "rows"),
                did_you_mean(column, header if column in missing else columns)
                or f"its columns are: {', '.join(columns)}",
            )
        return None if missing else rows

    def _severity(self, rows: list[Row] | None) -> tuple[tuple[Decimal, tuple[str, ...]], ...]:
        lines: list[tuple[Decimal, tuple[str, ...], Row]] = []
        for row in rows or ():
            above = self.reader.take(row, "probability_over", ("severity",), Decimal)
            levels = [
                self.reader.taken_term(row, f"severity_{step}", ("severity",), "level")
                for step in _STEPS
            ]
            if above is None or None in levels:
                return ()
            if not 0 <= above < 1:
                self._fault(
                    "wrong-probability",
                    "a probability is between 0 and 1",
                    "severity",
                    row["probability_over"],
                )
            lines.append((above, tuple(str(level) for level in levels), row))
        lines.sort(key=lambda line: -line[0])
        ranks = self._ranks("level")
        for _, levels_, row in lines:
            if [ranks[level] for level in levels_] != sorted(ranks[level] for level in levels_):
                self._fall("a level falls as severity rises", "severity", row)
        for (above, higher, row), (below, lower, _) in pairwise(lines):
            if above == below:
                self._twice("severity", row["probability_over"])
            if any(ranks[a] < ranks[b] for a, b in zip(higher, lower, strict=True)):
                self._fall("a level falls as harm rises", "severity", row)
        if rows is not None and (not lines or lines[-1][0] != 0):
            self.reader.complain("gap", "the last row must start at probability 0", ("severity",))
        return tuple((above, levels) for above, levels, _ in lines)

    def _targeting(self, rows: list[Row] | None) -> dict[str, dict[str, str]]:
        bands, ranks = self._ranks("likelihood"), self._ranks("level")
        held: dict[str, Row] = {}
        table: dict[str, dict[str, str]] = {}
        for row in rows or ():
            danger = self.reader.taken_term(row, "danger", ("targeting",), "level")
            cells = {
                band: self.reader.taken_term(row, band, ("targeting",), "level") for band in bands
            }
            if danger is None or None in cells.values():
                return {}
            if danger in table:
                self._twice("targeting", row["danger"])
            held[danger] = row
            table[danger] = {band: str(cell) for band, cell in cells.items()}
        if rows is None or not self._complete(table, "targeting"):
            return {}
        for danger in ranks:
            line = [ranks[table[danger][band]] for band in bands]
            if line != sorted(line):
                self._fall("the risk falls as likelihood rises", "targeting", held[danger])
        for lower, higher in pairwise(ranks):
            if any(ranks[table[lower][band]] > ranks[table[higher][band]] for band in bands):
                self._fall("the risk falls as danger rises", "targeting", held[higher])
        return table

    def _ladder(self, rows: list[Row] | None) -> dict[str, tuple[str, Decimal]]:
        held: dict[str, Row] = {}
        ladder: dict[str, tuple[str, Decimal]] = {}
        for row in rows or ():
            level = self.reader.taken_term(row, "level", ("ladder",), "level")
            task = self.reader.taken_term(row, "task", ("ladder",), "control")
            rate = self.reader.take(row, "rate", ("ladder",), Decimal)
            if level is None or task is None or rate is None:
                return {}
            if not 0 < rate <= 1:
                self._fault("wrong-rate", "a rate is over 0 up to 1", "ladder", row["rate"])
            if level in ladder:
                self._twice("ladder", row["level"])
            held[level], ladder[level] = row, (task, rate)
        if rows is None or not self._complete(ladder, "ladder"):
            return {}
        controls = self._ranks("control")
        for lower, higher in pairwise(self._ranks("level")):
            below, above = ladder[lower], ladder[higher]
            if (controls[below[0]], below[1]) > (controls[above[0]], above[1]):
                self._fall("control falls as risk rises", "ladder", held[higher])
        return ladder

    # Faults

    def _complete(self, table: dict[str, Any], name: str) -> bool:
        absent = [level for level in self._ranks("level") if level not in table]
        if absent:
            self.reader.complain("gap", f"no row for `{'`, `'.join(absent)}`", (name,))
        return not absent

    def _fault(self, code: str, message: str, name: str, cell: object) -> None:
        self.reader.complain(code, message, (name,), value=cell)

    def _fall(self, message: str, name: str, row: Row) -> None:
        self._fault("not-monotone", message, name, next(iter(row.values())))

    def _twice(self, name: str, cell: object) -> None:
        self._fault("twice", f"`{cell}` has a row already", name, cell)

    def _ranks(self, kind: str) -> dict[str, int]:
        terms = self.reader.vocabulary.of_kind(kind)
        return {term.id: index for index, term in enumerate(terms)}
