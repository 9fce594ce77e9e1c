"""From a solution to a small declaration that says the same, and back if it does not.

A declaration is made of the facts of the solution: those that a trader states, and those that an
agency looked up. Totals are met by further items of the same consignment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import z3

from engine.declaration.declaration import (
    DECLARATION_FIELDS,
    ITEM_FIELDS,
    Request,
    json_name,
)
from engine.declaration.facts import GOVERNING_DATES, DocumentStatus, Money, Stage, Value
from engine.declaration.reading import read_request
from engine.declaration.realising import TYPE
from engine.declaration.totals import CODE, MASS, VALUE
from engine.language.vocabulary import FactType, Scope, Source
from engine.prove.item import LEVELS, Item, exact, members_of, value_of
from engine.prove.logic import Truth, every, no, number, some

DAYS = ("acceptedOn", "arrivedOn", "dispatchedOn", "placedOnMarketOn")
"""The fields of a declaration that hold the governing dates, in their order."""

STAGES = tuple(Stage)
PLAIN_DAY = date(2026, 11, 23)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""The days that a reader takes for days of trade."""

Body = dict[str, Any]


# Making it small


def plainer(item: Item, day: date = PLAIN_DAY) -> Iterator[Truth]:
    """What makes a declaration easier to read, the most wanted first."""
    keys = list(_variables(item))
    for kind, name, *more in keys:
        if kind == "rated":
            yield no(item.rated(name, more[0]))
    if ("odd", TYPE) in keys:
        yield no(item.truth("odd", TYPE))
    yield item.stage() == STAGES.index(Stage.ACCEPTED)
    accepted, days = item.day(GOVERNING_DATES[0]), [one[1] for one in keys if one[0] == "day"]
    alike = [item.day(name) == accepted for name in days]
    yield every((*alike, accepted == day.toordinal()))
    yield every((*alike, accepted >= FIRST.toordinal(), accepted <= LAST.toordinal()))
    for name in days:
        yield item.day(name) == day.toordinal()
        yield every((item.day(name) >= FIRST.toordinal(), item.day(name) <= LAST.toordinal()))
    facts = item.space.vocabulary.facts
    known = [name for kind, name, *_ in keys if kind == "known" and name != TYPE]
    yield from (no(item.known(name)) for name in known if facts[name].source is Source.DERIVED)
    for kind, name, *more in keys:
        if kind == "document":
            yield no(item.document(name, DocumentStatus(more[0])))
    last = ("goods.product", CODE)
    for name in sorted(known, key=lambda one: (one in last, one)):
        if facts[name].source is not Source.DERIVED:
            yield no(item.known(name))
    for kind, name, *more in keys:
        if kind == "member" and name != TYPE:
            yield no(item.member(name, more[0]))
    for kind, name, *_ in keys:
        if kind == "number" and facts[name].source is not Source.DERIVED:
            yield some((item.number(name) == 1, item.number(name) == 0))
            # No declaration says that a number is whole; of a count it reads better.
            yield z3.IsInt(item.number(name))
    for name in ("consignment.netMassKg", "consignment.netMassOfProductKg"):
        if ("number", name) in keys:
            yield item.number(name) == item.number(MASS)


def _variables(item: Item) -> Iterator[tuple[str, ...]]:
    yield from item.variables
    if item.other is not None:
        yield from (key for key in item.other.variables if key[1] not in item.varying)


# Making it


