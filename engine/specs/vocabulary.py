"""The vocabulary of steps, generated from the library: what may be written, and what it means.

For pages and for whoever writes a scenario; nothing here is run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from engine.language.vocabulary import FactType, Source
from engine.prove.properties import PROPERTIES
from engine.specs.phrase import Phrase
from engine.specs.steps import PHRASES
from engine.specs.world import Ground

_FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<type>\w+))?\}")
_TYPES = {
    "Day": "a day, such as 2026-11-23",
    "Share": "a share, such as 5 %",
    "Count": "a whole number, such as 1,000",
    "Number": "a number, such as 2.5",
}


class BlankOf(Struct, frozen=True, kw_only=True):
    """What a blank may be filled with: *words* say it, *choices* list it where they can."""

    name: str
    words: str
    choices: tuple[str, ...] = ()


class Entry(Struct, frozen=True, kw_only=True):
    """A phrase as a reader sees it: *text* has its blanks as ``⟨level⟩``."""

    kind: str
    subject: str
    text: str
    meaning: str
    blanks: tuple[BlankOf, ...]


def vocabulary(ground: Ground, phrases: Sequence[Phrase] = PHRASES) -> tuple[Entry, ...]:
    """Every phrase, by kind (given, when, then) and subject, in the order of the library."""
    known = _choices(ground)
    kinds = ("given", "when", "then")
    entries = [_entry(phrase, known) for phrase in phrases]
    return tuple(sorted(entries, key=lambda entry: kinds.index(entry.kind)))


def _entry(phrase: Phrase, known: dict[str, tuple[str, ...]]) -> Entry:
    blanks = []
    for found in _FIELD.finditer(phrase.text):
        name, kind = found["name"], found["type"]
        words = _TYPES[kind] if kind else "words" if name not in known else "one of the list"
        blanks.append(BlankOf(name=name, words=words, choices=known.get(name, ())))
    return Entry(
        kind=phrase.kind,
        subject=phrase.subject,
        text=_FIELD.sub(lambda found: f"⟨{found['name']}⟩", phrase.text),
        meaning=phrase.meaning,
        blanks=tuple(blanks),
    )


def _choices(ground: Ground) -> dict[str, tuple[str, ...]]:
    """What a blank of that name may be, in this release."""
    words = ground.release.vocabulary

    def terms(kind: str) -> tuple[str, ...]:
        return tuple(term.label for term in words.of_kind(kind))

    return {
        "agency": tuple(one.label for one in words.agencies.values()),
        "task": terms("control"),
        "level": terms("level"),
        "hazard": terms("hazard"),
        "objective": terms("objective"),
        "document": tuple(one.label for one in words.certificates.values()),
        "country": tuple(words.countries.values()),
        "fact": tuple(
            fact.label
            for fact in words.facts.values()
            if fact.source in (Source.DECLARED, Source.LOOKED_UP)
            and fact.type is not FactType.DOCUMENTS
        ),
        "goods": tuple(name.replace("-", " ") for name in ground.named),
        "claim": tuple(one.title for one in PROPERTIES.values()),
        "rule": tuple(dict.fromkeys(rule.title for rule in ground.release.base.rules)),
    }
