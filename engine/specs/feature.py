"""Articles of agreements, the obligations that they hold, and the scenarios of each.

Boundary: shapes only. `reading` makes them of text.
"""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

CAUGHT = "caught"
"""The tag of a scenario in which the breach of an obligation is caught."""

FLAG = "flag"
"""The tag of a scenario that says what is known not to hold of the rules as they are, and why."""

MODALS = ("shall", "may", "endeavour", "should")
STATUSES = ("law", "to-confirm", "illustrative")
ALL = "all"
"""The regime of an obligation that is about every control of the knowledge base."""

CLAUSE = re.compile(r"[A-Z][A-Z0-9]*-\S+")
"""The form of a tag that names a clause of law."""


class Step(Struct, frozen=True, kw_only=True):
    """One step; *kind* is ``given``, ``when`` or ``then``, *keyword* what the file says."""

    file: str
    line: int
    kind: str
    keyword: str
    text: str


class Scenario(Struct, frozen=True, kw_only=True):
    """One case. Each row of an outline is one, at the row's line.

    *tags* hold those of its obligation and feature, too.
    """

    file: str
    line: int
    name: str
    tags: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def catches(self) -> bool:
        """Whether it shows that a breach is caught, and not that the obligation is met."""
        return CAUGHT in self.tags

    @property
    def flags(self) -> bool:
        """Whether it keeps a known flag on record: what is not proved, with its reason."""
        return FLAG in self.tags


class Obligation(Struct, frozen=True, kw_only=True):
    """What one clause demands (a ``Rule:`` of the file), and how sure we are of reading it so.

    *modal* is the clause's own force, with its *proviso* if it has one (``whenever possible``);
    *regimes* those within which it is judged; *status* and *checked* as of a legal basis;
    *untested* what no scenario here shows.
    """

    file: str
    line: int
    name: str
    tags: tuple[str, ...]
    source: str
    modal: str
    proviso: str | None
    addressee: str
    regimes: tuple[str, ...]
    status: str
    checked: date
    untested: str
    scenarios: tuple[Scenario, ...]

    @property
    def clause(self) -> str:
        """Its clause: the most special tag."""
        return [tag for tag in self.tags if CLAUSE.fullmatch(tag)][-1]


class Feature(Struct, frozen=True, kw_only=True):
    """One article or recommendation; *gist* says in our words what it is about."""

    file: str
    line: int
    name: str
    tags: tuple[str, ...]
    gist: str
    obligations: tuple[Obligation, ...]

    @property
    def clause(self) -> str:
        """The tag of the article."""
        return next(tag for tag in self.tags if CLAUSE.fullmatch(tag))

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Those of all obligations, in order."""
        return tuple(one for obligation in self.obligations for one in obligation.scenarios)
