"""What a draft changes, as a page shows it: the lines that went and came."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

CONTEXT = 3
"""Unchanged lines that are shown around a change."""


class Line(Struct, frozen=True, kw_only=True):
    """A line of a file: by its number *before* and *after*, of which a new or gone one lacks one.

    A line without either stands for lines that are left out.
    """

    before: int | None
    after: int | None
    text: str

    @property
    def kind(self) -> str:
        """``kept``, ``added``, ``removed`` or ``skipped``."""
        if self.before is None and self.after is None:
            return "skipped"
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "kept"


class FileChange(Struct, frozen=True, kw_only=True):
    """One file of a draft: what became of it, and its lines."""

    path: str
    change: str
    lines: tuple[Line, ...]


def file_changes(
    before: Mapping[str, bytes], changes: Mapping[str, str | None]
) -> tuple[FileChange, ...]:
    """What *changes* make of the files *before*, by path."""
    return tuple(_file(path, before.get(path), changes[path]) for path in sorted(changes))


def _file(path: str, body: bytes | None, text: str | None) -> FileChange:
    old = [] if body is None else body.decode("utf-8", "replace").splitlines()
    new = [] if text is None else text.splitlines()
    change = "added" if body is None else "removed" if text is None else "changed"
    return FileChange(path=path, change=change, lines=tuple(_lines(old, new)))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > 4000)
    last = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if group[0][1] > last:
            yield Line(before=None, after=None, text="")
        for tag, start, end, fresh, until in group:
            if tag == "equal":
                for offset in range(end - start):
                    number = start + offset
                    yield Line(before=number + 1, after=fresh + offset + 1, text=old[number])
                continue
            for number in range(start, end):
                yield Line(before=number + 1, after=None, text=old[number])
            for number in range(fresh, until):
                yield Line(before=None, after=number + 1, text=new[number])
        last = group[-1][2]
    if last < len(old) and last:
        yield Line(before=None, after=None, text="")
