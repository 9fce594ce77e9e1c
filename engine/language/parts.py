"""What differs between two values of a rule base, part by part, in words.

Walks whatever a struct holds, so that a field which is new in the code is compared, too. Entries of
a list are told apart by what names them, never by their place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from engine.language.calendars import WEEK, Holiday
from engine.language.difference import Part
from engine.language.fields import said
from engine.language.period import Period
from engine.language.rule import Alternative, DatedNumber, Example, Task
from engine.language.sentences import Reading, number, percent
from engine.language.vocabulary import Basis

_WORDS = {
    "alternatives": "alternative",
    "bases": "basis",
    "because": "reason",
    "clock": "deadline",
    "date": "governing date",
    "effective": "period in force",
    "examples": "example",
    "expect": "expected",
    "grounds": "basis of the consequence",
    "holidays": "holiday",
    "href": "link",
    "reason_class": "class of reason",
    "review_by": "day of review",
    "tasks": "control",
    "values": "value",
}

_NAMES: dict[type, Callable[[Any], tuple[str | None, ...]]] = {
    Task: lambda one: (one.task,),
    Alternative: lambda one: (one.task,),
    Example: lambda one: (one.row, one.name),
    DatedNumber: lambda one: (f"from {one.period.start}" if one.period.start else "at first",),
    Holiday: lambda one: (str(one.on),),
}
"""What names an entry of a list."""

_SAID: dict[str, Callable[[Any], str]] = {
    "rate": percent,
    "weekend": lambda days: ", ".join(WEEK[day] for day in days),
}
"""Fields whose values have words of their own."""


class Parts:
    """Compares two values, each told in its own version's words."""

    def __init__(self, before: Reading, after: Reading) -> None:
        self._before, self._after = before, after

    def fields(
        self, old: Struct, new: Struct, head: str = "", without: Collection[str] = ()
    ) -> Iterator[Part]:
        """Each field in which two structs of one type differ, down to the last; ids are equal."""
        for name in old.__struct_fields__:
            if name not in without:
                aspect = f"{head}: {_word(name)}" if head else _word(name)
                yield from self.between(aspect, getattr(old, name), getattr(new, name), name)

    def entries(
        self, aspect: str, old: Mapping[Any, Any], new: Mapping[Any, Any]
    ) -> Iterator[Part]:
        """What of two tables came, went or changed; where one entry took another's place, both."""
        for key in old:
            if key in new:
                yield from self.between(self._at(aspect, key), old[key], new[key])
        gone, come = ([*one.keys() - other.keys()] for one, other in ((old, new), (new, old)))
        if len(gone) == len(come) == 1:
            before = _entry(gone[0], old[gone[0]], self._before)
            after = _entry(come[0], new[come[0]], self._after)
            alike = before == after
            yield Part(aspect, *((repr(gone[0]), repr(come[0])) if alike else (before, after)))
            return
        yield from (self.part(self._at(aspect, key), old[key], None) for key in gone)
        yield from (self.part(self._at(aspect, key), None, new[key]) for key in come)

    def part(self, aspect: str, old: Any, new: Any, name: str = "") -> Part:
        """A value of the field *name* that differs, as a whole."""
        before, after = told(old, name, self._before), told(new, name, self._after)
        if before == after:
            # Two terms may have one label: then their ids are what differs.
            before, after = (None if one is None else repr(one) for one in (old, new))
        return Part(aspect, before, after)

    def between(self, aspect: str, old: Any, new: Any, name: str = "") -> Iterator[Part]:
        """The parts in which two values of the field *name* differ."""
        if name == "given":
            # A release keeps the values of an example as JSON does.
            old, new = msgspec.to_builtins(old), msgspec.to_builtins(new)
        if old == new:
            return
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self.entries(aspect, old, new)
        elif _listed(old) or _listed(new):
            yield from self.entries(aspect, _keyed(old), _keyed(new))
        elif isinstance(old, Struct) and type(old) is type(new) and not isinstance(old, Period):
            yield from self.fields(old, new, aspect)
        else:
            yield self.part(aspect, old, new, name)

    def _at(self, aspect: str, key: object) -> str:
        """The aspect of one entry: ``basis (small-parts)``, and within it ``(small-parts, …)``."""
        named = self._named(key)
        return f"{aspect[:-1]}, {named})" if aspect.endswith(")") else f"{aspect} ({named})"

    def _named(self, key: Any) -> str:
        if isinstance(key, tuple):
            return ", ".join(self._named(one) for one in key if one is not None)
        before, after = told(key, "", self._before), told(key, "", self._after)
        return before if before is not None and before == after else str(key)


def _word(field: str) -> str:
    return _WORDS.get(field, field.replace("_", " "))


def _listed(value: object) -> bool:
    return isinstance(value, tuple) and any(type(one) in _NAMES for one in value)


def _keyed(entries: tuple[Any, ...]) -> dict[tuple[str | None, ...], Any]:
    """The entries by what names them; those of one name are numbered, whatever their order."""
    found: dict[tuple[str | None, ...], Any] = {}
    for one in sorted(entries, key=msgspec.json.encode):
        key = name = _NAMES[type(one)](one)
        count = 1
        while key in found:
            count += 1
            key = (*name, str(count))
        found[key] = one
    return found


def _entry(key: object, value: object, reading: Reading) -> str:
    """An entry as a whole, with its key where it does not say that itself."""
    text = told(value, "", reading)
    return str(text) if type(value) in _NAMES else f"{told(key, '', reading)}: {text}"


def told(value: Any, name: str, reading: Reading) -> str | None:
    """A value of the field *name* in words; None where there is none."""
    match value:
        case None | () | "":
            return None
        case _ if name in _SAID:
            return _SAID[name](value)
        case Task():
            return reading.task(value)
        case Basis(cite=cite, gist=gist):
            return f"{cite}: {gist}"
        case Holiday(on, words):
            return f"{on} {words}"
        case DatedNumber(period=period, number=amount):
            return f"{number(amount)} {said(period)}"
        case Struct() if not isinstance(value, Period):
            values = {_word(one): getattr(value, one) for one in value.__struct_fields__}
            texts = {word: told(one, word, reading) for word, one in values.items()}
            return "; ".join(f"{word}: {text}" for word, text in texts.items() if text is not None)
        case dict():
            return ", ".join(_entry(key, one, reading) for key, one in value.items())
        case tuple() | list():
            return ", ".join(str(told(one, "", reading)) for one in value)
        case str() if type(value) is str:
            fact = reading.vocabulary.facts.get(value)
            return fact.label if fact else reading.label(value)
        case _:
            return said(value)