def request(item: Item, model: z3.ModelRef, name: str) -> Body:
    """The request for a decision that a solution stands for, as JSON would have it."""
    known_of = {fact for kind, fact, *_ in _variables(item) if kind in ("known", "member")}
    values: dict[str, Value] = {}
    for fact in sorted(known_of):
        value = _value(item, fact, model)
        if value is not None:
            values[fact] = value
    goods: Body = {"item": 1}
    body: Body = {"id": name, "stage": _stage(item, model).value}
    body |= zip(DAYS, (_day(item, one, model).isoformat() for one in GOVERNING_DATES), strict=True)
    found: Body = {"facts": {}}
    of_item: Body = {"item": 1, "facts": {}}
    for fact, value in values.items():
        meant = item.space.vocabulary.facts[fact]
        shared = meant.scope is Scope.CONSIGNMENT
        match meant.source:
            case Source.LOOKED_UP:
                (found if shared else of_item)["facts"][fact] = plain(value)
            case Source.DECLARED:
                place, field = (body if shared else goods), _FIELDS[meant.scope].get(fact)
                (place if field else place.setdefault("facts", {}))[field or fact] = plain(value)
    documents, findings = _documents(item, model)
    if documents:
        goods["documents"] = documents
    if findings:
        found["documents"] = findings
    if of_item["facts"]:
        found["items"] = [of_item]
    rates = list(_rates(item, model, values))
    if rates:
        found["rates"] = rates
    _price(goods, values)
    body["goods"] = [goods, *_others(goods, values, known_of)]
    if not found["facts"]:
        del found["facts"]
    return {"declaration": body, **({"known": found} if found else {})}


def read(body: Body) -> Request:
    """The request, read as one that was sent."""
    return read_request(written(body))


def written(body: Body) -> bytes:
    """The request as it is sent."""
    return _ENCODER.encode(body)


