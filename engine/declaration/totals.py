"""Totals over the items of a consignment: of all its goods, and of those of one product.

A product is a subheading of the Harmonized System (6 digits). Unknown stays unknown: a total that
lacks a part, or may lack goods whose code does not tell the product, is absent, and it is said
which facts of which items it lacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from engine.declaration.facts import Lack, Money, Value

EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN)
"""Room to add and multiply numbers of 30 digits, 10,000 of them, without rounding."""

CODE, MASS, VALUE = "goods.commodityCode", "goods.netMassKg", "goods.value"
OF_CONSIGNMENT = {"consignment.netMassKg": MASS, "consignment.value": VALUE}
OF_PRODUCT = {"consignment.netMassOfProductKg": MASS, "consignment.valueOfProduct": VALUE}
PARTS = {**OF_CONSIGNMENT, **OF_PRODUCT}
"""What each total adds up."""

HEADING, SUBHEADING = 4, 6
"""Digits of a code, of which the Harmonized System knows no more."""


class Goods(NamedTuple):
    """The values stated of the item with that *number*."""

    number: int
    values: Mapping[str, Value]

    @property
    def product(self) -> str:
        """The subheading, or as much of it as the code says."""
        code = self.values.get(CODE)
        return code[:SUBHEADING] if isinstance(code, str) else ""


class Totals(NamedTuple):
    """The totals that are known, and what each of the others lacks.

    One of values in several currencies is unknown and lacks nothing: no rate is assumed.
    """

    values: dict[str, Value]
    lacks: dict[str, tuple[Lack, ...]]


def totals(goods: Sequence[Goods]) -> tuple[Totals, ...]:
    """For each item, the totals of the consignment and those of its product."""
    whole, products = _added(OF_CONSIGNMENT, goods), _products(goods)
    return tuple(
        Totals({**whole.values, **own.values}, {**whole.lacks, **own.lacks})
        for own in (products[one.product] for one in goods)
    )


def _products(goods: Sequence[Goods]) -> dict[str, Totals]:
    """The totals of each product, and of goods whose code says only a part of it."""
    groups: dict[str, list[Goods]] = {}
    under: Counter[str] = Counter()
    for one in goods:
        groups.setdefault(one.product, []).append(one)
        under.update({"", one.product[:HEADING], one.product})
    # One list of items for each short code: it may stand in the way of thousands of products.
    short = {
        code: Lack(CODE, tuple(one.number for one in group))
        for code, group in groups.items()
        if len(code) < SUBHEADING
    }
    return {code: _product(code, groups, under, short) for code in groups}


def _product(
    code: str, groups: Mapping[str, list[Goods]], under: Counter[str], short: Mapping[str, Lack]
) -> Totals:
    coarser = [other for other in ("", code[:HEADING]) if other != code]
    # All goods that may be of this product: those under its code, or under a part of it.
    alike = under[code] + sum(len(groups.get(other, ())) for other in coarser)
    whole = len(code) == SUBHEADING
    if alike == (len(groups[code]) if whole else 1):
        return _added(OF_PRODUCT, groups[code])
    # Without any code every other short one stands in the way as well.
    between = [*coarser, code] if code else [*short]
    unclear = [short[other] for other in between if other in short]
    known = _added(OF_PRODUCT, groups[code]).lacks if whole else {}
    return Totals({}, {total: (*unclear, *known.get(total, ())) for total in OF_PRODUCT})


def _added(names: Mapping[str, str], goods: Sequence[Goods]) -> Totals:
    values: dict[str, Value] = {}
    lacks: dict[str, tuple[Lack, ...]] = {}
    for total, fact in names.items():
        parts = [one.values[fact] for one in goods if fact in one.values]
        if len(parts) < len(goods):
            without = tuple(one.number for one in goods if fact not in one.values)
            lacks[total] = (Lack(fact, without),)
        elif (added := _sum(parts)) is not None:
            values[total] = added
    return Totals(values, lacks)


def _sum(parts: Sequence[Value]) -> Value | None:
    """Numbers together, or money in one currency; nothing else adds up."""
    numbers = [part for part in parts if isinstance(part, Decimal)]
    amounts = [part.amount for part in parts if isinstance(part, Money)]
    currencies = {part.currency for part in parts if isinstance(part, Money)}
    if len(numbers) == len(parts):
        return _exact(numbers)
    if len(amounts) == len(parts) and len(currencies) == 1:
        return Money(_exact(amounts), currencies.pop())
    return None


def _exact(numbers: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total
