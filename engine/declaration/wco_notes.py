"""What is noted while a message is read: faults, remarks, and where each field came from.

Boundary: single elements and plain values; which element means what is for `wco`, `wco_header`
and `wco_goods`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from engine.declaration.lodged import Key, Place
from engine.declaration.problems import (
    MAX_PROBLEMS,
    MalformedError,
    Problem,
    Report,
    ReportCode,
    pointer,
)
from engine.declaration.strict_json import MAX_DIGITS, shown
from engine.declaration.strict_xml import Element

MAX_REPORTS = 1_000

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_ISO_DAY = r"(\d{4})-(\d{2})-(\d{2})(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?"
_DAY_FORMATS = {
    "102": r"(\d{4})(\d{2})(\d{2})",
    "203": r"(\d{4})(\d{2})(\d{2})\d{4}",
    "204": r"(\d{4})(\d{2})(\d{2})\d{6}",
    "205": r"(\d{4})(\d{2})(\d{2})\d{4}[+-]?\d{4}",
    "208": r"(\d{4})(\d{2})(\d{2})\d{6}[+-]?\d{4}",
    "304": r"(\d{4})(\d{2})(\d{2})\d{6}(?:Z|[A-Z]{3}|[+-]\d{2}(?::?\d{2})?)",
}
"""Format codes of UN/EDIFACT 2379 that begin with year, month and day."""


class Notes:
    """Reads single values of one message and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.reports: list[Report] = []
        self._elements: dict[Key, Element] = {}

    @property
    def places(self) -> dict[str, Place]:
        """The places of all fields that were marked, as `Lodged` keeps them."""
        return {
            pointer(*key): Place(element.path, element.line)
            for key, element in self._elements.items()
        }

    def refuse(self, at: Element, message: str, mend: str) -> None:
        """Note a fault that refuses the message."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(pointer=at.path, message=message, help=mend, line=at.line))

    def report(self, at: Element, code: ReportCode, message: str) -> None:
        """Note something that the decision goes on without."""
        if len(self.reports) < MAX_REPORTS:
            self.reports.append(Report(pointer=at.path, code=code, message=message, line=at.line))

    def raise_problems(self) -> None:
        """Refuse the message if any fault was noted.

        Raises `MalformedError`: with every fault noted so far.
        """
        if self.problems:
            raise MalformedError(self.problems)

    def mark(self, at: Element, *key: str | int) -> None:
        """Remember that the field *key* was read from there."""
        self._elements[key] = at

    def one(self, parent: Element | None, *names: str) -> Element | None:
        """The element at the end of *names*, none if absent; a second one is refused."""
        here = parent
        for name in names:
            found = here.all(name) if here is not None else []
            if not found:
                return None
            for again in found[1:]:
                self.refuse(again, f"`{name}` is stated twice", "keep one of them")
            here = found[0]
        return here

    def text(self, parent: Element | None, *names: str, key: Key = ()) -> str | None:
        """The text at the end of *names*; an empty element states nothing."""
        element = self.one(parent, *names)
        if element is None or not element.text:
            return None
        if key:
            self.mark(element, *key)
        return element.text

    def count(self, at: Element, mend: str) -> int | None:
        """A whole number of 0 or more; anything else is refused."""
        if re.fullmatch(r"\d{1,9}(\.0*)?", at.text, re.ASCII):
            return int(at.text.partition(".")[0])
        self.refuse(at, f"`{shown(at.text)}` is no whole number", mend)
        return None

    def number(self, at: Element) -> Decimal | None:
        """A number written with digits and at most one point; anything else is refused."""
        if len(at.text) <= 2 * MAX_DIGITS and _NUMBER.fullmatch(at.text):
            return Decimal(at.text)
        mend = f"write digits with a point, such as 12.5, at most {MAX_DIGITS} of them"
        self.refuse(at, f"`{shown(at.text)}` is no number", mend)
        return None

    def day(self, parent: Element | None, *names: str, key: Key) -> date | None:
        """The day of a date and time, as it is written: its time zone moves it nowhere."""
        element = self.one(parent, *names, "DateTimeString")
        if element is None or not element.text:
            return None
        self.mark(element, *key)
        code = element.attributes.get("formatCode", "")
        if code and code not in _DAY_FORMATS:
            mend = "write `20261123` with format code 102"
            self.refuse(element, f"format code `{shown(code)}` is not read", mend)
            return None
        form = _DAY_FORMATS[code] if code else _ISO_DAY
        found = re.fullmatch(form, element.text, re.ASCII)
        mend = "write `20261123` with format code 102, or `2026-11-23` without one"
        if found is None:
            what = f"format {code}" if code else "ISO 8601"
            self.refuse(element, f"`{shown(element.text)}` is no day in {what}", mend)
            return None
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError:
            self.refuse(element, f"`{shown(element.text)}` is no day of the calendar", mend)
            return None
