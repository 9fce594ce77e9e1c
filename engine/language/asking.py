"""An atom of a class expression as the test that asks the same."""

from __future__ import annotations

from engine.language.condition import CodeLine, Operator, Test
from engine.language.expression import Flag, Named, Some
from engine.language.vocabulary import Vocabulary


def tested(atom: Named | Some | Flag, vocabulary: Vocabulary) -> Test:
    """The test of *atom*; an interval has none, as no operator knows open ends on both sides."""
    match atom:
        case Named(term) if term.startswith("hs:"):
            line = CodeLine(code=term.removeprefix("hs:"))
            return Test(fact="goods.commodityCode", operator=Operator.WITHIN, codes=(line,))
        case Named(term):
            return Test(fact="goods.type", operator=Operator.IS_A, terms=(term,))
        case Some(fact, term):
            over_classes = vocabulary.facts[fact].over_classes
            operator = Operator.IS_A if over_classes else Operator.IS
            return Test(fact=fact, operator=operator, terms=(term,))
        case Flag(fact, flag):
            return Test(fact=fact, operator=Operator.IS, flag=flag)
