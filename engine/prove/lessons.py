"""What a solution taught that realisation does not bear out, so that it is not found again."""

from __future__ import annotations

from engine.declaration.realising import TYPE, axioms_of
from engine.declaration.totals import CODE
from engine.knowledge.prototype import named_codes
from engine.language.expression import Named, atoms
from engine.language.vocabulary import Vocabulary
from engine.prove.classes import HS, PRODUCT
from engine.prove.item import Item
from engine.prove.logic import Truth, every, implies, same


class Lessons:
    """What realisation says of goods that a solution took for something else."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        axioms, _ = axioms_of(vocabulary)
        self._codes = sorted(code.removeprefix(HS) for code in named_codes(axioms))
        told = {
            atom.fact
            for term in vocabulary.terms.values()
            for one in (*term.implies, *([term.means] if term.means else []))
            for atom in atoms(one)
            if not isinstance(atom, Named)
        }
        told |= {fact.id for fact in vocabulary.facts.values() if fact.domain}
        self.facts = frozenset(told | {PRODUCT})
        """The facts, beside the code, by which goods are of a class."""

    def taught(self, item: Item, alike: Truth, code: str | None, types: frozenset[str]) -> Truth:
        """Goods *alike* in those facts, of a code that says as much, are of just these types."""
        known = item.known(CODE)
        under = [
            same(every((known, item.at(CODE, item.space.codes.under(one)))), _begins(code, one))
            for one in self._codes
        ]
        members = [same(item.member(TYPE, term), term in types) for term in item.space.words(TYPE)]
        return implies(every((alike, *under)), every(members))


def _begins(code: str | None, criterion: str) -> bool:
    return code is not None and code.startswith(criterion)
