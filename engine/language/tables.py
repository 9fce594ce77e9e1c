"""Tables: one rule file whose columns fill in many rules, each row a rule of its own.

Lines with the same id are alternatives of one rule. Values of the form ``{ column = "rate" }``
are filled from the row; ``blank = "any"`` says that an empty cell drops the test it stands in
(without it an empty cell is an error, as dropping a test silently would widen the rule).
Texts may quote a cell as ``{product}``.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

import msgspec

from engine.language.condition import AllOf, AnyOf, CodeLine, Condition, Leaf, Operator, Test
from engine.language.diagnostics import did_you_mean
from engine.language.layout import Steps
from engine.language.reader import Reader
from engine.language.rows import Beside, Row, read_rows
from engine.language.rule import Parameter, Rule
from engine.language.rules import read_rule

MAX_FAULTS = 100
"""Faults after which the rest of a table is not read: its author has enough to do."""

_DROP = object()
_CONDITIONS = ("when", "unless")
_OPTIONAL = ("ex", "subdivision")
COUNTRY_COLUMNS = ("origin", "origin_grown", "origin_processed", "dispatched_from")
"""Columns of country codes, by the names that tables give them."""

_TEXTS = ("title", "because", "remedy", "evidence")
_SHARED = ("basis", "example", "proportionality", "provisional", "effective")
"""Parts of a table's file that hold for every row and never quote a column."""


def read_table(
    reader: Reader,
    identifier: str,
    beside: Beside,
    parameters: dict[str, Parameter],
) -> list[Rule]:
    """Expand the table *identifier* into one rule an id; diagnostics go to *reader*.

    *beside* holds the rows' CSV file.
    """
    content = dict(reader.source.content)
    binding = reader.typed(content.pop("table"), ("table",), dict)
    if binding is None:
        return []
    reader.close(binding, ("rows", "id", "where"), ("table",))
    name = reader.take(binding, "rows", ("table",), str)
    key = reader.take(binding, "id", ("table",), str, required=False) or "id"
    if name is None:
        return []
    columns, rows = read_rows(reader, beside, name, ("table", "rows"))
    if not columns:
        return []
    if key not in columns:
        _unknown_column(reader, key, ("table", "id"), columns)
        return []
    wanted = _wanted(reader, binding, columns, rows)
    if wanted is None or not _check_bindings(reader, content, (), columns):
        return []
    chosen = [row for row in rows if all(row[name] in cells for name, cells in wanted.items())]
    if not chosen:
        reader.complain("no-rows", "no row of the table is chosen", ("table",))
    _check_examples(reader, content, {str(row[key]) for row in chosen})
    return list(_rules(reader, content, identifier, key, chosen, parameters))


def _unknown_column(reader: Reader, name: object, path: Steps, columns: list[str]) -> None:
    reader.complain(
        "unknown-column",
        f"the table has no column `{name}`",
        path,
        did_you_mean(str(name), columns) or f"columns: {', '.join(columns)}",
    )


# The file


def _wanted(
    reader: Reader, binding: dict[str, Any], columns: list[str], rows: list[Row]
) -> dict[str, frozenset[str]] | None:
    """The `where` filter: column → accepted cells."""
    table = reader.take(binding, "where", ("table",), dict, required=False) or {}
    before = len(reader.found)
    reader.close(table, columns, ("table", "where"))
    wanted: dict[str, frozenset[str]] = {}
    for column, cells in table.items():
        path = ("table", "where", column)
        values = reader.typed(cells, path, list) or []
        known = {str(row[column]) for row in rows} if column in columns else set()
        for index, value in enumerate(values):
            # A word that no row has would leave rows out silently.
            if value not in known and column in columns:
                reader.complain(
                    "unknown-word",
                    f"no row has `{value}` in its column `{column}`",
                    (*path, index),
                    did_you_mean(str(value), known),
                )
        wanted[column] = frozenset(str(value) for value in values)
    return wanted if len(reader.found) == before else None


