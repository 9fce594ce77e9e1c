"""The rule base: every rule, parameter, calendar and matrix of a folder of files.

Ids are paths: ``rules/products/toys/small-parts.toml`` is ``products/toys/small-parts``; each row
of a table adds its own id after ``#``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec import Struct

from engine.language.calendars import Calendar, check_calendars, read_calendar
from engine.language.diagnostics import Diagnostic, RefusedError
from engine.language.layout import Steps
from engine.language.matrices import MATRICES, read_matrices
from engine.language.reader import Reader
from engine.language.rows import Beside, OnDisk
from engine.language.rule import DatedNumber, Matrices, Parameter, Rule
from engine.language.rules import read_rule, taken_basis
from engine.language.source import Source, read_source
from engine.language.tables import read_table
from engine.language.vocabulary import Vocabulary

PARAMETERS, CALENDARS = "parameters", "calendars"

WORKING_DAY = "unit:WorkingDay"
REQUEST_DAYS = "parameters/request-days"
"""The parameter that says within how many working days a request for a fact is to be answered."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*")


class RuleBase(Struct, frozen=True, kw_only=True):
    """What the files of `rules/` say, in order of id."""

    rules: tuple[Rule, ...]
    parameters: dict[str, Parameter]
    matrices: Matrices
    calendars: dict[str, Calendar] = {}


class ReadBase:
    """A rule base with the files that it came from, so that checks can point at lines."""

    def __init__(self, base: RuleBase, sources: dict[str, Source]) -> None:
        self.base = base
        self._sources = sources

    @classmethod
    def without_files(cls, base: RuleBase) -> ReadBase:
        """A base whose files are not at hand: what is said of it names a file and no line."""
        tables = dict.fromkeys(rule.table for rule in base.rules)
        return cls(base, {table: Source(f"rules/{table}.toml", b"") for table in tables})

    @property
    def sources(self) -> dict[str, Source]:
        """The files of rules by the id of each."""
        return dict(self._sources)

    def changed(self, base: RuleBase) -> ReadBase:
        """The same files, read as *base* instead: to check what a change would do."""
        return ReadBase(base, self._sources)

    def source(self, rule: Rule) -> Source:
        """The file in which *rule* stands."""
        return self._sources[rule.table]

    def diagnostic(
        self, rule: Rule, code: str, message: str, path: Steps = (), mend: str | None = None
    ) -> Diagnostic:
        """A diagnostic about *rule*, which it names where its file holds many."""
        named = f"row `{rule.id.partition('#')[2]}`: {message}" if "#" in rule.id else message
        return self.source(rule).diagnostic(code, named, path, mend)


def read_base(folder: Path, vocabulary: Vocabulary) -> ReadBase:
    """Read all of *folder*; `RefusedError` with every diagnostic where anything is wrong."""
    found: list[Diagnostic] = []
    parameters: dict[str, Parameter] = {}
    for identifier, source in _sources(folder, PARAMETERS, found):
        reader = Reader(source, vocabulary)
        parameter = _parameter(reader, source.content, identifier)
        found.extend(reader.found)
        if parameter is not None:
            parameters[identifier] = parameter
    calendars = _calendars(folder, vocabulary, found)
    matrices = read_matrices(folder, vocabulary, found)
    rules: list[Rule] = []
    sources: dict[str, Source] = {}
    for identifier, source in _sources(folder, "", found):
        sources[identifier] = source
        beside = OnDisk((folder / identifier).parent, source.file.rpartition("/")[0])
        read, refused = read_file(source, identifier, beside, vocabulary, parameters)
        rules += read
        found += refused
    if found or matrices is None:
        raise RefusedError(found)
    rules.sort(key=lambda rule: rule.id)
    base = RuleBase(
        rules=tuple(rules), parameters=parameters, matrices=matrices, calendars=calendars
    )
    return ReadBase(base, sources)


def _calendars(
    folder: Path, vocabulary: Vocabulary, found: list[Diagnostic]
) -> dict[str, Calendar]:
    read: list[tuple[Reader, Calendar]] = []
    readers = []
    for identifier, source in _sources(folder, CALENDARS, found):
        reader = Reader(source, vocabulary)
        readers.append(reader)
        calendar = read_calendar(reader, source.content, identifier)
        if calendar is not None:
            read.append((reader, calendar))
    check_calendars(read)
    found.extend(one for reader in readers for one in reader.found)
    return {calendar.id: calendar for _, calendar in read}


