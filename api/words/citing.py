"""Which regulation a legal basis cites."""

from __future__ import annotations

from api.lines import Ref, refs
from engine.language.law import Regulation
from engine.language.vocabulary import Basis, Vocabulary


def cites(basis: Basis, regulation: Regulation, vocabulary: Vocabulary) -> bool:
    """Whether *basis* names the act, from its first word on, or is the act's shared basis."""
    if regulation.cited_as is not None and basis == vocabulary.bases.get(regulation.cited_as):
        return True
    act = regulation.citation
    # `Directive 2009/48/EC, Annex II`, but not an act whose number merely starts alike.
    return act is not None and (basis.cite == act or basis.cite.startswith((f"{act},", f"{act} ")))


def acts(basis: Basis, vocabulary: Vocabulary) -> tuple[Ref, ...]:
    """The regulations that *basis* cites: mostly one, or none that is in the ontology."""
    found = vocabulary.regulations.values()
    return refs(vocabulary, (one.id for one in found if cites(basis, one, vocabulary)))
