"""The regulations that a legal basis cites, to be shown."""

from __future__ import annotations

from api.lines import Ref, refs
from engine.language.citing import cites
from engine.language.vocabulary import Basis, Vocabulary


def acts(basis: Basis, vocabulary: Vocabulary) -> tuple[Ref, ...]:
    """The regulations that *basis* cites: mostly one, or none that is in the ontology."""
    found = vocabulary.regulations.values()
    return refs(vocabulary, (one.id for one in found if cites(basis, one, vocabulary)))
