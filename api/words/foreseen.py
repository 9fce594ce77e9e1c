"""What a solver found of a rule, as whoever writes the rule is told it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from api.service.solving import Why
from api.words.proving import open_to
from api.words.spoken import spoken
from engine.language.vocabulary import Vocabulary
from engine.prove.properties import PROPERTIES
from engine.prove.proving import Case
from engine.prove.scenario import told
from engine.prove.standing import Said

WHY = {
    Why.UNREADABLE: spoken("the file cannot be read"),
    Why.SHARED: spoken(
        "the draft changes what serves all rules: ask on its page what holds of every declaration"
    ),
    Why.UNSOUND: spoken("a rule of the draft has errors: mend them first"),
    Why.SILENT: spoken("it gave no answer"),
}
UNNAMED = "a rule that is not disclosed to you"


class Foreseen(Struct, frozen=True, kw_only=True):
    """One thing that was found: in *words*, by whose *article*, and *goods* that show it.

    No goods: there are none, or they meet rules that are hidden from who asks.
    """

    words: str
    article: str | None = None
    goods: str | None = None


def foreseen(said: Said, hidden: Collection[str], vocabulary: Vocabulary) -> Iterator[Foreseen]:
    """What is said of a rule, to who may not see the *hidden* rules."""
    may = open_to(hidden)

    def goods(case: Case | None) -> str | None:
        return "\n".join(told(case, vocabulary)) if case is not None and may(case) else None

    def named(rules: Collection[str]) -> str:
        return ", ".join(UNNAMED if rule in hidden else f"`{rule}`" for rule in rules)

    for broken in said.broken:
        known, case = PROPERTIES[broken.property], broken.result.case
        says = f": {case.says}" if case is not None and may(case) else ""
        yield Foreseen(
            words=f"{known.title}: not so{says}", article=known.article, goods=goods(case)
        )
    for one in said.findings:
        yield Foreseen(words=f"{named(one.rules)}: {one.says}", goods=goods(one.case))
