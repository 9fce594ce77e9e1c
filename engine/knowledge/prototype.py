"""Classification by prototypes: what a canonical individual of each class also is.

One of two classifiers (the other is `hermit`); this one is always there. For each class it makes an
individual of which nothing but that is known, follows the axioms, and reads off its classes.
"""

from __future__ import annotations

from msgspec import Struct

from engine.knowledge.model import Model, common
from engine.knowledge.theory import Apart, Axiom, Defined, SubClass, Theory
from engine.language.expression import Expression, Named, atoms


class Classification(Struct, frozen=True, kw_only=True):
    """What was found. *above* holds, by class, the class itself and everything above it.

    *empty* are classes that nothing can be of; *impossible* individuals that cannot be.
    """

    above: dict[str, frozenset[str]]
    empty: frozenset[str]
    impossible: frozenset[str]


def classify(theory: Theory) -> Classification:
    """Classify all classes of *theory*, and the HS codes that some axiom names."""
    return classify_axioms(theory.axioms, theory)


def classify_axioms(axioms: tuple[Axiom, ...], theory: Theory) -> Classification:
    """The same with some of the axioms only."""
    model = Model((*axioms, *code_axioms(axioms)), theory.facts)
    above: dict[str, frozenset[str]] = {}
    empty = set()
    for term in (*theory.classes, *sorted(named_codes(axioms))):
        ends = model.saturated([Named(term)])
        if ends:
            above[term] = common(ends)
        else:
            empty.add(term)
    return Classification(
        above=above,
        empty=frozenset(empty),
        impossible=frozenset(
            name
            for name, terms in model.members.items()
            if not model.saturated([Named(term) for term in terms])
        ),
    )


def named_codes(axioms: tuple[Axiom, ...]) -> frozenset[str]:
    """The HS codes, as classes, that axioms name: all others entail nothing of their own."""
    found: set[str] = set()
    for axiom in axioms:
        match axiom:
            case SubClass(term, above):
                found |= {term, *_classes(above)}
            case Defined(_, by):
                found.update(_classes(by))
            case Apart(terms):
                found.update(terms)
            case _:
                pass
    return frozenset(term for term in found if term.startswith("hs:"))


def code_axioms(axioms: tuple[Axiom, ...]) -> list[SubClass]:
    """Goods under a code are under every named code that it begins with."""
    codes = named_codes(axioms)
    return [
        SubClass(code, Named(code[:length]))
        for code in sorted(codes)
        for length in range(len("hs:") + 2, len(code), 2)
        if code[:length] in codes
    ]


def _classes(expression: Expression) -> list[str]:
    return [atom.term for atom in atoms(expression) if isinstance(atom, Named)]