def _check_bindings(reader: Reader, value: object, path: Steps, columns: list[str]) -> bool:
    """Whether every column that the file quotes exists and is quoted as it may be."""
    if isinstance(value, dict):
        if "column" in value:
            return _check_binding(reader, value, path, columns)
        parts = [((*path, key), part) for key, part in value.items()]
    elif isinstance(value, list):
        parts = [((*path, index), part) for index, part in enumerate(value)]
    elif isinstance(value, str) and path[-1] in _TEXTS and path[0] not in _SHARED:
        return _check_text(reader, value, path, columns)
    else:
        return True
    sound = True
    for place, part in parts:
        sound = _check_bindings(reader, part, place, columns) and sound
    return sound


def _check_binding(reader: Reader, value: dict[str, Any], path: Steps, columns: list[str]) -> bool:
    if value["column"] not in columns:
        _unknown_column(reader, value["column"], path, columns)
        return False
    mend = 'a binding is `{ column = "…" }`, in a test also with `blank = "any"`'
    if path[0] in _SHARED:
        reader.complain("wrong-binding", f"`{path[0]}` is the same for every row", path, mend)
        return False
    if set(value) - {"column", "blank"} or value.get("blank", "any") != "any":
        reader.complain("wrong-binding", "this is no binding to a column", path, mend)
        return False
    if "blank" in value and path[0] not in _CONDITIONS:
        reader.complain("wrong-binding", "only a test can be dropped by a blank", path, mend)
        return False
    return True


def _check_text(reader: Reader, text: str, path: Steps, columns: list[str]) -> bool:
    try:
        quoted = list(string.Formatter().parse(text))
    except ValueError:
        reader.complain("stray-brace", "a brace stands alone", path, "write a brace itself as `{{`")
        return False
    for _, field, form, conversion in quoted:
        if field is not None and field not in columns:
            _unknown_column(reader, field, path, columns)
            return False
        if form or conversion:
            reader.complain("wrong-binding", f"write `{{{field}}}` without a format", path)
            return False
    return True


def _check_examples(reader: Reader, content: dict[str, Any], names: set[str]) -> None:
    examples = content.get("example")
    for index, example in enumerate(examples if isinstance(examples, list) else ()):
        row = example.get("row") if isinstance(example, dict) else None
        if isinstance(row, str) and row not in names:
            reader.complain(
                "unknown-row",
                f"no row of the table is `{row}`",
                ("example", index, "row"),
                did_you_mean(row, names),
            )


# The rows


def _rules(
    reader: Reader,
    content: dict[str, Any],
    identifier: str,
    key: str,
    rows: list[Row],
    parameters: dict[str, Parameter],
) -> Iterator[Rule]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if not row[key]:
            reader.complain("blank-cell", "the row has no id", ("table", "id"), value=row[key])
            return
        groups.setdefault(str(row[key]), []).append(row)
    for name, lines in groups.items():
        alternatives = []
        for line in lines:
            if len(reader.found) > MAX_FAULTS:
                reader.complain("too-many", "too many faults: the rest is not read", ("table",))
                return
            before = len(reader.found)
            filled = _filled(reader, content, (), line)
            if len(reader.found) > before:
                continue  # what is blank would be found missing again
            rule = read_rule(reader, filled, f"{identifier}#{name}", parameters)
            if rule is not None:
                alternatives.append((line, rule))
        if len(alternatives) == len(lines):
            rule = _joined(reader, alternatives, key)
            if rule is not None:
                yield msgspec.structs.replace(
                    rule, examples=tuple(e for e in rule.examples if e.row in (None, name))
                )


