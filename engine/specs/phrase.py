"""A phrase of the library: what a step may say, and the function that it means.

Boundary: how phrases are made. They stand in `steps`, by subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import parse
from msgspec import Struct

_BLANK = re.compile(r"\{[^}]*\}")


class Blank(NamedTuple):
    """What a blank may be filled with, as `parse` wants it: a *pattern*, and how it is read."""

    pattern: str
    read: Callable[[str], object]

    def __call__(self, text: str) -> object:
        """The value. Raises `ValueError` where there is none, as of 30 February."""
        return self.read(text)


YEARS = range(2000, 2100)
"""Years that a scenario may speak of."""


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(f"a day lies in {YEARS.start} to {YEARS.stop - 1}")
    return day


TYPES = {
    "Day": Blank(r"\d{4}-\d{2}-\d{2}", _day),
    "Share": Blank(r"\d{1,3}(?:\.\d{1,4})? %", lambda text: Decimal(text.removesuffix(" %")) / 100),
    "Count": Blank(r"\d{1,3}(?:,\d{3})+|\d{1,9}", lambda text: int(text.replace(",", ""))),
    "Number": Blank(r"\d{1,12}(?:\.\d{1,6})?", Decimal),
}
"""What blanks may be, beside words: ``2026-11-23``, ``5 %``, ``1,000``, ``2.5``."""


class Phrase(Struct, frozen=True, kw_only=True, dict=True):
    """A phrase in the notation of `parse`: ``the risk level is {level}``.

    *kind* is ``given``, ``when`` or ``then``; *meaning* the docstring of *run*, a function of a
    `World` and of what the phrase captures; *subject* what it is about, as ``goods``.
    """

    kind: str
    text: str
    meaning: str
    subject: str
    run: Callable[..., None]

    @property
    def blank(self) -> str:
        """The phrase as a reader sees it: ``the risk level is …``."""
        return _BLANK.sub("…", self.text)

    @property
    def words(self) -> str:
        """The phrase without what it captures, to be compared with what somebody wrote."""
        return _BLANK.sub("", self.text)

    def captured(self, text: str) -> dict[str, Any] | None:
        """What *text* fills the blanks with; None where it is another phrase.

        Raises `ValueError`: a blank holds what is none of its type, such as 30 February.
        """
        found = self._parser.parse(text)
        return None if found is None else dict(found.named)

    @cached_property
    def _parser(self) -> Any:
        return parse.compile(self.text, TYPES)


_Registered = Callable[[Callable[..., None]], Callable[..., None]]


class Phrases(list[Phrase]):
    """The phrases of one subject, as decorators of its functions."""

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject

    def given(self, text: str) -> _Registered:
        """What is so before anything is decided."""
        return self._registered("given", text)

    def when(self, text: str) -> _Registered:
        """What is done."""
        return self._registered("when", text)

    def then(self, text: str) -> _Registered:
        """What must hold; the function asserts it."""
        return self._registered("then", text)

    def _registered(self, kind: str, text: str) -> _Registered:
        def register(run: Callable[..., None]) -> Callable[..., None]:
            meaning = " ".join((run.__doc__ or "").split())
            self.append(
                Phrase(kind=kind, text=text, meaning=meaning, subject=self.subject, run=run)
            )
            return run

        return register
