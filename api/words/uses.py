"""Which public rules use a term, fact or code, and how.

Boundary: only rules whose `disclosure` is public are looked at. How many others use one term is not
said either: whoever asked term by term would learn what they test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from api.lines import Ref, done, ref
from engine.language.citing import cites
from engine.language.condition import Test, leaves
from engine.language.law import Regulation
from engine.language.rule import Rule
from engine.language.vocabulary import Vocabulary

CONDITION, EXEMPTION, CONSEQUENCE, WEIGHED, OWN = (
    "as a condition",
    "as an exemption",
    "in what it does",
    "in its proportionality",
    "as its agency",
)
ITSELF, WIDER, NARROWER = "itself", "wider", "narrower"


class Use(Struct, frozen=True, omit_defaults=True):
    """One rule, or several rows of one table, that name a term *how*.

    *names* is what they name; *relation* says whether that is the term itself, a wider one, which
    concerns all of it, or a narrower one, which concerns some.
    """

    rule: str
    title: str
    how: str
    relation: str = ITSELF
    names: Ref | None = None
    rows: int = 0


class Uses:
    """An index of what the public rules of a release name."""

    def __init__(self, rules: Iterable[Rule], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.rules = tuple(rule for rule in rules if rule.public)
        self._named: dict[str, dict[tuple[str, str], Rule]] = {}
        for rule in self.rules:
            for name, how in _names(rule, vocabulary):
                self._named.setdefault(name, {})[rule.id, how] = rule

    def of(self, identifier: str, wider: Iterable[str], narrower: Iterable[str]) -> tuple[Use, ...]:
        """The uses of a term: by its own name, by those of *wider* and of *narrower* terms.

        What a rule does about a wider term it does not do about this one.
        """
        found = list(self._uses(identifier, ITSELF))
        for other in sorted(wider):
            asked = (CONDITION, EXEMPTION)
            found += [use for use in self._uses(other, WIDER) if use.how in asked]
        for other in sorted(narrower):
            found += self._uses(other, NARROWER)
        return tuple(found)

    def resting_on(self, regulation: Regulation) -> tuple[Use, ...]:
        """The rules with a basis in an act."""
        shared = self._vocabulary.bases
        found = [
            (rule, "as its law")
            for rule in self.rules
            if any(
                cites(rule.bases.get(name) or shared[name], regulation, self._vocabulary)
                for name in rule.cited
            )
        ]
        return tuple(_by_table(found, ITSELF, None))

    def testing(self, code: str) -> tuple[Rule, ...]:
        """The rules that test a commodity code above, at or below *code*."""
        return tuple(
            rule
            for rule in self.rules
            if any(
                line.code.startswith(code) or code.startswith(line.code)
                for leaf in rule.leaves
                for line in leaf.test.codes
            )
        )

    def _uses(self, name: str, relation: str) -> Iterator[Use]:
        found = [(rule, how) for (_, how), rule in self._named.get(name, {}).items()]
        names = None if relation == ITSELF else ref(self._vocabulary, name)
        yield from _by_table(found, relation, names)


def of_rules(rules: Iterable[Rule]) -> tuple[Use, ...]:
    """The rules as uses of a code."""
    return tuple(_by_table([(rule, CONDITION) for rule in rules], ITSELF, None))


def _by_table(found: list[tuple[Rule, str]], relation: str, names: Ref | None) -> Iterator[Use]:
    """The rows of one table stand together, under the first."""
    found.sort(key=lambda use: (use[0].table, use[1], use[0].id))
    for (table, how), group in groupby(found, key=lambda use: (use[0].table, use[1])):
        rules = [rule for rule, _ in group]
        first = rules[0]
        rows = len(rules) if "#" in first.id else 0
        title = first.title if rows < 2 else table
        yield Use(first.id, title, how, relation, names, rows)


def _names(rule: Rule, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for condition, how in ((rule.when, CONDITION), (rule.unless, EXEMPTION)):
        for leaf in leaves(condition):
            yield from ((name, how) for name in _tested(leaf.test, vocabulary))
    yield from ((name, CONSEQUENCE) for name in done(rule))
    yield rule.agency, OWN
    if rule.reason_class is not None:
        yield rule.reason_class, CONSEQUENCE
    if rule.proportionality is not None:
        yield rule.proportionality.objective, WEIGHED
        yield from ((other.task, WEIGHED) for other in rule.proportionality.alternatives)


def _tested(test: Test, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"fact:{test.fact}"
    yield from (term for term in test.terms if vocabulary.known(term))
    yield from (line.ex for line in test.codes if line.ex is not None)