_FIELDS = {
    scope: {fact: json_name(attribute) for attribute, fact in fields.items()}
    for scope, fields in ((Scope.ITEM, ITEM_FIELDS), (Scope.CONSIGNMENT, DECLARATION_FIELDS))
}
"""By scope, the fields of a declaration that state facts."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _value(item: Item, fact: str, model: z3.ModelRef) -> Value | None:
    kind = item.space.vocabulary.facts[fact]
    if kind.type is FactType.TERMS:
        if kind.source is Source.CONCLUDED:
            return None
        known = z3.is_true(model.eval(item.known(fact), model_completion=True))
        return members_of(item, fact, model) if known else None
    return value_of(item, fact, model)


def plain(value: Value) -> object:
    """A value as JSON has it."""
    match value:
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case frozenset():
            return sorted(value)
        case _:
            return value


def _stage(item: Item, model: z3.ModelRef) -> Stage:
    return STAGES[int(model.eval(item.stage(), model_completion=True).as_long())]


def _day(item: Item, name: str, model: z3.ModelRef) -> date:
    found = model.eval(item.day(name))
    return date.fromordinal(found.as_long()) if z3.is_int_value(found) else PLAIN_DAY


def _documents(item: Item, model: z3.ModelRef) -> tuple[list[Body], list[Body]]:
    """What the trader declares of documents, and what an agency found of them."""
    declared: list[Body] = []
    findings: list[Body] = []
    names = {name for kind, name, *_ in _variables(item) if kind == "document"}
    for name in sorted(names):
        held = [s for s in LEVELS if z3.is_true(model.eval(item.document(name, s)))]
        if not held:
            continue
        certificate = item.space.vocabulary.certificates[name]
        type_ = certificate.notations[0] if certificate.notations else name
        document = {"type": type_, "id": f"DOC-{len(declared) + 1}"}
        declared.append(document)
        if held[-1] is not DocumentStatus.DECLARED:
            findings.append({"id": document["id"], "status": held[-1].value})
    return declared, findings


def _rates(item: Item, model: z3.ModelRef, values: dict[str, Value]) -> Iterator[Body]:
    for kind, fact, *more in list(_variables(item)):
        value = values.get(fact)
        if kind != "rated" or not isinstance(value, Money) or value.currency == more[0]:
            continue
        if value.amount and z3.is_true(model.eval(item.rated(fact, more[0]))):
            rate = exact(model, item.converted(fact, more[0])) / value.amount
            if rate > 0:
                on = _day(item, "acceptance", model).isoformat()
                yield {"source": value.currency, "target": more[0], "rate": rate, "on": on}


def _price(goods: Body, values: dict[str, Value]) -> None:
    """Mass and value that make the price per kilogram: a kilogram, where nothing else is asked."""
    price = values.get("goods.valuePerKg")
    mass = values.get(MASS)
    if isinstance(price, Money) and isinstance(mass, Decimal):
        money = Money(price.amount * mass, price.currency)
        values[VALUE] = money
        goods["value"] = plain(money)


def _others(goods: Body, values: dict[str, Value], asked: set[str]) -> list[Body]:
    """Further items that bring the totals to what they are: of the product, and of another."""
    of_product, of_another = _Filler(goods.get("commodityCode")), _Filler("970600")
    for part, product, whole in (
        (MASS, "consignment.netMassOfProductKg", "consignment.netMassKg"),
        (VALUE, "consignment.valueOfProduct", "consignment.value"),
    ):
        own = values.get(part)
        if own is None:
            continue
        sofar = own
        if product in values:
            of_product.fill(part, _less(values[product], sofar))
            sofar = values[product]
        if whole in values:
            of_another.fill(part, _less(values[whole], sofar))
        elif whole in asked:
            of_another.lack(part)
        if product in asked and product not in values:
            of_another.unclear = True
    fillers = [one for one in (of_product, of_another) if one.needed]
    return [one.body(place) for place, one in enumerate(fillers, 2)]


def _less(whole: Value, part: Value) -> Value:
    if isinstance(whole, Money) and isinstance(part, Money):
        return Money(whole.amount - part.amount, whole.currency)
    assert isinstance(whole, Decimal)
    assert isinstance(part, Decimal)
    return whole - part


class _Filler:
    """An item that is there for its mass and value alone."""

    def __init__(self, code: str | None) -> None:
        self._code = code
        self._stated: dict[str, Value] = {}
        self._lacks: set[str] = set()
        self.unclear = False

    @property
    def needed(self) -> bool:
        more = any(_amount(value) != 0 for value in self._stated.values())
        return bool(more or self._lacks or self.unclear)

    def fill(self, part: str, value: Value) -> None:
        self._stated[part] = value

    def lack(self, part: str) -> None:
        self._lacks.add(part)

    def body(self, number: int) -> Body:
        found: Body = {"item": number}
        if self._code and not self.unclear:
            found["commodityCode"] = self._code
        for part, field in ((MASS, "netMassKg"), (VALUE, "value")):
            if part in self._stated and part not in self._lacks:
                found[field] = plain(self._stated[part])
        return found


def _amount(value: Value) -> Decimal:
    return value.amount if isinstance(value, Money) else Decimal(str(value))


# Learning from one that was no declaration


def cell(
    item: Item,
    model: z3.ModelRef,
    numbers: Mapping[str, Sequence[Decimal]],
    among: Callable[[str], bool] = lambda _fact: True,
) -> Truth:
    """Everything that rules can tell of the solution, of the facts *among* which it is asked;
    *numbers* are the bounds, by fact.
    """
    found: list[Truth] = []
    keys = [one for one in _variables(item) if among(one[1])]
    unknown = {
        name
        for kind, name, *_ in keys
        if kind == "known" and not z3.is_true(model.eval(item.known(name), model_completion=True))
    }
    for key in keys:
        variable = item.variable(key)
        if key[0] != "known" and key[1] in unknown:
            continue  # what is unknown has no value to tell
        match key[0]:
            case "label" | "firm" | "odd" | "converted":
                pass
            case "number":
                found.append(_between(variable, exact(model, variable), numbers.get(key[1], ())))
            case "day":
                value = model.eval(variable, model_completion=True).as_long()
                days = [one.toordinal() for one in item.space.days]
                low = max((one for one in days if one <= value), default=None)
                high = min((one for one in days if one > value), default=None)
                found.append(True if low is None else variable >= low)
                found.append(True if high is None else variable < high)
            case _:
                found.append(variable == model.eval(variable, model_completion=True))
    return every(found)


def _between(variable: z3.ArithRef, value: Decimal, bounds: Sequence[Decimal]) -> Truth:
    if value in bounds:
        return variable == number(value)
    low = max((one for one in bounds if one < value), default=None)
    high = min((one for one in bounds if one > value), default=None)
    return every(
        (
            True if low is None else variable > number(low),
            True if high is None else variable < number(high),
        )
    )