def _sources(folder: Path, below: str, found: list[Diagnostic]) -> Iterator[tuple[str, Source]]:
    """The id and content of each TOML file *below*; of the rules where that is empty."""
    for path in sorted((folder / below).rglob("*.toml")):
        relative = path.relative_to(folder)
        other = relative.parts[0] in (PARAMETERS, CALENDARS) or relative.as_posix() == MATRICES
        if not below and other:
            continue
        identifier = relative.with_suffix("").as_posix()
        shown = f"{folder.name}/{relative.as_posix()}"
        misnamed = wrong_name(identifier, shown)
        if misnamed is not None:
            found.append(misnamed)
            continue
        try:
            yield identifier, read_source(path, shown)
        except RefusedError as error:
            found.extend(error.diagnostics)


def wrong_name(identifier: str, shown: str) -> Diagnostic | None:
    """What is wrong with *identifier* as the id of a rule, whose file is called *shown*."""
    if _NAME.fullmatch(identifier):
        return None
    # `#` sets rows apart; other signs would not survive a web address.
    return Diagnostic(
        code="wrong-name",
        message="the path of a rule is its id, and this is none",
        file=shown.encode(errors="replace").decode(),
        help="use letters, digits, `-`, `_` and `.` only",
    )


def read_text(
    text: bytes, identifier: str, vocabulary: Vocabulary, parameters: dict[str, Parameter]
) -> Rule:
    """Read one rule (not a table) from the text of its file; `RefusedError` where wrong."""
    source = Source(f"rules/{identifier}.toml", text)
    reader = Reader(source, vocabulary)
    if "table" in source.content:
        reader.complain("is-table", "this file is a table of rules, not one rule", ("table",))
        raise RefusedError(reader.found)
    rule = _single(reader, identifier, parameters)
    if rule is None or reader.found:
        raise RefusedError(dict.fromkeys(reader.found))
    return rule


def read_file(
    source: Source,
    identifier: str,
    beside: Beside,
    vocabulary: Vocabulary,
    parameters: dict[str, Parameter],
) -> tuple[list[Rule], list[Diagnostic]]:
    """The rules of one file, of which a table has many, and what is wrong with it."""
    reader = Reader(source, vocabulary)
    if "table" in source.content:
        rules = read_table(reader, identifier, beside, parameters)
    else:
        rule = _single(reader, identifier, parameters)
        rules = [] if rule is None else [rule]
    # The rows of a table repeat the faults of their file; each is said once.
    return rules, list(dict.fromkeys(reader.found))


def _single(reader: Reader, identifier: str, parameters: dict[str, Parameter]) -> Rule | None:
    content = reader.source.content
    rule = read_rule(reader, content, identifier, parameters)
    for index, example in enumerate(() if rule is None else rule.examples):
        if example.row is not None:
            reader.complain(
                "misplaced-key", "`row` has a meaning only in a table", ("example", index, "row")
            )
    return rule


# Parameters


def _parameter(reader: Reader, content: dict[str, Any], identifier: str) -> Parameter | None:
    reader.close(content, ("title", "unit", "value"), ())
    title = reader.take(content, "title", (), str)
    unit = reader.take(content, "unit", (), str)
    if unit is not None and unit not in reader.vocabulary.currencies:
        unit = reader.term(unit, ("unit",), "unit")
    values = reader.take(content, "value", (), list) or []
    if "value" in content and not values:
        reader.complain("empty", "no value here", ("value",))
    dated = [(_dated(reader, value, ("value", n)), n) for n, value in enumerate(values)]
    placed = sorted(
        ((value, n) for value, n in dated if value is not None),
        key=lambda pair: pair[0].period.start or date.min,
    )
    for (earlier, _), (later, n) in pairwise(placed):
        end, start = earlier.period.end, later.period.start
        if end is None or start is None or start < end:
            reader.complain(
                "overlap",
                "two values are in force on the same day",
                ("value", n),
                "end the earlier with `until` where the later starts",
            )
    if identifier == REQUEST_DAYS and unit is not None and unit != WORKING_DAY:
        mend = f'write `unit = "{WORKING_DAY}"`'
        reader.complain("wrong-unit", "requests are answered in working days", ("unit",), mend)
    if unit == WORKING_DAY:
        for value, n in placed:
            reader.check_days(value.number, ("value", n, "is"), values[n]["is"])
    known = tuple(value for value, _ in placed)
    if title is None or unit is None or not known:
        return None
    return Parameter(id=identifier, title=title, unit=str(unit), values=known)


def _dated(reader: Reader, value: object, path: Steps) -> DatedNumber | None:
    table = reader.typed(value, path, dict)
    if table is None:
        return None
    reader.close(table, ("from", "until", "is", "basis"), path)
    number = reader.take(table, "is", path, Decimal)
    basis = taken_basis(reader, table, path)
    period = reader.period({k: v for k, v in table.items() if k in ("from", "until")}, path)
    if number is None or basis is None:
        return None
    return DatedNumber(period=period, number=number, basis=basis)
