"""Reading what a test compares its fact with: numbers, money, codes, terms, documents."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from engine.language.condition import COMPARISONS, CodeLine, Operator, Test
from engine.language.diagnostics import did_you_mean
from engine.language.layout import Steps
from engine.language.reader import Cell, Reader
from engine.language.rule import Parameter
from engine.language.vocabulary import Fact, FactType

_BY_TYPE: dict[FactType, frozenset[Operator]] = {
    FactType.BOOLEAN: frozenset({Operator.IS}),
    FactType.NUMBER: COMPARISONS | {Operator.IS},
    FactType.DATE: frozenset(),
    FactType.TEXT: frozenset({Operator.IS, Operator.ONE_OF}),
    FactType.TERM: frozenset({Operator.IS, Operator.IS_A, Operator.ONE_OF}),
    FactType.TERMS: frozenset({Operator.IS, Operator.IS_A, Operator.ONE_OF}),
    FactType.CODE: frozenset({Operator.WITHIN}),
    FactType.COUNTRY: frozenset({Operator.IS, Operator.ONE_OF, Operator.WITHIN}),
    FactType.MONEY: COMPARISONS,
    FactType.DOCUMENTS: frozenset({Operator.HAS}),
}
_ORDERED = frozenset({Operator.UNDER, Operator.AT_MOST, Operator.OVER, Operator.AT_LEAST})


def operators(fact: Fact) -> frozenset[Operator]:
    """The operators that may test *fact*, by its type and order."""
    allowed = _BY_TYPE[fact.type] | (_ORDERED if fact.order else frozenset())
    return allowed if fact.type is FactType.DOCUMENTS else allowed | {Operator.KNOWN}


class OperandReader:
    """Reads the operands of one rule's tests; *day* is the rule's governing date."""

    def __init__(self, reader: Reader, parameters: dict[str, Parameter], day: str) -> None:
        self.reader = reader
        self.parameters = parameters
        self.day = day

    def test(
        self, fact: Fact, operator: Operator, table: dict[str, Any], path: Steps
    ) -> Test | None:
        """The test of *fact* that *table* writes; None where it was refused."""
        allowed = operators(fact)
        if operator not in allowed:
            self.reader.complain(
                "wrong-operator",
                f"`{operator}` cannot test `{fact.id}`, which is a {fact.type}",
                (*path, operator.value),
                f"possible here: {', '.join(sorted(allowed))}",
            )
            return None
        self._check_unit(fact, table, path)
        self._check_companions(fact, operator, table, path)
        value, place = table[operator.value], (*path, operator.value)
        if operator is Operator.KNOWN:
            flag = self.reader.typed(value, place, bool)
            return None if flag is None else Test(fact=fact.id, operator=operator, flag=flag)
        match fact.type:
            case FactType.BOOLEAN:
                flag = self.reader.typed(value, place, bool)
                return None if flag is None else Test(fact=fact.id, operator=operator, flag=flag)
            case FactType.NUMBER | FactType.MONEY:
                return self._comparison(fact, operator, value, place)
            case FactType.DOCUMENTS:
                return self._documents(fact, operator, table, path)
            case FactType.CODE:
                return self._codes(fact, operator, table, path)
            case _:
                return self._terms(fact, operator, value, place)

    def _check_unit(self, fact: Fact, table: dict[str, Any], path: Steps) -> None:
        unit = self.reader.take(table, "unit", path, str, required=False)
        if unit is not None and unit != fact.unit:
            self.reader.complain(
                "wrong-unit",
                f"`{fact.id}` is in `{fact.unit}`, not in `{unit}`"
                if fact.unit
                else f"`{fact.id}` has no unit",
                (*path, "unit"),
                "convert the number to the fact's unit",
            )

    def _check_companions(
        self, fact: Fact, operator: Operator, table: dict[str, Any], path: Steps
    ) -> None:
        """Keys that mean something only beside one operator are refused beside another."""
        for key, home in (("status", "has"), ("ex", "within"), ("subdivision", "within")):
            if key in table and (operator != home or (key != "status" and fact.type != "code")):
                self.reader.complain(
                    "misplaced-key", f"`{key}` has no meaning beside `{operator}`", (*path, key)
                )

    def _comparison(
        self, fact: Fact, operator: Operator, value: object, path: Steps
    ) -> Test | None:
        if operator is Operator.BETWEEN:
            ends = self.reader.typed(value, path, list)
            if ends is None:
                return None
            if len(ends) != 2:
                self.reader.complain("wrong-type", "`between` needs two numbers", path)
                return None
            low = self._amount(fact, ends[0], (*path, 0))
            high = self._amount(fact, ends[1], (*path, 1))
            if low is None or high is None:
                return None
            if low[1] != high[1]:
                self.reader.complain("wrong-unit", "the two amounts are in unlike currencies", path)
            elif low[0] > high[0]:
                self.reader.complain("empty-range", "no number is between these two", path)
            return Test(
                fact=fact.id, operator=operator, number=low[0], upper=high[0], currency=low[1]
            )
        if isinstance(value, dict) and "parameter" in value:
            return self._parameter(fact, operator, value, path)
        amount = self._amount(fact, value, path)
        if amount is None:
            return None
        return Test(fact=fact.id, operator=operator, number=amount[0], currency=amount[1])

    def _amount(self, fact: Fact, value: object, path: Steps) -> tuple[Decimal, str | None] | None:
        if fact.type is FactType.NUMBER:
            number = self.reader.typed(value, path, Decimal)
            if number is None:
                return None
            self._check_bounds(fact, number, path, value)
            return number, None
        table = self.reader.typed(value, path, dict)
        if table is None:
            return None
        self.reader.close(table, ("amount", "currency"), path)
        amount = self.reader.take(table, "amount", path, Decimal)
        currency = self.reader.take(table, "currency", path, str)
        if currency is not None and currency not in self.reader.vocabulary.currencies:
            self.reader.complain(
                "unknown-currency",
                f"unknown currency `{currency}`",
                (*path, "currency"),
                _in_capitals(currency, self.reader.vocabulary.currencies)
                or "use the three letters of ISO 4217, such as `EUR`",
                table["currency"],
            )
        return None if amount is None or currency is None else (amount, str(currency))

    def _check_bounds(self, fact: Fact, number: Decimal, path: Steps, value: object) -> None:
        if fact.minimum is not None and number < fact.minimum:
            bound = f"at least {fact.minimum}"
        elif fact.maximum is not None and number > fact.maximum:
            bound = f"at most {fact.maximum}"
        else:
            return
        self.reader.complain("out-of-range", f"`{fact.id}` is {bound}", path, value=value)

    def _parameter(
        self, fact: Fact, operator: Operator, value: dict[str, Any], path: Steps
    ) -> Test | None:
        self.reader.close(value, ("parameter",), path)
        name = self.reader.take(value, "parameter", path, str)
        if name is None:
            return None
        parameter = self.parameters.get(name)
        if parameter is None:
            self.reader.complain(
                "unknown-parameter",
                f"unknown parameter `{name}`",
                (*path, "parameter"),
                did_you_mean(name, self.parameters) or "parameters live in `rules/parameters/`",
                value["parameter"],
            )
            return None
        money = fact.type is FactType.MONEY
        expected = "a currency" if money else f"`{fact.unit}`"
        if (
            parameter.unit not in self.reader.vocabulary.currencies
            if money
            else parameter.unit != fact.unit
        ):
            self.reader.complain(
                "wrong-unit",
                f"parameter `{name}` is in `{parameter.unit}`, but `{fact.id}` needs {expected}",
                (*path, "parameter"),
            )
            return None
        for dated in parameter.values:
            self._check_bounds(fact, dated.number, (*path, "parameter"), value["parameter"])
        return Test(
            fact=fact.id,
            operator=operator,
            parameter=name,
            currency=parameter.unit if money else None,
        )

    def _documents(
        self, fact: Fact, operator: Operator, table: dict[str, Any], path: Steps
    ) -> Test | None:
        status = self.reader.choice(
            table, "status", path, ("declared", "presented", "verified"), "declared"
        )
        certificate = self.reader.term(table["has"], (*path, "has"), "certificate")
        if certificate is None:
            return None
        return Test(fact=fact.id, operator=operator, terms=(certificate,), status=status)

    def _codes(
        self, fact: Fact, operator: Operator, table: dict[str, Any], path: Steps
    ) -> Test | None:
        place = (*path, operator.value)
        codes = [code for code in self._words(table["within"], place) if self._is_code(code, place)]
        ex = None
        if "ex" in table:
            ex = self.reader.term(table["ex"], (*path, "ex"), "product")
        subdivisions: tuple[str, ...] = ()
        if "subdivision" in table:
            if ex is None:
                self.reader.complain("no-ex", "`subdivision` needs `ex`", (*path, "subdivision"))
            words = self._words(table["subdivision"], (*path, "subdivision"))
            subdivisions = tuple(str(word) for word in words)
            for subdivision in subdivisions:
                if len(subdivision) != 2 or not subdivision.isdecimal():
                    self.reader.complain(
                        "wrong-subdivision",
                        f"`{subdivision}` is not two digits",
                        (*path, "subdivision"),
                        value=table["subdivision"],
                    )
        if not codes:
            return None
        lines = tuple(CodeLine(str(code), ex, subdivisions) for code in codes)
        return Test(fact=fact.id, operator=operator, codes=lines)

    def _is_code(self, code: str, path: Steps) -> bool:
        if not (code.isascii() and code.isdecimal() and len(code) in (2, 4, 6, 8, 10)):
            self.reader.complain(
                "wrong-code",
                f"commodity code `{code}` does not have 2, 4, 6, 8 or 10 digits",
                path,
                "write it in quotes, without spaces and with its leading zero",
                code,
            )
            return False
        if not self.reader.vocabulary.knows_code(code):
            self.reader.complain(
                "unknown-code",
                f"commodity code `{code}` is not in HS 2022",
                path,
                did_you_mean(code[:6], self.reader.vocabulary.codes)
                or "codes are listed in `ontology/hs2022.csv`",
                code,
            )
            return False
        return True

    def _terms(self, fact: Fact, operator: Operator, value: object, path: Steps) -> Test | None:
        if fact.type is FactType.TEXT and isinstance(value, Cell) and operator is Operator.IS:
            words: list[str] = [value]  # a text may hold spaces
        else:
            words = self._words(value, path)
        if operator not in (Operator.ONE_OF, Operator.WITHIN) and len(words) > 1:
            self.reader.complain(
                "wrong-type", f"`{operator}` takes one value; use `one_of` for several", path
            )
        if operator is Operator.WITHIN:
            known = [self.reader.term(word, path, "group") for word in words]
        elif fact.type is FactType.COUNTRY:
            known = [word if self._is_country(word, path) else None for word in words]
        elif fact.type is FactType.TEXT:
            known = list(words)
        else:
            known = [self.reader.term(word, path, str(fact.range)) for word in words]
        terms = tuple(str(word) for word in known if word is not None)
        if not terms:
            return None
        for term in terms:
            if fact.order and term not in fact.order:
                self.reader.complain(
                    "not-ordered", f"`{term}` has no place in the order of `{fact.id}`", path
                )
        day = self.day if operator is Operator.WITHIN else None
        return Test(fact=fact.id, operator=operator, terms=terms, day=day)

    def _is_country(self, word: str, path: Steps) -> bool:
        if word in self.reader.vocabulary.countries:
            return True
        self.reader.complain(
            "unknown-country",
            f"unknown country `{word}`",
            path,
            _in_capitals(word, self.reader.vocabulary.countries)
            or "use the two letters of ISO 3166-1, such as `NG`",
            word,
        )
        return False

    def _words(self, value: object, path: Steps) -> list[str]:
        """A word or a list of words; a cell may hold several, with spaces between."""
        if isinstance(value, Cell):
            return [Cell.at(word, value.file, value.line, value.column) for word in value.split()]
        if isinstance(value, list):
            words = [
                self.reader.typed(word, (*path, index), str) for index, word in enumerate(value)
            ]
            if not words:
                self.reader.complain("empty", "this list is empty", path)
            return [word for word in words if word is not None]
        word = self.reader.typed(value, path, str)
        return [] if word is None else [word]


def _in_capitals(word: str, known: Collection[str]) -> str | None:
    """Codes of two or three letters all look alike: only their case is put right."""
    return f"did you mean `{word.upper()}`?" if word.upper() in known else None
