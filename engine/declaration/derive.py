"""From a request to the facts of each item: what is stated, and what follows by arithmetic.

Totals come first: of the consignment, copied to every item, and of each product. Unknown stays
unknown, and every gap is reported.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from msgspec import Struct

from engine.declaration.declaration import Declaration, Request
from engine.declaration.documents import held, recognise, settled
from engine.declaration.facts import GOVERNING_DATES, Facts, Money, Value
from engine.declaration.problems import Remarks, Report, ReportCode, within
from engine.declaration.realising import realiser_of
from engine.declaration.stating import state
from engine.declaration.totals import EXACT, Goods, totals
from engine.declaration.versions import merged
from engine.language.vocabulary import Vocabulary

MICRO = Decimal("0.000001")
"""Values per kilogram are kept to six places, halves to the even digit."""

ORIGINS = frozenset({"goods.origin", "goods.originGrown", "goods.originProcessed"})

_DAYS = {
    "acceptance": ("accepted_on", "acceptedOn"),
    "arrival": ("arrived_on", "arrivedOn"),
    "dispatch": ("dispatched_on", "dispatchedOn"),
    "placing-on-market": ("placed_on_market_on", "placedOnMarketOn"),
}


class ItemFacts(Struct, frozen=True, kw_only=True):
    """The facts of one goods item, and the lot it belongs to if it names one."""

    item: int
    facts: Facts
    lot: str | None = None


class Derived(Struct, frozen=True, kw_only=True):
    """The facts of every item, and what was reported on the way.

    *declaration* is the one decided on: the latest version, with earlier ones merged into it.
    Pointers in reports are into it, as if it stood at ``/declaration``.
    """

    declaration: Declaration
    items: tuple[ItemFacts, ...]
    reports: tuple[Report, ...]


def item_facts(
    request: Request,
    vocabulary: Vocabulary,
    on: date,
    governing: Collection[str] = GOVERNING_DATES,
) -> Derived:
    """The facts of each item of *request*, decided on the day *on*.

    Of the dates that fall back to *on*, those in *governing* are reported: the dates by which
    some rule is in force.
    Raises `MalformedError` when the request states what it may not state, or a value that
    cannot be meant.
    """
    remarks = Remarks()
    declaration = merged(request.declaration, request.earlier)
    stated = state(declaration, request.known, vocabulary, remarks)
    remarks.raise_problems()
    days, undeclared = _days(declaration, on, governing, remarks)
    goods = zip(declaration.goods, stated.items, strict=True)
    added = totals([Goods(item.item, values) for item, values in goods])
    root, day = "/declaration", days["acceptance"]
    shared = recognise(declaration.documents, root, day, vocabulary, remarks)
    closed = settled(declaration.stage, vocabulary)
    items = []
    for index, (item, total) in enumerate(zip(declaration.goods, added, strict=True)):
        at = within(root, "goods", index)
        papers = recognise(item.documents, at, day, vocabulary, remarks)
        values = _values({**stated.items[index], **total.values}, vocabulary, remarks, at)
        _report_gates(values, at, remarks)
        facts = Facts(
            values=values,
            documents=held([*shared, *papers], stated.statuses[index]),
            settled=closed,
            days=days,
            undeclared=undeclared,
            rates=stated.rates,
            lacks=total.lacks,
        )
        items.append(ItemFacts(item=item.item, facts=facts, lot=item.lot))
    return Derived(declaration=declaration, items=tuple(items), reports=tuple(remarks.reports))


def value_per_kg(values: dict[str, Value]) -> Money | None:
    """The value of one kilogram net, to six places; unknown without a mass above zero."""
    value, mass = values.get("goods.value"), values.get("goods.netMassKg")
    if not isinstance(value, Money) or not isinstance(mass, Decimal) or mass <= 0:
        return None
    return Money(EXACT.quantize(EXACT.divide(value.amount, mass), MICRO), value.currency)


def _values(
    stated: dict[str, Value], vocabulary: Vocabulary, remarks: Remarks, at: str
) -> dict[str, Value]:
    """What is stated, with what follows for the item itself."""
    values = dict(stated)
    price = value_per_kg(values)
    if price is not None:
        values["goods.valuePerKg"] = price
    realised = realiser_of(vocabulary).realise(values)
    values |= realised.values
    if realised.types:
        values["goods.type"] = realised.types
    if realised.contradiction:
        remarks.report(
            at,
            ReportCode.CONTRADICTION,
            "the product, its code and what else is stated of the goods cannot all be so; nothing "
            "is concluded of what the goods are beyond the product stated",
        )
    return values


def _days(
    declaration: Declaration, on: date, governing: Collection[str], remarks: Remarks
) -> tuple[dict[str, date], frozenset[str]]:
    """All governing dates; those not declared fall back to *on* and are reported."""
    days: dict[str, date] = {}
    undeclared = set()
    for name in GOVERNING_DATES:
        attribute, field = _DAYS[name]
        day: date | None = getattr(declaration, attribute)
        if day is None:
            undeclared.add(name)
            if name in governing:
                message = f"the day of {name} is not stated; {on.isoformat()} is taken"
                remarks.report(f"/declaration/{field}", ReportCode.UNDECLARED_DAY, message)
        days[name] = day or on
    return days, frozenset(undeclared)


def _report_gates(values: dict[str, Value], at: str, remarks: Remarks) -> None:
    """Report a missing code or origin: every rule that it gates becomes possible."""
    if "goods.commodityCode" not in values:
        remarks.report(
            within(at, "commodityCode"),
            ReportCode.MISSING_GATE,
            "no commodity code is known; rules for any code may apply",
        )
    if not ORIGINS & values.keys():
        remarks.report(
            within(at, "origin"),
            ReportCode.MISSING_GATE,
            "no origin is known; rules for any origin may apply",
        )
