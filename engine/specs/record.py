"""What an obligation must say of itself: six labelled lines, read strictly.

A line goes on where the next is indented further. A line that is missing, unknown or empty, or
holds a word that nobody knows, is refused at its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from engine.language.diagnostics import did_you_mean
from engine.language.rules import REGIMES
from engine.specs.feature import ALL, MODALS, STATUSES

_SAID = {
    "Source": "where the clause stands",
    "Modal": f"its force: {', '.join(MODALS)}, with a proviso after a comma if it has one",
    "Addressee": "whom it binds",
    "Regime": f"`{ALL}`, or some of {', '.join(REGIMES)}",
    "Confidence": f"{', '.join(STATUSES)}; then `, checked 2026-11-23`",
    "Not tested": "what no scenario here shows",
}
_CONFIDENCE = re.compile(r"(?P<status>\S+), checked (?P<day>\d{4}-\d{2}-\d{2})")


class Refuse(Protocol):
    """Where what is wrong goes: line, code, message, mend."""

    def __call__(self, line: int, code: str, message: str, mend: str | None = None) -> None: ...


class Record(Struct, frozen=True, kw_only=True):
    """The lines of an obligation; see `Obligation`."""

    source: str
    modal: str
    proviso: str | None
    addressee: str
    regimes: tuple[str, ...]
    status: str
    checked: date
    untested: str


def read_record(description: str, line: int, lines: Sequence[str], refuse: Refuse) -> Record | None:
    """The record in the *description* that follows *line* of a file's *lines*.

    What is wrong is told to *refuse*; None where a line is missing.
    """
    said = _said(_placed(description, line, lines), refuse)
    for label, what in _SAID.items():
        if label not in said:
            refuse(line, "missing-line", f"`{label}:` is missing", f"add `{label}: …` ({what})")
    if said.keys() != _SAID.keys():
        return None
    place, words = said["Modal"]
    modal, _, proviso = words.partition(", ")
    _check(place, "Modal", [modal], MODALS, refuse)
    place, words = said["Regime"]
    regimes = tuple(words.split(", "))
    _check(place, "Regime", regimes, (ALL, *REGIMES), refuse)
    status, checked = _confidence(*said["Confidence"], refuse)
    return Record(
        source=said["Source"][1],
        modal=modal,
        proviso=proviso or None,
        addressee=said["Addressee"][1],
        regimes=regimes,
        status=status,
        checked=checked,
        untested=said["Not tested"][1],
    )


def _placed(description: str, line: int, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines of a description, with their numbers; it holds no comments."""
    for text in description.split("\n"):
        if text.strip():
            while lines[line].strip() != text.strip():
                line += 1
            line += 1
            yield line, text


def _said(placed: Iterator[tuple[int, str]], refuse: Refuse) -> Mapping[str, tuple[int, str]]:
    said: dict[str, tuple[int, str]] = {}
    label, margin = "", 0
    for line, text in placed:
        indent = len(text) - len(text.lstrip())
        if label and indent > margin:
            number, begun = said[label]
            said[label] = (number, f"{begun} {text.strip()}")
            continue
        label, _, value = (part.strip() for part in text.partition(":"))
        margin = indent
        if label not in _SAID:
            refuse(
                line,
                "unknown-line",
                f"an obligation has no line `{label}`",
                did_you_mean(label, _SAID) or f"its lines are {', '.join(_SAID)}",
            )
            label = ""
        elif label in said:
            refuse(line, "twice", f"`{label}:` is said twice", "keep one")
        else:
            if not value:
                refuse(line, "empty-line", f"`{label}:` is empty", f"say {_SAID[label]}")
            said[label] = (line, value)
    return said


def _check(
    line: int, label: str, words: Sequence[str], known: Sequence[str], refuse: Refuse
) -> None:
    for word in words:
        if word not in known:
            mend = did_you_mean(word, known) or f"write {_SAID[label]}"
            refuse(line, "unknown-word", f"`{label}:` does not know `{word}`", mend)


def _confidence(line: int, text: str, refuse: Refuse) -> tuple[str, date]:
    match = _CONFIDENCE.fullmatch(text)
    try:
        day = date.fromisoformat(match["day"]) if match else None
    except ValueError:
        day = None
    if match is None or day is None or match["status"] not in STATUSES:
        mend = f"write {_SAID['Confidence']}"
        refuse(line, "unknown-word", f"`Confidence:` does not know `{text}`", mend)
        return STATUSES[1], date.min
    return match["status"], day
