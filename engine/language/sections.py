"""Adding and removing whole sections of a TOML text, so that no comment outside them is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.language.layout import Span, Steps, layout_of
from engine.language.spelling import SECTIONS


def cut_section(text: str, path: Steps) -> str:
    """*text* without the section at *path* and those below it; comments around it stay."""
    lines = _lines(text)
    for span in reversed(layout_of(text).sections):
        if span.path[: len(path)] == path:
            end = span.end
            # One of the two blank lines around it goes too.
            if end < len(lines) and not lines[end].strip():
                end += 1
            del lines[span.start : end]
    return "".join(lines)


def add_section(text: str, fresh: str, later: Callable[[Span], bool]) -> str:
    """*text* with *fresh* before the first section that is *later*; at the end if none is.

    Comments right above a section stay with it.
    """
    lines = _lines(text)
    at = next((span.start for span in layout_of(text).sections if later(span)), len(lines))
    while 0 < at < len(lines) and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    end = "\r\n" if "\r\n" in text else "\n"
    fresh = fresh.replace("\n", end)
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += end
    before = end if at and lines[at - 1].strip() else ""
    after = end if at < len(lines) else ""
    return "".join([*lines[:at], before, fresh, after, *lines[at:]])


def _lines(text: str) -> list[str]:
    """The lines with their ends; unlike Python, TOML ends a line at a line feed only."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def later_than(path: Steps) -> Callable[[Span], bool]:
    """Whether a section stands, by custom, behind that at *path*; no element of an array does."""
    rank = _rank(path)
    return lambda span: _rank(span.path) > rank


def standing_at(path: Steps) -> Callable[[Span], bool]:
    """Whether a section holds the place that *path*, an element of an array, shall have."""
    return lambda span: span.path == path or later_than(path)(span)


def _rank(path: Steps) -> int:
    return SECTIONS.index(str(path[0])) if path[0] in SECTIONS else len(SECTIONS)
