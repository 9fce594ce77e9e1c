"""Typed reading of the plain data in a TOML file; every refusal becomes a diagnostic.

A `Cell` is a string that came from a table's CSV: it knows its own line and column, and is
converted to what the rule needs at that place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from engine.language.diagnostics import Diagnostic, did_you_mean
from engine.language.layout import Steps
from engine.language.period import Period
from engine.language.source import Source, dotted
from engine.language.vocabulary import Vocabulary

T = TypeVar("T")

MAX_DAYS = 1000
"""The longest period of days: longer ones are slips."""

KINDS = {
    str: "a text",
    bool: "true or false",
    Decimal: "a number",
    date: "a date such as 2026-07-01",
    dict: "a table of keys",
    list: "a list",
}


class Cell(str):
    """The text of one cell of a table, with where it stands."""

    file: str
    line: int
    column: str

    @classmethod
    def at(cls, text: str, file: str, line: int, column: str) -> Cell:
        """Make a cell of *text* in *column* on *line* of *file*."""
        cell = cls(text)
        cell.file, cell.line, cell.column = file, line, column
        return cell


class Reader:
    """Reads one file, collecting diagnostics instead of stopping at the first."""

    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.found: list[Diagnostic] = []

    # Saying what is wrong

    def complain(
        self, code: str, message: str, path: Steps, mend: str | None = None, value: object = None
    ) -> None:
        """Note an error at *path*, or at the cell that *value* came from."""
        if isinstance(value, Cell):
            self.found.append(
                Diagnostic(
                    code=code,
                    message=f"{message} (column `{value.column}`)",
                    file=value.file,
                    line=value.line,
                    help=mend,
                    path=dotted(path),
                )
            )
        else:
            self.found.append(self.source.diagnostic(code, message, path, mend))

    def check_days(self, days: Decimal, path: Steps, value: object) -> bool:
        """Whether *days*, read from *value*, can be counted one by one: 1 to 1000, and whole."""
        if days == int(days) and 1 <= days <= MAX_DAYS:
            return True
        message = f"`{path[-1]}` is a whole number from 1 to {MAX_DAYS}"
        self.complain("wrong-days", message, path, value=value)
        return False

    def close(self, table: Mapping[str, Any], allowed: Iterable[str], path: Steps) -> None:
        """Refuse every key of *table* that is not *allowed*."""
        known = list(allowed)
        for key in table:
            if key not in known:
                self.complain(
                    "unknown-key",
                    f"unknown key `{_shown(key)}`",
                    (*path, key),
                    did_you_mean(key, known) or f"known here: {', '.join(known)}",
                )

    # Taking values

    def take(
        self,
        table: Mapping[str, Any],
        key: str,
        path: Steps,
        kind: type[T],
        *,
        required: bool = True,
    ) -> T | None:
        """The value under *key*, of *kind*; None and a diagnostic where it is missing or wrong."""
        if key not in table:
            if required:
                self.complain("missing-key", f"`{key}` is missing", path)
            return None
        return self.typed(table[key], (*path, key), kind)

    def typed(self, value: object, path: Steps, kind: type[T]) -> T | None:
        """*value* as *kind*; numbers are finite and exact, booleans are no numbers."""
        converted: object = value
        if kind is Decimal:
            converted = _number(value)
        elif kind is bool and isinstance(value, Cell):
            converted = {"true": True, "false": False}.get(value)
        elif kind is date and (isinstance(value, datetime) or not isinstance(value, date)):
            converted = None
        elif kind is str and isinstance(value, str) and not value.strip():
            self.complain("empty", "this text is empty", path, value=value)
            return None
        elif kind is str and isinstance(value, str) and "\0" in value:
            self.complain("nul-byte", "this text holds a NUL character", path, value=value)
            return None
        if isinstance(converted, kind):
            # Past this point a cell is text like any other.
            return str(converted) if isinstance(converted, Cell) else converted  # type: ignore[return-value]
        self.complain(
            "wrong-type", f"expected {KINDS[kind]}, found `{_shown(value)}`", path, value=value
        )
        return None

    def choice(
        self,
        table: Mapping[str, Any],
        key: str,
        path: Steps,
        options: Iterable[str],
        default: str | None = None,
    ) -> str:
        """One of *options*; *default* where the key is absent, and required without one.

        Whatever is wrong, the answer is an option, so that reading can go on.
        """
        known = list(options)
        if key not in table and default is not None:
            return default
        value = self.take(table, key, path, str)
        if value in known:
            return str(value)
        if value is not None:
            self.complain(
                "unknown-word",
                f"`{key}` cannot be `{_shown(value)}`",
                (*path, key),
                did_you_mean(value, known) or f"one of: {', '.join(known)}",
                table[key],
            )
        return default or known[0]

    def term(self, value: object, path: Steps, kind: str) -> str | None:
        """A term of one *kind*, such as ``hazard``, that the ontology knows."""
        name = self.typed(value, path, str)
        if name is None:
            return None
        if not self._is_term(name, kind):
            known = self._terms(kind)
            self.complain(
                "unknown-term",
                f"unknown {kind} `{_shown(name)}`",
                path,
                did_you_mean(name, known) or f"declare it in `ontology/`, or use a known {kind}",
                value,
            )
            return None
        return str(name)

    def _is_term(self, name: str, kind: str) -> bool:
        if kind in _TABLES:
            return name in self._terms(kind)
        term = self.vocabulary.terms.get(name)
        return term is not None and term.kind == kind

    def _terms(self, kind: str) -> Collection[str]:
        if kind in _TABLES:
            table: dict[str, object] = getattr(self.vocabulary, _TABLES[kind])
            return table
        return [term.id for term in self.vocabulary.of_kind(kind)]

    def taken_term(
        self, table: Mapping[str, Any], key: str, path: Steps, kind: str, *, required: bool = True
    ) -> str | None:
        """The term under *key*."""
        if key not in table and not required:
            return None
        if self.take(table, key, path, str) is None:
            return None
        return self.term(table[key], (*path, key), kind)

    def period(self, table: Mapping[str, Any], path: Steps) -> Period:
        """``{ from = …, until = … }``, half-open; both ends optional."""
        self.close(table, ("from", "until"), path)
        start = self.take(table, "from", path, date, required=False)
        end = self.take(table, "until", path, date, required=False)
        if start is not None and end is not None and start >= end:
            self.complain("empty-period", f"the period ends ({end}) before it starts", path)
        return Period(start=start, end=end)


_TABLES = {"agency": "agencies", "certificate": "certificates", "group": "groups"}


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, Cell | int | Decimal):
            number = Decimal(value)
            # Beyond 30 digits no border threshold makes sense, and arithmetic gets slow.
            if number.is_finite() and abs(number.adjusted()) <= 30 >= len(number.as_tuple().digits):
                return number
    except InvalidOperation:
        pass
    return None


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