def _filled(reader: Reader, value: Any, path: Steps, row: Row) -> Any:
    """*value* with its bindings replaced by the row's cells; `_DROP` where a blank drops it."""
    if isinstance(value, dict):
        if "column" in value:
            return _cell(reader, value, path, row)
        filled = {}
        for name, part in value.items():
            shared = not path and name in _SHARED
            new = part if shared else _filled(reader, part, (*path, name), row)
            if new is not _DROP:
                filled[name] = new
            elif name not in _OPTIONAL:
                return _DROP
        return filled
    if isinstance(value, list):
        parts = [_filled(reader, part, (*path, index), row) for index, part in enumerate(value)]
        kept = [part for part in parts if part is not _DROP]
        if parts and not kept and path[0] in _CONDITIONS:
            reader.complain(
                "blank-cell",
                f"in this row no test is left of `{path[-1]}`",
                path,
                "a rule without tests would apply to everything: fill a cell",
                next(iter(row.values())),
            )
        return kept
    if isinstance(value, str) and path[-1] in _TEXTS:
        return value.format_map(_Spoken(row, reader.vocabulary.countries))
    return value


class _Spoken(dict[str, str]):
    """A row as texts quote it: the two letters of a country in a column of origin say its name."""

    def __init__(self, row: Row, countries: dict[str, str]) -> None:
        super().__init__(row)
        self._countries = countries

    def __getitem__(self, column: str) -> str:
        cell = super().__getitem__(column)
        return self._countries.get(cell, cell) if column in COUNTRY_COLUMNS else cell


def _cell(reader: Reader, binding: dict[str, str], path: Steps, row: Row) -> Any:
    cell = row[binding["column"]]
    if cell:
        return cell
    if "blank" not in binding:
        mend = "fill it"
        if path[0] in _CONDITIONS:
            mend += ', or let the rule say `blank = "any"`'
        reader.complain("blank-cell", "this cell is empty", path, mend, cell)
    return _DROP


def _joined(reader: Reader, lines: list[tuple[Row, Rule]], key: str) -> Rule | None:
    """One rule from its lines: what they share must hold, and one of what differs."""
    (_, first), *others = lines
    for row, rule in others:
        if msgspec.structs.replace(rule, when=first.when) != first:
            reader.complain(
                "lines-differ",
                f"this line of `{row[key]}` differs from its first line in more than `when`",
                ("table",),
                "give it an id of its own, or the same consequence and texts",
                row[key],
            )
            return None
    if not others:
        return first
    parts = [_parts(rule.when) for _, rule in lines]
    shared = [part for part in parts[0] if all(part in rest for rest in parts)]
    differing = [tuple(part for part in rest if part not in shared) for rest in parts]
    merged = _merged(differing)
    joined = merged or AnyOf(
        tuple(parts[0] if len(parts) == 1 else AllOf(parts) for parts in differing)
    )
    # An alternative that asks for nothing more than what all share is met by that alone.
    when = AllOf((*shared, joined)) if all(differing) else AllOf(tuple(shared))
    return msgspec.structs.replace(first, when=when)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, AllOf):
        return tuple(inner for part in condition.parts for inner in _parts(part))
    return (condition,)


def _merged(differing: list[tuple[Condition, ...]]) -> Leaf | None:
    """One test for lines that differ only in their commodity code."""
    codes: list[CodeLine] = []
    for parts in differing:
        leaf = parts[0] if len(parts) == 1 else None
        if not isinstance(leaf, Leaf) or leaf.test.operator is not Operator.WITHIN:
            return None
        if not leaf.test.codes:
            return None
        codes.extend(leaf.test.codes)
    first = differing[0][0]
    assert isinstance(first, Leaf)
    same = {
        (leaf.test.fact, leaf.basis, leaf.criterion, leaf.reason)
        for (leaf,) in differing
        if isinstance(leaf, Leaf)
    }
    if len(same) > 1:
        return None
    test = Test(fact=first.test.fact, operator=Operator.WITHIN, codes=tuple(dict.fromkeys(codes)))
    return msgspec.structs.replace(first, test=test)
