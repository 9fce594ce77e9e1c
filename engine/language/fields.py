"""What differs between two structs of one type, field by field, in words.

A field that holds several values is a set, unless its order is what it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from msgspec import Struct

from engine.language.difference import Part
from engine.language.law import DossierOption, DossierRisk
from engine.language.period import Period
from engine.language.sentences import number
from engine.language.vocabulary import Alignment, Membership

_WORDS = {
    "citation": "source",
    "codes": "code",
    "alignments": "alignment",
    "over_classes": "classes as values",
    "notations": "notation",
    "members": "member",
    "cite": "citation",
    "href": "link",
    "pursues": "objective",
    "protects": "protected interest",
    "addresses": "hazard",
    "governs": "product in scope",
    "routes": "route of conformity assessment",
    "standards": "standard",
    "authorities": "competent authority",
    "in_force": "period in force",
    "regulates": "regulation",
    "assets": "asset",
    "risks": "risk",
    "options": "option",
    "scenario": "scenario",
    "harm": "probability of harm",
}
_NAME = "id"
_ORDERED = "order"
"""The list whose order is all that it says."""

_STEPS = ("implementation", "crisis_plan")
"""Lists of steps: the same steps in another order are a difference."""

_WHICH: dict[type, tuple[str, ...]] = {
    DossierRisk: ("hazard", "population"),
    DossierOption: ("hazard", "treatment"),
}
"""What tells the entries of a list apart; the rest of an entry is compared field by field."""

_KEY: dict[type, str] = {Membership: "country", Alignment: "iri"}
"""Without which two entries are not the same one, changed."""


def fields(old: Struct, new: Struct, without: Collection[str] = ()) -> Iterator[Part]:
    """Each field in which the two differ; their ids and the fields *without* are left out."""
    for name in old.__struct_fields__:
        before, after = getattr(old, name), getattr(new, name)
        if before == after or name == _NAME or name in without:
            continue
        word = _WORDS.get(name, name.replace("_", " "))
        if name == _ORDERED:
            yield Part(word, " < ".join(before) or None, " < ".join(after) or None)
        elif isinstance(before, tuple | frozenset):
            yield from elements(word, before, after)
            if name in _STEPS and Counter(before) == Counter(after):
                yield Part(f"order of {word}", "; ".join(before), "; ".join(after))
        else:
            yield Part(word, said(before), said(after))


def elements(word: str, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Part]:
    """What of an unordered list came, went, or is the same entry in other words."""
    gone = sorted((Counter(old) - Counter(new)).elements(), key=_text)
    come = sorted((Counter(new) - Counter(old)).elements(), key=_text)
    for before, after in _paired(gone, come):
        gone.remove(before)
        come.remove(after)
        yield from _entry(word, before, after)
    yield from (Part(word, said(before), None) for before in gone)
    yield from (Part(word, None, said(after)) for after in come)


def _entry(word: str, before: Any, after: Any) -> Iterator[Part]:
    """One entry of a list, changed."""
    which = _WHICH.get(type(before), ())
    if not which:
        yield Part(word, said(before), said(after))
        return
    same = [getattr(before, name) for name in which if _same(before, after, name)]
    head = f"{word} ({', '.join(same)})" if same else word
    for part in fields(before, after):
        yield Part(f"{head}: {part.aspect}", part.before, part.after)


def _paired(gone: list[Any], come: list[Any]) -> list[tuple[Any, Any]]:
    """Entries that are one entry before and after: the likest first."""
    if len(gone) == len(come) == 1 and _prose(gone[0]) and _prose(come[0]):
        return [(gone[0], come[0])]
    likely = [(before, after) for before in gone for after in come if _likeness(before, after)]
    likely.sort(key=lambda pair: (-_likeness(*pair), *sorted(map(_text, pair))))
    found: list[tuple[Any, Any]] = []
    left, right = Counter(gone), Counter(come)
    for before, after in likely:
        if left[before] and right[after]:
            found.append((before, after))
            left[before] -= 1
            right[after] -= 1
    return found


def _prose(value: object) -> bool:
    """Words, and no name."""
    return isinstance(value, str) and " " in value


def _likeness(before: object, after: object) -> int:
    """How many fields two entries share; 0 where they are not one entry, changed."""
    if not isinstance(before, Struct):
        return 0
    key = _KEY.get(type(before))
    if key is not None and not _same(before, after, key):
        return 0
    fields = before.__struct_fields__
    shared = sum(_same(before, after, name) for name in fields)
    return shared if 2 * shared >= len(fields) else 0


def _same(before: object, after: object, field: str) -> bool:
    return bool(getattr(before, field) == getattr(after, field))


def said(value: Any) -> str | None:
    """A value of a vocabulary in words."""
    return None if value is None else _text(value)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Period(start=start, end=end):
            ends = (("from", start), ("until", end))
            return " ".join(f"{word} {day}" for word, day in ends if day is not None) or "always"
        case Membership(country=country, period=period):
            return f"{country} {_text(period)}"
        case Alignment(relation, iri):
            return f"{relation} {iri}"
        case DossierRisk():
            return f"{value.hazard} to {value.population}: {value.scenario}"
        case DossierOption():
            chosen = "chosen" if value.chosen else "not chosen"
            return f"{value.treatment} {value.hazard} ({chosen}): {value.why}"
        case Decimal():
            return number(value)
        case _:
            return str(value)
