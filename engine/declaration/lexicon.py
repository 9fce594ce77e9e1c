"""How a declaration may name the terms of the vocabulary, indexed once per vocabulary.

A trader writes ``food`` or ``use:Food``; both mean the one term of the fact's range.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct

from engine.language.vocabulary import Term, Vocabulary


class Lexicon(Struct, frozen=True, kw_only=True):
    """*terms* by range and lower-case local name."""

    terms: dict[str, dict[str, tuple[str, ...]]]

    def named(self, name: str, scope: str) -> tuple[str, ...]:
        """The terms of the range *scope* that *name* may mean: none, one, or several."""
        local = self.terms.get(scope, {})
        prefix, colon, rest = name.strip().partition(":")
        candidates = local.get((rest if colon else prefix).lower(), ())
        if not colon:
            return candidates
        return tuple(term for term in candidates if term.lower() == name.strip().lower())


def lexicon_of(vocabulary: Vocabulary) -> Lexicon:
    """The lexicon of *vocabulary*, built when first asked for.

    It is kept with the vocabulary's own cached properties, so that both live equally long.
    """
    kept: Lexicon | None = vocabulary.__dict__.get("lexicon")
    if kept is None:
        kept = vocabulary.__dict__["lexicon"] = _lexicon(vocabulary)
    return kept


def _lexicon(vocabulary: Vocabulary) -> Lexicon:
    terms: dict[str, dict[str, tuple[str, ...]]] = {}
    for scope in {fact.range for fact in vocabulary.facts.values() if fact.range}:
        table: defaultdict[str, list[str]] = defaultdict(list)
        for term in vocabulary.terms.values():
            if in_range(term, scope):
                table[term.id.partition(":")[2].lower()].append(term.id)
        terms[scope] = {name: tuple(found) for name, found in table.items()}
    return Lexicon(terms=terms)


def in_range(term: Term, scope: str) -> bool:
    """Whether *term* belongs to the kind (``use``, ``core:Use``), or under the class, *scope*."""
    return term.kind == scope.rpartition(":")[2].lower() or scope in term.ancestors
