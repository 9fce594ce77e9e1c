"""Finding terms and facts by words of their label, id or definition, or by a commodity code.

Boundary: which, and in what order; what is shown of each is for `terms`.
"""

from __future__ import annotations

import re

from msgspec import Struct

from api.words.details import KINDS, Code, code
from api.words.terms import Entity, TermPages
from api.words.uses import Use, of_rules
from engine.decide.decision import Shape
from engine.language.diagnostics import did_you_mean
from engine.language.expression import Named, atoms

_CODE = re.compile(r"(?:hs:)?(\d[\d .]*)", re.IGNORECASE | re.ASCII)
ALL_UNDER, IN_DEFINITION, IN_RULE = (
    "all goods under the code are of it",
    "its definition names the code",
    "a rule tests it together with the code",
)


class Summary(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A term or fact in a list. *why* says what ties it to the code that was asked for."""

    id: str
    kind: str
    label: str
    definition: str
    defined: bool = False
    why: str | None = None


class Found(Struct, frozen=True, kw_only=True):
    """What a search found. *code* is the code of HS 2022 that was asked for, if it was one."""

    terms: tuple[Summary, ...]
    code: Code | None = None
    rules: tuple[Use, ...] = ()


class Finder:
    """Looks through the terms and facts of one release."""

    def __init__(self, pages: TermPages) -> None:
        self._pages = pages
        facts = pages.vocabulary.facts.values()
        self._facts = {
            f"fact:{fact.id}": Entity(f"fact:{fact.id}", fact.label, fact.definition, fact.citation)
            for fact in facts
        }
        order = {kind: place for place, kind in enumerate([*KINDS, "fact"])}
        everything = [*pages.entities.values(), *self._facts.values()]
        self._all = sorted(
            everything,
            key=lambda one: (order.get(one.kind, len(order)), one.label.casefold(), one.id),
        )

    @property
    def kinds(self) -> dict[str, int]:
        """The kinds of terms, in the order shown, with how many there are; facts stand apart."""
        counts: dict[str, int] = {}
        for one in self._all:
            if one.kind != "fact":
                counts[one.kind] = counts.get(one.kind, 0) + 1
        return counts

    def of_kind(self, kind: str | None) -> tuple[Summary, ...]:
        """The terms of a kind, or all; by rank where the kind has an order."""
        terms = self._pages.vocabulary.terms
        found = [one for one in self._all if one.kind == kind or (not kind and one.kind != "fact")]
        if kind:
            found.sort(key=lambda one: (terms[one.id].rank or 0) if one.id in terms else 0)
        return tuple(_summary(one) for one in found)

    def find(self, words: str, kind: str | None = None) -> Found:
        """What answers to *words*: the best match first."""
        asked = words.strip()[:200]
        coded = _CODE.fullmatch(asked)
        digits = re.sub(r"\D", "", coded[1]) if coded else ""
        if 2 <= len(digits) <= 10:
            return self._by_code(digits, kind)
        parts = asked.casefold().split()
        ranked = [(_rank(one, asked.casefold(), parts), one) for one in self._all]
        found = [(rank, one) for rank, one in ranked if rank is not None]
        found.sort(key=lambda pair: pair[0])  # equals keep the order of their kinds
        return Found(terms=tuple(_summary(one) for _, one in found if kind in (None, one.kind)))

    def near(self, word: str) -> str | None:
        """``did you mean …?`` for an id or label that nothing has."""
        asked = word.casefold()[:80]
        ids = {one.id.casefold(): _shown(one) for one in self._all}
        names = {one.id.partition(":")[2].casefold(): _shown(one) for one in self._all}
        labels = {one.label.casefold(): _shown(one) for one in self._all}
        for known in (ids, names, labels):
            near = did_you_mean(asked, known)
            if near is not None:
                return f"did you mean `{known[near.split('`')[1]]}`?"
        return None

    def _by_code(self, digits: str, kind: str | None) -> Found:
        rules = self._pages.uses.testing(digits)
        known = digits[:6] in self._pages.vocabulary.codes
        tied: dict[str, str] = {}
        for term in self._pages.vocabulary.terms.values():
            if any(_overlap(digits, one) for one in term.codes):
                tied[term.id] = ALL_UNDER
            elif term.means is not None and any(
                isinstance(atom, Named) and _overlap(digits, atom.term.removeprefix("hs:"))
                for atom in atoms(term.means)
            ):
                tied[term.id] = IN_DEFINITION
        for rule in rules:
            for leaf in rule.leaves:
                named = (*leaf.test.terms, *(line.ex or "" for line in leaf.test.codes))
                for name in named:
                    if name.startswith("product:"):
                        tied.setdefault(name, IN_RULE)
        terms = tuple(
            _summary(one, tied[one.id])
            for one in self._all
            if one.id in tied and kind in (None, one.kind)
        )
        return Found(
            terms=terms,
            code=code(digits, "", self._pages.vocabulary) if known else None,
            rules=of_rules(rules),
        )


def _overlap(one: str, other: str) -> bool:
    return other.isdigit() and (one.startswith(other) or other.startswith(one))


def _rank(one: Entity, asked: str, parts: list[str]) -> int | None:
    label, name = one.label.casefold(), one.id.casefold()
    places = (
        asked in (label, name, name.partition(":")[2]),
        label.startswith(asked),
        all(part in label for part in parts),
        all(part in name for part in parts),
        all(part in f"{label} {one.definition.casefold()}" for part in parts),
    )
    return next((rank for rank, holds in enumerate(places) if parts and holds), None)


def _shown(one: Entity) -> str:
    """A fact goes by its bare name."""
    return one.id.removeprefix("fact:")


def _summary(one: Entity, why: str | None = None) -> Summary:
    return Summary(
        id=_shown(one),
        kind=one.kind,
        label=one.label,
        definition=one.definition,
        defined=one.defined,
        why=why,
    )
