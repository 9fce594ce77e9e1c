"""Values in the query of an address."""

from __future__ import annotations

from datetime import date

from flask import request

from engine.declaration.form import YEARS
from engine.declaration.problems import malformed

MOST = 2**62
"""No log is as long."""


def whole_number(name: str, default: int | None = None, least: int = -1) -> int:
    """A whole number of at least *least*; *default* where it is not stated.

    Raises `MalformedError`: it is something else, or needed and not there.
    """
    text = request.args.get(name)
    if text is None and default is not None:
        return default
    try:
        found = int(text or "")
    except ValueError:
        found = least - 1
    written = (text or "").removeprefix("-")
    if not least <= found <= MOST or not (written.isascii() and written.isdecimal()):
        shown = "is missing" if text is None else f"is no whole number from {least}"
        raise malformed("", f"`{name}` {shown}", f"such as `{name}={least + 1}`")
    return found


def day(name: str, default: date) -> date:
    """A day; *default* where none is stated. Raises `MalformedError`: it is no day."""
    text = request.args.get(name)
    if text is None:
        return default
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text or found.year not in YEARS:
        raise malformed("", f"`{name}` is no day", f"write it as `{name}={default.isoformat()}`")
    return found
