"""Statements of the busiest calls: compiled once for each database, run by its driver.

SQLAlchemy writes them and converts what goes in and comes out. It does not stand between them and
the driver, as it takes several times as long as the database does.

Boundary: in a transaction of `database`, which puts the driver's faults into our words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select
from sqlalchemy.sql.compiler import SQLCompiler

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


class Statement:
    """A query, of which each value is a `bindparam`; or the insertion of rows with all columns."""

    def __init__(self, statement: Select[Any] | Insert) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """What the query finds for *values*, by the names of its parameters."""
        compiled = self._for(connection.dialect)
        cursor = _driver(connection).execute(compiled.text, compiled.given(values))
        return compiled.read(cursor.fetchall())

    def insert(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Insert *rows*, each by the names of its columns."""
        compiled = self._for(connection.dialect)
        _driver(connection).cursor().executemany(compiled.text, list(map(compiled.given, rows)))

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        return compiled


def _driver(connection: Connection) -> Any:
    """The driver's connection: of `sqlite3` or `psycopg`, which are asked in the same words."""
    return connection.connection.driver_connection


class _Compiled:
    """A statement in the words of one database."""

    def __init__(self, statement: Select[Any] | Insert, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = compiled.string
        names = compiled.positiontup
        into = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        self._given = [(name, into[name]) for name in (into if names is None else names)]
        self._by_name = names is None
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        converts = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]
        self._read = [(at, convert) for at, convert in enumerate(converts) if convert]

    def given(self, values: Values) -> Values | Row:
        """What the driver is given."""
        pairs = [
            (name, values[name] if convert is None else convert(values[name]))
            for name, convert in self._given
        ]
        return dict(pairs) if self._by_name else tuple(value for _, value in pairs)

    def read(self, rows: list[Row]) -> list[Row]:
        """What the driver found, as the columns' types have it."""
        if not self._read:
            return rows
        return [self._converted(row) for row in rows]

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for at, convert in self._read:
            values[at] = convert(values[at])
        return tuple(values)
