"""What a stated value means: decoded by the type of its fact, named in the vocabulary's words.

Boundary: one value at a time; who may state it is for `stating`. A value that cannot be
understood is reported and unknown (`None`); one that cannot be meant is refused.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

import msgspec
from msgspec import Raw, Struct

from engine.declaration.declaration import Amount
from engine.declaration.facts import Money, Value
from engine.declaration.form import check_code, check_day, check_number
from engine.declaration.lexicon import lexicon_of
from engine.declaration.problems import Remarks, ReportCode
from engine.declaration.strict_json import shown
from engine.language.vocabulary import Fact, FactType, Vocabulary

SHAPES: dict[FactType, tuple[Any, str]] = {
    FactType.BOOLEAN: (bool, "write true or false"),
    FactType.NUMBER: (Decimal, "write a number without quotes"),
    FactType.DATE: (date, "write a day as `2026-11-23`"),
    FactType.TEXT: (str, "write text in quotes"),
    FactType.TERM: (str, "write one term in quotes"),
    FactType.TERMS: (list[str] | str, "write a list of terms"),
    FactType.CODE: (str, "write the digits in quotes, so that leading zeros are kept"),
    FactType.COUNTRY: (str, "write two letters in quotes, such as `NG`"),
    FactType.MONEY: (Amount, 'write `{"amount": 100, "currency": "EUR"}`'),
}
"""How JSON writes the values of each type; documents have a place of their own."""


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape | None)


class Reader(Struct, frozen=True):
    """Reads values by the words of one vocabulary and notes what it cannot take."""

    vocabulary: Vocabulary
    remarks: Remarks

    def value(self, fact: Fact, stated: object, at: str) -> Value | None:
        """The value of *fact*; *stated* is raw JSON or what a field of the declaration holds."""
        if not isinstance(stated, Raw):
            return self._meaning(fact, stated, at)
        shape, mend = SHAPES[fact.type]
        try:
            decoded = self._decoded(stated, shape)
        except msgspec.MsgspecError:
            text = shown(bytes(stated).decode("utf-8", "replace"))
            self.remarks.refuse(at, f"`{text}` is no {fact.type.value} for `{fact.id}`", mend)
            return None
        return None if decoded is None else self._meaning(fact, decoded, at)

    def _decoded(self, stated: Raw, shape: Any) -> object:
        if shape is Decimal and bytes(stated).lstrip()[:1] == b'"':
            raise msgspec.ValidationError("a number in quotes")
        return _decoder(shape).decode(stated)

    def _meaning(self, fact: Fact, stated: Any, at: str) -> Value | None:
        match fact.type:
            case FactType.NUMBER:
                return self._number(fact, stated, at)
            case FactType.DATE:
                check_day(stated, at, self.remarks)
                return cast(date, stated)
            case FactType.TEXT:
                return self._text(fact, stated, at)
            case FactType.TERM:
                return self._term(fact, stated, at)
            case FactType.TERMS:
                return self._terms(fact, stated, at)
            case FactType.CODE:
                return self._code(stated, at)
            case FactType.COUNTRY:
                return self._country(stated, at)
            case FactType.MONEY:
                return self._money(fact, stated, at)
            case _:
                return bool(stated)

    def _number(self, fact: Fact, stated: Decimal, at: str) -> Decimal | None:
        if not check_number(stated, at, self.remarks):
            return None
        unit = f" {fact.unit}" if fact.unit else ""
        if fact.minimum is not None and stated < fact.minimum:
            mend = f"write {fact.minimum}{unit} or more"
        elif fact.maximum is not None and stated > fact.maximum:
            mend = f"write {fact.maximum}{unit} or less"
        else:
            return stated
        self.remarks.refuse(at, f"`{fact.id}` cannot be {stated}{unit}", mend)
        return None

    def _text(self, fact: Fact, stated: str, at: str) -> str | None:
        if stated.strip():
            return stated
        self.remarks.report(at, ReportCode.BLANK_TEXT, f"`{fact.id}` is blank")
        return None

    def _term(self, fact: Fact, stated: str, at: str) -> str | None:
        scope = fact.range or ""
        lexicon = lexicon_of(self.vocabulary)
        found = lexicon.named(stated, scope)
        if len(found) == 1:
            return found[0]
        if found:
            mend = f"write one of {', '.join(sorted(found))}"
            self.remarks.refuse(at, f"`{shown(stated)}` names more than one term", mend)
            return None
        local = stated.rpartition(":")[2].lower()
        near = self.remarks.nearest(local, lexicon.terms.get(scope, {}))
        mend = f"; {near}" if near else ""
        message = f"`{shown(stated)}` is no term of `{scope}`{mend}"
        self.remarks.report(at, ReportCode.UNKNOWN_TERM, message)
        return None

    def _terms(self, fact: Fact, stated: list[str] | str, at: str) -> frozenset[str] | None:
        names = [stated] if isinstance(stated, str) else stated
        found = [self._term(fact, name, at) for name in names]
        # A set with a member that is not understood would wrongly deny what that member is.
        return None if None in found else frozenset(term for term in found if term)

    def _code(self, stated: str, at: str) -> str | None:
        if not check_code(stated, at, self.remarks):
            return None
        if self.vocabulary.knows_code(stated):
            return stated
        message = f"`{stated[:6]}` is no code of HS 2022"
        self.remarks.report(at, ReportCode.UNKNOWN_CODE, message)
        return None

    def _country(self, stated: str, at: str) -> str | None:
        if stated in self.vocabulary.countries:
            return stated
        capitals = stated.strip().upper()
        mend = f"; did you mean `{capitals}`?" if capitals in self.vocabulary.countries else ""
        message = f"`{shown(stated)}` is no country of ISO 3166-1 alpha-2{mend}"
        self.remarks.report(at, ReportCode.UNKNOWN_COUNTRY, message)
        return None

    def _money(self, fact: Fact, stated: Amount, at: str) -> Money | None:
        if self._number(fact, stated.amount, f"{at}/amount") is None:
            return None
        if stated.amount < 0:
            self.remarks.refuse(f"{at}/amount", f"a value of {stated.amount}", "write 0 or more")
            return None
        if not self.knows_currency(stated.currency, f"{at}/currency"):
            return None
        return Money(stated.amount, stated.currency)

    def knows_currency(self, currency: str, at: str) -> bool:
        """Whether the vocabulary lists *currency*; one that it does not list is reported."""
        if currency in self.vocabulary.currencies:
            return True
        message = f"`{shown(currency)}` is no currency of ISO 4217"
        self.remarks.report(at, ReportCode.UNKNOWN_CURRENCY, message)
        return False
