"""Parameters of calls: what the document says of each, and that a request keeps to it.

One place for all calls: a view trusts that what is stated is as the schema of its parameter says.
What only the log or a release knows, such as how long the log is, is for the view to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from flask import request
from msgspec import Struct

from engine.declaration.form import YEARS
from engine.declaration.problems import Remarks
from engine.language.diagnostics import did_you_mean

MOST = 2**62
"""No log is as long."""

_CENTURIES = "|".join(str(year // 100) for year in YEARS[::100])
DAY = {
    "type": "string",
    "format": "date",
    "pattern": f"^({_CENTURIES})[0-9]{{2}}-[0-9]{{2}}-[0-9]{{2}}$",
}
"""A day of `YEARS`, as ISO 8601 writes it with dashes."""


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter of a call beside its path; *mend* is a way to write it.

    *schema* is in the document, and read here: `enum`, whole numbers between `minimum` and
    `maximum`, `pattern`, and days as `format`.
    """

    name: str
    words: str
    place: str = "query"
    required: bool = False
    schema: dict[str, Any] = msgspec.field(default_factory=lambda: {"type": "string"})
    mend: str | None = None

    def stated(self) -> list[str]:
        """What the request states for it, as often as it does."""
        stated = request.args if self.place == "query" else request.headers
        return stated.getlist(self.name)

    def allows(self, text: str) -> bool:
        """Whether *text* is what the schema says. Nothing at all is a text, too."""
        if "enum" in self.schema:
            return text in self.schema["enum"]
        if self.schema["type"] == "integer":
            # `MOST` has 19 digits, and Python reads no number of thousands of them.
            number = re.fullmatch("-?[0-9]{1,19}", text) is not None
            return number and self.schema["minimum"] <= int(text) <= self.schema["maximum"]
        if re.fullmatch(self.schema.get("pattern", ".*"), text, re.DOTALL) is None:
            return False
        return self.schema.get("format") != "date" or _is_day(text)

    def help(self, text: str) -> str | None:
        """What may have been meant by *text*, or else may be written in its place."""
        if "enum" not in self.schema:
            return self.mend
        near = did_you_mean(text, self.schema["enum"])
        return near or f"one of: {', '.join(self.schema['enum'])}"


def whole_number(least: int) -> dict[str, Any]:
    """The schema of a whole number from *least* to `MOST`."""
    return {"type": "integer", "minimum": least, "maximum": MOST}


def keep_to(parameters: Sequence[Parameter]) -> None:
    """Go on if the request states *parameters* as their schemas say, each once at most.

    Raises `MalformedError`: it does not; every parameter at fault is named, with its mend.
    """
    remarks = Remarks()
    for one in parameters:
        match one.stated():
            case [] if one.required:
                remarks.refuse("", f"`{one.name}` is missing", one.help(""))
            case [text] if not one.allows(text):
                said = f"cannot be `{text[:40]}`" if text else "is empty"
                remarks.refuse("", f"`{one.name}` {said}", one.help(text[:40]))
            case [_, _, *_]:
                # Who stands before this service may have read the other one.
                remarks.refuse("", f"`{one.name}` is stated more than once", "state it once")
    remarks.raise_problems()


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
