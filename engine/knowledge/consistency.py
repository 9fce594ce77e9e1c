"""Whether the axioms can all be true, and whether both classifiers say the same of them.

What contradicts itself is refused with a minimal set of axioms that do it: take away any of them
and the contradiction is gone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

from rdflib import Literal
from rdflib.term import Node

from engine.knowledge import hermit
from engine.knowledge.findings import Findings
from engine.knowledge.justify import minimal
from engine.knowledge.model import Model, common
from engine.knowledge.names import CORE, iri
from engine.knowledge.prototype import Classification, code_axioms
from engine.knowledge.reading import Reading
from engine.knowledge.sampling import sampled
from engine.knowledge.theory import Apart, Axiom, Theory, said
from engine.language.diagnostics import Diagnostic
from engine.language.expression import Named

AGREEMENT_ITEMS = 50
"""Made items on which both must agree, beside the classes."""

_MEND = "these cannot all be so: take one back"


# One classifier


def contradictions(
    reading: Reading, theory: Theory, classification: Classification
) -> list[Diagnostic]:
    """Report each class that nothing can be of, and each individual that cannot be.

    A class below an empty one is empty for that reason, and is not reported again.
    """
    findings = Findings(reading)
    told: dict[str, set[str]] = {}
    for term, above in theory.implications:
        if isinstance(above, Named):
            told.setdefault(term, set()).add(above.term)
    for term in sorted(classification.empty):
        if not told.get(term, set()) & classification.empty:
            findings.add(
                "empty-class",
                _subject(reading, term),
                f"nothing can be `{term}`: {_blame(theory, term)}",
                mend=_MEND,
                mention=term.removeprefix("hs:"),
            )
    for name in sorted(classification.impossible):
        findings.add(
            "impossible-individual",
            _subject(reading, name),
            f"`{name}` cannot be: {_blame(theory, name)}",
            mend=_MEND,
        )
    return findings.diagnostics


def _blame(theory: Theory, name: str) -> str:
    """A minimal set of axioms by which a class has no members, or an individual cannot be."""

    def contradict(axioms: Sequence[Axiom]) -> bool:
        model = Model((*axioms, *code_axioms(tuple(axioms))), theory.facts)
        return not model.saturated(map(Named, model.members.get(name, [name])))

    blamed = minimal([pair for axiom in theory.axioms for pair in _pairs(axiom)], contradict)
    return "; ".join(said(axiom) for axiom in blamed)


def _pairs(axiom: Axiom) -> list[Axiom]:
    """A list of disjoint classes as its pairs: one of them is to blame."""
    if not isinstance(axiom, Apart):
        return [axiom]
    return [Apart(pair) for pair in combinations(axiom.terms, 2)]


def _subject(reading: Reading, term: str) -> Node:
    """Where a term is declared. A code stands in no module: then a product that claims it."""
    prefix, _, local = term.partition(":")
    claims = reading.graph.subjects(CORE.allUnder, Literal(local))
    return next(claims, iri(term)) if prefix == "hs" else iri(term)


# Both


def second_opinion(
    reading: Reading, theory: Theory, classification: Classification
) -> tuple[list[Diagnostic], bool]:
    """What HermiT finds otherwise, of classes and made items; and whether it could be asked."""
    if hermit.java() is None:
        return [], False
    model = Model((*theory.axioms, *code_axioms(theory.axioms)), theory.facts)
    items = sampled(random.Random(1), theory, model, AGREEMENT_ITEMS)
    try:
        reasoned = hermit.reason(reading.graph, theory, items)
    except hermit.InconsistentError as error:
        return [_fault(str(error))], True
    found = [*_differences(classification, reasoned)]
    for item, theirs in zip(items, reasoned.items, strict=True):
        ours = common(model.saturated(item))
        if ours != theirs:
            found.append(_fault(f"{item}: {_either(ours, theirs)}"))
    return found, True


def _differences(classification: Classification, reasoned: hermit.Reasoned) -> Iterator[Diagnostic]:
    for term in sorted(classification.empty ^ reasoned.empty):
        yield _fault(f"only one of them finds that nothing can be `{term}`")
    for term, theirs in sorted(reasoned.above.items()):
        ours = classification.above.get(term, frozenset())
        if ours != theirs:
            yield _fault(f"`{term}`: {_either(ours, theirs)}")


def _either(ours: frozenset[str], theirs: frozenset[str]) -> str:
    return f"only prototypes find {sorted(ours - theirs)}, only HermiT {sorted(theirs - ours)}"


def _fault(message: str) -> Diagnostic:
    return Diagnostic(
        code="classifiers-disagree",
        message=message,
        file="ontology",
        help="this is a fault of a classifier, not of the ontology: report it",
    )
