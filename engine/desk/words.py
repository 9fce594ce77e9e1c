"""Words to choose from while a rule is written: facts with operators, terms, codes, countries.

What is asked for by a few letters comes in this order: labels that start so, labels with a word
that starts so, labels that hold it, ids that hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from engine.language.condition import Operator
from engine.language.operands import operators
from engine.language.rule import Parameter
from engine.language.sentences import spaced
from engine.language.vocabulary import (
    Agency,
    Certificate,
    Fact,
    FactType,
    Group,
    Source,
    Vocabulary,
)

MOST = 200
"""Words of one answer."""

TASK = "control"
"""The kind of the terms that are tasks."""

CODE_DIGITS = 10


class OperatorWords(Struct, frozen=True):
    """An operator as the file writes it, and in words."""

    name: str
    words: str


class Word(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One word to choose. The rest is of facts only.

    *of* is the kind of the terms that are its values, *about* the classes of goods that have it,
    *order* its values from best to worst.
    """

    id: str
    label: str
    definition: str
    kind: str
    type: str | None = None
    unit: str | None = None
    operators: tuple[OperatorWords, ...] = ()
    order: tuple[str, ...] = ()
    of: str | None = None
    about: tuple[str, ...] = ()


class Code(Struct, frozen=True, kw_only=True):
    """A code of the Harmonized System, *below* which so many codes stand directly."""

    code: str
    label: str
    below: int


class Members(Struct, frozen=True, kw_only=True):
    """A group of countries on one day: two letters → name."""

    id: str
    label: str
    definition: str
    members: dict[str, str]


