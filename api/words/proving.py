"""What is proved of a release, as its page and machines are told it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from api.service.sight import Sight
from api.words.spoken import spoken
from engine.language.vocabulary import Vocabulary
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Outcome
from engine.prove.record import Record
from engine.prove.scenario import scenario

SIGNS = {Outcome.PROVED: "✓", Outcome.REFUTED: "✗", Outcome.UNDECIDED: "?"}
"""What stands beside the word, for who does not see colours."""

OUTCOMES = (spoken("proved"), spoken("refuted"), spoken("undecided"))


class ProvedProperty(Struct, frozen=True, kw_only=True, rename="camel"):
    """A property, by whose *article*, and its answer, with the *reason* where it is undecided.

    Where it is refuted *says* and *scenario* show how, unless that is *withheld*: goods that show
    it tell what rules test, and so only who may see all rules is shown them.
    """

    id: str
    title: str
    article: str
    statement: str
    terms: str
    outcome: Outcome
    reason: str | None
    says: str | None
    scenario: str | None
    withheld: bool


def properties(record: Record, sight: Sight, vocabulary: Vocabulary) -> Iterator[ProvedProperty]:
    """The answers on record, as who asks may see them; of properties that this code knows."""
    whole = sight.officer and not sight.hidden
    for held in record.properties:
        known = PROPERTIES.get(held.property)
        if known is None:
            continue
        case = held.case if whole else None
        yield ProvedProperty(
            id=known.id,
            title=known.title,
            article=known.article,
            statement=known.statement,
            terms=known.terms,
            outcome=held.outcome,
            reason=held.reason,
            says=None if case is None else case.says,
            scenario=None if case is None else scenario(case, known.title, vocabulary),
            withheld=held.case is not None and not whole,
        )
