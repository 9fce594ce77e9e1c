"""Which regulation a legal basis cites."""

from __future__ import annotations

from engine.language.law import Regulation
from engine.language.vocabulary import Basis, Vocabulary


def cites(basis: Basis, regulation: Regulation, vocabulary: Vocabulary) -> bool:
    """Whether *basis* names the act, from its first word on, or is the act's shared basis."""
    if regulation.cited_as is not None and basis == vocabulary.bases.get(regulation.cited_as):
        return True
    act = regulation.citation
    # The act and an annex of it, but not an act whose number merely starts alike.
    return act is not None and (basis.cite == act or basis.cite.startswith((f"{act},", f"{act} ")))
