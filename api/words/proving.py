"""What is proved of a release or draft, as pages and machines are told it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from msgspec import Struct

from api.words.spoken import spoken
from engine.language.vocabulary import Vocabulary
from engine.prove.comparison import Change, MeaningOfChange
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Case, Outcome
from engine.prove.record import Held
from engine.prove.scenario import scenario, told

SIGNS = {Outcome.PROVED: "✓", Outcome.REFUTED: "✗", Outcome.UNDECIDED: "?"}
"""What stands beside the word, for who does not see colours."""

OUTCOMES = (spoken("proved"), spoken("refuted"), spoken("undecided"))
CHANGES = (
    spoken("stricter"),
    spoken("lighter"),
    spoken("equivalent"),
    spoken("incomparable"),
)


Showing = Callable[[Case], bool]
"""Whether somebody is shown the goods of a case."""


class ProvedProperty(Struct, frozen=True, kw_only=True, rename="camel"):
    """A property, by whose *article*, and its answer, with the *reason* where it is undecided.

    Where it is refuted *says* and *scenario* show how, unless that is *withheld*: goods that show
    it tell what rules test, and so only who may see every rule that they meet is shown them.
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


def properties(
    answers: Iterable[Held], may: Showing, vocabulary: Vocabulary
) -> Iterator[ProvedProperty]:
    """The answers to the properties that this code knows; *may*: which cases are shown."""
    for held in answers:
        known = PROPERTIES.get(held.property)
        if known is None:
            continue
        case = held.case if held.case is not None and may(held.case) else None
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
            withheld=held.case is not case,
        )


def open_to(hidden: Collection[str]) -> Showing:
    """Cases that meet no rule of those *hidden* from who asks."""

    def may(case: Case) -> bool:
        return not hidden or (case.rules is not None and not set(case.rules).intersection(hidden))

    return may


class Meant(Struct, frozen=True, kw_only=True):
    """What a change makes of a *subject*, in a word, and *shown* by which goods.

    Each of *shown* says what is otherwise, and of which goods; what meets rules that are hidden
    from who asks is *withheld*.
    """

    subject: str
    change: Change
    reason: str | None
    shown: tuple[tuple[str, str], ...]
    withheld: bool


def meanings(
    found: MeaningOfChange, hidden: Collection[str], vocabulary: Vocabulary
) -> Iterator[Meant]:
    """What a change means: of all rules, each rule that is not *hidden*, each class and origin.

    Which classes and origins there are is known from the changed rules: where one of these is
    hidden, none is told.
    """
    may = open_to(hidden)
    whole = all(one.subject not in hidden for one in found.rules)
    labelled = [(one, vocabulary.label(one.subject)) for one in found.classes if whole]
    labelled += [(one, vocabulary.countries[one.subject]) for one in found.origins if whole]
    rules = [(one, one.subject) for one in found.rules if one.subject not in hidden]
    for one, subject in [(found.overall, spoken("all rules")), *rules, *labelled]:
        cases = [case for case in (one.stricter, one.lighter) if case is not None]
        yield Meant(
            subject=subject,
            change=one.change,
            reason=one.reason if whole else None,
            shown=tuple(
                (case.says, "\n".join(told(case, vocabulary))) for case in cases if may(case)
            ),
            withheld=not all(map(may, cases)),
        )
