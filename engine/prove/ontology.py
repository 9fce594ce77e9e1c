"""What every declaration is like: the ontology and the arithmetic of totals, as axioms on an item.

Any request that can be decided gives facts of which these axioms hold, so that what is proved under
them holds of every request. They leave a little more open than realisation does (a class may
seem to follow where it does not): a solution is believed only once it was run as a declaration.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import z3

from engine.declaration.facts import Stage
from engine.declaration.realising import TYPE
from engine.declaration.totals import MASS, OF_CONSIGNMENT, OF_PRODUCT, PARTS, VALUE
from engine.language.vocabulary import Fact, FactType, Source
from engine.prove.classes import Classes
from engine.prove.item import Item
from engine.prove.logic import Truth, every, expression, implies, no, number, same

PRICE = "goods.valuePerKg"


def declared(item: Item) -> list[z3.BoolRef]:
    """The axioms of an item that comes from a declaration and from what agencies know of it."""
    found: list[Truth] = []
    if TYPE in item.space.vocabulary.facts and item.own(TYPE):
        found += Classes(item).axioms()
    found += [*_totals(item), *_stages(item), *_unstated(item), *_bounds(item)]
    return [*(expression(one) for one in found if one is not True), *item.sound()]


# Facts


def _unstated(item: Item) -> Iterator[Truth]:
    """What rules conclude nobody states; of it, the ontology infers product classes only."""
    facts = item.space.vocabulary.facts
    for kind, name, *_ in list(item.variables):
        if kind == "member" and facts[name].source is Source.CONCLUDED and name != TYPE:
            yield no(item.known(name))


def _bounds(item: Item) -> Iterator[Truth]:
    facts = item.space.vocabulary.facts
    for (kind, name, *_), variable in list(item.variables.items()):
        if kind == "number":
            fact = facts[name]
            low = Decimal(0) if fact.type is FactType.MONEY else fact.minimum
            if low is not None:
                yield variable >= number(low)
            if fact.maximum is not None:
                yield variable <= number(fact.maximum)
        elif kind == "converted":
            yield variable >= 0


def _stages(item: Item) -> Iterator[Truth]:
    """Absence of a certificate is a fact from the stage on from which law requires it."""
    certificates = item.space.vocabulary.certificates
    for kind, name, *_ in list(item.variables):
        if kind == "settled":
            rank = Stage(certificates[name].required_from).rank
            yield same(item.settled(name), z3.UGE(item.stage(), rank))


def _totals(item: Item) -> Iterator[Truth]:
    """A total is known only with its part, and is no less."""
    facts = item.space.vocabulary.facts
    used = {name for kind, name, *_ in item.variables if kind == "known"}
    for total, part in PARTS.items():
        if total not in used or part not in facts:
            continue
        known = item.known(total)
        yield implies(known, item.known(part))
        if _never_negative(facts[part]):
            # Only of parts that are never less than nothing.
            yield implies(known, item.number(total) >= item.number(part))
        if facts[part].type is FactType.MONEY:
            yield implies(known, item.currency(total) == item.currency(part))
    for whole, product in zip(OF_CONSIGNMENT, OF_PRODUCT, strict=True):
        if {whole, product} <= used:
            fact = facts[OF_CONSIGNMENT[whole]]
            if _never_negative(fact):
                both = every((item.known(whole), item.known(product)))
                yield implies(both, item.number(whole) >= item.number(product))
    if PRICE in used:
        price = item.known(PRICE)
        yield same(price, every((item.known(VALUE), item.known(MASS), item.number(MASS) > 0)))
        yield implies(price, item.currency(PRICE) == item.currency(VALUE))
        # Value is price times mass, rounded, which no solver likes: this much of it is linear.
        yield implies(every((price, item.number(VALUE) == 0)), item.number(PRICE) == 0)


def _never_negative(fact: Fact) -> bool:
    return fact.type is FactType.MONEY or (fact.minimum is not None and fact.minimum >= 0)
