"""Writing a rule back into its file, so that a person's comments survive the editor.

Only the statements (``key = value``) that say something else are touched. Inside one, tomlkit
keeps comments and spacing; statements and sections are added and removed as text. `tomlkit` is
given no more, as it does not give back every text as it was.
"""

from __future__ import annotations

import re
from typing import Any

from tomlkit.exceptions import TOMLKitError

from engine.language.amending import amended, counterparts
from engine.language.diagnostics import RefusedError
from engine.language.layout import Steps, layout_of
from engine.language.plain import DEFAULTS, Table, gathered, plain_rule, same, spread
from engine.language.rule import Rule
from engine.language.sections import add_section, cut_section, later_than, standing_at
from engine.language.source import Source
from engine.language.spelling import SECTIONS, spelled_file, spelled_pairs, spelled_section


def write_rule(rule: Rule, text: str | None = None) -> str:
    """The TOML of *rule*, a single rule and no row of a table.

    With the former *text* of its file only what differs is changed: comments, order, spacing and
    the spelling of numbers survive elsewhere, and the text of an unchanged rule is returned as it
    is. Raises `ValueError` for a row, `RefusedError` where *text* is no TOML.
    """
    return write_content(plain_rule(rule), text)


def write_content(content: Table, text: str | None = None) -> str:
    """The TOML of plain *content*: that of a rule, or of any other file of the rule base."""
    styled = {
        key: spread(content[key]) if key in ("when", "unless") else content[key] for key in content
    }
    if text is None:
        return spelled_file(styled)
    former = Source("rules", text.encode())
    if same(former.content, content):
        return text
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    try:
        written = mark + _Rewriting(former, content).written()
    except (TOMLKitError, LookupError, TypeError, ValueError, AttributeError):
        return spelled_file(styled)  # a shape that nobody writes; the meaning must not wait for it
    if "\n" not in text.replace("\r\n", ""):
        written = re.sub(r"(?<!\r)\n", "\r\n", written)
    # Comments matter, meaning more: a shape that cannot be amended is written afresh.
    return written if _says(written, content) else spelled_file(styled)


def _says(text: str, content: Table) -> bool:
    try:
        return same(Source("rules", text.encode()).content, content)
    except RefusedError:
        return False


class _Rewriting:
    """One file on its way from what it says to what it shall say."""

    def __init__(self, former: Source, content: Table) -> None:
        self.text = former.text
        self.old, self.new = former.content, content
        layout = layout_of(self.text)
        self.statements = {span.path: span for span in layout.statements}
        self.sections = {span.path for span in layout.sections}
        self.edits: list[tuple[int, int, str]] = []
        self.cut: list[Steps] = []
        self.added: list[tuple[Steps, Table]] = []

    def written(self) -> str:
        self._table((), self.old, self.new)
        raw = self.text.encode()
        for start, end, fresh in sorted(self.edits, reverse=True):
            raw = raw[:start] + fresh.encode() + raw[end:]
        text = raw.decode()
        for path in reversed(self.cut):
            text = cut_section(text, path)
        for path, table in self.added:
            place = standing_at(path) if isinstance(path[-1], int) else None
            text = add_section(text, spelled_section(path, table), place or later_than(path))
        return text

    # Finding what differs

    def _table(self, path: Steps, old: Table, new: Table) -> None:
        for key in old:
            place = (*path, key)
            if key not in new:
                if not same(old[key], DEFAULTS.get(key), key):
                    self._remove(place, old[key])
            elif not same(old[key], new[key], key):
                self._value(place, old[key], new[key])
        fresh = {key: new[key] for key in new if key not in old}
        for key in [key for key in fresh if not path and key in SECTIONS]:
            self._add(key, fresh.pop(key))
        if fresh and path == ("basis",):
            self.added += [((*path, key), fresh[key]) for key in fresh]
        elif fresh:
            self._append(path, fresh, list(new))

    def _value(self, path: Steps, old: Any, new: Any) -> None:
        if path in (("when",), ("unless",)):
            apart = spread(new)
            kept = [key for key in apart if key in old]
            # Statements stay where they stand: groups in another order are gathered in one list.
            new = apart if len(old) > 1 and kept == [k for k in old if k in kept] else gathered(new)
        if path in self.statements:
            span = self.statements[path]
            statement = self.text.encode()[span.start : span.end].decode()
            keys = [str(key) for key in path[len(path) - span.keys :]]
            self.edits.append((span.start, span.end, amended(statement, keys, old, new)))
        elif isinstance(old, dict) and isinstance(new, dict):
            self._table(path, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            self._elements(path, old, new)

    def _elements(self, path: Steps, old: list[Any], new: list[Any]) -> None:
        """An array of tables, each under a header of its own."""
        for before, after in counterparts(old, new):
            if after is None:
                self.cut.append((*path, before or 0))
            elif before is None:
                self.added.append(((*path, after), new[after]))
            elif not same(old[before], new[after]):
                self._table((*path, before), old[before], new[after])

    # Changing the text

    def _remove(self, path: Steps, old: Any) -> None:
        if path in self.statements:
            span = self.statements[path]
            raw = self.text.encode()
            start = raw.rfind(b"\n", 0, span.start) + 1
            end = raw.find(b"\n", span.end) + 1
            self.edits.append((start, end or len(raw), ""))
        elif path in self.sections:
            self.cut.append(path)
        elif isinstance(old, dict):
            for key in old:
                self._remove((*path, key), old[key])
        elif isinstance(old, list):
            self.cut += [(*path, index) for index in range(len(old))]

    def _add(self, key: str, new: Any) -> None:
        if key == "basis":
            self.added += [((key, name), new[name]) for name in new]
        elif key == "example":
            self.added += [((key, index), example) for index, example in enumerate(new)]
        else:
            self.added.append(((key,), spread(new) if key in ("when", "unless") else new))

    def _append(self, path: Steps, fresh: Table, order: list[str]) -> None:
        """Add statements to a section: before what follows in *order*, or behind the last one."""
        spans = {span.path[-1]: span for span in self.statements.values() if span.path[:-1] == path}
        if not spans:
            return  # of an unusual shape: the file is written afresh
        raw = self.text.encode()
        for key, value in fresh.items():
            lines = spelled_pairs({key: value})
            if b"\r\n" in raw:
                lines = lines.replace("\n", "\r\n")
            after = next(
                (spans[other] for other in order[order.index(key) :] if other in spans), None
            )
            if after is not None:
                at = raw.rfind(b"\n", 0, after.start) + 1
            else:
                at = raw.find(b"\n", max(span.end for span in spans.values())) + 1
            self.edits.append(
                (at, at, lines) if at or after else (len(raw), len(raw), f"\n{lines}")
            )
