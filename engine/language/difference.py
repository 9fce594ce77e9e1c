"""A difference between two versions, in words: the shape that all comparisons share."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct


class Change(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(NamedTuple):
    """A difference in one *aspect* of a subject that is known from the context."""

    aspect: str
    before: str | None
    after: str | None


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One difference, in words.

    *kind* is what the subject is (``product``, ``fact``, ``rule`` …); *aspect* what of it differs,
    and empty where the subject itself came or went: then *before* or *after* is its label, for a
    rule with the sentence below. *title* is what a changed rule or parameter is called, where both
    versions say so. What all *rows* of a table have in common is one difference, of the table.
    """

    kind: str
    subject: str
    change: Change
    aspect: str = ""
    title: str | None = None
    rows: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        return f"{self.named}: {self.told}"

    @property
    def named(self) -> str:
        """The subject, as a text names it."""
        return self.subject if ":" in self.subject else f"{self.kind} {self.subject}"

    @property
    def told(self) -> str:
        """What differs, without the subject."""
        if not self.aspect:
            label, *lines = (self.before or self.after or "").splitlines()
            return "\n".join([f"{self.change} ({label})", *(f"  {line}" for line in lines)])
        if "\n" in f"{self.before}{self.after}":
            return f"{self.aspect} {self.change}" + "".join(
                f"\n  {when}:\n{indented(text, 4)}"
                for when, text in (("before", self.before), ("after", self.after))
                if text is not None
            )
        if self.change is Change.CHANGED:
            return f"{self.aspect} changed: {self.before} → {self.after}"
        return f"{self.aspect} {self.change}: {self.before or self.after}"


def differing(
    kind: str, subject: str, part: Part, title: str | None = None, rows: tuple[str, ...] = ()
) -> Difference:
    """The difference that a part of a subject makes."""
    return Difference(
        kind=kind,
        subject=subject,
        aspect=part.aspect,
        title=title,
        rows=rows,
        change=_change(part.before, part.after),
        before=part.before,
        after=part.after,
    )


def whole(kind: str, subject: str, label: str, added: bool) -> Difference:
    """The difference that a subject makes which came or went."""
    return Difference(
        kind=kind,
        subject=subject,
        change=Change.ADDED if added else Change.REMOVED,
        before=None if added else label,
        after=label if added else None,
    )


def counts(found: Iterable[Difference]) -> dict[str, dict[str, int]]:
    """How many there are, by kind and change."""
    table: dict[str, dict[str, int]] = {}
    for one in found:
        row = table.setdefault(one.kind, dict.fromkeys(map(str, Change), 0))
        row[one.change] += 1
    return table


def place(one: Difference) -> tuple[str, ...]:
    """What differences are sorted by."""
    return one.kind, one.subject, one.aspect, one.change, one.before or "", one.after or ""


def indented(text: str, depth: int) -> str:
    """*text*, each line moved right by so many spaces."""
    return "\n".join(f"{' ' * depth}{line}" for line in text.splitlines())


def _change(before: object, after: object) -> Change:
    if before is None:
        return Change.ADDED
    return Change.REMOVED if after is None else Change.CHANGED