class Words:
    """The words of one vocabulary, and the parameters that a number may stand for."""

    def __init__(
        self, vocabulary: Vocabulary, parameters: Mapping[str, Parameter] | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self._parameters = parameters or {}
        self._below: dict[str, list[str]] = {}
        for code in sorted(vocabulary.codes):
            self._below.setdefault(code[:-2], []).append(code)

    def words(
        self, kind: str, query: str = "", under: str | None = None, limit: int = 20
    ) -> tuple[Word, ...]:
        """The words of a *kind* that answer to *query*, the best first, at most *limit*.

        A kind is ``fact``, ``term``, ``country``, ``group``, ``currency``, ``agency``, ``task``,
        ``basis``, ``certificate``, ``parameter``, ``code``, or one of terms, such as ``hazard``;
        of one that is unknown there are no words. *under* is a class for terms, a class of goods
        for facts, a group for countries, the first digits for codes: without a query, those one
        level below.
        """
        most = max(0, min(limit, MOST))
        asked = " ".join(query[:200].casefold().split())
        if kind == "code":
            return tuple(self._codes(asked, under or "", most))
        ranked = [(_rank(word, asked), place, word) for place, word in enumerate(self._of(kind))]
        found = sorted(
            ((rank, place, word) for rank, place, word in ranked if rank is not None),
            key=lambda one: one[:2],
        )
        fitting = (word for _, _, word in found if under is None or self._is_under(word, under))
        return tuple(word for word, _ in zip(fitting, range(most), strict=False))

    def operators(self, fact: Fact) -> tuple[OperatorWords, ...]:
        """What may be asked of *fact*, in words."""
        allowed = operators(fact)
        return tuple(
            OperatorWords(operator.value, _in_words(operator, fact))
            for operator in Operator
            if operator in allowed
        )

    # Codes

    def place(self, code: str) -> tuple[Code, ...]:
        """The codes above *code* and itself, the chapter first; none where HS has it not."""
        digits = code[:6]
        if digits not in self.vocabulary.codes:
            return ()
        return tuple(self._code(digits[:length]) for length in range(2, len(digits) + 1, 2))

    def below(self, code: str = "") -> tuple[Code, ...]:
        """The codes directly below *code*; all chapters where it is empty."""
        return tuple(self._code(each) for each in self._below.get(code, ()))

    def _code(self, code: str) -> Code:
        return Code(
            code=code, label=self.vocabulary.codes[code], below=len(self._below.get(code, ()))
        )

    def _codes(self, asked: str, under: str, most: int) -> Iterator[Word]:
        digits = asked.replace(" ", "").replace(".", "")
        codes = [code for code in self.vocabulary.codes if code.startswith(under)]
        if not asked:
            found = self._below.get(under, [])
        elif digits.isascii() and digits.isdigit():
            found = sorted(code for code in codes if code.startswith(digits))
            national = 6 < len(digits) <= CODE_DIGITS and len(digits) % 2 == 0
            if national and digits[:6] in codes:
                found = [digits]  # HS ends at six digits; what follows is national
        else:
            ranked = ((_rank(self._code_word(code), asked), code) for code in codes)
            found = [code for _, code in sorted((r, code) for r, code in ranked if r is not None)]
        yield from map(self._code_word, found[:most])

    def _code_word(self, code: str) -> Word:
        label = self.vocabulary.codes[code[:6]]
        return Word(id=code, label=label, definition=spaced(code), kind="code")

    # Countries

    def members(self, group: str, on: date) -> Members | None:
        """A group of countries with those that belong to it on a day; None where unknown."""
        held = self.vocabulary.groups.get(group)
        if held is None:
            return None
        countries = sorted(one.country for one in held.members if on in one.period)
        return Members(
            id=held.id,
            label=held.label,
            definition=held.definition,
            members={code: self.vocabulary.countries.get(code, code) for code in countries},
        )

    # Words by kind

    def _of(self, kind: str) -> Iterable[Word]:
        known = self.vocabulary
        match kind:
            case "fact":
                return _sorted(self._fact(fact) for fact in known.facts.values())
            case "country":
                return _sorted(
                    Word(id=code, label=name, definition="", kind=kind)
                    for code, name in known.countries.items()
                )
            case "currency":
                return [
                    Word(id=code, label=code, definition="", kind=kind)
                    for code in sorted(known.currencies)
                ]
            case "basis":
                return _sorted(
                    Word(id=name, label=basis.cite, definition=basis.gist, kind=kind)
                    for name, basis in known.bases.items()
                )
            case "parameter":
                return _sorted(
                    Word(id=each.id, label=each.title, definition="", kind=kind, unit=each.unit)
                    for each in self._parameters.values()
                )
            case "group" | "agency" | "certificate":
                tables: dict[str, Mapping[str, Group | Agency | Certificate]] = {
                    "group": known.groups,
                    "agency": known.agencies,
                    "certificate": known.certificates,
                }
                return _sorted(
                    Word(id=each.id, label=each.label, definition=each.definition, kind=kind)
                    for each in tables[kind].values()
                )
            case _:
                named = TASK if kind == "task" else kind
                terms = known.terms.values() if kind == "term" else known.of_kind(named)
                made = [
                    Word(id=term.id, label=term.label, definition=term.definition, kind=term.kind)
                    for term in terms
                ]
                ranked = any(term.rank is not None for term in terms) and kind != "term"
                return made if ranked else _sorted(made)

    def _fact(self, fact: Fact) -> Word:
        return Word(
            id=fact.id,
            label=fact.label,
            definition=fact.definition,
            kind="fact",
            type=fact.type.value,
            unit=None if fact.unit is None else self.vocabulary.label(fact.unit),
            operators=self.operators(fact),
            order=fact.order,
            of=fact.range,
            about=fact.domain,
        )

    def _is_under(self, word: Word, under: str) -> bool:
        terms = self.vocabulary.terms
        if word.kind == "country":
            group = self.vocabulary.groups.get(under)
            return group is not None and any(one.country == word.id for one in group.members)
        if under not in terms:
            return False
        if word.kind == "fact":
            return not word.about or any(
                self.vocabulary.is_a(under, each) or self.vocabulary.is_a(each, under)
                for each in word.about
                if each in terms
            )
        return word.id in terms and self.vocabulary.is_a(word.id, under)


def _sorted(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: (word.label.casefold(), word.id))


def _rank(word: Word, asked: str) -> int | None:
    """How well *word* answers, 0 best; None where it does not."""
    if not asked:
        return 0
    label, parts = word.label.casefold(), asked.split()
    starts = f" {label}".replace("(", " ").replace("-", " ").replace("/", " ")
    places = (
        asked in (label, word.id.casefold()),
        label.startswith(asked),
        all(f" {part}" in starts for part in parts),
        all(part in label for part in parts),
        all(part in word.id.casefold() for part in parts),
    )
    return next((rank for rank, holds in enumerate(places) if holds), None)


# Operators


_WORDS = {
    Operator.IS: "is",
    Operator.IS_A: "is a kind of",
    Operator.ONE_OF: "is one of",
    Operator.WITHIN: "belongs to",
    Operator.HAS: "hold",
    Operator.UNDER: "less than",
    Operator.AT_MOST: "at most",
    Operator.OVER: "more than",
    Operator.AT_LEAST: "at least",
    Operator.BETWEEN: "from … to …, both included",
    Operator.KNOWN: "is known",
}


def _in_words(operator: Operator, fact: Fact) -> str:
    """The words of `sentences`, with what the type of the fact makes of them."""
    classes = fact.over_classes and fact.source is not Source.CONCLUDED
    match fact.type, operator:
        case FactType.NUMBER, Operator.IS:
            return "exactly"
        case FactType.CODE, Operator.WITHIN:
            return "falls under"
        case FactType.TERMS, Operator.IS:
            return "includes"
        case FactType.TERMS, Operator.ONE_OF:
            return "includes one of"
        case FactType.TERMS, Operator.IS_A if classes:
            return "includes a kind of"
        case _:
            return _WORDS[operator]
