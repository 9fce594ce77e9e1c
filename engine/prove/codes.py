"""Commodity codes, as far as rules and classes can tell one from another.

Infinitely many declarations share few kinds of codes: two codes that begin, and are begun by, the
same criteria are one to every rule. One code stands for each kind, and all stand in order, so that
the codes under a criterion are neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from engine.declaration.realising import axioms_of
from engine.knowledge.prototype import named_codes
from engine.language.condition import CodeLine, Test
from engine.language.vocabulary import Vocabulary

LENGTHS = (4, 6, 8, 10)
"""The digits of a code that can be declared."""

Kind = tuple[frozenset[str], frozenset[str], str]
"""Criteria that a code is under, those that it is too short for, and digits 9 and 10."""


class Codes:
    """One code for each kind, in order: *all*. Each is in HS 2022, so that it can be declared."""

    def __init__(self, vocabulary: Vocabulary, tests: Iterable[Test]) -> None:
        lines = [line for test in tests for line in test.codes]
        of_classes = {code for term in vocabulary.terms.values() for code in term.codes}
        named = set(_named(vocabulary))
        self._criteria = sorted({line.code for line in lines} | of_classes | named)
        self._known = frozenset(self._criteria)
        self._divided: dict[str, set[str]] = {}
        for line in lines:
            self._divided.setdefault(line.code, set()).update(line.subdivisions)
        kinds: dict[Kind, str] = {}
        for code in self._candidates(vocabulary):
            kinds.setdefault(self._kind(code), code)
        self.all = sorted(kinds.values())
        self._places = {self._kind(code): place for place, code in enumerate(self.all)}

    def tells(self, line: CodeLine) -> bool:
        """Whether it is told whether a code is of *line*."""
        divided = self._divided.get(line.code, set())
        return line.code in self._known and divided.issuperset(line.subdivisions)

    def under(self, criterion: str) -> range:
        """The places of the codes that begin with *criterion*."""
        return range(bisect_left(self.all, criterion), bisect_left(self.all, f"{criterion}:"))

    def short_of(self, criterion: str) -> list[int]:
        """The places of codes too short to tell: *criterion* begins with them and is longer."""
        heads = (criterion[:length] for length in range(1, len(criterion)))
        return [place for head in heads if (place := self.place(head)) is not None]

    def divided(self, criterion: str, subdivisions: Iterable[str]) -> tuple[list[int], list[int]]:
        """The places under *criterion* of ten digits, of which 9 and 10 are listed; and are not."""
        wanted = set(subdivisions)
        full = [place for place in self.under(criterion) if len(self.all[place]) >= 10]
        listed = [place for place in full if self.all[place][8:10] in wanted]
        return listed, [place for place in full if place not in set(listed)]

    def place(self, code: str) -> int | None:
        """The place of the code itself, if it stands for its kind."""
        place = bisect_left(self.all, code)
        return place if place < len(self.all) and self.all[place] == code else None

    def alike(self, code: str) -> int:
        """The place of the code that stands for the kind of *code*."""
        return self._places[self._kind(code)]

    def _kind(self, code: str) -> Kind:
        above = frozenset(
            code[:length] for length in range(1, len(code) + 1) if code[:length] in self._known
        )
        start = bisect_left(self._criteria, code)
        end = bisect_left(self._criteria, f"{code}:")
        below = frozenset(one for one in self._criteria[start:end] if one != code)
        digits = ""
        if len(code) >= 10:
            listed = set().union(*(self._divided.get(one, ()) for one in above))
            if listed:
                digits = code[8:10] if code[8:10] in listed else "other"
        return above, below, digits

    def _candidates(self, vocabulary: Vocabulary) -> Iterator[str]:
        """Codes of every kind that there is."""
        for code in vocabulary.codes:
            if len(code) == 4:
                yield code
            elif len(code) == 6:
                yield code
                yield from self._longer(code)

    def _longer(self, code: str) -> Iterator[str]:
        """Codes under a subheading, where a criterion looks beyond six digits."""
        start = bisect_left(self._criteria, code)
        deeper = [
            one
            for one in self._criteria[start : bisect_left(self._criteria, f"{code}:")]
            if len(one) > 6
        ]
        divided = [code[:length] for length in (2, 4, 6) if self._divided.get(code[:length])]
        if not deeper and not divided:
            return
        eights = {one[:8] for one in deeper} | {_unlike(code, {one[:8] for one in deeper})}
        for eight in sorted(eights):
            yield eight
            above = (eight[:length] for length in range(1, 11))
            digits = {d for head in above for d in self._divided.get(head, ())}
            tens = {one for one in deeper if len(one) > 8 and one.startswith(eight)}
            tens = {one[:10] for one in tens} | {eight + d for d in digits}
            tens |= {ten[:8] + d for ten in set(tens) for d in self._divided.get(ten, ())}
            yield from sorted(tens)
            yield _unlike(eight, tens)


def _unlike(head: str, others: set[str]) -> str:
    """A code of two more digits than *head* that is none of the *others*."""
    return next(code for n in range(100) if (code := f"{head}{n:02}") not in others)


def _named(vocabulary: Vocabulary) -> Iterator[str]:
    """Codes that definitions of classes name."""
    for name in named_codes(axioms_of(vocabulary)[0]):
        yield name.removeprefix("hs:")
