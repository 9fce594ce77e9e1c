"""Statements of the busiest calls: compiled once for each database, run by its driver.

SQLAlchemy writes them and converts what goes in and comes out. It does not stand between them and
the driver, as it takes several times as long as the database does.

Boundary: in a transaction of `database`, which puts the driver's faults into our words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Insert, Select, bindparam
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


class _Statement:
    """A statement of which each value is given by name when it is run, and what it is compiled to.

    *columns* are those that come back.
    """

    def __init__(
        self, statement: Select[Any] | Insert, columns: Iterable[ColumnElement[Any]] = ()
    ) -> None:
        self._statement, self._columns = statement, tuple(columns)
        self._by_dialect: dict[str, _Compiled] = {}

    def _compiled(self, connection: Connection) -> _Compiled:
        """In the words of a database. Raises `ValueError` where some value is written into it."""
        dialect = connection.dialect
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = _Compiled(self._statement, self._columns, dialect)
            self._by_dialect[dialect.name] = compiled
        return compiled


class Query(_Statement):
    """A query, of which each value is a `bindparam` that stands for one."""

    def __init__(self, query: Select[Any]) -> None:
        super().__init__(query, query.selected_columns)

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """What it finds for *values*, by the names of its parameters."""
        compiled = self._compiled(connection)
        # Closed whatever happens: a query that is not at its end holds on to its snapshot.
        with closing(_cursor(connection)) as cursor:
            found = cursor.execute(compiled.text, compiled.given(values)).fetchall()
        return compiled.read(found)

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first value of the first row that it finds; None where it finds none."""
        found = self.rows(connection, **values)
        return found[0][0] if found else None


class Among:
    """A query for the rows whose *column* is one of some texts.

    It has a parameter for each; and, so that only a few are compiled, as many as a power of two:
    one of the texts is given again for those that are left.
    """

    def __init__(self, query: Select[Any], column: ColumnElement[Any]) -> None:
        self._query, self._column = query, column
        self._sized: dict[int, Query] = {}

    def rows(self, connection: Connection, texts: Collection[str]) -> list[Row]:
        """What it finds for *texts*."""
        if not texts:
            return []
        given = sorted(texts)
        size = 1 << (len(given) - 1).bit_length()
        given += given[-1:] * (size - len(given))
        query = self._sized.get(size)
        if query is None:
            names: list[BindParameter[str]] = [bindparam(f"v{number}") for number in range(size)]
            query = self._sized[size] = Query(self._query.where(self._column.in_(names)))
        return query.rows(connection, **{f"v{n}": text for n, text in enumerate(given)})


class Insertion(_Statement):
    """Rows into a table, each of which names all columns."""

    def __init__(self, insertion: Insert) -> None:
        super().__init__(insertion)

    def run(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Insert *rows*, by the names of their columns."""
        compiled = self._compiled(connection)
        with closing(_cursor(connection)) as cursor:
            cursor.executemany(compiled.text, list(map(compiled.given, rows)))


def _cursor(connection: Connection) -> Any:
    """A cursor of `sqlite3` or `psycopg`, which are asked in the same words."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver.cursor()


class _Compiled:
    """A statement in the words of one database."""

    def __init__(
        self,
        statement: Select[Any] | Insert,
        columns: Iterable[ColumnElement[Any]],
        dialect: Dialect,
    ) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        for name, bind in compiled.binds.items():
            if not bind.required or bind.expanding:
                raise ValueError(f"`{name}` is no parameter that stands for one value: {statement}")
        self.text = compiled.string
        into = {
            name: _own(bind.type, dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        self._names = into.keys()
        self._by_name = compiled.positiontup is None
        self._into = [(name, into[name]) for name in compiled.positiontup or into]
        converts = [
            _own(column.type, dialect).result_processor(dialect, None) for column in columns
        ]
        self._out = [(place, convert) for place, convert in enumerate(converts) if convert]

    def given(self, values: Values) -> Values | Row:
        """What the driver is given. Raises `ValueError`: other names than those that it takes."""
        if values.keys() != self._names:
            raise ValueError(f"it takes {', '.join(self._names)}; not {', '.join(values)}")
        pairs = [
            (name, values[name] if convert is None else convert(values[name]))
            for name, convert in self._into
        ]
        return dict(pairs) if self._by_name else tuple(value for _, value in pairs)

    def read(self, rows: list[Row]) -> list[Row]:
        """What the driver found, as the columns' types have it."""
        return [self._converted(row) for row in rows] if self._out else rows

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for place, convert in self._out:
            values[place] = convert(values[place])
        return tuple(values)


def _own(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """What a database makes of a type of ours."""
    return kind.dialect_impl(dialect)
