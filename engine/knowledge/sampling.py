"""Items made to be classified: values on, just beside, and far from what definitions ask for."""

from __future__ import annotations

import random
from decimal import Decimal

from engine.knowledge.model import Model
from engine.knowledge.prototype import named_codes
from engine.knowledge.theory import Theory
from engine.language.expression import GOODS, Atom, Flag, Named, Range, Some, atoms, point
from engine.language.vocabulary import FactType

_STEP = Decimal(1)


def sampled(rng: random.Random, theory: Theory, model: Model, count: int) -> list[list[Atom]]:
    """*count* items that contradict nothing, each near some definition where there is one."""
    definitions = list(theory.definitions.values())
    expressions = [*definitions, *(above for _, above in theory.implications)]
    used = [atom for expression in expressions for atom in atoms(expression)]
    products = [term for term in theory.classes if term.startswith("product:")]
    codes = sorted(named_codes(theory.axioms))
    found: list[list[Atom]] = []
    while len(found) < count:
        near = list(atoms(rng.choice(definitions))) if definitions and rng.random() < 0.8 else []
        near += rng.sample(used, min(len(used), rng.choice((0, 1, 3))))
        near += [
            Named(term) for term in rng.sample(products, min(len(products), rng.choice((0, 1))))
        ]
        near += [Named(rng.choice(codes))] if codes and rng.random() < 0.2 else []
        item = _item(rng, theory, near)
        if model.saturated(item):
            found.append(item)
    return found


def _item(rng: random.Random, theory: Theory, near: list[Atom]) -> list[Atom]:
    """One value a fact, of those that the atoms speak of."""
    kept: dict[object, Atom] = {GOODS: GOODS}
    for atom in rng.sample(near, len(near)):
        match atom:
            case Named():
                kept[atom] = atom
            case Flag(fact, value):
                kept.setdefault(fact, Flag(fact, value if rng.random() < 0.8 else not value))
            case Range(fact, interval):
                ends = [end for end in (interval.low, interval.high) if end is not None]
                number = rng.choice(ends or [_STEP]) + rng.choice((-_STEP, Decimal(0), _STEP))
                if number in theory.facts[fact].interval:
                    kept.setdefault(fact, Range(fact, point(number)))
            case Some(fact, _):
                single = theory.facts[fact].type is FactType.TERM
                kept.setdefault(fact if single else atom, atom)
    return list(kept.values())
